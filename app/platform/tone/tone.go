// Package tone holds the small palette of placeholder colours: what a visitor
// sees in the place of a picture before the picture has arrived. A strict
// content security policy forbids a style attribute, so each tone is a class in
// the stylesheet and a picture stores the name of the tone nearest to its
// dominant colour.
package tone

import (
	"math"
	"strconv"
)

// Tone is one placeholder colour in OKLCH. L runs from 0 to 1, H is in degrees.
type Tone struct {
	Name    string
	L, C, H float64
}

// Fallback is the name used for a picture whose colour is not known.
const Fallback = "grey-3"

// hues are spaced by what pictures are made of rather than evenly: warm colours
// are common in photographs and drawings, so they stand closer together.
var hues = [8]struct {
	name string
	h    float64
}{
	{"rose", 12}, {"ember", 42}, {"sand", 78}, {"moss", 120},
	{"pine", 160}, {"sky", 222}, {"ink", 264}, {"plum", 320},
}

// lights run from dark (1) to light (3). The chroma is that of a large area seen
// from afar, which is lower than that of its most vivid point.
var lights = [3]struct{ l, c float64 }{{0.32, 0.06}, {0.62, 0.09}, {0.86, 0.045}}

var greys = [3]float64{0.22, 0.56, 0.92}

// All returns the 27 tones in the order of the stylesheet: eight hues of three
// lights, then three greys.
func All() []Tone {
	all := make([]Tone, 0, len(hues)*len(lights)+len(greys))
	for _, hue := range hues {
		for i, light := range lights {
			all = append(all, Tone{Name: hue.name + "-" + strconv.Itoa(i+1), L: light.l, C: light.c, H: hue.h})
		}
	}
	for i, l := range greys {
		all = append(all, Tone{Name: "grey-" + strconv.Itoa(i+1), L: l})
	}
	return all
}

// Known reports whether name is one of All.
func Known(name string) bool {
	for _, t := range All() {
		if t.Name == name {
			return true
		}
	}
	return false
}

// Nearest returns the name of the tone that looks most like the sRGB colour:
// the smallest distance in OKLab.
func Nearest(r, g, b uint8) string {
	l, a, bb := oklab(r, g, b)
	best, least := Fallback, math.Inf(1)
	for _, t := range All() {
		ta, tb := t.C*math.Cos(t.H*math.Pi/180), t.C*math.Sin(t.H*math.Pi/180)
		if d := (l-t.L)*(l-t.L) + (a-ta)*(a-ta) + (bb-tb)*(bb-tb); d < least {
			best, least = t.Name, d
		}
	}
	return best
}

func oklab(r, g, b uint8) (l, a, bb float64) {
	red, green, blue := linear(r), linear(g), linear(b)
	lc := math.Cbrt(0.4122214708*red + 0.5363325363*green + 0.0514459929*blue)
	mc := math.Cbrt(0.2119034982*red + 0.6806995451*green + 0.1073969566*blue)
	sc := math.Cbrt(0.0883024619*red + 0.2817188376*green + 0.6299787005*blue)
	return 0.2104542553*lc + 0.7936177850*mc - 0.0040720468*sc,
		1.9779984951*lc - 2.4285922050*mc + 0.4505937099*sc,
		0.0259040371*lc + 0.7827717662*mc - 0.8086757660*sc
}

func linear(v uint8) float64 {
	c := float64(v) / 255
	if c <= 0.04045 {
		return c / 12.92
	}
	return math.Pow((c+0.055)/1.055, 2.4)
}
