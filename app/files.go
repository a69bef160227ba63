package app

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"vitrine/app/media/moving"
	"vitrine/app/platform/blob"
)

// files says where originals and renditions lie. The other store than the
// switch's is there, too, when it is located: until everything was moved, rows
// name both.
func (c Config) files(d dataDir) blob.Config {
	return blob.Config{
		Kind: c.Switches["BLOBS"], Dir: d.blobs(),
		S3: blob.S3{Endpoint: c.S3Endpoint, Region: c.S3Region, Bucket: c.S3Bucket, AccessKey: c.S3AccessKey, SecretKey: c.S3SecretKey, Temp: filepath.Join(d.root, "copies")},
	}
}

// checkParts refuses addresses of other servers that cannot be one.
func (c Config) checkParts() error {
	return cmp.Or(c.checkFiles(), c.checkRedis(), c.checkNetwork())
}

// checkFiles refuses what can be no object store and no address of pictures. It
// asks neither.
func (c Config) checkFiles() error {
	if blobs := c.Switches["BLOBS"]; blobs == "s3" || c.S3Bucket != "" {
		if err := c.files(dataDir{}).S3.Check(); err != nil {
			return fmt.Errorf("BLOBS=%s: %w", blobs, err)
		}
	}
	if c.MediaURL == "" {
		return nil
	}
	media, err := url.Parse(c.MediaURL)
	if err != nil || media.Scheme != "http" && media.Scheme != "https" || media.Host == "" || media.User != nil || media.Path != "" || media.RawQuery != "" {
		shown := c.MediaURL
		if _, host, isUser := strings.Cut(shown, "@"); isUser {
			shown = "…@" + host // what stands before it may be a password
		}
		return fmt.Errorf("MEDIA_URL=%s is not the address of a host; it should look like https://media.vitrine.example", shown)
	}
	if base, err := url.Parse(c.BaseURL); err == nil && strings.EqualFold(base.Host, media.Host) {
		return errors.New("MEDIA_URL is the host of BASE_URL; pictures need one of their own, which gets no cookies, or leave MEDIA_URL out")
	}
	return nil
}

// blobs is the command about the stores of files.
func blobs(ctx context.Context, c Config, args []string, out io.Writer) (err error) {
	const how = "usage: vitrine blobs move --to s3|disk"
	if len(args) == 0 || args[0] != "move" {
		return errors.New(how)
	}
	set := flag.NewFlagSet("blobs move", flag.ContinueOnError)
	set.SetOutput(out)
	to := set.String("to", "", "the store that everything goes to: s3 or disk")
	if err := set.Parse(args[1:]); err != nil {
		return err
	}
	if *to != "s3" && *to != "disk" || set.NArg() > 0 {
		return errors.New(how)
	}
	if *to != c.Switches["BLOBS"] {
		return fmt.Errorf("BLOBS=%s, so new files would go on coming there. Run the site with BLOBS=%s first, then move what lies in the other store", c.Switches["BLOBS"], *to)
	}
	if c.S3Bucket == "" {
		return errors.New("S3_BUCKET is empty: there is no object store to move from or to")
	}
	i, err := openInfra(ctx, c, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.close(context.WithoutCancel(ctx))) }()
	i.say("Moving files to %s. It may be interrupted and run again at any time.", *to)
	r, err := moving.New(moving.Config{DB: i.worker, Blobs: i.blobs}).Move(ctx, *to, func(r moving.Report) {
		if r.Moved > 0 {
			i.say("%d files moved, %d were there.", r.Moved, r.There)
		}
	})
	if err != nil {
		return err
	}
	return i.sayMoved(*to, r)
}

// sayMoved ends with an error when files remain that nobody is still writing.
func (i *infra) sayMoved(to string, r moving.Report) error {
	i.say("%d files (%d bytes) were moved to %s; %d were there already.", r.Moved, r.Bytes, to, r.There)
	if r.Arriving > 0 {
		i.say("%d uploads are under way; each ends in %s by itself.", r.Arriving, to)
	}
	for _, key := range r.Missing {
		i.say("Missing in every store: %s", key)
	}
	for _, key := range r.Different {
		i.say("Damaged, and so not moved: %s", key)
	}
	switch {
	case len(r.Missing)+len(r.Different) > 0:
		return fmt.Errorf("%d files are missing or damaged; they are named above", len(r.Missing)+len(r.Different))
	case r.Working > 0:
		i.say("%d files are being processed. Run this again in some minutes for those.", r.Working)
	}
	return nil
}
