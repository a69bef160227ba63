package mediatool

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"vitrine/app/fault"
	"vitrine/app/platform/disktest"
	"vitrine/app/platform/mediatool/mediatest"
)

// TestTools_fullDisk makes each kind of rendition without room, with too little
// and with enough. Whatever does not fit is tried again later: what a full disk did is
// never said to be the file's own damage, because such a file would be thrown
// away, and never taken for a rendition.
func TestTools_fullDisk(t *testing.T) {
	t.Parallel()
	base := filepath.Join(t.TempDir(), "small")
	disk := disktest.Mount(t, base, 32<<20)
	film := mediatest.Film(t, "film.mp4", "-f", "lavfi", "-i", "testsrc2=s=320x180:d=5:r=25", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
	photo := mediatest.Write(t, "photo.jpg", mediatest.JPEG(t, 1600, 1200))
	tools := openTools(t, Config{TempDir: base})
	out := t.TempDir() // has room
	for name, work := range map[string]func(dst string) (Result, error){
		"webp": func(dst string) (Result, error) {
			return tools.Thumbnail(t.Context(), photo, dst, Spec{Format: FormatWebP, Width: 1280})
		},
		"jpeg": func(dst string) (Result, error) {
			return tools.Thumbnail(t.Context(), photo, dst, Spec{Format: FormatJPEG, Width: 1280})
		},
		"poster": func(dst string) (Result, error) { return tools.Poster(t.Context(), film, dst) },
		"film":   func(dst string) (Result, error) { return tools.Transcode(t.Context(), film, dst, nil) },
	} {
		disk.Empty()
		whole, err := work(filepath.Join(out, name))
		if err != nil {
			t.Fatalf("%s with room: %v", name, err)
		}
		pages := (whole.Bytes + 4095) / 4096
		for _, room := range []int64{0, pages / 2, 2*pages + 1} {
			disk.Empty()
			disk.Fill(max(0, room) * 4096)
			dst := filepath.Join(out, fmt.Sprintf("%s-%d", name, room))
			got, err := work(dst)
			_, there := os.Stat(dst)
			switch {
			case err == nil && (got.Width != whole.Width || got.DurationMS != whole.DurationMS || there != nil): // threads make each film a little different
				t.Errorf("%s in %d of %d pages: it is %+v instead of %+v; %v", name, room, pages, got, whole, there)
			case err != nil && (!fault.Is(err, fault.Unavailable) || !errors.Is(there, os.ErrNotExist)):
				t.Errorf("%s in %d of %d pages: %v, saying %q; %v", name, room, pages, err, fault.MessageOf(err), there)
			case err == nil && room < pages*9/10:
				t.Errorf("%s fits in %d of %d pages", name, room, pages)
			}
		}
	}
	disk.Empty()
	disk.NoMoreFiles()
	if _, err := tools.Inspect(t.Context(), photo, "photo.jpg"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("no room for the name of a directory: %v", err)
	}
	disk.Empty()
	if _, err := tools.Inspect(t.Context(), photo, "photo.jpg"); err != nil {
		t.Errorf("with room again: %v", err)
	}
}
