package e2e

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/e2e/browser"
	"vitrine/e2e/rig"
)

// What becomes of an upload when the server dies, the page is loaded anew, or
// the disk is full.

// tus is one upload by hand, as a program would do it.
type tus struct {
	owner   *rig.Member
	compose *rig.Page
	at      string // path of the upload
	content []byte
}

func tusHeader(extra ...string) http.Header {
	h := http.Header{"Tus-Resumable": {"1.0.0"}}
	for i := 0; i < len(extra); i += 2 {
		h.Set(extra[i], extra[i+1])
	}
	return h
}

// begin makes a draft and an upload for it.
func begin(t *testing.T, owner *rig.Member, name string, content []byte) tus {
	t.Helper()
	compose := owner.Get("/studio/harbour-field/new")
	var meta []string
	for k, v := range map[string]string{"filename": name, "filetype": "image/png", "draft": path.Base(compose.Path), "key": "0123456789abcdef-" + name[:3]} {
		meta = append(meta, k+" "+base64.StdEncoding.EncodeToString([]byte(v)))
	}
	made := owner.Send(http.MethodPost, "/studio/harbour-field/uploads/", tusHeader("Upload-Length", strconv.Itoa(len(content)), "Upload-Metadata", strings.Join(meta, ",")), nil)
	if made.Status != http.StatusCreated {
		t.Fatalf("the upload was not begun: %s", made)
	}
	return tus{owner: owner, compose: compose, at: made.Header.Get("Location"), content: content}
}

func patch(offset int) http.Header {
	return tusHeader("Upload-Offset", strconv.Itoa(offset), "Content-Type", "application/offset+octet-stream")
}

// send sends a piece and wants an answer.
func (u tus) send(t *testing.T, from, to, want int) *rig.Page {
	t.Helper()
	p := u.owner.Send(http.MethodPatch, u.at, patch(from), u.content[from:to])
	if p.Status != want {
		t.Errorf("bytes %d to %d were answered with %s, want %d", from, to, p, want)
	}
	return p
}

// offset asks how much has arrived.
func (u tus) offset(t *testing.T) int {
	t.Helper()
	p := u.owner.Send(http.MethodHead, u.at, tusHeader(), nil)
	n, err := strconv.Atoi(p.Header.Get("Upload-Offset"))
	if p.Status != http.StatusOK || err != nil {
		t.Fatalf("HEAD was answered with %d, Upload-Offset %q", p.Status, p.Header.Get("Upload-Offset"))
	}
	return n
}

// ready waits until the file can be published.
func (u tus) ready() {
	u.owner.Await(u.compose.Path, "the file to be ready", func(p *rig.Page) bool {
		return p.Find(`[data-files] > li`).Length() == 1 && p.Find(`[data-files] > [data-state="ready"]`).Length() == 1
	})
}

func TestFaults_uploadThroughKill(t *testing.T) {
	t.Parallel()
	d := dbtest.NewEmpty(t)
	site := rig.New(t, "DEMO=off", "DATABASE_URL="+d.OwnerURL, "SECRET="+dbtest.Secret).Start()
	owner := site.Visit()
	owner.SetUp("owner@studio.example", password, "Harbour & Field")
	content, err := os.ReadFile(heavy(t, 7, "large.png", 1840, 1840)) // 20 MB
	if err != nil {
		t.Fatal(err)
	}
	u := begin(t, owner, "large.png", content)
	half := len(content) / 2
	u.send(t, 0, half, http.StatusNoContent)

	// The next request brings 9 MB, of which 8 MiB are committed, or less where they
	// take more than 5 s, and then the server dies.
	_ = owner.SendSlowly(http.MethodPatch, u.at, patch(half), content[half:], 9<<20)
	d.Await(t, fmt.Sprintf("select received > %d from uploads", half))
	site.Kill()
	committed := d.Count(t, "select received from uploads")
	site.Start()
	at := u.offset(t)
	if at < committed || at > half+(9<<20) {
		t.Errorf("%d bytes are said to be there; %d were answered for, %d committed, 9 MiB more sent", at, half, committed)
	}
	u.send(t, half, len(content), http.StatusConflict) // not where the upload stands
	u.send(t, at, len(content), http.StatusNoContent)
	u.ready()
	whole(t, site, d, content)
}

