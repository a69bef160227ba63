package mediatool

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/mediatool/mediatest"
)

func TestInspect_threeHourFilmIsRefused(t *testing.T) {
	t.Parallel()
	tools := openTools(t, Config{})
	// One frame per minute: three hours in a few kilobytes.
	path := mediatest.Film(t, "long.mp4", "-f", "lavfi", "-i", "color=s=32x32:r=1/60:d=10800", "-t", "10800")
	refused(t, tools, path, "long.mp4", "This film is 3 h long; the limit is 30 minutes.")
}

func TestInspect_lengthIsMeasuredNotBelieved(t *testing.T) {
	t.Parallel()
	tools := openTools(t, Config{MaxVideoDuration: time.Minute})
	// Live WebM, as browsers record it, has no length in its header.
	path := mediatest.Film(t, "live.webm", "-f", "lavfi", "-i", "color=s=32x32:r=1:d=120", "-c:v", "libvpx", "-f", "webm", "-live", "1")
	refused(t, tools, path, "live.webm", "long; the limit is 1 minute.")
	short := openTools(t, Config{})
	info, err := short.Inspect(t.Context(), path, "live.webm")
	if err != nil || info.Format != FormatWebM || info.DurationMS < 115_000 || info.DurationMS > 121_000 || info.HasAudio {
		t.Errorf("got %+v, %v", info, err)
	}
}

func TestInspect_refusesFilms(t *testing.T) {
	t.Parallel()
	tools := openTools(t, Config{MaxVideoPixels: 400 * 400})
	test := []string{"-f", "lavfi", "-i", "testsrc=s=160x120:d=2:r=10"}
	sound := filepath.Base("sound.mp4")
	good := mediatest.Film(t, "good.mp4", test...)
	b, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	noIndex := bytes.Replace(b, []byte("moov"), []byte("free"), 1)
	for _, c := range []struct{ title, path, says string }{
		{"breaks off", mediatest.Write(t, "cut.mp4", b[:len(b)-500]), "The file breaks off after"},
		{"without its index", mediatest.Write(t, "cut.mp4", noIndex), "no index"},
		{"zip behind it", mediatest.Write(t, "zip.mp4", append(bytes.Clone(b), mediatest.ZIP(t)...)), "a film that also contains an archive"},
		{"page behind it", mediatest.Write(t, "zip.mp4", append(bytes.Clone(b), "<html><script>"...)), "a film that also contains"},
		{"sound alone", mediatest.Film(t, sound, "-f", "lavfi", "-i", "sine=d=1"), "sound but no picture"},
		{"too many pixels", mediatest.Film(t, "big.mp4", "-f", "lavfi", "-i", "color=s=640x480:d=1:r=1"), "640 × 480 pixels"},
		{"two pictures", mediatest.Film(t, "two.mp4", append(test, "-map", "0:v", "-map", "0:v")...), "2 pictures side by side"},
		{"rubbish inside", mediatest.Write(t, "r.mp4", append(bytes.Clone(b[:b[3]]), bytes.Repeat([]byte("\x00\x00\x00\x08moov"), 3)...)), "damaged"},
	} {
		t.Run(c.title, func(t *testing.T) {
			t.Parallel()
			refused(t, tools, c.path, "film.mp4", c.says)
		})
	}
}

