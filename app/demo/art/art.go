package art

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"

	"vitrine/app/demo/art/canvas"
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

// scene is what a style draws with: the canvas, a source of chance, the size and the colours of this one picture.
type scene struct {
	c     *canvas.Canvas
	r     *canvas.Rand
	seed  int
	w, h  float64
	s     float64 // a thousandth of the geometric mean of the sides: widths and lengths scale by it
	phase float64 // 0 to 1 through a film's loop
	pal   palette
	mood  mood
}

// method is one row of the table of styles.
type method struct {
	style  Style
	family string
	draw   func(*scene)
	tone   tone
	finish canvas.Finish
	moves  bool
	flat   bool
}

// tone says which colours suit a style.
type tone int

const (
	anyPalette tone = iota
	lightGround
	darkGround
	bySun
	byDay
	byNight
	bySand
	anyMood
)

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
	sc := newScene(seed, m, w, h)
	sc.phase = phase
	m.draw(sc)
	f := m.finish
	f.Seed = sc.seed
	if phase > 0 {
		// Grain that flickers costs a film half of its bytes.
		f.Grain, f.Dither, f.Seed = 0, true, sc.seed+int(phase*1e6)
	}
	return sc.c.Image(f)
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
	sc := newScene(seed, m, 1, 1)
	if m.tone >= bySun {
		return Palette{sc.mood.name, sc.mood.light, sc.mood.accent, sc.mood.time}
	}
	return Palette{sc.pal.name, sc.pal.groundWord, sc.pal.accentWord, ""}
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
