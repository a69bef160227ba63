package art

import (
	"math"

	"vitrine/app/demo/art/canvas"
	"vitrine/app/demo/art/stage"
)

// grid divides the sheet into square cells, about n along the shorter side, and calls f for each.
func (sc *scene) grid(n float64, f func(i, j int, x, y, u float64)) {
	u := sc.Short() / n
	cols, rows := int(math.Ceil(sc.W/u-.01)), int(math.Ceil(sc.H/u-.01))
	ox, oy := (sc.W-float64(cols)*u)/2, (sc.H-float64(rows)*u)/2
	for j := range rows {
		for i := range cols {
			f(i, j, ox+float64(i)*u, oy+float64(j)*u, u)
		}
	}
}

// tiles: square tiles of quarter circles, rings and triangles.
func tiles(sc *scene) {
	cs := append([]canvas.Lab{sc.Pal.Ground, sc.Pal.Ink}, sc.Pal.Colours...)
	calm := sc.R.Odds(.4)
	sc.grid(float64(6+sc.R.N(6)), func(i, j int, x, y, u float64) {
		hi, hj := i, j
		if calm {
			hi, hj = i%3, j%3
		}
		pick := func(s int, not ...canvas.Lab) canvas.Lab {
			for k := range 12 {
				c := cs[int(canvas.Hash(hi, hj, sc.Seed+s+k*29)*float64(len(cs)))]
				fine := true
				for _, o := range not {
					fine = fine && stage.Apart(c, o) > .14
				}
				if fine {
					return c
				}
			}
			return cs[0]
		}
		bg := pick(1)
		a := pick(2, bg)
		b := pick(3, bg, a)
		sc.C.Fill((&canvas.Path{}).Rect(x, y, u, u), bg, 1)
		q := int(canvas.Hash(hi, hj, sc.Seed+5) * 4)
		turn := func(p *canvas.Path) *canvas.Path { return p.Turn(x+u/2, y+u/2, float64(q)*math.Pi/2) }
		half := math.Pi / 2
		switch int(canvas.Hash(hi, hj, sc.Seed+4) * 7) {
		case 0:
			sc.C.Fill(turn((&canvas.Path{}).Sector(x, y, 0, u, 0, half)), a, 1)
			sc.C.Fill(turn((&canvas.Path{}).Sector(x, y, 0, u/2, 0, half)), b, 1)
		case 1:
			sc.C.Fill(turn((&canvas.Path{}).Sector(x, y, 0, u, 0, half)), a, 1)
		case 2:
			sc.Disc(x+u/2, y+u/2, u/2, a)
			sc.Disc(x+u/2, y+u/2, u/4.4, bg)
		case 3:
			sc.C.Fill(turn((&canvas.Path{}).Sector(x, y, 0, u/2, 0, half).Sector(x+u, y+u, 0, u/2, math.Pi, math.Pi+half)), a, 1)
		case 4:
			sc.C.Fill(turn((&canvas.Path{}).Poly(x, y, x+u, y, x, y+u)), a, 1)
		case 5:
			sc.C.Fill(turn((&canvas.Path{}).Sector(x+u/2, y, 0, u/2, 0, math.Pi)), a, 1)
			sc.C.Fill(turn((&canvas.Path{}).Sector(x+u/2, y+u/2, 0, u/2, 0, math.Pi)), b, 1)
		default:
			sc.C.Fill(turn((&canvas.Path{}).Sector(x, y, 0, u, 0, half).Sector(x+u, y+u, 0, u, math.Pi, math.Pi+half)), a, 1)
			sc.C.Fill(lens(x, y, u, q%2 == 1), b, 1)
		}
	})
}

// lens is the leaf where two quarter circles of a tile overlap.
func lens(x, y, u float64, turned bool) *canvas.Path {
	s := canvas.Arc(x, y, u, 0, math.Pi/2)
	s = append(s, canvas.Arc(x+u, y+u, u, math.Pi, math.Pi*1.5)...)
	p := (&canvas.Path{}).Outline(s)
	if turned {
		p.Turn(x+u/2, y+u/2, math.Pi/2)
	}
	return p
}