func TestTranscode_sizes(t *testing.T) {
	t.Parallel()
	tools := openTools(t, Config{})
	source := func(size string) []string { return []string{"-f", "lavfi", "-i", "testsrc=d=1:r=5:s=" + size} }
	lying := mediatest.Film(t, "lying.mp4", source("640x360")...)
	for _, c := range []struct {
		title, path  string
		w, h, mw, mh int // as inspected, as made
	}{
		{"odd sides", mediatest.Film(t, "a.webm", append(source("321x181"), "-c:v", "libvpx")...), 321, 181, 322, 182},
		{"large", mediatest.Film(t, "b.mov", append(source("2560x1440"), "-preset", "ultrafast")...), 2560, 1440, 1920, 1080},
		{"standing", mediatest.Film(t, "c.mp4", append(source("1440x2560"), "-preset", "ultrafast")...), 1440, 2560, 1080, 1920},
		{"rotated by its header", mediatest.Film(t, "d.mp4", "-i", lying, "-c", "copy", "-metadata:s:v", "rotate=90"), 360, 640, 360, 640},
		{"wide pixels", mediatest.Film(t, "e.mp4", append(source("320x240"), "-vf", "setsar=2/1")...), 640, 240, 640, 240},
		{"HDR", mediatest.Film(t, "f.mov", append(source("320x180"), "-pix_fmt", "yuv420p10le", "-color_trc", "arib-std-b67",
			"-color_primaries", "bt2020", "-colorspace", "bt2020nc")...), 320, 180, 320, 180},
	} {
		t.Run(c.title, func(t *testing.T) {
			t.Parallel()
			info, err := tools.Inspect(t.Context(), c.path, "film")
			if err != nil || info.Width != c.w || info.Height != c.h || info.Kind != KindVideo {
				t.Fatalf("inspected %+v, %v: %s", info, err, fault.MessageOf(err))
			}
			r, err := tools.Transcode(t.Context(), c.path, filepath.Join(t.TempDir(), "o.mp4"), nil)
			if err != nil || r.Width != c.mw || r.Height != c.mh {
				t.Errorf("made %+v, %v", r, err)
			}
		})
	}
}

func TestAnimatedGIF_isAFilm(t *testing.T) {
	t.Parallel()
	tools := openTools(t, Config{})
	for _, c := range []struct{ w, h, frames, delay, made int }{{64, 48, 6, 20, 64}, {1, 1, 3, 50, 16}} {
		path := mediatest.Write(t, "a.gif", mediatest.GIF(t, c.w, c.h, c.frames, c.delay))
		info, err := tools.Inspect(t.Context(), path, "a.gif")
		if err != nil || info.Kind != KindVideo || !info.Animated || info.Format != FormatGIF || info.Width != c.w || info.DurationMS < 1000 {
			t.Fatalf("got %+v, %v", info, err)
		}
		r, err := tools.Transcode(t.Context(), path, filepath.Join(t.TempDir(), "o.mp4"), nil)
		if err != nil || r.Width != c.made {
			t.Errorf("made %+v, %v", r, err)
		}
		if _, err := tools.Poster(t.Context(), path, filepath.Join(t.TempDir(), "o.png")); err != nil {
			t.Error(err)
		}
	}
}

func TestPoster_isNotTheBlackOpening(t *testing.T) {
	t.Parallel()
	tools := openTools(t, Config{})
	path := mediatest.Film(t, "fade.mp4", "-f", "lavfi", "-i", "color=black:s=160x120:d=3:r=10", "-f", "lavfi", "-i", "testsrc=s=160x120:d=5:r=10",
		"-filter_complex", "[0][1]concat=n=2")
	dst := filepath.Join(t.TempDir(), "poster.png")
	if _, err := tools.Poster(t.Context(), path, dst); err != nil {
		t.Fatal(err)
	}
	if c, err := contrast(dst); err != nil || c < minContrast {
		t.Errorf("the poster has the contrast %f, %v", c, err)
	}
	black := mediatest.Film(t, "black.mp4", "-f", "lavfi", "-i", "color=black:s=64x64:d=1:r=5")
	if _, err := tools.Poster(t.Context(), black, dst); err != nil {
		t.Errorf("a film that is black throughout has no poster: %v", err)
	}
}

func TestTranscode_metadataIsGone(t *testing.T) {
	t.Parallel()
	tools := openTools(t, Config{})
	path := mediatest.Film(t, "a.mov", "-f", "lavfi", "-i", "testsrc=s=64x48:d=1:r=5", "-metadata", "title=secret-title",
		"-metadata", "location=+48.2+016.3/", "-metadata:s:v", "handler_name=secret-handler")
	dst := filepath.Join(t.TempDir(), "o.mp4")
	if _, err := tools.Transcode(t.Context(), path, dst, nil); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(dst)
	if err != nil {
		t.Fatal(err)
	}
	for _, trace := range []string{"secret-title", "+48.2", "secret-handler", "Lavf"} {
		if strings.Contains(string(b), trace) {
			t.Errorf("the film still holds %q", trace)
		}
	}
}
