package blob

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// S3 locates a bucket and says who we are there.
type S3 struct {
	Endpoint  string // https://host of an S3-compatible store; empty is AWS in the region
	Region    string
	Bucket    string
	AccessKey string // with the secret empty, too: the role of the machine
	SecretKey string
	Temp      string        // where Local puts copies; what a dead process left there is removed
	Patience  time.Duration // how long a connection may stand still; 0 is 8 s
	Joining   time.Duration // how long joining the parts of an object may take; 0 is 10 min
}

// partSize is how much of a larger object is sent at a time, in bytes. The
// parts of an upload under way have this size, too, so it may only be changed
// when none is open.
const partSize = 8 << 20

// checkKey is the object that Check writes. It is nobody's and never listed.
const checkKey = "check/write"

// checkAgain is how long a good answer of Check stands: /up may be asked each
// second, and each writing costs.
const checkAgain = 10 * time.Second

// bucket keeps objects in a bucket of an object store that speaks S3. Nothing
// in it is public: whoever may see an object gets it through this process or a
// CDN that asks it.
type bucket struct {
	client   *s3.Client
	name     string
	where    string // for people
	temp     spool
	patience time.Duration
	joining  time.Duration
	joiner   *http.Client
	checked  chan time.Time // holds when Check last went well
	away     func() bool    // it is not asked at the moment
}

// Check refuses what can be no object store; it asks nobody. The error is a
// sentence that names the key of the configuration.
func (c S3) Check() error {
	if u, err := url.Parse(c.Endpoint); c.Endpoint != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "") {
		_, host, isUser := strings.Cut(c.Endpoint, "@")
		if isUser { // what stands before it may be a password
			return fmt.Errorf("S3_ENDPOINT names somebody at %s; who we are is for S3_ACCESS_KEY and S3_SECRET_KEY, so it should look like https://s3.example.com", host)
		}
		return fmt.Errorf("S3_ENDPOINT=%s is not the address of an object store; it should look like https://s3.example.com", c.Endpoint)
	}
	for _, need := range []struct{ key, value string }{{"S3_REGION", c.Region}, {"S3_BUCKET", c.Bucket}} {
		if need.value == "" {
			return fmt.Errorf("the object store needs %s", need.key)
		}
	}
	if (c.AccessKey == "") != (c.SecretKey == "") {
		return errors.New("S3_ACCESS_KEY and S3_SECRET_KEY belong together: set both, or neither where the machine has a role of its own")
	}
	return nil
}

func openS3(c S3) (Store, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	where := c.Endpoint
	if where == "" {
		where = "AWS " + c.Region
	}
	if c.Temp == "" {
		return nil, errors.New("the object store needs a directory for copies")
	}
	c.Patience, c.Joining = cmp.Or(c.Patience, defaultPatience), cmp.Or(c.Joining, defaultJoining)
	state := newBreaker()
	b := &bucket{name: c.Bucket, where: where, temp: spool(c.Temp), patience: c.Patience, joining: c.Joining,
		joiner: client(c.Joining, state), checked: make(chan time.Time, 1),
		away: func() bool { return isAway(state) }}
	b.checked <- time.Time{}
	if err := os.MkdirAll(c.Temp, 0o750); err != nil {
		return nil, fmt.Errorf("making the directory for copies in %s: %w", c.Temp, err)
	}
	b.temp.sweep()
	who, err := c.identity(context.Background())
	if err != nil {
		return nil, err
	}
	o := s3.Options{
		Region: c.Region, Credentials: who,
		Retryer: retries(), AppID: "vitrine",
		HTTPClient: client(c.Patience, state),
		// Every request is signed over its bytes already, and other stores than AWS do not know the newer sums.
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenRequired,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenRequired,
	}
	if c.Endpoint != "" {
		o.BaseEndpoint, o.UsePathStyle = aws.String(c.Endpoint), true
	}
	b.client = s3.New(o)
	return b, nil
}

