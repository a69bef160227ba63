package art

import (
	"math"

	"vitrine/app/demo/art/canvas"
	"vitrine/app/demo/art/stage"
)

// terrazzo: chips of stone in a ground, large ones first, small ones in between.
func terrazzo(sc *scene) {
	r := sc.R
	unit := math.Sqrt(sc.W * sc.H)
	inks := sc.Strong(sc.Pal.Ground)
	type chip struct{ x, y, r float64 }
	var all []chip
	cell := unit * .05
	near := map[[2]int][]chip{}
	for i := range 5200 {
		t := float64(i) / 5200
		rad := unit * (.034*math.Pow(1-t, 5) + .0032 + .006*r.F()*r.F())
		c := chip{r.In(-.02, 1.02) * sc.W, r.In(-.02, 1.02) * sc.H, rad}
		ci, cj := int(c.x/cell), int(c.y/cell)
		free := true
		for dj := -1; dj <= 1 && free; dj++ {
			for di := -1; di <= 1 && free; di++ {
				for _, o := range near[[2]int{ci + di, cj + dj}] {
					if math.Hypot(o.x-c.x, o.y-c.y) < (o.r+c.r)*1.02 {
						free = false
						break
					}
				}
			}
		}
		if free {
			near[[2]int{ci, cj}] = append(near[[2]int{ci, cj}], c)
			all = append(all, c)
		}
	}
	for i, c := range all {
		n := 5 + r.N(4)
		var pts []canvas.Point
		sx, turn := r.In(.7, 1.1), r.F()*canvas.Tau
		for q := range n {
			a := (float64(q) + r.In(-.32, .32)) / float64(n) * canvas.Tau
			d := c.r * r.In(.74, 1.14)
			px, py := math.Cos(a)*d*sx, math.Sin(a)*d
			s, k := math.Sincos(turn)
			pts = append(pts, canvas.Point{X: c.x + px*k - py*s, Y: c.y + px*s + py*k})
		}
		ink := inks[int(math.Pow(canvas.Hash(i, 1, sc.Seed), 1.2)*float64(len(inks)))]
		p := (&canvas.Path{}).Outline(pts)
		sc.C.Fill(p, ink.Lift((canvas.Hash(i, 2, sc.Seed)-.5)*.06), 1)
		if c.r > unit*.012 {
			vein := (&canvas.Path{}).Outline(shrink(pts, c.x+c.r*r.In(-.3, .3), c.y+c.r*r.In(-.3, .3), r.In(.35, .6)))
			sc.C.Fill(vein, ink.Lift(.045), .8)
		}
	}
}

// shrink pulls points towards a centre.
func shrink(pts []canvas.Point, x, y, k float64) []canvas.Point {
	out := make([]canvas.Point, len(pts))
	for i, p := range pts {
		out[i] = canvas.Point{X: x + (p.X-x)*k, Y: y + (p.Y-y)*k}
	}
	return out
}

// quilt: blocks of triangles, pieced into stars, with rows of stitches.
func quilt(sc *scene) {
	r := sc.R
	inks := sc.Strong(sc.Pal.Ground)
	block := r.N(4)
	n := float64(3 + r.N(3))
	sc.grid(n, func(i, j int, x, y, u float64) {
		c1, c2 := inks[(i+2*j)%len(inks)], inks[(i*2+j+1)%len(inks)]
		if stage.Apart(c1, c2) < .14 {
			c2 = sc.Contrast(c1)
		}
		bg := sc.Pal.Ground
		if (i+j)%2 == 1 && block != 3 {
			bg = canvas.Mix(sc.Pal.Ground, sc.Pal.Ink, .07)
		}
		sc.C.Fill((&canvas.Path{}).Rect(x, y, u, u), bg, 1)
		sc.quiltBlock(block, x, y, u, c1, c2)
		sc.stitches(x, y, u)
	})
	cloth := canvas.NewField(int(sc.W), int(sc.H), 2*sc.S, func(x, y float64) float64 {
		return canvas.Noise(x/(5*sc.S), y/(1.6*sc.S), sc.Seed) + canvas.Noise(x/(1.6*sc.S), y/(5*sc.S), sc.Seed+1) + .7*canvas.Noise(x/(90*sc.S), y/(90*sc.S), sc.Seed+2)
	})
	sc.C.Reshade(func(x, y float64, c canvas.RGB) canvas.RGB { return c.Times(1 + .055*cloth.At(x, y)) })
}

