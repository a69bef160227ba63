package stage

import (
	"math"

	"vitrine/app/demo/art/canvas"
)

// A Scene is what a style draws with: the canvas, a source of chance, the size and the colours of this one picture.
type Scene struct {
	C     *canvas.Canvas
	R     *canvas.Rand
	Seed  int
	W, H  float64
	S     float64 // a thousandth of the geometric mean of the sides: widths and lengths scale by it
	Phase float64 // 0 to 1 through a film's loop; 0 for a still picture
	Pal   Palette
	Mood  Mood
}

// New picks the colours that a seed, a name and a tone lead to, and lays the ground.
func New(seed uint64, name string, tone Tone, w, h int) *Scene {
	salt := uint64(0)
	for _, b := range []byte(name) {
		salt = salt*131 + uint64(b)
	}
	r := canvas.NewRand(seed ^ salt<<20)
	sc := &Scene{R: r, Seed: int(r.Next() >> 40), W: float64(w), H: float64(h)}
	sc.S = math.Sqrt(sc.W*sc.H) / 1000
	ground := canvas.OK(.5, 0, 0)
	if tone.OfLight() {
		sc.Mood = Pick(r, moodsFor(tone))
	} else {
		sc.Pal = Pick(r, palettesFor(tone))
		ground = sc.Pal.Ground
	}
	sc.C = canvas.New(w, h, ground)
	return sc
}

// Pick takes one of a list by chance.
func Pick[T any](r *canvas.Rand, list []T) T { return list[r.N(len(list))] }

// Apart is how far two colours lie from each other; under about 0.12 they read as one.
func Apart(a, b canvas.Lab) float64 {
	return math.Sqrt((a.L-b.L)*(a.L-b.L) + (a.A-b.A)*(a.A-b.A) + (a.B-b.B)*(a.B-b.B))
}

// Colour returns one of the palette's colours, whatever the number.
func (sc *Scene) Colour(i int) canvas.Lab {
	n := len(sc.Pal.Colours)
	return sc.Pal.Colours[((i%n)+n)%n]
}

// Shuffled returns the palette's colours in an order of chance.
func (sc *Scene) Shuffled() []canvas.Lab {
	out := append([]canvas.Lab(nil), sc.Pal.Colours...)
	for i := len(out) - 1; i > 0; i-- {
		j := sc.R.N(i + 1)
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// Contrast returns the palette's colour that stands out most from another.
func (sc *Scene) Contrast(from canvas.Lab) canvas.Lab {
	best := sc.Pal.Ink
	for _, c := range append([]canvas.Lab{sc.Pal.Ground}, sc.Pal.Colours...) {
		if math.Abs(c.L-from.L) > math.Abs(best.L-from.L) {
			best = c
		}
	}
	return best
}

// Strong returns the palette's colours that can be told from a ground and from each other, the accent first; never none.
func (sc *Scene) Strong(ground canvas.Lab) []canvas.Lab {
	var out []canvas.Lab
	for _, c := range append(append([]canvas.Lab(nil), sc.Pal.Colours...), sc.Pal.Ink) {
		fresh := Apart(c, ground) > .16
		for _, o := range out {
			fresh = fresh && Apart(c, o) > .08
		}
		if fresh {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		out = append(out, sc.Contrast(ground))
	}
	return out
}

// Short is the shorter side.
func (sc *Scene) Short() float64 { return math.Min(sc.W, sc.H) }

// Long is the longer side.
func (sc *Scene) Long() float64 { return math.Max(sc.W, sc.H) }

// Poly fills a polygon of x, y pairs.
func (sc *Scene) Poly(c canvas.Lab, xy ...float64) {
	sc.C.Fill((&canvas.Path{}).Poly(xy...), c, 1)
}

// Disc fills a disc.
func (sc *Scene) Disc(x, y, r float64, c canvas.Lab) {
	sc.C.Fill((&canvas.Path{}).Circle(x, y, r), c, 1)
}

// Line draws a straight line with flat caps at an opacity.
func (sc *Scene) Line(x0, y0, x1, y1, width float64, c canvas.Lab, a float64) {
	sc.C.Fill((&canvas.Path{}).Stroke(x0, y0, x1, y1, width), c, a)
}

// Text sets a line of capitals and returns its width.
func (sc *Scene) Text(s string, x, y float64, t canvas.Type, c canvas.Lab) float64 {
	p, w := t.Text(s, x, y)
	sc.C.Fill(p, c, 1)
	return w
}
