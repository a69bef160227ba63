package blob

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vitrine/app/fault"
	"vitrine/app/platform/s3test"
)

func put(t *testing.T, s Store, key, text string) {
	t.Helper()
	if _, err := s.Put(context.Background(), key, strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
}

// TestSet_findsObjectsWhereverTheyLie keeps half of the objects in each store.
func TestSet_findsObjectsWhereverTheyLie(t *testing.T) {
	t.Parallel()
	ctx, server, dir := context.Background(), s3test.New(t), t.TempDir()
	both := Config{Kind: "s3", Dir: filepath.Join(dir, "blobs"), S3: S3{Endpoint: server.Endpoint, Region: server.Region, Bucket: server.Bucket,
		AccessKey: server.AccessKey, SecretKey: server.SecretKey, Temp: filepath.Join(dir, "copies")}}
	s, err := OpenAll(both)
	if err != nil {
		t.Fatal(err)
	}
	disk, err := s.In("disk")
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, "original/new", "in s3")
	put(t, disk, "original/old", "on disk")
	if s.Name() != "s3" || len(s.All()) != 2 {
		t.Errorf("%s and %d stores", s.Name(), len(s.All()))
	}
	for key, want := range map[string]string{"original/new": "in s3", "original/old": "on disk"} {
		if got := read(t, s, key); got != want {
			t.Errorf("%s: %q", key, got)
		}
		for _, said := range []string{"disk", "s3"} { // moved since the row was read
			o, err := s.OpenIn(ctx, said, key)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(o); err != nil || string(got) != want {
				t.Errorf("%s, said to be in %s: %q, %v", key, said, got, err)
			}
			_ = o.Close()
			path, release, err := s.LocalIn(ctx, said, key)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := os.ReadFile(path); err != nil || string(got) != want {
				t.Errorf("%s, said to be in %s: %q, %v", key, said, got, err)
			}
			release()
		}
	}
	if _, in, err := s.Find(ctx, "original/old"); err != nil || in.Name() != "disk" {
		t.Errorf("found in %v: %v", in, err)
	}
	n := 0
	if err := s.List(ctx, "original/", func(Entry) error { n++; return nil }); err != nil || n != 2 {
		t.Errorf("listed %d: %v", n, err)
	}
	// What lies on disk is read without the object store, and what it might have is not said to be missing.
	server.Kill()
	if o, err := s.OpenIn(ctx, "disk", "original/old"); err != nil {
		t.Error(err)
	} else {
		_ = o.Close()
	}
	if _, err := s.OpenIn(ctx, "disk", "original/new"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("what may lie in the store that is away gave %v", err)
	}
	server.Start()
	eventually(t, func() error { return s.Check(ctx) })
	for _, key := range []string{"original/new", "original/old"} {
		if err := s.Delete(ctx, key); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Open(ctx, key); !fault.Is(err, fault.NotFound) {
			t.Errorf("a deleted object gave %v", err)
		}
	}
}

func TestSet_ofOneStore(t *testing.T) {
	t.Parallel()
	s, err := OpenAll(Config{Kind: "disk", Dir: filepath.Join(t.TempDir(), "blobs")})
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, "original/a", "bytes")
	if got := read(t, s, "original/a"); got != "bytes" || len(s.All()) != 1 {
		t.Errorf("%q of %d stores", got, len(s.All()))
	}
	if _, err := s.OpenIn(context.Background(), "s3", "original/a"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a store that is not configured gave %v", err)
	}
}
