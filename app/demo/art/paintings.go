package art

import (
	"math"

	"vitrine/app/demo/art/canvas"
)

// bleed: colours that run into each other like hot glass. It moves: the glass turns once.
func bleed(sc *scene) {
	r, k := sc.r, sc.seed
	cs := sc.shuffled()
	stops := []canvas.Lab{}
	for _, c := range append(cs, sc.pal.ground) {
		if len(stops) == 0 || apart(stops[len(stops)-1], c) > .1 {
			stops = append(stops, c)
		}
	}
	if r.Odds(.6) {
		sortByLight(stops)
	}
	ramp := canvas.NewRamp(stops...)
	unit := r.In(1.1, 1.9) / math.Sqrt(sc.w*sc.h)
	pull, fold := r.In(.9, 1.9), r.In(.8, 1.7)
	lean := r.In(-.3, .3)
	veil := sc.colour(r.N(5))
	sn, cn := math.Sincos(sc.phase * canvas.Tau)
	f := canvas.NewField(int(sc.w), int(sc.h), 3*sc.s, func(x, y float64) float64 {
		u, v := x*unit, y*unit
		a := canvas.Fbm(u+1+cn*.14, v+4+sn*.14, 3, k+1)
		b := canvas.Fbm(u+a*pull+5-sn*.12, v+a*1.1+cn*.12, 3, k+2)
		return canvas.Fbm(u*.8+b*fold, v*.8+a*pull, 3, k+3)*1.15 + lean*(y/sc.h-.5)*2
	})
	g := canvas.NewField(int(sc.w), int(sc.h), 5*sc.s, func(x, y float64) float64 {
		u, v := x*unit, y*unit
		return canvas.Fbm(u*.9+9+sn*.1, v*.9+cn*.1, 2, k+7)
	})
	light := veil.RGB()
	sc.c.Shade(func(x, y float64) canvas.RGB {
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
	r, k := sc.r, sc.seed
	base := canvas.Mix(sc.pal.ground, sc.colour(r.N(5)), .25)
	cs := sc.shuffled()
	n := 2 + r.N(2)
	var cuts []float64
	total := 0.
	for range n {
		cuts = append(cuts, r.In(.5, 1.6))
		total += cuts[len(cuts)-1]
	}
	mx, my := sc.w*.07, sc.h*.05
	gap := sc.h * .025
	unit := 1 / math.Sqrt(sc.w*sc.h)
	brush := canvas.NewField(int(sc.w), int(sc.h), 2*sc.s, func(x, y float64) float64 {
		return canvas.Fbm(x*unit*5, y*unit*13, 4, k+2)*.7 + canvas.Noise(x*unit*3, y*unit*90, k+5)*.22
	})
	edge := canvas.NewField(int(sc.w), int(sc.h), 2*sc.s, func(x, y float64) float64 {
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
		h := (sc.h - 2*my - gap*float64(n-1)) * cuts[i] / total
		c := cs[i%len(cs)]
		for q := range cs {
			if apart(c, last) < .16 {
				c = cs[(i+q+1)%len(cs)]
			}
		}
		last = c
		bands = append(bands, band{y, y + h, c.RGB(), canvas.Mix(c, base, .42).Lift(.02).RGB(), r.In(.010, .028) / unit})
		y += h + gap
	}
	ground, under := base.RGB(), canvas.Mix(base, sc.pal.ink, .16).RGB()
	sc.c.Shade(func(x, y float64) canvas.RGB {
		b, e := brush.At(x, y), edge.At(x, y)
		c := ground.Mix(under, canvas.Clamp(.35+b*.6, 0, 1))
		for _, q := range bands {
			wob := e * q.soft * 1.6
			d := math.Min(math.Min(x-mx, sc.w-mx-x), math.Min(y-q.y0, q.y1-y)) + wob
			if d < -q.soft {
				continue
			}
			a := canvas.Smooth(-q.soft, q.soft, d)
			thick := canvas.Clamp(.80+b*.5, .3, 1)
			c = c.Mix(q.d, a*.7).Mix(q.c, a*thick*canvas.Smooth(-q.soft*.4, q.soft*2.6, d))
		}
		weft := math.Sin(x*1.7/sc.s) * math.Sin(y*1.7/sc.s)
		return c.Times(1 + .018*weft)
	})
}

// cutouts: leaves and weeds cut from painted paper, laid on blocks of colour.
func cutouts(sc *scene) {
	r := sc.r
	inks := append([]canvas.Lab{sc.pal.ground, sc.pal.ink}, sc.pal.colours...)
	cols := max(1, int(sc.w/sc.short()*2+.5))
	rows := max(1, int(sc.h/sc.short()*2+.5))
	last := canvas.Lab{}
	for j := range rows {
		for i := range cols {
			u, v := sc.w/float64(cols), sc.h/float64(rows)
			x, y := float64(i)*u, float64(j)*v
			bg := inks[(r.N(len(inks)))]
			for range 6 {
				if apart(bg, last) < .15 {
					bg = inks[r.N(len(inks))]
				}
			}
			last = bg
			sc.c.Fill((&canvas.Path{}).Rect(x-1, y-1, u+2, v+2), bg, 1)
			fg := inks[r.N(len(inks))]
			for range 12 {
				if apart(fg, bg) < .25 {
					fg = inks[r.N(len(inks))]
				}
			}
			if apart(fg, bg) < .25 {
				fg = sc.contrast(bg)
			}
			size := math.Min(u, v) * r.In(.34, .41)
			leaf := sc.weed(x+u/2, y+v*.55, size, r.In(-.5, .5)).ClipTo(x, y, u, v)
			sc.c.Fill((&canvas.Path{}).Add(leaf.ClipTo(x, y, u, v)).Move(1.6*sc.s, 2.2*sc.s), canvas.OK(.15, .03, 40), .20)
			sc.c.Fill(leaf, fg, 1)
		}
	}
	gouache := canvas.NewField(int(sc.w), int(sc.h), 2*sc.s, func(x, y float64) float64 {
		return canvas.Fbm(x/(60*sc.s), y/(22*sc.s), 3, sc.seed+3)
	})
	sc.c.Reshade(func(x, y float64, c canvas.RGB) canvas.RGB { return c.Times(1 + .09*gouache.At(x, y)) })
}

// weed is a seaweed shape: lobes on both sides of a stem, cut by a hand that does not measure.
func (sc *scene) weed(x, y, size, turn float64) *canvas.Path {
	r := sc.r
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
