package art

import (
	"math"

	"vitrine/app/demo/art/canvas"
)

// flow: fine lines that follow a wind and never touch.
func flow(sc *scene) {
	r := sc.R
	inks := sc.Strong(sc.Pal.Ground)
	m := sc.Short() * .06
	scale := 1 / (math.Sqrt(sc.W*sc.H) * r.In(.55, .95))
	cx, cy := sc.W*r.In(.25, .75), sc.H*r.In(.25, .75)
	pull, twist := r.In(-1.6, 1.6), r.In(.25, .45)*sc.Short()
	base := r.F() * canvas.Tau
	wind := func(x, y float64) (float64, float64) {
		sn, cs := math.Sincos(base + canvas.Fbm(x*scale+3, y*scale, 2, sc.Seed)*4.2)
		dx, dy := (x-cx)/twist, (y-cy)/twist
		d := math.Hypot(dx, dy) + .02
		k := 2.2 * canvas.Bell(d*.7) / d
		ps, pc := math.Sincos(pull)
		return cs + k*(dy*pc-dx*ps), sn + k*(dx*pc+dy*ps)
	}
	eastward := canvas.NewField(int(sc.W), int(sc.H), 7*sc.S, func(x, y float64) float64 { u, _ := wind(x, y); return u })
	southward := canvas.NewField(int(sc.W), int(sc.H), 7*sc.S, func(x, y float64) float64 { _, v := wind(x, y); return v })
	band := canvas.NewField(int(sc.W), int(sc.H), 12*sc.S, func(x, y float64) float64 {
		return canvas.Noise(x*scale*.9+9, y*scale*.9, sc.Seed+7)*.5 + .5
	})
	gap := r.In(5.5, 9) * sc.S
	gw, gh := int(sc.W/gap)+2, int(sc.H/gap)+2
	used := make([]int32, gw*gh)
	step := gap * .55
	fat := r.In(.5, .82)
	for i := range 15000 {
		x, y := r.In(m, sc.W-m), r.In(m, sc.H-m)
		id := int32(i + 1)
		var pts []canvas.Point
		for range 190 {
			if x < m || y < m || x > sc.W-m || y > sc.H-m {
				break
			}
			cell := int(y/gap)*gw + int(x/gap)
			if used[cell] != 0 && used[cell] != id {
				break
			}
			used[cell] = id
			pts = append(pts, canvas.Point{X: x, Y: y})
			u, v := eastward.At(x, y), southward.At(x, y)
			k := step / (math.Hypot(u, v) + 1e-6)
			x, y = x+u*k, y+v*k
		}
		if len(pts) < 14 {
			continue
		}
		k := band.At(pts[0].X, pts[0].Y) + r.In(-.14, .14)
		c := inks[int(canvas.Clamp(k, 0, .999)*float64(len(inks)))]
		w := gap * (.16 + fat*math.Pow(r.F(), 2.5))
		sc.C.Fill((&canvas.Path{}).Tapered(pts, func(t float64) float64 { return w * (.35 + .65*math.Sin(math.Pi*math.Min(1, t*1.15))) }), c, 1)
	}
}

// contours: heights of a country that does not exist, one point marked.
func contours(sc *scene) {
	r := sc.R
	inks := sc.Strong(sc.Pal.Ground)
	unit := 1 / math.Sqrt(sc.W*sc.H)
	fx, fy := sc.W*r.In(.3, .7), sc.H*r.In(.3, .65)
	zoom, hill := r.In(1.5, 2.4), r.In(.5, 1)
	height := func(x, y float64) float64 {
		u, v := x*unit*zoom, y*unit*zoom
		w := canvas.Noise(u*.9+4, v*.9, sc.Seed+3) * .35
		d := math.Hypot(x-fx, y-fy) * unit
		return canvas.Fbm(u+w+2, v-w+8, 3, sc.Seed)*1.25 + hill*canvas.Bell(d*2.6)
	}
	f := canvas.NewField(int(sc.W), int(sc.H), 3*sc.S, height)
	levels := r.In(11, 19)
	tints := r.Odds(.5)
	line := canvas.Mix(sc.Contrast(sc.Pal.Ground), sc.Pal.Ground, .08).RGB()
	lowC, highC := sc.Pal.Ground, canvas.Mix(sc.Pal.Ground, inks[min(2, len(inks)-1)], .42)
	layer := canvas.NewRamp(lowC, highC)
	ground := sc.Pal.Ground.RGB()
	thin, thick := .62*sc.S, 1.5*sc.S
	sc.C.Shade(func(x, y float64) canvas.RGB {
		e := f.At(x, y)
		gx, gy := f.At(x+1, y)-f.At(x-1, y), f.At(x, y+1)-f.At(x, y-1)
		g := math.Sqrt(gx*gx+gy*gy)*.5*levels + 1e-9
		q := e * levels
		n := math.Floor(q + .5)
		d := math.Abs(q-n) / g
		c := ground
		if tints {
			c = layer.At(.5 + math.Floor(q)/levels*.75)
		}
		half := thin
		if int(n)%5 == 0 {
			half = thick
		}
		return c.Mix(line, canvas.Clamp(half+.5-d, 0, 1)*canvas.Clamp(half*2.2, 0, 1))
	})
	rad := sc.Short() * .011
	bx, by, best := fx, fy, math.Inf(-1)
	for j := range 60 {
		for i := range 60 {
			x, y := sc.W*(.12+.76*float64(i)/59), sc.H*(.12+.76*float64(j)/59)
			if e := f.At(x, y); e > best {
				bx, by, best = x, y, e
			}
		}
	}
	sc.Disc(bx, by, rad*1.9, sc.Pal.Ground)
	sc.Disc(bx, by, rad, inks[0])
}

