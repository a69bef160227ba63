package photo

import (
	"math"

	"vitrine/app/demo/art/canvas"
	"vitrine/app/demo/art/stage"
)

// terrain is a height field seen from above ground and drawn from far to near, column by column. Heights and distances share one
// unit; the sun stands to one side, so a single sweep across each distance finds every shadow.
type terrain struct {
	height  func(x, z float64) float64
	shade   func(p patch) canvas.RGB
	eye     float64 // height of the eye
	horizon float64 // its row
	focal   float64 // pixels per unit at distance 1
	near    float64
	far     float64
	sun     float64 // slope of the light; negative from the right
	soft    float64 // height over which a shadow's edge fades
}

// patch is one visible spot of a terrain.
type patch struct {
	x, z, h  float64
	dx, dz   float64 // slopes
	lit      float64 // 0 in shadow, 1 in the sun
	distance float64 // 0 near, 1 far
}

// draw paints the terrain over what is on the canvas.
func (t terrain) draw(sc *picture) {
	margin := int(sc.W) / 3
	cols := int(sc.W) + 2*margin
	prevH := make([]float64, cols)
	height := make([]float64, cols)
	lit := make([]float64, cols)
	lastY := make([]float64, int(sc.W))
	lastC := make([]canvas.RGB, int(sc.W))
	z := t.far
	rows := math.Max(.75, sc.H/1240) / (t.eye * t.focal)
	for k := 0; z > t.near; k++ {
		dz := math.Min(.008, rows*z) * z
		for i := range cols {
			height[i] = t.height((float64(i-margin)-sc.W/2)/t.focal*z, z)
		}
		if k == 0 {
			copy(prevH, height)
		}
		t.sweep(height, lit, z/t.focal)
		dist := math.Log(z/t.near) / math.Log(t.far/t.near)
		for i := range lastY {
			j := i + margin
			slope := (height[min(j+1, cols-1)] - height[max(0, j-1)]) / (2 * z / t.focal)
			p := patch{(float64(i) - sc.W/2) / t.focal * z, z, height[j], slope, (prevH[j] - height[j]) / dz, lit[j], dist}
			y := t.horizon + (t.eye-height[j])/z*t.focal
			c := t.shade(p)
			if k > 0 && y > lastY[i] {
				fillColumn(sc.C, i, lastY[i], y, lastC[i], c)
			}
			lastY[i], lastC[i] = y, c
		}
		prevH, height = height, prevH
		z -= dz
	}
}

// sweep finds the sunlit share of each spot at one distance; step is the spots' spacing.
func (t terrain) sweep(height, lit []float64, step float64) {
	n := len(height)
	fall := math.Abs(t.sun) * step
	top := math.Inf(-1)
	for k := range n {
		i := k
		if t.sun < 0 {
			i = n - 1 - k
		}
		top -= fall
		lit[i] = canvas.Smooth(t.soft, 0, top-height[i])
		top = math.Max(top, height[i])
	}
}

// fillColumn paints one column between two heights; the upper edge is blended by its share of the pixel.
func fillColumn(c *canvas.Canvas, x int, y0, y1 float64, c0, c1 canvas.RGB) {
	first, last := max(0, int(math.Floor(y0))), min(c.H-1, int(math.Ceil(y1)))
	inv := 1 / (y1 - y0)
	for y := first; y <= last; y++ {
		k := c0.Mix(c1, canvas.Clamp((float64(y)+.5-y0)*inv, 0, 1))
		if cover := float64(y+1) - y0; cover < 1 {
			k = c.At(x, y).Mix(k, canvas.Clamp(cover, 0, 1))
		}
		c.Set(x, y, k)
	}
}

