package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"vitrine/app/demo/art"
	"vitrine/app/platform/mediatool"
)

// BenchmarkPhoto compares, in each round, what the product's tools spend on a
// 12-megapixel photo (look at it, find its colour, make every size in every
// format) with the same sizes made by hand with vipsthumbnail. x/by-hand is the
// ratio of processor times.
//
//	go test ./bench -run '^$' -bench Photo -benchtime 5x
func BenchmarkPhoto(b *testing.B) {
	const width, height = 4000, 3000
	dir := b.TempDir()
	raw, err := art.JPEG(art.Draw(7, "ridges", width, height))
	if err != nil {
		b.Fatal(err)
	}
	src := filepath.Join(dir, "src.jpg")
	if err := os.WriteFile(src, raw, 0o600); err != nil {
		b.Fatal(err)
	}
	tools, err := mediatool.Open(mediatool.Config{TempDir: dir})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = tools.Close() }()
	type size struct {
		format mediatool.Format
		width  int
		byHand string
	}
	var sizes []size
	for _, w := range mediatool.Ladder(width, height) {
		sizes = append(sizes, size{mediatool.FormatWebP, w, "[Q=80,strip]"}, size{mediatool.FormatJPEG, w, "[Q=82,strip,interlace,optimize_coding,background=255]"})
		if w <= mediatool.AVIFMaxSide {
			sizes = append(sizes, size{mediatool.FormatAVIF, w, "[Q=55,strip,compression=av1,speed=8]"})
		}
	}
	var product, byHand time.Duration
	for b.Loop() {
		before := childCPU(b)
		if _, err := tools.Inspect(b.Context(), src, "photo.jpg"); err != nil {
			b.Fatal(err)
		}
		for _, s := range sizes {
			if _, err := tools.Thumbnail(b.Context(), src, filepath.Join(dir, "out"), mediatool.Spec{Format: s.format, Width: s.width}); err != nil {
				b.Fatal(err)
			}
		}
		if _, err := tools.DominantColour(b.Context(), filepath.Join(dir, "out")); err != nil {
			b.Fatal(err)
		}
		between := childCPU(b)
		for _, s := range sizes {
			cmd := exec.CommandContext(b.Context(), "vipsthumbnail", src, "-s", strconv.Itoa(s.width)+"x", "--eprofile", "srgb", "-o", filepath.Join(dir, "hand"+s.format.Extension()+s.byHand)) //nolint:gosec // our own arguments
			cmd.Env = append(os.Environ(), "VIPS_CONCURRENCY=1")
			if out, err := cmd.CombinedOutput(); err != nil {
				b.Fatal(fmt.Errorf("%w: %s", err, out))
			}
		}
		product += between - before
		byHand += childCPU(b) - between
	}
	n := float64(b.N)
	b.ReportMetric(float64(len(sizes)), "sizes/op")
	b.ReportMetric(float64(product.Milliseconds())/n, "cpu-ms/op")
	b.ReportMetric(float64(byHand.Milliseconds())/n, "by-hand-ms/op")
	b.ReportMetric(float64(product)/float64(byHand), "x/by-hand")
}
