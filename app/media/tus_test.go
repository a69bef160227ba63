package media

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/uuid"
	"github.com/tus/tusd/v2/pkg/handler"
	"golang.org/x/exp/slog"

	"vitrine/app/platform/db"
)

func pieces(s string) io.Reader { return iotest.OneByteReader(strings.NewReader(s)) }

// original is what the store has of an upload.
func (w *world) original(up Upload) string {
	w.t.Helper()
	o, err := w.blobs.Open(context.Background(), originalKey(up.ID))
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = o.Close() }()
	b, err := io.ReadAll(o)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(b)
}

// serve runs tusd over a service, as the web layer does.
func (w *world) serve(s *Service, as Sender) *httptest.Server {
	w.t.Helper()
	h, err := handler.NewHandler(handler.Config{StoreComposer: s.Composer(), BasePath: "/", MaxSize: MaxVideoBytes,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		w.t.Fatal(err)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(rw, r.WithContext(WithSender(db.Guard(r.Context()), as)))
	}))
	w.t.Cleanup(srv.Close)
	return srv
}

type answerOf struct {
	status int
	body   string
	header http.Header
}

// send makes one request of the protocol. headers are name, value, …
func send(t testing.TB, method, url string, body io.Reader, headers ...string) answerOf {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Tus-Resumable", "1.0.0")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := (&http.Client{Timeout: 2 * time.Minute}).Do(req)
	if err != nil {
		return answerOf{body: err.Error()}
	}
	defer func() { _ = res.Body.Close() }()
	b, _ := io.ReadAll(res.Body)
	return answerOf{res.StatusCode, string(b), res.Header}
}

func metadata(pairs ...string) string {
	var out []string
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, pairs[i]+" "+base64.StdEncoding.EncodeToString([]byte(pairs[i+1])))
	}
	return strings.Join(out, ",")
}

func create(t testing.TB, srv *httptest.Server, size int, meta ...string) answerOf {
	t.Helper()
	return send(t, http.MethodPost, srv.URL+"/", nil, "Upload-Length", strconv.Itoa(size), "Upload-Metadata", metadata(meta...))
}

func patch(t testing.TB, url string, offset int64, body io.Reader) answerOf {
	t.Helper()
	return send(t, http.MethodPatch, url, body, "Content-Type", "application/offset+octet-stream", "Upload-Offset", strconv.FormatInt(offset, 10))
}

func offset(t testing.TB, url string) int64 {
	t.Helper()
	a := send(t, http.MethodHead, url, nil)
	n, err := strconv.ParseInt(a.header.Get("Upload-Offset"), 10, 64)
	if err != nil {
		t.Fatalf("HEAD %d: %v", a.status, err)
	}
	return n
}

// through sends something to an upload, and waits until the process that got it
// is done with it: a line that breaks can hold all of it before a byte is read.
func (w *world) through(id string, send func()) {
	w.t.Helper()
	before := w.Count(w.t, `select fence from upload_locks where upload_id = $1`, id)
	send()
	w.Await(w.t, `select fence > $1 and leased_until is null from upload_locks where upload_id = $2`, before, id)
}

func noise(n int) []byte {
	b := make([]byte, n)
	src := rand.NewChaCha8([32]byte{1})
	_, _ = src.Read(b)
	return b
}

// TestTus_interruptionsAndRestart sends a file through a connection that breaks
// in the middle of a chunk, and a server that is replaced in the middle.
func TestTus_interruptionsAndRestart(t *testing.T) { onEachStore(t, testTus_interruptionsAndRestart) }

