package blob

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"vitrine/app/fault"
	"vitrine/app/platform/disktest"
	"vitrine/app/platform/s3test"
)

// TestS3_full has a store that takes nothing more: each time that is said, and
// what it has can be read all the while.
func TestS3_full(t *testing.T) {
	t.Parallel()
	full := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if r.Method == http.MethodPut {
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(http.StatusInsufficientStorage)
			_, _ = io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>InsufficientStorage</Code><Message>No space left on device.</Message></Error>`)
			return
		}
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Content-Range", "bytes 0-3/4")
		w.WriteHeader(http.StatusPartialContent)
		_, _ = io.WriteString(w, "kept")
	}))
	t.Cleanup(full.Close)
	store, err := Open(Config{Kind: "s3", S3: S3{Endpoint: full.URL, Region: s3test.Region, Bucket: "vitrine", AccessKey: "vitrine", SecretKey: "vitrine", Temp: t.TempDir()}})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 * failuresInARow {
		_, err := store.Put(t.Context(), "original/a", strings.NewReader("more"))
		if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "is full; it needs more room") {
			t.Fatalf("it takes more: %v", err)
		}
	}
	o, err := store.Open(t.Context(), "original/b")
	if err != nil {
		t.Fatalf("what it has cannot be read: %v", err)
	}
	defer func() { _ = o.Close() }()
	if got, err := io.ReadAll(o); string(got) != "kept" || err != nil {
		t.Errorf("it has %q, %v", got, err)
	}
}

// TestS3_fullDisk has no room for a copy here: that says nothing of the store,
// and nothing of it is left.
func TestS3_fullDisk(t *testing.T) {
	t.Parallel()
	temp := filepath.Join(t.TempDir(), "small")
	disk := disktest.Mount(t, temp, 1<<20)
	server := s3test.New(t)
	store, err := Open(Config{Kind: "s3", S3: S3{Endpoint: server.Endpoint, Region: server.Region, Bucket: server.Bucket, AccessKey: server.AccessKey, SecretKey: server.SecretKey, Temp: temp}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Put(t.Context(), "original/a", strings.NewReader(strings.Repeat("x", 100<<10))); err != nil {
		t.Fatal(err)
	}
	for _, leave := range []int64{0, 64 << 10} {
		disk.Empty()
		disk.Fill(leave)
		if _, _, err := store.Local(t.Context(), "original/a"); !fault.Is(err, fault.Unavailable) || !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("with room for %d bytes: %v", leave, err)
		}
	}
	disk.Empty()
	_, release, err := store.Local(t.Context(), "original/a")
	if err != nil {
		t.Fatal(err)
	}
	release()
	if left, err := filepath.Glob(filepath.Join(temp, "copy-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
