package art

import (
	"math"

	"vitrine/app/demo/art/canvas"
)

// newScene picks the colours from the seed and lays the ground.
func newScene(seed uint64, m method, w, h int) *scene {
	salt := uint64(0)
	for _, b := range []byte(m.style) {
		salt = salt*131 + uint64(b)
	}
	r := canvas.NewRand(seed ^ salt<<20)
	sc := &scene{r: r, seed: int(r.Next() >> 40), w: float64(w), h: float64(h)}
	sc.s = math.Sqrt(sc.w*sc.h) / 1000
	ground := canvas.OK(.5, 0, 0)
	if m.tone >= bySun {
		choice := moodsFor(m.tone)
		sc.mood = choice[r.N(len(choice))]
	} else {
		choice := palettesFor(m.tone)
		sc.pal = choice[r.N(len(choice))]
		ground = sc.pal.ground
	}
	if w > 1 || h > 1 {
		sc.c = canvas.New(w, h, ground)
	} else {
		sc.c = canvas.New(1, 1, ground)
	}
	return sc
}

// colour returns one of the palette's colours, whatever the number.
func (sc *scene) colour(i int) canvas.Lab {
	n := len(sc.pal.colours)
	return sc.pal.colours[((i%n)+n)%n]
}

// shuffled returns the palette's colours in an order of chance.
func (sc *scene) shuffled() []canvas.Lab {
	out := append([]canvas.Lab(nil), sc.pal.colours...)
	for i := len(out) - 1; i > 0; i-- {
		j := sc.r.N(i + 1)
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// apart is how far two colours lie from each other; under about 0.12 they read as one.
func apart(a, b canvas.Lab) float64 {
	return math.Sqrt((a.L-b.L)*(a.L-b.L) + (a.A-b.A)*(a.A-b.A) + (a.B-b.B)*(a.B-b.B))
}

// short is the shorter side, long the longer one.
func (sc *scene) short() float64 { return math.Min(sc.w, sc.h) }
func (sc *scene) long() float64  { return math.Max(sc.w, sc.h) }

// poly, disc and line are the three marks that nearly every style makes.
func (sc *scene) poly(c canvas.Lab, xy ...float64) {
	sc.c.Fill((&canvas.Path{}).Poly(xy...), c, 1)
}

func (sc *scene) disc(x, y, r float64, c canvas.Lab) {
	sc.c.Fill((&canvas.Path{}).Circle(x, y, r), c, 1)
}

func (sc *scene) line(x0, y0, x1, y1, width float64, c canvas.Lab, a float64) {
	sc.c.Fill((&canvas.Path{}).Stroke(x0, y0, x1, y1, width), c, a)
}

// text sets a line of capitals and returns its width.
func (sc *scene) text(s string, x, y float64, t canvas.Type, c canvas.Lab) float64 {
	p, w := t.Text(s, x, y)
	sc.c.Fill(p, c, 1)
	return w
}
