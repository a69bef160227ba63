package tone_test

import (
	"strings"
	"testing"

	"vitrine/app/platform/tone"
)

func TestAll_isEightHuesOfThreeLightsAndThreeGreys(t *testing.T) {
	all := tone.All()
	if len(all) != 27 {
		t.Fatalf("got %d tones, want 27", len(all))
	}
	seen := map[string]bool{}
	greys := 0
	for _, c := range all {
		if seen[c.Name] {
			t.Errorf("%s appears twice", c.Name)
		}
		seen[c.Name] = true
		if strings.HasPrefix(c.Name, "grey-") {
			greys++
			if c.C != 0 {
				t.Errorf("%s has chroma %v", c.Name, c.C)
			}
		}
	}
	if greys != 3 {
		t.Errorf("got %d greys, want 3", greys)
	}
	if !tone.Known(tone.Fallback) || tone.Known("sky-4") || tone.Known("") {
		t.Error("Known does not follow All")
	}
}

func TestNearest(t *testing.T) {
	for _, c := range []struct {
		name    string
		r, g, b uint8
		want    string
	}{
		{"black", 0, 0, 0, "grey-1"},
		{"white", 255, 255, 255, "grey-3"},
		{"middle grey", 119, 119, 119, "grey-2"},
		{"clear sky", 178, 208, 226, "sky-3"},
		{"sea", 70, 136, 160, "sky-2"},
		{"deep forest", 12, 72, 50, "pine-1"},
		{"night", 20, 30, 72, "ink-1"},
		{"dune", 214, 190, 150, "sand-3"},
		{"terracotta", 186, 104, 76, "ember-2"},
		{"fuchsia", 170, 80, 160, "plum-2"},
		{"pure red stays warm", 255, 0, 0, "ember-2"},
	} {
		if got := tone.Nearest(c.r, c.g, c.b); got != c.want {
			t.Errorf("%s: Nearest(%d, %d, %d) = %s, want %s", c.name, c.r, c.g, c.b, got, c.want)
		}
	}
}

func TestNearest_alwaysKnown(t *testing.T) {
	for r := 0; r < 256; r += 51 {
		for g := 0; g < 256; g += 51 {
			for b := 0; b < 256; b += 51 {
				if name := tone.Nearest(uint8(r), uint8(g), uint8(b)); !tone.Known(name) {
					t.Fatalf("Nearest(%d, %d, %d) = %q is not a tone", r, g, b, name)
				}
			}
		}
	}
}
