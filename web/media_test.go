package web_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/media"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/mediatool"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/app/works"
	"vitrine/web"
)

// gallery is a site whose files can be processed.
type gallery struct {
	*site
	jobs  *media.Service
	blobs blob.Store
	tools *mediatool.Tools
}

func newGallery(t *testing.T) *gallery {
	t.Helper()
	return newGalleryOn(t, newSite(t))
}

func newGalleryOn(t *testing.T, s *site) *gallery {
	t.Helper()
	g := &gallery{site: s}
	dir := t.TempDir()
	blobs, err := blob.Open(blob.Config{Kind: "disk", Dir: filepath.Join(dir, "blobs")})
	must(t, err)
	tools, err := mediatool.Open(mediatool.Config{TempDir: filepath.Join(dir, "tools")})
	must(t, err)
	t.Cleanup(func() { _ = tools.Close() })
	g.blobs, g.tools = blobs, tools
	open := func(d *db.DB) *media.Service {
		s, err := media.New(media.Config{DB: d, Outbox: bus.NewOutbox(), Blobs: blobs, Tools: tools, Dir: filepath.Join(dir, "uploads"), Log: slog.New(slog.DiscardHandler)})
		must(t, err)
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	g.Media, g.jobs = open(g.App), open(g.Worker)
	g.Works = works.New(g.App, bus.NewOutbox(), g.Media)
	g.Works.GuardWith(g.Moderation)
	g.Media.AttachTo(g.Works)
	g.serve(t, web.Config{})
	return g
}

// studioOf gives the slug and the id of a person's own studio.
func (g *gallery) studioOf(t *testing.T, email string) (slug string, studio uuid.UUID) {
	t.Helper()
	g.Row(t, `select s.slug, s.id from studios s join users u on u.id = s.personal_of where u.email_key = $1`, email)(&slug, &studio)
	return slug, studio
}

// ownerOf gives the person who owns a studio.
func (g *gallery) ownerOf(t *testing.T, studio uuid.UUID) (owner uuid.UUID) {
	t.Helper()
	g.Row(t, `select user_id from memberships where studio_id = $1 and role = 'owner'`, studio)(&owner)
	return owner
}

// picture uploads one photo for a studio and has its sizes made.
func (g *gallery) picture(t *testing.T, studio uuid.UUID, content []byte) uuid.UUID {
	t.Helper()
	mediaID, err := g.Media.Receive(t.Context(), studio, g.ownerOf(t, studio), "", "Wür\"fel.jpg", bytes.NewReader(content))
	must(t, err)
	fact := media.Fact{StudioID: studio, MediaID: mediaID}
	must(t, g.jobs.OnUploaded(t.Context(), envelope(t, media.Uploaded{Fact: fact})))
	must(t, g.jobs.OnAccepted(t.Context(), envelope(t, media.Accepted{Fact: fact})))
	must(t, g.jobs.OnFirstMade(t.Context(), envelope(t, media.FirstMade{Fact: fact})))
	return mediaID
}

func envelope(t *testing.T, ev bus.Event) bus.Envelope {
	t.Helper()
	raw, err := json.Marshal(ev)
	must(t, err)
	return bus.Envelope{ID: uuid.New(), Name: ev.EventName(), Payload: raw, Attempt: 1}
}

func TestMedia_servedAsItsWorkIs(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	member := g.member(t, "Teresa Lima", "teresa@example.org")
	stranger := g.member(t, "Jon Aas", "jon@example.org")
	visitor := g.browser(t)
	slug, studio := g.studioOf(t, "teresa@example.org")
	content := mediatest.JPEG(t, 700, 500)
	mediaID := g.picture(t, studio, content)
	path := "/m/" + mediaID.String() + "/w640.webp"

	for who, b := range map[string]*browser{"visitor": visitor, "stranger": stranger} {
		if v := b.get(path); v.status != http.StatusNotFound || !strings.Contains(v.header.Get("Cache-Control"), "no-store") {
			t.Errorf("%s got %d, %s", who, v.status, v.header.Get("Cache-Control"))
		}
	}
	if v := member.get(path); v.status != http.StatusOK || v.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the member got %d, %s", v.status, v.header.Get("Cache-Control"))
	}

	expose := func(open bool) {
		t.Helper()
		must(t, g.App.Tenant(context.Background(), studio, func(tx db.Tx) error {
			return g.Media.Expose(context.Background(), tx, studio, []uuid.UUID{mediaID}, open)
		}))
	}
	expose(true)
	v := visitor.get(path)
	for header, want := range map[string]string{
		"Content-Type": "image/webp", "Cache-Control": "public, max-age=600, s-maxage=60", "X-Content-Type-Options": "nosniff",
		"Content-Security-Policy": "default-src 'none'; sandbox", "Content-Disposition": "inline", "Accept-Ranges": "bytes", "Content-Encoding": "",
	} {
		if got := v.header.Get(header); v.status != http.StatusOK || got != want {
			t.Errorf("%d, %s: %q", v.status, header, got)
		}
	}
	if len(v.cookies) != 0 {
		t.Error("a public file set a cookie")
	}
	visitor.header.Set("If-None-Match", v.header.Get("ETag"))
	if again := visitor.get(path); again.status != http.StatusNotModified || v.header.Get("ETag") == "" {
		t.Errorf("asked again: %d, %s", again.status, v.header.Get("ETag"))
	}
	expose(false)
	if down := visitor.get(path); down.status != http.StatusNotFound {
		t.Errorf("taken down, and answered with %d", down.status)
	}
	visitor.header.Del("If-None-Match")

	original := "/studio/" + slug + "/media/" + mediaID.String() + "/original"
	expose(true)
	if v := visitor.get(original); v.status != http.StatusSeeOther {
		t.Errorf("a visitor got %d for the original", v.status)
	}
	if v := stranger.get(original); v.status != http.StatusNotFound {
		t.Errorf("a stranger got %d for the original", v.status)
	}
	if v := member.get(original); v.status != http.StatusOK || v.body != string(content) || v.header.Get("Cache-Control") != "no-store" ||
		!strings.HasPrefix(v.header.Get("Content-Disposition"), "attachment; filename") || v.header.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("the member got %d, %v", v.status, v.header)
	}
}

