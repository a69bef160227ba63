package blob

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"vitrine/app/fault"
	"vitrine/app/platform/s3test"
)

// every asks a store for everything that it can do.
func every(s *bucket, dir string) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"put": func(ctx context.Context) error {
			_, err := s.Put(ctx, "original/new", strings.NewReader("bytes"))
			return err
		},
		"put in parts": func(ctx context.Context) error {
			_, err := s.Put(ctx, "original/large", bytes.NewReader(make([]byte, partSize+1)))
			return err
		},
		"adopt": func(ctx context.Context) error {
			file := filepath.Join(dir, "adopted")
			if err := os.WriteFile(file, []byte("bytes"), 0o600); err != nil {
				return err
			}
			_, err := s.Adopt(ctx, "original/adopted", file)
			if _, gone := os.Stat(file); gone != nil {
				return errors.New("the file is gone, and the object is not there")
			}
			return err
		},
		"size":   func(ctx context.Context) error { _, err := s.Size(ctx, "original/old"); return err },
		"open":   func(ctx context.Context) error { _, err := s.Open(ctx, "original/old"); return err },
		"local":  func(ctx context.Context) error { _, _, err := s.Local(ctx, "original/old"); return err },
		"delete": func(ctx context.Context) error { return s.Delete(ctx, "original/old") },
		"list":   func(ctx context.Context) error { return s.List(ctx, "original/", func(Entry) error { return nil }) },
		"check":  s.Check,
		"begin":  func(ctx context.Context) error { _, err := s.BeginParts(ctx, "original/parts"); return err },
		"sweep":  func(ctx context.Context) error { return s.SweepParts(ctx, "original/", time.Now()) },
	}
}

// TestS3_faults takes the object store away in every way, and asks it for
// everything: each answer is a sentence, soon, and never "not found".
func TestS3_faults(t *testing.T) {
	t.Parallel()
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<!doctype html><title>Welcome</title><p>It works.")
	}))
	t.Cleanup(page.Close)
	nothing := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(nothing.Close)
	for name, c := range map[string]struct {
		change func(*S3)
		harm   func(*s3test.Server)
		why    string
	}{
		"killed":           {harm: (*s3test.Server).Kill, why: "does not answer"},
		"frozen":           {harm: (*s3test.Server).Freeze, why: "does not answer"},
		"unknown key":      {change: func(c *S3) { c.AccessKey = "somebody" }, why: "does not know S3_ACCESS_KEY"},
		"wrong secret":     {change: func(c *S3) { c.SecretKey = "guessed" }, why: "does not know S3_ACCESS_KEY"},
		"bucket missing":   {change: func(c *S3) { c.Bucket = "nowhere" }, why: "has no bucket"},
		"no permission":    {change: func(c *S3) { c.Bucket = "closed" }, harm: closeBucket, why: "not read, write, list and delete"},
		"wrong region":     {change: func(c *S3) { c.Region = "us-west-9" }, why: "region"},
		"web server":       {change: func(c *S3) { c.Endpoint = page.URL }, why: "no object store"},
		"empty web server": {change: func(c *S3) { c.Endpoint = nothing.URL }, why: "no object store"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := s3test.New(t)
			if _, err := onS3(t, server).Put(context.Background(), "original/old", strings.NewReader("bytes")); err != nil {
				t.Fatal(err)
			}
			conf := S3{Endpoint: server.Endpoint, Region: server.Region, Bucket: server.Bucket, AccessKey: server.AccessKey, SecretKey: server.SecretKey}
			lost := c.harm != nil && name != "no permission"
			if lost { // who answers may do so late on a busy machine
				conf.Patience = time.Second
			}
			if c.change != nil {
				c.change(&conf)
			}
			if c.harm != nil {
				c.harm(server)
			}
			if name == "no permission" {
				conf.AccessKey, conf.SecretKey = "nobody", "nobody's secret"
			}
			s := openBucket(t, conf)
			for what, ask := range every(s, t.TempDir()) {
				began := time.Now()
				err := ask(context.Background())
				took := time.Since(began)
				if !fault.Is(err, fault.Unavailable) || fault.MessageOf(err) == "" {
					t.Errorf("%s: %v", what, err)
				} else if !strings.Contains(err.Error(), c.why) && !errors.Is(err, errAway) {
					t.Errorf("%s does not say why: %v", what, err)
				}
				if lost && took > 10*conf.Patience {
					t.Errorf("%s took %s", what, took)
				}
			}
			if !lost {
				return
			}
			server.Kill() // not thawed before: it would still do what it was asked, delete included
			server.Start()
			eventually(t, func() error { return s.Check(context.Background()) })
			eventually(t, func() error {
				_, err := s.Size(context.Background(), "original/old")
				return err
			})
			if got := read(t, onS3(t, server), "original/old"); got != "bytes" {
				t.Errorf("afterwards it reads %q", got)
			}
		})
	}
}

