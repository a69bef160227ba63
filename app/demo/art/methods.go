package art

import "vitrine/app/demo/art/canvas"

// film and paper are the usual finishes: a photograph's grain, and nothing.
var (
	film  = canvas.Finish{Grain: .032, Vignette: .16, Shoulder: true}
	night = canvas.Finish{Grain: .035, Vignette: .28, Shoulder: true}
	plain = canvas.Finish{}
	paint = canvas.Finish{Grain: .03}
)

// methods is the table of all styles.
func methods() []method {
	return []method{
		{"ridges", Photograph, ridges, anyMood, film, false, false},
		{"dunes", Photograph, dunes, bySand, film, false, false},
		{"sea", Photograph, sea, bySun, film, true, false},
		{"trails", Photograph, trails, byNight, night, true, false},
		{"tidal", Photograph, tidal, byDay, film, false, false},
		{"fogforest", Photograph, fogForest, byDay, film, false, false},
		{"window", Photograph, window, anyMood, film, false, false},
		{"snow", Photograph, snow, byDay, film, false, false},
		{"road", Photograph, road, bySand, film, false, false},
		{"pool", Photograph, pool, anyMood, film, true, false},
		{"letters", Poster, letterPoster, anyPalette, plain, false, true},
		{"concert", Poster, concert, anyPalette, plain, false, true},
		{"specimen", Poster, specimen, anyPalette, plain, false, true},
		{"halftone", Poster, halftone, anyPalette, plain, false, true},
		{"numeral", Poster, numeral, anyPalette, plain, false, true},
		{"shapes", Poster, shapes, lightGround, plain, false, true},
		{"tiles", Pattern, tiles, anyPalette, plain, false, true},
		{"weave", Pattern, weave, anyPalette, plain, false, false},
		{"truchet", Pattern, truchet, anyPalette, plain, false, true},
		{"terrazzo", Pattern, terrazzo, lightGround, plain, false, true},
		{"quilt", Pattern, quilt, lightGround, plain, false, false},
		{"scales", Pattern, scales, anyPalette, plain, false, true},
		{"flow", Drawing, flow, anyPalette, plain, false, true},
		{"contours", Drawing, contours, anyPalette, plain, false, true},
		{"phyllotaxis", Drawing, phyllotaxis, anyPalette, plain, false, true},
		{"packed", Drawing, packed, anyPalette, plain, false, true},
		{"moire", Drawing, moire, anyPalette, plain, true, true},
		{"ink", Drawing, ink, lightGround, paint, true, false},
		{"harmonograph", Drawing, harmonograph, anyPalette, plain, false, true},
		{"signals", Drawing, signals, anyPalette, plain, false, true},
		{"estate", Building, estate, anyPalette, plain, false, true},
		{"facade", Building, facade, byDay, film, false, false},
		{"arcade", Building, arcade, anyPalette, paint, false, false},
		{"bleed", Painting, bleed, anyPalette, canvas.Finish{Grain: .045}, true, false},
		{"fields", Painting, fields, anyPalette, paint, false, false},
		{"cutouts", Painting, cutouts, anyPalette, paint, false, false},
		{"herbarium", Botanical, herbarium, lightGround, plain, false, false},
		{"meadow", Botanical, meadow, anyPalette, paint, false, false},
		{"still", StillLife, still, anyMood, film, false, false},
	}
}