// quiltBlock pieces one block on a grid of four by four.
func (sc *scene) quiltBlock(kind int, x, y, u float64, c1, c2 canvas.Lab) {
	q := u / 4
	tri := func(c canvas.Lab, pts ...float64) {
		var p canvas.Path
		for i := 0; i+1 < len(pts); i += 2 {
			pts[i], pts[i+1] = x+pts[i]*q, y+pts[i+1]*q
		}
		sc.C.Fill(p.Poly(pts...), c, 1)
	}
	switch kind {
	case 0: // a star
		tri(c1, 1, 1, 3, 1, 3, 3, 1, 3)
		tri(c2, 1, 1, 2, 0, 2, 1)
		tri(c2, 2, 0, 3, 1, 2, 1)
		for k := range 4 {
			p := (&canvas.Path{}).Poly(x+q, y+q, x+q*1, y, x+q*2, y+q)
			p.Add((&canvas.Path{}).Poly(x+q*3, y, x+q*3, y+q, x+q*2, y+q))
			sc.C.Fill(p.Turn(x+u/2, y+u/2, float64(k)*math.Pi/2), c2, 1)
		}
		tri(sc.Pal.Ground, 2, 1.4, 2.6, 2, 2, 2.6, 1.4, 2)
	case 1: // flying geese
		for k := range 4 {
			f := float64(k)
			tri(c1, 0, f+1, 2, f, 4, f+1)
			tri(c2, 1, f+1, 2, f+.5, 3, f+1)
		}
	case 2: // a pinwheel
		for k := range 4 {
			p := (&canvas.Path{}).Poly(x+2*q, y+2*q, x+2*q, y, x+4*q, y)
			sc.C.Fill(p.Turn(x+u/2, y+u/2, float64(k)*math.Pi/2), c1, 1)
			p = (&canvas.Path{}).Poly(x+2*q, y, x+2*q, y+q, x+q, y)
			sc.C.Fill(p.Turn(x+u/2, y+u/2, float64(k)*math.Pi/2), c2, 1)
		}
	default: // a log cabin
		cs := []canvas.Lab{c1, c2, sc.Pal.Ground, sc.Pal.Ink}
		lo, hi := 0., 4.
		for k := range 4 {
			a, b := cs[k%2], canvas.Mix(cs[(k+1)%2], sc.Pal.Ground, .45)
			tri(a, lo, lo, hi, lo, hi, lo+.5, lo, lo+.5)
			tri(a, lo, lo, lo+.5, lo, lo+.5, hi, lo, hi)
			tri(b, lo+.5, hi-.5, hi, hi-.5, hi, hi, lo+.5, hi)
			tri(b, hi-.5, lo+.5, hi, lo+.5, hi, hi, hi-.5, hi)
			lo, hi = lo+.5, hi-.5
		}
		tri(sc.Colour(0), 1.75, 1.75, 2.25, 1.75, 2.25, 2.25, 1.75, 2.25)
	}
}

// stitches sews dashes around a block.
func (sc *scene) stitches(x, y, u float64) {
	var p canvas.Path
	dash := u / 28
	for k := range 28 {
		if k%2 == 0 {
			d := float64(k) * dash
			p.Rect(x+d, y+u*.018, dash*.9, u*.006)
			p.Rect(x+u*.018, y+d, u*.006, dash*.9)
		}
	}
	sc.C.Fill(&p, canvas.Mix(sc.Pal.Ink, sc.Pal.Ground, .3), .55)
}

// scales: overlapping fans in rows, each of rings.
func scales(sc *scene) {
	r := sc.R
	inks := sc.Strong(sc.Pal.Ground)
	n := float64(4 + r.N(5))
	u := sc.Short() / n
	rings := 3 + r.N(3)
	drift := r.In(.4, 1.4)
	rows := int(sc.H/(u*.5)) + 4
	cols := int(sc.W/u) + 3
	for j := range rows {
		y := float64(j)*u*.5 - u*.2
		for i := range cols {
			x := float64(i)*u + float64(j%2)*u*.5 - u*.5
			k := canvas.Noise(float64(i)*.23*drift, float64(j)*.13*drift, sc.Seed)
			c := inks[int(canvas.Clamp((k+.75)/1.5, 0, .999)*float64(len(inks)))]
			other := sc.Pal.Ground
			if stage.Apart(c, other) < .15 {
				other = sc.Pal.Ink
			}
			for q := range rings {
				rad := u * .5 * (1 - float64(q)/float64(rings))
				cc := c
				if q%2 == 1 {
					cc = other
				}
				sc.Disc(x, y, rad, cc)
			}
		}
	}
}
