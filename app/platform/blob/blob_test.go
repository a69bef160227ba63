package blob

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/s3test"
)

// stores is every implementation; each has to keep the same promises.
func stores(t *testing.T) map[string]Store {
	t.Helper()
	d, err := Open(Config{Kind: "disk", Dir: filepath.Join(t.TempDir(), "blobs")})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]Store{"disk": d, "s3": onS3(t, s3test.New(t))}
}

// onS3 opens a store on a server.
func onS3(t testing.TB, s *s3test.Server) *bucket {
	t.Helper()
	return openBucket(t, S3{Endpoint: s.Endpoint, Region: s.Region, Bucket: s.Bucket, AccessKey: s.AccessKey, SecretKey: s.SecretKey})
}

func openBucket(t testing.TB, c S3) *bucket {
	t.Helper()
	c.Temp, c.Patience = t.TempDir(), cmp.Or(c.Patience, time.Minute) // a machine full of tests is slower than any store
	s, err := Open(Config{Kind: "s3", S3: c})
	if err != nil {
		t.Fatal(err)
	}
	return s.(*bucket)
}

func TestStore_contract(t *testing.T) {
	for name, s := range stores(t) {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			n, err := s.Put(ctx, "original/a", strings.NewReader("first"))
			if err != nil || n != 5 {
				t.Fatalf("put: %d, %v", n, err)
			}
			if _, err := s.Put(ctx, "original/a", strings.NewReader("second one")); err != nil {
				t.Fatal(err)
			}
			if got := read(t, s, "original/a"); got != "second one" {
				t.Errorf("read %q", got)
			}
			broken := io.MultiReader(strings.NewReader("half"), failing{})
			if _, err := s.Put(ctx, "original/a", broken); !errors.Is(err, errFailing) {
				t.Errorf("a failing source gave %v", err)
			}
			if got := read(t, s, "original/a"); got != "second one" {
				t.Errorf("a failed put left %q", got)
			}
			file := filepath.Join(t.TempDir(), "f")
			if err := os.WriteFile(file, []byte("adopted"), 0o600); err != nil {
				t.Fatal(err)
			}
			if n, err := s.Adopt(ctx, "rendition/x/640.webp", file); err != nil || n != 7 {
				t.Fatalf("adopt: %d, %v", n, err)
			}
			if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
				t.Error("the adopted file is still there")
			}
			var keys []string
			if err := s.List(ctx, "rendition/", func(e Entry) error { keys = append(keys, e.Key); return nil }); err != nil {
				t.Fatal(err)
			}
			if len(keys) != 1 || keys[0] != "rendition/x/640.webp" {
				t.Errorf("listed %v", keys)
			}
			for range 2 { // the second time there is nothing to delete
				if err := s.Delete(ctx, "rendition/x/640.webp"); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := s.Open(ctx, "rendition/x/640.webp"); !fault.Is(err, fault.NotFound) {
				t.Errorf("a deleted object gave %v", err)
			}
			if _, err := s.Size(ctx, "rendition/x/640.webp"); !fault.Is(err, fault.NotFound) {
				t.Errorf("a deleted object gave %v", err)
			}
			if _, _, err := s.Local(ctx, "rendition/x/640.webp"); !fault.Is(err, fault.NotFound) {
				t.Errorf("a deleted object gave %v", err)
			}
			if err := s.Check(ctx); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestStore_pieces reads an object as a film is looked at: its size, its end, its
// middle; and gives it to tools as a file. It is larger than what any store
// sends or asks for at once.
func TestStore_pieces(t *testing.T) {
	content := make([]byte, partSize*2+12345)
	src := rand.NewChaCha8([32]byte{7})
	_, _ = src.Read(content)
	for name, s := range stores(t) {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			if n, err := s.Put(ctx, "original/film", bytes.NewReader(content)); err != nil || n != int64(len(content)) {
				t.Fatalf("put: %d, %v", n, err)
			}
			o, err := s.Open(ctx, "original/film")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = o.Close() }()
			if end, err := o.Seek(0, io.SeekEnd); err != nil || end != int64(len(content)) || o.ModTime().IsZero() {
				t.Fatalf("the end is at %d: %v", end, err)
			}
			for _, at := range []int64{int64(len(content)) - 100, 0, firstPiece - 50, partSize - 10} {
				if _, err := o.Seek(at, io.SeekStart); err != nil {
					t.Fatal(err)
				}
				got := make([]byte, 100)
				if _, err := io.ReadFull(o, got); err != nil || !bytes.Equal(got, content[at:at+100]) {
					t.Errorf("at %d the bytes differ (%v)", at, err)
				}
			}
			if n, err := o.Read(nil); n != 0 || err != nil {
				t.Errorf("reading nothing gave %d and %v", n, err)
			}
			if n, err := o.Seek(0, io.SeekCurrent); err != nil || n != partSize+90 {
				t.Errorf("it stands at %d: %v", n, err)
			}
			if _, err := o.Seek(-1, io.SeekStart); err == nil {
				t.Error("a place before the start should be refused")
			}
			path, release, err := s.Local(ctx, "original/film")
			if err != nil {
				t.Fatal(err)
			}
			if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, content) {
				t.Errorf("the file for tools has %d bytes: %v", len(got), err)
			}
			release()
			file := filepath.Join(t.TempDir(), "f")
			if err := os.WriteFile(file, content, 0o600); err != nil {
				t.Fatal(err)
			}
			if n, err := s.Adopt(ctx, "original/adopted", file); err != nil || n != int64(len(content)) {
				t.Fatalf("adopt: %d, %v", n, err)
			}
			if got := read(t, s, "original/adopted"); got != string(content) {
				t.Error("the adopted bytes differ")
			}
			if _, err := s.Put(ctx, "original/film", io.MultiReader(bytes.NewReader(content[:partSize+1]), failing{})); !errors.Is(err, errFailing) {
				t.Errorf("a source that broke late gave %v", err)
			}
			if _, err := s.Put(ctx, "original/none", strings.NewReader("")); err != nil {
				t.Fatal(err)
			}
			if got := read(t, s, "original/none"); got != "" {
				t.Errorf("an empty object has %q", got)
			}
			for key, want := range map[string]int64{"original/film": int64(len(content)), "original/none": 0} {
				if size, err := s.Size(ctx, key); err != nil || size != want {
					t.Errorf("%s has %d of %d bytes: %v", key, size, want, err)
				}
			}
		})
	}
}

