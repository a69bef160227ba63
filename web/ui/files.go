package ui

import (
	"context"
	"io"
	"slices"

	"github.com/a-h/templ"
)

// Offer is a way on for a file that is not simply ready. Each is a submit button
// named "intent" whose value is the offer, a colon and the file's id.
type Offer string

// The offers.
const (
	OfferRetry   Offer = "retry"   // "Try again"
	OfferReplace Offer = "replace" // "Choose another file", with a file field "file-<id>"
	OfferUse     Offer = "use"     // "Use that one", of a duplicate
	OfferKeep    Offer = "keep"    // "Upload anyway", of a duplicate
)

// FileRow is one file of a work being composed. Besides the offers it has the
// intents "up:<id>", "down:<id>" and "remove:<id>".
//
// Scripts find the row by data-file="<id>" with data-state, and inside it what
// carries data-part: name, badge, detail, reason, bar, offers.
type FileRow struct {
	ID      string
	Name    string // the file's own name
	State   State
	Detail  string // "14.2 MB, 6048 × 3402", or "31.5 of 48.9 MB, 20 seconds left"
	Reason  string // what is happening, or what went wrong and what to do
	Percent int    // of an upload
	Cover   bool   // the first picture stands for the work
	Picture *Picture

	// AltName is the name of the field for the description; empty leaves the
	// field out (a file that is not there yet has nothing to describe).
	AltName  string
	Alt      string
	AltError string
	AltLang  string

	// Fingerprint is how the browser that began an upload names its file, so that
	// the script finds the row again when the same file is chosen after a reload.
	Fingerprint string

	// More stands below the description: a caption, the point that a crop keeps.
	More templ.Component

	First, Last bool // there is nothing above, or below
	Fixed       bool // it cannot be moved (an upload under way)
	// Offers; nil means what the state suggests: a failed file can be tried again
	// or replaced. Give an empty slice for none.
	Offers []Offer

	// OtherTitle and OtherURL tell where a duplicate already is.
	OtherTitle, OtherURL string
}

func (f FileRow) offers(o Offer) bool {
	if f.Offers == nil && f.State == Failed {
		return o == OfferRetry || o == OfferReplace
	}
	return slices.Contains(f.Offers, o)
}

func (f FileRow) hasOffers() bool {
	return f.offers(OfferRetry) || f.offers(OfferReplace) || f.offers(OfferUse) || f.offers(OfferKeep)
}

func (f FileRow) intent(verb string) string { return verb + ":" + f.ID }

func (f FileRow) class() string {
	return classes("file", when(f.State == Uploading || f.State == Waiting, "file-faint"))
}

func (f FileRow) movable() bool {
	return !f.Fixed && f.State != Uploading && f.State != Waiting && f.State != Failed && f.State != Duplicate
}

func (f FileRow) reasonClass() string { return classes(when(f.State == Failed, "is-bad")) }

func (f FileRow) removeLabel() string {
	if f.State == Uploading || f.State == Waiting {
		return "Cancel: " + f.Name
	}
	return "Remove: " + f.Name
}

// describe is the field for those who cannot see the picture. It prompts and
// never blocks.
func (f FileRow) describe() TextArea {
	t := TextArea{
		Name: f.AltName, Label: "Describe it for those who cannot see it", Value: f.Alt, Error: f.AltError,
		Rows: 2, Small: true, MaxLength: 1500, Lang: f.AltLang,
	}
	if f.Alt == "" {
		t.Note, t.Hint = "recommended", "One sentence is enough: what would you say on the phone?"
	}
	return t
}

// bar is shown while something is under way; ok tells whether it is.
func (f FileRow) bar() (b Bar, ok bool) {
	switch f.State {
	case Uploading:
		return Bar{Label: "Uploading " + f.Name, Percent: f.Percent}, true
	case Processing:
		return Bar{Label: "Processing " + f.Name, Percent: -1}, true
	default:
		return Bar{}, false
	}
}

// Render implements templ.Component.
func (f FileRow) Render(ctx context.Context, w io.Writer) error { return fileRow(f).Render(ctx, w) }

// FileTemplates are empty rows in template elements, one per state that exists
// only in the browser: a script clones the one marked
// data-file-template="<state>" and fills its parts.
type FileTemplates struct{}

func (FileTemplates) rows() []FileRow {
	return []FileRow{
		{State: Waiting}, {State: Uploading}, {State: Processing}, {State: Failed},
		{State: Duplicate, Offers: []Offer{OfferUse, OfferKeep}},
	}
}

// Render implements templ.Component.
func (f FileTemplates) Render(ctx context.Context, w io.Writer) error {
	return fileTemplates(f).Render(ctx, w)
}

// DropZone is where files are chosen. The whole page takes drops; this is the
// field that works without scripts. The form needs enctype multipart/form-data.
type DropZone struct {
	Name    string // of the file field, such as "files"
	Accept  string // types and endings, as the accept attribute lists them
	Limits  string // "JPEG, PNG … to 50 MB. MP4 … to 2 GB. You have 3.4 GB left."
	Error   string
	Heading string // empty means "Drop photos and films anywhere on this page"
	// Upload is shown to those without scripts, who send files by a button of
	// their own; intent "upload". Scripts hide what carries data-plain.
	Upload bool
}

func (d DropZone) describedBy() string { return describedBy(d.Name, d.Limits, d.Error) }

// Render implements templ.Component.
func (d DropZone) Render(ctx context.Context, w io.Writer) error { return dropZone(d).Render(ctx, w) }

// Schedule is the part of a PublishBar that asks for a time.
type Schedule struct {
	Field  Field // Kind DateTime
	Zone   Select
	Button Button
	Open   bool // after an error in the field
}

// PublishBar stands at the foot of the compose page. Main is the one that
// publishes.
type PublishBar struct {
	Summary  string // "2 of 6 ready."
	Note     string // "Publishing now shows these two; the rest follow by themselves."
	Others   []Button
	Schedule *Schedule
	Main     Button
}

// Render implements templ.Component.
func (p PublishBar) Render(ctx context.Context, w io.Writer) error {
	return publishBar(p).Render(ctx, w)
}
