package hang_test

import (
	"testing"

	"vitrine/web/ui/hang"
)

func TestFlush(t *testing.T) {
	for name, c := range map[string]struct {
		ratios []float64
		want   int
	}{
		"nothing":                       {nil, 0},
		"fewer than least":              {[]float64{1.5, 1.5}, 2},
		"two full rows of four":         {[]float64{0.8, 0.9, 1.6, 0.9, 0.8, 1.6, 0.9, 0.9, 1.3}, 8},
		"the last would hang alone":     {[]float64{1.78, 0.8, 0.71, 1.5, 1, 0.71, 1, 1.25, 0.8}, 7},
		"one more fills the second row": {[]float64{3, 1.2, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7}, 7},
	} {
		if got := hang.Flush(c.ratios, 6, 9); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