// TestStore_lists pages through more objects than one answer names.
func TestStore_lists(t *testing.T) {
	for name, s := range stores(t) {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			if err := s.Check(ctx); err != nil { // leaves nothing that is listed
				t.Fatal(err)
			}
			want := map[string]bool{}
			for i := range 1100 {
				key := fmt.Sprintf("rendition/%d/a.webp", i)
				want[key] = true
				if _, err := s.Put(ctx, key, strings.NewReader("x")); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.List(ctx, "", func(e Entry) error {
				if !want[e.Key] || e.Size != 1 || time.Since(e.ModTime) > time.Hour {
					t.Errorf("listed %+v", e)
				}
				delete(want, e.Key)
				return nil
			}); err != nil || len(want) != 0 {
				t.Errorf("%d were not listed: %v", len(want), err)
			}
			n := 0
			if err := s.List(ctx, "rendition/10/", func(Entry) error { n++; return nil }); err != nil || n != 1 {
				t.Errorf("listed %d of one: %v", n, err)
			}
			if err := s.List(ctx, "nowhere/", func(Entry) error { return errFailing }); err != nil {
				t.Error(err)
			}
			if err := s.List(ctx, "rendition/", func(Entry) error { return errFailing }); !errors.Is(err, errFailing) {
				t.Errorf("a caller's error gave %v", err)
			}
		})
	}
}

func TestStore_keysStayInside(t *testing.T) {
	for name, s := range stores(t) {
		t.Run(name, func(t *testing.T) {
			for _, key := range []string{"", "/etc/passwd", "../x", "a/../../b", "a//b", "a/", ".incoming/x", "a\x00b", "a b", strings.Repeat("a", 600)} {
				if _, err := s.Put(context.Background(), key, strings.NewReader("x")); err == nil {
					t.Errorf("put %q should be refused", key)
				}
				if _, err := s.Open(context.Background(), key); err == nil {
					t.Errorf("open %q should be refused", key)
				}
				if _, err := s.Size(context.Background(), key); err == nil {
					t.Errorf("the size of %q should be refused", key)
				}
				if err := s.Delete(context.Background(), key); err == nil {
					t.Errorf("delete %q should be refused", key)
				}
			}
		})
	}
}

func TestOpen_unknownKind(t *testing.T) {
	if _, err := Open(Config{Kind: "floppy"}); err == nil {
		t.Error("an unknown kind should be refused")
	}
}

var errFailing = errors.New("the source broke")

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errFailing }

func read(t *testing.T, s Store, key string) string {
	t.Helper()
	o, err := s.Open(context.Background(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = o.Close() }()
	var b bytes.Buffer
	if _, err := b.ReadFrom(o); err != nil {
		t.Fatal(err)
	}
	if o.Size() != int64(b.Len()) {
		t.Errorf("size %d, read %d", o.Size(), b.Len())
	}
	return b.String()
}

func TestDisk_sweepsWhatAKilledProcessWasWriting(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "blobs")
	s, err := Open(Config{Kind: "disk", Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	d, ok := s.(disk)
	if !ok {
		t.Fatalf("the store is a %T", s)
	}
	held, err := d.incoming.file("put-*")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = held.Close() }()
	left, fresh := filepath.Join(dir, incoming, "put-left"), filepath.Join(dir, incoming, "put-fresh")
	for path, age := range map[string]time.Duration{left: time.Minute, fresh: 0, held.Name(): time.Minute} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(Config{Kind: "disk", Dir: dir}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Error("what a killed process left is still there")
	}
	for _, path := range []string{fresh, held.Name()} {
		if _, err := os.Stat(path); err != nil {
			t.Errorf("what somebody is writing was removed: %v", err)
		}
	}
}

// TestDisk_sweptWhileItIsWritten starts one process after the other while files
// are written that look old: none is taken away before it has its name.
func TestDisk_sweptWhileItIsWritten(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "blobs")
	s, err := Open(Config{Kind: "disk", Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			spool(filepath.Join(dir, incoming)).sweep()
		}
	}()
	for n := range 300 {
		// It is a slow one: its last byte came a minute ago.
		r := io.MultiReader(strings.NewReader("bytes"), aged{t, filepath.Join(dir, incoming)})
		if _, err := s.Put(t.Context(), fmt.Sprintf("original/%d/deep/object", n), r); err != nil {
			t.Errorf("file %d: %v", n, err)
			break
		}
	}
	stop()
	<-ended
}

// aged makes the files of a directory look old, and ends.
type aged struct {
	t   *testing.T
	dir string
}

func (a aged) Read([]byte) (int, error) {
	found, err := filepath.Glob(filepath.Join(a.dir, "*"))
	if err != nil || len(found) == 0 {
		a.t.Errorf("nothing is being written: %v", err)
	}
	for _, path := range found {
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-time.Minute)); err != nil {
			a.t.Error(err)
		}
	}
	return 0, io.EOF
}
