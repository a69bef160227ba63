package art

import (
	"math"

	"vitrine/app/demo/art/canvas"
)

// arcade: arches in plaster, a flight of steps, a sky; colours of an imagined south.
func arcade(sc *scene) {
	r := sc.R
	inks := sc.Strong(sc.Pal.Ground)
	skyA, skyB := sc.Pal.Ground, canvas.Mix(sc.Pal.Ground, canvas.OK(.95, .04, 80), .5)
	ramp := canvas.NewRamp(skyA, skyB)
	sc.C.Shade(func(_, y float64) canvas.RGB { return ramp.At(y / sc.H) })
	sun := inks[min(2, len(inks)-1)]
	if r.Odds(.7) {
		sc.Disc(sc.W*r.In(.15, .85), sc.H*r.In(.08, .2), sc.Short()*r.In(.06, .11), canvas.Mix(sun, canvas.OK(.97, .05, 85), .4))
	}
	floor := sc.H * r.In(.80, .88)
	wall := canvas.Mix(inks[0], canvas.OK(.8, .08, 50), .2)
	if wall.L < .45 || wall.L > .86 {
		wall = canvas.Lab{L: .68, A: wall.A * .8, B: wall.B * .8}
	}
	tiers := 1 + r.N(3)
	if sc.W > sc.H*1.4 {
		tiers = 1 + r.N(2)
	}
	top := sc.H * r.In(.14, .3)
	n := 2 + r.N(3)
	if sc.W > sc.H*1.3 {
		n += 2
	}
	each := (floor - top) / float64(tiers)
	step := sc.W * r.In(.0, .12)
	dir := r.In(-1, 1)
	for t := range tiers {
		k := float64(tiers - 1 - t)
		y1 := floor - each*k
		tone := canvas.Mix(wall, skyB, .16*k)
		inset := step * k
		x0, x1 := -2+inset*math.Max(0, dir)*1.5, sc.W+2-inset*math.Max(0, -dir)*1.5
		sc.arches(x0, x1, y1-each, y1, n, tone, t)
	}
	ground := canvas.Mix(wall.Lift(.12), canvas.OK(.9, .04, 75), .35)
	sc.stairs(floor, ground)
}

// arches is one storey: a lit wall, openings with a depth that the sun reaches on one side.
func (sc *scene) arches(x0, x1, y0, y1 float64, n int, wall canvas.Lab, tier int) {
	shade := canvas.Mix(wall.Lift(-.20), canvas.OK(.4, .08, 290), .22)
	dark := canvas.Mix(shade.Lift(-.16), canvas.OK(.25, .06, 280), .3)
	rowH := y1 - y0
	lit := canvas.NewRamp(wall.Lift(.05), wall, wall.Lift(-.03))
	sc.C.FillFunc((&canvas.Path{}).Rect(x0, y0, x1-x0, rowH), func(x, y float64) (canvas.RGB, float64) {
		return lit.At((y-y0)/rowH*.6 + x/sc.W*.4), 1
	})
	sc.C.Fill((&canvas.Path{}).Rect(x0, y0, x1-x0, rowH*.025), wall.Lift(.10), 1)
	sc.C.Fill((&canvas.Path{}).Rect(x0, y0+rowH*.025, x1-x0, rowH*.018), shade, .8)
	bay := (x1 - x0) / float64(n)
	see := canvas.Hash(tier, 1, sc.Seed) > .45
	for i := range n {
		cx := x0 + bay*(float64(i)+.5)
		half := math.Min(bay*.33, rowH*.36)
		spring := y0 + rowH*.2 + half
		open := archPath(cx, spring, half, y1)
		sc.C.Fill(open, shade, 1)
		shift := half * .34
		inner := archPath(cx+shift, spring+half*.05, half, y1).ClipTo(cx-half, y0, 2*half, rowH)
		inside := dark
		if see {
			inside = canvas.Mix(sc.Pal.Ground, canvas.OK(.9, .04, 80), .35)
		}
		grad := canvas.NewRamp(inside.Lift(-.05), inside, canvas.Mix(inside, wall, .35))
		clipped := inner
		sc.C.FillFunc(clipped, func(x, y float64) (canvas.RGB, float64) {
			in := math.Hypot(x-cx, math.Min(0, y-spring))
			if in > half {
				return grad.At(0), 0
			}
			return grad.At((y - spring + half) / (y1 - spring + half)), 1
		})
		if !see {
			w := half * .8
			sc.C.Fill((&canvas.Path{}).Poly(cx-half*.2, y1, cx+half*.6, y1, cx+half*.6+w*.2, y1-rowH*.10, cx+half*.1, y1-rowH*.10).ClipTo(cx-half, y0, 2*half, rowH), wall, .9)
		}
	}
}

func archPath(cx, spring, half, foot float64) *canvas.Path {
	s := canvas.Arc(cx, spring, half, -math.Pi, 0)
	s = append(s, canvas.Point{X: cx + half, Y: foot}, canvas.Point{X: cx - half, Y: foot})
	return (&canvas.Path{}).Outline(s)
}

// stairs runs steps across the foot, with the wall's shadow and one round stone.
func (sc *scene) stairs(floor float64, ground canvas.Lab) {
	r := sc.R
	n := 4 + r.N(4)
	for i := range n {
		t := float64(i) / float64(n)
		y := floor + (sc.H-floor)*math.Pow(t, 1.25)
		next := floor + (sc.H-floor)*math.Pow(t+1/float64(n), 1.25)
		sc.C.Fill((&canvas.Path{}).Rect(0, y, sc.W, next-y+1), ground.Lift(-.02*float64(i%2)), 1)
		sc.C.Fill((&canvas.Path{}).Rect(0, y+(next-y)*.46, sc.W, (next-y)*.54+1), canvas.Mix(ground.Lift(-.16), canvas.OK(.4, .08, 290), .15), 1)
	}
	rad := sc.Short() * r.In(.04, .075)
	cx := sc.W * r.In(.2, .8)
	cy := floor + rad*.1
	sc.C.Fill((&canvas.Path{}).Ellipse(cx+rad*1.1, cy+rad*.72, rad*1.5, rad*.28, 0), canvas.OK(.3, .06, 290), .4)
	c := sc.Strong(ground)[min(1, len(sc.Strong(ground))-1)]
	ball := canvas.NewRamp(canvas.Mix(c.Lift(-.25), canvas.OK(.3, .06, 290), .3), c, c.Lift(.12))
	sc.C.FillFunc((&canvas.Path{}).Circle(cx, cy, rad), func(x, y float64) (canvas.RGB, float64) {
		return ball.At(.55 - ((x-cx)*.6+(y-cy)*.7)/rad*.6), 1
	})
}
