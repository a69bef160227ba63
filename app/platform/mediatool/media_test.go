package mediatool

import (
	"cmp"
	"context"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/mediatool/mediafile"
)

// sharedMedia finds the folder of real photos that lies beside the repository.
func sharedMedia(t *testing.T, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(dir, "..", "shared", "media", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("SKIPPED: the real file ../shared/media/%s is not there, so what cameras and phones make goes untested.", name)
	}
	return path
}

func openTools(t *testing.T, cfg Config) *Tools {
	t.Helper()
	if cfg.TempDir == "" {
		cfg.TempDir = t.TempDir()
	}
	cfg.ImageTimeout = cmp.Or(cfg.ImageTimeout, 10*time.Minute) // others use the machine; what a tool computes has its own bound
	tools, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		jobs, err := filepath.Glob(filepath.Join(cfg.TempDir, basePrefix+"*", "job-*"))
		if err != nil || len(jobs) > 0 {
			t.Errorf("temporary files are left: %v %v", jobs, err)
		}
		if err := tools.Close(); err != nil {
			t.Error(err)
		}
	})
	return tools
}

// decoded reads a rendition through libvips as a small PNG of exactly w × h.
func decoded(t *testing.T, tools *Tools, path string, w, h int) image.Image {
	t.Helper()
	var picture image.Image
	err := tools.job(func(dir string) error {
		if err := link(dir, path); err != nil {
			return err
		}
		_, err := tools.vips(context.Background(), tools.cfg.Commands.Vips, dir, "thumbnail", inputName, "o.png",
			strconv.Itoa(w), "--height", strconv.Itoa(h), "--size", "force")
		if err != nil {
			return err
		}
		f, err := os.Open(filepath.Join(dir, "o.png"))
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		picture, err = png.Decode(f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// distance is the mean difference of brightness of two pictures of one size, 0 to 255.
func distance(a, b image.Image) float64 {
	sum, n := 0.0, 0.0
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			_, ga, _, _ := a.At(x, y).RGBA()
			_, gb, _, _ := b.At(x, y).RGBA()
			sum, n = sum+math.Abs(float64(ga)-float64(gb))/257, n+1
		}
	}
	return sum / n
}

func TestRealPhotos(t *testing.T) {
	t.Parallel()
	tools := openTools(t, Config{})
	for name, want := range map[string]Info{
		"landscape_orientation_1.jpg": {Format: FormatJPEG, Width: 1800, Height: 1200, Orientation: 1},
		"landscape_orientation_2.jpg": {Format: FormatJPEG, Width: 1800, Height: 1200, Orientation: 2},
		"landscape_orientation_3.jpg": {Format: FormatJPEG, Width: 1800, Height: 1200, Orientation: 3},
		"landscape_orientation_6.jpg": {Format: FormatJPEG, Width: 1800, Height: 1200, Orientation: 6},
		"landscape_orientation_8.jpg": {Format: FormatJPEG, Width: 1800, Height: 1200, Orientation: 8},
		"portrait_orientation_1.jpg":  {Format: FormatJPEG, Width: 1200, Height: 1800, Orientation: 1},
		"portrait_orientation_6.jpg":  {Format: FormatJPEG, Width: 1200, Height: 1800, Orientation: 6},
		"gps_dscn0010.jpg":            {Format: FormatJPEG, Width: 640, Height: 480, Orientation: 1},
		"gps_dscn0021.jpg":            {Format: FormatJPEG, Width: 640, Height: 480, Orientation: 1},
		"phone_nokia.jpg":             {Format: FormatJPEG, Width: 4608, Height: 1976, Orientation: 1},
		"broken_metadata.jpg":         {Format: FormatJPEG, Width: 1600, Height: 1200, Orientation: 1},
		"iphone_13_pro_max.heic":      {Format: FormatHEIC, Width: 3024, Height: 4032, Orientation: 1},
		"iphone_5195.heic":            {Format: FormatHEIC, Width: 2566, Height: 3313, Orientation: 1},
		"photo.avif":                  {Format: FormatAVIF, Width: 5472, Height: 3648, Orientation: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := sharedMedia(t, name)
			got, err := tools.Inspect(t.Context(), path, name)
			if err != nil {
				t.Fatal(err)
			}
			if got.Kind != KindImage || got.Format != want.Format || got.Width != want.Width || got.Height != want.Height || got.Orientation != want.Orientation {
				t.Errorf("got %+v, want %+v", got, want)
			}
			dst := filepath.Join(t.TempDir(), "r.webp")
			r, err := tools.Thumbnail(t.Context(), path, dst, Spec{Format: FormatWebP, Width: 320})
			if err != nil {
				t.Fatal(err)
			}
			if r.Width != 320 || math.Abs(float64(r.Height)-320*float64(want.Height)/float64(want.Width)) > 1 {
				t.Errorf("the rendition is %d × %d for a picture of %d × %d", r.Width, r.Height, want.Width, want.Height)
			}
			if digest, n, err := SumFile(dst); err != nil || digest != r.SHA256 || n != r.Bytes || r.Path != dst {
				t.Errorf("the result %+v does not describe the file: %s, %d bytes, %v", r, digest, n, err)
			}
		})
	}
}

func TestRealPhotos_corruptedIsRefused(t *testing.T) {
	t.Parallel()
	tools := openTools(t, Config{})
	_, err := tools.Inspect(t.Context(), sharedMedia(t, "corrupted.jpg"), "corrupted.jpg")
	if !fault.Is(err, fault.Invalid) || !strings.Contains(fault.MessageOf(err), "damaged") {
		t.Fatalf("got %v: %q", err, fault.MessageOf(err))
	}
}

func TestThumbnail_everyOrientationIsUpright(t *testing.T) {
	t.Parallel()
	tools := openTools(t, Config{})
	for _, family := range [][]string{
		{"landscape_orientation_1.jpg", "landscape_orientation_2.jpg", "landscape_orientation_3.jpg",
			"landscape_orientation_6.jpg", "landscape_orientation_8.jpg"},
		{"portrait_orientation_1.jpg", "portrait_orientation_6.jpg"},
	} {
		for _, format := range []Format{FormatWebP, FormatJPEG, FormatAVIF} {
			var first image.Image
			for _, name := range family {
				dst := filepath.Join(t.TempDir(), "r"+format.Extension())
				if _, err := tools.Thumbnail(t.Context(), sharedMedia(t, name), dst, Spec{Format: format, Width: 320}); err != nil {
					t.Fatal(err)
				}
				got := decoded(t, tools, dst, 30, 30)
				if first == nil {
					first = got
				}
				if d := distance(first, got); d > 6 {
					t.Errorf("%s as %s differs by %.1f from the upright picture", name, format, d)
				}
			}
		}
	}
}

func TestThumbnail_leavesNoMetadata(t *testing.T) {
	t.Parallel()
	tools := openTools(t, Config{})
	for _, name := range []string{"gps_dscn0010.jpg", "gps_dscn0021.jpg", "iphone_13_pro_max.heic"} {
		for _, format := range []Format{FormatWebP, FormatJPEG, FormatAVIF} {
			dst := filepath.Join(t.TempDir(), "r"+format.Extension())
			if _, err := tools.Thumbnail(t.Context(), sharedMedia(t, name), dst, Spec{Format: format, Width: 480}); err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(dst)
			if err != nil {
				t.Fatal(err)
			}
			for _, trace := range []string{"Exif", "EXIF", "GPS", "xmpmeta", "8BIM", "NIKON", "Apple", "ICC_PROFILE", "ICCP"} {
				if strings.Contains(string(b), trace) {
					t.Errorf("%s as %s still holds %q", name, format, trace)
				}
			}
		}
	}
}

func TestRealFilm(t *testing.T) {
	t.Parallel()
	tools := openTools(t, Config{})
	src := sharedMedia(t, "bunny_480p_30s.mp4")
	info, err := tools.Inspect(t.Context(), src, "bunny.mp4")
	if err != nil {
		t.Fatal(err)
	}
	if info.Kind != KindVideo || info.Format != FormatMP4 || info.Width != 854 || info.Height != 480 || !info.HasAudio ||
		info.Codec != "h264" || info.FrameRate != 24 || info.DurationMS < 29_900 || info.DurationMS > 30_200 {
		t.Errorf("got %+v", info)
	}

	dst := filepath.Join(t.TempDir(), "film.mp4")
	last, calls := 0.0, 0
	r, err := tools.Transcode(t.Context(), src, dst, func(done float64) {
		if calls++; done < last || done > 1 {
			t.Errorf("progress went from %f to %f", last, done)
		}
		last = done
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.Width != 854 || r.Height != 480 || last != 1 || calls < 2 || r.DurationMS < 29_500 {
		t.Errorf("got %+v after %d calls up to %f", r, calls, last)
	}
	f, err := os.Open(dst)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if !mediafile.HasFastStart(f, r.Bytes) {
		t.Error("the index stands after the data")
	}
	made, err := tools.Inspect(t.Context(), dst, "film.mp4")
	if err != nil || !made.HasAudio || made.Codec != "h264" {
		t.Errorf("the made film is %+v, %v", made, err)
	}

	poster := filepath.Join(t.TempDir(), "poster.png")
	if _, err := tools.Poster(t.Context(), src, poster); err != nil {
		t.Fatal(err)
	}
	if c, err := contrast(poster); err != nil || c < minContrast {
		t.Errorf("the poster has the contrast %f, %v", c, err)
	}
	if _, err := tools.Thumbnail(t.Context(), poster, filepath.Join(t.TempDir(), "p.webp"), Spec{Format: FormatWebP, Width: 640}); err != nil {
		t.Error(err)
	}
}
