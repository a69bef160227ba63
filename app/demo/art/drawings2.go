package art

import (
	"math"

	"vitrine/app/demo/art/canvas"
	"vitrine/app/demo/art/stage"
)

// moire: two or three sets of plain lines; the waves between them are in the eye alone. It moves: one set slides.
func moire(sc *scene) {
	r := sc.R
	inks := sc.Strong(sc.Pal.Ground)
	n := 2 + r.N(2)
	gap := sc.Short() / r.In(58, 90)
	type set struct {
		x, y, gap float64
		rings     bool
		turn      float64
		c         canvas.RGB
	}
	var sets []set
	sn, cs := math.Sincos(sc.Phase * canvas.Tau)
	ringed := r.Odds(.65)
	for i := range n {
		k := sc.Short() * .16
		s := set{sc.W*r.In(.3, .7) + cs*k*float64(i%2), sc.H*r.In(.3, .7) + sn*k*float64(i%2), gap * r.In(.94, 1.08), ringed || i == 1, r.In(-.14, .14) + float64(i)*.09, inks[i%len(inks)].RGB()}
		sets = append(sets, s)
	}
	m := sc.Short() * .07
	bow := r.In(0, .02)
	ground := sc.Pal.Ground.RGB()
	sc.C.Shade(func(x, y float64) canvas.RGB {
		edge := math.Min(math.Min(x-m, sc.W-m-x), math.Min(y-m, sc.H-m-y))
		if edge < -.5 {
			return ground
		}
		c := ground
		for _, s := range sets {
			dx, dy := x-s.x, y-s.y
			var d float64
			if s.rings {
				d = math.Sqrt(dx*dx + dy*dy)
			} else {
				d = dx*math.Cos(s.turn) + dy*math.Sin(s.turn) + bow*dy*dy/sc.Short()
			}
			d = math.Abs(d/s.gap - math.Floor(d/s.gap) - .5)
			a := canvas.Clamp((d-.27)*s.gap+.5, 0, 1)
			c = c.Mix(s.c, a)
		}
		return ground.Mix(c, canvas.Clamp(edge+.5, 0, 1))
	})
}

// ink: blots that were folded while they were wet, or left to run. It moves: the ink breathes.
func ink(sc *scene) {
	r := sc.R
	dark := sc.Contrast(sc.Pal.Ground)
	accent := sc.Strong(sc.Pal.Ground)[0]
	unit := 1 / math.Sqrt(sc.W*sc.H)
	mirror := r.Odds(.6)
	sn, cs := math.Sincos(sc.Phase * canvas.Tau)
	rx, ry := r.In(.26, .36), r.In(.30, .42)
	k := sc.Seed
	body := canvas.NewField(int(sc.W), int(sc.H), 2*sc.S, func(x, y float64) float64 {
		u, v := (x-sc.W/2)*unit, (y-sc.H/2)*unit
		if mirror {
			u = math.Abs(u) + .012*canvas.Noise(v*9, 1, k+40)
		}
		wx := canvas.Noise(u*2.6+cs*.16, v*2.6+sn*.16, k+1)
		wy := canvas.Noise(u*2.6-sn*.16+5, v*2.6+cs*.16, k+2)
		n := canvas.Fbm(u*3.2+wx*.55, v*3.2+wy*.55, 4, k+3)
		lobes := canvas.Noise(u*1.7+cs*.1+3, v*1.7+sn*.1, k+9)
		d := math.Sqrt(u*u/(rx*rx)+v*v/(ry*ry)*sc.W/sc.H) - .75
		return n*1.15 + lobes*.7 - d*.85
	})
	second := canvas.NewField(int(sc.W), int(sc.H), 4*sc.S, func(x, y float64) float64 {
		u, v := (x-sc.W/2)*unit, (y-sc.H/2)*unit
		if mirror {
			u = math.Abs(u)
		}
		return canvas.Fbm(u*2.4+7+sn*.12, v*2.4+cs*.12, 3, k+20) - math.Hypot(u, v)*.9 + .16
	})
	paper := sc.Pal.Ground.RGB()
	tone := canvas.NewRamp(canvas.Mix(dark, sc.Pal.Ground, .34), canvas.Mix(dark, sc.Pal.Ground, .1), dark)
	wash := canvas.NewRamp(canvas.Mix(sc.Pal.Ground, accent, .25), accent)
	sc.C.Shade(func(x, y float64) canvas.RGB {
		fibre := canvas.Noise(x*unit*240, y*unit*240, k+30)
		e := body.At(x, y) + fibre*.012
		w := second.At(x, y) + fibre*.01
		c := paper.Times(1 + fibre*.012)
		if w > 0 {
			rim := canvas.Smooth(.07, .005, w)
			c = c.Mix(wash.At(.35+w*2.2+rim*.4), canvas.Smooth(0, .012, w)*.9)
		}
		rim := canvas.Smooth(.16, .0, e)
		return c.Mix(tone.At(e*1.9+rim*.55), canvas.Smooth(0, .016, e)*(.93+.07*rim))
	})
	var spots canvas.Path
	for range 24 + r.N(30) {
		a, d := r.F()*canvas.Tau, r.In(.3, .62)
		x, y := math.Cos(a)*d/unit, math.Sin(a)*d/unit
		rad := (.0012 + .007*math.Pow(r.F(), 4)) / unit
		spots.Circle(sc.W/2+x, sc.H/2+y, rad)
		if mirror {
			spots.Circle(sc.W/2-x, sc.H/2+y, rad)
		}
	}
	sc.C.Fill(&spots, dark, .92)
}

