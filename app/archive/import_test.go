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
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/archive"
	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/media/originals"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/carry"
)

func (h *house) bringing(owner string) archive.Bringing {
	return archive.Bringing{Owner: owner, People: h.jobs.accounts, Found: h.jobs.studios, Say: func(string, ...any) {}}
}

// bring imports an archive while the jobs run.
func (h *house) bring(ctx context.Context, paths []string, o archive.Bringing) (out archive.Brought, err error) {
	h.t.Helper()
	list, err := archive.Open(paths)
	if err != nil {
		return out, err
	}
	defer func() {
		for _, r := range list {
			_ = r.Close()
		}
	}()
	for _, r := range list {
		c, err := r.Verify(ctx, func(int, int) {})
		if err != nil {
			return out, err
		}
		if out, err = h.jobs.archive.Import(ctx, r, c, o); err != nil {
			return out, err
		}
	}
	return out, nil
}

// normal is what must be the same of an archive wherever it is made: ids of
// files, people and times of upkeep differ.
func normal(t *testing.T, paths []string) string {
	t.Helper()
	all := entries(t, paths)
	var out struct {
		Studios []studios.ExportedStudio
		Works   []carry.Work
		Files   []originals.File
	}
	sums := map[uuid.UUID]uuid.UUID{}
	for _, f := range list[originals.File](t, all, "studio/media.jsonl") {
		sum := sha256.Sum256([]byte(all[f.Path]))
		stands := uuid.UUID(sum[:16])
		sums[f.ID] = stands
		f.ID, f.Path, f.CreatedAt, f.CreatedBy = stands, hex.EncodeToString(sum[:]), time.Time{}, uuid.Nil
		out.Files = append(out.Files, f)
	}
	for _, w := range list[carry.Work](t, all, "studio/works.jsonl") {
		w.UpdatedAt, w.CreatedBy, w.CreatedAt = time.Time{}, uuid.Nil, w.CreatedAt.UTC()
		for i := range w.Media {
			w.Media[i].ID = sums[w.Media[i].ID]
		}
		out.Works = append(out.Works, w)
	}
	for _, st := range list[studios.ExportedStudio](t, all, "studio/studio.jsonl") {
		st.ID, st.CreatedAt = uuid.Nil, time.Time{}
		out.Studios = append(out.Studios, st)
	}
	slices.SortFunc(out.Files, func(a, b originals.File) int { return strings.Compare(a.Path, b.Path) })
	slices.SortFunc(out.Works, func(a, b carry.Work) int { return strings.Compare(a.ID, b.ID) })
	raw, err := json.MarshalIndent(out, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestImport_roundTrip takes a studio to a second installation, twice, and its
// archive from there is the same.
func TestImport_roundTrip(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.gallery()
	a := works.Actor{UserID: g.owner.id, StudioID: g.studio, Role: studios.Owner}
	// A file in two works, and the same bytes kept twice.
	var shared uuid.UUID
	h.Row(t, "select media_id from work_media limit 1")(&shared)
	_, err := h.web.works.AddMedia(ctx(), a, works.Target{CreationKey: idem.NewKey()}, nil, shared, "")
	h.must(err)
	h.work(g.owner, g.studio, works.Edit{Title: "Twice", NoAI: true}, g.photos[0])
	h.settle()
	h.must(h.web.media.KeepBoth(ctx(), media.Sender{StudioID: g.studio, UserID: g.owner.id}, h.id("select id from media where state = 'duplicate'")))
	h.settle()
	hidden := h.id("select id from works where title = 'Tidal'")
	h.must(h.jobs.db.Tenant(ctx(), g.studio, func(tx db.Tx) error {
		return h.jobs.works.SetHidden(ctx(), tx, g.studio, hidden, works.HiddenByModeration, true)
	}))
	paths := h.export(g.owner.id, g.subject())

	far := newHouse(t)
	stop := far.run()
	out, err := far.bring(ctx(), paths, far.bringing(""))
	far.must(err)
	if out.Slug != g.slug || !out.NewOwner || out.Works != 7 || out.Files != 8 {
		t.Errorf("it became %+v", out)
	}
	count := func() string {
		var s string
		far.Row(t, `select concat((select count(*) from users), ' ', (select count(*) from studios), ' ', (select count(*) from works), ' ',
			(select count(*) from media), ' ', (select count(*) from memberships), ' ', (select count(*) from imported_works where done_at is null))`)(&s)
		return s
	}
	first := count()
	if first != "1 2 7 8 2 0" {
		t.Errorf("there are %s", first)
	}
	again, err := far.bring(ctx(), paths, far.bringing(""))
	far.must(err)
	if second := count(); second != first || again.Files != 0 || again.Slug != g.slug {
		t.Errorf("importing again: %s, %+v", second, again)
	}
	stop()
	far.settle()
	if n := far.Count(t, "select count(*) from mails where kind = 'reset' and recipient = $1", g.owner.email); n != 1 {
		t.Errorf("%d letters went to the owner", n)
	}
	back := far.export(far.id("select owner_id from imports"), archive.Subject{Kind: archive.Studio, ID: far.id("select studio_id from imports")})
	if here, there := normal(t, paths), normal(t, back); here != there {
		t.Errorf("the archive of the imported studio differs:\n%s\n---\n%s", here, there)
	}
	for _, table := range []string{"sessions", "invitations", "api_tokens"} {
		if n := far.Count(t, "select count(*) from "+table); n != 0 {
			t.Errorf("the import made %d %s", n, table)
		}
	}
}

func (h *house) id(query string) (out uuid.UUID) {
	h.t.Helper()
	h.Row(h.t, query)(&out)
	return out
}

// TestImport_interrupted ends an import in its middle, and begins it again; the
// address and an id are taken by then.
func TestImport_interrupted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.gallery()
	paths := h.export(g.owner.id, g.subject())
	far := newHouse(t)
	me := far.person("Harbour Field", "me@far.example") // takes the address
	if me.slug != g.slug {
		t.Fatalf("the address of the person is %s", me.slug)
	}
	// Nobody makes sizes, so the import waits for them and is cut off there.
	cut, cancel := context.WithCancel(ctx())
	ended := make(chan error, 1)
	go func() {
		_, err := far.bring(cut, paths, far.bringing("me@far.example"))
		t.Log("the first import ended: ", err)
		ended <- err
	}()
	far.await("select count(*) >= 3 from imported_media")
	cancel()
	if err := <-ended; err == nil {
		t.Fatal("it was not cut off")
	}
	if n := far.Count(t, "select count(*) from imported_works where done_at is not null"); n != 0 {
		t.Errorf("%d works are done", n)
	}
	far.run()
	asks := far.bringing("me@far.example")
	asks.Invite = true
	out, err := far.bring(ctx(), paths, asks)
	far.must(err)
	// Nobody is a member by an archive alone: the others are asked, the former owner as an admin.
	if n := far.Count(t, "select count(*) from invitations where (email, role) in (('ines@harbour.example', 'admin'), ('abel@quay.example', 'admin'), ('vera@pier.example', 'viewer'))"); n != 3 {
		t.Errorf("%d invitations", n)
	}
	if out.NewOwner || out.Slug != "harbour-field-2" || out.Works != 5 {
		t.Errorf("it became %+v", out)
	}
	if n := far.Count(t, "select count(*) from media"); n != len(g.photos) {
		t.Errorf("%d files", n)
	}
	if n := far.Count(t, "select count(*) from works where state = 'published' and exists (select from search_documents d where d.work_id = works.id)"); n > 1 {
		t.Errorf("%d published works", n)
	}
	if n := far.Count(t, "select count(*) from memberships m join studios s on s.id = m.studio_id where s.slug = 'harbour-field-2' and m.user_id = $1 and role = 'owner'", me.id); n != 1 {
		t.Error("the named owner does not own it")
	}
}

func TestImport_user(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.person("Ines Harbour", "ines@harbour.example")
	h.work(p, p.studio, works.Edit{Title: "Mine"}, mediatest.JPEG(t, 300, 200))
	h.settle()
	h.Exec(t, "insert into notice_settings (user_id, kind, page, mail, daily) values ($1, 'like', false, true, false)", p.id)
	paths := h.export(p.id, archive.Subject{Kind: archive.User, ID: p.id})
	far := newHouse(t)
	far.run()
	out, err := far.bring(ctx(), paths, far.bringing(""))
	far.must(err)
	if n := far.Count(t, "select count(*) from notice_settings where kind = 'like' and mail and not page"); n != 1 {
		t.Error("what they wanted to hear did not come along")
	}
	if out.Slug != p.slug || far.Count(t, "select count(*) from studios where personal_of is not null") != 1 || far.Count(t, "select count(*) from studios") != 1 {
		t.Errorf("it became %+v", out)
	}
}

// pack writes a zip file of entries, in their order, with a manifest that fits,
// as far as spoil leaves it.
func pack(t *testing.T, files [][2]string, spoil func(m *archive.Manifest)) string {
	t.Helper()
	m := archive.Manifest{Format: archive.Format, Version: archive.FormatVersion, Kind: archive.Studio, ExportID: uuid.New(), Subject: uuid.New(), Volume: 1, Volumes: 1}
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	write := func(name, text string) {
		method := zip.Deflate
		if strings.HasPrefix(name, "media/") {
			method = zip.Store
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(w, text)
	}
	for _, f := range files {
		write(f[0], f[1])
		sum := sha256.Sum256([]byte(f[1]))
		m.Entries = append(m.Entries, archive.Entry{Path: f[0], Bytes: int64(len(f[1])), SHA256: hex.EncodeToString(sum[:])})
	}
	if spoil != nil {
		spoil(&m)
	}
	raw, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	write("manifest-1.json", string(raw))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return file(t, buf.Bytes())
}

func file(t *testing.T, raw []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "archive.zip")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	fileID     = "0190aaaa-0000-7000-8000-000000000001"
	goodStudio = `{"id":"0190aaaa-0000-7000-8000-00000000000a","slug":"harbour","name":"Harbour"}`
	goodMember = `{"user_id":"0190aaaa-0000-7000-8000-00000000000b","email":"ines@harbour.example","name":"Ines","role":"owner"}`
	goodFile   = `{"id":"` + fileID + `","path":"media/` + fileID + `.jpeg","filename":"a.jpg","bytes":5,"state":"ready"}`
	goodWork   = `{"id":"AbCdEfGhJkLm","state":"draft","title":"A","media":[{"id":"` + fileID + `"}]}`
)

// TestImport_hostile: whatever is wrong with an archive is said in a sentence,
// and nothing of it is here afterwards.
func TestImport_hostile(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	good := func(change map[string]string) (files [][2]string) {
		for _, f := range [][2]string{
			{"studio/studio.jsonl", goodStudio}, {"studio/members.jsonl", goodMember}, {"studio/media.jsonl", goodFile},
			{"studio/works.jsonl", goodWork}, {"media/" + fileID + ".jpeg", "12345"},
		} {
			if to, ok := change[f[0]]; ok {
				f[1] = to
			}
			files = append(files, f)
		}
		return files
	}
	whole := pack(t, good(nil), nil)
	raw, err := os.ReadFile(whole)
	h.must(err)
	flipped := bytes.Replace(raw, []byte("12345"), []byte("12346"), 1)
	huge := `{"id":"` + strings.Repeat("x", 2<<20) + `"}`
	bomb := strings.Repeat("\n", 64<<20)
	for name, c := range map[string]struct {
		paths []string
		says  string
	}{
		"no zip file":          {[]string{file(t, []byte("not a zip file"))}, "not a whole zip file"},
		"cut off":              {[]string{file(t, raw[:len(raw)-40])}, "not a whole zip file"},
		"no manifest":          {[]string{zipOf(t, "index.html", "x")}, "no manifest"},
		"zip slip":             {[]string{zipOf(t, "../../etc/passwd", "x")}, "which no archive"},
		"an absolute path":     {[]string{zipOf(t, "/etc/passwd", "x")}, "which no archive"},
		"a path of its own":    {[]string{zipOf(t, "media/evil.sh", "x")}, "which no archive"},
		"a link":               {[]string{linkOf(t)}, "no plain file"},
		"another version":      {[]string{pack(t, good(nil), func(m *archive.Manifest) { m.Version = 99 })}, "version 99"},
		"another format":       {[]string{pack(t, good(nil), func(m *archive.Manifest) { m.Format = "x" })}, "no archive of Vitrine"},
		"a missing volume":     {[]string{pack(t, good(nil), func(m *archive.Manifest) { m.Volumes = 3 })}, "volume 2 of 3 is missing"},
		"a volume twice":       {[]string{whole, whole}, "twice"},
		"lying sizes":          {[]string{pack(t, good(nil), func(m *archive.Manifest) { m.Entries[4].Bytes = 4 })}, "another size"},
		"a wrong checksum":     {[]string{pack(t, good(nil), func(m *archive.Manifest) { m.Entries[4].SHA256 = m.Entries[3].SHA256 })}, "damaged"},
		"damaged bytes":        {[]string{file(t, flipped)}, "damaged"},
		"unlisted":             {[]string{pack(t, good(nil), func(m *archive.Manifest) { m.Entries = m.Entries[:4] })}, "not in the manifest"},
		"listed and not there": {[]string{pack(t, good(nil), func(m *archive.Manifest) { m.Entries = append(m.Entries, archive.Entry{Path: "media/x"}) })}, "not in the file"},
		"a bomb of a line":     {[]string{pack(t, good(map[string]string{"studio/works.jsonl": huge}), nil)}, "longer than any record"},
		"no studio":            {[]string{pack(t, [][2]string{{"studio/works.jsonl", ""}}, nil)}, "no record of the studio"},
		"no JSON":              {[]string{pack(t, good(map[string]string{"studio/works.jsonl": "{"}), nil)}, "line 1"},
		"a nameless studio":    {[]string{pack(t, good(map[string]string{"studio/studio.jsonl": `{"id":"0190aaaa-0000-7000-8000-00000000000a"}`}), nil)}, "name cannot be used"},
		"a work twice":         {[]string{pack(t, good(map[string]string{"studio/works.jsonl": goodWork + "\n" + goodWork}), nil)}, "came before"},
		"a work without id":    {[]string{pack(t, good(map[string]string{"studio/works.jsonl": `{"id":"../../x","state":"draft"}`}), nil)}, "cannot be one"},
		"an unknown state":     {[]string{pack(t, good(map[string]string{"studio/works.jsonl": `{"id":"AbCdEfGhJkLm","state":"golden"}`}), nil)}, "not known"},
		"a title too long":     {[]string{pack(t, good(map[string]string{"studio/works.jsonl": `{"id":"AbCdEfGhJkLm","state":"draft","title":"` + strings.Repeat("a", 300) + `"}`}), nil)}, "characters long"},
		"another's file": {[]string{pack(t, good(map[string]string{"studio/media.jsonl": `{"id":"0190aaaa-0000-7000-8000-000000000002","path":"media/` + fileID + `.jpeg","bytes":5}`}), nil)},
			"another path than its own"},
		"a file of other bytes": {[]string{pack(t, good(map[string]string{"studio/media.jsonl": strings.Replace(goodFile, `"bytes":5`, `"bytes":6`, 1)}), nil)}, "other bytes"},
		"nobody's":              {[]string{pack(t, good(map[string]string{"studio/members.jsonl": ""}), nil)}, "--owner"},
		"a mad address":         {[]string{pack(t, good(map[string]string{"studio/members.jsonl": strings.Replace(goodMember, "ines@harbour.example", "ines", 1)}), nil)}, "cannot be used"},
	} {
		_, err := h.bring(ctx(), c.paths, h.bringing(""))
		if !fault.Is(err, fault.Invalid) || !strings.Contains(fault.MessageOf(err), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Much of nothing is small when packed; it is read without being held.
	if _, err := h.bring(ctx(), []string{pack(t, good(map[string]string{"studio/works.jsonl": bomb, "studio/members.jsonl": ""}), nil)}, h.bringing("")); !fault.Is(err, fault.Invalid) {
		t.Errorf("a bomb: %v", err)
	}
	for _, table := range []string{"users", "studios", "works", "media", "imports"} {
		if n := h.Count(t, "select count(*) from "+table); n != 0 {
			t.Errorf("%d rows in %s", n, table)
		}
	}
}

func zipOf(t *testing.T, name, text string) string {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	w, err := z.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(w, text)
	_ = z.Close()
	return file(t, buf.Bytes())
}

func linkOf(t *testing.T) string {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	h := &zip.FileHeader{Name: "index.html"}
	h.SetMode(os.ModeSymlink | 0o777)
	w, err := z.CreateHeader(h)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(w, "/etc/passwd")
	_ = z.Close()
	return file(t, buf.Bytes())
}
