package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"vitrine/app/demo/art"
	"vitrine/app/demo/catalog"
	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/mediatool"
	"vitrine/app/platform/tone"
)

// PoolPicture is one of the few real pictures that a large set shows again and
// again, with its sizes in the file store.
type PoolPicture struct {
	Width, Height int
	Tone          string
	Served        media.Served
	Renditions    []media.Rendition
}

// poolKey is where a size of a pool picture lies. It is below no media's own
// folder, so deleting a work of the set leaves it to the others.
func poolKey(i int, name string) string { return fmt.Sprintf("rendition/pool-%d/%s", i, name) }

// Pool draws n pictures and makes their sizes by the tools of the pipeline.
// What an earlier run made is made again and replaced: it is the same.
func Pool(ctx context.Context, blobs blob.Store, tools *mediatool.Tools, dir string, n int) (_ []PoolPicture, err error) {
	defer fault.Wrap(&err, "demo.Pool(%d)", n)
	dir, err = os.MkdirTemp(dir, "pool-*")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	pictures := catalog.Pool(n)
	out, errs := make([]PoolPicture, len(pictures)), make([]error, len(pictures))
	var all sync.WaitGroup
	turns := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, m := range pictures {
		all.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			out[i], errs[i] = poolPicture(ctx, blobs, tools, dir, i, m)
		})
	}
	all.Wait()
	return out, errors.Join(errs...)
}

// poolWidths are the sizes of a pool picture: a thumbnail, a wall, a stage.
var poolWidths = [...]int{320, 640, 1280}

func poolPicture(ctx context.Context, blobs blob.Store, tools *mediatool.Tools, dir string, i int, m catalog.Media) (PoolPicture, error) {
	raw, err := art.JPEG(art.Draw(m.Seed, m.Style, m.W, m.H))
	if err != nil {
		return PoolPicture{}, err
	}
	src := filepath.Join(dir, fmt.Sprintf("%d.jpg", i))
	if err := os.WriteFile(src, raw, 0o600); err != nil {
		return PoolPicture{}, err
	}
	colour, err := tools.DominantColour(ctx, src)
	if err != nil {
		return PoolPicture{}, err
	}
	p := PoolPicture{Width: m.W, Height: m.H, Tone: tone.Nearest(colour.R, colour.G, colour.B)}
	for _, w := range poolWidths {
		if w > m.W {
			continue
		}
		for _, f := range []struct {
			format mediatool.Format
			ext    string
			widths *[]int
		}{{mediatool.FormatWebP, "webp", &p.Served.WebP}, {mediatool.FormatJPEG, "jpg", &p.Served.JPEG}} {
			name := fmt.Sprintf("w%d.%s", w, f.ext)
			res, err := tools.Thumbnail(ctx, src, filepath.Join(dir, fmt.Sprintf("%d-%s", i, name)), mediatool.Spec{Format: f.format, Width: w})
			if err != nil {
				return PoolPicture{}, err
			}
			key := poolKey(i, name)
			if _, err := blobs.Adopt(ctx, key, res.Path); err != nil {
				return PoolPicture{}, err
			}
			*f.widths = append(*f.widths, res.Width)
			p.Renditions = append(p.Renditions, media.Rendition{Name: name, Format: string(f.format), Width: res.Width, Height: res.Height,
				Bytes: res.Bytes, SHA256: res.SHA256, Key: key, Store: blobs.Name()})
		}
	}
	return p, nil
}