func testTus_interruptionsAndRestart(t *testing.T, w *world) {
	content := noise(3 << 20)
	srv := w.serve(w.web, w.sender)
	made := create(t, srv, len(content), "filename", "../../ridges\u202Egpj.jpg", "filetype", "image/jpeg", "fingerprint", "abc")
	if made.status != 201 {
		t.Fatalf("%d: %s", made.status, made.body)
	}
	where := strings.TrimPrefix(made.header.Get("Location"), srv.URL)
	up := Upload{ID: uuid.MustParse(strings.Trim(where, "/"))}

	if a := patch(t, srv.URL+where, 0, bytes.NewReader(content[:1<<20])); a.status != 204 {
		t.Fatalf("%d: %s", a.status, a.body)
	}
	// The line breaks after half a megabyte of the next megabyte.
	broken := io.MultiReader(bytes.NewReader(content[1<<20:3<<19]), iotest.ErrReader(io.ErrUnexpectedEOF))
	w.through(up.ID.String(), func() { patch(t, srv.URL+where, 1<<20, broken) })
	at := offset(t, srv.URL+where)
	if at < 1<<20 || at > 3<<19 {
		t.Fatalf("after the break the offset is %d", at)
	}
	m := w.media(up.ID)
	if m.State != StateUploading || m.Upload == nil || m.Upload.Received != at || m.Filename != "ridgesgpj.jpg" || m.Upload.Fingerprint != "abc" {
		t.Errorf("a page would show %+v, upload %+v", m, m.Upload)
	}

	srv.CloseClientConnections()
	srv.Close()
	next := w.service(w.App, nil)
	srv = w.serve(next, w.sender)
	at = offset(t, srv.URL+where)
	if a := patch(t, srv.URL+where, at+1, bytes.NewReader(content[at+1:])); a.status != 409 {
		t.Errorf("a wrong offset gave %d", a.status)
	}
	if a := patch(t, srv.URL+where, at, bytes.NewReader(content[at:])); a.status != 204 || a.header.Get("Upload-Offset") != strconv.Itoa(len(content)) {
		t.Fatalf("the last chunk gave %d: %s", a.status, a.body)
	}
	if offset(t, srv.URL+where) != int64(len(content)) {
		t.Error("a browser that missed the last answer would not learn that it is done")
	}
	if got := w.original(up); got != string(content) {
		t.Error("the bytes differ")
	}
	if m := w.media(up.ID); m.State != StateChecking || m.Store != w.blobs.Name() {
		t.Errorf("state %s, store %q", m.State, m.Store)
	}
	if n := w.Count(t, `select count(*) from outbox where event = 'media.uploaded.v1'`); n != 1 {
		t.Errorf("%d events", n)
	}
	if a := send(t, http.MethodDelete, srv.URL+where, nil); a.status != 409 {
		t.Errorf("cancelling what has arrived gave %d", a.status)
	}
	w.balanced()
}

func TestTus_createdOnceByKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	srv := w.serve(w.web, w.sender)
	first := create(t, srv, 100, "filename", "a.jpg", "key", "0123456789abcdef")
	again := create(t, srv, 100, "filename", "a.jpg", "key", "0123456789abcdef")
	if first.status != 201 || again.status != 201 || first.header.Get("Location") != again.header.Get("Location") {
		t.Errorf("%+v and %+v", first, again)
	}
	if n := w.Count(t, `select count(*) from media`); n != 1 {
		t.Errorf("%d files", n)
	}
}

func TestTus_refusalsAreSentences(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	srv := w.serve(w.web, w.sender)
	w.Exec(t, `insert into storage_usage (studio_id, used, updated_at) values ($1, 4990000000, now())`, w.sender.StudioID)
	for name, c := range map[string]struct {
		size   int
		meta   []string
		status int
		want   string
	}{
		"empty":           {0, []string{"filename", "void.jpg"}, 422, "void.jpg is empty. Export it again and choose it once more."},
		"photo too large": {61_000_000, []string{"filename", "wall.png"}, 422, "wall.png has 61 MB; photos may have up to 50 MB."},
		"no room":         {48_900_000, []string{"filename", "wall.png"}, 422, "wall.png needs 48.9 MB and your studio has 10 MB left."},
		"bad key":         {10, []string{"filename", "wall.png", "key", "short"}, 422, "."},
		"no metadata":     {10, nil, 201, ""},
		"hostile name":    {10, []string{"filename", "\x00\xff" + strings.Repeat("é", 5000)}, 201, ""},
	} {
		a := create(t, srv, c.size, c.meta...)
		if a.status != c.status || !strings.Contains(a.body, c.want) || strings.Contains(a.body, "ERR_") {
			t.Errorf("%s: %d %q", name, a.status, a.body)
		}
	}
	if a := send(t, http.MethodPost, srv.URL+"/", nil, "Upload-Length", "3000000000", "Upload-Metadata", metadata("filename", "film.mp4", "filetype", "video/mp4")); a.status != 413 {
		t.Errorf("a film of 3 GB gave %d", a.status)
	}
	w.Exec(t, `delete from storage_usage`)
	w.Exec(t, `delete from media`)
	w.Exec(t, `delete from storage_ledger`)
}

func TestTus_cancelFreesTheRoom(t *testing.T) { onEachStore(t, testTus_cancelFreesTheRoom) }

