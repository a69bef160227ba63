package photo

import (
	"math"

	"vitrine/app/demo/art/canvas"
	"vitrine/app/demo/art/stage"
)

// Window draws evening light through a window on a wall, and the shadow of a plant, of blinds, or of nothing at all.
func Window(s *stage.Scene) {
	sc := &picture{s}
	r := sc.R
	walls := []float64{250, 30, 150, 95, 300, 200, 60}
	hue := walls[r.N(len(walls))]
	wallA, wallB := canvas.OK(r.In(.50, .62), .045, hue), canvas.OK(r.In(.36, .46), .045, hue+12)
	warm := canvas.NewRamp(canvas.OK(.93, .07, 88), canvas.OK(.87, .105, 70), canvas.OK(.76, .13, 52))
	floor := sc.H * r.In(.84, .93)
	k := 1 / math.Max(1, 3*sc.S)
	mw, mh := int(sc.W*k)+1, int(sc.H*k)+1
	light := sc.pane(mw, mh, k)
	texture := canvas.NewField(int(sc.W), int(sc.H), 2*sc.S, func(x, y float64) float64 {
		return canvas.Fbm(x/(26*sc.S), y/(26*sc.S), 4, sc.Seed+4)
	})
	wall := canvas.NewRamp(wallA, wallB)
	wood := canvas.NewRamp(canvas.OK(.34, .035, 45), canvas.OK(.20, .025, 35))
	sc.C.Shade(func(x, y float64) canvas.RGB {
		tex := texture.At(x, y)
		lx := x
		if y > floor {
			lx = x + (y-floor)*1.1
		}
		v := light.At(lx*k-.5, y*k-.5)
		glow := warm.At(y/sc.H + .08*tex)
		var c canvas.RGB
		switch {
		case y > floor:
			grain := canvas.Noise(x/(220*sc.S), y/(3.4*sc.S), sc.Seed+8)
			c = wood.At((y-floor)/(sc.H-floor)*.8 + grain*.22)
			v *= .5
		case y > floor-sc.H*.035:
			edge := canvas.Smooth(floor-sc.H*.035, floor-sc.H*.033, y)
			c = wall.At(y / sc.H).Times(1 + .35*edge - .5*canvas.Smooth(floor-2*sc.S, floor, y))
		default:
			c = wall.At(y/sc.H*.8 + .2*x/sc.W).Times(1 + tex*.10)
		}
		near := canvas.Bell((x-sc.W*.45)/(sc.W*.5)) * canvas.Bell((y-sc.H*.4)/(sc.H*.5))
		return c.Mix(glow, v*.93).Plus(glow, .02+.05*near)
	})
}

// pane builds the light's shape in a smaller mask: the window's bars in perspective, softer the farther it falls, minus what stands before it.
func (sc *picture) pane(w, h int, k float64) *canvas.Mask {
	r := sc.R
	m := canvas.NewMask(w, h)
	fw, fh := sc.W*k, sc.H*k
	size := math.Min(fw, fh) * r.In(.66, .8)
	cols, rows := 2+r.N(2), 2+r.N(3)
	wide, tall := size*(.55+.12*float64(cols)), size*(.6+.13*float64(rows))
	wide, tall = math.Min(wide, fw*.72), math.Min(tall, fh*.68)
	y0 := fh * r.In(.10, .18)
	lean, tilt := r.In(.12, .42), r.In(-.16, .16)
	if r.Odds(.5) {
		lean = -lean
	}
	span := wide
	if fw > fh*1.3 {
		wide *= .8
		span = wide * 2.25
	}
	x0 := (fw-span)/2 + lean*.1*tall + r.In(-.06, .06)*fw
	place := func(q canvas.Point) canvas.Point {
		return canvas.Point{X: x0 + q.X*wide - lean*(q.Y-.4)*tall, Y: y0 + q.Y*tall + tilt*(q.X-.5)*wide}
	}
	arched := r.Odds(.3)
	if arched {
		cols = 2
	}
	p := panes(cols, rows, arched)
	if fw > fh*1.3 {
		second := p.ClipTo(-9, -9, 99, 99)
		p.Add(second.Move(1.25, 0))
	}
	p.Map(place)
	m.Fill(p, 1)
	shade := canvas.NewMask(w, h)
	switch r.N(5) {
	case 0, 1, 3:
		sc.plantShadow(shade, place)
	case 2:
		var b canvas.Path
		n := 15 + r.N(10)
		open := r.In(.25, .5)
		for i := range n {
			y := float64(i) / float64(n)
			b.Poly(-.1, y, 1.1, y, 1.1, y+open/float64(n), -.1, y+open/float64(n))
		}
		shade.Fill(b.Map(place), .9)
	}
	shade.Blur(size * .006)
	m.Blur(size * .007)
	for i := range m.V {
		m.V[i] *= 1 - .88*shade.V[i]
	}
	return m
}

// panes is the glass of a window between 0 and 1, with a round top or without.
func panes(cols, rows int, arched bool) *canvas.Path {
	p := &canvas.Path{}
	for i := range cols {
		for j := range rows {
			const bar = .022
			a, b := float64(i)/float64(cols)+bar, float64(i+1)/float64(cols)-bar
			c, d := float64(j)/float64(rows)+bar, float64(j+1)/float64(rows)-bar
			p.Poly(a, c, b, c, b, d, a, d)
		}
	}
	if arched {
		p = p.ClipTo(0, .24, 1, 1)
		half := (&canvas.Path{}).Sector(.5, .24-.03, 0, .478, -math.Pi, 0)
		p.Add(half.ClipTo(-1, -1, 1.478, 3)).Add(half.ClipTo(.522, -1, 2, 3))
	}
	return p
}

