package photo

import (
	"math"

	"vitrine/app/demo/art/canvas"
	"vitrine/app/demo/art/stage"
)

// vessel is a turned pot: its silhouette as half widths over its height, and its glaze.
type vessel struct {
	x, foot, tall, wide float64
	shape               int
	glaze               canvas.Lab
	gloss               float64
	far                 float64
}

// profile is the half width of a vessel's shape at a height of 0 (foot) to 1 (lip).
func profile(shape int, t float64) float64 {
	s := canvas.Smooth
	switch shape {
	case 0: // a bottle with a long neck
		return .20 + .78*s(-.08, .03, t)*s(.62, .40, t) + .03*s(.95, 1, t) - .02*s(.5, .8, t)
	case 1: // a bowl
		return .36 + .64*math.Pow(s(-.1, 1.1, t), .8)
	case 2: // a jug with a belly
		return .46 + .52*math.Sin(math.Pi*math.Pow(t, .85))*s(1.3, .4, t) + .07*s(.88, 1, t)
	case 3: // a beaker
		return .84 + .16*t
	case 4: // a vase with a shoulder
		return .5 + .5*s(0, .66, t)*s(1.02, .72, t) - .16*s(.8, .94, t) + .05*s(.95, 1, t)
	default: // a round flask
		return .13 + .86*math.Sqrt(math.Max(0, 1-math.Pow((math.Min(t, .72)-.36)/.37, 2))) + .05*s(.96, 1, t)
	}
}

// Still draws pots on a table in the light of one window.
func Still(s *stage.Scene) {
	sc := &picture{s}
	r := sc.R
	wallHue := stage.Pick(r, []float64{60, 40, 90, 240, 160, 20, 300})
	wall := canvas.OK(r.In(.62, .82), r.In(.015, .045), wallHue)
	cloth := canvas.OK(r.In(.68, .9), r.In(.01, .06), stage.Pick(r, []float64{70, 50, 85, 30, 250}))
	edge := sc.H * r.In(.58, .68)
	from := 1.
	if r.Odds(.4) {
		from = -1
	}
	sc.room(wall, cloth, edge, from)
	pots := sc.arrange(edge)
	shadow := canvas.NewMask(int(sc.W/2)+1, int(sc.H/2)+1)
	contact := canvas.NewMask(int(sc.W/2)+1, int(sc.H/2)+1)
	for _, v := range pots {
		var p, q canvas.Path
		rx := v.wide * profile(v.shape, 0)
		l := v.tall * .95
		p.Ellipse(v.x/2, v.foot/2, rx/2, rx*.13, 0)
		p.Poly(v.x/2, v.foot/2-rx*.12, v.x/2+from*l/2, v.foot/2-rx*.12-l*.06, v.x/2+from*l/2, v.foot/2+rx*.10-l*.04, v.x/2, v.foot/2+rx*.13)
		p.Ellipse(v.x/2+from*l/2, v.foot/2-l*.05, v.wide*.35, v.wide*.09, 0)
		q.Ellipse(v.x/2, v.foot/2+rx*.02, rx*.53, rx*.15, 0)
		shadow.Fill(&p, .8)
		contact.Fill(&q, 1)
	}
	shadow.Blur(sc.Short() * .009)
	contact.Blur(sc.Short() * .004)
	for y := range shadow.H {
		k := float32(canvas.Smooth(edge-sc.H*.02, edge+sc.H*.02, float64(y)*2))
		for x := range shadow.W {
			shadow.V[y*shadow.W+x] *= .28 + .72*k
		}
	}
	deep := canvas.Mix(cloth.Lift(-.42), canvas.OK(.3, .05, 30), .35).RGB()
	sc.C.Stain(shadow, deep, .9)
	sc.C.Stain(contact, deep, .8)
	for _, v := range pots {
		sc.pot(v, from, cloth)
	}
	sc.C.Bloom(.8, 20*sc.S, .2)
}

// room paints the wall with its fall of light, and the table.
func (sc *picture) room(wall, cloth canvas.Lab, edge, from float64) {
	lit := canvas.NewRamp(wall.Lift(-.22), wall, wall.Lift(.08))
	table := canvas.NewRamp(cloth.Lift(-.14), cloth, cloth.Lift(.05))
	patch := sc.R.Odds(.5)
	px := sc.W * sc.R.In(.3, .7)
	weave := canvas.NewField(int(sc.W), int(sc.H), 2*sc.S, func(x, y float64) float64 {
		return canvas.Fbm(x/(40*sc.S), y/(40*sc.S), 4, sc.Seed+3)
	})
	sc.C.Shade(func(x, y float64) canvas.RGB {
		side := (x/sc.W - .5) * from
		if y < edge {
			v := .56 - side*.55 - .22*(1-y/edge) + weave.At(x, y)*.10
			if patch {
				v += .30 * canvas.Smooth(.03, .0, math.Abs((x-px)/sc.W+(y/sc.H-.3)*.35*from)-.13)
			}
			return lit.At(v)
		}
		t := (y - edge) / (sc.H - edge)
		v := .62 - side*.45 + .10*t + weave.At(x, y)*.08
		c := table.At(v)
		front := canvas.Smooth(.80, .81, t)
		return c.Mix(table.At(v-.45), front*.8).Times(1 - .12*canvas.Smooth(.03, 0, t))
	})
}

