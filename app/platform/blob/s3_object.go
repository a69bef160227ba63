package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// firstPiece is how much the first question for an object asks for, in bytes:
// all of most renditions. Whoever wants another place of a film, or only its
// size, has then not asked for the whole.
const firstPiece = 1 << 20

// s3Object reads an object piece by piece. Every piece is of the version that
// was there when it was opened; when another one replaces it, reading fails.
type s3Object struct {
	b    *bucket
	ctx  context.Context //nolint:containedctx // of the caller of Open, for later pieces
	key  string
	etag string
	size int64
	mod  time.Time

	at      int64         // where the reader stands
	body    io.ReadCloser // nil when no piece is open
	from    int64         // where body stands
	end     func()
	stumble int64 // where reading broke off the last time, -1 at first
}

// Open asks for the first piece, which also tells the size.
func (b *bucket) Open(ctx context.Context, key string) (Object, error) {
	if err := validKey(key); err != nil {
		return nil, err
	}
	o := &s3Object{b: b, ctx: ctx, key: key, stumble: -1}
	out, end, err := o.ask(0, firstPiece-1)
	switch code(err) {
	case "NoSuchKey":
		return nil, missing(key, err)
	case "InvalidRange":
		return b.openEmpty(ctx, o)
	}
	if err != nil {
		return nil, b.fault(ctx, err)
	}
	o.body, o.end, o.etag, o.mod = out.Body, end, aws.ToString(out.ETag), aws.ToTime(out.LastModified)
	_, total, _ := strings.Cut(aws.ToString(out.ContentRange), "/")
	o.size, err = strconv.ParseInt(total, 10, 64)
	if out.ContentRange == nil && aws.ToInt64(out.ContentLength) == 0 { // some answer so for an empty object
		o.size, err = 0, nil
	}
	if err != nil || o.etag == "" || o.size < 0 {
		_ = o.Close()
		return nil, b.fault(ctx, errStrange)
	}
	return o, nil
}

// openEmpty ends the opening of an object without a byte, which has no piece.
func (b *bucket) openEmpty(ctx context.Context, o *s3Object) (Object, error) {
	out, err := b.head(ctx, o.key)
	if err != nil {
		return nil, b.fault(ctx, err)
	}
	if aws.ToInt64(out.ContentLength) != 0 { // it was replaced just now
		return nil, unusable(fmt.Errorf("object %s changed while it was opened", o.key))
	}
	o.mod = aws.ToTime(out.LastModified)
	return o, nil
}

// Size asks for no byte. The answer to that has no body, not even one that says
// what is wrong: a missing bucket looks like a missing object. So a refusal is
// asked about again.
func (b *bucket) Size(ctx context.Context, key string) (int64, error) {
	if err := validKey(key); err != nil {
		return 0, err
	}
	out, err := b.head(ctx, key)
	if code(err) != "" {
		o, err := b.Open(ctx, key)
		if err != nil {
			return 0, err
		}
		return o.Size(), o.Close()
	}
	if err == nil && (aws.ToString(out.ETag) == "" || out.ContentLength == nil) {
		err = errStrange
	}
	if err != nil {
		return 0, b.fault(ctx, err)
	}
	return *out.ContentLength, nil
}

func (b *bucket) head(ctx context.Context, key string) (*s3.HeadObjectOutput, error) {
	return within(ctx, b.patience, func(ctx context.Context) (*s3.HeadObjectOutput, error) {
		return b.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &b.name, Key: &key})
	})
}

// ask opens a piece, first and last byte included.
func (o *s3Object) ask(first, last int64) (*s3.GetObjectOutput, func(), error) {
	in := &s3.GetObjectInput{Bucket: &o.b.name, Key: &o.key, Range: aws.String(fmt.Sprintf("bytes=%d-%d", first, last))}
	if o.etag != "" {
		in.IfMatch = &o.etag
	}
	return begins(o.ctx, o.b.patience, func(ctx context.Context) (*s3.GetObjectOutput, error) { return o.b.client.GetObject(ctx, in) })
}

func (o *s3Object) Size() int64        { return o.size }
func (o *s3Object) ModTime() time.Time { return o.mod }

// Read goes on where the reader stands, with a new piece when it has to. A line
// that breaks once at a place is not the reader's concern.
func (o *s3Object) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for {
		if o.at >= o.size {
			return 0, io.EOF
		}
		if err := o.piece(); err != nil {
			return 0, err
		}
		n, err := o.body.Read(p[:min(int64(len(p)), o.size-o.at)])
		o.at += int64(n)
		o.from = o.at
		if n > 0 {
			return n, nil
		}
		o.drop()
		switch {
		case err == nil || errors.Is(err, io.EOF) && o.at == firstPiece:
		case o.ctx.Err() != nil:
			return 0, o.ctx.Err()
		case o.stumble == o.at:
			return 0, unusable(fmt.Errorf("object %s broke off at byte %d of %d: %w", o.key, o.at, o.size, err))
		default:
			o.stumble = o.at
		}
	}
}

// piece sees to it that the body stands where the reader does.
func (o *s3Object) piece() error {
	if o.body != nil && o.from == o.at {
		return nil
	}
	o.drop()
	out, end, err := o.ask(o.at, o.size-1)
	if code(err) == "NoSuchKey" {
		return missing(o.key, err)
	}
	if err != nil {
		return o.b.fault(o.ctx, err)
	}
	o.body, o.end, o.from = out.Body, end, o.at
	if !strings.HasPrefix(aws.ToString(out.ContentRange), fmt.Sprintf("bytes %d-", o.at)) {
		o.drop()
		return o.b.fault(o.ctx, errStrange)
	}
	return nil
}

// Seek moves the reader; it asks nobody.
func (o *s3Object) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += o.at
	case io.SeekEnd:
		offset += o.size
	}
	if offset < 0 {
		return 0, errors.New("seeking before the start of an object")
	}
	o.at = offset
	return offset, nil
}

// Close lets go of the connection.
func (o *s3Object) Close() error {
	o.drop()
	return nil
}

func (o *s3Object) drop() {
	if o.body == nil {
		return
	}
	_ = o.body.Close()
	o.end()
	o.body = nil
}
