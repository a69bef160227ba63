package art

import (
	"math"

	"vitrine/app/demo/art/canvas"
)

// halftone: one great ball built of dots, its light to one side, a word across.
func halftone(sc *scene) {
	r := sc.r
	inks := sc.strong(sc.pal.ground)
	accent, ink := inks[0], sc.contrast(sc.pal.ground)
	rad := sc.short() * r.In(.36, .42)
	cx, cy := sc.w*r.In(.46, .56), sc.h*r.In(.38, .46)
	if sc.w > sc.h*1.3 {
		cx, cy = sc.w*.68, sc.h*.5
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
			if d > .985 {
				continue
			}
			z := math.Sqrt(1 - d*d)
			light := (px*math.Cos(la)+py*math.Sin(la))/rad*.72 + z*.5
			size := step * .74 * math.Sqrt(canvas.Clamp(.86-light*1.0, .012, 1))
			dots.Circle(cx+px, cy+py, math.Min(size, rad*(1-d)+step*.1))
		}
	}
	second := inks[1%len(inks)]
	if r.Odds(.6) {
		sc.disc(cx+rad*.33*math.Cos(la), cy+rad*.33*math.Sin(la), rad*r.In(.5, 1.0), second)
	}
	sc.c.Fill(&dots, accent, 1)
	m := sc.short() * .075
	word := pickOne(r, []string{"MOON, MOON", "FULL", "TIDE", "ORBIT", "NIGHT SHIFT", "GRAVITY", "ECLIPSE", "SLOW LIGHT"})
	t := canvas.Type{Weight: r.In(.1, .26)}.Fit(word, sc.w-2*m)
	t.Size = math.Min(t.Size, sc.h*.13)
	if sc.w > sc.h*1.3 {
		t = t.Fit(word, sc.w*.34)
	}
	sc.text(word, m, sc.h-m-t.Size, t, ink)
	small := canvas.Type{Size: sc.short() * .018, Weight: .16, Track: .16}
	sc.text(pickOne(r, placeLines), m, m, small, ink)
	date := pickOne(r, dateLines)
	if w := small.Width(date); w < sc.w*.5 {
		sc.text(date, sc.w-m-w, m, small, ink)
	}
}

// numeral: one figure, so large that the sheet cuts it, in parallel lines.
func numeral(sc *scene) {
	r := sc.r
	inks := sc.strong(sc.pal.ground)
	m := sc.short() * .07
	digits := []string{"2", "3", "5", "6", "8", "9", "0", "S", "R", "G", "B"}
	d := pickOne(r, digits)
	size := math.Max(sc.h*1.02, sc.short()*1.25)
	if sc.w > sc.h*1.3 {
		d += pickOne(r, digits)
		size = sc.h * 1.1
	}
	weight := r.In(.30, .36)
	t := canvas.Type{Size: size, Weight: weight}
	w := t.Width(d)
	x, y := (sc.w-w)*.5+sc.w*r.In(-.08, .08), (sc.h-size)*.42
	lines := 4 + r.N(4)
	for i := range lines {
		k := 1 - float64(i)/float64(lines)
		c := sc.pal.ground
		if i%2 == 0 {
			c = inks[(i/2)%len(inks)]
		}
		sc.c.Fill(t.Inline(d, x, y, weight*k), c, 1)
	}
	small := canvas.Type{Size: sc.short() * .02, Weight: .16, Track: .16}
	ink := sc.contrast(sc.pal.ground)
	label := pickOne(r, []string{"EDITION OF SIXTY", "ISSUE", "RUNNING ORDER", "ROOM", "YEARBOOK", "TRACK"})
	pad := small.Size
	lw := small.Width(label)
	sc.c.Fill((&canvas.Path{}).Rect(m, sc.h-m-small.Size-2*pad, lw+2*pad, small.Size+2*pad), sc.pal.ground, 1)
	sc.text(label, m+pad, sc.h-m-small.Size-pad, small, ink)
}

// shapes: a composition of bars, discs and quarter circles with a balance of its own.
func shapes(sc *scene) {
	r := sc.r
	inks := sc.strong(sc.pal.ground)
	u := sc.short() / 8
	cols, rows := int(sc.w/u+.5), int(sc.h/u+.5)
	ux, uy := sc.w/float64(max(1, cols)), sc.h/float64(max(1, rows))
	at := func(i, j float64) (float64, float64) { return i * ux, j * uy }
	cx, cy := at(float64(cols)*r.In(.36, .64), float64(rows)*r.In(.3, .5))
	big := sc.short() * r.In(.27, .34)
	sc.disc(cx, cy, big, inks[0])
	a := float64(r.N(4)) * math.Pi / 2
	sc.c.Fill((&canvas.Path{}).Sector(cx, cy, 0, big, a, a+math.Pi), inks[1%len(inks)], 1)
	bx, by := at(float64(r.N(max(1, cols/2))), float64(rows)*.62)
	bw := ux * float64(3+r.N(3))
	sc.c.Fill((&canvas.Path{}).Rect(bx, by, bw, uy*1.5), inks[2%len(inks)], 1)
	sc.c.Fill((&canvas.Path{}).Sector(bx+bw, by+uy*1.5, 0, uy*1.5, -math.Pi/2, 0), inks[3%len(inks)], 1)
	for i := range 5 + r.N(4) {
		x, y := at(float64(1+r.N(max(1, cols-2))), float64(1+r.N(max(1, rows-2))))
		c := inks[(i+2)%len(inks)]
		switch r.N(5) {
		case 0:
			sc.disc(x, y, ux*r.In(.2, .5), c)
		case 1:
			q := float64(r.N(4)) * math.Pi / 2
			sc.c.Fill((&canvas.Path{}).Sector(x, y, 0, ux*1.5, q, q+math.Pi/2), c, 1)
		case 2:
			for k := range 6 {
				sc.line(x, y+float64(k)*uy*.22, x+ux*2, y+float64(k)*uy*.22, uy*.06, c, 1)
			}
		case 3:
			sc.c.Fill((&canvas.Path{}).Ring(x, y, ux*.62, ux*.86), c, 1)
		default:
			var p canvas.Path
			for k := range 16 {
				p.Circle(x+float64(k%4)*ux*.3, y+float64(k/4)*uy*.3, ux*.065)
			}
			sc.c.Fill(&p, c, 1)
		}
	}
	l := sc.long() * r.In(.5, .9)
	ang := r.In(-.9, -.5)
	lx, ly := sc.w*r.In(.1, .4), sc.h*r.In(.7, .95)
	sc.line(lx, ly, lx+l*math.Cos(ang), ly+l*math.Sin(ang), sc.short()*.012, sc.contrast(sc.pal.ground), 1)
}