// Dunes draws sand in low sun, long shadows.
func Dunes(s *stage.Scene) {
	sc := &picture{s}
	m, k := sc.Mood, sc.Seed
	horizon := sc.H * sc.R.In(.26, .4)
	if sc.H > sc.W {
		horizon = sc.H * sc.R.In(.3, .42)
	}
	airy := sc.skyAt(horizon, sc.R.In(-.2, .35))
	sc.C.Shade(airy)
	turn := sc.R.In(-.35, .35)
	side := 1.
	if sc.R.Odds(.5) {
		side = -1
	}
	focal := sc.Long() * .82
	lamps := canvas.NewRamp(canvas.Mix(m.Shade, m.Near, .45), m.Shade, canvas.Mix(m.Shade, m.Ground, .55), m.Ground, canvas.Mix(m.Ground, m.Sun, .55))
	haze := canvas.Mix(m.Low, m.Ground, .35).RGB()
	sn, cs := math.Sincos(turn)
	t := terrain{eye: 2.7, horizon: horizon, focal: focal, near: 1.15, far: 46, sun: .42 * side, soft: .05}
	t.height = func(x, z float64) float64 {
		u, v := (x*cs-z*sn)*side, x*sn+z*cs
		w := u + 1.1*canvas.Noise(u*.2, v*.16, k+1) + .28*canvas.Noise(u*.62, v*.5, k+2)
		p := w*.33 + v*.10 + .9*canvas.Noise(v*.13, u*.1+9, k+3)
		p -= math.Floor(p)
		var h float64
		if p < .7 {
			h = canvas.Smooth(-.1, .74, p)
		} else {
			h = canvas.Smooth(1.02, .69, p)
		}
		return h*(1.05+.5*canvas.Noise(u*.16, v*.13, k+9)) + .6*canvas.Noise(u*.07, v*.07, k+5)
	}
	t.shade = func(p patch) canvas.RGB {
		near := 1 - p.distance
		phase := p.z*24 + p.x*5 + 2.4*canvas.Noise(p.x*.7, p.z*.9, k+31)
		ripple := math.Sin(phase) * near * near * .11
		lam := (p.dx*side*.82 + .42 + ripple*.6) / math.Sqrt(1+p.dx*p.dx+p.dz*p.dz)
		v := canvas.Clamp(lam, 0, 1.1)*p.lit*.98 + .10*(1-p.lit)*(1+.5*p.dz)
		c := lamps.At(v)
		return c.Mix(haze, canvas.Smooth(.45, 1.05, p.distance)*.85)
	}
	t.draw(sc)
}

// Snow draws a quiet slope under snow, blue shadows, bare trees and a fence.
func Snow(s *stage.Scene) {
	sc := &picture{s}
	m, k := sc.Mood, sc.Seed
	horizon := sc.H * sc.R.In(.34, .5)
	airy := sc.skyAt(horizon, sc.R.In(.1, .7))
	pale := canvas.Mix(m.Low, canvas.OK(.94, .01, 240), .55).RGB()
	sc.C.Shade(func(x, y float64) canvas.RGB { return airy(x, y).Mix(pale, .35*canvas.Smooth(.3, 1, y/horizon)) })
	side := 1.
	if sc.R.Odds(.5) {
		side = -1
	}
	blue := canvas.Mix(m.Mid, canvas.OK(.72, .07, 262), .6)
	lamps := canvas.NewRamp(blue.Lift(-.12), blue, canvas.Mix(blue, canvas.OK(.95, .015, 80), .6), canvas.Mix(canvas.OK(.965, .012, 80), m.Sun, .5))
	t := terrain{eye: 1.5, horizon: horizon, focal: sc.Long() * .9, near: .9, far: 30, sun: .2 * side, soft: .12}
	t.height = func(x, z float64) float64 {
		return .62*canvas.Noise(x*.16+3, z*.13, k+1) + .16*canvas.Noise(x*.5, z*.4, k+2) + .05*z*canvas.Smooth(2, 30, z)
	}
	t.shade = func(p patch) canvas.RGB {
		crust := canvas.Noise(p.x*9, p.z*5, k+7)*.05*(1-p.distance) + canvas.Noise(p.x*2.2, p.z*1.2, k+8)*.06
		lam := .56 + p.dx*side*1.5 + p.dz*.25 + crust
		c := lamps.At(lam * (.45 + .55*p.lit))
		return c.Mix(pale, canvas.Smooth(.5, 1.1, p.distance)*.7)
	}
	t.draw(sc)
	sc.snowTrees(t, side, blue)
}
