package archive_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/archive"
	"vitrine/app/fault"
	"vitrine/app/media/originals"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/carry"
)

// gallery is a studio with a work in each state and what else an archive holds.
type gallery struct {
	owner, admin, viewer person
	studio               uuid.UUID
	slug                 string
	photos               [][]byte
}

func (h *house) gallery() (g gallery) {
	h.t.Helper()
	g.owner = h.person("Ines Harbour", "ines@harbour.example")
	g.admin = h.person("Abel Quay", "abel@quay.example")
	g.viewer = h.person("Vera Pier", "vera@pier.example")
	g.studio, g.slug = h.open(g.owner, "Harbour & Field")
	h.join(g.studio, g.admin, studios.Admin)
	h.join(g.studio, g.viewer, studios.Viewer)
	st, err := h.web.studios.ByID(ctx(), g.studio)
	h.must(err)
	_, err = h.web.studios.Update(ctx(), g.owner.id, g.studio, studios.Profile{Version: st.Version, Name: st.Name, Slug: st.Slug, Description: "Photographs of <water>.", Location: "Lisbon"})
	h.must(err)
	for i := range 7 {
		g.photos = append(g.photos, mediatest.JPEG(h.t, 220+10*i, 160))
	}
	edit := func(title string) works.Edit {
		return works.Edit{Title: title, Story: title + "\n\nA story.", Tags: "quay, " + strings.ToLower(title), Credits: "Print: " + title, Licence: "by", Year: "2024", Lang: "pt", NoAI: true}
	}
	a, published := h.work(g.owner, g.studio, edit("Ridges"), g.photos[0], g.photos[1], g.photos[2])
	_, unlisted := h.work(g.owner, g.studio, edit("Tidal"), g.photos[3])
	_, archived := h.work(g.owner, g.studio, edit("Loom"), g.photos[4])
	_, scheduled := h.work(g.owner, g.studio, edit("Dune"), g.photos[5])
	h.work(g.owner, g.studio, edit("Draft"), g.photos[6])
	h.settle()
	_, err = h.web.works.Publish(ctx(), a, published, nil, idem.NewKey())
	h.must(err)
	_, err = h.web.works.Unlist(ctx(), a, unlisted, nil, idem.NewKey())
	h.must(err)
	_, err = h.web.works.Archive(ctx(), a, archived, nil, idem.NewKey())
	h.must(err)
	at := h.now().Add(60 * 24 * time.Hour)
	_, err = h.web.works.Schedule(ctx(), a, scheduled, nil, works.When{Local: at.Format("2006-01-02T15:04"), Zone: "UTC"}, idem.NewKey())
	h.must(err)
	h.settle()
	return g
}

func (g gallery) subject() archive.Subject {
	return archive.Subject{Kind: archive.Studio, ID: g.studio}
}

// export makes an archive and writes its volumes beside each other.
func (h *house) export(actor uuid.UUID, of archive.Subject) (paths []string) {
	h.t.Helper()
	h.must(h.web.archive.Ask(ctx(), actor, of, idem.NewKey()))
	h.settle()
	e, ok, err := h.web.archive.Last(ctx(), of)
	h.must(err)
	if !ok || e.State != archive.Ready {
		h.t.Fatalf("the archive is %+v", e)
	}
	dir := h.t.TempDir()
	for _, v := range e.Volumes {
		d, err := h.web.archive.Fetch(ctx(), actor, of, e.ID, v.Number, "name", true)
		h.must(err)
		raw, err := io.ReadAll(d)
		h.must(err)
		h.must(d.Close())
		sum := sha256.Sum256(raw)
		if hex.EncodeToString(sum[:]) != v.SHA256 || int64(len(raw)) != v.Bytes || d.ETag != `"`+v.SHA256[:32]+`"` {
			h.t.Errorf("volume %d is not what its row says", v.Number)
		}
		paths = append(paths, filepath.Join(dir, d.Name))
		h.must(os.WriteFile(paths[len(paths)-1], raw, 0o600))
	}
	return paths
}

