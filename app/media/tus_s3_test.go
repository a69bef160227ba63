package media

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/uuid"

	"vitrine/app/platform/blob"
	"vitrine/app/platform/s3test"
)

// waiting is what an object store holds of uploads under way: parts and tails.
func waiting(t testing.TB, server *s3test.Server) (parts, tails int) {
	t.Helper()
	open, err := server.Client().ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: &server.Bucket})
	if err != nil {
		t.Fatal(err)
	}
	prefix := "incoming/"
	list, err := server.Client().ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: &server.Bucket, Prefix: &prefix})
	if err != nil {
		t.Fatal(err)
	}
	return len(open.Uploads), len(list.Contents)
}

// unsent is how much of a body that is cut may never leave the client: what it
// has read and not written yet.
const unsent = 64 << 10

func cut(b []byte) io.Reader {
	return io.MultiReader(bytes.NewReader(b), iotest.ErrReader(io.ErrUnexpectedEOF))
}

// TestTusS3_eachProcessGoesOn sends a film of three parts through lines that
// break anywhere, each time to another process on another machine: nothing of
// what was acknowledged is sent twice, and nothing is left behind.
func TestTusS3_eachProcessGoesOn(t *testing.T) {
	t.Parallel()
	w, server := newS3World(t)
	content := noise(2*(8<<20) + 3_000_001)
	machine := func() string {
		s, err := New(Config{DB: w.App, Outbox: w.web.outbox, Blobs: w.blobs, Dir: t.TempDir(), Clock: w.clock.Now, Log: w.web.log})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return w.serve(s, w.sender).URL
	}
	made := send(t, http.MethodPost, machine()+"/", nil, "Upload-Length", "19777217", "Upload-Metadata", metadata("filename", "film.mp4", "filetype", "video/mp4"))
	if made.status != 201 {
		t.Fatalf("%d: %s", made.status, made.body)
	}
	id := made.header.Get("Location")
	id = id[strings.LastIndexByte(id, '/')+1:]
	at := int64(0)
	for _, end := range []int{1000, 5 << 20, 8 << 20, 8<<20 + 1, 17 << 20, len(content)} {
		url := machine() + "/" + id
		got := offset(t, url)
		if got > at || got < at-unsent {
			t.Fatalf("the next process would go on at %d instead of %d", got, at)
		}
		at = got
		body := cut(content[at:end])
		if end == len(content) {
			body = bytes.NewReader(content[at:])
		}
		var a answerOf
		w.through(id, func() { a = patch(t, url, at, body) })
		if end == len(content) && a.status != 204 {
			t.Fatalf("the last bytes gave %d: %s", a.status, a.body)
		}
		at = int64(end)
		if _, tails := waiting(t, server); tails > 1 {
			t.Errorf("%d tails wait after %d bytes", tails, end)
		}
	}
	if got := w.original(Upload{ID: uuid.MustParse(id)}); got != string(content) {
		t.Error("the bytes differ")
	}
	if m := w.media(uuid.MustParse(id)); m.State != StateChecking || m.Store != "s3" {
		t.Errorf("state %s, store %q", m.State, m.Store)
	}
	if parts, tails := waiting(t, server); parts != 0 || tails != 0 {
		t.Errorf("%d uploads in parts and %d tails are left", parts, tails)
	}
	w.balanced()
}

// TestTusS3_storeAway takes the store away in the middle of a file: the browser
// is told in a sentence, soon, and what was acknowledged is still there.
func TestTusS3_storeAway(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]func(*s3test.Server){"killed": (*s3test.Server).Kill, "frozen": (*s3test.Server).Freeze} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const patience = 4 * time.Second
			w, server := newHastyWorld(t, patience)
			content := noise(10 << 20)
			url := create(t, w.serve(w.web, w.sender), len(content), "filename", "a.jpg").header.Get("Location")
			w.goesOn(url, content[:9<<20])
			harm(server)
			began := time.Now()
			a := patch(t, url, 9<<20, bytes.NewReader(content[9<<20:]))
			if a.status != 503 || !strings.Contains(a.body, ".") || strings.Contains(a.body, "ERR_") {
				t.Errorf("without the store a chunk gave %d %q", a.status, a.body)
			}
			if took := time.Since(began); took > 10*patience {
				t.Errorf("it took %s", took)
			}
			server.Thaw()
			server.Kill()
			server.Start()
			w.eventually(`select leased_until is null from upload_locks`)
			if at := w.back(url); at != 9<<20 {
				t.Fatalf("it goes on at %d", at)
			}
			w.goesOn(url, content)
			if got := w.original(Upload{ID: uuid.MustParse(url[len(url)-36:])}); got != string(content) {
				t.Error("the bytes differ")
			}
			w.balanced()
		})
	}
}