// phyllotaxis: the order of seeds in a flower head.
func phyllotaxis(sc *scene) {
	r := sc.R
	inks := sc.Strong(sc.Pal.Ground)
	ramp := canvas.NewRamp(append([]canvas.Lab(nil), inks...)...)
	n := 900 + r.N(900)
	reach := sc.Short() * r.In(.40, .47)
	cx, cy := sc.W/2, sc.H/2
	if r.Odds(.3) || sc.Long() > sc.Short()*1.6 {
		reach = sc.Long() * .62
		cx, cy = sc.W*r.In(.3, .7), sc.H*r.In(.35, .7)
	}
	shape, swell, spin := r.N(3), r.In(.6, 1.4), 2.39996323
	for i := n; i > 0; i-- {
		t := float64(i) / float64(n)
		a := float64(i) * spin
		d := reach * math.Sqrt(t)
		rad := reach / math.Sqrt(float64(n)) * (.22 + .72*math.Pow(math.Sin(math.Pi*canvas.Clamp(t*1.02, 0, 1)), swell))
		x, y := cx+d*math.Cos(a), cy+d*math.Sin(a)
		c := ramp.At(canvas.Clamp(t+.05*math.Sin(float64(i)), 0, 1))
		switch shape {
		case 0:
			sc.C.FillRGB((&canvas.Path{}).Circle(x, y, rad), c, 1)
			if rad > 3*sc.S {
				sc.C.Fill((&canvas.Path{}).Circle(x-rad*.22*math.Cos(a), y-rad*.22*math.Sin(a), rad*.4), sc.Pal.Ground, .6)
			}
		case 1:
			sc.C.FillRGB((&canvas.Path{}).Ellipse(x, y, rad*1.7, rad*.72, a), c, 1)
		default:
			sc.C.FillRGB((&canvas.Path{}).Poly(x-rad, y, x, y-rad*1.2, x+rad, y, x, y+rad*1.2).Turn(x, y, a), c, 1)
		}
	}
}

// packed: circles that fill a sheet until no more fit.
func packed(sc *scene) {
	r := sc.R
	inks := sc.Strong(sc.Pal.Ground)
	m := sc.Short() * .05
	unit := math.Sqrt(sc.W * sc.H)
	type ball struct{ x, y, r float64 }
	var all []ball
	biggest := unit * r.In(.06, .11)
	for i := 0; i < 9000 && len(all) < 520; i++ {
		x, y := r.In(m, sc.W-m), r.In(m, sc.H-m)
		d := math.Min(math.Min(x-m, sc.W-m-x), math.Min(y-m, sc.H-m-y))
		for _, o := range all {
			if dx := x - o.x; dx < d+o.r && dx > -d-o.r {
				d = math.Min(d, math.Hypot(dx, y-o.y)-o.r-2.2*sc.S)
			}
		}
		if d > unit*.0045 {
			all = append(all, ball{x, y, math.Min(d, unit*.012+biggest*math.Pow(math.Max(0, 1-float64(len(all))/110), 1.4))})
		}
	}
	lean := r.F() * canvas.Tau
	for i, o := range all {
		k := canvas.Noise(o.x/unit*2.2, o.y/unit*2.2, sc.Seed)*.6 + .5 + (canvas.Hash(i, 1, sc.Seed)-.5)*.4
		c := inks[int(canvas.Clamp(k, 0, .999)*float64(len(inks)))]
		sc.Disc(o.x, o.y, o.r, c)
		if o.r < unit*.014 {
			continue
		}
		other := canvas.Mix(c, sc.Pal.Ground, .55)
		switch int(canvas.Hash(i, 2, sc.Seed) * 4) {
		case 0:
			var p canvas.Path
			gap := math.Max(3.2*sc.S, o.r/9)
			for q := o.r - gap*.9; q > gap*.5; q -= gap {
				p.Ring(o.x, o.y, math.Max(0, q-gap*.22), q)
			}
			sc.C.Fill(&p, other, 1)
		case 1:
			sc.C.Fill((&canvas.Path{}).Sector(o.x, o.y, 0, o.r, lean, lean+math.Pi), canvas.Mix(c, sc.Pal.Ink, .3), 1)
		case 2:
			sc.Disc(o.x, o.y, o.r*.42, other)
		}
	}
}
