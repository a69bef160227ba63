package mediatool

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"vitrine/app/fault"
	"vitrine/app/platform/mediatool/mediatest"
)

func TestThumbnail_alphaIsLaidOnWhite(t *testing.T) {
	t.Parallel()
	tools := openTools(t, Config{})
	clear := mediatest.Drawn(80, 60)
	for i := 3; i < len(clear.Pix); i += 4 {
		clear.Pix[i] = 0
	}
	path := mediatest.Write(t, "a.png", mediatest.PNG(t, clear))
	dst := filepath.Join(t.TempDir(), "a.jpg")
	if _, err := tools.Thumbnail(t.Context(), path, dst, Spec{Format: FormatJPEG, Width: 80}); err != nil {
		t.Fatal(err)
	}
	if r, g, b, _ := decoded(t, tools, dst, 4, 4).At(1, 1).RGBA(); r < 0xf800 || g < 0xf800 || b < 0xf800 {
		t.Errorf("transparent became %x %x %x", r, g, b)
	}
	if c, err := tools.DominantColour(t.Context(), path); err != nil || c.Hex() != "#ffffff" {
		t.Errorf("the colour is %s, %v", c.Hex(), err)
	}
}

func TestThumbnail_cmykBecomesSRGB(t *testing.T) {
	t.Parallel()
	tools := openTools(t, Config{})
	red := mediatest.Drawn(64, 64)
	for i := 0; i < len(red.Pix); i += 4 {
		copy(red.Pix[i:], []byte{220, 20, 20, 255})
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.png"), mediatest.PNG(t, red), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := tools.vips(t.Context(), tools.cfg.Commands.Vips, dir, "icc_export", "a.png", "c.jpg", "--output-profile", "cmyk"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "c.jpg")
	if info, err := tools.Inspect(t.Context(), path, "c.jpg"); err != nil || info.Width != 64 {
		t.Fatalf("got %+v, %v", info, err)
	}
	if _, err := tools.Thumbnail(t.Context(), path, filepath.Join(dir, "o.webp"), Spec{Format: FormatWebP, Width: 64}); err != nil {
		t.Fatal(err)
	}
	c, err := tools.DominantColour(t.Context(), filepath.Join(dir, "o.webp"))
	if err != nil || c.R < 170 || c.G > 80 || c.B > 80 {
		t.Errorf("red became %s, %v", c.Hex(), err)
	}
}

func TestLadder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		w    int
		want []int
	}{
		{1, []int{1}}, {200, []int{200}}, {320, []int{320}}, {330, []int{320}}, {640, []int{320, 480, 640}},
		{854, []int{320, 480, 640, 854}}, {1200, []int{320, 480, 640, 960, 1200}}, {8000, []int{320, 480, 640, 960, 1280, 1920, 2560}},
	} {
		if got := Ladder(c.w, 100); !slices.Equal(got, c.want) {
			t.Errorf("Ladder(%d) is %v, want %v", c.w, got, c.want)
		}
	}
	if Ladder(0, 5) != nil {
		t.Error("nothing has renditions")
	}
}

func TestThumbnail_nonsenseSpec(t *testing.T) {
	t.Parallel()
	tools := openTools(t, Config{})
	for _, spec := range []Spec{{}, {Format: FormatGIF, Width: 9}, {Format: FormatWebP}, {Format: FormatWebP, Width: 9, Quality: 101}} {
		if _, err := tools.Thumbnail(t.Context(), "x", "y", spec); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: got %v", spec, err)
		}
	}
}
