package canvas

import "math"

// Fill lays a colour over the path at an opacity.
func (m *Canvas) Fill(p *Path, c Lab, a float64) { m.FillRGB(p, c.RGB(), a) }

// FillRGB is Fill with linear light.
func (m *Canvas) FillRGB(p *Path, c RGB, a float64) {
	k := float32(a)
	m.cover(p, func(i int, v float32) { m.blend(i, c, v*k) })
}

// FillAdd adds light inside the path.
func (m *Canvas) FillAdd(p *Path, c RGB, k float64) {
	m.cover(p, func(i int, v float32) {
		v *= float32(k)
		i *= 3
		m.pix[i] += float32(c.R) * v
		m.pix[i+1] += float32(c.G) * v
		m.pix[i+2] += float32(c.B) * v
	})
}

// FillFunc fills the path with a colour and an opacity per pixel.
func (m *Canvas) FillFunc(p *Path, f func(x, y float64) (RGB, float64)) {
	m.cover(p, func(i int, v float32) {
		c, a := f(float64(i%m.W)+.5, float64(i/m.W)+.5)
		m.blend(i, c, v*float32(a))
	})
}

// cover calls f for each pixel that the path touches, with its exact share of area.
func (m *Canvas) cover(p *Path, f func(i int, a float32)) {
	bx0, by0, bx1, by1 := p.bounds()
	if !(bx1 > 0 && by1 > 0 && bx0 < float64(m.W) && by0 < float64(m.H)) {
		return
	}
	x0, y0 := int(math.Max(0, bx0)), int(math.Max(0, by0))
	x1, y1 := int(math.Min(float64(m.W), math.Ceil(bx1))), int(math.Min(float64(m.H), math.Ceil(by1)))
	w, h := x1-x0, y1-y0
	if w <= 0 || h <= 0 {
		return
	}
	row := w + 2
	if cap(m.cov) < row*h {
		m.cov = make([]float32, row*h)
	}
	acc := m.cov[:row*h]
	clear(acc)
	e := edges{acc, row, w, h}
	for _, s := range p.subs {
		q := s[len(s)-1]
		for _, r := range s {
			e.add(q.X-float64(x0), q.Y-float64(y0), r.X-float64(x0), r.Y-float64(y0))
			q = r
		}
	}
	for y := range h {
		sum := float32(0)
		line := acc[y*row : y*row+w]
		base := (y+y0)*m.W + x0
		for x, d := range line {
			sum += d
			a := sum
			if a < 0 {
				a = -a
			}
			if a > 1.0/512 {
				f(base+x, min(1, a))
			}
		}
	}
}

// edges gathers signed areas: the running sum along a row is the coverage.
type edges struct {
	acc    []float32
	row    int
	wi, hi int
}

func (e *edges) add(x0, y0, x1, y1 float64) {
	if y0 == y1 {
		return
	}
	dir := 1.
	if y0 > y1 {
		x0, y0, x1, y1, dir = x1, y1, x0, y0, -1
	}
	if y1 <= 0 || y0 >= float64(e.hi) {
		return
	}
	slope := (x1 - x0) / (y1 - y0)
	if y0 < 0 {
		x0, y0 = x0-y0*slope, 0
	}
	y1 = math.Min(y1, float64(e.hi))
	w := float64(e.wi)
	x := x0
	for y := int(y0); float64(y) < y1; y++ {
		dy := math.Min(float64(y+1), y1) - math.Max(float64(y), y0)
		next := x + slope*dy
		e.span(e.acc[y*e.row:(y+1)*e.row], Clamp(math.Min(x, next), 0, w), Clamp(math.Max(x, next), 0, w), dy*dir)
		x = next
	}
}

// span spreads one edge's share d over the pixels between a and b of a row.
func (e *edges) span(line []float32, a, b, d float64) {
	i := int(a)
	if fb := math.Ceil(b); fb <= float64(i+1) {
		m := (a+b)/2 - float64(i)
		line[i] += float32(d * (1 - m))
		line[i+1] += float32(d * m)
		return
	}
	s := 1 / (b - a)
	xa := a - float64(i)
	first := .5 * s * (1 - xa) * (1 - xa)
	line[i] += float32(d * first)
	last := int(math.Ceil(b))
	if last == i+2 {
		xb := b - float64(i+1)
		tail := .5 * s * xb * xb
		line[i+1] += float32(d * (1 - first - tail))
		line[i+2] += float32(d * tail)
		return
	}
	second := s * (1.5 - xa)
	line[i+1] += float32(d * (second - first))
	for j := i + 2; j < last-1; j++ {
		line[j] += float32(d * s)
	}
	before := second + float64(last-i-3)*s
	xb := b - float64(last-1)
	tail := .5 * s * xb * xb
	line[last-1] += float32(d * (1 - before - tail))
	line[last] += float32(d * tail)
}