func client(patience time.Duration, state *breaker) *http.Client {
	return &http.Client{Transport: newTransport(patience, state), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func (b *bucket) Name() string { return "s3" }

// headers are what an object says of itself to a CDN. Originals hold places and
// camera data; should a bucket ever be opened by mistake, no cache keeps them.
func headers(key string) (contentType, caching string) {
	switch top, _, _ := strings.Cut(key, "/"); top {
	case "rendition":
		caching = "public, max-age=600, s-maxage=60"
	default:
		return "application/octet-stream", "private, no-store"
	}
	switch path.Ext(key) {
	case ".webp":
		contentType = "image/webp"
	case ".jpg":
		contentType = "image/jpeg"
	case ".avif":
		contentType = "image/avif"
	case ".mp4":
		contentType = "video/mp4"
	default:
		contentType = "application/octet-stream"
	}
	return contentType, caching
}

// sending is how long sending so many bytes may take, its retries included.
func (b *bucket) sending(size int64) time.Duration {
	return 2*b.patience + time.Duration(size>>18)*time.Second // 256 KiB/s
}

// Put holds at most one part in memory, and none of a small piece of a file.
func (b *bucket) Put(ctx context.Context, key string, r io.Reader) (size int64, err error) {
	if err := validKey(key); err != nil {
		return 0, err
	}
	if piece, ok := inOnePart(r); ok {
		return piece.Size(), b.putWhole(ctx, key, piece, piece.Size())
	}
	src := &source{ctx: ctx, r: r}
	buf := make([]byte, partSize)
	n, err := io.ReadFull(src, buf)
	if src.err != nil {
		return 0, src.err
	}
	if err != nil { // it ended within the first part
		return int64(n), b.putWhole(ctx, key, bytes.NewReader(buf[:n]), int64(n))
	}
	return b.putParts(ctx, key, func() (io.ReadSeeker, int64, error) {
		if n == 0 {
			if n, _ = io.ReadFull(src, buf); src.err != nil {
				return nil, 0, src.err
			}
		}
		body, size := bytes.NewReader(buf[:n]), int64(n)
		n = 0
		return body, size, nil
	})
}

// Adopt sends the file and then removes it.
func (b *bucket) Adopt(ctx context.Context, key, file string) (int64, error) {
	if err := validKey(key); err != nil {
		return 0, err
	}
	f, err := os.Open(file)
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	size := info.Size()
	if size <= partSize {
		err = b.putWhole(ctx, key, f, size)
	} else {
		at := int64(0)
		_, err = b.putParts(ctx, key, func() (io.ReadSeeker, int64, error) {
			n := min(partSize, size-at)
			part := io.NewSectionReader(f, at, n)
			at += n
			return part, n, nil
		})
	}
	if err != nil {
		return 0, err
	}
	return size, os.Remove(file)
}

func (b *bucket) putWhole(ctx context.Context, key string, body io.ReadSeeker, size int64) error {
	contentType, caching := headers(key)
	out, err := within(ctx, b.sending(size), func(ctx context.Context) (*s3.PutObjectOutput, error) {
		return b.client.PutObject(ctx, &s3.PutObjectInput{Bucket: &b.name, Key: &key, Body: body, ContentLength: &size, ContentType: &contentType, CacheControl: &caching})
	})
	if err == nil && aws.ToString(out.ETag) == "" {
		err = errStrange
	}
	return b.fault(ctx, err)
}

// putParts sends what next gives, part by part, until it gives nothing. Then the
// object is there; after an error no part of it is.
func (b *bucket) putParts(ctx context.Context, key string, next func() (io.ReadSeeker, int64, error)) (size int64, err error) {
	handle, err := b.BeginParts(ctx, key)
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			_ = b.DropParts(context.WithoutCancel(ctx), key, handle)
		}
	}()
	for number := 1; ; number++ {
		body, n, err := next()
		if err != nil {
			return 0, err
		}
		if n == 0 {
			break
		}
		if err := b.PutPart(ctx, key, handle, number, body, n); err != nil {
			return 0, err
		}
		size += n
	}
	return size, b.JoinParts(ctx, key, handle, size)
}

// Local fetches a copy that nobody else has.
func (b *bucket) Local(ctx context.Context, key string) (_ string, _ func(), err error) {
	o, err := b.Open(ctx, key)
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = o.Close() }()
	// The name's ending is kept: tools look at it.
	f, err := b.temp.file("copy-*-" + filepath.Base(key))
	if err != nil {
		return "", nil, unusable(err)
	}
	release := func() {
		_ = os.Remove(f.Name())
		_ = f.Close()
	}
	src := &source{ctx: ctx, r: o}
	n, err := io.Copy(f, src)
	switch {
	case err == nil && n != o.Size():
		err = unusable(fmt.Errorf("the copy of %s has %d of %d bytes", key, n, o.Size()))
	case err != nil && src.err == nil: // the disk here is full, or worse
		err = unusable(fmt.Errorf("the copy of %s cannot be kept: %w", key, err))
	}
	if err != nil {
		release()
		return "", nil, err
	}
	return f.Name(), release, nil
}

// Delete bears that the object is gone already.
func (b *bucket) Delete(ctx context.Context, key string) error {
	if err := validKey(key); err != nil {
		return err
	}
	out, err := within(ctx, b.patience, func(ctx context.Context) (*s3.DeleteObjectOutput, error) {
		return b.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &b.name, Key: &key})
	})
	if code(err) == "NoSuchKey" {
		return nil
	}
	if err == nil {
		if raw, ok := middleware.GetRawResponse(out.ResultMetadata).(*smithyhttp.Response); ok && raw.StatusCode != http.StatusNoContent {
			err = errStrange
		}
	}
	return b.fault(ctx, err)
}

// List asks for a page at a time.
func (b *bucket) List(ctx context.Context, prefix string, fn func(Entry) error) error {
	pages := s3.NewListObjectsV2Paginator(b.client, &s3.ListObjectsV2Input{Bucket: &b.name, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := within(ctx, b.patience, func(ctx context.Context) (*s3.ListObjectsV2Output, error) { return pages.NextPage(ctx) })
		if err == nil && aws.ToString(page.Name) != b.name {
			err = errStrange
		}
		if err != nil {
			return b.fault(ctx, err)
		}
		for _, o := range page.Contents {
			if aws.ToString(o.Key) == checkKey {
				continue
			}
			if err := fn(entry(o)); err != nil {
				return err
			}
		}
	}
	return nil
}

func entry(o types.Object) Entry {
	return Entry{Key: aws.ToString(o.Key), Size: aws.ToInt64(o.Size), ModTime: aws.ToTime(o.LastModified)}
}

// Check writes an object and reads it again: of what stands in the
// configuration, nothing else would find every mistake.
func (b *bucket) Check(ctx context.Context) error {
	last := <-b.checked
	defer func() { b.checked <- last }()
	if time.Since(last) < checkAgain {
		return nil
	}
	const text = "vitrine"
	if err := b.putWhole(ctx, checkKey, strings.NewReader(text), int64(len(text))); err != nil {
		return err
	}
	o, err := b.Open(ctx, checkKey)
	if err != nil {
		return b.fault(ctx, err)
	}
	defer func() { _ = o.Close() }()
	got, err := io.ReadAll(io.LimitReader(o, int64(len(text))+1))
	if err != nil {
		return err
	}
	if string(got) != text {
		return b.fault(ctx, errStrange)
	}
	last = time.Now()
	return nil
}
