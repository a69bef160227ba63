package canvas

import "math"

// Point is a place on the canvas.
type Point struct{ X, Y float64 }

// A Path is a set of closed outlines. Outlines of one direction unite where they overlap; opposite ones cut holes.
type Path struct{ subs [][]Point }

// Poly adds a polygon from x, y pairs.
func (p *Path) Poly(xy ...float64) *Path {
	s := make([]Point, 0, len(xy)/2)
	for i := 0; i+1 < len(xy); i += 2 {
		s = append(s, Point{xy[i], xy[i+1]})
	}
	return p.Outline(s)
}

// Outline adds a closed outline.
func (p *Path) Outline(s []Point) *Path {
	if len(s) > 2 {
		p.subs = append(p.subs, s)
	}
	return p
}

// Rect adds a rectangle.
func (p *Path) Rect(x, y, w, h float64) *Path { return p.Poly(x, y, x+w, y, x+w, y+h, x, y+h) }

// Circle adds a disc.
func (p *Path) Circle(x, y, r float64) *Path { return p.Ellipse(x, y, r, r, 0) }

// Ellipse adds an ellipse, turned by an angle.
func (p *Path) Ellipse(x, y, rx, ry, turn float64) *Path {
	return p.Outline(arc(nil, x, y, rx, ry, turn, 0, Tau))
}

// Hole adds a disc of the opposite direction: inside of another outline it is a hole.
func (p *Path) Hole(x, y, r float64) *Path {
	return p.Outline(arc(nil, x, y, r, r, 0, Tau, 0))
}

// Ring adds the band between two radii.
func (p *Path) Ring(x, y, r0, r1 float64) *Path { return p.Circle(x, y, r1).Hole(x, y, r0) }

// Sector adds the band between two radii and two angles (clockwise from the right).
func (p *Path) Sector(x, y, r0, r1, a0, a1 float64) *Path {
	s := arc(nil, x, y, r1, r1, 0, a0, a1)
	if r0 <= 0 {
		return p.Outline(append(s, Point{x, y}))
	}
	return p.Outline(arc(s, x, y, r0, r0, 0, a1, a0))
}

// Arc returns the points of an arc around a centre.
func Arc(x, y, r, a0, a1 float64) []Point { return arc(nil, x, y, r, r, 0, a0, a1) }

func arc(s []Point, x, y, rx, ry, turn, a0, a1 float64) []Point {
	n := int(math.Abs(a1-a0)/Tau*math.Max(24, 9*math.Sqrt(math.Max(rx, ry)))) + 4
	st, ct := math.Sincos(turn)
	for i := 0; i <= n; i++ {
		sn, cs := math.Sincos(a0 + (a1-a0)*float64(i)/float64(n))
		s = append(s, Point{x + rx*cs*ct - ry*sn*st, y + rx*cs*st + ry*sn*ct})
	}
	return s
}

// Cubic returns points of a Bézier curve, without its first.
func Cubic(s []Point, a, b, c, d Point, n int) []Point {
	for i := 1; i <= n; i++ {
		t := float64(i) / float64(n)
		u := 1 - t
		k0, k1, k2, k3 := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
		s = append(s, Point{k0*a.X + k1*b.X + k2*c.X + k3*d.X, k0*a.Y + k1*b.Y + k2*c.Y + k3*d.Y})
	}
	return s
}

// Smoothed returns a curve through the points (Catmull-Rom), n steps between two of them.
func Smoothed(pts []Point, n int, closed bool) []Point {
	if len(pts) < 3 {
		return pts
	}
	at := func(i int) Point {
		if closed {
			return pts[(i+len(pts))%len(pts)]
		}
		return pts[max(0, min(len(pts)-1, i))]
	}
	last := len(pts) - 1
	if closed {
		last++
	}
	s := []Point{pts[0]}
	for i := range last {
		a, b, c, d := at(i-1), at(i), at(i+1), at(i+2)
		s = Cubic(s, b, Point{b.X + (c.X-a.X)/6, b.Y + (c.Y-a.Y)/6}, Point{c.X - (d.X-b.X)/6, c.Y - (d.Y-b.Y)/6}, c, n)
	}
	return s
}

// bounds returns the box around the path.
func (p *Path) bounds() (x0, y0, x1, y1 float64) {
	x0, y0, x1, y1 = math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, s := range p.subs {
		for _, q := range s {
			x0, y0, x1, y1 = math.Min(x0, q.X), math.Min(y0, q.Y), math.Max(x1, q.X), math.Max(y1, q.Y)
		}
	}
	return x0, y0, x1, y1
}

// Line adds a polyline of a width as an outline. Corners are mitred, smooth bends stay smooth; caps are flat, or round.
func (p *Path) Line(pts []Point, width float64, round bool) *Path {
	hw := width / 2
	for i := 1; i < len(pts); i++ {
		a, b := pts[i-1], pts[i]
		dx, dy := b.X-a.X, b.Y-a.Y
		l := math.Hypot(dx, dy)
		if l < 1e-9 {
			continue
		}
		nx, ny := -dy/l*hw, dx/l*hw
		p.Poly(a.X-nx, a.Y-ny, b.X-nx, b.Y-ny, b.X+nx, b.Y+ny, a.X+nx, a.Y+ny)
		if i+1 < len(pts) {
			p.join(b, dx/l, dy/l, pts[i+1], hw)
		}
	}
	if round && len(pts) > 0 {
		p.Circle(pts[0].X, pts[0].Y, hw)
		p.Circle(pts[len(pts)-1].X, pts[len(pts)-1].Y, hw)
	}
	return p
}

// join fills the wedge on the outer side of a corner.
func (p *Path) join(b Point, dx, dy float64, c Point, hw float64) {
	ex, ey := c.X-b.X, c.Y-b.Y
	l := math.Hypot(ex, ey)
	if l < 1e-9 {
		return
	}
	ex, ey = ex/l, ey/l
	cross, dot := dx*ey-dy*ex, dx*ex+dy*ey
	if math.Abs(cross) < 1e-4 || dot < -.93 {
		return
	}
	side := hw
	if cross > 0 {
		side = -hw
	}
	k := side / (1 + dot)
	p1, p2 := Point{b.X - dy*side, b.Y + dx*side}, Point{b.X - ey*side, b.Y + ex*side}
	tip := Point{b.X - (dy+ey)*k, b.Y + (dx+ex)*k}
	if cross > 0 {
		p.Outline([]Point{b, p1, tip, p2})
	} else {
		p.Outline([]Point{b, p2, tip, p1})
	}
}

// Stroke is one straight line of a width with flat caps.
func (p *Path) Stroke(x0, y0, x1, y1, width float64) *Path {
	return p.Line([]Point{{x0, y0}, {x1, y1}}, width, false)
}

// Tapered adds a polyline whose width goes by f over its length (0 to 1): grass, branches, brush strokes.
func (p *Path) Tapered(pts []Point, f func(t float64) float64) *Path {
	n := len(pts)
	if n < 2 {
		return p
	}
	out := make([]Point, 2*n)
	for i, q := range pts {
		a, b := pts[max(0, i-1)], pts[min(n-1, i+1)]
		dx, dy := b.X-a.X, b.Y-a.Y
		l := math.Max(1e-9, math.Hypot(dx, dy))
		hw := f(float64(i)/float64(n-1)) / 2
		out[i] = Point{q.X + dy/l*hw, q.Y - dx/l*hw}
		out[2*n-1-i] = Point{q.X - dy/l*hw, q.Y + dx/l*hw}
	}
	return p.Outline(out)
}