// arrange sets three to seven pots in a row with overlaps, the tall ones behind.
func (sc *picture) arrange(edge float64) []vessel {
	r := sc.R
	hues := []canvas.Lab{canvas.OK(.90, .02, 85), canvas.OK(.56, .12, 40), canvas.OK(.44, .05, 250), canvas.OK(.70, .06, 150), canvas.OK(.78, .10, 80), canvas.OK(.34, .03, 30), canvas.OK(.80, .05, 20), canvas.OK(.62, .05, 220), canvas.OK(.93, .01, 100), canvas.OK(.50, .14, 28)}
	n := 3 + r.N(3)
	if sc.W > sc.H*1.2 {
		n += 2
	}
	unit := math.Min(sc.H*.42, sc.W*.5)
	span := math.Min(sc.W*.72, unit*.42*float64(n))
	var pots []vessel
	start := r.N(len(hues))
	for i := range n {
		k := (float64(i)+.5)/float64(n) - .5
		shape := r.N(6)
		tall := unit * []float64{1.0, .34, .66, .36, .74, .84}[shape] * r.In(.82, 1.12)
		wide := unit * []float64{.155, .25, .22, .15, .2, .22}[shape] * r.In(.9, 1.1)
		depth := r.F()
		if shape == 1 || shape == 3 {
			depth = .5 + depth*.5
		} else {
			depth *= .6
		}
		foot := edge + (sc.H-edge)*(.12+.42*depth)
		pots = append(pots, vessel{sc.W*.5 + k*span + r.In(-.03, .03)*span, foot, tall, wide, shape, hues[(start+i*3)%len(hues)], r.F(), depth})
	}
	for i := range pots {
		for j := i + 1; j < len(pots); j++ {
			if pots[j].foot < pots[i].foot {
				pots[i], pots[j] = pots[j], pots[i]
			}
		}
	}
	return pots
}

// pot paints one vessel as a turned body: light from one side, a core shadow, light back from the table, a lip.
func (sc *picture) pot(v vessel, from float64, cloth canvas.Lab) {
	var left, right []canvas.Point
	const n = 70
	for i := range n + 1 {
		t := float64(i) / n
		h := v.wide * profile(v.shape, t)
		y := v.foot - v.tall*t
		left = append(left, canvas.Point{X: v.x - h, Y: y})
		right = append(right, canvas.Point{X: v.x + h, Y: y})
	}
	out := canvas.Arc(v.x, v.foot, 1, 0, math.Pi)
	base := v.wide * profile(v.shape, 0)
	for i := range out {
		out[i] = canvas.Point{X: v.x + (out[i].X-v.x)*base, Y: v.foot + (out[i].Y-v.foot)*base*.16}
	}
	out = append(out, left...)
	for i := n; i >= 0; i-- {
		out = append(out, right[i])
	}
	g := v.glaze
	ramp := canvas.NewRamp(canvas.Mix(g.Lift(-.36), canvas.OK(.22, .03, 30), .35), canvas.Mix(g.Lift(-.2), canvas.OK(.3, .04, 30), .2), g.Lift(-.04), g.Lift(.05), canvas.Mix(g.Lift(.1), canvas.OK(.98, .02, 85), .25))
	bounce, white := cloth.RGB(), canvas.OK(.99, .01, 85).RGB()
	sc.C.FillFunc((&canvas.Path{}).Outline(out), func(x, y float64) (canvas.RGB, float64) {
		t := canvas.Clamp((v.foot-y)/v.tall, 0, 1)
		h := v.wide * profile(v.shape, t)
		nx := canvas.Clamp((x-v.x)/math.Max(.5, h), -1, 1) * from
		slope := (profile(v.shape, min(1, t+.02)) - profile(v.shape, max(0, t-.02))) / .04 * v.wide / v.tall
		nz := math.Sqrt(1 - nx*nx)
		lam := -nx*.74 + nz*.48 - slope*.35
		speck := canvas.Noise(x/(2.2*sc.S), y/(2.2*sc.S), sc.Seed+5)*.05 + canvas.Noise(x/(30*sc.S), y/(12*sc.S), sc.Seed+6)*.05
		c := ramp.At(.34 + lam*.52 + speck)
		c = c.Mix(bounce, .22*canvas.Smooth(.4, 1, nx)+.14*canvas.Smooth(.22, 0, t))
		hi := canvas.Bell((nx+.52)/.13) * canvas.Smooth(.1, .3, t) * canvas.Smooth(1.02, .7, t)
		return c.Mix(white, hi*(.08+.42*v.gloss*v.gloss)), 1
	})
	lip := v.wide * profile(v.shape, 1)
	top := v.foot - v.tall
	sc.C.Fill((&canvas.Path{}).Ellipse(v.x, top, lip, lip*.15, 0), g.Lift(.07), 1)
	inner := canvas.NewRamp(canvas.Mix(g.Lift(-.3), canvas.OK(.2, .02, 30), .4), g.Lift(-.1))
	sc.C.FillFunc((&canvas.Path{}).Ellipse(v.x, top, lip*.88, lip*.12, 0), func(x, _ float64) (canvas.RGB, float64) {
		return inner.At(.5 + (x-v.x)/lip*.5*from), 1
	})
}
