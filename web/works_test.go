package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"vitrine/app/media"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/app/search"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// send posts the form of a compose page as browsers do, with files.
func (b *browser) send(path string, form url.Values, files map[string][]byte) view {
	b.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		must(b.t, m.WriteField(name, form.Get(name)))
	}
	for name, content := range files {
		field := "files"
		if f, rest, ok := strings.Cut(name, "|"); ok {
			field, name = f, rest
		}
		w, err := m.CreateFormFile(field, name)
		must(b.t, err)
		_, err = w.Write(content)
		must(b.t, err)
	}
	must(b.t, m.Close())
	return b.do(http.MethodPost, path, m.FormDataContentType(), &body)
}

// composed is the compose form of a page, with some fields changed.
func (v view) composed(t *testing.T, fields map[string]string) url.Values {
	t.Helper()
	action, ok := v.Find("form#compose").Attr("action")
	if !ok {
		t.Fatalf("no compose form (%d):\n%.600s", v.status, v.text())
	}
	form := v.fill(t, action, fields)
	v.Find("form#compose select").Each(func(_ int, s *goquery.Selection) {
		name, _ := s.Attr("name")
		if _, given := fields[name]; !given {
			form.Set(name, s.Find("option[selected]").AttrOr("value", ""))
		}
	})
	form.Del("files")
	return form
}

// process runs the tasks of every file that has arrived, and tells works.
func (g *gallery) process(t *testing.T) {
	t.Helper()
	rows, err := g.Owner.QueryContext(t.Context(), "select studio_id, id from media where state = 'checking'")
	must(t, err)
	defer func() { _ = rows.Close() }()
	var facts []media.Fact
	for rows.Next() {
		var f media.Fact
		must(t, rows.Scan(&f.StudioID, &f.MediaID))
		facts = append(facts, f)
	}
	must(t, rows.Err())
	for _, f := range facts {
		must(t, g.jobs.OnUploaded(t.Context(), envelope(t, media.Uploaded{Fact: f})))
		must(t, g.jobs.OnAccepted(t.Context(), envelope(t, media.Accepted{Fact: f})))
		must(t, g.jobs.OnFirstMade(t.Context(), envelope(t, media.FirstMade{Fact: f})))
		must(t, g.Works.MediaUsable(t.Context(), f.StudioID, f.MediaID))
	}
}

// index keeps the search documents as the tasks would.
func (s *site) index(t *testing.T) {
	t.Helper()
	st, err := studios.New(studios.Config{DB: s.Worker, Outbox: bus.NewOutbox()})
	must(t, err)
	indexer := search.New(s.Worker, works.New(s.Worker, bus.NewOutbox(), s.Media), st)
	rows, err := s.Owner.QueryContext(t.Context(), "select studio_id, id from works union select studio_id, work_id from search_documents")
	must(t, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var studio, work uuid.UUID
		must(t, rows.Scan(&studio, &work))
		must(t, indexer.Index(t.Context(), studio, work))
	}
	must(t, rows.Err())
}

// The main job without scripts: from an empty page to a public work that is
// found, and down again, its files included.
func TestCompose_fromTheFormToTheWallAndDown(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	member, visitor := g.member(t, "Teresa Lima", "teresa@example.org"), g.browser(t)
	slug, _ := g.studioOf(t, "teresa@example.org")

	at := member.get("/studio/" + slug + "/new").location
	page := member.get(at)
	page.want(t, http.StatusOK, "No files yet")
	if n := g.Count(t, "select count(*) from works"); n != 0 {
		t.Fatal("opening the page made a work")
	}
	form := page.composed(t, map[string]string{
		"title": "Low Water", "story": "Two people.\n\nSee https://example.org/a(b).", "tags": "Tide, Sand flats", "credits": "Photographs: Jon Aas", "year": "2024", "intent": "upload",
	})
	for range 2 { // sent twice, each file is there once
		member.send(at, form, map[string][]byte{"low-water_01.jpg": mediatest.JPEG(t, 900, 600), "note.txt": []byte("no picture")}).leads(t, at+"#files")
	}
	g.process(t)
	page = member.get(at)
	rows := page.Find("[data-files] > [data-file]")
	if rows.Length() != 2 || page.Find(`[data-files] [data-state="failed"]`).Length() != 1 || page.Find(`[data-files] [data-state="ready"]`).Length() != 1 {
		t.Fatalf("the rows are %q", rows.Text())
	}
	picture, _ := page.Find(`[data-files] [data-state="ready"]`).Attr("data-file")
	form = page.composed(t, map[string]string{"alt_" + picture: "A flat at low water", "caption_" + picture: "Before the rain", "intent": "publish"})
	published := member.send(at, form, nil)
	if published.status != http.StatusSeeOther || !strings.HasPrefix(published.location, "/@"+slug+"/low-water-") {
		t.Fatalf("publishing led to %d %s:\n%.600s", published.status, published.location, published.text())
	}
	here := published.location
	if again := member.send(at, form, nil); again.location != here || g.Count(t, "select count(*) from outbox where event = 'works.published.v1'") != 1 {
		t.Fatalf("publishing twice led to %d %s", again.status, again.location)
	}
	g.index(t)

	work := visitor.get(here)
	work.want(t, http.StatusOK, "Low Water")
	checkWorkPage(t, work, slug)
	rendition, _ := work.Find(".stage img").Attr("src")
	places := []string{here, "/explore", "/@" + slug, "/t/tide", "/t/sand-flats", "/search?q=watr", "/", "/explore/feed.atom", "/@" + slug + "/feed.atom", "/t/tide/feed.atom", rendition}
	id := here[len(here)-12:]
	for _, p := range places[:len(places)-1] {
		if v := visitor.get(p); v.status != http.StatusOK || !strings.Contains(v.body, id) {
			t.Errorf("%s: %d without the work", p, v.status)
		}
	}
	if v := visitor.get(rendition); v.status != http.StatusOK {
		t.Errorf("%s: %d", rendition, v.status)
	}

	edit := "/studio/" + slug + "/works/" + id
	member.send(edit, member.get(edit).composed(t, map[string]string{"intent": "archive"}), nil).leads(t, edit)
	taken := time.Now()
	for _, p := range places {
		if v := visitor.get(p); strings.Contains(v.body, id) || p == rendition && v.status != http.StatusNotFound {
			t.Errorf("%s still shows the work (%d)", p, v.status)
		}
	}
	if took := time.Since(taken); took > time.Second*30 { // a dozen pages, on a machine full of tests
		t.Errorf("looking took %s", took)
	}
	visitor.get(here).want(t, http.StatusNotFound, "")
}

