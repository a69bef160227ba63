package arriving_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media/arriving"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/s3test"
)

// TestParts_Sweep leaves objects half stored wherever the product stores large
// ones, and one that is somebody else's.
func TestParts_Sweep(t *testing.T) {
	t.Parallel()
	server := s3test.New(t)
	store, err := blob.Open(blob.Config{Kind: "s3", S3: blob.S3{Endpoint: server.Endpoint, Region: server.Region, Bucket: server.Bucket,
		AccessKey: server.AccessKey, SecretKey: server.SecretKey, Temp: t.TempDir()}})
	if err != nil {
		t.Fatal(err)
	}
	parts, ok := store.(blob.Parts)
	if !ok {
		t.Fatal("it takes no parts")
	}
	place, err := arriving.NewParts(parts, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	begun := map[string]string{}
	for _, key := range []string{"original/a", "rendition/a/film.mp4", "export/a/1.zip", "else/a"} {
		handle, err := parts.BeginParts(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if err := parts.PutPart(t.Context(), key, handle, 1, strings.NewReader("bytes"), 5); err != nil {
			t.Fatal(err)
		}
		begun[key] = handle
	}
	none := func(context.Context, uuid.UUID) (bool, error) { return false, nil }
	for _, round := range []struct {
		days int
		left map[string]bool
	}{
		{29, map[string]bool{"original/a": true, "rendition/a/film.mp4": true, "export/a/1.zip": true, "else/a": true}},
		{31, map[string]bool{"else/a": true}},
	} {
		if err := place.Sweep(t.Context(), time.Now().AddDate(0, 0, round.days), none); err != nil {
			t.Fatal(err)
		}
		for key, handle := range begun {
			if _, err := parts.HaveParts(t.Context(), key, handle); round.left[key] != (err == nil) || err != nil && !fault.Is(err, fault.NotFound) {
				t.Errorf("after %d days what was begun of %s: %v", round.days, key, err)
			}
		}
	}
}