func TestMedia_hostileAddresses(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	_ = g.member(t, "Teresa Lima", "teresa@example.org")
	b := g.browser(t)
	for _, path := range []string{
		"/m/x/w640.webp", "/m/" + uuid.NewString() + "/w640.webp", "/m/" + uuid.NewString() + "/..%2f..%2fetc%2fpasswd", "/m/" + uuid.NewString() + "/%00",
		"/m/" + uuid.NewString() + "/" + strings.Repeat("a", 3000), "/m/" + uuid.NewString() + "/'%20or%20true",
		"/studio/nobody/media/x/original",
	} {
		if v := b.get(path); v.status != http.StatusNotFound && v.status != http.StatusSeeOther {
			t.Errorf("%.60s: %d", path, v.status)
		}
	}
}

func TestMedia_ranges(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	_ = g.member(t, "Teresa Lima", "teresa@example.org")
	_, studio := g.studioOf(t, "teresa@example.org")
	mediaID := g.picture(t, studio, mediatest.JPEG(t, 700, 500))
	must(t, g.App.Tenant(t.Context(), studio, func(tx db.Tx) error {
		return g.Media.Expose(t.Context(), tx, studio, []uuid.UUID{mediaID}, true)
	}))
	path := "/m/" + mediaID.String() + "/w640.jpg"
	b := g.browser(t)
	whole := b.get(path)
	size := len(whole.body)
	for ask, want := range map[string]string{
		"bytes=0-99":  whole.body[:100],
		"bytes=100-":  whole.body[100:],
		"bytes=-50":   whole.body[size-50:],
		"bytes=50-50": whole.body[50:51],
	} {
		b.header.Set("Range", ask)
		if v := b.get(path); v.status != http.StatusPartialContent || v.body != want || !strings.HasSuffix(v.header.Get("Content-Range"), "/"+strconv.Itoa(size)) {
			t.Errorf("%s: %d, %d bytes, %s", ask, v.status, len(v.body), v.header.Get("Content-Range"))
		}
	}
	b.header.Set("Range", "bytes=99999999-")
	if v := b.get(path); v.status != http.StatusRequestedRangeNotSatisfiable {
		t.Errorf("beyond the end: %d", v.status)
	}
	// A range of a file that has changed meanwhile is answered with the whole.
	b.header.Set("Range", "bytes=0-99")
	b.header.Set("If-Range", `"another"`)
	if v := b.get(path); v.status != http.StatusOK || v.body != whole.body {
		t.Errorf("another version: %d", v.status)
	}
}

