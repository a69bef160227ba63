package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"vitrine/app/platform/idem"
	"vitrine/bench/traffic"
	"vitrine/e2e/rig"
)

// gallery is what a media run showed.
type gallery struct {
	name       string // of the tier, or of the tier with a switch turned back
	photos     int
	megapixels string        // what they are
	took       time.Duration // from the first byte until all were ready
	first, all *traffic.Kind // from the last byte of a photo to its first rendition, and to all
	renditions int
	used       processor
}

// perCore is how many photos a processor makes ready in a minute of its time.
func (g gallery) perCore() float64 { return float64(g.photos) / g.used.sum().Minutes() }

// uploaders is how many people upload at once in a media run.
const uploaders = 4

// photosOfRun is how many photos a media run has.
const photosOfRun = 16

// measureMedia uploads the same photos to both tiers, and to the larger one with
// its files on the disk.
func (r *beside) measureMedia(ctx context.Context) error {
	photos, what, err := r.photographs()
	if err != nil {
		return err
	}
	h := r.large
	for _, run := range []struct {
		name string
		at   place
		env  []string
	}{{"1k", r.small, nil}, {h.tier, h, nil}, {h.tier + ", BLOBS=disk", h, []string{"BLOBS=disk"}}} {
		if run.at.house == h.house {
			if err := h.restart(ctx, func(p *rig.Plan) { p.Env = append(h.environment(), run.env...) }); err != nil {
				return err
			}
		}
		g, err := run.at.hangAll(ctx, photos)
		if err != nil {
			return fmt.Errorf("%s: %w", run.name, err)
		}
		g.name, g.megapixels = run.name, what
		say("%s: %d photos in %s, %.1f per minute of a processor's time", g.name, g.photos, g.took.Round(time.Millisecond), g.perCore())
		r.media = append(r.media, g)
	}
	return nil
}

// photographs are JPEG files of a folder, again and again, or one drawn one. Each
// is made another file by a comment in it.
func (r *beside) photographs() (out [][]byte, what string, err error) {
	var files [][]byte
	if r.conf.photos != "" {
		names, err := filepath.Glob(filepath.Join(r.conf.photos, "*.jpg"))
		if err != nil {
			return nil, "", err
		}
		for _, name := range names {
			// Pictures that are broken on purpose are no photographs.
			if base := filepath.Base(name); strings.Contains(base, "corrupt") || strings.Contains(base, "broken") {
				continue
			}
			raw, err := os.ReadFile(name) //nolint:gosec // the folder that was asked for
			if err != nil {
				return nil, "", err
			}
			files = append(files, raw)
		}
		what = fmt.Sprintf("%d photographs of cameras, again and again", len(files))
	}
	if len(files) == 0 {
		raw, err := photo(4000, 3000)
		if err != nil {
			return nil, "", err
		}
		files, what = append(files, raw), "a drawn picture of 12 megapixels"
	}
	for i := range photosOfRun {
		out = append(out, files[i%len(files)])
	}
	return out, what, nil
}

// hangAll uploads photos and waits until all of them can be shown.
func (p place) hangAll(ctx context.Context, photos [][]byte) (g gallery, err error) {
	if err := p.idle(ctx, 2*time.Minute); err != nil {
		return g, err
	}
	before, err := p.processor()
	if err != nil {
		return g, err
	}
	began := time.Now()
	work := make(chan []byte)
	accepted := map[string]time.Time{}
	var mu sync.Mutex
	var all sync.WaitGroup
	var failed error
	for range uploaders {
		all.Go(func() {
			for content := range work {
				id, err := p.town.uploadOne(ctx, withComment(content, []byte(idem.NewKey())))
				mu.Lock()
				failed = cmp.Or(failed, err)
				accepted[id] = time.Now()
				mu.Unlock()
			}
		})
	}
	for _, content := range photos {
		work <- content
	}
	close(work)
	all.Wait()
	if failed != nil {
		return g, failed
	}
	if err := p.settle(ctx, p.town, 10*time.Minute); err != nil {
		return g, err
	}
	after, err := p.processor()
	if err != nil {
		return g, err
	}
	g = gallery{photos: len(photos), took: time.Since(began), used: after.since(before)}
	err = g.timing(ctx, p.house, accepted)
	return g, err
}

// timing reads when the renditions were made.
func (g *gallery) timing(ctx context.Context, h *house, accepted map[string]time.Time) error {
	ids := []string{}
	for id := range accepted {
		ids = append(ids, id)
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	type made struct {
		ID          string
		First, Last float64 // seconds since 1970
		N           int
	}
	times, err := rows[made](ctx, h, `select media_id as "ID", extract(epoch from min(created_at)) as "First", extract(epoch from max(created_at)) as "Last", count(*) as "N"
		from renditions where media_id in (select u::uuid from json_array_elements_text($1::json) u) group by 1`, string(list))
	if err != nil {
		return err
	}
	first, all := traffic.NewReport(), traffic.NewReport()
	for _, m := range times {
		from := float64(accepted[m.ID].UnixMicro()) / 1e6
		first.Add("", time.Duration((m.First-from)*float64(time.Second)), nil)
		all.Add("", time.Duration((m.Last-from)*float64(time.Second)), nil)
		g.renditions += m.N
	}
	if len(times) != len(ids) {
		return fmt.Errorf("%d of %d photos have renditions", len(times), len(ids))
	}
	g.first, g.all = first.All(), all.All()
	slices.Sort(g.first.Took)
	return nil
}
