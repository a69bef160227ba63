package ui

import (
	"context"
	"io"
	"strconv"

	"github.com/a-h/templ"

	"vitrine/web/ui/hang"
)

// The usual values of Picture.Sizes.
const (
	SizesHanging = "(min-width: 62rem) 30vw, 88vw" // 88: a phone of 412 px takes the picture of 640 px, not of 960
	SizesStage   = "100vw"
	SizesHalf    = "(min-width: 48rem) 46vw, 100vw"
	SizesThumb   = "120px"
)

// Source is the renditions of one type, as the srcset attribute lists them.
type Source struct {
	Type   string // "image/avif", "image/webp"
	SrcSet string // "/m/…-320.avif 320w, …"
}

// Picture is an image with all its renditions. Browsers take the first source
// that they know, so AVIF comes before WebP; Src and SrcSet are the JPEG that
// everybody knows. The zero value draws nothing.
type Picture struct {
	Alt           string // empty only when it was left empty; then it is decoration
	Width, Height int    // of the original, in pixels
	Tone          string // stored name of the placeholder colour
	Focal         hang.Focal
	Sources       []Source
	Src           string
	SrcSet        string
	Sizes         string // empty means SizesHanging
	// Priority is for the one picture that a page opens with. All others load
	// when they come near the window.
	Priority bool
	Lang     string // of Alt, when known
}

func (p Picture) class() string {
	return classes(hang.ToneClass(p.Tone), when(p.Focal != hang.Centre, hang.FocalClass(p.Focal)))
}

func (p Picture) sizes() string { return idOr(p.Sizes, SizesHanging) }

func (p Picture) width() string { return strconv.Itoa(max(p.Width, 1)) }

func (p Picture) height() string { return strconv.Itoa(max(p.Height, 1)) }

// Render implements templ.Component.
func (p Picture) Render(ctx context.Context, w io.Writer) error {
	if p.Src == "" {
		return nil
	}
	return picture(p).Render(ctx, w)
}

// decoration is the picture at the size of a thumbnail with no text of its own,
// because the words beside it say what it is. A nil picture draws nothing.
func (p *Picture) decoration() templ.Component {
	if p == nil {
		return templ.NopComponent
	}
	small := *p
	small.Alt, small.Sizes, small.Priority = "", SizesThumb, false
	return small
}

// Video is a film that plays when asked, from one MP4 file. Sources of other
// types may come before it.
type Video struct {
	Label         string // for screen readers: title or alt text
	Src           string // MP4
	Poster        string
	Width, Height int
	Tone          string
	Seconds       int
	Loop, Muted   bool
}

func (v Video) class() string {
	return classes(hang.RatioClass(v.Width, v.Height), hang.ToneClass(v.Tone))
}

func (v Video) width() string { return strconv.Itoa(max(v.Width, 1)) }

func (v Video) height() string { return strconv.Itoa(max(v.Height, 1)) }

// Render implements templ.Component.
func (v Video) Render(ctx context.Context, w io.Writer) error { return video(v).Render(ctx, w) }

// Card is a work on the wall with its label.
type Card struct {
	Title      string
	URL        string
	Lang       string // of the title, when known
	StudioName string // empty leaves the second line to Note
	StudioURL  string
	Note       string // instead of the studio, on the studio's own page: "Poster, 2025"
	Kind       string // "video" shows its sign and Duration
	Duration   string // "0:40"
	Count      int    // pictures in the work; shown from two up
	Sensitive  bool   // covered until the visitor asks
	State      State  // shown on the studio's own pages; empty for visitors
	Picture    Picture
	Level      int // of the heading; 0 means 3
}

// hung is the ratio class of the card's place on the wall.
func (c Card) hung() string { return hang.RatioClass(c.Picture.Width, c.Picture.Height) }

// Render implements templ.Component: the card outside a Hang, in its own ratio.
func (c Card) Render(ctx context.Context, w io.Writer) error { return card(c, c.hung()).Render(ctx, w) }

// Hang is a wall of works in justified rows.
type Hang struct {
	Cards []Card
	Small bool // lower rows: "more of this studio"
	Flush bool // a curated set that ends flush with the margin
	// Leads says that the page begins with this wall: its first picture loads at once and
	// before the rest. One only: on a slow line each further one holds that one up.
	Leads bool
}

func (h Hang) class() string {
	return classes("hang", when(h.Small, "hang-s"), when(h.Flush, "hang-flush"))
}

func (h Hang) at(i int) Card {
	c := h.Cards[i]
	c.Picture.Priority = h.Leads && i == 0
	return c
}

// Render implements templ.Component.
func (h Hang) Render(ctx context.Context, w io.Writer) error { return hanging(h).Render(ctx, w) }