// weave: threads over and under, in the order of a loom.
func weave(sc *scene) {
	r := sc.R
	u := sc.Short() / float64(26+r.N(22))
	cs := append([]canvas.Lab{sc.Pal.Ground}, sc.Pal.Colours...)
	warp, weft := stripes(r, len(cs)), stripes(r, len(cs))
	kind, dark := r.N(4), sc.Pal.Ink
	if dark.L > .5 {
		dark = canvas.OK(.16, .02, 40)
	}
	turn := 4 + 4*r.N(4)
	over := func(i, j int) bool {
		switch kind {
		case 0:
			return (i+j)%4 < 2
		case 1:
			if (j/turn)%2 == 1 {
				return ((i-j)%4+4)%4 < 2
			}
			return (i+j)%4 < 2
		case 2:
			return (i+j)%2 == 0
		}
		d := i%(2*turn) - turn
		return (max(d, -d)+j)%4 < 2
	}
	shadow := dark.RGB()
	luts := make([]canvas.RGB, len(cs))
	for i, c := range cs {
		luts[i] = c.RGB()
	}
	sc.C.Shade(func(x, y float64) canvas.RGB {
		i, j := int(x/u), int(y/u)
		a, b := x/u-float64(i)-.5, y/u-float64(j)-.5
		k := warp[i%len(warp)]
		id := i
		along, across := b, a
		if !over(i, j) {
			k, id, along, across = weft[j%len(weft)], j+7919, a, b
		}
		tone := (canvas.Hash(i, j, sc.Seed)-.5)*.10 + (canvas.Hash(id, 1, sc.Seed)-.5)*.12
		fibre := canvas.Noise(along*3+float64(id)*3.7, across*16+float64(i+j), sc.Seed+2) * .10
		round := 1 - across*across*2.6
		bow := 1 - along*along*1.1
		light := .58 + .46*round*bow + .10*(-across-along*.4) + tone + fibre
		edge := canvas.Smooth(.5, .41, math.Abs(across)) * canvas.Smooth(.56, .46, math.Abs(along))
		return shadow.Mix(luts[k].Times(math.Max(.1, light)), .30+.70*edge)
	})
}

// stripes is the order of a loom's threads: runs of one colour, some narrow, some wide.
func stripes(r *canvas.Rand, colours int) []int {
	var out []int
	for len(out) < 26 {
		c := r.N(colours)
		for range stage.Pick(r, []int{1, 2, 2, 4, 4, 8}) {
			out = append(out, c)
		}
	}
	for i := len(out) - 1; i >= 0; i-- {
		out = append(out, out[i])
	}
	return out
}

// truchet: one tile, two turns, and the eye follows endless roads.
func truchet(sc *scene) {
	r := sc.R
	inks := sc.Strong(sc.Pal.Ground)
	lines := 1 + r.N(4)
	n := float64(5 + r.N(6))
	bias := r.In(.3, .7)
	sc.grid(n, func(i, j int, x, y, u float64) {
		flip := canvas.Hash(i, j, sc.Seed) < bias
		corners := [2][2]float64{{x, y}, {x + u, y + u}}
		start := [2]float64{0, math.Pi}
		if flip {
			corners = [2][2]float64{{x + u, y}, {x, y + u}}
			start = [2]float64{math.Pi / 2, -math.Pi / 2}
		}
		for k, c := range corners {
			if k == 1 {
				p := (&canvas.Path{}).Sector(c[0], c[1], 0, u*.86, start[k], start[k]+math.Pi/2)
				sc.C.Fill(p, sc.Pal.Ground, 1)
			}
			for q := range lines {
				w := u * .62 / float64(2*lines-1)
				if lines == 1 {
					w = u * .3
				}
				mid := u*.5 + (float64(q)-float64(lines-1)/2)*2*w
				p := (&canvas.Path{}).Sector(c[0], c[1], mid-w/2, mid+w/2, start[k], start[k]+math.Pi/2)
				sc.C.Fill(p, inks[min(q, lines-1-q)%len(inks)], 1)
			}
		}
	})
}
