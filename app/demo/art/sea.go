package art

import (
	"math"

	"vitrine/app/demo/art/canvas"
)

// sea: a calm or breathing sea under a low sun or a moon, sometimes with boats. It moves: swells that return after one loop.
func sea(sc *scene) {
	m, k := sc.mood, sc.seed
	horizon := sc.h * sc.r.In(.36, .56)
	sx := sc.w * sc.r.In(.25, .75)
	sunR := sc.short() * sc.r.In(.02, .045)
	sy := horizon - sunR*sc.r.In(-.3, 5)
	airy := sc.skyAt(horizon, sc.r.In(.2, .95))
	land := sc.headland(horizon)
	landC := canvas.Mix(m.far, m.near, .55).RGB()
	deep := canvas.Mix(m.top, m.near, .5).RGB()
	sun := m.sun.RGB()
	mirror := canvas.NewRamp(m.low, canvas.Mix(m.low, m.mid, .6), m.mid, canvas.Mix(m.mid, m.top, .6), m.top)
	sn, cs := math.Sincos(sc.phase * canvas.Tau)
	drift, bob := cs*.35, sn*.35
	calm := sc.r.In(.55, 1.15)
	sc.c.Shade(func(x, y float64) canvas.RGB {
		if y < horizon {
			c := sc.sunGlow(airy(x, y), x, y, sx, sy, sunR, 1)
			return c.Mix(landC.Mix(sun, .18*canvas.Bell((x-sx)/(sc.w*.3))), canvas.Clamp(y-float64(land[int(x)])+.5, 0, 1))
		}
		d := (y - horizon) / sc.h
		z := 1 / (d + .012)
		px, py := (x-sc.w/2)/sc.h*z, z
		rip := canvas.Noise(px*.55+drift, py*2.1+bob, k+21)*.5 + canvas.Noise(px*1.5-bob, py*5.2+drift, k+22)*.32
		rip += canvas.Noise(px*3.9+bob*2, py*11-drift*2, k+23) * .2 * canvas.Smooth(90, 8, z)
		rip *= calm
		c := mirror.At(math.Min(.9, d*1.1) + rip*(.08+.20*d))
		c = c.Mix(deep, canvas.Clamp(.10+1.0*d+.22*rip, 0, .85))
		away := (x - sx + rip*26*sc.s) / (sunR*1.5 + d*sc.h*.34)
		glit := canvas.Bell(away) * canvas.Smooth(-.02, .34, rip+.10-.22*d)
		c = c.Plus(sun, glit*(.95-.5*d))
		return c.Mix(m.low.RGB(), .55*math.Exp(-d*38))
	})
	n := sc.r.N(4)
	for i := range n {
		d := sc.r.In(.02, .30) * (1 - float64(i)/float64(n+1))
		sc.boat(sc.w*sc.r.In(.1, .9), horizon+d*(sc.h-horizon)+3*sc.s, (18+300*d)*sc.s)
	}
	sc.c.Bloom(.75, 30*sc.s, .35)
}

// headland returns the coast's skyline per column; below the horizon where there is none.
func (sc *scene) headland(horizon float64) []float32 {
	out := make([]float32, int(sc.w)+1)
	side := sc.r.N(3)
	far := sc.r.In(.3, .6)
	for x := range out {
		u := float64(x) / sc.w
		if side == 1 {
			u = 1 - u
		}
		rise := canvas.Smooth(far, 0, u) * (.045 + .05*canvas.Fbm(u*5, 3, 4, sc.seed+7))
		low := .010*canvas.Smooth(far+.35, far-.1, u) + .006*canvas.Noise(u*14, 1, sc.seed+8)
		if side == 2 {
			rise = 0
		}
		out[x] = float32(horizon - (rise+math.Max(0, low))*sc.h + .5)
	}
	return out
}

// boat is a sailing boat at rest, or under sail, and its broken mirror.
func (sc *scene) boat(x, y, size float64) {
	ink := canvas.Mix(sc.mood.near, sc.mood.far, .12)
	u := size / 60
	dir := 1.
	if sc.r.Odds(.5) {
		dir = -1
	}
	at := func(px, py float64) (float64, float64) { return x + px*u*dir, y + py*u }
	shape := func(c canvas.Lab, a float64, xy ...float64) {
		var p canvas.Path
		for i := 0; i+1 < len(xy); i += 2 {
			xy[i], xy[i+1] = at(xy[i], xy[i+1])
		}
		p.Poly(xy...)
		sc.c.Fill(&p, c, a)
	}
	shape(ink, 1, -30, -6, 34, -8, 25, 5, -24, 5)
	shape(ink, 1, -16, -7, -13, -15, 6, -15, 10, -7)
	mast := sc.r.In(70, 92)
	shape(ink, 1, 0, -6, 1.6, -6, 1.2, -mast, .4, -mast)
	if sc.r.Odds(.5) {
		sail := canvas.Mix(sc.mood.low, canvas.OK(.96, .02, 80), .5)
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
		shift := (canvas.Hash(i, 3, sc.seed) - .5) * 16 * u * t
		half := (27*(1-t) + 3) * u * (.5 + canvas.Hash(i, 4, sc.seed)*.7)
		sc.line(x-half+shift, yy, x+half+shift, yy, 1.9*u, ink, .5*(1-t)*(1-t))
	}
}

