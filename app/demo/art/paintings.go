package art

import (
	"math"

	"vitrine/app/demo/art/canvas"
	"vitrine/app/demo/art/stage"
)

// bleed: colours that run into each other like hot glass. It moves: the glass turns once.
func bleed(sc *scene) {
	r, k := sc.R, sc.Seed
	cs := sc.Shuffled()
	stops := []canvas.Lab{}
	for _, c := range append(cs, sc.Pal.Ground) {
		if len(stops) == 0 || stage.Apart(stops[len(stops)-1], c) > .1 {
			stops = append(stops, c)
		}
	}
	if r.Odds(.6) {
		sortByLight(stops)
	}
	ramp := canvas.NewRamp(stops...)
	unit := r.In(1.1, 1.9) / math.Sqrt(sc.W*sc.H)
	pull, fold := r.In(.9, 1.9), r.In(.8, 1.7)
	lean := r.In(-.3, .3)
	veil := sc.Colour(r.N(5))
	sn, cn := math.Sincos(sc.Phase * canvas.Tau)
	f := canvas.NewField(int(sc.W), int(sc.H), 3*sc.S, func(x, y float64) float64 {
		u, v := x*unit, y*unit
		a := canvas.Fbm(u+1+cn*.14, v+4+sn*.14, 3, k+1)
		b := canvas.Fbm(u+a*pull+5-sn*.12, v+a*1.1+cn*.12, 3, k+2)
		return canvas.Fbm(u*.8+b*fold, v*.8+a*pull, 3, k+3)*1.15 + lean*(y/sc.H-.5)*2
	})
	g := canvas.NewField(int(sc.W), int(sc.H), 5*sc.S, func(x, y float64) float64 {
		u, v := x*unit, y*unit
		return canvas.Fbm(u*.9+9+sn*.1, v*.9+cn*.1, 2, k+7)
	})
	light := veil.RGB()
	sc.C.Shade(func(x, y float64) canvas.RGB {
		v := f.At(x, y)
		c := ramp.At(.5 + v*.95)
		return c.Mix(light, .4*canvas.Smooth(.1, .5, g.At(x, y)+v*.2))
	})
}

// sortByLight orders colours from dark to light.
func sortByLight(cs []canvas.Lab) {
	for i := range cs {
		for j := i + 1; j < len(cs); j++ {
			if cs[j].L < cs[i].L {
				cs[i], cs[j] = cs[j], cs[i]
			}
		}
	}
}

// fields: two or three soft-edged bands of colour that hover on a ground.
func fields(sc *scene) {
	r, k := sc.R, sc.Seed
	base := canvas.Mix(sc.Pal.Ground, sc.Colour(r.N(5)), .25)
	cs := sc.Shuffled()
	n := 2 + r.N(2)
	var cuts []float64
	total := 0.
	for range n {
		cuts = append(cuts, r.In(.5, 1.6))
		total += cuts[len(cuts)-1]
	}
	mx, my := sc.W*.07, sc.H*.05
	gap := sc.H * .025
	unit := 1 / math.Sqrt(sc.W*sc.H)
	brush := canvas.NewField(int(sc.W), int(sc.H), 2*sc.S, func(x, y float64) float64 {
		return canvas.Fbm(x*unit*5, y*unit*13, 4, k+2)*.7 + canvas.Noise(x*unit*3, y*unit*90, k+5)*.22
	})
	edge := canvas.NewField(int(sc.W), int(sc.H), 2*sc.S, func(x, y float64) float64 {
		return canvas.Fbm(x*unit*9, y*unit*9, 4, k+9)
	})
	type band struct {
		y0, y1 float64
		c, d   canvas.RGB
		soft   float64
	}
	var bands []band
	y := my
	last := base
	for i := range n {
		h := (sc.H - 2*my - gap*float64(n-1)) * cuts[i] / total
		c := cs[i%len(cs)]
		for q := range cs {
			if stage.Apart(c, last) < .16 {
				c = cs[(i+q+1)%len(cs)]
			}
		}
		last = c
		bands = append(bands, band{y, y + h, c.RGB(), canvas.Mix(c, base, .42).Lift(.02).RGB(), r.In(.010, .028) / unit})
		y += h + gap
	}
	ground, under := base.RGB(), canvas.Mix(base, sc.Pal.Ink, .16).RGB()
	sc.C.Shade(func(x, y float64) canvas.RGB {
		b, e := brush.At(x, y), edge.At(x, y)
		c := ground.Mix(under, canvas.Clamp(.35+b*.6, 0, 1))
		for _, q := range bands {
			wob := e * q.soft * 1.6
			d := math.Min(math.Min(x-mx, sc.W-mx-x), math.Min(y-q.y0, q.y1-y)) + wob
			if d < -q.soft {
				continue
			}
			a := canvas.Smooth(-q.soft, q.soft, d)
			thick := canvas.Clamp(.80+b*.5, .3, 1)
			c = c.Mix(q.d, a*.7).Mix(q.c, a*thick*canvas.Smooth(-q.soft*.4, q.soft*2.6, d))
		}
		weft := math.Sin(x*1.7/sc.S) * math.Sin(y*1.7/sc.S)
		return c.Times(1 + .018*weft)
	})
}

