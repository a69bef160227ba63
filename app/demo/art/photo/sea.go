package photo

import (
	"math"

	"vitrine/app/demo/art/canvas"
	"vitrine/app/demo/art/stage"
)

// Sea draws a calm or breathing sea under a low sun or a moon, sometimes with boats. It moves: swells that return after one loop.
func Sea(s *stage.Scene) {
	sc := &picture{s}
	m, k := sc.Mood, sc.Seed
	horizon := sc.H * sc.R.In(.36, .56)
	sx := sc.W * sc.R.In(.25, .75)
	sunR := sc.Short() * sc.R.In(.02, .045)
	sy := horizon - sunR*sc.R.In(-.3, 5)
	airy := sc.skyAt(horizon, sc.R.In(.2, .95))
	land := sc.headland(horizon)
	landC := canvas.Mix(m.Far, m.Near, .55).RGB()
	deep := canvas.Mix(m.Top, m.Near, .5).RGB()
	sun := m.Sun.RGB()
	mirror := canvas.NewRamp(m.Low, canvas.Mix(m.Low, m.Mid, .6), m.Mid, canvas.Mix(m.Mid, m.Top, .6), m.Top)
	sn, cs := math.Sincos(sc.Phase * canvas.Tau)
	drift, bob := cs*.35, sn*.35
	calm := sc.R.In(.55, 1.15)
	sc.C.Shade(func(x, y float64) canvas.RGB {
		if y < horizon {
			c := sc.sunGlow(airy(x, y), x, y, sx, sy, sunR, 1)
			return c.Mix(landC.Mix(sun, .18*canvas.Bell((x-sx)/(sc.W*.3))), canvas.Clamp(y-float64(land[int(x)])+.5, 0, 1))
		}
		d := (y - horizon) / sc.H
		z := 1 / (d + .012)
		px, py := (x-sc.W/2)/sc.H*z, z
		rip := canvas.Noise(px*.55+drift, py*2.1+bob, k+21)*.5 + canvas.Noise(px*1.5-bob, py*5.2+drift, k+22)*.32
		rip += canvas.Noise(px*3.9+bob*2, py*11-drift*2, k+23) * .2 * canvas.Smooth(90, 8, z)
		rip *= calm
		c := mirror.At(math.Min(.9, d*1.1) + rip*(.08+.20*d))
		c = c.Mix(deep, canvas.Clamp(.10+1.0*d+.22*rip, 0, .85))
		away := (x - sx + rip*26*sc.S) / (sunR*1.5 + d*sc.H*.34)
		glit := canvas.Bell(away) * canvas.Smooth(-.02, .34, rip+.10-.22*d)
		c = c.Plus(sun, glit*(.95-.5*d))
		return c.Mix(m.Low.RGB(), .55*math.Exp(-d*38))
	})
	n := 1 + sc.R.N(3)
	for i := range n {
		d := sc.R.In(.02, .30) * (1 - float64(i)/float64(n+1))
		sc.boat(sc.W*sc.R.In(.1, .9), horizon+d*(sc.H-horizon)+3*sc.S, (18+300*d)*sc.S)
	}
	sc.C.Bloom(.75, 30*sc.S, .35)
}

// headland returns the coast's skyline per column; below the horizon where there is none.
func (sc *picture) headland(horizon float64) []float32 {
	out := make([]float32, int(sc.W)+1)
	side := sc.R.N(3)
	far := sc.R.In(.3, .6)
	for x := range out {
		u := float64(x) / sc.W
		if side == 1 {
			u = 1 - u
		}
		rise := canvas.Smooth(far, 0, u) * (.045 + .05*canvas.Fbm(u*5, 3, 4, sc.Seed+7))
		low := .010*canvas.Smooth(far+.35, far-.1, u) + .006*canvas.Noise(u*14, 1, sc.Seed+8)
		if side == 2 {
			rise = 0
		}
		out[x] = float32(horizon - (rise+math.Max(0, low))*sc.H + .5)
	}
	return out
}

// boat is a sailing boat at rest, or under sail, and its broken mirror.
func (sc *picture) boat(x, y, size float64) {
	ink := canvas.Mix(sc.Mood.Near, sc.Mood.Far, .12)
	u := size / 60
	dir := 1.
	if sc.R.Odds(.5) {
		dir = -1
	}
	at := func(px, py float64) (float64, float64) { return x + px*u*dir, y + py*u }
	shape := func(c canvas.Lab, a float64, xy ...float64) {
		var p canvas.Path
		for i := 0; i+1 < len(xy); i += 2 {
			xy[i], xy[i+1] = at(xy[i], xy[i+1])
		}
		p.Poly(xy...)
		sc.C.Fill(&p, c, a)
	}
	shape(ink, 1, -30, -6, 34, -8, 25, 5, -24, 5)
	shape(ink, 1, -16, -7, -13, -15, 6, -15, 10, -7)
	mast := sc.R.In(70, 92)
	shape(ink, 1, 0, -6, 1.6, -6, 1.2, -mast, .4, -mast)
	if sc.R.Odds(.5) {
		sail := canvas.Mix(sc.Mood.Low, canvas.OK(.96, .02, 80), .5)
		shape(sail, .96, -1, -mast*.97, -1, -14, -27, -15, -14, -mast*.5)
		shape(sail.Lift(-.08), .92, 3, -mast*.9, 3, -13, 29, -10, 14, -mast*.45)
	} else {
		shape(ink, .7, .8, -mast, 1.2, -mast, 33, -8, 32, -8)
		shape(ink, .7, .4, -mast, .8, -mast, -27, -7, -28, -7)
		shape(ink, 1, 0, -17, 0, -20, -24, -24, -25, -22)
	}
	for i := range 26 {
		t := float64(i) / 26
		yy := y + (7+t*62)*u
		shift := (canvas.Hash(i, 3, sc.Seed) - .5) * 16 * u * t
		half := (27*(1-t) + 3) * u * (.5 + canvas.Hash(i, 4, sc.Seed)*.7)
		sc.Line(x-half+shift, yy, x+half+shift, yy, 1.9*u, ink, .5*(1-t)*(1-t))
	}
}

