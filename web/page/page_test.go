package page_test

import (
	"testing"

	"vitrine/web/page"
)

func TestInitialsOf(t *testing.T) {
	for name, want := range map[string]string{
		"Teresa Lima":       "TL",
		"ines okafor":       "IO",
		"Harbour & Field":   "HF",
		"Solo":              "S",
		"  Jon  van  Aas  ": "JA",
		"“Quoted” name":     "QN",
		"مريم الشامي":       "ما",
		"":                  "?",
		"!!! ...":           "?",
		"3 Doors":           "3D",
	} {
		if got := page.InitialsOf(name); got != want {
			t.Errorf("InitialsOf(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestFullTitle(t *testing.T) {
	if got := (page.Base{Title: "Explore"}).FullTitle(); got != "Explore · Vitrine" {
		t.Errorf("got %q", got)
	}
	if got := (page.Base{}).FullTitle(); got != "Where studios show their work · Vitrine" {
		t.Errorf("got %q", got)
	}
}

func TestParseKind(t *testing.T) {
	for in, want := range map[string]page.Kind{"good": page.Good, "bad": page.Bad, "warn": page.Warn, "": page.Plain, "<b>": page.Plain} {
		if got := page.ParseKind(in); got != want {
			t.Errorf("ParseKind(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestInCurrent(t *testing.T) {
	s := page.Studio{Slug: "a"}
	var nobody *page.Viewer
	if nobody.InCurrent(s) || (&page.Viewer{}).InCurrent(s) {
		t.Error("no viewer or no current studio has no current one")
	}
	if !(&page.Viewer{Current: &page.Studio{Slug: "a", Name: "other copy"}}).InCurrent(s) {
		t.Error("equality is by slug")
	}
}