// plantShadow lays fronds or leaves into the mask, rising from the sill.
func (sc *picture) plantShadow(m *canvas.Mask, place func(canvas.Point) canvas.Point) {
	r := sc.R
	cx := r.In(.25, .75)
	frond := r.Odds(.5)
	var p canvas.Path
	n := 7 + r.N(5)
	for i := range n {
		angle := -1.15 + 2.3*float64(i)/float64(n-1) + r.In(-.1, .1)
		length := r.In(.42, .72)
		var stem []canvas.Point
		for j := range 9 {
			t := float64(j) / 8
			a := angle * (.55 + .7*t)
			stem = append(stem, canvas.Point{X: cx + math.Sin(a)*length*t, Y: 1.02 - math.Cos(a)*length*t})
		}
		if !frond {
			p.Tapered(stem, func(t float64) float64 { return .10 * math.Sin(math.Pi*math.Pow(t, .8)) * canvas.Smooth(0, .2, t) })
			continue
		}
		p.Tapered(stem, func(t float64) float64 { return .009 * (1.2 - t) })
		for j := 2; j < 9; j++ {
			q, b := stem[j], stem[j-1]
			dir := math.Atan2(q.Y-b.Y, q.X-b.X)
			for _, s := range []float64{-1, 1} {
				a := dir + s*.85
				l := .17 * math.Sin(math.Pi*(float64(j)/9.5))
				leaf := []canvas.Point{q, {X: q.X + math.Cos(a)*l*.5, Y: q.Y + math.Sin(a)*l*.5}, {X: q.X + math.Cos(a+s*.1)*l, Y: q.Y + math.Sin(a+s*.1)*l}}
				p.Tapered(leaf, func(t float64) float64 { return .034 * math.Sin(math.Pi*(.12+.84*t)) })
			}
		}
	}
	m.Fill(p.Map(place), 1)
}

// Pool draws water over tiles, sunlight drawn into nets. It moves: the nets return after one loop.
func Pool(s *stage.Scene) {
	sc := &picture{s}
	r, k := sc.R, sc.Seed
	hues := []float64{238, 222, 205, 190}
	hue := hues[r.N(len(hues))]
	water := canvas.NewRamp(canvas.OK(.50, .115, hue+10), canvas.OK(.66, .11, hue), canvas.OK(.80, .085, hue-8))
	light := canvas.OK(.97, .035, hue-50).RGB()
	line := canvas.OK(.30, .07, hue+30).RGB()
	tile := sc.Short() * r.In(.055, .085)
	turn := r.In(-.5, .5)
	sn, cs := math.Sincos(turn)
	ps, pc := math.Sincos(sc.Phase * canvas.Tau)
	lane := r.In(2, 5)
	unit := 1 / (sc.Short() * .19)
	grid := 2 * sc.S
	wx := canvas.NewField(int(sc.W), int(sc.H), grid*3, func(x, y float64) float64 {
		return canvas.Noise(x*unit*.8+pc*.28, y*unit*.8+ps*.28, k+1) + .4*canvas.Noise(x*unit*2-ps*.3, y*unit*2+pc*.3, k+2)
	})
	wy := canvas.NewField(int(sc.W), int(sc.H), grid*3, func(x, y float64) float64 {
		return canvas.Noise(x*unit*.8-ps*.28, y*unit*.8+pc*.28, k+3) + .4*canvas.Noise(x*unit*2+pc*.3, y*unit*2-ps*.3, k+4)
	})
	net := canvas.NewField(int(sc.W), int(sc.H), 1.7*sc.S, func(x, y float64) float64 {
		qx, qy := x*unit+wx.At(x, y)*.62, y*unit+wy.At(x, y)*.62
		n1 := math.Max(0, 1-math.Abs(canvas.Noise(qx*1.35+pc*.2, qy*1.35-ps*.2, k+6))*1.9)
		n2 := math.Max(0, 1-math.Abs(canvas.Noise(qx*2.1-ps*.25+7, qy*2.1+pc*.25, k+7))*2.1)
		n1, n2 = n1*n1, n2*n2
		return n1*n1*.50 + n2*n2*.30 + n1*n2*.35
	})
	sc.C.Shade(func(x, y float64) canvas.RGB {
		a, b := wx.At(x, y), wy.At(x, y)
		px, py := x*cs-y*sn+a*tile*.34, x*sn+y*cs+b*tile*.34
		u, v := px/tile, py/tile
		fu, fv := math.Abs(u-math.Round(u)), math.Abs(v-math.Round(v))
		joint := canvas.Smooth(.045, .02, math.Min(fu, fv))
		own := canvas.Hash(int(math.Floor(u+.5)), int(math.Floor(v+.5)), k) - .5
		c := water.At(.42 + .26*y/sc.H + own*.12 + .10*a)
		c = c.Times(1 - .26*joint)
		if d := math.Abs(math.Mod(u+400.5, 13) - lane); d < 1 {
			c = c.Mix(line, .82*canvas.Smooth(1, .96, d))
		}
		return c.Plus(light, net.At(x, y)*.58).Times(.94 + .12*a)
	})
	sc.C.Bloom(.8, 16*sc.S, .25)
}