// tidal: a flat at low water, channels that hold the sky, someone walking.
func tidal(sc *scene) {
	m, k := sc.mood, sc.seed
	horizon := sc.h * sc.r.In(.28, .42)
	airy := sc.skyAt(horizon, sc.r.In(.3, .9))
	sand := canvas.NewRamp(canvas.Mix(m.low, m.ground, .6), canvas.Mix(m.ground, m.shade, .3), canvas.Mix(m.ground, m.shade, .75))
	mirror := canvas.NewRamp(m.low, canvas.Mix(m.low, m.mid, .7), m.mid, canvas.Mix(m.mid, m.top, .8))
	low := m.low.RGB()
	sx := sc.w * sc.r.In(.2, .8)
	unit := 1 / math.Sqrt(sc.w*sc.h)
	sc.c.Shade(func(x, y float64) canvas.RGB {
		if y < horizon {
			c := airy(x, y)
			return c.Mix(m.sun.RGB(), .5*canvas.Bell(math.Hypot((x-sx)*.6, y-horizon)/(sc.h*.4)))
		}
		d := (y - horizon) * unit
		z := 1 / (d + .022)
		px, py := (x-sc.w/2)*unit*math.Pow(z, .72), math.Pow(z, .82)
		wet := canvas.Fbm(px*.6+1, py*.62, 4, k+31) + .10*math.Sin(py*1.7+px*.4) - .02
		rip := canvas.Noise(px*5+canvas.Noise(px*2, py*2, k+50)*1.5, py*11, k+51)
		t := canvas.Clamp((y-horizon)/(sc.h-horizon), 0, 1)
		bed := sand.At(t * .9).Times(1 + rip*.16*canvas.Smooth(0, .25, t))
		damp := canvas.Smooth(-.16, .02, wet)
		bed = bed.Times(1 - .30*damp)
		pool := mirror.At(t*.95 + rip*.02).Times(.96 - .14*t)
		pool = pool.Mix(m.sun.RGB(), .5*canvas.Bell((x-sx)/(sc.w*.13))*(1-t))
		c := bed.Mix(pool, canvas.Smooth(.0, .05, wet+rip*.012))
		return c.Mix(low, .85*math.Exp(-t*13))
	})
	red := canvas.OK(.55, .19, 30)
	ink := canvas.Mix(m.near, canvas.OK(.28, .02, 260), .5)
	x := sc.w * sc.r.In(.25, .75)
	t := sc.r.In(.16, .34)
	size := (9 + 90*t) * sc.s
	sc.walker(x, horizon+t*(sc.h-horizon), size, red, ink)
	if sc.r.Odds(.6) {
		sc.walker(x+size*.62, horizon+t*(sc.h-horizon)+size*.04, size*.94, ink, ink)
	}
	for range 1 + sc.r.N(4) {
		t := sc.r.In(.03, .1)
		sc.walker(sc.w*sc.r.F(), horizon+t*(sc.h-horizon), (7+85*t)*sc.s, ink, ink)
	}
	sc.birds(horizon)
}

// walker is a person far away, with a reflection.
func (sc *scene) walker(x, y, size float64, coat, ink canvas.Lab) {
	u := size / 30
	var legs canvas.Path
	legs.Tapered([]canvas.Point{{X: x - 1*u, Y: y - 13*u}, {X: x - 3.4*u, Y: y}}, func(t float64) float64 { return (3 - t) * u })
	legs.Tapered([]canvas.Point{{X: x + 1*u, Y: y - 13*u}, {X: x + 3*u, Y: y}}, func(t float64) float64 { return (3 - t) * u })
	sc.c.Fill(&legs, ink, 1)
	body := []canvas.Point{{X: x - 2.6*u, Y: y - 25*u}, {X: x + 2.6*u, Y: y - 25*u}, {X: x + 4.4*u, Y: y - 19*u}, {X: x + 4.8*u, Y: y - 9*u}, {X: x - 4.8*u, Y: y - 9*u}, {X: x - 4.4*u, Y: y - 19*u}}
	sc.c.Fill((&canvas.Path{}).Outline(body), coat, 1)
	sc.disc(x+.3*u, y-27.6*u, 2.7*u, ink)
	for i := range 18 {
		t := float64(i) / 18
		shift := (canvas.Hash(i, 9, sc.seed) - .5) * 3 * u * t
		c := ink
		if t > .3 && t < .8 {
			c = coat
		}
		sc.line(x-4*u*(1-t*.5)+shift, y+(1+t*28)*u, x+4*u*(1-t*.5)+shift, y+(1+t*28)*u, 1.5*u, c, .34*(1-t))
	}
}