// Tidal draws a flat at low water, channels that hold the sky, someone walking.
func Tidal(s *stage.Scene) {
	sc := &picture{s}
	m, k := sc.Mood, sc.Seed
	horizon := sc.H * sc.R.In(.28, .42)
	airy := sc.skyAt(horizon, sc.R.In(.3, .9))
	sand := canvas.NewRamp(canvas.Mix(m.Low, m.Ground, .6), canvas.Mix(m.Ground, m.Shade, .3), canvas.Mix(m.Ground, m.Shade, .75))
	mirror := canvas.NewRamp(m.Low, canvas.Mix(m.Low, m.Mid, .7), m.Mid, canvas.Mix(m.Mid, m.Top, .8))
	low := m.Low.RGB()
	sx := sc.W * sc.R.In(.2, .8)
	unit := 1 / math.Sqrt(sc.W*sc.H)
	sc.C.Shade(func(x, y float64) canvas.RGB {
		if y < horizon {
			c := airy(x, y)
			return c.Mix(m.Sun.RGB(), .5*canvas.Bell(math.Hypot((x-sx)*.6, y-horizon)/(sc.H*.4)))
		}
		d := (y - horizon) * unit
		z := 1 / (d + .022)
		px, py := (x-sc.W/2)*unit*math.Pow(z, .72), math.Pow(z, .82)
		wet := canvas.Fbm(px*.6+1, py*.62, 4, k+31) + .10*math.Sin(py*1.7+px*.4) - .02
		rip := canvas.Noise(px*5+canvas.Noise(px*2, py*2, k+50)*1.5, py*11, k+51)
		t := canvas.Clamp((y-horizon)/(sc.H-horizon), 0, 1)
		bed := sand.At(t * .9).Times(1 + rip*.16*canvas.Smooth(0, .25, t))
		damp := canvas.Smooth(-.16, .02, wet)
		bed = bed.Times(1 - .30*damp)
		pool := mirror.At(t*.95 + rip*.02).Times(.96 - .14*t)
		pool = pool.Mix(m.Sun.RGB(), .5*canvas.Bell((x-sx)/(sc.W*.13))*(1-t))
		c := bed.Mix(pool, canvas.Smooth(.0, .05, wet+rip*.012))
		return c.Mix(low, .85*math.Exp(-t*13))
	})
	red := canvas.OK(.55, .19, 30)
	ink := canvas.Mix(m.Near, canvas.OK(.28, .02, 260), .5)
	x := sc.W * sc.R.In(.25, .75)
	t := sc.R.In(.16, .34)
	size := (9 + 90*t) * sc.S
	sc.walker(x, horizon+t*(sc.H-horizon), size, red, ink)
	if sc.R.Odds(.6) {
		sc.walker(x+size*.62, horizon+t*(sc.H-horizon)+size*.04, size*.94, ink, ink)
	}
	for range 1 + sc.R.N(4) {
		t := sc.R.In(.03, .1)
		sc.walker(sc.W*sc.R.F(), horizon+t*(sc.H-horizon), (7+85*t)*sc.S, ink, ink)
	}
	sc.birds(horizon)
}

// walker is a person far away, with a reflection.
func (sc *picture) walker(x, y, size float64, coat, ink canvas.Lab) {
	u := size / 30
	var legs canvas.Path
	legs.Tapered([]canvas.Point{{X: x - 1*u, Y: y - 13*u}, {X: x - 3.4*u, Y: y}}, func(t float64) float64 { return (3 - t) * u })
	legs.Tapered([]canvas.Point{{X: x + 1*u, Y: y - 13*u}, {X: x + 3*u, Y: y}}, func(t float64) float64 { return (3 - t) * u })
	sc.C.Fill(&legs, ink, 1)
	body := []canvas.Point{{X: x - 2.6*u, Y: y - 25*u}, {X: x + 2.6*u, Y: y - 25*u}, {X: x + 4.4*u, Y: y - 19*u}, {X: x + 4.8*u, Y: y - 9*u}, {X: x - 4.8*u, Y: y - 9*u}, {X: x - 4.4*u, Y: y - 19*u}}
	sc.C.Fill((&canvas.Path{}).Outline(body), coat, 1)
	sc.Disc(x+.3*u, y-27.6*u, 2.7*u, ink)
	for i := range 18 {
		t := float64(i) / 18
		shift := (canvas.Hash(i, 9, sc.Seed) - .5) * 3 * u * t
		c := ink
		if t > .3 && t < .8 {
			c = coat
		}
		sc.Line(x-4*u*(1-t*.5)+shift, y+(1+t*28)*u, x+4*u*(1-t*.5)+shift, y+(1+t*28)*u, 1.5*u, c, .34*(1-t))
	}
}