// goesOn sends an upload so much of its content, from where it stands. On a busy
// machine the store may not answer in time, and then it goes on once more.
func (w *world) goesOn(url string, content []byte) {
	w.t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; {
		at := w.back(url)
		a := patch(w.t, url, at, bytes.NewReader(content[at:]))
		if a.status == 204 {
			return
		}
		if a.status != 503 || time.Now().After(deadline) {
			w.t.Fatalf("%d: %s", a.status, a.body)
		}
	}
}

// back asks for the offset until the store is asked again.
func (w *world) back(url string) int64 {
	w.t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); ; <-tick.C {
		if a := send(w.t, http.MethodHead, url, nil); a.status == 200 {
			return offset(w.t, url)
		} else if time.Now().After(deadline) {
			w.t.Fatalf("the offset cannot be asked: %d %s", a.status, a.body)
		}
	}
}

// TestTusS3_emptiedByHand loses what waited in the store: the file is sent again
// from where it is whole.
func TestTusS3_emptiedByHand(t *testing.T) {
	t.Parallel()
	w, server := newS3World(t)
	content := noise(18 << 20)
	url := create(t, w.serve(w.web, w.sender), len(content), "filename", "a.jpg").header.Get("Location")
	id := uuid.MustParse(url[len(url)-36:])
	if a := patch(t, url, 0, bytes.NewReader(content[:10<<20])); a.status != 204 {
		t.Fatalf("%d: %s", a.status, a.body)
	}
	if err := w.blobs.List(t.Context(), "incoming/", func(e blob.Entry) error { return w.blobs.Delete(t.Context(), e.Key) }); err != nil {
		t.Fatal(err)
	}
	if at := offset(t, url); at != 8<<20 {
		t.Fatalf("without the tail it goes on at %d", at)
	}
	open, err := server.Client().ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: &server.Bucket})
	if err != nil || len(open.Uploads) != 1 {
		t.Fatalf("%d uploads in parts: %v", len(open.Uploads), err)
	}
	if _, err := server.Client().AbortMultipartUpload(t.Context(), &s3.AbortMultipartUploadInput{Bucket: &server.Bucket, Key: open.Uploads[0].Key, UploadId: open.Uploads[0].UploadId}); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(time.Minute)
	for at := int64(8 << 20); at != 0; at = offset(t, url) { // on a busy machine the store may not answer in time at first
		if a := patch(t, url, at, bytes.NewReader(content[at:])); a.status != 503 {
			t.Fatalf("a part of what is lost gave %d: %s", a.status, a.body)
		}
		if time.Now().After(deadline) {
			t.Fatalf("without its parts it goes on at %d", at)
		}
	}
	if a := patch(t, url, 0, bytes.NewReader(content)); a.status != 204 {
		t.Fatalf("%d: %s", a.status, a.body)
	}
	if w.original(Upload{ID: id}) != string(content) {
		t.Error("the bytes differ")
	}
	w.balanced()
}

