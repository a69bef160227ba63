package art

import (
	"math"

	"vitrine/app/demo/art/canvas"
	"vitrine/app/demo/art/stage"
)

// estate: towers in isometry, windows and all.
func estate(sc *scene) {
	r := sc.R
	inks := sc.Strong(sc.Pal.Ground)
	if r.Odds(.6) {
		sc.Disc(sc.W*r.In(.2, .8), sc.H*r.In(.12, .28), sc.Short()*r.In(.1, .17), canvas.Mix(inks[min(2, len(inks)-1)], sc.Pal.Ground, .35))
	}
	s := math.Sqrt(sc.W*sc.H) * r.In(.042, .062)
	ca, cb := s*.866*1.22, s*.5*1.22
	streetA, streetB := 3+r.N(2), 3+r.N(3)
	horizon := sc.H * r.In(.36, .46)
	span := int(sc.W/ca/2) + 3
	last := int((sc.H*1.35-horizon)/cb) + 8
	for sum := -4; sum <= last; sum++ {
		for diff := -span; diff <= span; diff++ {
			if (sum+diff)%2 != 0 {
				continue
			}
			gx, gy := (sum+diff)/2, (sum-diff)/2
			if ((gx%streetA)+streetA)%streetA == 0 || ((gy%streetB)+streetB)%streetB == 0 {
				continue
			}
			id := gx*1009 + gy
			tall := s * (.8 + 4.6*math.Pow(canvas.Hash(gx, gy, sc.Seed), 1.7))
			wall := inks[int(canvas.Hash(gx, gy, sc.Seed+5)*float64(len(inks)))]
			wall = canvas.Mix(wall, canvas.OK(.9, .03, 80), .16+.2*canvas.Hash(gx, gy, sc.Seed+6))
			sc.tower(sc.W/2+float64(gx-gy)*ca, horizon+float64(gx+gy)*cb, ca, cb, tall, s, wall, id)
		}
	}
}

// tower is one block; x, y is the middle of its foot.
func (sc *scene) tower(x, y, w, d, tall, s float64, wall canvas.Lab, id int) {
	top := y - tall
	if top-d > sc.H || x+w < 0 || x-w > sc.W {
		return
	}
	lightC, midC, darkC := wall.Lift(.09), wall, canvas.Mix(wall.Lift(-.17), canvas.OK(.3, .07, 270), .25)
	deep := sc.H + s*9
	sc.Poly(midC, x-w, top, x, top+d, x, deep, x-w, deep)
	sc.Poly(darkC, x+w, top, x, top+d, x, deep, x+w, deep)
	sc.Poly(lightC, x, top-d, x+w, top, x, top+d, x-w, top)
	in := .8
	sc.Poly(canvas.Mix(lightC, darkC, .28), x, top-d*in, x+w*in, top, x, top+d*in, x-w*in, top)
	sc.Poly(lightC.Lift(-.03), x, top-d*in+s*.05, x+w*in, top+s*.05, x, top+d*in, x-w*in, top)
	if canvas.Hash(id, 8, sc.Seed) > .55 {
		b := .3
		sc.Poly(midC, x-w*b, top-s*.2, x, top+d*b-s*.2, x, top+d*b, x-w*b, top)
		sc.Poly(darkC, x+w*b, top-s*.2, x, top+d*b-s*.2, x, top+d*b, x+w*b, top)
		sc.Poly(lightC, x, top-d*b-s*.2, x+w*b, top-s*.2, x, top+d*b-s*.2, x-w*b, top-s*.2)
	}
	var left, right, lamp canvas.Path
	storey := s * .46
	n := 2 + int(canvas.Hash(id, 3, sc.Seed)*2.2)
	for row := range min(40, int((sc.H-top)/storey)+1) {
		yy := top + storey*(.62+float64(row))
		for q := range n {
			a, b := (float64(q)+.24)/float64(n), (float64(q)+.76)/float64(n)
			h := storey * .5
			l := &left
			if canvas.Hash(id*17+q, row, sc.Seed+4) > .93 {
				l = &lamp
			}
			l.Poly(x-w+w*a, yy+d*a, x-w+w*b, yy+d*b, x-w+w*b, yy+d*b+h, x-w+w*a, yy+d*a+h)
			right.Poly(x+w*a, yy+d-d*a, x+w*b, yy+d-d*b, x+w*b, yy+d-d*b+h, x+w*a, yy+d-d*a+h)
		}
	}
	sc.C.Fill(&left, canvas.Mix(midC, canvas.OK(.28, .05, 265), .6), 1)
	sc.C.Fill(&right, canvas.Mix(darkC, canvas.OK(.2, .05, 265), .55), 1)
	sc.C.Fill(&lamp, canvas.OK(.91, .1, 90), 1)
}

