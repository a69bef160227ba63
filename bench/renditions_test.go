// Package bench holds the measurements that decisions rest on. Each prints
// figures that are written to bench/results with the command, the commit and
// the machine; none of them can fail a build by being slow.
package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"vitrine/app/demo/art"
	"vitrine/app/platform/mediatool"
)

// BenchmarkRenditions measures one size of a 12-megapixel picture by format and
// width, process start included, one at a time. cpu-ms/op is the processor time
// of the tools, bytes/op the size of the file that came out.
//
//	go test ./bench -run '^$' -bench Renditions -benchtime 5x
func BenchmarkRenditions(b *testing.B) {
	dir := b.TempDir()
	raw, err := art.JPEG(art.Draw(7, "ridges", 4000, 3000))
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
	for _, format := range []mediatool.Format{mediatool.FormatJPEG, mediatool.FormatWebP, mediatool.FormatAVIF} {
		for _, width := range []int{320, 1280, 2560} {
			if format == mediatool.FormatAVIF && width > mediatool.AVIFMaxSide {
				continue
			}
			b.Run(fmt.Sprintf("%s/%d", format, width), func(b *testing.B) {
				var size int64
				before := childCPU(b)
				for b.Loop() {
					res, err := tools.Thumbnail(b.Context(), src, filepath.Join(dir, "out"), mediatool.Spec{Format: format, Width: width})
					if err != nil {
						b.Fatal(err)
					}
					size = res.Bytes
				}
				b.ReportMetric(float64(size), "bytes/op")
				b.ReportMetric(float64((childCPU(b)-before).Milliseconds())/float64(b.N), "cpu-ms/op")
			})
		}
	}
}

// childCPU is the processor time of all processes that have ended so far.
func childCPU(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
