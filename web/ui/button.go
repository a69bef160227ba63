package ui

import (
	"context"
	"io"
)

// Look is the weight of a button: one Ink per view, the others beside it.
type Look int

// The looks.
const (
	Line   Look = iota // outlined
	Ink                // filled, the one main action
	Ghost              // bare
	Danger             // outlined in the colour of failure
)

func (l Look) class() string {
	switch l {
	case Ink:
		return "btn-ink"
	case Ghost:
		return "btn-ghost"
	case Danger:
		return "btn-bad"
	default:
		return ""
	}
}

// Button submits its form. Where several stand in one form, Name and Value tell
// them apart: Name "intent", Value "publish".
type Button struct {
	Label    string
	Look     Look
	Icon     Icon // before the label
	IconOnly bool // the label is then read, not seen
	Small    bool
	Wide     bool
	Disabled bool
	Name     string
	Value    string
	Form     string // id of a form elsewhere on the page
	Action   string // formaction, when it differs from the form's
	// Skip submits without the browser's own check of required fields, for
	// "Save draft" and for moving files about.
	Skip bool
}

func (b Button) class() string {
	return classes("btn", b.Look.class(), when(b.IconOnly, "btn-icon"), when(b.Small, "btn-s"), when(b.Wide, "btn-wide"))
}

// Render implements templ.Component.
func (b Button) Render(ctx context.Context, w io.Writer) error { return button(b).Render(ctx, w) }

// Link goes somewhere and looks like a button.
type Link struct {
	Label    string
	URL      string
	Look     Look
	Icon     Icon
	After    Icon // after the label
	IconOnly bool
	Small    bool
	Wide     bool
	Rel      string
}

func (l Link) class() string {
	return classes("btn", l.Look.class(), when(l.IconOnly, "btn-icon"), when(l.Small, "btn-s"), when(l.Wide, "btn-wide"))
}

// Render implements templ.Component.
func (l Link) Render(ctx context.Context, w io.Writer) error { return link(l).Render(ctx, w) }

// More is the quiet link with an arrow beside a heading.
type More struct {
	Label string
	URL   string
}

// Render implements templ.Component.
func (m More) Render(ctx context.Context, w io.Writer) error { return more(m).Render(ctx, w) }

// DefaultIntent stands first in a form with several buttons: the Enter key
// presses the first submit button of a form, and without this one that would be
// "move up" of the first file.
type DefaultIntent struct{ Value string }

// Render implements templ.Component.
func (d DefaultIntent) Render(ctx context.Context, w io.Writer) error {
	return defaultIntent(d).Render(ctx, w)
}

// Once is the hidden field that makes a form safe to send twice.
type Once struct{ Key string }

// Render implements templ.Component.
func (o Once) Render(ctx context.Context, w io.Writer) error { return once(o).Render(ctx, w) }

// Confirm asks a second time before what cannot be undone, without a script:
// the button opens a question in place, and only the second button acts. It
// stands inside the form that Act submits.
type Confirm struct {
	Label    string // of the first button: "Delete"
	Question string // "Delete this work and its three files? This cannot be undone."
	Act      Button // "Delete for good"; its look is Danger unless set
	Small    bool
	Icon     Icon
}

func (c Confirm) act() Button {
	if c.Act.Look == Line {
		c.Act.Look = Danger
	}
	return c.Act
}

// Render implements templ.Component.
func (c Confirm) Render(ctx context.Context, w io.Writer) error { return confirm(c).Render(ctx, w) }

// Share offers an address: to copy by hand always, by one press where the
// browser can.
type Share struct {
	URL   string // absolute
	Title string
	ID    string // unique on the page; empty means "share"
	Of    string // whose address it is; empty means "this page"
	Small bool
}

func (s Share) label() string {
	if s.Of == "" {
		return "Address of this page"
	}
	return "Address of " + s.Of
}

func (s Share) id() string {
	if s.ID == "" {
		return "share"
	}
	return s.ID
}

// Render implements templ.Component.
func (s Share) Render(ctx context.Context, w io.Writer) error { return share(s).Render(ctx, w) }
