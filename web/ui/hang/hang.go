// Package hang turns what is known of a picture into classes of the stylesheet:
// its place on the wall (ratio), its placeholder colour (tone) and the point
// that a crop must keep (focal). A style attribute would say the same, but the
// content security policy forbids it, and classes keep pages small.
package hang

import (
	"fmt"
	"math"

	"vitrine/app/platform/tone"
)

// Buckets is the number of ratio classes, from r-01 (narrow) to r-24 (wide).
const Buckets = 24

const narrowest, widest = 0.5, 3.0

// Ratio is width divided by height of bucket n, counted from 1. Neighbours are
// about 8 % apart, so a picture in its nearest bucket loses at most 4 %.
func Ratio(n int) float64 {
	return narrowest * math.Pow(widest/narrowest, float64(n-1)/float64(Buckets-1))
}

// RatioClass returns the class of the bucket nearest to a picture of w × h
// pixels. Pictures beyond the narrowest and the widest bucket get that one;
// unknown sizes hang as a square.
func RatioClass(w, h int) string {
	if w <= 0 || h <= 0 {
		w, h = 1, 1
	}
	step := math.Log(widest/narrowest) / float64(Buckets-1)
	n := 1 + int(math.Round(math.Log(float64(w)/float64(h)/narrowest)/step))
	return ratioName(min(max(n, 1), Buckets))
}

func ratioName(n int) string { return fmt.Sprintf("r-%02d", n) }

// ToneClass returns the class of a tone by its stored name; an unknown name
// gets the fallback tone.
func ToneClass(name string) string {
	if !tone.Known(name) {
		name = tone.Fallback
	}
	return "tone-" + name
}

// Focal is one of nine points that a crop keeps in view, row by row from the
// top left. The zero value is the centre.
type Focal int

// The nine points.
const (
	Centre Focal = iota
	TopLeft
	Top
	TopRight
	Left
	Right
	BottomLeft
	Bottom
	BottomRight
)

var focals = [9]struct{ class, position string }{
	Centre:      {"f-c", "50% 50%"},
	TopLeft:     {"f-tl", "15% 15%"},
	Top:         {"f-t", "50% 15%"},
	TopRight:    {"f-tr", "85% 15%"},
	Left:        {"f-l", "15% 50%"},
	Right:       {"f-r", "85% 50%"},
	BottomLeft:  {"f-bl", "15% 85%"},
	Bottom:      {"f-b", "50% 85%"},
	BottomRight: {"f-br", "85% 85%"},
}

// FocalAt returns the point nearest to x, y, fractions of width and height
// from the top left.
func FocalAt(x, y float64) Focal {
	third := func(v float64) int { return min(max(int(v*3), 0), 2) }
	grid := [3][3]Focal{
		{TopLeft, Top, TopRight},
		{Left, Centre, Right},
		{BottomLeft, Bottom, BottomRight},
	}
	return grid[third(y)][third(x)]
}

// FocalClass returns the class of the point; a value outside the nine is the
// centre.
func FocalClass(f Focal) string {
	if f < 0 || int(f) >= len(focals) {
		f = Centre
	}
	return focals[f].class
}
