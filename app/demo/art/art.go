package art

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"

	"vitrine/app/demo/art/canvas"
	"vitrine/app/demo/art/stage"
)

// A Style is one way of drawing, by name.
type Style string

// Families, as a gallery would sort them.
const (
	Photograph = "photograph"
	StillLife  = "still life"
	Poster     = "poster"
	Pattern    = "pattern"
	Drawing    = "drawing"
	Building   = "architecture"
	Painting   = "painting"
	Botanical  = "botanical"
)

// scene is what the styles of this package draw with.
type scene struct{ *stage.Scene }

// method is one row of the table of styles.
type method struct {
	style  Style
	family string
	draw   func(*stage.Scene)
	tone   stage.Tone
	finish canvas.Finish
	moves  bool
	flat   bool
}

// Styles lists every style, families together.
func Styles() []Style {
	var out []Style
	for _, m := range methods() {
		out = append(out, m.style)
	}
	return out
}

// Moving lists the styles that Frames and Film can set in motion.
func Moving() []Style {
	var out []Style
	for _, m := range methods() {
		if m.moves {
			out = append(out, m.style)
		}
	}
	return out
}

// Family returns the family of a style; empty for an unknown one.
func Family(style Style) string {
	m, _ := find(style)
	return m.family
}

// Flat says whether a style is drawn in plain colours, so that PNG suits it better than JPEG.
func Flat(style Style) bool {
	m, _ := find(style)
	return m.flat
}

func find(style Style) (method, bool) {
	for _, m := range methods() {
		if m.style == style {
			return m, true
		}
	}
	return method{}, false
}

// Draw draws one picture of w by h pixels. The same seed, style and size give the same picture; another size gives the same work
// composed anew for its shape. An unknown style gives a plain grey. Sides under 1 count as 1.
func Draw(seed uint64, style Style, w, h int) *image.RGBA {
	return frame(seed, style, w, h, 0)
}

func frame(seed uint64, style Style, w, h int, phase float64) *image.RGBA {
	w, h = max(1, w), max(1, h)
	m, known := find(style)
	if !known {
		return canvas.New(w, h, canvas.OK(.6, 0, 0)).Image(canvas.Finish{})
	}
	sc := stage.New(seed, string(m.style), m.tone, w, h)
	sc.Phase = phase
	m.draw(sc)
	f := m.finish
	f.Seed = sc.Seed
	if phase > 0 {
		// Grain that flickers costs a film half of its bytes.
		f.Grain, f.Dither, f.Seed = 0, true, sc.Seed+int(phase*1e6)
	}
	return sc.C.Image(f)
}

// Palette names the colours of a picture in words, for titles and descriptions.
type Palette struct {
	Name   string // the palette's own name
	Ground string // "warm paper", "night blue"; for photographs the light: "grey light", "late sun"
	Accent string // the colour that one sees first
	Time   string // dawn, day, dusk, night or grey; empty where there is no sky
}

// Colours tells which palette Draw takes for a seed and style.
func Colours(seed uint64, style Style) Palette {
	m, known := find(style)
	if !known {
		return Palette{}
	}
	sc := stage.New(seed, string(m.style), m.tone, 1, 1)
	if m.tone.OfLight() {
		return Palette{sc.Mood.Name, sc.Mood.Light, sc.Mood.Accent, sc.Mood.Time}
	}
	return Palette{sc.Pal.Name, sc.Pal.GroundWord, sc.Pal.AccentWord, ""}
}

// JPEG encodes at quality 92.
func JPEG(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 92}); err != nil {
		return nil, fmt.Errorf("encode a drawing as JPEG: %w", err)
	}
	return b.Bytes(), nil
}

// PNG encodes without loss, for flat styles.
func PNG(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img); err != nil {
		return nil, fmt.Errorf("encode a drawing as PNG: %w", err)
	}
	return b.Bytes(), nil
}
