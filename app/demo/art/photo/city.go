package photo

import (
	"math"

	"vitrine/app/demo/art/canvas"
	"vitrine/app/demo/art/stage"
)

// Trails draws a road into a city at night, long exposure. It moves: the lights run along the road.
func Trails(s *stage.Scene) {
	sc := &picture{s}
	horizon := sc.H * sc.R.In(.40, .54)
	vx := sc.W * sc.R.In(.34, .66)
	airy := sc.skyAt(horizon*1.04, sc.R.In(.1, .6))
	glow := canvas.OK(.72, .13, 55).RGB()
	road := canvas.NewRamp(canvas.OK(.24, .03, 290), canvas.OK(.15, .02, 280), canvas.OK(.10, .015, 275))
	bend := sc.R.In(.45, 1.1)
	if sc.R.Odds(.5) {
		bend = -bend
	}
	sc.C.Shade(func(x, y float64) canvas.RGB {
		if y < horizon {
			near := canvas.Bell((x-vx)/(sc.W*.4)) * canvas.Smooth(horizon*.45, horizon, y)
			return airy(x, y).Times(.8).Plus(glow, near*.22)
		}
		d := (y - horizon) / (sc.H - horizon)
		c := road.At(d*1.6).Mix(sc.Mood.Near.RGB(), .4*canvas.Smooth(.2, 0, d))
		px := (x - vx) / (d + .05)
		wet := canvas.Noise(px/(90*sc.S), 3/(d+.05), sc.Seed+3) * .5
		return c.Times(1+wet*.35).Plus(glow, .05*math.Exp(-d*9))
	})
	sc.skyline(horizon, vx)
	sc.lamps(horizon, vx, bend)
	n := 15 + sc.R.N(9)
	white := canvas.NewRamp(canvas.OK(.97, .03, 95), canvas.OK(.88, .09, 78), canvas.OK(.92, .04, 230))
	red := canvas.NewRamp(canvas.OK(.52, .22, 26), canvas.OK(.64, .21, 38), canvas.OK(.58, .23, 18))
	for i := range n {
		lane := float64(sc.R.N(4))*.24 + sc.R.In(-.04, .04) + .16
		sc.trail(horizon, vx, bend, -lane, white.At(sc.R.F()).Times(1.0), i)
		sc.trail(horizon, vx, bend, lane, red.At(sc.R.F()).Times(1.3), i+100)
	}
	sc.C.Bloom(.55, 36*sc.S, .55)
	sc.C.Bloom(.35, 9*sc.S, .3)
}

// onRoad places a lane at a depth of 0 (horizon) to 1 (at the viewer's feet).
func (sc *picture) onRoad(horizon, vx, bend, lane, depth float64) canvas.Point {
	p := math.Pow(depth, 2.6)
	curve := bend * sc.W * .26 * math.Sin(math.Pi*math.Pow(p, .62)) * math.Sqrt(max(0, 1-p))
	return canvas.Point{X: vx + curve + lane*p*sc.W*.95, Y: horizon + 2*sc.S + (sc.H*1.1-horizon)*p}
}

// trail is one lamp's path. In a film it is a run of light that travels; in a picture it is whole.
func (sc *picture) trail(horizon, vx, bend, lane float64, c canvas.RGB, id int) {
	lift := sc.R.In(.0, .02)
	width := sc.R.In(.7, 1.7) * sc.S
	start, length := sc.R.F(), sc.R.In(.35, .8)
	strength := sc.R.In(.35, .95)
	const steps = 46
	speed := float64(1 + id%2)
	if lane > 0 {
		speed = -speed
	}
	for i := range steps {
		t0, t1 := float64(i)/steps, float64(i+1)/steps
		k := strength
		if sc.Phase > 0 {
			at := t0*.9 - sc.Phase*speed + start
			at -= math.Floor(at)
			k *= canvas.Smooth(length, length*.6, at) * canvas.Smooth(0, .04, at)
			if k < .01 {
				continue
			}
		}
		a, b := sc.onRoad(horizon, vx, bend, lane, t0), sc.onRoad(horizon, vx, bend, lane, t1)
		a.Y -= lift * sc.H * t0 * t0
		b.Y -= lift * sc.H * t1 * t1
		var p canvas.Path
		p.Line([]canvas.Point{a, b}, width*(.55+3.4*t0*t0), false)
		sc.C.FillAdd(&p, c, k*(.35+.65*t0))
	}
}

// skyline builds three rows of towers with lit windows.
func (sc *picture) skyline(horizon, vx float64) {
	m := sc.Mood
	for row := range 3 {
		k := float64(row)
		c := canvas.Mix(canvas.Mix(m.Mid, m.Far, .5), m.Near, .35+.3*k)
		warm := canvas.OK(.86, .10, 80).RGB()
		x := -20 * sc.S
		for x < sc.W {
			wide := sc.R.In(16, 54) * sc.S * (.8 + .25*k)
			rise := .03 + .17*math.Pow(sc.R.F(), 2)*(.35+canvas.Bell((x-vx)/(sc.W*.24)))
			top := horizon - sc.H*rise*(1.15-.2*k)
			sc.C.Fill((&canvas.Path{}).Rect(x, top, wide, horizon-top+2), c, 1)
			if sc.R.Odds(.16) {
				sc.C.Fill((&canvas.Path{}).Rect(x+wide*.48, top-sc.R.In(6, 24)*sc.S, math.Max(.6, 1.1*sc.S), 26*sc.S), c, 1)
			}
			sc.windows(x, top, wide, horizon, warm, .10+.08*k)
			x += wide * sc.R.In(.9, 1.25)
		}
	}
}

func (sc *picture) windows(x, top, wide, horizon float64, warm canvas.RGB, odds float64) {
	u := math.Max(1.6, 4.2*sc.S)
	var lit, bright canvas.Path
	lively := sc.R.In(.3, 1.8)
	for y := top + u; y < horizon-u; y += u * 1.25 {
		for px := x + u*.7; px < x+wide-u; px += u {
			if sc.R.F() < odds*lively {
				lit.Rect(px, y, u*.52, u*.62)
				if sc.R.Odds(.12) {
					bright.Rect(px, y, u*.52, u*.62)
				}
			}
		}
	}
	sc.C.FillAdd(&lit, warm, .38)
	sc.C.FillAdd(&bright, warm, .7)
}

// lamps lines the road with street lights.
func (sc *picture) lamps(horizon, vx, bend float64) {
	pole := canvas.OK(.13, .015, 280)
	light := canvas.OK(.88, .10, 75).RGB()
	for i := range 13 {
		depth := .12 + .86*math.Pow(float64(i)/12, .8)
		for _, side := range []float64{-1.28, 1.28} {
			foot := sc.onRoad(horizon, vx, bend, side, depth)
			tall := (sc.H*1.1 - horizon) * 1.5 * math.Pow(depth, 2.6)
			w := math.Max(.5, 3.2*sc.S*math.Pow(depth, 2.4))
			tip := foot.X - side*tall*.16
			var p canvas.Path
			p.Line(canvas.Smoothed([]canvas.Point{foot, {X: foot.X, Y: foot.Y - tall*.85}, {X: foot.X - side*tall*.03, Y: foot.Y - tall}, {X: tip, Y: foot.Y - tall*1.02}}, 6, false), w, false)
			sc.C.Fill(&p, pole, .9)
			sc.C.Glow(tip, foot.Y-tall, math.Max(2, tall*.05), light, .9)
			sc.C.Glow(tip, foot.Y-tall, math.Max(4, tall*.28), light, .12)
		}
	}
}