// cutouts: leaves and weeds cut from painted paper, laid on blocks of colour.
func cutouts(sc *scene) {
	r := sc.R
	inks := append([]canvas.Lab{sc.Pal.Ground, sc.Pal.Ink}, sc.Pal.Colours...)
	cols := max(1, int(sc.W/sc.Short()*2+.5))
	rows := max(1, int(sc.H/sc.Short()*2+.5))
	last := canvas.Lab{}
	for j := range rows {
		for i := range cols {
			u, v := sc.W/float64(cols), sc.H/float64(rows)
			x, y := float64(i)*u, float64(j)*v
			bg := inks[(r.N(len(inks)))]
			for range 6 {
				if stage.Apart(bg, last) < .15 {
					bg = inks[r.N(len(inks))]
				}
			}
			last = bg
			sc.C.Fill((&canvas.Path{}).Rect(x-1, y-1, u+2, v+2), bg, 1)
			fg := inks[r.N(len(inks))]
			for range 12 {
				if stage.Apart(fg, bg) < .25 {
					fg = inks[r.N(len(inks))]
				}
			}
			if stage.Apart(fg, bg) < .25 {
				fg = sc.Contrast(bg)
			}
			size := math.Min(u, v) * r.In(.34, .41)
			leaf := sc.cutShape(x+u/2, y+v*.53, size)
			sc.C.Fill((&canvas.Path{}).Add(leaf.ClipTo(x, y, u, v)).Move(1.6*sc.S, 2.2*sc.S), canvas.OK(.15, .03, 40), .20)
			sc.C.Fill(leaf, fg, 1)
		}
	}
	gouache := canvas.NewField(int(sc.W), int(sc.H), 2*sc.S, func(x, y float64) float64 {
		return canvas.Fbm(x/(60*sc.S), y/(22*sc.S), 3, sc.Seed+3)
	})
	sc.C.Reshade(func(x, y float64, c canvas.RGB) canvas.RGB { return c.Times(1 + .09*gouache.At(x, y)) })
}

// cutShape is one of four things that scissors find by themselves.
func (sc *scene) cutShape(x, y, size float64) *canvas.Path {
	r := sc.R
	switch r.N(5) {
	case 0:
		return sc.rosette(x, y, size)
	case 1:
		return sc.feather(x, y, size, r.In(-.6, .6))
	case 2:
		return sc.pebble(x, y, size)
	}
	return sc.weed(x, y, size, r.In(-.5, .5))
}

// rosette is a flower of round petals with a hole in the middle.
func (sc *scene) rosette(x, y, size float64) *canvas.Path {
	p := &canvas.Path{}
	n := 6 + sc.R.N(4)
	turn := sc.R.F()
	for i := range n {
		a := (float64(i) + turn) / float64(n) * canvas.Tau
		l := size * sc.R.In(.78, .98)
		petal := []canvas.Point{{X: x, Y: y}, {X: x + math.Cos(a+.08)*l*.6, Y: y + math.Sin(a+.08)*l*.6}, {X: x + math.Cos(a)*l, Y: y + math.Sin(a)*l}}
		w := size * 2.5 / float64(n)
		p.Tapered(canvas.Smoothed(petal, 8, false), func(t float64) float64 { return w * (.34 + .66*math.Sin(math.Pi*math.Min(1, .08+t*.92))) })
		p.Circle(x+math.Cos(a)*l*.94, y+math.Sin(a)*l*.94, w*.24)
	}
	return p
}

