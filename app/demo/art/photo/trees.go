package photo

import (
	"math"

	"vitrine/app/demo/art/canvas"
	"vitrine/app/demo/art/stage"
)

// snowTrees stands bare trees and a fence on a terrain, each with its shadow on the snow.
func (sc *picture) snowTrees(t terrain, side float64, blue canvas.Lab) {
	ink := canvas.Mix(sc.Mood.Near, canvas.OK(.3, .02, 40), .4)
	haze := canvas.Mix(sc.Mood.Low, canvas.OK(.93, .01, 240), .4)
	ground := func(x, z float64) (px, py, unit float64) {
		return sc.W/2 + x/z*t.focal, t.horizon + (t.eye-t.height(x, z))/z*t.focal, t.focal / z
	}
	fx := sc.R.In(-.6, .6)
	for i := 13; i >= 0; i-- {
		z := 2.2 + float64(i)*.62
		x := fx*2 + float64(i-6)*.32*side
		px, py, u := ground(x, z)
		far := canvas.Smooth(2, 14, z)
		c := canvas.Mix(ink, haze, far*.6)
		sc.C.Fill((&canvas.Path{}).Poly(px, py, px+u*.02, py, px+u*.42*side, py+u*.045, px+u*.39*side, py+u*.05), blue.Lift(-.07), .55)
		sc.C.Fill((&canvas.Path{}).Rect(px-u*.014, py-u*.2, u*.028, u*.215), c, 1)
	}
	n := 1 + sc.R.N(4)
	for i := n; i > 0; i-- {
		z := sc.R.In(4, 6) + float64(i)*3.6
		x := sc.R.In(-.42, .42) * sc.W / t.focal * z
		px, py, u := ground(x, z)
		c := canvas.Mix(ink, haze, canvas.Smooth(4, 26, z)*.75)
		size := u * sc.R.In(1.5, 2.1)
		var shadow, tree canvas.Path
		sc.branch(&tree, px, py+u*.03, -math.Pi/2, size*.32, size*.045, 8, uint64(i))
		sc.branch(&shadow, 0, 0, -math.Pi/2, size*.32, size*.05, 6, uint64(i))
		shadow.Map(func(q canvas.Point) canvas.Point {
			return canvas.Point{X: px + q.X*.8 - q.Y*side*.9, Y: py + u*.02 - q.Y*.13 + q.X*.04}
		})
		sc.C.Fill(&shadow, blue.Lift(-.08), .42)
		sc.C.Fill(&tree, c, 1)
	}
}

// branch grows a bare tree: a tapered limb that forks until it is thin. The shape hangs on the salt alone, so a shadow can match.
func (sc *picture) branch(p *canvas.Path, x, y, angle, length, width float64, depth int, salt uint64) {
	r := canvas.NewRand(uint64(sc.Seed)*31 + salt)
	grow(p, r, x, y, angle, length, width, depth)
}

func grow(p *canvas.Path, r *canvas.Rand, x, y, angle, length, width float64, depth int) {
	bend := r.In(-.22, .22)
	forks := 2 + r.N(2)
	seeds := [3]uint64{r.Next(), r.Next(), r.Next()}
	if depth == 0 || length < .6 {
		return
	}
	var pts []canvas.Point
	px, py, a := x, y, angle
	for range 5 {
		pts = append(pts, canvas.Point{X: px, Y: py})
		px, py = px+math.Cos(a)*length/4, py+math.Sin(a)*length/4
		a += bend / 4
	}
	p.Tapered(pts, func(t float64) float64 { return math.Max(.35, width*(1-.42*t)) })
	tip := pts[len(pts)-1]
	for i := range forks {
		q := canvas.NewRand(seeds[i])
		spread := q.In(.18, .62)
		if i%2 == 1 {
			spread = -spread
		}
		if i == 2 {
			spread = q.In(-.12, .12)
		}
		up := (-math.Pi/2 - a) * .07
		grow(p, q, tip.X, tip.Y, a+spread+up, length*q.In(.66, .84), width*.58, depth-1)
	}
}

// FogForest draws firs in rows, the near ones dark, the far ones hardly there.
func FogForest(s *stage.Scene) {
	sc := &picture{s}
	m := sc.Mood
	fog := canvas.Mix(m.Low, canvas.Mix(m.Mid, m.Far, .5), .35)
	warm := canvas.Mix(fog, m.Sun, .55)
	sx, sy := sc.W*sc.R.In(.25, .75), sc.H*sc.R.In(.12, .4)
	glow := sc.Long() * sc.R.In(.25, .45)
	back, lit := canvas.NewRamp(canvas.Mix(fog, m.Top, .42), canvas.Mix(fog, m.Top, .12), fog), warm.RGB()
	sc.C.Shade(func(x, y float64) canvas.RGB {
		return back.At(y/sc.H*1.3).Mix(lit, canvas.Bell(math.Hypot(x-sx, y-sy)/glow)*.9)
	})
	layers := 6
	for i := range layers {
		t := float64(i) / float64(layers-1)
		sc.firs(t, fog)
		sc.mist(t, fog.RGB(), sx, lit)
	}
}