// whole checks that a site holds one file with these bytes, and each of its
// renditions once: in the table, in the ledger and on the disk.
func whole(t *testing.T, site *rig.Site, d *dbtest.Database, content []byte) {
	t.Helper()
	site.Eventually("everything to be done", func() bool {
		return d.Count(t, "select (select count(*) from outbox where sent_at is null) + (select count(*) from tasks)") == 0
	})
	originals, err := filepath.Glob(filepath.Join(site.Data(), "blobs", "original", "*"))
	if err != nil || len(originals) != 1 {
		t.Fatalf("originals on the disk: %v, %v", originals, err)
	}
	got, err := os.ReadFile(originals[0])
	if err != nil || sha256.Sum256(got) != sha256.Sum256(content) {
		t.Errorf("the original is not what was sent: %d bytes of %d, %v", len(got), len(content), err)
	}
	eachOnce(t, site, d)
}

func eachOnce(t *testing.T, site *rig.Site, d *dbtest.Database) {
	t.Helper()
	rows, err := d.Owner.Query("select key, bytes from renditions")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	known := map[string]bool{}
	for rows.Next() {
		var key string
		var size int64
		if err := rows.Scan(&key, &size); err != nil {
			t.Fatal(err)
		}
		known[key] = true
		info, err := os.Stat(filepath.Join(site.Data(), "blobs", filepath.FromSlash(key)))
		if err != nil || info.Size() != size {
			t.Errorf("%s should have %d bytes: %v", key, size, err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(site.Data(), "blobs", "rendition", "*", "*"))
	if err != nil || len(files) != len(known) || len(known) < 3 {
		t.Errorf("%d renditions on the disk, %d in the table, %v", len(files), len(known), err)
	}
	for query, want := range map[string]int{
		"select count(*) - count(distinct (media_id, name)) from renditions":                                         0,
		"select (select count(*) from renditions) - (select count(*) from storage_ledger where entry = 'rendition')": 0,
		"select count(*) from outbox where event = 'media.processed.v1'":                                             d.Count(t, "select count(*) from media"),
	} {
		if got := d.Count(t, query); got != want {
			t.Errorf("%s: got %d, want %d", query, got, want)
		}
	}
	for _, pattern := range []string{"uploads/incoming/*", "uploads/work/p-*/job-*", "tmp/vitrine-media-*/job*", "blobs/.incoming/*"} {
		left, err := filepath.Glob(filepath.Join(site.Data(), pattern))
		if err != nil || len(left) > 0 {
			t.Errorf("left half-done: %v, %v", left, err)
		}
	}
}

// One upload in a real browser on a slow line meets both: the server dies and
// comes back, then the page is loaded anew.
func TestFaults_browserUploadThroughKillAndReload(t *testing.T) {
	t.Parallel()
	d := dbtest.NewEmpty(t)
	site := rig.New(t, "DEMO=off", "DATABASE_URL="+d.OwnerURL, "SECRET="+dbtest.Secret).Start()
	b := browser.Open(t, browser.Options{})
	setUp(b, site)
	b.Press(`main a[href$="/new"]`)
	compose := b.Location().String()
	photo := heavy(t, 8, "ridges.png", 1840, 1840) // 20 MB
	says := func(what, words string) {
		t.Helper()
		b.Eventually(what, `document.querySelector("[data-files]").innerText.includes(`+strconv.Quote(words)+`)`)
	}

	// A page that nobody has touched may be left in the middle of an upload
	// without the browser asking whether to.
	b.Go(compose)
	b.Slowly(2 << 20) // ten seconds: a busy machine must find it under way
	b.Choose(chooser, photo)
	b.Eventually("the upload to be under way", halfway)
	says("the page to say how far it is", " of 2")
	site.Eventually("a piece to be kept", func() bool { return d.Count(t, "select received from uploads") > 0 })
	site.Kill()
	says("the page to say that the server is away", "goes on by itself")
	before := d.Count(t, "select received from uploads")
	site.Start()
	site.Eventually("the upload to go on", func() bool { return d.Count(t, "select received from uploads") > before })
	b.Go(compose)
	says("the page to ask for the file", "Choose the same file again")
	b.Slowly(64 << 20)
	b.Choose(chooser, photo)
	b.Eventually("the file to be ready", `document.querySelectorAll('[data-file][data-state="ready"]').length === 1 && document.querySelectorAll("[data-files] > li").length === 1`)
	if n := d.Count(t, "select count(*) from media"); n != 1 {
		t.Errorf("%d files, want one", n)
	}
	content, err := os.ReadFile(photo)
	if err != nil {
		t.Fatal(err)
	}
	whole(t, site, d, content)
}

// A disk without room for what arrives: the file is refused or waits, with a
// sentence; pages and words are not touched; with room again it goes on.
func TestFaults_fullDisk(t *testing.T) {
	t.Parallel()
	d := dbtest.NewEmpty(t)
	site := rig.New(t, "DEMO=off", "DATABASE_URL="+d.OwnerURL, "SECRET="+dbtest.Secret)
	mount := func(flags uintptr, size string) error {
		return syscall.Mount("tmpfs", filepath.Join(site.Data(), "uploads"), "tmpfs", flags, "size="+size)
	}
	if err := os.MkdirAll(filepath.Join(site.Data(), "uploads"), 0o755); err != nil { //nolint:gosec // as the product makes it
		t.Fatal(err)
	}
	if err := mount(0, "6m"); err != nil {
		t.Skipf("A small file system cannot be mounted here (%v), so a full disk is not tried. Root with CAP_SYS_ADMIN can.", err)
	}
	t.Cleanup(func() {
		site.Kill()
		if err := syscall.Unmount(filepath.Join(site.Data(), "uploads"), syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	site.Start()
	work := hang(t, site)
	content, err := os.ReadFile(heavy(t, 9, "large.png", 1250, 1250)) // 9 MB
	if err != nil {
		t.Fatal(err)
	}
	// By the plain form: the words are kept, and the file is told of.
	compose := work.owner.Get("/studio/harbour-field/new")
	p := work.owner.SubmitFiles(compose, "#compose", url.Values{"intent": {"upload"}, "title": {"Typed beside a full disk"}}, []rig.File{{Field: "files", Name: "plain.png", Content: content}})
	if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text(), "plain.png could not be taken, because the server takes no files at the moment") {
		t.Errorf("the form is answered with %s", p)
	}
	if p := work.owner.Get(compose.Path); p.Find(`[name="title"]`).AttrOr("value", "") != "Typed beside a full disk" {
		t.Errorf("the words are lost: %s", p)
	}
	// By the script: what arrived stays, and the rest comes when there is room.
	u := begin(t, work.owner, "large.png", content)
	if p := u.send(t, 0, len(content), http.StatusServiceUnavailable); !strings.Contains(p.Raw, "The server cannot take files at the moment. What has arrived is kept") {
		t.Errorf("the script is told %s", p)
	}
	b := browser.Open(t, browser.Options{})
	b.Go(site.URL + "/login?next=" + url.QueryEscape("/studio/harbour-field/new"))
	b.Fill("#email", ownerEmail)
	b.Fill("#password", password)
	b.Press("main form button")
	b.Choose(chooser, heavy(t, 10, "chosen.png", 1250, 1250))
	b.Eventually("the page to say what the server says", `document.querySelector("[data-files]").innerText.includes("The server cannot take files at the moment. What has arrived is kept; it goes on by itself.")`)
	work.isThere(t, site, "with a full disk")
	site.Eventually("/up to say that nothing is away", func() bool { // a part may be slow to say so for a moment
		parts := up(site)
		return parts["database"] && parts["files"]
	})
	if err := mount(syscall.MS_REMOUNT, "64m"); err != nil {
		t.Fatal(err)
	}
	u.send(t, u.offset(t), len(content), http.StatusNoContent)
	u.ready()
	b.Eventually("the file in the browser to be ready", `document.querySelectorAll('[data-file][data-state="ready"]').length === 1`)
	sum := sha256.Sum256(content)
	if n := d.Count(t, "select count(*) from media where sha256 = $1", hex.EncodeToString(sum[:])); n != 1 {
		t.Errorf("%d files have the bytes that were sent, want 1", n)
	}
	upload(work.owner, "later.jpg", mediatest.JPEG(t, 700, 500))
}
