package hang_test

import (
	"math"
	"strings"
	"testing"

	"vitrine/app/platform/tone"
	"vitrine/web/ui/hang"
)

func TestRatioClass(t *testing.T) {
	for _, c := range []struct {
		w, h int
		want string
	}{
		{1, 2, "r-01"}, {1, 9, "r-01"}, {9, 16, "r-03"}, {2, 3, "r-05"}, {4, 5, "r-07"},
		{1, 1, "r-10"}, {4, 3, "r-14"}, {3, 2, "r-15"}, {16, 9, "r-17"}, {21, 9, "r-21"},
		{3, 1, "r-24"}, {12, 1, "r-24"}, {6048, 3402, "r-17"},
		{0, 0, "r-10"}, {-4, 3, "r-10"}, {100, 0, "r-10"},
	} {
		if got := hang.RatioClass(c.w, c.h); got != c.want {
			t.Errorf("RatioClass(%d, %d) = %s, want %s", c.w, c.h, got, c.want)
		}
	}
}

func TestRatio_cropsAtMostFourPercent(t *testing.T) {
	for n := 1; n < hang.Buckets; n++ {
		step := hang.Ratio(n+1)/hang.Ratio(n) - 1
		if math.Abs(step-0.08) > 0.005 {
			t.Errorf("bucket %d is %.1f %% from the next, want 8 %%", n, step*100)
		}
		worst := math.Sqrt(1 + step)
		if crop := 1 - 1/worst; crop > 0.04 {
			t.Errorf("a picture between buckets %d and %d loses %.1f %%", n, n+1, crop*100)
		}
	}
}

func TestFocal(t *testing.T) {
	for _, c := range []struct {
		x, y float64
		want string
	}{
		{0.5, 0.5, "f-c"}, {0, 0, "f-tl"}, {0.5, 0.1, "f-t"}, {1, 0, "f-tr"}, {0.2, 0.5, "f-l"},
		{0.9, 0.5, "f-r"}, {0, 1, "f-bl"}, {0.4, 0.8, "f-b"}, {1, 1, "f-br"}, {7, -3, "f-tr"},
	} {
		if got := hang.FocalClass(hang.FocalAt(c.x, c.y)); got != c.want {
			t.Errorf("FocalAt(%v, %v) = %s, want %s", c.x, c.y, got, c.want)
		}
	}
	if got := hang.FocalClass(hang.Focal(99)); got != "f-c" {
		t.Errorf("an unknown point is %s, want f-c", got)
	}
}

func TestCSS_hasEveryClassOnce(t *testing.T) {
	css := hang.CSS()
	if css != hang.CSS() {
		t.Fatal("two runs differ")
	}
	classes := []string{hang.RatioClass(1, 2), hang.RatioClass(3, 1), hang.ToneClass("no such tone")}
	for _, c := range tone.All() {
		classes = append(classes, hang.ToneClass(c.Name))
	}
	for f := hang.Centre; f <= hang.BottomRight; f++ {
		classes = append(classes, hang.FocalClass(f))
	}
	for _, class := range classes {
		if strings.Count(css, "."+class+" {") != 1 {
			t.Errorf("%s is not there exactly once", class)
		}
	}
	if got := strings.Count(css, "{"); got != hang.Buckets+27+9 {
		t.Errorf("got %d rules", got)
	}
}
