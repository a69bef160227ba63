package canvas

// A Mask is one value per pixel, mostly a coverage of 0 to 1: for shadows, silhouettes, haze.
type Mask struct {
	W, H int
	V    []float32
}

// NewMask returns an empty mask.
func NewMask(w, h int) *Mask {
	w, h = max(1, w), max(1, h)
	return &Mask{w, h, make([]float32, w*h)}
}

// At reads between pixels, with (0,0) the first pixel's centre; outside it continues its edge.
func (m *Mask) At(x, y float64) float64 {
	x, y = Clamp(x, 0, float64(m.W-1)), Clamp(y, 0, float64(m.H-1))
	i, j := int(x), int(y)
	i1, j1 := min(i+1, m.W-1), min(j+1, m.H-1)
	fx, fy := float32(x-float64(i)), float32(y-float64(j))
	a, b := m.V[j*m.W+i], m.V[j1*m.W+i]
	a += (m.V[j*m.W+i1] - a) * fx
	b += (m.V[j1*m.W+i1] - b) * fx
	return float64(a + (b-a)*fy)
}

// Fill lays a path into the mask at a strength; what is there stays where it is stronger.
func (m *Mask) Fill(p *Path, k float64) {
	c := Canvas{W: m.W, H: m.H}
	c.cover(p, func(i int, a float32) {
		m.V[i] = max(m.V[i], a*float32(k))
	})
}

// Blur softens by about r pixels.
func (m *Mask) Blur(r float64) {
	n := int(r*.6 + .5)
	if n < 1 {
		return
	}
	buf := make([]float32, max(m.W, m.H))
	for range 3 {
		for y := range m.H {
			box(m.V[y*m.W:], 1, m.W, n, buf)
		}
		for x := range m.W {
			box(m.V[x:], m.W, m.H, n, buf)
		}
	}
}

// box is one pass of a moving average over count values that lie stride apart.
func box(v []float32, stride, count, n int, buf []float32) {
	for i := range count {
		buf[i] = v[i*stride]
	}
	sum := float32(0)
	for i := -n; i <= n; i++ {
		sum += buf[max(0, min(count-1, i))]
	}
	inv := 1 / float32(2*n+1)
	for i := range count {
		v[i*stride] = sum * inv
		sum += buf[min(count-1, i+n+1)] - buf[max(0, i-n)]
	}
}

// Stain mixes a colour in wherever the mask is.
func (m *Canvas) Stain(k *Mask, c RGB, strength float64) {
	sx, sy := float64(k.W)/float64(m.W), float64(k.H)/float64(m.H)
	if k.W == m.W && k.H == m.H {
		for i, v := range k.V {
			if v > 0 {
				m.blend(i, c, v*float32(strength))
			}
		}
		return
	}
	for y := range m.H {
		for x := range m.W {
			if a := k.At((float64(x)+.5)*sx-.5, (float64(y)+.5)*sy-.5); a > 0 {
				m.blend(y*m.W+x, c, float32(a*strength))
			}
		}
	}
}

func (m *Canvas) blend(i int, c RGB, a float32) {
	i *= 3
	m.pix[i] += (float32(c.R) - m.pix[i]) * a
	m.pix[i+1] += (float32(c.G) - m.pix[i+1]) * a
	m.pix[i+2] += (float32(c.B) - m.pix[i+2]) * a
}
