package canvas

import (
	"math"
	"testing"
)

func TestFill_exactCoverage(t *testing.T) {
	cases := []struct {
		name string
		path *Path
		area float64
	}{
		{"whole pixels", (&Path{}).Rect(2, 3, 4, 5), 20},
		{"parts of pixels", (&Path{}).Rect(2.25, 3.5, 4.5, 2.25), 10.125},
		{"triangle", (&Path{}).Poly(1, 1, 9, 1, 1, 9), 32},
		{"disc", (&Path{}).Circle(8, 8, 5), math.Pi * 25},
		{"ring", (&Path{}).Ring(8, 8, 2, 5), math.Pi * 21},
		{"overlap counts once", (&Path{}).Rect(2, 2, 4, 4).Rect(2, 2, 4, 4), 16},
		{"half outside", (&Path{}).Rect(-4, 4, 8, 4), 16},
		{"wholly outside", (&Path{}).Rect(-9, -9, 3, 3), 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := NewMask(16, 16)
			m.Fill(c.path, 1)
			sum := 0.
			for _, v := range m.V {
				sum += float64(v)
			}
			if math.Abs(sum-c.area) > .01*c.area+.001 {
				t.Errorf("covers %.3f, should be %.3f", sum, c.area)
			}
		})
	}
}

func TestLab_roundTrip(t *testing.T) {
	for _, hex := range []uint32{0x000000, 0xffffff, 0xd9452b, 0x13203b, 0x7fa862} {
		c := Hex(hex)
		d := c.RGB().Lab()
		if math.Abs(c.L-d.L)+math.Abs(c.A-d.A)+math.Abs(c.B-d.B) > 1e-4 {
			t.Errorf("%06x: %+v became %+v", hex, c, d)
		}
	}
}

// Neighbouring seeds must not share their numbers one step apart.
func TestRand_neighbours(t *testing.T) {
	seen := map[uint64]bool{}
	for seed := range uint64(50) {
		r := NewRand(seed)
		for range 50 {
			v := r.Next()
			if seen[v] {
				t.Fatalf("seed %d repeats a number of an earlier seed", seed)
			}
			seen[v] = true
		}
	}
}

func TestNoise_range(t *testing.T) {
	lo, hi := 0., 0.
	for i := range 20000 {
		v := Noise(float64(i)*.173-900, float64(i)*.091-300, 5)
		lo, hi = min(lo, v), max(hi, v)
	}
	if lo > -.7 || hi < .7 || lo < -1.3 || hi > 1.3 {
		t.Errorf("noise runs from %.2f to %.2f", lo, hi)
	}
}

func TestType_widths(t *testing.T) {
	ty := Type{Size: 100, Weight: .13}
	if ty.Width("W") <= ty.Width("I") {
		t.Error("W is not wider than I")
	}
	if w := ty.Fit("HALF", 640).Width("HALF"); math.Abs(w-640) > .5 {
		t.Errorf("fitted to 640, runs %.1f", w)
	}
	if ty.Width("中") != ty.Width(" ") {
		t.Error("an unknown letter should leave a gap")
	}
}

func TestBlur_keepsTheSum(t *testing.T) {
	m := NewMask(64, 64)
	m.V[32*64+32] = 1
	m.Blur(5)
	sum := float32(0)
	for _, v := range m.V {
		sum += v
	}
	if math.Abs(float64(sum)-1) > 1e-3 {
		t.Errorf("the blur made 1 into %.4f", sum)
	}
}