// closeBucket makes a bucket that another account, nobody, may not enter.
func closeBucket(s *s3test.Server) {
	s.MakeAccount("nobody", "nobody's secret")
	name := "closed"
	_, _ = s.Client().CreateBucket(context.Background(), &s3.CreateBucketInput{Bucket: &name})
}

func eventually(t *testing.T, ok func() error) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); ; <-tick.C {
		err := ok()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

func TestS3_refusedAtBoot(t *testing.T) {
	whole := S3{Endpoint: "https://s3.example.com", Region: "eu-central-1", Bucket: "b", AccessKey: "a", SecretKey: "s", Temp: t.TempDir()}
	for want, change := range map[string]func(*S3){
		"S3_ENDPOINT=s3.example.com":           func(c *S3) { c.Endpoint = "s3.example.com" },
		"S3_ENDPOINT=https://s3.example.com/b": func(c *S3) { c.Endpoint = "https://s3.example.com/b" },
		"S3_ENDPOINT=ftp://s3.example.com":     func(c *S3) { c.Endpoint = "ftp://s3.example.com" },
		"the object store needs S3_REGION":     func(c *S3) { c.Region = "" },
		"the object store needs S3_BUCKET":     func(c *S3) { c.Bucket = "" },
		"S3_ACCESS_KEY and S3_SECRET_KEY":      func(c *S3) { c.AccessKey = "" },
		"S3_SECRET_KEY belong together":        func(c *S3) { c.SecretKey = "" },
	} {
		c := whole
		change(&c)
		if _, err := Open(Config{Kind: "s3", S3: c}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if _, err := Open(Config{Kind: "s3", S3: whole}); err != nil {
		t.Errorf("a store that nobody has reached yet: %v", err)
	}
}

// TestS3_parts begins an object in one process and ends it in another.
func TestS3_parts(t *testing.T) {
	t.Parallel()
	server := s3test.New(t)
	one, other := onS3(t, server), onS3(t, server)
	ctx := context.Background()
	content := make([]byte, partSize+1000)
	for i := range content {
		content[i] = byte(i % 251)
	}
	const key = "original/film"
	handle, err := one.BeginParts(ctx, key)
	if err != nil {
		t.Fatal(err)
	}
	if err := one.PutPart(ctx, key, handle, 1, bytes.NewReader(make([]byte, partSize)), partSize); err != nil {
		t.Fatal(err)
	}
	if n, err := other.HaveParts(ctx, key, handle); err != nil || n != partSize {
		t.Errorf("%d bytes, %v", n, err)
	}
	if err := other.JoinParts(ctx, key, handle, int64(len(content))); !fault.Is(err, fault.NotFound) {
		t.Errorf("joined too early: %v", err)
	}
	if _, err := other.Open(ctx, key); !fault.Is(err, fault.NotFound) {
		t.Errorf("half an object can be read: %v", err)
	}
	for number := 2; number > 0; number-- { // the first again, with other bytes
		from := (number - 1) * partSize
		part := content[from:min(from+partSize, len(content))]
		if err := other.PutPart(ctx, key, handle, number, bytes.NewReader(part), int64(len(part))); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // the second time it is there
		if err := other.JoinParts(ctx, key, handle, int64(len(content))); err != nil {
			t.Fatal(err)
		}
	}
	if got := read(t, one, key); got != string(content) {
		t.Error("the bytes differ")
	}
	if err := one.PutPart(ctx, key, handle, 2, strings.NewReader("late"), 4); !fault.Is(err, fault.NotFound) {
		t.Errorf("a late part gave %v", err)
	}
	if _, err := one.HaveParts(ctx, key, handle); !fault.Is(err, fault.NotFound) {
		t.Errorf("what was joined gave %v", err)
	}
}

func TestS3_partsThatNobodyGoesOnWith(t *testing.T) {
	t.Parallel()
	s := onS3(t, s3test.New(t))
	ctx := context.Background()
	const key = "original/film"
	handles := map[string]string{}
	for _, name := range []string{"dropped", "swept"} {
		h, err := s.BeginParts(ctx, key)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.PutPart(ctx, key, h, 1, strings.NewReader("bytes"), 5); err != nil {
			t.Fatal(err)
		}
		handles[name] = h
	}
	for range 2 {
		if err := s.DropParts(ctx, key, handles["dropped"]); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.SweepParts(ctx, "original/", time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	if n, err := s.HaveParts(ctx, key, handles["swept"]); err != nil || n != 5 {
		t.Errorf("what is young was swept: %d, %v", n, err)
	}
	if err := s.SweepParts(ctx, "original/", time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	for name, h := range handles {
		if _, err := s.HaveParts(ctx, key, h); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s is still there: %v", name, err)
		}
	}
}

// TestS3_whatATransferLeaves ends a transfer in the middle.
func TestS3_whatATransferLeaves(t *testing.T) {
	t.Parallel()
	server := s3test.New(t)
	s := onS3(t, server)
	ctx := context.Background()
	if _, err := s.Put(ctx, "original/a", bytes.NewReader(make([]byte, 4*firstPiece))); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(ctx, "original/b", io.MultiReader(bytes.NewReader(make([]byte, 2*partSize)), failing{})); !errors.Is(err, errFailing) {
		t.Fatal(err)
	}
	open, err := server.Client().ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{Bucket: &server.Bucket})
	if err != nil || len(open.Uploads) != 0 {
		t.Errorf("parts of a failed put are left: %d, %v", len(open.Uploads), err)
	}
	o, err := s.Open(ctx, "original/a")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = o.Close() }()
	// Another version comes while somebody reads: never a mixture.
	if _, err := io.CopyN(io.Discard, o, 100); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(ctx, "original/a", bytes.NewReader(bytes.Repeat([]byte{1}, 4*firstPiece))); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(o); err == nil || bytes.Contains(rest, []byte{1}) {
		t.Errorf("%d bytes of two versions: %v", len(rest), err)
	}
	if left, _ := filepath.Glob(filepath.Join(string(s.temp), "*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestS3_headers looks at what a CDN would be told.
func TestS3_headers(t *testing.T) {
	t.Parallel()
	server := s3test.New(t)
	s := onS3(t, server)
	for key, want := range map[string][2]string{
		"rendition/m/0123456789ab-w640.webp": {"image/webp", "public, max-age=600, s-maxage=60"},
		"rendition/m/0123456789ab-video.mp4": {"video/mp4", "public, max-age=600, s-maxage=60"},
		"original/m":                         {"application/octet-stream", "private, no-store"},
		"export/m/records":                   {"application/octet-stream", "private, no-store"},
	} {
		if _, err := s.Put(t.Context(), key, strings.NewReader("x")); err != nil {
			t.Fatal(err)
		}
		out, err := server.Client().HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &server.Bucket, Key: &key})
		if err != nil || *out.ContentType != want[0] || *out.CacheControl != want[1] {
			t.Errorf("%s: %v, %v", key, out, err)
		}
	}
}