// entries reads every entry of some zip files.
func entries(t *testing.T, paths []string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, path := range paths {
		z, err := zip.OpenReader(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range z.File {
			rc, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			raw, err := io.ReadAll(rc)
			if err != nil {
				t.Fatal(err)
			}
			_ = rc.Close()
			out[f.Name] = string(raw)
		}
		_ = z.Close()
	}
	return out
}

func list[T any](t *testing.T, all map[string]string, name string) (out []T) {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(all[name]))
	for dec.More() {
		var record T
		if err := dec.Decode(&record); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out = append(out, record)
	}
	return out
}

func TestExport_studio(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.gallery()
	paths := h.export(g.owner.id, g.subject())
	if len(paths) < 2 {
		t.Fatalf("%d volumes; the files are too small for this test", len(paths))
	}
	all := entries(t, paths)
	if members := list[studios.ExportedMember](t, all, "studio/members.jsonl"); len(members) != 3 || members[0].Email != g.owner.email {
		t.Errorf("the members are %+v", members)
	}
	states := map[works.State]int{}
	alts := 0
	for _, w := range list[carry.Work](t, all, "studio/works.jsonl") {
		states[w.State]++
		for _, item := range w.Media {
			if item.Alt == w.Title+" alt" && item.Caption == w.Title+" caption" {
				alts++
			}
		}
		if w.Licence != "by" || w.Year == nil || len(w.Tags) != 2 || !strings.Contains(all["index.html"], w.Title) {
			t.Errorf("the work is %+v", w)
		}
	}
	if len(states) != 5 || alts != len(g.photos) {
		t.Errorf("the states are %v, and %d files have their words", states, alts)
	}
	files := list[originals.File](t, all, "studio/media.jsonl")
	for i, f := range files {
		if all[f.Path] != string(g.photos[i]) {
			t.Errorf("the original of %s is not what was uploaded", f.Filename)
		}
		if !strings.Contains(all["index.html"], `src="`+f.Path+`"`) {
			t.Errorf("the page does not show %s", f.Path)
		}
	}
	if len(files) != len(g.photos) {
		t.Errorf("%d files", len(files))
	}
	if acts := list[archive.Act](t, all, "studio/audit.jsonl"); len(acts) == 0 {
		t.Error("no audit")
	}
	if n := h.Count(t, "select count(*) from mails where kind = 'archive_made' and recipient = $1 and text like '%/studio/harbour-field/export%'", g.owner.email); n != 1 {
		t.Errorf("%d mails tell of it", n)
	}
	if strings.Contains(all["index.html"], "<water>") {
		t.Error("the page has the description as markup")
	}
}

// TestExport_user holds what a person gets: all that is known, and no secret.
func TestExport_user(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.person("Ines Harbour", "ines@harbour.example")
	stranger := h.person("Abel Quay", "abel@quay.example")
	h.work(p, p.studio, works.Edit{Title: "Mine"}, mediatest.JPEG(t, 300, 200))
	h.Exec(t, "insert into sessions (id, user_id, hash, device, created_at, seen_at, expires_at) values (gen_random_uuid(), $1, sha256('token'), 'A browser', now(), now(), now() + interval '1 day')", p.id)
	h.Exec(t, "insert into mails (id, kind, recipient, to_key, subject, text, html, secret, created_at) values (gen_random_uuid(), 'reset', $1, $1, 'A letter', 'open /reset/SECRET', '-', 'SECRET', now())", p.email)
	h.settle()
	of := archive.Subject{Kind: archive.User, ID: p.id}
	if err := h.web.archive.Ask(ctx(), stranger.id, of, idem.NewKey()); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a stranger asks: %v", err)
	}
	all := entries(t, h.export(p.id, of))
	for name, want := range map[string]string{
		"account/account.jsonl": p.email, "account/sessions.jsonl": "A browser", "account/memberships.jsonl": p.slug, "account/mails.jsonl": "A letter",
		"account/audit.jsonl": "archive.asked", "studio/works.jsonl": "Mine", "studio/media.jsonl": "media/", "index.html": "Mine", "README.txt": "vitrine import",
	} {
		if !strings.Contains(all[name], want) {
			t.Errorf("%s lacks %q: %s", name, want, all[name])
		}
	}
	for name, text := range all {
		if strings.Contains(text, "SECRET") || strings.Contains(text, "hash") && name != "index.html" {
			t.Errorf("%s holds a secret: %s", name, text)
		}
	}
	e, _, err := h.web.archive.Last(ctx(), of)
	h.must(err)
	for who, err := range map[string]error{
		"a stranger":       second(h.web.archive.Fetch(ctx(), stranger.id, of, e.ID, 1, "x", true)),
		"as their own":     second(h.web.archive.Fetch(ctx(), stranger.id, archive.Subject{Kind: archive.User, ID: stranger.id}, e.ID, 1, "x", true)),
		"as a studio's":    second(h.web.archive.Fetch(ctx(), stranger.id, archive.Subject{Kind: archive.Studio, ID: stranger.studio}, e.ID, 1, "x", true)),
		"another volume":   second(h.web.archive.Fetch(ctx(), p.id, of, e.ID, 99, "x", true)),
		"another archive":  second(h.web.archive.Fetch(ctx(), p.id, of, uuid.New(), 1, "x", true)),
		"the studio's way": second(h.web.archive.Fetch(ctx(), p.id, archive.Subject{Kind: archive.Studio, ID: p.studio}, e.ID, 1, "x", true)),
	} {
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", who, err)
		}
	}
}

