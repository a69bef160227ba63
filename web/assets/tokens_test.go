package assets_test

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// luminance of an OKLCH colour by WCAG's definition, clipped to sRGB.
func luminance(l, c, h float64) float64 {
	a, b := c*math.Cos(h*math.Pi/180), c*math.Sin(h*math.Pi/180)
	cube := func(v float64) float64 { return v * v * v }
	lc, mc, sc := cube(l+0.3963377774*a+0.2158037573*b), cube(l-0.1055613458*a-0.0638541728*b), cube(l-0.0894841775*a-1.291485548*b)
	clip := func(v float64) float64 { return min(max(v, 0), 1) }
	red := clip(4.0767416621*lc - 3.3077115913*mc + 0.2309699292*sc)
	green := clip(-1.2684380046*lc + 2.6097574011*mc - 0.3413193965*sc)
	blue := clip(-0.0041960863*lc - 0.7034186147*mc + 1.707614701*sc)
	return 0.2126*red + 0.7152*green + 0.0722*blue
}

var colour = regexp.MustCompile(`--([\w-]+):\s*oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)`)

// themes reads the colours of tokens.css: dark is light with its own changes.
func themes(t *testing.T) map[string]map[string]float64 {
	t.Helper()
	source, err := os.ReadFile("../static/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, found := strings.Cut(string(source), "@media (prefers-color-scheme: dark)")
	if !found {
		t.Fatal("tokens.css has no dark theme")
	}
	read := func(css string) map[string]float64 {
		all := map[string]float64{}
		for _, m := range colour.FindAllStringSubmatch(css, -1) {
			var v [3]float64
			for i := range v {
				n, err := strconv.ParseFloat(m[2+i], 64)
				if err != nil {
					t.Fatal(err)
				}
				v[i] = n
			}
			all[m[1]] = luminance(v[0], v[1], v[2])
		}
		return all
	}
	both := map[string]map[string]float64{"light": read(light), "dark": read(light)}
	for name, l := range read(dark) {
		both["dark"][name] = l
	}
	return both
}

func TestTokens_contrast(t *testing.T) {
	texts := map[string][]string{
		"ink":      {"wall", "mat", "raise", "bad-wash", "warn-wash", "good-wash"},
		"soft":     {"wall", "mat", "raise"},
		"faint":    {"wall", "mat", "raise"},
		"wall":     {"ink", "soft"},
		"bad":      {"wall", "raise", "bad-wash"},
		"warn":     {"wall", "warn-wash"},
		"good":     {"wall", "good-wash"},
		"dot-text": {"wall"},
	}
	marks := map[string][]string{
		"edge": {"wall", "mat", "raise"}, "dot": {"wall", "raise"}, "ink": {"line"}, "warn": {"line"}, "bad": {"wall", "raise"},
	}
	for theme, tokens := range themes(t) {
		check := func(pairs map[string][]string, least float64) {
			for front, grounds := range pairs {
				for _, ground := range grounds {
					f, okF := tokens[front]
					g, okG := tokens[ground]
					if !okF || !okG {
						t.Fatalf("%s: %s or %s is not a token", theme, front, ground)
					}
					if got := (max(f, g) + 0.05) / (min(f, g) + 0.05); got < least {
						t.Errorf("%s: %s on %s is %.2f, needs %.1f", theme, front, ground, got, least)
					}
				}
			}
		}
		check(texts, 4.5)
		check(marks, 3)
	}
}

// Grounds and inks have no hue: the work is the only colour on the page.
func TestTokens_groundsAreGrey(t *testing.T) {
	source, err := os.ReadFile("../static/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	grey := regexp.MustCompile(`^(wall|mat|raise|line|edge|ink|soft|faint)$`)
	for _, m := range colour.FindAllStringSubmatch(string(source), -1) {
		if grey.MatchString(m[1]) && m[3] != "0" {
			t.Errorf("--%s has chroma %s", m[1], m[3])
		}
	}
}

// Only tokens.css and the generated tones may name a colour.
func TestStylesheets_useTokens(t *testing.T) {
	literal := regexp.MustCompile(`(?i)#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(|\boklch\(`)
	physical := regexp.MustCompile(`(?m)^\s*(margin|padding|border)-(left|right|top|bottom)\b|^\s*(width|height|left|right|top|bottom):`)
	entries, err := os.ReadDir("../static/css")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		source, err := os.ReadFile("../static/css/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		css := regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(string(source), "")
		css = strings.ReplaceAll(css, "oklch(0.12 0 0)", "") // the text of a selection, on the dot in both themes
		if found := literal.FindString(css); found != "" && e.Name() != "tokens.css" && e.Name() != "hang.css" {
			t.Errorf("%s names a colour of its own: %s", e.Name(), found)
		}
		if found := physical.FindString(css); found != "" {
			t.Errorf("%s has the physical property %q", e.Name(), strings.TrimSpace(found))
		}
	}
}
