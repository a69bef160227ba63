package art

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"os"
	"os/exec"
	"strings"
	"testing"

	"vitrine/app/demo/art/stage"
)

func TestStyles(t *testing.T) {
	styles := Styles()
	if len(styles) < 24 {
		t.Errorf("only %d styles", len(styles))
	}
	seen := map[Style]bool{}
	for _, s := range styles {
		if seen[s] {
			t.Errorf("%s stands twice in the table", s)
		}
		seen[s] = true
		if Family(s) == "" {
			t.Errorf("%s has no family", s)
		}
		if c := Colours(5, s); c.Name == "" || c.Ground == "" || c.Accent == "" {
			t.Errorf("%s has colours without words: %+v", s, c)
		}
	}
	if n := stage.Count(); n < 30 {
		t.Errorf("only %d palettes", n)
	}
}

// fingerprints hashes a small render of every style, a line each.
func fingerprints() string {
	var b strings.Builder
	for _, s := range Styles() {
		h := sha256.Sum256(Draw(42, s, 72, 54).Pix)
		b.WriteString(string(s) + " " + hex.EncodeToString(h[:8]) + "\n")
	}
	return b.String()
}

// TestDraw_deterministic draws everything twice here and once in another process.
func TestDraw_deterministic(t *testing.T) {
	const child = "VITRINE_ART_FINGERPRINTS"
	if path := os.Getenv(child); path != "" {
		if err := os.WriteFile(path, []byte(fingerprints()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	first := fingerprints()
	if second := fingerprints(); second != first {
		t.Errorf("two renders in one process differ:\n%s\n%s", first, second)
	}
	path := t.TempDir() + "/prints"
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestDraw_deterministic$")
	cmd.Env = append(os.Environ(), child+"="+path)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("the other process failed: %v\n%s", err, out)
	}
	other, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(other) != first {
		t.Errorf("another process draws differently:\n%s\n%s", first, other)
	}
}

func TestDraw_seedsDiffer(t *testing.T) {
	for _, s := range Styles() {
		a, b := Draw(1, s, 60, 60), Draw(2, s, 60, 60)
		if bytes.Equal(a.Pix, b.Pix) {
			t.Errorf("%s draws the same for two seeds", s)
		}
	}
}

func TestDraw_extremeSizes(t *testing.T) {
	sizes := [][2]int{{1, 1}, {0, -3}, {1, 40}, {40, 1}, {2, 2}, {7, 5}, {36, 64}, {120, 40}, {200, 9}}
	for _, s := range Styles() {
		for _, size := range sizes {
			img := Draw(9, s, size[0], size[1])
			want := image.Rect(0, 0, max(1, size[0]), max(1, size[1]))
			if img.Bounds() != want {
				t.Errorf("%s at %v has bounds %v", s, size, img.Bounds())
			}
			for i := 3; i < len(img.Pix); i += 4 {
				if img.Pix[i] != 255 {
					t.Fatalf("%s at %v is not opaque", s, size)
				}
			}
		}
	}
}

// A picture that came out as one colour would be a hole in the wall.
func TestDraw_hasSomethingOnIt(t *testing.T) {
	for _, s := range Styles() {
		for seed := range uint64(4) {
			img := Draw(seed, s, 90, 60)
			colours := map[[3]uint8]bool{}
			for i := 0; i < len(img.Pix); i += 4 {
				colours[[3]uint8{img.Pix[i] >> 4, img.Pix[i+1] >> 4, img.Pix[i+2] >> 4}] = true
			}
			if len(colours) < 3 {
				t.Errorf("%s, seed %d, has only %d tones", s, seed, len(colours))
			}
		}
	}
}

func TestDraw_unknownStyle(t *testing.T) {
	if got := Draw(1, "no such style", 4, 3).Bounds(); got != image.Rect(0, 0, 4, 3) {
		t.Errorf("an unknown style has bounds %v", got)
	}
}

func TestEncode(t *testing.T) {
	img := Draw(1, "tiles", 64, 64)
	j, err := JPEG(img)
	if err != nil {
		t.Fatal(err)
	}
	p, err := PNG(img)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"jpeg": j, "png": p} {
		_, format, err := image.Decode(bytes.NewReader(data))
		if err != nil || format != name {
			t.Errorf("%s decodes as %q: %v", name, format, err)
		}
	}
}

// BenchmarkDraw draws each style at 1.6 million pixels; the budget is 250 ms on average.
func BenchmarkDraw(b *testing.B) {
	for _, s := range Styles() {
		b.Run(string(s), func(b *testing.B) {
			seed := uint64(0)
			for b.Loop() {
				seed++
				Draw(seed, s, 1265, 1265)
			}
		})
	}
}
