package photo

import (
	"math"

	"vitrine/app/demo/art/canvas"
	"vitrine/app/demo/art/stage"
)

// skyAt returns a function for the sky's light at a height of 0 (zenith) to 1 (horizon), with clouds of one weather.
func (sc *picture) skyAt(horizon float64, cloud float64) func(x, y float64) canvas.RGB {
	m := sc.Mood
	ramp := canvas.NewRamp(m.Top, canvas.Mix(m.Top, m.Mid, .55), m.Mid, canvas.Mix(m.Mid, m.Low, .6), m.Low)
	lit, dim := canvas.Mix(m.Low, m.Sun, .45).RGB(), canvas.Mix(m.Mid, m.Shade, .38).RGB()
	u := 1 / sc.W
	k := sc.Seed
	stretch := 3.2
	base := canvas.NewField(int(sc.W), int(sc.H), 4*sc.S+1, func(x, y float64) float64 {
		d := .18 + 1.0*math.Max(0, (horizon-y)/sc.H)
		px, py := x*u*2.2/d*.42+3.1, (y/sc.W)*stretch/d*.7
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
		under := base.At(x, y+14*sc.S) - v
		light := canvas.Clamp(.55+under*2.6, 0, 1)
		fade := canvas.Smooth(1.02, .8, t)
		return c.Mix(dim.Mix(lit, light), body*.72*fade)
	}
}

// sunGlow adds the sun's disc and its halo to a sky.
func (sc *picture) sunGlow(c canvas.RGB, x, y, sx, sy, r, halo float64) canvas.RGB {
	d := math.Hypot(x-sx, y-sy)
	sun := sc.Mood.Sun.RGB()
	if halo > 0 {
		k := d / (r * 7)
		c = c.Mix(sun, halo*(.40*canvas.Bell(k)+.24*canvas.Bell(k*.38)))
	}
	return c.Mix(sun.Times(1.9), canvas.Smooth(r+1.2, r-1.2, d))
}

// Ridges draws mountain after mountain, each paler than the one before it.
func Ridges(s *stage.Scene) {
	sc := &picture{s}
	n := 6 + sc.R.N(3)
	horizon := sc.H * sc.R.In(.34, .5)
	sx, sy := sc.W*sc.R.In(.2, .8), horizon-sc.H*sc.R.In(.02, .16)
	sunR := sc.Short() * sc.R.In(.022, .05)
	withSun := sc.Mood.Time != "grey" && sc.R.Odds(.75)
	airy := sc.skyAt(horizon, sc.R.In(.0, .75))
	layers := sc.ridgeLayers(n, horizon)
	m := sc.Mood
	haze := canvas.Mix(m.Low, m.Far, .35).RGB()
	colours := canvas.NewRamp(canvas.Mix(m.Far, m.Low, .45), m.Far, canvas.Mix(m.Far, m.Near, .45), canvas.Mix(m.Far, m.Near, .8), m.Near)
	mist := sc.R.In(.55, .95)
	sc.C.Shade(func(x, y float64) canvas.RGB {
		xi := int(x)
		for i := n - 1; i >= 0; i-- {
			top := float64(layers[i][xi])
			if y < top-1 {
				continue
			}
			t := float64(i) / float64(n-1)
			c := colours.At(t)
			depth := (y - top) / sc.H
			c = c.Mix(haze, mist*canvas.Smooth(0, .20, depth)*(1-.62*t))
			if t > .25 {
				tex := canvas.Noise(x/(26*sc.S)+y/(60*sc.S), y/(15*sc.S)-x/(80*sc.S), sc.Seed+i*3)
				c = c.Times(1 + tex*.20*t*canvas.Smooth(.3, 0, depth))
			}
			c = c.Plus(m.Sun.RGB(), (1-t)*.10*canvas.Bell((x-sx)/(.25*sc.W)))
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
func (sc *picture) ridgeLayers(n int, horizon float64) [][]float32 {
	out := make([][]float32, n)
	unit := math.Sqrt(sc.W * sc.H)
	for i := range out {
		t := float64(i) / float64(n-1)
		base := horizon + (sc.H-horizon)*(.02+.86*math.Pow(t, 1.15))
		amp := math.Min(unit*.17, sc.H*.21) * (.6 + .5*t) * (.55 + .8*canvas.Hash(i, 7, sc.Seed))
		freq := 2.6 - .7*t + .9*canvas.Hash(i, 3, sc.Seed)
		col := make([]float32, int(sc.W)+1)
		for x := range col {
			u := float64(x)/unit*freq + float64(i)*11.7
			rough := .45 + .4*canvas.Hash(i, 5, sc.Seed)
			h := canvas.Ridged(u*.6, float64(i)*3.3, 2, sc.Seed+i)*1.2 - .7 + canvas.Fbm(u*1.7, float64(i), 6, sc.Seed+40+i)*rough*(1.2-.3*t)
			v := base - amp*h
			if t > .55 {
				px := float64(x) / (5.2 * sc.S * (.5 + t))
				tree := math.Abs(canvas.Noise(px, float64(i)*7, sc.Seed+90)) + .5*math.Abs(canvas.Noise(px*2.1, float64(i)*5, sc.Seed+91))
				v -= tree * unit * .011 * (t - .4) * canvas.Smooth(-.5, .1, canvas.Noise(px*.05, 2, sc.Seed+92))
			}
			col[x] = float32(v)
		}
		out[i] = col
	}
	return out
}

// birds sets a few far birds above the horizon, in half of the pictures.
func (sc *picture) birds(horizon float64) {
	if !sc.R.Odds(.5) {
		return
	}
	n := 3 + sc.R.N(6)
	bx, by := sc.W*sc.R.In(.15, .8), horizon*sc.R.In(.25, .7)
	ink := sc.Mood.Near
	for range n {
		x, y := bx+sc.R.Normal()*55*sc.S, by+sc.R.Normal()*22*sc.S
		k := sc.R.In(3.5, 7) * sc.S
		lift := sc.R.In(.2, .8)
		wing := []canvas.Point{{X: x - k, Y: y - k*lift}, {X: x - k*.4, Y: y - k*lift*.8}, {X: x, Y: y}, {X: x + k*.4, Y: y - k*lift*.8}, {X: x + k, Y: y - k*lift}}
		p := (&canvas.Path{}).Tapered(canvas.Smoothed(wing, 4, false), func(t float64) float64 {
			return (.3 + 1.3*math.Sin(t*math.Pi)) * sc.S
		})
		sc.C.Fill(p, ink, .75)
	}
}
