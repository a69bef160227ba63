package art

import (
	"math"

	"vitrine/app/demo/art/canvas"
)

// skyAt returns a function for the sky's light at a height of 0 (zenith) to 1 (horizon), with clouds of one weather.
func (sc *scene) skyAt(horizon float64, cloud float64) func(x, y float64) canvas.RGB {
	m := sc.mood
	ramp := canvas.NewRamp(m.top, canvas.Mix(m.top, m.mid, .55), m.mid, canvas.Mix(m.mid, m.low, .6), m.low)
	lit, dim := canvas.Mix(m.low, m.sun, .45).RGB(), canvas.Mix(m.mid, m.shade, .38).RGB()
	u := 1 / sc.w
	k := sc.seed
	stretch := 3.2
	base := canvas.NewField(int(sc.w), int(sc.h), 4*sc.s+1, func(x, y float64) float64 {
		d := .18 + 1.0*math.Max(0, (horizon-y)/sc.h)
		px, py := x*u*2.2/d*.42+3.1, (y/sc.w)*stretch/d*.7
		warp := canvas.Noise(px*.8, py*.6, k+5) * .5
		return canvas.Fbm(px+warp, py+warp*.4, 5, k)
	})
	return func(x, y float64) canvas.RGB {
		t := canvas.Clamp(y/horizon, 0, 1)
		c := ramp.At(t)
		if cloud <= 0 {
			return c
		}
		v := base.At(x, y)
		body := canvas.Smooth(.34-.5*cloud, .62-.3*cloud, v+.12)
		if body <= 0 {
			return c
		}
		under := base.At(x, y+14*sc.s) - v
		light := canvas.Clamp(.55+under*2.6, 0, 1)
		fade := canvas.Smooth(1.02, .8, t)
		return c.Mix(dim.Mix(lit, light), body*.72*fade)
	}
}

// sunGlow adds the sun's disc and its halo to a sky.
func (sc *scene) sunGlow(c canvas.RGB, x, y, sx, sy, r, halo float64) canvas.RGB {
	d := math.Hypot(x-sx, y-sy)
	sun := sc.mood.sun.RGB()
	if halo > 0 {
		k := d / (r * 7)
		c = c.Mix(sun, halo*(.40*canvas.Bell(k)+.24*canvas.Bell(k*.38)))
	}
	return c.Mix(sun.Times(1.9), canvas.Smooth(r+1.2, r-1.2, d))
}

// ridges: mountain after mountain, each paler than the one before it.
func ridges(sc *scene) {
	n := 6 + sc.r.N(3)
	horizon := sc.h * sc.r.In(.34, .5)
	sx, sy := sc.w*sc.r.In(.2, .8), horizon-sc.h*sc.r.In(.02, .16)
	sunR := sc.short() * sc.r.In(.022, .05)
	withSun := sc.mood.time != "grey" && sc.r.Odds(.75)
	airy := sc.skyAt(horizon, sc.r.In(.0, .75))
	layers := sc.ridgeLayers(n, horizon)
	m := sc.mood
	haze := canvas.Mix(m.low, m.far, .35).RGB()
	colours := canvas.NewRamp(canvas.Mix(m.far, m.low, .45), m.far, canvas.Mix(m.far, m.near, .45), canvas.Mix(m.far, m.near, .8), m.near)
	mist := sc.r.In(.55, .95)
	sc.c.Shade(func(x, y float64) canvas.RGB {
		xi := int(x)
		for i := n - 1; i >= 0; i-- {
			top := float64(layers[i][xi])
			if y < top-1 {
				continue
			}
			t := float64(i) / float64(n-1)
			c := colours.At(t)
			depth := (y - top) / sc.h
			c = c.Mix(haze, mist*canvas.Smooth(0, .20, depth)*(1-.62*t))
			if t > .25 {
				tex := canvas.Noise(x/(26*sc.s)+y/(60*sc.s), y/(15*sc.s)-x/(80*sc.s), sc.seed+i*3)
				c = c.Times(1 + tex*.20*t*canvas.Smooth(.3, 0, depth))
			}
			c = c.Plus(m.sun.RGB(), (1-t)*.10*canvas.Bell((x-sx)/(.25*sc.w)))
			cover := canvas.Clamp(y-top+.5, 0, 1)
			if cover < 1 {
				back := haze
				if i > 0 && y >= float64(layers[i-1][xi]) {
					back = colours.At(float64(i-1)/float64(n-1)).Mix(haze, mist*.5)
				} else if i == 0 {
					back = airy(x, y)
				}
				c = back.Mix(c, cover)
			}
			return c
		}
		c := airy(x, y)
		if withSun {
			c = sc.sunGlow(c, x, y, sx, sy, sunR, .8)
		}
		return c
	})
	sc.birds(horizon)
}

// ridgeLayers returns the skyline of each layer per column, the farthest first; the nearest carries trees.
func (sc *scene) ridgeLayers(n int, horizon float64) [][]float32 {
	out := make([][]float32, n)
	unit := math.Sqrt(sc.w * sc.h)
	for i := range out {
		t := float64(i) / float64(n-1)
		base := horizon + (sc.h-horizon)*(.02+.86*math.Pow(t, 1.15))
		amp := math.Min(unit*.17, sc.h*.21) * (.6 + .5*t) * (.55 + .8*canvas.Hash(i, 7, sc.seed))
		freq := 2.6 - .7*t + .9*canvas.Hash(i, 3, sc.seed)
		col := make([]float32, int(sc.w)+1)
		for x := range col {
			u := float64(x)/unit*freq + float64(i)*11.7
			rough := .45 + .4*canvas.Hash(i, 5, sc.seed)
			h := canvas.Ridged(u*.6, float64(i)*3.3, 2, sc.seed+i)*1.2 - .7 + canvas.Fbm(u*1.7, float64(i), 6, sc.seed+40+i)*rough*(1.2-.3*t)
			v := base - amp*h
			if t > .55 {
				px := float64(x) / (5.2 * sc.s * (.5 + t))
				tree := math.Abs(canvas.Noise(px, float64(i)*7, sc.seed+90)) + .5*math.Abs(canvas.Noise(px*2.1, float64(i)*5, sc.seed+91))
				v -= tree * unit * .011 * (t - .4) * canvas.Smooth(-.5, .1, canvas.Noise(px*.05, 2, sc.seed+92))
			}
			col[x] = float32(v)
		}
		out[i] = col
	}
	return out
}

// birds sets a few far birds above the horizon, in half of the pictures.
func (sc *scene) birds(horizon float64) {
	if !sc.r.Odds(.5) {
		return
	}
	n := 3 + sc.r.N(6)
	bx, by := sc.w*sc.r.In(.15, .8), horizon*sc.r.In(.25, .7)
	ink := sc.mood.near
	for range n {
		x, y := bx+sc.r.Normal()*55*sc.s, by+sc.r.Normal()*22*sc.s
		k := sc.r.In(3.5, 7) * sc.s
		lift := sc.r.In(.2, .8)
		wing := []canvas.Point{{X: x - k, Y: y - k*lift}, {X: x - k*.4, Y: y - k*lift*.8}, {X: x, Y: y}, {X: x + k*.4, Y: y - k*lift*.8}, {X: x + k, Y: y - k*lift}}
		p := (&canvas.Path{}).Tapered(canvas.Smoothed(wing, 4, false), func(t float64) float64 {
			return (.3 + 1.3*math.Sin(t*math.Pi)) * sc.s
		})
		sc.c.Fill(p, ink, .75)
	}
}
