package art

import (
	"math"

	"vitrine/app/demo/art/canvas"
	"vitrine/app/demo/art/stage"
)

// halftone: one great ball built of dots, its light to one side, a word across.
func halftone(sc *scene) {
	r := sc.R
	inks := sc.Strong(sc.Pal.Ground)
	accent, ink := inks[0], sc.Contrast(sc.Pal.Ground)
	rad := sc.Short() * r.In(.36, .42)
	cx, cy := sc.W*r.In(.46, .56), sc.H*r.In(.38, .46)
	if sc.W > sc.H*1.3 {
		cx, cy = sc.W*.68, sc.H*.5
	}
	step := rad / r.In(13, 22)
	turn := r.In(.2, 1.2)
	sn, cs := math.Sincos(turn)
	la := r.In(-2.8, -.4)
	n := int(rad/step) + 3
	var dots canvas.Path
	for j := -n; j <= n; j++ {
		for i := -n; i <= n; i++ {
			px, py := (float64(i)*cs-float64(j)*sn)*step, (float64(i)*sn+float64(j)*cs)*step
			d := math.Hypot(px, py) / rad
			if d > 1.1 {
				continue
			}
			z := math.Sqrt(math.Max(0, 1-d*d))
			light := (px*math.Cos(la)+py*math.Sin(la))/rad*.72 + z*.5
			size := step * .74 * math.Sqrt(canvas.Clamp(.86-light*1.0, .012, 1))
			dots.Circle(cx+px, cy+py, size)
		}
	}
	second := inks[1%len(inks)]
	if r.Odds(.6) {
		sc.Disc(cx+rad*.33*math.Cos(la), cy+rad*.33*math.Sin(la), rad*r.In(.5, 1.0), second)
	}
	ball, edge := canvas.NewMask(sc.C.W, sc.C.H), canvas.NewMask(sc.C.W, sc.C.H)
	ball.Fill(&dots, 1)
	edge.Fill((&canvas.Path{}).Circle(cx, cy, rad), 1)
	for i, v := range edge.V {
		ball.V[i] *= v
	}
	sc.C.Stain(ball, accent.RGB(), 1)
	m := sc.Short() * .075
	word := stage.Pick(r, []string{"MOON, MOON", "FULL", "TIDE", "ORBIT", "NIGHT SHIFT", "GRAVITY", "ECLIPSE", "SLOW LIGHT"})
	t := canvas.Type{Weight: r.In(.1, .26)}.Fit(word, sc.W-2*m)
	t.Size = math.Min(t.Size, sc.H*.13)
	if sc.W > sc.H*1.3 {
		t = t.Fit(word, sc.W*.34)
	}
	sc.Text(word, m, sc.H-m-t.Size, t, ink)
	small := canvas.Type{Size: sc.Short() * .018, Weight: .16, Track: .16}
	sc.Text(stage.Pick(r, placeLines), m, m, small, ink)
	date := stage.Pick(r, dateLines)
	if w := small.Width(date); w < sc.W*.5 {
		sc.Text(date, sc.W-m-w, m, small, ink)
	}
}

// numeral: one figure, so large that the sheet cuts it, in parallel lines.
func numeral(sc *scene) {
	r := sc.R
	inks := sc.Strong(sc.Pal.Ground)
	m := sc.Short() * .07
	digits := []string{"2", "3", "5", "6", "8", "9", "0"}
	d := stage.Pick(r, digits)
	size := math.Max(sc.H*1.02, sc.Short()*1.25)
	if sc.W > sc.H*1.3 {
		d += stage.Pick(r, digits)
		size = sc.H * 1.1
	}
	weight := r.In(.30, .36)
	t := canvas.Type{Size: size, Weight: weight}
	w := t.Width(d)
	x, y := (sc.W-w)*.5+sc.W*r.In(-.08, .08), (sc.H-size)*.42
	lines := 4 + r.N(4)
	for i := range lines {
		k := 1 - float64(i)/float64(lines)
		c := sc.Pal.Ground
		if i%2 == 0 {
			c = inks[(i/2)%len(inks)]
		}
		sc.C.Fill(t.Inline(d, x, y, weight*k), c, 1)
	}
	small := canvas.Type{Size: sc.Short() * .02, Weight: .16, Track: .16}
	ink := sc.Contrast(sc.Pal.Ground)
	label := stage.Pick(r, []string{"EDITION OF SIXTY", "ISSUE", "RUNNING ORDER", "ROOM", "YEARBOOK", "TRACK"})
	pad := small.Size
	lw := small.Width(label)
	sc.C.Fill((&canvas.Path{}).Rect(m, sc.H-m-small.Size-2*pad, lw+2*pad, small.Size+2*pad), sc.Pal.Ground, 1)
	sc.Text(label, m+pad, sc.H-m-small.Size-pad, small, ink)
}

// shapes: a composition of bars, discs and quarter circles with a balance of its own.
func shapes(sc *scene) {
	r := sc.R
	inks := sc.Strong(sc.Pal.Ground)
	u := sc.Short() / 8
	cols, rows := int(sc.W/u+.5), int(sc.H/u+.5)
	ux, uy := sc.W/float64(max(1, cols)), sc.H/float64(max(1, rows))
	at := func(i, j float64) (float64, float64) { return i * ux, j * uy }
	cx, cy := at(float64(cols)*r.In(.36, .64), float64(rows)*r.In(.3, .5))
	big := sc.Short() * r.In(.27, .34)
	sc.Disc(cx, cy, big, inks[0])
	a := float64(r.N(4)) * math.Pi / 2
	sc.C.Fill((&canvas.Path{}).Sector(cx, cy, 0, big, a, a+math.Pi), inks[1%len(inks)], 1)
	bx, by := at(float64(r.N(max(1, cols/2))), float64(rows)*.62)
	bw := ux * float64(3+r.N(3))
	sc.C.Fill((&canvas.Path{}).Rect(bx, by, bw, uy*1.5), inks[2%len(inks)], 1)
	sc.C.Fill((&canvas.Path{}).Sector(bx+bw, by+uy*1.5, 0, uy*1.5, -math.Pi/2, 0), inks[3%len(inks)], 1)
	for i := range 5 + r.N(4) {
		x, y := at(float64(1+r.N(max(1, cols-2))), float64(1+r.N(max(1, rows-2))))
		c := inks[(i+2)%len(inks)]
		switch r.N(5) {
		case 0:
			sc.Disc(x, y, ux*r.In(.2, .5), c)
		case 1:
			q := float64(r.N(4)) * math.Pi / 2
			sc.C.Fill((&canvas.Path{}).Sector(x, y, 0, ux*1.5, q, q+math.Pi/2), c, 1)
		case 2:
			for k := range 6 {
				sc.Line(x, y+float64(k)*uy*.22, x+ux*2, y+float64(k)*uy*.22, uy*.06, c, 1)
			}
		case 3:
			sc.C.Fill((&canvas.Path{}).Ring(x, y, ux*.62, ux*.86), c, 1)
		default:
			var p canvas.Path
			for k := range 16 {
				p.Circle(x+float64(k%4)*ux*.3, y+float64(k/4)*uy*.3, ux*.065)
			}
			sc.C.Fill(&p, c, 1)
		}
	}
	l := sc.Long() * r.In(.5, .9)
	ang := r.In(-.9, -.5)
	lx, ly := sc.W*r.In(.1, .4), sc.H*r.In(.7, .95)
	sc.Line(lx, ly, lx+l*math.Cos(ang), ly+l*math.Sin(ang), sc.Short()*.012, sc.Contrast(sc.Pal.Ground), 1)
}