// feather is one long leaf with notches down both sides.
func (sc *scene) feather(x, y, size, turn float64) *canvas.Path {
	p := &canvas.Path{}
	n := 6 + sc.R.N(4)
	p.Tapered([]canvas.Point{{X: x, Y: y + size}, {X: x + size*.05, Y: y}, {X: x, Y: y - size}}, func(t float64) float64 { return size * (.13 - .06*t) })
	for i := range n {
		t := (float64(i) + .5) / float64(n)
		at := canvas.Point{X: x, Y: y + size*(.8-1.75*t)}
		l := size * .72 * math.Sin(math.Pi*(.12+.80*t))
		for _, side := range []float64{-1, 1} {
			a := -math.Pi/2 + side*(.95-.35*t)
			leaf := []canvas.Point{at, {X: at.X + math.Cos(a+side*.2)*l*.55, Y: at.Y + math.Sin(a+side*.2)*l*.55}, {X: at.X + math.Cos(a)*l, Y: at.Y + math.Sin(a)*l}}
			w := size * 1.5 / float64(n)
			p.Tapered(canvas.Smoothed(leaf, 8, false), func(t float64) float64 { return w * (.25 + .75*math.Sin(math.Pi*(.1+.88*t))) })
		}
	}
	return p.Turn(x, y, turn)
}

// pebble is a soft shape with two holes.
func (sc *scene) pebble(x, y, size float64) *canvas.Path {
	var pts []canvas.Point
	n := 7 + sc.R.N(3)
	for i := range n {
		a := float64(i) / float64(n) * canvas.Tau
		d := size * sc.R.In(.55, .98)
		pts = append(pts, canvas.Point{X: x + math.Cos(a)*d, Y: y + math.Sin(a)*d})
	}
	p := (&canvas.Path{}).Outline(canvas.Smoothed(pts, 12, true))
	for range 2 {
		p.Hole(x+size*sc.R.In(-.32, .32), y+size*sc.R.In(-.32, .32), size*sc.R.In(.07, .13))
	}
	return p
}

// weed is a seaweed shape: lobes on both sides of a stem, cut by a hand that does not measure.
func (sc *scene) weed(x, y, size, turn float64) *canvas.Path {
	r := sc.R
	p := &canvas.Path{}
	n := 4 + r.N(4)
	stem := []canvas.Point{{X: x, Y: y + size}, {X: x + size*r.In(-.12, .12), Y: y + size*.3}, {X: x + size*r.In(-.12, .12), Y: y - size*.3}, {X: x, Y: y - size}}
	line := canvas.Smoothed(stem, 10, false)
	p.Tapered(line, func(t float64) float64 { return size * (.17 - .05*t) })
	p.Circle(x, y-size*.97, size*.075)
	for i := range n {
		t := (float64(i) + .6) / float64(n)
		at := line[int(t*float64(len(line)-1))]
		for _, side := range []float64{-1, 1} {
			a := -math.Pi/2 + side*r.In(.75, 1.15)
			l := size * (.72*math.Sin(math.Pi*(.18+.72*t)) + .12) * r.In(.85, 1.1)
			if l < size*.15 {
				continue
			}
			tip := canvas.Point{X: at.X + math.Cos(a)*l, Y: at.Y + math.Sin(a)*l}
			mid := canvas.Point{X: at.X + math.Cos(a+side*.35)*l*.55, Y: at.Y + math.Sin(a+side*.35)*l*.55}
			lobe := canvas.Smoothed([]canvas.Point{at, mid, tip}, 9, false)
			w := size * r.In(.15, .2)
			p.Tapered(lobe, func(t float64) float64 { return w * (.62 + .5*t*t) })
			p.Circle(tip.X, tip.Y, w*.56)
		}
	}
	return p.Turn(x, y, turn)
}
