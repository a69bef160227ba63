package art

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestFilm(t *testing.T) {
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("Films need the ffmpeg program, which is not on the search path.")
	}
	path := filepath.Join(t.TempDir(), "loop.mp4")
	if err := Film(t.Context(), path, 7, "bleed", 65, 36, 1); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() < 2000 {
		t.Errorf("the film has only %d bytes", info.Size())
	}
}

func TestFilm_still(t *testing.T) {
	err := Film(t.Context(), filepath.Join(t.TempDir(), "no.mp4"), 7, "dunes", 64, 36, 1)
	if !errors.Is(err, ErrStill) {
		t.Errorf("a style that stands still answered %v", err)
	}
}

func TestFrames_loop(t *testing.T) {
	for _, style := range Moving() {
		var first, second, last []byte
		i := 0
		for img := range Frames(3, style, 64, 36, 48) {
			switch i {
			case 0:
				first = img.Pix
			case 1:
				second = img.Pix
			case 47:
				last = img.Pix
			}
			i++
		}
		if i != 48 {
			t.Fatalf("%s: %d frames instead of 48", style, i)
		}
		step, seam := distance(first, second), distance(last, first)
		if step == 0 {
			t.Errorf("%s stands still", style)
		}
		if seam > 3*step+400 {
			t.Errorf("%s jumps where the loop closes: %d, usual step %d", style, seam, step)
		}
	}
}

func distance(a, b []byte) int {
	n := 0
	for i := range a {
		d := int(a[i]) - int(b[i])
		n += max(d, -d)
	}
	return n
}
