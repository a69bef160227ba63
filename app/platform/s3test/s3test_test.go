package s3test_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"vitrine/app/platform/s3test"
)

func TestServer(t *testing.T) {
	t.Parallel()
	s := s3test.New(t)
	put(t, s, "rendition/a", "what the site gives away")
	put(t, s, "original/a", "what few may see")

	if status := fetch(t, s, "rendition/a"); status != http.StatusForbidden {
		t.Errorf("a visitor got %d of a rendition, want 403", status)
	}
	if status := fetch(t, s, "original/a"); status != http.StatusForbidden {
		t.Errorf("a visitor got %d of an original, want 403", status)
	}
	if status := fetch(t, s, ""); status != http.StatusForbidden {
		t.Errorf("a visitor got %d of the list, want 403", status)
	}
}

func TestServer_killAndStart(t *testing.T) {
	t.Parallel()
	s := s3test.New(t)
	put(t, s, "rendition/a", "it stays")
	s.Kill()
	if _, err := s.Client().ListBuckets(t.Context(), &s3.ListBucketsInput{}); err == nil {
		t.Error("a killed server answers")
	}
	s.Start()
	if err := s3test.MakeBucket(t.Context(), s.Client(), s.Bucket); err != nil {
		t.Errorf("a bucket that is there cannot be made sure of: %v", err)
	}
	key := "rendition/a"
	o, err := s.Client().GetObject(t.Context(), &s3.GetObjectInput{Bucket: &s.Bucket, Key: &key})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = o.Body.Close() }()
	if body, err := io.ReadAll(o.Body); err != nil || string(body) != "it stays" {
		t.Errorf("after a crash the object is %q: %v", body, err)
	}
}

func TestServer_freeze(t *testing.T) {
	t.Parallel()
	s := s3test.New(t)
	s.Freeze()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := s.Client().ListBuckets(ctx, &s3.ListBucketsInput{}); err == nil {
		t.Error("a frozen server answers")
	}
	s.Thaw()
	if _, err := s.Client().ListBuckets(t.Context(), &s3.ListBucketsInput{}); err != nil {
		t.Errorf("a server that goes on does not answer: %v", err)
	}
}

func put(t *testing.T, s *s3test.Server, key, content string) {
	t.Helper()
	if _, err := s.Client().PutObject(t.Context(), &s3.PutObjectInput{Bucket: &s.Bucket, Key: &key, Body: strings.NewReader(content)}); err != nil {
		t.Fatal(err)
	}
}

// fetch asks for an object without any key.
func fetch(t *testing.T, s *s3test.Server, key string) (status int) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.Endpoint+"/"+s.Bucket+"/"+key, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := (&http.Client{Timeout: time.Minute}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	return res.StatusCode
}