// TestTusS3_killedAtTheEnd leaves an upload as a process that died between its
// last byte and the row would.
func TestTusS3_killedAtTheEnd(t *testing.T) {
	t.Parallel()
	for _, joined := range []bool{false, true} {
		w, _ := newS3World(t)
		content := noise(9 << 20)
		url := create(t, w.serve(w.web, w.sender), len(content), "filename", "a.jpg").header.Get("Location")
		id := uuid.MustParse(url[len(url)-36:])
		if a := patch(t, url, 0, bytes.NewReader(content)); a.status != 204 {
			t.Fatalf("%d: %s", a.status, a.body)
		}
		if !joined { // as it was before its parts were joined: sent again from another place
			w.Exec(t, `update uploads set finished_at = null, received = 0, handle = '' where id = $1`, id)
			w.Exec(t, `update media set state = 'uploading', store = '' where id = $1`, id)
			w.Exec(t, `delete from storage_ledger where media_id = $1 and entry <> 'reserve'`, id)
			w.Exec(t, `update storage_usage set used = 0, reserved = $1`, len(content))
			w.Exec(t, `delete from outbox`)
			if err := w.blobs.Delete(t.Context(), originalKey(id)); err != nil {
				t.Fatal(err)
			}
			w.sendParts(id, content)
		} else {
			w.Exec(t, `update uploads set finished_at = null where id = $1`, id)
			w.Exec(t, `update media set state = 'uploading', store = '' where id = $1`, id)
			w.Exec(t, `delete from storage_ledger where media_id = $1 and entry <> 'reserve'`, id)
			w.Exec(t, `update storage_usage set used = 0, reserved = $1`, len(content))
			w.Exec(t, `delete from outbox`)
		}
		w.clock.Advance(time.Minute)
		for range 2 {
			if err := w.jobs.Tidy(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if m := w.media(id); m.State != StateChecking || m.Store != "s3" || w.original(Upload{ID: id}) != string(content) {
			t.Errorf("joined %v: state %s in %q", joined, m.State, m.Store)
		}
		if n := w.Count(t, `select count(*) from outbox where event = 'media.uploaded.v1'`); n != 1 {
			t.Errorf("%d events", n)
		}
		w.balanced()
	}
}

// sendParts stores all parts of an upload and commits them, and dies there.
func (w *world) sendParts(id uuid.UUID, content []byte) {
	w.t.Helper()
	store, ok := w.blobs.(*blob.Set).Store.(blob.Parts)
	if !ok {
		w.t.Fatal("the store takes no parts")
	}
	ctx := context.Background()
	handle, err := store.BeginParts(ctx, originalKey(id))
	if err != nil {
		w.t.Fatal(err)
	}
	size := int(store.PartSize())
	for n := 0; n*size < len(content); n++ {
		part := content[n*size : min((n+1)*size, len(content))]
		if err := store.PutPart(ctx, originalKey(id), handle, n+1, bytes.NewReader(part), int64(len(part))); err != nil {
			w.t.Fatal(err)
		}
	}
	w.Exec(w.t, `update uploads set received = size, handle = $2 where id = $1`, id, handle)
}

// TestTusS3_cancelled leaves nothing in the store, nor on disk.
func TestTusS3_cancelled(t *testing.T) {
	t.Parallel()
	w, server := newS3World(t)
	url := create(t, w.serve(w.web, w.sender), 30<<20, "filename", "a.jpg").header.Get("Location")
	if a := patch(t, url, 0, bytes.NewReader(noise(9<<20))); a.status != 204 {
		t.Fatalf("%d: %s", a.status, a.body)
	}
	if parts, tails := waiting(t, server); parts != 1 || tails != 1 {
		t.Fatalf("%d and %d", parts, tails)
	}
	if a := send(t, http.MethodDelete, url, nil); a.status != 204 {
		t.Fatalf("cancelling gave %d: %s", a.status, a.body)
	}
	w.drain()
	if parts, tails := waiting(t, server); parts != 0 || tails != 0 {
		t.Errorf("%d uploads in parts and %d tails are left", parts, tails)
	}
	w.balanced()
}

// TestTusS3_onDiskBefore finishes an upload that began on disk before the site
// was switched over: it goes on there and ends in the object store.
func TestTusS3_onDiskBefore(t *testing.T) {
	t.Parallel()
	w, _ := newS3World(t)
	content := noise(2 << 20)
	before, err := blob.Open(blob.Config{Kind: "disk", Dir: filepath.Join(w.dir, "blobs")})
	if err != nil {
		t.Fatal(err)
	}
	old, err := New(Config{DB: w.App, Outbox: w.web.outbox, Blobs: before, Dir: filepath.Join(w.dir, "uploads"), Clock: w.clock.Now, Log: w.web.log})
	if err != nil {
		t.Fatal(err)
	}
	srv := w.serve(old, w.sender)
	url := create(t, srv, len(content), "filename", "a.jpg").header.Get("Location")
	id := uuid.MustParse(url[len(url)-36:])
	if a := patch(t, url, 0, bytes.NewReader(content[:1<<20])); a.status != 204 {
		t.Fatalf("%d: %s", a.status, a.body)
	}
	srv.Close()
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	url = w.serve(w.web, w.sender).URL + "/" + id.String()
	if at := offset(t, url); at != 1<<20 {
		t.Fatalf("after the switch it goes on at %d", at)
	}
	if a := patch(t, url, 1<<20, bytes.NewReader(content[1<<20:])); a.status != 204 {
		t.Fatalf("%d: %s", a.status, a.body)
	}
	if m := w.media(id); m.Store != "s3" || w.original(Upload{ID: id}) != string(content) {
		t.Errorf("it lies in %q", m.Store)
	}
	if _, err := os.Stat(w.arriving(id)); !os.IsNotExist(err) {
		t.Errorf("the file on disk: %v", err)
	}
	w.balanced()
}
