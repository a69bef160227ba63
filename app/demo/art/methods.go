package art

import (
	"vitrine/app/demo/art/canvas"
	"vitrine/app/demo/art/photo"
	"vitrine/app/demo/art/stage"
)

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
		{"ridges", Photograph, photo.Ridges, stage.AnyMood, film, false, false},
		{"dunes", Photograph, photo.Dunes, stage.BySand, film, false, false},
		{"sea", Photograph, photo.Sea, stage.BySun, film, true, false},
		{"trails", Photograph, photo.Trails, stage.ByNight, night, true, false},
		{"tidal", Photograph, photo.Tidal, stage.ByDay, film, false, false},
		{"fogforest", Photograph, photo.FogForest, stage.ByDay, film, false, false},
		{"window", Photograph, photo.Window, stage.AnyMood, film, false, false},
		{"snow", Photograph, photo.Snow, stage.ByDay, film, false, false},
		{"road", Photograph, photo.Road, stage.BySand, film, false, false},
		{"pool", Photograph, photo.Pool, stage.AnyMood, film, true, false},
		{"letters", Poster, on(letterPoster), stage.AnyPalette, plain, false, true},
		{"concert", Poster, on(concert), stage.AnyPalette, plain, false, true},
		{"specimen", Poster, on(specimen), stage.AnyPalette, plain, false, true},
		{"halftone", Poster, on(halftone), stage.AnyPalette, plain, false, true},
		{"numeral", Poster, on(numeral), stage.AnyPalette, plain, false, true},
		{"shapes", Poster, on(shapes), stage.LightGround, plain, false, true},
		{"tiles", Pattern, on(tiles), stage.AnyPalette, plain, false, true},
		{"weave", Pattern, on(weave), stage.AnyPalette, plain, false, false},
		{"truchet", Pattern, on(truchet), stage.AnyPalette, plain, false, true},
		{"terrazzo", Pattern, on(terrazzo), stage.LightGround, plain, false, true},
		{"quilt", Pattern, on(quilt), stage.LightGround, plain, false, false},
		{"scales", Pattern, on(scales), stage.AnyPalette, plain, false, true},
		{"flow", Drawing, on(flow), stage.AnyPalette, plain, false, true},
		{"contours", Drawing, on(contours), stage.AnyPalette, plain, false, true},
		{"phyllotaxis", Drawing, on(phyllotaxis), stage.AnyPalette, plain, false, true},
		{"packed", Drawing, on(packed), stage.AnyPalette, plain, false, true},
		{"moire", Drawing, on(moire), stage.AnyPalette, plain, true, true},
		{"ink", Drawing, on(ink), stage.LightGround, paint, true, false},
		{"harmonograph", Drawing, on(harmonograph), stage.AnyPalette, plain, false, true},
		{"signals", Drawing, on(signals), stage.AnyPalette, plain, false, true},
		{"estate", Building, on(estate), stage.AnyPalette, plain, false, true},
		{"facade", Building, on(facade), stage.ByDay, film, false, false},
		{"arcade", Building, on(arcade), stage.AnyPalette, paint, false, false},
		{"bleed", Painting, on(bleed), stage.AnyPalette, canvas.Finish{Grain: .045}, true, false},
		{"fields", Painting, on(fields), stage.AnyPalette, paint, false, false},
		{"cutouts", Painting, on(cutouts), stage.AnyPalette, paint, false, false},
		{"herbarium", Botanical, on(herbarium), stage.LightGround, plain, false, false},
		{"meadow", Botanical, on(meadow), stage.AnyPalette, paint, false, false},
		{"still", StillLife, photo.Still, stage.AnyMood, film, false, false},
	}
}

// on lets a style of this package draw on a scene.
func on(draw func(*scene)) func(*stage.Scene) {
	return func(s *stage.Scene) { draw(&scene{s}) }
}
