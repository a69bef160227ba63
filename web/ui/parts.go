package ui

import (
	"context"
	"io"
	"strconv"

	"vitrine/web/page"
)

// State is where a file or a work stands. It is shown as a word and a sign, then
// a colour.
type State string

// The states of a file, then those of a work.
const (
	Waiting    State = "waiting"
	Uploading  State = "uploading"
	Processing State = "processing"
	Ready      State = "ready"
	Failed     State = "failed"
	Duplicate  State = "duplicate"

	Draft     State = "draft"
	Scheduled State = "scheduled"
	Published State = "published"
	Unlisted  State = "unlisted"
	Archived  State = "archived"
)

// States returns all of them, for the sheet of components.
func States() []State {
	return []State{
		Waiting, Uploading, Processing, Ready, Failed, Duplicate,
		Draft, Scheduled, Published, Unlisted, Archived,
	}
}

// Word is the state as people read it.
func (s State) Word() string {
	switch s {
	case Waiting:
		return "Waiting"
	case Uploading:
		return "Uploading"
	case Processing:
		return "Processing"
	case Ready:
		return "Ready"
	case Failed:
		return "Failed"
	case Duplicate:
		return "Duplicate"
	case Scheduled:
		return "Scheduled"
	case Published:
		return "Published"
	case Unlisted:
		return "Unlisted"
	case Archived:
		return "Archived"
	default:
		return "Draft"
	}
}

func (s State) icon() Icon {
	switch s {
	case Ready, Published:
		return IconCheck
	case Failed:
		return IconAlert
	case Duplicate:
		return IconCopies
	case Uploading:
		return IconUp
	case Waiting, Processing, Scheduled:
		return IconClock
	case Unlisted:
		return IconLink
	default:
		return IconNone
	}
}

func (s State) class() string {
	switch s {
	case Ready, Published:
		return "is-good"
	case Failed:
		return "is-bad"
	case Duplicate:
		return "is-warn"
	case Unlisted, Archived:
		return "badge-line"
	default:
		return ""
	}
}

// Badge shows a state. Label replaces the state's word; without a state it is a
// plain outlined badge ("Cover", "Studio").
type Badge struct {
	State State
	Label string
}

func (b Badge) class() string {
	if b.State == "" {
		return "badge badge-line"
	}
	return classes("badge", b.State.class())
}

func (b Badge) label() string { return idOr(b.Label, b.State.Word()) }

func (b Badge) icon() Icon {
	if b.State == "" {
		return IconNone
	}
	return b.State.icon()
}

// Render implements templ.Component.
func (b Badge) Render(ctx context.Context, w io.Writer) error { return badge(b).Render(ctx, w) }

// Tag links to what carries it. With Remove, the link takes a filter away.
type Tag struct {
	Label  string
	URL    string
	Remove bool
}

// Render implements templ.Component.
func (t Tag) Render(ctx context.Context, w io.Writer) error { return tag(t).Render(ctx, w) }

// Size is one of three.
type Size int

// The sizes of an avatar.
const (
	Medium Size = iota
	Small
	Large
)

// Avatar stands for a person or a studio: a picture, or the initials of Name.
// It is decoration beside the name and hidden from screen readers.
type Avatar struct {
	Name     string
	Initials string // empty: taken from Name
	Picture  *Picture
	Size     Size
}

func (a Avatar) initials() string {
	if a.Initials != "" {
		return a.Initials
	}
	return page.InitialsOf(a.Name)
}

func (a Avatar) class() string {
	return classes("ava", when(a.Size == Small, "ava-s"), when(a.Size == Large, "ava-l"))
}

// Render implements templ.Component.
func (a Avatar) Render(ctx context.Context, w io.Writer) error { return avatar(a).Render(ctx, w) }

// Flash is one message on the page. Link is optional and follows the text.
type Flash struct {
	Kind    page.Kind
	Strong  string // said first, in bold
	Message string
	LinkURL string
	Link    string
}

func (f Flash) class() string {
	switch f.Kind {
	case page.Good:
		return "flash is-good"
	case page.Warn:
		return "flash is-warn"
	case page.Bad:
		return "flash is-bad"
	default:
		return "flash"
	}
}

func (f Flash) icon() Icon {
	switch f.Kind {
	case page.Good:
		return IconCheck
	case page.Warn, page.Bad:
		return IconAlert
	default:
		return IconInfo
	}
}

// role: bad news interrupts a screen reader, the rest waits its turn.
func (f Flash) role() string {
	if f.Kind == page.Bad {
		return "alert"
	}
	return "status"
}