func second[A any](_ A, err error) error { return err }

func TestAsk_byRoleAndOneAtATime(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.gallery()
	if err := h.web.archive.Ask(ctx(), g.viewer.id, g.subject(), idem.NewKey()); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a viewer: %v", err)
	}
	if err := h.web.archive.Ask(ctx(), h.person("Out", "out@side.example").id, g.subject(), idem.NewKey()); !fault.Is(err, fault.NotFound) {
		t.Errorf("a stranger: %v", err)
	}
	key := idem.NewKey()
	h.must(h.web.archive.Ask(ctx(), g.admin.id, g.subject(), key))
	h.must(h.web.archive.Ask(ctx(), g.admin.id, g.subject(), key))
	if err := h.web.archive.Ask(ctx(), g.owner.id, g.subject(), idem.NewKey()); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second one: %v", err)
	}
	h.settle()
	if err := h.web.archive.Ask(ctx(), g.owner.id, g.subject(), idem.NewKey()); !fault.Is(err, fault.TooMany) {
		t.Errorf("another one at once: %v", err)
	}
	first, _, err := h.web.archive.Last(ctx(), g.subject())
	h.must(err)
	h.forward(2 * time.Hour)
	h.export(g.owner.id, g.subject())
	if n := h.Count(t, "select count(*) from exports"); n != 1 {
		t.Errorf("%d archives are kept", n)
	}
	if err := second(h.web.archive.Fetch(ctx(), g.owner.id, g.subject(), first.ID, 1, "x", true)); !fault.Is(err, fault.NotFound) {
		t.Errorf("the former one: %v", err)
	}
	h.forward(archive.KeepArchive + time.Minute)
	last, _, err := h.web.archive.Last(ctx(), g.subject())
	h.must(err)
	if err := second(h.web.archive.Fetch(ctx(), g.owner.id, g.subject(), last.ID, 1, "x", true)); !fault.Is(err, fault.NotFound) {
		t.Errorf("one that has expired: %v", err)
	}
	if n, err := h.jobs.archive.Expire(ctx()); err != nil || n != 1 {
		t.Errorf("%d expired, %v", n, err)
	}
	for _, key := range h.objects() {
		if strings.HasPrefix(key, "export/") {
			t.Errorf("%s is left", key)
		}
	}
}

// cutting is a store that ends the worker in the middle of a volume.
type cutting struct {
	blob.Store
	mu   sync.Mutex
	puts map[string]int
	at   string // suffix of the key at which it happens
	cut  context.CancelFunc
}

func (c *cutting) Put(ctx context.Context, key string, r io.Reader) (int64, error) {
	c.mu.Lock()
	c.puts[key[strings.LastIndexByte(key, '/')+1:]]++
	c.mu.Unlock()
	if strings.HasSuffix(key, c.at) && c.cut != nil {
		if _, err := io.CopyN(io.Discard, r, 1000); err != nil {
			return 0, err
		}
		c.cut()
		c.cut = nil
		return 0, context.Canceled
	}
	return c.Store.Put(ctx, key, r)
}