func testTus_cancelFreesTheRoom(t *testing.T, w *world) {
	srv := w.serve(w.web, w.sender)
	made := create(t, srv, 1000, "filename", "a.jpg")
	url := made.header.Get("Location")
	patch(t, url, 0, bytes.NewReader(noise(500)))
	if u := w.usage(); u.Reserved != 1000 {
		t.Errorf("reserved %d", u.Reserved)
	}
	if a := send(t, http.MethodDelete, url, nil); a.status != 204 {
		t.Fatalf("cancelling gave %d: %s", a.status, a.body)
	}
	if a := patch(t, url, 500, bytes.NewReader(noise(500))); a.status != 404 {
		t.Errorf("a cancelled upload took bytes: %d", a.status)
	}
	w.drain()
	if u := w.usage(); u.Reserved != 0 || u.Used != 0 {
		t.Errorf("after cancelling: %+v", u)
	}
	if n := w.Count(t, `select count(*) from media`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	if left, _ := os.ReadDir(filepath.Join(w.dir, "uploads", "incoming")); len(left) != 0 {
		t.Errorf("%d files are left", len(left))
	}
	w.balanced()
}

func (w *world) usage() (u Usage) {
	w.t.Helper()
	if err := w.App.TenantRead(context.Background(), w.sender.StudioID, func(r db.Reader) (err error) {
		u, err = w.web.Usage(context.Background(), r, w.sender.StudioID)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return u
}

// TestFinish_killedBetweenItsHalves leaves an upload as a process that died at
// each point of the end would, and lets the browser or the schedule come by.
func TestFinish_killedBetweenItsHalves(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name           string
		adopted, sweep bool
	}{{"all received", false, false}, {"all received, by the schedule", false, true}, {"in the store", true, false}, {"in the store, by the schedule", true, true}} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			up := w.begin(10)
			if err := os.WriteFile(w.arriving(up.ID), []byte("0123456789"), 0o600); err != nil {
				t.Fatal(err)
			}
			w.Exec(t, `update uploads set received = 10 where id = $1`, up.ID)
			if c.adopted {
				if _, err := w.blobs.Adopt(context.Background(), originalKey(up.ID), w.arriving(up.ID)); err != nil {
					t.Fatal(err)
				}
			}
			for range 2 {
				if c.sweep {
					w.clock.Advance(time.Minute)
					if err := w.jobs.Tidy(context.Background()); err != nil {
						t.Fatal(err)
					}
				} else if n := offset(t, w.serve(w.web, w.sender).URL+"/"+up.ID.String()); n != 10 {
					t.Fatalf("offset %d", n)
				}
			}
			if m := w.media(up.ID); m.State != StateChecking || w.original(up) != "0123456789" {
				t.Errorf("state %s", m.State)
			}
			if n := w.Count(t, `select count(*) from outbox where event = 'media.uploaded.v1'`); n != 1 {
				t.Errorf("%d events", n)
			}
			w.balanced()
		})
	}
}

// TestTus_powerCut finds less on the disk than its row says, and goes on there.
func TestTus_powerCut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, left := range []int64{4, 0} {
		up := w.begin(10)
		if err := os.WriteFile(w.arriving(up.ID), []byte("0123456789")[:left], 0o600); err != nil {
			t.Fatal(err)
		}
		w.Exec(t, `update uploads set received = 10 where id = $1`, up.ID)
		url := w.serve(w.web, w.sender).URL + "/" + up.ID.String()
		if n := offset(t, url); n != left {
			t.Fatalf("offset %d instead of %d", n, left)
		}
		if a := patch(t, url, left, strings.NewReader("0123456789"[left:])); a.status != 204 {
			t.Fatalf("%d: %s", a.status, a.body)
		}
		if w.original(up) != "0123456789" {
			t.Error("the bytes differ")
		}
	}
}

func TestTus_secondRequestTakesOver(t *testing.T) { onEachStore(t, testTus_secondRequestTakesOver) }

func testTus_secondRequestTakesOver(t *testing.T, w *world) {
	content := noise(1 << 20)
	srv := w.serve(w.web, w.sender)
	url := create(t, srv, len(content), "filename", "a.jpg").header.Get("Location")
	body, feed := io.Pipe()
	ended := make(chan answerOf, 1)
	go func() { ended <- patch(t, url, 0, body) }()
	if _, err := feed.Write(content[:600_000]); err != nil {
		t.Fatal(err)
	}
	w.Await(t, `select exists (select from upload_locks where leased_until is not null)`)
	at := offset(t, url) // asks the first to let go
	if a := patch(t, url, at, bytes.NewReader(content[at:])); a.status != 204 {
		t.Errorf("%d: %s", a.status, a.body)
	}
	_ = feed.CloseWithError(io.ErrUnexpectedEOF)
	<-ended
	if got := w.original(Upload{ID: uuid.MustParse(url[len(url)-36:])}); got != string(content) {
		t.Error("the bytes differ")
	}
}
