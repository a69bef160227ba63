package art

import (
	"math"

	"vitrine/app/demo/art/canvas"
	"vitrine/app/demo/art/stage"
)

// herbarium: one branch on a sheet, leaf by leaf, with a small label.
func herbarium(sc *scene) {
	r := sc.R
	sc.paper()
	inks := sc.Strong(sc.Pal.Ground)
	green := inks[r.N(len(inks))]
	if green.L > .8 {
		green = sc.Contrast(sc.Pal.Ground)
	}
	size := sc.Short() * .78
	bx, by := sc.W*.5+size*r.In(-.12, .12), sc.H*.5+size*.46
	lean := r.In(-.25, .25)
	kind := r.N(4)
	n := 7 + r.N(7)
	var stem []canvas.Point
	for i := range 26 {
		t := float64(i) / 25
		a := -math.Pi/2 + lean*(1-1.9*t)
		if i == 0 {
			stem = append(stem, canvas.Point{X: bx, Y: by})
			continue
		}
		q := stem[i-1]
		stem = append(stem, canvas.Point{X: q.X + math.Cos(a)*size*.92/25, Y: q.Y + math.Sin(a)*size*.92/25})
	}
	dark := canvas.Mix(green, sc.Pal.Ink, .45)
	for i := range n {
		t := .14 + .82*float64(i)/float64(n-1)
		at := stem[int(t*25)]
		for _, side := range []float64{-1, 1} {
			if kind == 1 && (i%2 == 0) == (side > 0) {
				continue
			}
			length := size * (.36 - .2*t) * r.In(.85, 1.12) * canvas.Smooth(-.1, .3, t)
			a := -math.Pi/2 + side*(1.15-.55*t) + lean*(1-1.9*t) + r.In(-.08, .08)
			tone := canvas.Mix(green, sc.Pal.Ground, r.In(0, .28))
			if side > 0 {
				tone = canvas.Mix(tone, sc.Pal.Ink, .10)
			}
			sc.leaf(at.X, at.Y, a, length, kind, side, tone, dark)
		}
	}
	sc.leaf(stem[25].X, stem[25].Y, -math.Pi/2-lean*.9, size*.15, kind, 1, green, dark)
	sc.C.Fill((&canvas.Path{}).Tapered(stem, func(t float64) float64 { return size * (.014 - .009*t) }), dark, 1)
	if r.Odds(.5) {
		sc.berries(stem, size, inks[(r.N(len(inks)))])
	}
	t := canvas.Type{Size: sc.Short() * .016, Weight: .14, Track: .14}
	name := stage.Pick(r, []string{"SALIX", "LAURUS", "ACER", "FICUS", "OLEA", "MYRTUS", "FAGUS", "SORBUS", "TILIA"})
	no := stage.Pick(r, []string{"PLATE 4", "PLATE 11", "PLATE 17", "PLATE 23", "PLATE 38"})
	m := sc.Short() * .06
	sc.Text(name, m, sc.H-m-t.Size, t, sc.Pal.Ink)
	sc.Text(no, sc.W-m-t.Width(no), sc.H-m-t.Size, t, sc.Pal.Ink)
}

// paper gives the sheet a tooth.
func (sc *scene) paper() {
	tooth := canvas.NewField(int(sc.W), int(sc.H), 2*sc.S, func(x, y float64) float64 {
		return canvas.Fbm(x/(9*sc.S), y/(9*sc.S), 2, sc.Seed+70) + canvas.Noise(x/(300*sc.S), y/(300*sc.S), sc.Seed+71)
	})
	sc.C.Reshade(func(x, y float64, c canvas.RGB) canvas.RGB { return c.Times(1 + .022*tooth.At(x, y)) })
}