// TestOnAsked_killed: a worker that dies in the middle of the second volume has
// made the first for good.
func TestOnAsked_killed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.gallery()
	whole := entries(t, h.export(g.owner.id, g.subject()))
	h.forward(2 * time.Hour)
	h.must(h.web.archive.Ask(ctx(), g.owner.id, g.subject(), idem.NewKey()))
	var asked uuid.UUID
	h.Row(t, "select id from exports where state = 'waiting'")(&asked)
	raw, err := json.Marshal(archive.Asked{ExportID: asked})
	h.must(err)
	env := bus.Envelope{ID: uuid.New(), Name: archive.Asked{}.EventName(), Payload: raw, Attempt: 1}

	store := &cutting{Store: h.blobs, puts: map[string]int{}, at: "/2.zip"}
	conf := h.jobs.archive.Config
	conf.Blobs = store
	one, cancel := context.WithCancel(ctx())
	store.cut = cancel
	if err := archive.New(conf).OnAsked(one, env); err == nil {
		t.Fatal("it ended well although it was cut off")
	}
	e, _, err := h.web.archive.Last(ctx(), g.subject())
	h.must(err)
	if e.State != archive.Working || e.Volumes[0].MadeAt == nil || e.Volumes[1].MadeAt != nil || e.FilesDone == 0 {
		t.Fatalf("after the end of the worker: %+v", e)
	}
	h.must(archive.New(conf).OnAsked(ctx(), env))
	h.must(archive.New(conf).OnAsked(ctx(), env))
	if store.puts["records"] != 1 || store.puts["1.zip"] != 1 || store.puts["2.zip"] != 2 {
		t.Errorf("what was put: %v", store.puts)
	}
	e, _, err = h.web.archive.Last(ctx(), g.subject())
	h.must(err)
	if e.State != archive.Ready || e.FilesDone != len(g.photos) {
		t.Errorf("at the end: %+v", e)
	}
	var paths []string
	for _, v := range e.Volumes {
		local, _, err := h.blobs.Local(ctx(), "export/"+e.ID.String()+"/"+string(rune('0'+v.Number))+".zip")
		h.must(err)
		paths = append(paths, local)
	}
	again := entries(t, paths)
	for name, text := range whole {
		if strings.HasPrefix(name, "media/") && again[name] != text {
			t.Errorf("%s differs", name)
		}
	}
	if len(again) != len(whole) {
		t.Errorf("%d entries instead of %d", len(again), len(whole))
	}
	for _, key := range h.objects() {
		if strings.HasSuffix(key, "/records") {
			t.Error("what the volumes were made from is left")
		}
	}
}

// TestExport_ofWhatGoesMeanwhile: a file that is deleted between the plan and
// its volume is said to be missing, and the rest is whole.
func TestExport_ofWhatGoesMeanwhile(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.gallery()
	h.must(h.web.archive.Ask(ctx(), g.owner.id, g.subject(), idem.NewKey()))
	var asked, gone uuid.UUID
	h.Row(t, "select id from exports")(&asked)
	h.Row(t, "select id from media order by id desc limit 1")(&gone)
	raw, err := json.Marshal(archive.Asked{ExportID: asked})
	h.must(err)
	conf := h.jobs.archive.Config
	store := &cutting{Store: h.blobs, puts: map[string]int{}, at: "/1.zip"}
	one, cancel := context.WithCancel(ctx())
	conf.Blobs, store.cut = store, cancel
	if err := archive.New(conf).OnAsked(one, bus.Envelope{Name: archive.Asked{}.EventName(), Payload: raw, Attempt: 1}); err == nil {
		t.Fatal("it was not cut off")
	}
	h.must(h.jobs.db.Tenant(ctx(), g.studio, func(tx db.Tx) error { return h.jobs.media.Delete(ctx(), tx, g.studio, []uuid.UUID{gone}) }))
	h.settle()
	e, _, err := h.web.archive.Last(ctx(), g.subject())
	h.must(err)
	if e.State != archive.Ready {
		t.Fatalf("%+v", e)
	}
	d, err := h.web.archive.Fetch(ctx(), g.owner.id, g.subject(), e.ID, len(e.Volumes), "x", false)
	h.must(err)
	body, err := io.ReadAll(d)
	h.must(err)
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	h.must(err)
	rc, err := z.File[len(z.File)-1].Open()
	h.must(err)
	var m archive.Manifest
	h.must(json.NewDecoder(rc).Decode(&m))
	if len(m.Missing) != 1 || !strings.Contains(m.Missing[0], gone.String()) {
		t.Errorf("the manifest says %+v", m)
	}
}
