package art

import (
	"math"

	"vitrine/app/demo/art/canvas"
)

// moire: two or three sets of plain lines; the waves between them are in the eye alone. It moves: one set slides.
func moire(sc *scene) {
	r := sc.r
	inks := sc.strong(sc.pal.ground)
	n := 2 + r.N(2)
	gap := sc.short() / r.In(58, 90)
	type set struct {
		x, y, gap float64
		rings     bool
		turn      float64
		c         canvas.RGB
	}
	var sets []set
	sn, cs := math.Sincos(sc.phase * canvas.Tau)
	ringed := r.Odds(.65)
	for i := range n {
		k := sc.short() * .16
		s := set{sc.w*r.In(.3, .7) + cs*k*float64(i%2), sc.h*r.In(.3, .7) + sn*k*float64(i%2), gap * r.In(.94, 1.08), ringed || i == 1, r.In(-.14, .14) + float64(i)*.09, inks[i%len(inks)].RGB()}
		sets = append(sets, s)
	}
	m := sc.short() * .07
	bow := r.In(0, .02)
	ground := sc.pal.ground.RGB()
	sc.c.Shade(func(x, y float64) canvas.RGB {
		edge := math.Min(math.Min(x-m, sc.w-m-x), math.Min(y-m, sc.h-m-y))
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
				d = dx*math.Cos(s.turn) + dy*math.Sin(s.turn) + bow*dy*dy/sc.short()
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
	r := sc.r
	dark := sc.contrast(sc.pal.ground)
	accent := sc.strong(sc.pal.ground)[0]
	unit := 1 / math.Sqrt(sc.w*sc.h)
	mirror := r.Odds(.6)
	sn, cs := math.Sincos(sc.phase * canvas.Tau)
	rx, ry := r.In(.26, .36), r.In(.30, .42)
	k := sc.seed
	body := canvas.NewField(int(sc.w), int(sc.h), 2*sc.s, func(x, y float64) float64 {
		u, v := (x-sc.w/2)*unit, (y-sc.h/2)*unit
		if mirror {
			u = math.Abs(u) + .012*canvas.Noise(v*9, 1, k+40)
		}
		wx := canvas.Noise(u*2.6+cs*.16, v*2.6+sn*.16, k+1)
		wy := canvas.Noise(u*2.6-sn*.16+5, v*2.6+cs*.16, k+2)
		n := canvas.Fbm(u*3.2+wx*.55, v*3.2+wy*.55, 4, k+3)
		lobes := canvas.Noise(u*1.7+cs*.1+3, v*1.7+sn*.1, k+9)
		d := math.Sqrt(u*u/(rx*rx)+v*v/(ry*ry)*sc.w/sc.h) - .75
		return n*1.15 + lobes*.7 - d*.85
	})
	second := canvas.NewField(int(sc.w), int(sc.h), 4*sc.s, func(x, y float64) float64 {
		u, v := (x-sc.w/2)*unit, (y-sc.h/2)*unit
		if mirror {
			u = math.Abs(u)
		}
		return canvas.Fbm(u*2.4+7+sn*.12, v*2.4+cs*.12, 3, k+20) - math.Hypot(u, v)*.9 + .16
	})
	paper := sc.pal.ground.RGB()
	tone := canvas.NewRamp(canvas.Mix(dark, sc.pal.ground, .34), canvas.Mix(dark, sc.pal.ground, .1), dark)
	wash := canvas.NewRamp(canvas.Mix(sc.pal.ground, accent, .25), accent)
	sc.c.Shade(func(x, y float64) canvas.RGB {
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
		spots.Circle(sc.w/2+x, sc.h/2+y, rad)
		if mirror {
			spots.Circle(sc.w/2-x, sc.h/2+y, rad)
		}
	}
	sc.c.Fill(&spots, dark, .92)
}

// harmonograph: one pen, four pendulums, a few minutes.
func harmonograph(sc *scene) {
	r := sc.r
	inks := sc.strong(sc.pal.ground)
	ratios := [][2]float64{{2, 3}, {3, 4}, {1, 2}, {3, 5}, {4, 5}, {2, 5}, {5, 6}}
	q := pickOne(r, ratios)
	var f, p, d, amp [4]float64
	for i := range f {
		f[i] = q[i%2] + r.Normal()*.0032
		p[i], d[i], amp[i] = r.F()*canvas.Tau, r.In(.0016, .0042), r.In(.5, 1)
	}
	sx := math.Min(sc.w*.43, sc.h*.56) / (amp[0] + amp[1])
	sy := math.Min(sc.h*.43, sc.w*.56) / (amp[2] + amp[3])
	const turns, per = 62, 84
	ramp := canvas.NewRamp(inks[0], inks[min(1, len(inks)-1)], inks[0])
	if len(inks) > 2 {
		ramp = canvas.NewRamp(inks[0], inks[1], inks[2])
	}
	width := math.Max(.7, r.In(.8, 1.25)*sc.s)
	var pts []canvas.Point
	for i := 0; i <= turns*per; i++ {
		t := float64(i) / per * canvas.Tau / q[0] * 2
		pt := canvas.Point{
			X: sc.w/2 + sx*(amp[0]*math.Sin(t*f[0]+p[0])*math.Exp(-d[0]*t)+amp[1]*math.Sin(t*f[2]+p[1])*math.Exp(-d[1]*t)),
			Y: sc.h/2 + sy*(amp[2]*math.Sin(t*f[1]+p[2])*math.Exp(-d[2]*t)+amp[3]*math.Sin(t*f[3]+p[3])*math.Exp(-d[3]*t)),
		}
		pts = append(pts, pt)
		if len(pts) == 43 || i == turns*per {
			sc.c.FillRGB((&canvas.Path{}).Line(pts, width, false), ramp.At(float64(i)/(turns*per)), .8)
			pts = []canvas.Point{pt}
		}
	}
}

// signals: line upon line, each hiding the one behind it, as a pulsar once was printed.
func signals(sc *scene) {
	r := sc.r
	inks := sc.strong(sc.pal.ground)
	n := 46 + r.N(34)
	mx, my := sc.w*.12, sc.h*.14
	tall := (sc.h - 2*my) * r.In(.16, .26)
	cx, spread := r.In(.4, .6), r.In(.16, .3)
	pts := max(60, int((sc.w-2*mx)/(2.4*sc.s)))
	accent := r.N(n)
	line := sc.contrast(sc.pal.ground)
	for j := range n {
		y := my + tall*.6 + (sc.h-2*my-tall*.6)*float64(j)/float64(n-1)
		curve := make([]canvas.Point, 0, pts+2)
		for i := range pts {
			u := float64(i) / float64(pts-1)
			k := canvas.Bell((u - cx - .05*canvas.Noise(float64(j)*.07, 3, sc.seed+2)) / spread)
			h := math.Max(0, canvas.Noise(u*9, float64(j)*.16, sc.seed)+.28)*1.1 + .34*math.Abs(canvas.Noise(u*26, float64(j)*.5, sc.seed+1))
			jit := canvas.Noise(u*70, float64(j)*3.3, sc.seed+4) * .016
			curve = append(curve, canvas.Point{X: mx + u*(sc.w-2*mx), Y: y - tall*(h*k+jit)})
		}
		shape := append(append([]canvas.Point(nil), curve...), canvas.Point{X: sc.w - mx, Y: y + tall*.2}, canvas.Point{X: mx, Y: y + tall*.2})
		c := line
		if j == accent {
			c = inks[0]
		}
		sc.c.Fill((&canvas.Path{}).Outline(shape), sc.pal.ground, 1)
		sc.c.Fill((&canvas.Path{}).Line(curve, math.Max(.9, 1.9*sc.s), false), c, 1)
	}
}
