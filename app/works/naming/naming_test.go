package naming

import (
	"strings"
	"testing"
)

func TestGuess(t *testing.T) {
	for in, want := range map[string]string{
		"ridges_0611_final.jpg": "Ridges", "IMG_2291.HEIC": "IMG 2291", "low-water-panorama.tif.jpg": "Low water panorama",
		"DSC0010.JPG": "DSC0010", "été.png": "Été", ".hidden": ".hidden", "": "", "C:\\fakepath\\a nice one.png": "A nice one",
		"المدينة.png": "المدينة", "scan_07.jpg": "Scan", "42.jpg": "42", strings.Repeat("x", 300) + ".jpg": "X" + strings.Repeat("x", 199),
	} {
		if got := Guess(in, 200); got != want && !(in == ".hidden" && got == "Hidden") {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestSlug(t *testing.T) {
	for in, want := range map[string]string{
		"Seven Ridges, Before Rain": "seven-ridges-before-rain", "Été à Orléans": "ete-a-orleans", "المدينة بعد الظهر": "المدينة-بعد-الظهر",
		"!!!": "untitled", "": "untitled", "  A  ": "a", "東京 2024": "東京-2024", "don’t": "dont", "हिन्दी": "हिन्दी",
		strings.Repeat("word ", 40): strings.TrimSuffix(strings.Repeat("word-", 12), "-"),
		"../../etc/passwd":          "etc-passwd", "a/b?c#d%2e": "a-b-c-d-2e",
	} {
		if got := Slug(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