// leaf is one blade with its midrib and veins; the halves differ a little, as light makes them.
func (sc *scene) leaf(x, y, angle, length float64, kind int, side float64, c, dark canvas.Lab) {
	if length < 2 {
		return
	}
	bend := side * .5
	if kind == 2 {
		bend = -side * .35
	}
	var rib []canvas.Point
	px, py, a := x, y, angle
	const n = 24
	for range n + 1 {
		rib = append(rib, canvas.Point{X: px, Y: py})
		px, py = px+math.Cos(a)*length/n, py+math.Sin(a)*length/n
		a += bend / n
	}
	wide := []float64{.34, .46, .2, .40}[kind]
	width := func(t float64) float64 {
		switch kind {
		case 1:
			return length * wide * math.Pow(math.Sin(math.Pi*math.Pow(t, .78)), .8)
		case 3:
			return length * wide * math.Sin(math.Pi*math.Pow(t, .7)) * (1 + .10*math.Sin(t*44))
		}
		return length * wide * math.Sin(math.Pi*math.Pow(t, .82))
	}
	left := make([]canvas.Point, 0, 2*n)
	right := make([]canvas.Point, 0, 2*n)
	for i, q := range rib {
		b, e := rib[max(0, i-1)], rib[min(n, i+1)]
		dx, dy := e.X-b.X, e.Y-b.Y
		l := math.Max(1e-9, math.Hypot(dx, dy))
		h := width(float64(i)/n) / 2
		left = append(left, canvas.Point{X: q.X + dy/l*h, Y: q.Y - dx/l*h})
		right = append(right, canvas.Point{X: q.X - dy/l*h, Y: q.Y + dx/l*h})
	}
	half := func(edge []canvas.Point, c canvas.Lab) {
		out := append([]canvas.Point(nil), edge...)
		for i := n; i >= 0; i-- {
			out = append(out, rib[i])
		}
		sc.C.Fill((&canvas.Path{}).Outline(out), c, 1)
	}
	half(left, c)
	half(right, canvas.Mix(c, dark, .22))
	var veins canvas.Path
	thin := math.Max(.5, length*.006)
	veins.Tapered(rib, func(t float64) float64 { return thin * 2.2 * (1.1 - t) })
	for i := 3; i < n-3; i += 3 {
		for _, e := range [][]canvas.Point{left, right} {
			to := e[min(n, i+3)]
			veins.Stroke(rib[i].X, rib[i].Y, rib[i].X+(to.X-rib[i].X)*.88, rib[i].Y+(to.Y-rib[i].Y)*.88, thin*.8)
		}
	}
	sc.C.Fill(&veins, canvas.Mix(c, sc.Pal.Ground, .5), .8)
}

// berries hang at the stem in small bunches.
func (sc *scene) berries(stem []canvas.Point, size float64, c canvas.Lab) {
	r := sc.R
	if stage.Apart(c, sc.Pal.Ground) < .2 {
		c = sc.Pal.Ink
	}
	for range 3 + r.N(4) {
		at := stem[4+r.N(18)]
		a := r.In(-.4, math.Pi+.4)
		for range 2 + r.N(4) {
			b := a + r.In(-.5, .5)
			l := size * r.In(.05, .10)
			x, y := at.X+math.Cos(b)*l, at.Y+math.Sin(b)*l
			sc.Line(at.X, at.Y, x, y, math.Max(.6, size*.003), sc.Pal.Ink, .8)
			sc.Disc(x, y, size*.016, c)
			sc.Disc(x-size*.005, y-size*.005, size*.004, sc.Pal.Ground)
		}
	}
}

// meadow: grasses, umbels and poppies against the light of one colour.
func meadow(sc *scene) {
	r := sc.R
	inks := sc.Strong(sc.Pal.Ground)
	low := canvas.Mix(sc.Pal.Ground, inks[0], .34)
	ramp := canvas.NewRamp(sc.Pal.Ground, sc.Pal.Ground, low)
	sc.C.Shade(func(_, y float64) canvas.RGB { return ramp.At(y / sc.H) })
	if r.Odds(.75) {
		sc.Disc(sc.W*r.In(.2, .8), sc.H*r.In(.2, .42), sc.Short()*r.In(.1, .2), canvas.Mix(inks[min(1, len(inks)-1)], sc.Pal.Ground, .15))
	}
	deep := sc.Contrast(sc.Pal.Ground)
	for layer := range 3 {
		t := float64(layer) / 2
		c := canvas.Mix(canvas.Mix(low, deep, .30), deep, t)
		tall := sc.H * (.46 + .16*t)
		var blades canvas.Path
		count := int(sc.W / (sc.Short() * (.011 - .002*t)))
		for range count {
			x := r.In(-.05, 1.05) * sc.W
			sc.blade(&blades, x, sc.H+8, tall*(.25+.55*math.Pow(r.F(), 1.6)), sc.Short()*.008*(.6+t))
		}
		sc.C.Fill(&blades, c, 1)
		flowers := 3 + int(sc.W/sc.Short()*3)
		for i := range flowers {
			x := (float64(i) + r.In(.1, .9)) / float64(flowers) * sc.W
			sc.flower(x, tall*r.In(.8, 1.5), sc.Short()*(.030+.035*t), c, inks[r.N(len(inks))], t)
		}
	}
}