// Render implements templ.Component.
func (f Flash) Render(ctx context.Context, w io.Writer) error { return flash(f).Render(ctx, w) }

// Tab is one entry of Tabs. Count is shown from zero up; below zero it is left out.
type Tab struct {
	Label   string
	URL     string
	Count   int
	Current bool
}

// Tabs are links between the views of one thing.
type Tabs struct {
	Label string // what they switch, for screen readers
	Items []Tab
	// Fold makes them a menu on a phone, named after the current one: for more
	// than fit side by side.
	Fold bool
}

// here is the label of the current tab, or what the tabs switch.
func (t Tabs) here() string {
	for _, item := range t.Items {
		if item.Current {
			return item.Label
		}
	}
	return t.Label
}

// Render implements templ.Component.
func (t Tabs) Render(ctx context.Context, w io.Writer) error { return tabs(t).Render(ctx, w) }

// Pages leads through a list by keyset: no numbers, only newer and older. An
// empty URL leaves that side out; with both empty it renders nothing.
type Pages struct {
	NewerURL, OlderURL string
	Newer, Older       string // labels; empty means "Newer" and "Older"
}

// Render implements templ.Component.
func (p Pages) Render(ctx context.Context, w io.Writer) error { return pages(p).Render(ctx, w) }

// Empty is the dashed place where a work would hang: one sentence that says
// what comes next, one button.
type Empty struct {
	Heading string
	Text    string
	Link    *Link
}

// Render implements templ.Component.
func (e Empty) Render(ctx context.Context, w io.Writer) error { return empty(e).Render(ctx, w) }

// Stat is one number with its name and, below it, what it is made of.
type Stat struct {
	Label, Value, Note string
}

// Stats is a row of large numbers.
type Stats []Stat

// Render implements templ.Component.
func (s Stats) Render(ctx context.Context, w io.Writer) error { return stats(s).Render(ctx, w) }

// Fact is one line of what is known: a term and its value, or values that are
// links. Time is the machine's form of a date (RFC 3339) when Value is one.
type Fact struct {
	Term  string
	Value string
	Time  string
	Links []FactLink
}

// FactLink is a value that leads somewhere.
type FactLink struct {
	Label, URL string
}

// Facts is the list beside a story.
type Facts []Fact

// Render implements templ.Component.
func (f Facts) Render(ctx context.Context, w io.Writer) error { return facts(f).Render(ctx, w) }

// Neighbour is a work before or after the present one.
type Neighbour struct {
	Title, URL, Lang string
	Picture          *Picture
}

// Turn leads to the two neighbours of a work; either may be nil, with both nil
// it renders nothing.
type Turn struct {
	Label          string // empty means "Other works of this studio"
	Earlier, Later *Neighbour
}

// Render implements templ.Component.
func (t Turn) Render(ctx context.Context, w io.Writer) error { return turn(t).Render(ctx, w) }

// Bar shows how far something is, from 0 to 100. Below 0 it is at work without
// a known end.
type Bar struct {
	Label   string // for screen readers: what is progressing
	Percent int
	Large   bool
	Warn    bool
}

func (b Bar) class() string { return classes(when(b.Large, "bar-l"), when(b.Warn, "bar-warn")) }

func (b Bar) value() string { return strconv.Itoa(min(b.Percent, 100)) }

// Render implements templ.Component.
func (b Bar) Render(ctx context.Context, w io.Writer) error { return bar(b).Render(ctx, w) }

// MenuItem is a link in a menu. Swatch is a tone class shown before the label.
type MenuItem struct {
	Label   string
	URL     string
	Count   string
	Swatch  string
	Current bool
}

// Menu is a list of links behind a button. Menus of one Group close each other.
type Menu struct {
	Label string
	Group string
	Items []MenuItem
	Open  bool
}

// Render implements templ.Component.
func (m Menu) Render(ctx context.Context, w io.Writer) error { return menu(m).Render(ctx, w) }

// SearchForm looks for works, studios and tags. Large is the one of the search
// page; Filters are kept as hidden fields.
type SearchForm struct {
	ID          string // unique on the page
	Landmark    string // tells two search forms of one page apart; empty means "Search"
	Query       string
	Placeholder string // empty means "Search"
	Large       bool
	Filters     []Hidden
}

// Hidden is a field that a form carries along.
type Hidden struct{ Name, Value string }

// Render implements templ.Component.
func (s SearchForm) Render(ctx context.Context, w io.Writer) error {
	return searchForm(s).Render(ctx, w)
}
