package photo

import (
	"math"

	"vitrine/app/demo/art/canvas"
	"vitrine/app/demo/art/stage"
)

// Road draws a straight road through dry land towards mesas, with poles or without.
func Road(s *stage.Scene) {
	sc := &picture{s}
	m, k := sc.Mood, sc.Seed
	horizon := sc.H * sc.R.In(.40, .54)
	vx := sc.W * sc.R.In(.36, .64)
	airy := sc.skyAt(horizon, sc.R.In(.2, .85))
	sx := sc.W * sc.R.In(.1, .9)
	far, near := sc.mesas(horizon, .055, 3), sc.mesas(horizon, .1, 9)
	farC, nearC := canvas.Mix(m.Far, m.Ground, .3), canvas.Mix(canvas.Mix(m.Far, m.Ground, .35), m.Shade, .55)
	land := canvas.NewRamp(canvas.Mix(m.Ground, m.Low, .45), m.Ground, canvas.Mix(m.Ground, m.Shade, .45))
	tar := canvas.NewRamp(canvas.Mix(canvas.OK(.52, .015, 60), m.Low, .5), canvas.OK(.36, .012, 270), canvas.OK(.26, .012, 270))
	wide := .30 * math.Sqrt(sc.W*sc.H)
	paint := canvas.OK(.83, .13, 85).RGB()
	edge := canvas.OK(.9, .01, 80).RGB()
	sc.C.Shade(func(x, y float64) canvas.RGB {
		if y < horizon {
			c := airy(x, y).Mix(m.Sun.RGB(), .55*canvas.Bell(math.Hypot((x-sx)*.5, y-horizon)/(sc.H*.26)))
			c = c.Mix(farC.RGB(), canvas.Clamp(y-float64(far[int(x)])+.5, 0, 1)*.9)
			strata := 1 + .10*canvas.Noise(x/(140*sc.S), (horizon-y)/(5*sc.S), k+4)
			return c.Mix(nearC.RGB().Times(strata), canvas.Clamp(y-float64(near[int(x)])+.5, 0, 1))
		}
		d := (y - horizon) / (sc.H - horizon)
		z := 1 / (d + .012)
		px := (x - vx) / (sc.H - horizon) * z
		scrub := canvas.Fbm(px*2.6, z*3.4, 3, k+8)
		c := land.At(d*.85 + .12*canvas.Noise(px*1.4, z*.5, k+6))
		bush := canvas.Smooth(.16, .3, scrub) * canvas.Smooth(.01, .12, d)
		c = c.Mix(canvas.Mix(m.Shade, canvas.OK(.42, .05, 120), .4).RGB(), bush*.75)
		c = c.Times(1 + .10*canvas.Noise(px*18, z*22, k+9)*canvas.Smooth(.05, .5, d))
		half := wide * (d + .004)
		off := math.Abs(x-vx) / half
		aa := 1.4 / half
		worn := canvas.Noise((x-vx)/half*7, z*.9, k+12)
		asphalt := tar.At(d*1.5 + worn*.10).Times(1 + .10*canvas.Bell((off-.5)*7))
		asphalt = asphalt.Mix(edge, .8*canvas.Smooth(.022+aa, .018, math.Abs(off-.92)))
		if dash := z*.62 - math.Floor(z*.62); dash < .5 {
			asphalt = asphalt.Mix(paint, .9*canvas.Smooth(.024+aa, .02, off)*canvas.Smooth(.5, .46, dash)*canvas.Smooth(0, .03, dash))
		}
		c = c.Mix(asphalt, canvas.Smooth(1+aa, 1-aa, off))
		return c.Mix(canvas.Mix(m.Low, m.Far, .4).RGB(), .7*math.Exp(-d*16))
	})
	if sc.R.Odds(.7) {
		sc.poles(horizon, vx)
	}
}

// mesas returns a skyline of table mountains and needles per column.
func (sc *picture) mesas(horizon, tall float64, salt int) []float32 {
	out := make([]float32, int(sc.W)+1)
	unit := math.Sqrt(sc.W * sc.H)
	for x := range out {
		u := float64(x) / unit
		n := canvas.Noise(u*1.9, 2, sc.Seed+salt) + .3*canvas.Noise(u*5, 3, sc.Seed+salt+1)
		table := canvas.Smooth(.02, .09, n)*.55 + canvas.Smooth(.3, .34, n)*.5 + canvas.Smooth(-.25, .05, n)*.22
		rough := .03 * canvas.Fbm(u*40, 1, 3, sc.Seed+salt+2) * (1 + table)
		out[x] = float32(horizon - sc.H*tall*(table+rough) + 1)
	}
	return out
}

// poles runs a telegraph line beside the road.
func (sc *picture) poles(horizon, vx float64) {
	side := 1.
	if vx > sc.W/2 {
		side = -1
	}
	ink := canvas.Mix(sc.Mood.Near, canvas.OK(.25, .02, 50), .5)
	unit := math.Sqrt(sc.W * sc.H)
	var prev [2]canvas.Point
	first := true
	for i := 16; i >= 1; i-- {
		z := 1.15 + float64(i-1)*1.5
		d := .62 / z
		x, y := vx+side*unit*d*.78, horizon+unit*d*.36
		tall := unit * d * .72
		w := math.Max(.7, unit*d*.016)
		haze := canvas.Mix(ink, sc.Mood.Low, canvas.Smooth(3, 26, z)*.7)
		sc.C.Fill((&canvas.Path{}).Rect(x-w/2, y-tall, w, tall), haze, 1)
		sc.C.Fill((&canvas.Path{}).Rect(x-tall*.11, y-tall*.93, tall*.22, w*.8), haze, 1)
		now := [2]canvas.Point{{X: x - tall*.1, Y: y - tall*.945}, {X: x + tall*.1, Y: y - tall*.945}}
		if !first {
			for j, q := range now {
				a := prev[j]
				mid := canvas.Point{X: a.X + (q.X-a.X)*.45, Y: math.Max(a.Y, q.Y)*.45 + (a.Y+q.Y)*.275 + math.Abs(q.Y-a.Y)*.06 + tall*.02}
				var p canvas.Path
				p.Line(canvas.Smoothed([]canvas.Point{a, mid, q}, 12, false), math.Max(.5, w*.16), false)
				sc.C.Fill(&p, haze, .8)
			}
		}
		prev, first = now, false
	}
}