func TestUploads_throughTheServer(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	member := g.member(t, "Teresa Lima", "teresa@example.org")
	stranger := g.member(t, "Jon Aas", "jon@example.org")
	slug, _ := g.studioOf(t, "teresa@example.org")
	base := "/studio/" + slug + "/uploads/"
	content := mediatest.JPEG(t, 200, 100)
	tus := func(b *browser, method, path, contentType string, body io.Reader, headers ...string) view {
		t.Helper()
		b.header = http.Header{"Tus-Resumable": {"1.0.0"}}
		for i := 0; i < len(headers); i += 2 {
			b.header.Set(headers[i], headers[i+1])
		}
		return b.do(method, path, contentType, body)
	}
	begin := func(b *browser, size int, name string) view {
		t.Helper()
		return tus(b, http.MethodPost, base, "", nil, "Upload-Length", strconv.Itoa(size),
			"Upload-Metadata", "filename "+base64.StdEncoding.EncodeToString([]byte(name))+",draft "+base64.StdEncoding.EncodeToString([]byte("0123456789abcdef")))
	}
	const bytesType = "application/offset+octet-stream"

	if v := begin(g.browser(t), 10, "a.jpg"); v.status != http.StatusUnauthorized || !strings.Contains(v.body, "Sign in in another tab") {
		t.Errorf("a visitor: %d %q", v.status, v.body)
	}
	if v := begin(stranger, 10, "a.jpg"); v.status != http.StatusNotFound || strings.Contains(v.body, "<") {
		t.Errorf("a stranger: %d %q", v.status, v.body)
	}
	if v := begin(member, 60_000_000, "wall.jpg"); v.status != http.StatusUnprocessableEntity || !strings.HasPrefix(v.body, "wall.jpg has 60 MB; photos may have up to 50 MB.") {
		t.Errorf("too large: %d %q", v.status, v.body)
	}
	v := begin(member, len(content), "ridges.jpg")
	if v.status != http.StatusCreated || !strings.HasPrefix(v.location, base) {
		t.Fatalf("%d, %q, %s", v.status, v.location, v.body)
	}
	at := v.location
	for method, body := range map[string]io.Reader{http.MethodHead: nil, http.MethodPatch: strings.NewReader("x"), http.MethodDelete: nil} {
		if v := tus(stranger, method, at, bytesType, body, "Upload-Offset", "0"); v.status != http.StatusNotFound {
			t.Errorf("a stranger's %s: %d", method, v.status)
		}
		own, _ := g.studioOf(t, "jon@example.org")
		if v := tus(stranger, method, strings.Replace(at, slug, own, 1), bytesType, strings.NewReader("x"), "Upload-Offset", "0"); v.status != http.StatusNotFound {
			t.Errorf("a stranger's %s by way of his own studio: %d", method, v.status)
		}
	}
	if v := tus(member, http.MethodPatch, at, bytesType, bytes.NewReader(content[:100]), "Upload-Offset", "0"); v.status != http.StatusNoContent {
		t.Fatalf("%d: %s", v.status, v.body)
	}
	if v := tus(member, http.MethodHead, at, "", nil); v.header.Get("Upload-Offset") != "100" {
		t.Errorf("%d, %s", v.status, v.header.Get("Upload-Offset"))
	}
	// A page that is opened now shows the file and how far it is.
	page := member.get("/studio/" + slug + "/new/0123456789abcdef")
	if row := page.Find(`ol.files > [data-state="uploading"]`); page.status == http.StatusOK && row.Length() != 1 {
		t.Errorf("the page shows %d files on their way", row.Length())
	}
	if v := tus(member, http.MethodPatch, at, bytesType, bytes.NewReader(content[100:]), "Upload-Offset", "100"); v.status != http.StatusNoContent {
		t.Fatalf("%d: %s", v.status, v.body)
	}
	if n := g.Count(t, `select count(*) from media where state = 'checking'`); n != 1 {
		t.Errorf("%d files have arrived", n)
	}
	for _, hostile := range []string{"x", "..", "%00", strings.Repeat("a", 3000), uuid.NewString()} {
		if v := tus(member, http.MethodHead, base+hostile, "", nil); v.status < 300 || v.status >= 500 {
			t.Errorf("%.40s: %d", hostile, v.status)
		}
	}
}
