package blob

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vitrine/app/fault"
)

// stores is every implementation; each has to keep the same promises.
func stores(t *testing.T) map[string]Store {
	t.Helper()
	d, err := Open(Config{Kind: "disk", Dir: filepath.Join(t.TempDir(), "blobs")})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]Store{"disk": d}
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
			if _, _, err := s.Local(ctx, "rendition/x/640.webp"); !fault.Is(err, fault.NotFound) {
				t.Errorf("a deleted object gave %v", err)
			}
			if err := s.Check(ctx); err != nil {
				t.Error(err)
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
	held, err := d.incomingFile("put-*")
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