// facade: a housing block seen straight on, sun from one side, a balcony for each.
func facade(sc *scene) {
	r := sc.R
	m := sc.Mood
	hue := stage.Pick(r, []float64{60, 40, 85, 25, 250, 150})
	wall := canvas.OK(r.In(.78, .88), r.In(.02, .07), hue)
	shade := canvas.Mix(wall.Lift(-.30), canvas.Mix(m.Top, canvas.OK(.4, .06, 265), .5), .35)
	deep := shade.Lift(-.14)
	n := float64(5 + r.N(4))
	uy := sc.Short() / n * .74
	ux := sc.Short() / n * r.In(1, 1.5)
	slope := r.In(.5, 1.1)
	slab := uy * .12
	rail := uy * r.In(.34, .42)
	depth := uy * r.In(.3, .46)
	accents := []canvas.Lab{canvas.OK(.62, .16, 35), canvas.OK(.75, .13, 80), canvas.OK(.55, .09, 240), canvas.OK(.60, .09, 150), canvas.OK(.9, .02, 90)}
	cols, rows := int(sc.W/ux)+2, int(sc.H/uy)+2
	ox, oy := -ux*r.F(), -uy*r.F()
	for j := range rows {
		for i := range cols {
			x, y := ox+float64(i)*ux, oy+float64(j)*uy
			sc.C.Fill((&canvas.Path{}).Rect(x, y, ux+1, uy+1), shade, 1)
			sc.balcony(x, y, ux, uy, slab, depth*slope, wall, deep, accents, i*131+j)
			front := wall.Lift((canvas.Hash(i, j, sc.Seed) - .5) * .03)
			sc.C.Fill((&canvas.Path{}).Rect(x, y+uy-rail, ux+1, rail), front, 1)
			sc.C.Fill((&canvas.Path{}).Rect(x, y+uy-slab*.3, ux+1, slab*.3), shade, .8)
			sc.C.Fill((&canvas.Path{}).Rect(x, y+uy-rail, ux+1, slab*.22), wall.Lift(.07), 1)
			sc.C.Fill((&canvas.Path{}).Rect(x, y, ux*.055, uy+1), wall.Lift(.03), 1)
			sc.C.Fill((&canvas.Path{}).Poly(x+ux*.055, y+uy-rail, x+ux*.055+slab*slope, y+uy-rail+slab, x+ux*.055+slab*slope, y+uy, x+ux*.055, y+uy), shade, .45)
		}
	}
	stain := canvas.NewField(int(sc.W), int(sc.H), 2*sc.S, func(x, y float64) float64 {
		return canvas.Fbm(x/(30*sc.S), y/(170*sc.S), 3, sc.Seed+7) + .5*canvas.Noise(x/(4*sc.S), y/(4*sc.S), sc.Seed+9)
	})
	cut := sc.W * r.In(.45, 1.7)
	tint := deep.RGB()
	sc.C.Reshade(func(x, y float64, c canvas.RGB) canvas.RGB {
		c = c.Times(1 + .10*stain.At(x, y))
		return c.Mix(tint, .42*canvas.Smooth(-2*sc.S, 2*sc.S, x+y*.8-cut-sc.H*.4))
	})
}

// balcony fills one opening: window, curtain, door, a plant or washing now and then, and the slab's shadow.
func (sc *scene) balcony(x, y, ux, uy, slab, drop float64, wall, deep canvas.Lab, accents []canvas.Lab, id int) {
	h := func(k int) float64 { return canvas.Hash(id, k, sc.Seed) }
	back := canvas.Mix(wall, deep, .28)
	sc.C.Fill((&canvas.Path{}).Rect(x, y, ux, uy), back, 1)
	wx, ww := x+ux*(.14+.12*h(1)), ux*(.46+.2*h(2))
	glass := canvas.Mix(deep.Lift(-.1), canvas.OK(.45, .06, 240), .25)
	sc.C.Fill((&canvas.Path{}).Rect(wx, y+slab, ww, uy), glass, 1)
	if h(3) > .35 {
		cw := ww * (.2 + .5*h(4))
		curtain := canvas.Mix(accents[int(h(5)*float64(len(accents)))], canvas.OK(.85, .02, 80), .35)
		sc.C.Fill((&canvas.Path{}).Rect(wx, y+slab, cw, uy), canvas.Mix(curtain, deep, .3), 1)
		for k := range 5 {
			sc.C.Fill((&canvas.Path{}).Rect(wx+cw*float64(k)/5, y+slab, cw*.05, uy), canvas.Mix(curtain, deep, .6), 1)
		}
	}
	sc.C.Fill((&canvas.Path{}).Rect(wx+ww*.5, y+slab, ux*.016, uy).Rect(wx, y+slab, ux*.016, uy).Rect(wx+ww, y+slab, ux*.016, uy), wall.Lift(.04), 1)
	if h(6) > .72 {
		awn := accents[int(h(7)*float64(len(accents)))]
		sc.C.Fill((&canvas.Path{}).Poly(x+ux*.06, y+slab, x+ux, y+slab, x+ux, y+uy*.36, x+ux*.06, y+uy*.36), awn, 1)
		for k := range 6 {
			sc.C.Fill((&canvas.Path{}).Rect(x+ux*(.06+.157*float64(k)), y+slab, ux*.07, uy*.36-slab), canvas.OK(.94, .02, 85), .85)
		}
	}
	sc.C.Fill((&canvas.Path{}).Poly(x, y, x+ux, y, x+ux, y+drop, x+ux*.055+drop*.5, y+drop, x+ux*.055+drop*.5, y+uy, x, y+uy), deep, .62)
}
