package e2e

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/app/platform/s3test"
	"vitrine/e2e/rig"
)

// databaseOf is the database of a topology, as its owner sees it.
func databaseOf(t *testing.T, top *rig.Topology) *dbtest.Database {
	t.Helper()
	at, err := top.OwnerURL()
	if err != nil {
		t.Fatal(err)
	}
	owner, err := sql.Open("pgx", at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = owner.Close() })
	return &dbtest.Database{Owner: owner, OwnerURL: at}
}

// shared is an upload that two web processes take parts of.
type shared struct {
	*rig.Topology
	tus
	db    *dbtest.Database
	store *s3test.Server    // for looking at; it ends with the topology
	kept  map[string]string // parts that each process has kept, as it counts them
}

// One file comes through the balancer of 10k into the object store: both web
// processes take parts of it in turn, one of them is killed in the middle of a
// part, and the other goes on from what is kept. What is there in the end is what
// an upload that nothing happened to leaves.
func TestUpload_throughBothProcesses(t *testing.T) {
	t.Parallel()
	top := rig.Up(t, rig.Plan{Tier: "10k"})
	bucket, access, secret := top.Bucket()
	u := &shared{Topology: top, db: databaseOf(t, top), kept: map[string]string{},
		store: &s3test.Server{Endpoint: "http://" + top.Store.Address, Bucket: bucket, AccessKey: access, SecretKey: secret}}
	owner := top.Site(t).Visit()
	owner.SetUp(ownerEmail, password, "Harbour & Field")
	// The same way without any harm, as a measure.
	other := owner.SubmitFiles(owner.Get("/studio/harbour-field/new"), "#compose", url.Values{"intent": {"upload"}, "title": {workTitle}},
		[]rig.File{{Field: "files", Name: "other.jpg", Content: weighty(t, 12)}})
	u.tus = begin(t, owner, "large.jpg", weighty(t, 11))

	for _, s := range top.Web() { // or one of them takes nothing for some seconds
		top.AwaitTrust(t, s)
	}
	const piece, before = 1 << 20, 10
	by := map[string]int{}
	for i := range before {
		u.send(t, i*piece, (i+1)*piece, http.StatusNoContent)
		by[u.taker(t)]++
	}
	if by["web-1"] < 2 || by["web-2"] < 2 || by["web-1"]+by["web-2"] != before {
		t.Fatalf("of %d parts the processes took %v", before, by)
	}

	c := newCrowd(t, top.Site(t), visited{url: top.URL + "/explore", says: "</html>"})
	c.visit(50 * time.Millisecond)
	at := u.killTaker(t, c, before*piece)
	for ; at < len(u.content); at += piece {
		u.send(t, at, min(at+piece, len(u.content)), http.StatusNoContent)
		if name := u.taker(t); by[name] == 0 || !top.Server(name).Running() {
			t.Errorf("the bytes from %d on were taken by %q", at, name)
		}
	}
	u.ready()
	work := owner.Submit(owner.Get(u.compose.Path), "#compose", url.Values{"intent": {"publish"}, "title": {workTitle}})
	if !strings.HasPrefix(work.Path, "/@") {
		t.Fatalf("the work was not published: %s", work)
	}
	c.leave()

	for _, s := range top.Web() {
		if !s.Running() {
			if err := s.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	other = owner.Await(other.Path, "the other file to be ready", func(p *rig.Page) bool { return p.Find(`[data-file][data-state="ready"]`).Length() == 1 })
	owner.Submit(other, "#compose", url.Values{"intent": {"publish"}, "title": {workTitle}})
	u.isWhole(t)
	u.isPrivate(t)
	u.isShown(t, work.Path)
}

// weighty is a photo of 20 MB, most of it comments: it takes three parts, and its
// renditions little time.
func weighty(t *testing.T, seed byte) []byte {
	t.Helper()
	small := mediatest.JPEG(t, 800, 600)
	out := bytes.NewBuffer(small[:2:2])
	noise, comment := rand.NewChaCha8([32]byte{seed}), make([]byte, 65_000)
	for out.Len() < 20<<20 {
		_, _ = noise.Read(comment)
		out.Write([]byte{0xFF, 0xFE, byte((len(comment) + 2) >> 8), byte((len(comment) + 2) & 255)})
		out.Write(comment)
	}
	out.Write(small[2:])
	return out.Bytes()
}

// taker is the process that has kept the last part.
func (u *shared) taker(t *testing.T) (name string) {
	t.Helper()
	u.Eventually(t, "a process to have counted the part", func() bool {
		for _, s := range u.Web() {
			if !s.Running() {
				continue
			}
			n := u.Process(t, s).Metric(`vitrine_http_requests_total{method="PATCH",route="/studio/:slug/uploads/:upload",status="204"}`)
			if n != u.kept[s.Name] {
				u.kept[s.Name], name = n, s.Name
			}
		}
		return name != ""
	})
	return name
}

// killTaker sends a part on a slow line, kills the process that takes it once some
// of it is in the store, and gives from where on the upload goes on.
func (u *shared) killTaker(t *testing.T, c *crowd, from int) (at int) {
	t.Helper()
	const whole = 16 << 20 // two parts of the store
	slow := u.owner.SendSlowly(http.MethodPatch, u.at, patch(from), u.content[from:], whole-from+1<<20)
	u.db.Await(t, "select received >= $1 from uploads where id = $2", whole, u.id())
	taker := u.filling(t)
	if len(taker) != 1 {
		t.Fatalf("the part is taken by %d processes", len(taker))
	}
	began := time.Now()
	taker[0].Kill()
	if p := slow.Finish(); p.Status == http.StatusNoContent {
		t.Errorf("a part whose process was killed is answered with %s", p)
	}
	// The dead one's lease has to run out: who asks is told to wait, or waits. That
	// is nobody else's business.
	answers := 0
	u.Eventually(t, "the upload to be somebody's again", func() bool {
		p := u.owner.Send(http.MethodHead, u.at, tusHeader(), nil)
		answers++
		if p.Status != http.StatusOK && p.Status != http.StatusLocked {
			t.Errorf("how far the upload is was answered with %d, %s after its process was killed", p.Status, time.Since(began))
		}
		at, _ = strconv.Atoi(p.Header.Get("Upload-Offset"))
		return p.Status == http.StatusOK
	})
	t.Logf("%s was killed, and the upload goes on at %d after %s and %d answers; %d pages were asked for", taker[0].Name, at, time.Since(began), answers, c.asked.Load())
	if at < whole || at > whole+1<<20 {
		t.Errorf("the upload goes on at %d; %d bytes were kept, 1 MiB more had been sent", at, whole)
	}
	return at
}

// filling lists the processes that hold a file for a part, which has no name any
// more.
func (u *shared) filling(t *testing.T) (found []*rig.Server) {
	t.Helper()
	for _, s := range u.Web() {
		open, err := filepath.Glob(filepath.Join("/proc", strconv.Itoa(s.Pid()), "fd", "*"))
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(open, func(fd string) bool {
			to, err := os.Readlink(fd)
			return err == nil && strings.HasPrefix(to, u.Data(s)) && strings.HasPrefix(path.Base(to), "part-") && strings.HasSuffix(to, " (deleted)")
		}) {
			found = append(found, s)
		}
	}
	return found
}

// id is the upload's, and the file's.
func (u *shared) id() string { return path.Base(u.at) }

// isWhole looks at what is kept: of the file, each thing once, and nothing else.
func (u *shared) isWhole(t *testing.T) {
	t.Helper()
	u.Eventually(t, "everything to be done", func() bool { return idle(t, u.db) })
	key := "original/" + u.id()
	o, err := u.store.Client().GetObject(t.Context(), &s3.GetObjectInput{Bucket: &u.store.Bucket, Key: &key})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = o.Body.Close() }()
	got := sha256.New()
	if n, err := io.Copy(got, o.Body); err != nil || n != int64(len(u.content)) || [sha256.Size]byte(got.Sum(nil)) != sha256.Sum256(u.content) {
		t.Errorf("the original has %d bytes that are not the %d that were sent: %v", n, len(u.content), err)
	}
	names := func(which string) (names string) {
		u.db.Row(t, "select coalesce(string_agg(name, ' ' order by name), '') from renditions where media_id "+which+" cast($1 as uuid)", u.id())(&names)
		return names
	}
	if mine, others := names("="), names("<>"); mine != others || strings.Count(mine, " ") < 3 {
		t.Errorf("the renditions are %s; those of an upload that nothing happened to are %s", mine, others)
	}
	want := u.keys(t, "select key from renditions union all select 'original/' || id from media order by 1")
	there := objects(t, u.store)
	slices.Sort(there)
	if !slices.Equal(there, want) {
		t.Errorf("the bucket has %v, want %v", there, want)
	}
	for query, want := range map[string]int{
		"select count(*) from media where state = 'ready' and store = 's3'":                                          2,
		"select count(*) - count(distinct (media_id, name)) from renditions":                                         0,
		"select (select count(*) from renditions) - (select count(*) from storage_ledger where entry = 'rendition')": 0,
		"select count(*) from outbox where event = 'media.processed.v1'":                                             2,
		"select count(*) from upload_locks where leased_until is not null":                                           0,
	} {
		if got := u.db.Count(t, query); got != want {
			t.Errorf("%s: got %d, want %d", query, got, want)
		}
	}
	for _, s := range u.Processes {
		if left := filesIn(t, u.Data(s)); len(left) > 0 {
			t.Errorf("%s leaves %v", s.Name, left)
		}
	}
}

// keys reads one text of each row.
func (u *shared) keys(t *testing.T, query string) (keys []string) {
	t.Helper()
	rows, err := u.db.Owner.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(keys)
	return keys
}

// filesIn lists the files below a directory.
func filesIn(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(at string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && e.Name() != "lock" { // which holds a place
			files = append(files, at)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// isPrivate asks for the original without any right to it, wherever one could.
func (u *shared) isPrivate(t *testing.T) {
	t.Helper()
	for _, at := range []string{u.store.Endpoint + "/" + u.store.Bucket + "/original/" + u.id(), u.store.Endpoint + "/" + u.store.Bucket, u.store.Endpoint + "/" + u.store.Bucket + "?uploads"} {
		if status, _ := fetch(t, at); status != http.StatusForbidden {
			t.Errorf("%s answers somebody without a key with %d", at, status)
		}
	}
	for _, at := range []string{u.MediaURL + "/original/" + u.id(), u.MediaURL + "/m/" + u.id() + "/original", u.MediaURL + "/m/original/" + u.id()} {
		if status, _ := fetch(t, at); status != http.StatusNotFound {
			t.Errorf("%s answers %d", at, status)
		}
	}
	at := u.URL + "/studio/harbour-field/media/" + u.id() + "/original"
	if status, body := fetch(t, at); status == http.StatusOK || len(body) > 1<<20 {
		t.Errorf("a visitor gets %d and %d bytes of the original", status, len(body))
	}
	if status, body := fetch(t, at, u.owner.Cookies()...); body != string(u.content) {
		t.Errorf("the owner gets %d and %d bytes of the original", status, len(body))
	}
}

// isShown looks at the work as a visitor, and at each rendition at the CDN's host.
func (u *shared) isShown(t *testing.T, work string) {
	t.Helper()
	src, set := u.Site(t).Visit().Get(work).Find(".stage img").AttrOr("src", ""), u.MediaURL+"/m/"+u.id()+"/"
	if !strings.HasPrefix(src, set) {
		t.Errorf("the work shows %q, want a picture below %s", src, set)
	}
	rows := u.keys(t, "select name || ' ' || bytes from renditions where media_id = '"+u.id()+"'")
	for _, row := range rows {
		name, size, _ := strings.Cut(row, " ")
		status, body := fetch(t, set+name)
		if status != http.StatusOK || fmt.Sprint(len(body)) != size {
			t.Errorf("%s answers %d with %d bytes, want %s", set+name, status, len(body), size)
		}
	}
}

// fetch asks for a URL, as nobody without cookies, and follows nothing.
func fetch(t *testing.T, at string, cookies ...*http.Cookie) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, at, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cookies {
		req.AddCookie(c)
	}
	client := &http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(raw)
}