// harmonograph: one pen, four pendulums, a few minutes.
func harmonograph(sc *scene) {
	r := sc.R
	inks := sc.Strong(sc.Pal.Ground)
	ratios := [][2]float64{{2, 3}, {3, 4}, {1, 2}, {3, 5}, {4, 5}, {2, 5}, {5, 6}}
	q := stage.Pick(r, ratios)
	var f, p, d, amp [4]float64
	for i := range f {
		f[i] = q[i%2] + r.Normal()*.0032
		p[i], d[i], amp[i] = r.F()*canvas.Tau, r.In(.0016, .0042), r.In(.5, 1)
	}
	const turns, per = 62, 84
	ramp := canvas.NewRamp(inks[0], inks[min(1, len(inks)-1)], inks[0])
	if len(inks) > 2 {
		ramp = canvas.NewRamp(inks[0], inks[1], inks[2])
	}
	width := math.Max(.7, r.In(.8, 1.25)*sc.S)
	swing := func(t float64, a, b int) float64 {
		return amp[a]*math.Sin(t*f[a]+p[a])*math.Exp(-d[a]*t) + amp[b]*math.Sin(t*f[b]+p[b])*math.Exp(-d[b]*t)
	}
	xs, ys := make([]float64, turns*per+1), make([]float64, turns*per+1)
	var mx, my float64
	for i := range xs {
		t := float64(i) / per * canvas.Tau / q[0] * 2
		xs[i], ys[i] = swing(t, 0, 2), swing(t, 1, 3)
		mx, my = math.Max(mx, math.Abs(xs[i])), math.Max(my, math.Abs(ys[i]))
	}
	sx, sy := math.Min(sc.W*.42, sc.H*.56)/mx, math.Min(sc.H*.42, sc.W*.56)/my
	var pts []canvas.Point
	for i := range xs {
		pts = append(pts, canvas.Point{X: sc.W/2 + sx*xs[i], Y: sc.H/2 + sy*ys[i]})
		if len(pts) == 43 || i == len(xs)-1 {
			sc.C.FillRGB((&canvas.Path{}).Line(pts, width, false), ramp.At(float64(i)/(turns*per)), .8)
			pts = []canvas.Point{pts[len(pts)-1]}
		}
	}
}

// signals: line upon line, each hiding the one behind it, as a pulsar once was printed.
func signals(sc *scene) {
	r := sc.R
	inks := sc.Strong(sc.Pal.Ground)
	n := 46 + r.N(34)
	mx, my := sc.W*.12, sc.H*.14
	tall := (sc.H - 2*my) * r.In(.16, .26)
	cx, spread := r.In(.4, .6), r.In(.16, .3)
	pts := max(60, int((sc.W-2*mx)/(2.4*sc.S)))
	accent := r.N(n)
	line := sc.Contrast(sc.Pal.Ground)
	for j := range n {
		y := my + tall*.6 + (sc.H-2*my-tall*.6)*float64(j)/float64(n-1)
		curve := make([]canvas.Point, 0, pts+2)
		for i := range pts {
			u := float64(i) / float64(pts-1)
			k := canvas.Bell((u - cx - .05*canvas.Noise(float64(j)*.07, 3, sc.Seed+2)) / spread)
			h := math.Max(0, canvas.Noise(u*9, float64(j)*.16, sc.Seed)+.28)*1.1 + .34*math.Abs(canvas.Noise(u*26, float64(j)*.5, sc.Seed+1))
			jit := canvas.Noise(u*70, float64(j)*3.3, sc.Seed+4) * .016
			curve = append(curve, canvas.Point{X: mx + u*(sc.W-2*mx), Y: y - tall*(h*k+jit)})
		}
		shape := append(append([]canvas.Point(nil), curve...), canvas.Point{X: sc.W - mx, Y: y + tall*.2}, canvas.Point{X: mx, Y: y + tall*.2})
		c := line
		if j == accent {
			c = inks[0]
		}
		sc.C.Fill((&canvas.Path{}).Outline(shape), sc.Pal.Ground, 1)
		sc.C.Fill((&canvas.Path{}).Line(curve, math.Max(.9, 1.9*sc.S), false), c, 1)
	}
}