func checkWorkPage(t *testing.T, work view, slug string) {
	t.Helper()
	img := work.Find(".stage img")
	for attr, want := range map[string]string{"width": "900", "height": "600", "alt": "A flat at low water", "fetchpriority": "high"} {
		if got, _ := img.Attr(attr); got != want {
			t.Errorf("the picture's %s is %q", attr, got)
		}
	}
	if set, _ := work.Find(".stage source[type='image/webp']").Attr("srcset"); !strings.Contains(set, " 640w") {
		t.Errorf("srcset is %q", set)
	}
	if class, _ := img.Attr("class"); !strings.Contains(class, "tone-") {
		t.Errorf("the picture has no tone: %q", class)
	}
	link := work.Find(".story a")
	if href, _ := link.Attr("href"); href != "https://example.org/a(b)" || link.AttrOr("rel", "") != "nofollow ugc noopener" {
		t.Errorf("the link is %q, %q", href, link.AttrOr("rel", ""))
	}
	head := func(sel, attr string) string { return work.Find("head "+sel).AttrOr(attr, "") }
	if got := head("link[rel=canonical]", "href"); !strings.HasPrefix(got, "http://vitrine.test/@"+slug+"/low-water-") {
		t.Errorf("canonical is %q", got)
	}
	if got := head("meta[property='og:image']", "content"); !strings.HasPrefix(got, "http://vitrine.test/m/") {
		t.Errorf("og:image is %q", got)
	}
	for sel, want := range map[string]string{"meta[property='og:title']": "Low Water", "meta[name='twitter:card']": "summary_large_image", "meta[name=robots]": "noai, noimageai"} {
		if got := head(sel, "content"); got != want {
			t.Errorf("%s is %q", sel, got)
		}
	}
	if work.header.Get("X-Robots-Tag") == "" || work.header.Get("Cache-Control") != "public, no-cache" {
		t.Errorf("the headers are %v", work.header)
	}
	for _, text := range []string{"Before the rain", "Jon Aas", "All rights reserved", "2024"} {
		if !strings.Contains(work.text(), text) {
			t.Errorf("the page lacks %q", text)
		}
	}
}

// hung is a member with a studio and published works, made without processing.
type hung struct {
	*site
	member *browser
	actor  works.Actor
	slug   string
}

func newHung(t *testing.T) *hung {
	t.Helper()
	h := &hung{site: newSite(t)}
	h.member = h.site.member(t, "Teresa Lima", "teresa@example.org")
	h.actor.UserID, h.actor.Role = h.userOf(t, "teresa@example.org"), studios.Owner
	h.Row(t, "select id, slug from studios where personal_of = $1", h.actor.UserID)(&h.actor.StudioID, &h.slug)
	return h
}

func (h *hung) file(t *testing.T) uuid.UUID {
	t.Helper()
	m := uuid.New()
	h.Exec(t, `insert into media (id, studio_id, state, usable, kind, filename, bytes, width, height, served, created_by, created_at, updated_at)
		values ($1, $2, 'ready', true, 'image', 'ridges.jpg', 1000, 1600, 900, '{"jpeg":[320,640],"webp":[320,640]}', $3, now(), now())`, m, h.actor.StudioID, h.actor.UserID)
	return m
}

// work makes a work with n pictures and publishes it.
func (h *hung) work(t *testing.T, n int, e works.Edit) works.Work {
	t.Helper()
	target := works.Target{CreationKey: idem.NewKey()}
	var first uuid.UUID
	for i := range n {
		m := h.file(t)
		if i == 0 {
			first = m
		}
		_, err := h.Works.AddMedia(db.Guard(t.Context()), h.actor, target, nil, m, idem.NewKey())
		must(t, err)
	}
	if alt, ok := e.Items[uuid.Nil]; ok {
		e.Items = map[uuid.UUID]works.ItemEdit{first: alt}
	}
	e.FormKey = idem.NewKey()
	w, err := h.Works.Publish(db.Guard(t.Context()), h.actor, target, &e, idem.NewKey())
	must(t, err)
	return w
}

func (h *hung) path(w works.Work) string {
	return "/@" + h.slug + "/" + url.PathEscape(w.Slug) + "-" + w.PublicID
}

func (h *hung) editPath(w works.Work) string { return "/studio/" + h.slug + "/works/" + w.PublicID }
