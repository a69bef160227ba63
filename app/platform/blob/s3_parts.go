package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"vitrine/app/fault"
)

// Parts is a store that takes an object in parts, from one process after the
// other. All parts but the last have PartSize; a part that is sent again takes
// the place of the one before. What is begun is named by a handle, and is seen
// as an object only once it is joined.
type Parts interface {
	Store
	PartSize() int64
	// BeginParts starts an object and gives its handle.
	BeginParts(ctx context.Context, key string) (handle string, err error)
	// PutPart stores a part; numbers begin at 1. NotFound when the handle is
	// gone: it was joined, dropped or swept.
	PutPart(ctx context.Context, key, handle string, number int, body io.ReadSeeker, size int64) error
	// HaveParts gives how many bytes have arrived without a gap. NotFound when
	// the handle is gone.
	HaveParts(ctx context.Context, key, handle string) (int64, error)
	// JoinParts makes the object of all its parts, which have that size in
	// bytes together; that can take minutes. Repeated, also after an error, it
	// finds the object. NotFound when parts are missing or the handle is gone
	// and there is no object of that size.
	JoinParts(ctx context.Context, key, handle string, size int64) error
	// DropParts forgets what was begun; that it is gone already is no error.
	DropParts(ctx context.Context, key, handle string) error
	// SweepParts drops what was begun below a prefix before a moment.
	SweepParts(ctx context.Context, prefix string, before time.Time) error
}

var _ Parts = (*bucket)(nil)

func (b *bucket) PartSize() int64 { return partSize }

func (b *bucket) BeginParts(ctx context.Context, key string) (string, error) {
	if err := validKey(key); err != nil {
		return "", err
	}
	contentType, caching := headers(key)
	out, err := within(ctx, b.patience, func(ctx context.Context) (*s3.CreateMultipartUploadOutput, error) {
		return b.client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: &b.name, Key: &key, ContentType: &contentType, CacheControl: &caching})
	})
	if err == nil && aws.ToString(out.UploadId) == "" {
		err = errStrange
	}
	if err != nil {
		return "", b.fault(ctx, err)
	}
	return *out.UploadId, nil
}

func (b *bucket) PutPart(ctx context.Context, key, handle string, number int, body io.ReadSeeker, size int64) error {
	out, err := within(ctx, b.sending(size), func(ctx context.Context) (*s3.UploadPartOutput, error) {
		return b.client.UploadPart(ctx, &s3.UploadPartInput{Bucket: &b.name, Key: &key, UploadId: &handle,
			PartNumber: aws.Int32(int32(number)), Body: body, ContentLength: &size}) //nolint:gosec // at most 10,000
	})
	if err == nil && aws.ToString(out.ETag) == "" {
		err = errStrange
	}
	return b.partsFault(ctx, key, err)
}

func (b *bucket) HaveParts(ctx context.Context, key, handle string) (int64, error) {
	_, size, err := b.parts(ctx, key, handle)
	return size, err
}

// parts reads what has arrived, up to the first gap or short part.
func (b *bucket) parts(ctx context.Context, key, handle string) (list []types.CompletedPart, size int64, err error) {
	pages := s3.NewListPartsPaginator(b.client, &s3.ListPartsInput{Bucket: &b.name, Key: &key, UploadId: &handle})
	for pages.HasMorePages() {
		page, err := within(ctx, b.patience, func(ctx context.Context) (*s3.ListPartsOutput, error) { return pages.NextPage(ctx) })
		if err != nil {
			return nil, 0, b.partsFault(ctx, key, err)
		}
		for _, p := range page.Parts {
			if int(aws.ToInt32(p.PartNumber)) != len(list)+1 || size%partSize != 0 {
				return list, size, nil
			}
			list = append(list, types.CompletedPart{ETag: p.ETag, PartNumber: p.PartNumber})
			size += aws.ToInt64(p.Size)
		}
	}
	return list, size, nil
}

func (b *bucket) JoinParts(ctx context.Context, key, handle string, size int64) error {
	list, have, err := b.parts(ctx, key, handle)
	if fault.Is(err, fault.NotFound) {
		return b.joined(ctx, key, size)
	}
	if err != nil {
		return err
	}
	if have != size {
		return missing(key, fmt.Errorf("its parts have %d of %d bytes", have, size))
	}
	// It is asked once: whoever asks again while the store still works on it makes it begin anew.
	out, err := within(ctx, b.joining, func(ctx context.Context) (*s3.CompleteMultipartUploadOutput, error) {
		return b.client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{Bucket: &b.name, Key: &key, UploadId: &handle,
			MultipartUpload: &types.CompletedMultipartUpload{Parts: list}},
			func(o *s3.Options) { o.HTTPClient, o.Retryer = b.joiner, aws.NopRetryer{} })
	})
	if err == nil && aws.ToString(out.ETag) == "" {
		err = errStrange
	}
	if err == nil {
		return nil
	}
	// The answer may be what got lost, or somebody else was faster: then the handle is gone.
	if _, _, gone := b.parts(ctx, key, handle); fault.Is(gone, fault.NotFound) {
		return b.joined(ctx, key, size)
	}
	return b.partsFault(ctx, key, err)
}

// joined looks whether the object is there, whole.
func (b *bucket) joined(ctx context.Context, key string, size int64) error {
	have, err := b.Size(ctx, key)
	if err == nil && have != size {
		err = missing(key, fmt.Errorf("the object has %d bytes instead of %d", have, size))
	}
	return err
}

func (b *bucket) DropParts(ctx context.Context, key, handle string) error {
	_, err := within(ctx, b.patience, func(ctx context.Context) (*s3.AbortMultipartUploadOutput, error) {
		return b.client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &b.name, Key: &key, UploadId: &handle})
	})
	if err = b.partsFault(ctx, key, err); fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

func (b *bucket) SweepParts(ctx context.Context, prefix string, before time.Time) error {
	pages := s3.NewListMultipartUploadsPaginator(b.client, &s3.ListMultipartUploadsInput{Bucket: &b.name, Prefix: &prefix})
	var errs []error
	for pages.HasMorePages() {
		page, err := within(ctx, b.patience, func(ctx context.Context) (*s3.ListMultipartUploadsOutput, error) { return pages.NextPage(ctx) })
		if err == nil && aws.ToString(page.Bucket) != b.name {
			err = errStrange
		}
		if err != nil {
			return errors.Join(append(errs, b.fault(ctx, err))...)
		}
		for _, u := range page.Uploads {
			if aws.ToTime(u.Initiated).Before(before) {
				errs = append(errs, b.DropParts(ctx, aws.ToString(u.Key), aws.ToString(u.UploadId)))
			}
		}
	}
	return errors.Join(errs...)
}

// partsFault is fault, with NotFound for a handle that is gone.
func (b *bucket) partsFault(ctx context.Context, key string, err error) error {
	if code(err) == "NoSuchUpload" {
		return missing(key, err)
	}
	return b.fault(ctx, err)
}