// firs draws one row of trees; t goes from 0 far to 1 near.
func (sc *picture) firs(t float64, fog canvas.Lab) {
	base := sc.H * (.52 + .60*t*t + .04*t)
	tall := math.Min(sc.H, sc.W*1.1) * (.15 + .62*math.Pow(t, 1.5))
	gap := tall * (.13 + .12*t)
	c := canvas.Mix(canvas.Mix(fog, sc.Mood.Far.Lift(-.1), .5), sc.Mood.Near, math.Pow(t, .85)*.97)
	ground := func(x float64) float64 {
		return base + canvas.Fbm(x/sc.W*2.4+t*7, t*9, 3, sc.Seed)*sc.H*(.10+.05*t)
	}
	var p canvas.Path
	for x := -gap * sc.R.F(); x < sc.W+gap; x += gap * sc.R.In(.3, 1.4) {
		if t > .55 && canvas.Noise(x/sc.W*2.2, 5+t*3, sc.Seed+3) > .30-.25*t {
			continue
		}
		young := 1.0
		if sc.R.Odds(.22) {
			young = sc.R.In(.3, .6)
		}
		sc.fir(&p, x, ground(x)+tall*.04, tall*sc.R.In(.7, 1.2)*young)
	}
	hill := []canvas.Point{{X: -9, Y: sc.H + 9}}
	for i := range 41 {
		x := -9 + (sc.W+18)*float64(i)/40
		hill = append(hill, canvas.Point{X: x, Y: ground(x)})
	}
	hill = append(hill, canvas.Point{X: sc.W + 9, Y: sc.H + 9})
	p.Outline(hill)
	sc.C.Fill(&p, c, .97)
}

// fir is one tree of ragged, drooping boughs.
func (sc *picture) fir(p *canvas.Path, x, y, tall float64) {
	n := int(canvas.Clamp(tall/(6*sc.S), 9, 46))
	wide := tall * sc.R.In(.13, .18)
	lean := sc.R.In(-.012, .012) * tall
	drop := tall / float64(n)
	left := make([]canvas.Point, 0, 2*n)
	right := make([]canvas.Point, 0, 2*n)
	for i := range n {
		t := (float64(i) + 1) / float64(n)
		yy := y - tall*(1-t)*.96
		xx := x + lean*(1-t)
		reach := wide * math.Pow(t, .8) * (1 - .35*canvas.Smooth(.8, 1, t))
		a, b := sc.R.In(.45, 1.15), sc.R.In(.45, 1.15)
		left = append(left, canvas.Point{X: xx - reach*.36, Y: yy - drop*.5}, canvas.Point{X: xx - reach*a, Y: yy + drop*(.3+1.3*a)})
		right = append(right, canvas.Point{X: xx + reach*.36, Y: yy - drop*.5}, canvas.Point{X: xx + reach*b, Y: yy + drop*(.3+1.3*b)})
	}
	out := []canvas.Point{{X: x + lean, Y: y - tall}}
	out = append(out, right...)
	out = append(out, canvas.Point{X: x + tall*.012, Y: y + tall*.1}, canvas.Point{X: x - tall*.012, Y: y + tall*.1})
	for i := len(left) - 1; i >= 0; i-- {
		out = append(out, left[i])
	}
	p.Outline(out)
}

// mist lays a drifting sheet over what is drawn so far.
func (sc *picture) mist(t float64, fog canvas.RGB, sx float64, lit canvas.RGB) {
	if t > .95 {
		return
	}
	mid := sc.H * (.56 + .52*t*t + .08*t)
	drift := canvas.NewField(int(sc.W), int(sc.H), 6*sc.S+1, func(x, y float64) float64 {
		return canvas.Fbm(x/(sc.W*.4)+t*5, y/(sc.H*.16)+t*9, 3, sc.Seed+60)
	})
	sc.C.Reshade(func(x, y float64, c canvas.RGB) canvas.RGB {
		d := (y - mid) / (sc.H * .17)
		if d < -2.2 || d > 2.5 {
			return c
		}
		k := canvas.Bell(d*.85) * (.62 + .7*drift.At(x, y)) * (.85 - .35*t)
		return c.Mix(fog.Mix(lit, .5*canvas.Bell((x-sx)/(sc.W*.3))), canvas.Clamp(k, 0, .9))
	})
}
