package canvas

import "math"

// Rand is a small seeded source (splitmix64); the same seed gives the same numbers with every release of Go.
type Rand struct{ s uint64 }

// NewRand returns a source for a seed. Seeds are mixed first: neighbours would else share their numbers, one step apart.
func NewRand(seed uint64) *Rand {
	r := &Rand{seed ^ 0x5851f42d4c957f2d}
	return &Rand{r.Next()}
}

// Next returns 64 random bits.
func (r *Rand) Next() uint64 {
	r.s += 0x9e3779b97f4a7c15
	z := r.s
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// F is a number in [0,1).
func (r *Rand) F() float64 { return float64(r.Next()>>11) / (1 << 53) }

// In is a number in [lo,hi).
func (r *Rand) In(lo, hi float64) float64 { return lo + (hi-lo)*r.F() }

// N is a whole number in [0,n); 0 for n below 1.
func (r *Rand) N(n int) int {
	if n < 1 {
		return 0
	}
	return int(r.Next() % uint64(n))
}

// Odds is true with probability p.
func (r *Rand) Odds(p float64) bool { return r.F() < p }

// Normal is near a bell curve around 0 with deviation 1.
func (r *Rand) Normal() float64 { return (r.F() + r.F() + r.F() + r.F() - 2) * 1.73 }

// Hash is a number in [0,1) for a cell and a seed.
func Hash(x, y, s int) float64 {
	return float64(mixBits(x, y, s)) / (1 << 32)
}

func mixBits(x, y, s int) uint32 {
	h := uint32(x)*0x8da6b343 ^ uint32(y)*0xd8163841 ^ uint32(s)*0xcb1ab31f
	h ^= h >> 15
	h *= 0x2c1b3c6d
	h ^= h >> 12
	h *= 0x297a2d39
	h ^= h >> 15
	return h
}

// The 64 directions of the noise, a fixed table.
var directions = func() (t [64][2]float64) {
	for i := range t {
		s, c := math.Sincos(float64(i) / 64 * Tau)
		t[i] = [2]float64{c * 1.45, s * 1.45}
	}
	return t
}()

func direction(h uint32) *[2]float64 {
	h ^= h >> 15
	h *= 0x2c1b3c6d
	h ^= h >> 13
	return &directions[h*0x297a2d39>>26]
}

// Noise is gradient noise, about -1 to 1, one feature per unit; it repeats nowhere within a million units of the origin.
func Noise(x, y float64, s int) float64 {
	xi, yi := int(x+1<<20)-1<<20, int(y+1<<20)-1<<20
	x, y = x-float64(xi), y-float64(yi)
	hx, hy := uint32(xi)*0x8da6b343, uint32(yi)*0xd8163841^uint32(s)*0xcb1ab31f
	a, b := direction(hx^hy), direction((hx+0x8da6b343)^hy)
	hy = uint32(yi+1)*0xd8163841 ^ uint32(s)*0xcb1ab31f
	c, d := direction(hx^hy), direction((hx+0x8da6b343)^hy)
	u, v := x*x*x*(x*(x*6-15)+10), y*y*y*(y*(y*6-15)+10)
	p := a[0]*x + a[1]*y
	q := b[0]*(x-1) + b[1]*y
	r := c[0]*x + c[1]*(y-1)
	t := d[0]*(x-1) + d[1]*(y-1)
	p += (q - p) * u
	r += (t - r) * u
	return p + (r-p)*v
}

// Fbm sums octaves of noise, each half as strong and twice as fine.
func Fbm(x, y float64, octaves, s int) float64 {
	v, a := 0., .5
	for i := range octaves {
		v += a * Noise(x, y, s+i*17)
		x, y, a = x*2.03+7.13, y*2.03+3.71, a*.5
	}
	return v
}

// Ridged is fbm of creases: 0 in the valleys, towards 1 on the edges.
func Ridged(x, y float64, octaves, s int) float64 {
	v, a, n := 0., .5, 0.
	for i := range octaves {
		k := 1 - math.Abs(Noise(x, y, s+i*17))
		v += a * k * k
		n += a
		x, y, a = x*2.07+5.3, y*2.07+1.7, a*.5
	}
	return v / n
}

// A Field is a slow function sampled on a coarse grid and read back smoothly; it makes costly noise cheap per pixel.
type Field struct {
	w, h int
	step float64
	v    []float32
}

// NewField samples f, which gets pixels, every step pixels over a w by h canvas.
func NewField(w, h int, step float64, f func(x, y float64) float64) *Field {
	step = max(2, step)
	m := &Field{w: int(float64(w)/step) + 3, h: int(float64(h)/step) + 3, step: step}
	m.v = make([]float32, m.w*m.h)
	for y := range m.h {
		for x := range m.w {
			m.v[y*m.w+x] = float32(f(float64(x)*step, float64(y)*step))
		}
	}
	return m
}

// At reads the field at a pixel; outside it continues its edge.
func (m *Field) At(x, y float64) float64 {
	x, y = Clamp(x/m.step, 0, float64(m.w)-1.001), Clamp(y/m.step, 0, float64(m.h)-1.001)
	i, j := int(x), int(y)
	fx, fy := float32(x-float64(i)), float32(y-float64(j))
	k := j*m.w + i
	a, b := m.v[k], m.v[k+m.w]
	a += (m.v[k+1] - a) * fx
	b += (m.v[k+m.w+1] - b) * fx
	return float64(a + (b-a)*fy)
}
