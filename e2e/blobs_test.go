package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/app/platform/s3test"
	"vitrine/e2e/rig"
)

// TestBlobs_movedWhileTheSiteRuns takes a running site from disk to a real
// object store and back. A file is uploaded across both switches and both moves,
// and somebody looks at the pictures all the time.
func TestBlobs_movedWhileTheSiteRuns(t *testing.T) {
	t.Parallel()
	d, store := dbtest.NewEmpty(t), s3test.New(t)
	site := rig.New(t, "DEMO=off", "DATABASE_URL="+d.OwnerURL, "SECRET="+dbtest.Secret, "S3_ENDPOINT="+store.Endpoint, "S3_REGION="+store.Region,
		"S3_BUCKET="+store.Bucket, "S3_ACCESS_KEY="+store.AccessKey, "S3_SECRET_KEY="+store.SecretKey, "BLOBS=disk").Start()
	owner := site.Visit()
	owner.SetUp("owner@studio.example", password, "Harbour & Field")
	small := begin(t, owner, "one.png", mediatest.JPEG(t, 1400, 900))
	small.send(t, 0, len(small.content), http.StatusNoContent)
	small.ready()
	large, other := noisy(t, 7), noisy(t, 8)
	onDisk := begin(t, owner, "two.png", large)
	onDisk.send(t, 0, 3<<20, http.StatusNoContent)

	site.Stop()
	site.Set("BLOBS=s3")
	site.Start()
	onDisk.send(t, 3<<20, 5<<20, http.StatusNoContent)
	inParts := begin(t, owner, "six.png", other)
	inParts.send(t, 0, len(inParts.content)/2, http.StatusNoContent)
	moved(t, site, d, owner, "s3", 1)
	if left := files(t, site); len(left) != 0 {
		t.Errorf("on disk are still %v", left)
	}
	onDisk.send(t, 5<<20, len(large), http.StatusNoContent)
	onDisk.ready()
	if left := files(t, site); len(left) != 0 {
		t.Errorf("an upload across the move left %v on disk", left)
	}
	site.Eventually("everything to be done", func() bool { return idle(t, d) })

	site.Stop()
	site.Set("BLOBS=disk")
	site.Start()
	moved(t, site, d, owner, "disk", 2)
	inParts.send(t, inParts.offset(t), len(inParts.content), http.StatusNoContent)
	inParts.ready()
	site.Eventually("everything to be done", func() bool { return idle(t, d) })
	// It ended where it had begun; the next move takes it along.
	moved(t, site, d, owner, "disk", 3)
	if left := objects(t, store); len(left) != 0 {
		t.Errorf("in the object store are still %v", left)
	}
	if n := d.Count(t, "select (select count(*) from media where store <> 'disk') + (select count(*) from renditions where store <> 'disk')"); n != 0 {
		t.Errorf("%d rows do not name the disk", n)
	}
	if n := d.Count(t, "select (select count(*) from media) + (select count(*) from renditions)"); n != len(files(t, site)) {
		t.Errorf("%d rows and %d files", n, len(files(t, site)))
	}
}

// noisy is a photo of 20 MB, which takes three parts.
func noisy(t *testing.T, seed uint64) []byte {
	t.Helper()
	b, err := os.ReadFile(heavy(t, seed, "noisy.png", 1840, 1840))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func idle(t *testing.T, d *dbtest.Database) bool {
	t.Helper()
	return d.Count(t, "select (select count(*) from outbox where sent_at is null) + (select count(*) from tasks)") == 0
}

// moved runs the command beside the site, while a member looks at every
// rendition again and again: none may be missing, not once.
func moved(t *testing.T, site *rig.Site, d *dbtest.Database, owner *rig.Member, to string, ready int) {
	t.Helper()
	rows, err := d.Owner.QueryContext(t.Context(), "select '/m/' || media_id || '/' || name from renditions")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var paths []string
	for rows.Next() {
		var p string
		if err := rows.Scan(&p); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, p)
	}
	if err := rows.Err(); err != nil || len(paths) == 0 {
		t.Fatalf("%d renditions: %v", len(paths), err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	var looks atomic.Int64
	cookies := owner.Cookies()
	go func() {
		defer close(ended)
		for n := 0; ctx.Err() == nil; n++ {
			if err := watch(site.URL+paths[n%len(paths)], cookies); err != nil {
				t.Error(err)
				return
			}
			looks.Add(1)
		}
	}()
	status, said := site.Run("blobs", "move", "--to", to)
	stop()
	<-ended
	if status != 0 || looks.Load() == 0 {
		t.Errorf("moving to %s ended with %d after %d looks:\n%s", to, status, looks.Load(), said)
	}
	if n := d.Count(t, "select count(*) from media where store = $1", to); n != ready {
		t.Errorf("%d of %d originals lie in %s:\n%s", n, ready, to, said)
	}
}

func watch(url string, cookies []*http.Cookie) error {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	for _, c := range cookies {
		req.AddCookie(c)
	}
	res, err := (&http.Client{Timeout: time.Minute}).Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK || len(b) == 0 {
		return fmt.Errorf("%s was answered with %d and %d bytes: %w", url, res.StatusCode, len(b), err)
	}
	return nil
}

// files lists what a site has on disk of originals and renditions.
func files(t *testing.T, site *rig.Site) (found []string) {
	t.Helper()
	for _, pattern := range []string{"original/*", "rendition/*/*"} {
		list, err := filepath.Glob(filepath.Join(site.Data(), "blobs", filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, list...)
	}
	return found
}

// objects lists what the object store has, what was begun in parts included.
func objects(t *testing.T, store *s3test.Server) (found []string) {
	t.Helper()
	list, err := store.Client().ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: &store.Bucket})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range list.Contents {
		if !strings.HasPrefix(*o.Key, "check/") {
			found = append(found, *o.Key)
		}
	}
	open, err := store.Client().ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: &store.Bucket})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range open.Uploads {
		found = append(found, "in parts: "+*u.Key)
	}
	return found
}