// blade adds one bent leaf of grass.
func (sc *scene) blade(p *canvas.Path, x, y, tall, width float64) {
	bend := sc.R.Normal() * .22
	pts := make([]canvas.Point, 0, 8)
	for i := range 8 {
		t := float64(i) / 7
		pts = append(pts, canvas.Point{X: x + bend*tall*t*t, Y: y - tall*t*(1-.16*math.Abs(bend)*t)})
	}
	p.Tapered(pts, func(t float64) float64 { return width * (1 - t*.96) })
}

// flower is a stem and one of five heads: an umbel, a poppy, a seed ball, an ear, a bell.
func (sc *scene) flower(x, tall, size float64, stem, bloom canvas.Lab, near float64) {
	r := sc.R
	if tall > sc.H*.9 {
		tall = sc.H * .9
	}
	bend := r.In(-.12, .12)
	pts := make([]canvas.Point, 0, 12)
	for i := range 12 {
		t := float64(i) / 11
		pts = append(pts, canvas.Point{X: x + bend*tall*t*t, Y: sc.H + 8 - tall*t})
	}
	sc.C.Fill((&canvas.Path{}).Tapered(pts, func(t float64) float64 { return size * (.16 - .09*t) }), stem, 1)
	top := pts[11]
	c := canvas.Mix(stem, bloom, .25+.75*near)
	var p canvas.Path
	switch r.N(5) {
	case 0:
		n := 11
		var rays canvas.Path
		for i := range n {
			a := -math.Pi/2 + (float64(i)/float64(n-1)-.5)*2.1
			ex, ey := top.X+math.Cos(a)*size*1.5, top.Y+math.Sin(a)*size*1.25
			rays.Stroke(top.X, top.Y, ex, ey, size*.05)
			for range 7 {
				p.Circle(ex+r.Normal()*size*.17, ey+r.Normal()*size*.10, size*.075)
			}
		}
		sc.C.Fill(&rays, stem, 1)
	case 1:
		p.Ellipse(top.X-size*.32, top.Y, size*.62, size*.48, -.5).Ellipse(top.X+size*.32, top.Y, size*.62, size*.48, .5).Ellipse(top.X, top.Y-size*.16, size*.6, size*.5, 0)
		sc.C.Fill(&p, c, 1)
		p = canvas.Path{}
		p.Circle(top.X, top.Y+size*.08, size*.16)
		c = stem
	case 2:
		for i := range 40 {
			a := float64(i) * 2.39996
			d := size * .9 * math.Sqrt(float64(i)/40)
			p.Circle(top.X+math.Cos(a)*d, top.Y+math.Sin(a)*d, size*.085)
		}
	case 3:
		for i := range 9 {
			q := float64(i) * size * .26
			p.Ellipse(top.X-size*.13+bend*q*.4, top.Y+q-size, size*.21, size*.1, -.9).Ellipse(top.X+size*.13+bend*q*.4, top.Y+q-size, size*.21, size*.1, .9)
		}
	default:
		n := 12
		for i := range n {
			a := float64(i) / float64(n) * canvas.Tau
			p.Ellipse(top.X+math.Cos(a)*size*.5, top.Y+math.Sin(a)*size*.5, size*.34, size*.12, a)
		}
		sc.C.Fill(&p, c, 1)
		p = canvas.Path{}
		p.Circle(top.X, top.Y, size*.26)
		c = stem
	}
	sc.C.Fill(&p, c, 1)
}
