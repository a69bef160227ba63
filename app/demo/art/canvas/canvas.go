package canvas

import (
	"image"
	"math"
)

// A Canvas is a picture in linear light.
type Canvas struct {
	W, H int
	pix  []float32
	cov  []float32
}

// New returns a canvas of one colour, at least 1 by 1.
func New(w, h int, c Lab) *Canvas {
	w, h = max(1, w), max(1, h)
	m := &Canvas{W: w, H: h, pix: make([]float32, w*h*3)}
	l := c.RGB()
	for i := 0; i < len(m.pix); i += 3 {
		m.pix[i], m.pix[i+1], m.pix[i+2] = float32(l.R), float32(l.G), float32(l.B)
	}
	return m
}

// Shade sets each pixel to f at its centre.
func (m *Canvas) Shade(f func(x, y float64) RGB) {
	i := 0
	for y := range m.H {
		for x := range m.W {
			c := f(float64(x)+.5, float64(y)+.5)
			m.pix[i], m.pix[i+1], m.pix[i+2] = float32(c.R), float32(c.G), float32(c.B)
			i += 3
		}
	}
}

// Reshade is Shade with the light that is there already.
func (m *Canvas) Reshade(f func(x, y float64, c RGB) RGB) {
	i := 0
	for y := range m.H {
		for x := range m.W {
			c := f(float64(x)+.5, float64(y)+.5, RGB{float64(m.pix[i]), float64(m.pix[i+1]), float64(m.pix[i+2])})
			m.pix[i], m.pix[i+1], m.pix[i+2] = float32(c.R), float32(c.G), float32(c.B)
			i += 3
		}
	}
}

// At reads a pixel; outside it continues its edge.
func (m *Canvas) At(x, y int) RGB {
	x, y = max(0, min(m.W-1, x)), max(0, min(m.H-1, y))
	i := (y*m.W + x) * 3
	return RGB{float64(m.pix[i]), float64(m.pix[i+1]), float64(m.pix[i+2])}
}

// Set writes a pixel; outside nothing happens.
func (m *Canvas) Set(x, y int, c RGB) {
	if x >= 0 && y >= 0 && x < m.W && y < m.H {
		i := (y*m.W + x) * 3
		m.pix[i], m.pix[i+1], m.pix[i+2] = float32(c.R), float32(c.G), float32(c.B)
	}
}

// Glow adds a soft round light of radius r.
func (m *Canvas) Glow(x, y, r float64, c RGB, k float64) {
	for py := max(0, int(y-r)); py <= min(m.H-1, int(y+r)); py++ {
		for px := max(0, int(x-r)); px <= min(m.W-1, int(x+r)); px++ {
			dx, dy := float64(px)+.5-x, float64(py)+.5-y
			d := 1 - (dx*dx+dy*dy)/(r*r)
			if d > 0 {
				i := (py*m.W + px) * 3
				a := k * d * d * d
				m.pix[i] += float32(c.R * a)
				m.pix[i+1] += float32(c.G * a)
				m.pix[i+2] += float32(c.B * a)
			}
		}
	}
}

// Finish says how light becomes a file.
type Finish struct {
	Grain    float64 // film grain, 0.02 fine to 0.06 coarse
	Vignette float64 // how much the corners lose
	Seed     int
	Shoulder bool // rolls off the highlights as film does; without it what is above 1 is cut
	Dither   bool // breaks up bands in slow gradients
}

// The curve from the square root of linear light to sRGB, a fixed table.
var curve = func() (t [4097]float32) {
	for i := range t {
		v := float64(i) / 4096
		t[i] = float32(gamma(v*v) * 255)
	}
	return t
}()

// Image turns the light into sRGB bytes.
func (m *Canvas) Image(f Finish) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, m.W, m.H))
	noisy := f.Grain > 0 || f.Dither
	cx, cy := float64(m.W)/2, float64(m.H)/2
	inv := 1 / (cx*cx + cy*cy)
	state := uint32(f.Seed)*2654435761 | 1
	i, o := 0, 0
	for y := range m.H {
		dy := float64(y) - cy
		for x := range m.W {
			vig := float32(1)
			if f.Vignette > 0 {
				dx := float64(x) - cx
				d := (dx*dx + dy*dy) * inv
				vig = float32(1 - f.Vignette*d*(.35+.65*d))
			}
			g, e := float32(0), float32(.5)
			if noisy {
				state ^= state << 13
				state ^= state >> 17
				state ^= state << 5
				g = (float32(state&0xffff) + float32(state>>16) - 65535) / 65535
				if f.Dither && f.Grain == 0 {
					e, g = .5+g*.5, 0
				}
			}
			for c := range 3 {
				v := m.pix[i+c] * vig
				if f.Shoulder && v > .6 {
					v = .6 + .4*(1-1/(1+(v-.6)*2.5))
				}
				s := curve[int(math.Sqrt(float64(max(0, min(1, v))))*4096)]
				if g != 0 {
					mid := s * (255 - s) * (4. / 65025)
					s += g * float32(f.Grain) * 255 * (.35 + .65*mid)
				}
				img.Pix[o+c] = uint8(max(0, min(255, s+e)))
			}
			img.Pix[o+3] = 255
			i, o = i+3, o+4
		}
	}
	return img
}
