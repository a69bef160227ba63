package canvas

import "math"

// Tau is a full turn in radians.
const Tau = 2 * math.Pi

// Lab is a colour in OKLab, where a mix looks the way an eye expects.
type Lab struct{ L, A, B float64 }

// RGB is linear light, 0 to 1, above 1 where something glows.
type RGB struct{ R, G, B float64 }

// OK returns the colour of a lightness (0 to 1), a chroma (0 to about 0.3) and a hue in degrees.
func OK(l, c, h float64) Lab {
	s, co := math.Sincos(h * math.Pi / 180)
	return Lab{l, c * co, c * s}
}

// Hex reads 0xRRGGBB in sRGB.
func Hex(v uint32) Lab {
	return RGB{ungamma(float64(v>>16&255) / 255), ungamma(float64(v>>8&255) / 255), ungamma(float64(v&255) / 255)}.Lab()
}

// Mix goes from a to b as t goes from 0 to 1.
func Mix(a, b Lab, t float64) Lab {
	return Lab{a.L + (b.L-a.L)*t, a.A + (b.A-a.A)*t, a.B + (b.B-a.B)*t}
}

// Lift changes the lightness by d and keeps hue and chroma.
func (c Lab) Lift(d float64) Lab { return Lab{Clamp(c.L+d, 0, 1), c.A, c.B} }

// Chroma scales the colourfulness.
func (c Lab) Chroma(k float64) Lab { return Lab{c.L, c.A * k, c.B * k} }

// RGB converts to linear light; colours outside of the screen's reach are cut.
func (c Lab) RGB() RGB {
	l := c.L + .3963377774*c.A + .2158037573*c.B
	m := c.L - .1055613458*c.A - .0638541728*c.B
	s := c.L - .0894841775*c.A - 1.2914855480*c.B
	l, m, s = l*l*l, m*m*m, s*s*s
	return RGB{
		max(0, 4.0767416621*l-3.3077115913*m+.2309699292*s),
		max(0, -1.2684380046*l+2.6097574011*m-.3413193965*s),
		max(0, -.0041960863*l-.7034186147*m+1.7076147010*s),
	}
}

// Lab converts from linear light.
func (c RGB) Lab() Lab {
	l := math.Cbrt(.4122214708*c.R + .5363325363*c.G + .0514459929*c.B)
	m := math.Cbrt(.2119034982*c.R + .6806995451*c.G + .1073969566*c.B)
	s := math.Cbrt(.0883024619*c.R + .2817188376*c.G + .6299787005*c.B)
	return Lab{
		.2104542553*l + .7936177850*m - .0040720468*s,
		1.9779984951*l - 2.4285922050*m + .4505937099*s,
		.0259040371*l + .7827717662*m - .8086757660*s,
	}
}

// Mix goes from c to d in linear light, as haze and blur do.
func (c RGB) Mix(d RGB, t float64) RGB {
	return RGB{c.R + (d.R-c.R)*t, c.G + (d.G-c.G)*t, c.B + (d.B-c.B)*t}
}

// Times scales the light.
func (c RGB) Times(k float64) RGB { return RGB{c.R * k, c.G * k, c.B * k} }

// Plus adds light.
func (c RGB) Plus(d RGB, k float64) RGB { return RGB{c.R + d.R*k, c.G + d.G*k, c.B + d.B*k} }

// A Ramp is a run of colours, looked up fast.
type Ramp struct{ t [513]RGB }

// NewRamp spaces the colours evenly and mixes between them in OKLab.
func NewRamp(cs ...Lab) *Ramp {
	r := &Ramp{}
	for i := range r.t {
		f := float64(i) / 512 * float64(len(cs)-1)
		k := min(int(f), len(cs)-2)
		r.t[i] = Mix(cs[k], cs[k+1], f-float64(k)).RGB()
	}
	return r
}

// At returns the colour at t; what lies outside of 0 to 1 takes the end's colour.
func (r *Ramp) At(t float64) RGB {
	if !(t > 0) {
		return r.t[0]
	}
	if t >= 1 {
		return r.t[512]
	}
	t *= 512
	i := int(t)
	return r.t[i].Mix(r.t[i+1], t-float64(i))
}

// Clamp keeps x between lo and hi.
func Clamp(x, lo, hi float64) float64 { return max(lo, min(hi, x)) }

// Smooth is an S-curve from 0 at lo to 1 at hi; lo may lie above hi.
func Smooth(lo, hi, x float64) float64 {
	t := Clamp((x-lo)/(hi-lo), 0, 1)
	return t * t * (3 - 2*t)
}

// Bell is 1 at 0 and falls to 0.37 at 1.
func Bell(x float64) float64 {
	if x > 6 || x < -6 {
		return 0
	}
	return math.Exp(-x * x)
}

func gamma(v float64) float64 {
	if v <= .0031308 {
		return 12.92 * v
	}
	return 1.055*math.Pow(v, 1/2.4) - .055
}

func ungamma(v float64) float64 {
	if v <= .04045 {
		return v / 12.92
	}
	return math.Pow((v+.055)/1.055, 2.4)
}
