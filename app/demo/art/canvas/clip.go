package canvas

import (
	"math"
	"strconv"
	"strings"
)

func (q Point) dist(r Point) float64 { return math.Hypot(q.X-r.X, q.Y-r.Y) }

// numbers reads what is a number and leaves out what is not.
func numbers(s string) []float64 {
	var out []float64
	for _, f := range strings.Fields(s) {
		if v, err := strconv.ParseFloat(f, 64); err == nil {
			out = append(out, v)
		}
	}
	return out
}

// clipAbove keeps the part of an outline below the line y = lo on the screen.
func clipAbove(s []Point, lo float64) []Point {
	return clip(s, func(q Point) float64 { return q.Y - lo })
}

// clipBelow keeps the part of an outline above the line y = hi on the screen.
func clipBelow(s []Point, hi float64) []Point {
	return clip(s, func(q Point) float64 { return hi - q.Y })
}

// clip keeps where side is not negative (Sutherland and Hodgman).
func clip(s []Point, side func(Point) float64) []Point {
	if len(s) < 3 {
		return nil
	}
	var out []Point
	prev := s[len(s)-1]
	dp := side(prev)
	for _, q := range s {
		dq := side(q)
		if (dp < 0) != (dq < 0) {
			t := dp / (dp - dq)
			out = append(out, Point{prev.X + (q.X-prev.X)*t, prev.Y + (q.Y-prev.Y)*t})
		}
		if dq >= 0 {
			out = append(out, q)
		}
		prev, dp = q, dq
	}
	return out
}

// ClipTo keeps the part of the path inside a rectangle.
func (p *Path) ClipTo(x, y, w, h float64) *Path {
	out := &Path{}
	for _, s := range p.subs {
		s = clipBelow(clipAbove(s, y), y+h)
		s = clip(clip(s, func(q Point) float64 { return q.X - x }), func(q Point) float64 { return x + w - q.X })
		out.Outline(s)
	}
	return out
}

// Move shifts the path in place.
func (p *Path) Move(dx, dy float64) *Path {
	return p.Map(func(q Point) Point { return Point{q.X + dx, q.Y + dy} })
}

// Turn rotates the path in place around a point.
func (p *Path) Turn(x, y, angle float64) *Path {
	s, c := math.Sincos(angle)
	return p.Map(func(q Point) Point {
		return Point{x + (q.X-x)*c - (q.Y-y)*s, y + (q.X-x)*s + (q.Y-y)*c}
	})
}

// Map moves every point of the path. A map that mirrors turns holes and fills alike, so the path stays whole.
func (p *Path) Map(f func(Point) Point) *Path {
	for _, s := range p.subs {
		for i := range s {
			s[i] = f(s[i])
		}
	}
	return p
}

// Add unites another path with this one.
func (p *Path) Add(o *Path) *Path {
	p.subs = append(p.subs, o.subs...)
	return p
}
