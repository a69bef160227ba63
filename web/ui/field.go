package ui

import (
	"context"
	"io"
	"strconv"
)

// Kind is the type of an input. The zero value is a line of text.
type Kind string

// The kinds of input.
const (
	Text     Kind = "text"
	Email    Kind = "email"
	Password Kind = "password"
	URL      Kind = "url"
	Number   Kind = "number"
	Search   Kind = "search"
	// DateTime holds and sends YYYY-MM-DDTHH:MM without a zone: say in the hint
	// which zone is meant.
	DateTime Kind = "datetime-local"
)

// Field is one line of input with its label, hint and error. After a refused
// form, Value holds what the person typed (never a password) and Error says what
// is wrong and what to do.
type Field struct {
	Name  string
	ID    string // unique on the page; empty means the name
	Kind  Kind
	Label string
	// Note stands beside the label in a fainter voice: "optional", "up to ten".
	Note  string
	Hint  string
	Error string
	Value string

	Required     bool
	HideLabel    bool // read, not seen
	Title        bool // set large: the title of a work
	ReadOnly     bool
	Placeholder  string // an example, never the label
	Autocomplete string
	InputMode    string
	MaxLength    int
	MinLength    int
	Min, Max     string
	Choices      []string // offered while somebody types; anything else can be typed, too
	Plain        bool     // no spelling marks, no capitals: addresses, tags, names of studios
}

func (f Field) id() string { return idOr(f.ID, f.Name) }

func (f Field) kind() Kind {
	if f.Kind == "" {
		return Text
	}
	return f.Kind
}

func (f Field) class() string { return classes("in", when(f.Title, "in-title")) }

// Render implements templ.Component.
func (f Field) Render(ctx context.Context, w io.Writer) error { return field(f).Render(ctx, w) }

// TextArea is a field of several lines. Rows is how many it starts with; it
// grows with what is typed.
type TextArea struct {
	Name, ID  string
	Label     string
	Note      string
	Hint      string
	Error     string
	Value     string
	Rows      int
	Required  bool
	HideLabel bool
	MaxLength int
	Small     bool // two lines high at first
	// Lang is the language of the text when it is known.
	Lang string
}

func (t TextArea) id() string { return idOr(t.ID, t.Name) }

func (t TextArea) rows() string {
	if t.Rows <= 0 {
		return "3"
	}
	return strconv.Itoa(t.Rows)
}

// Render implements templ.Component.
func (t TextArea) Render(ctx context.Context, w io.Writer) error { return textArea(t).Render(ctx, w) }

// Option is one choice of a Select.
type Option struct {
	Value, Label string
}

// Select is a choice of one among few. A Value that is not among Options leaves
// the first one chosen.
type Select struct {
	Name, ID  string
	Label     string
	Note      string
	Hint      string
	Error     string
	Value     string
	Options   []Option
	Required  bool
	HideLabel bool
}

func (s Select) id() string { return idOr(s.ID, s.Name) }

// Render implements templ.Component.
func (s Select) Render(ctx context.Context, w io.Writer) error { return selectField(s).Render(ctx, w) }

// Tick is a checkbox. It sends Value, or "on" when that is empty.
type Tick struct {
	Name, ID string
	Label    string
	Hint     string
	Error    string
	Value    string
	Checked  bool
	Required bool
}

func (t Tick) id() string { return idOr(t.ID, t.Name) }

func (t Tick) value() string { return idOr(t.Value, "on") }

// Render implements templ.Component.
func (t Tick) Render(ctx context.Context, w io.Writer) error { return tick(t).Render(ctx, w) }

// FieldError points from the summary to a field.
type FieldError struct {
	Field   string // its id
	Message string
}

// ErrorSummary stands above a refused form: how many things need another look,
// each a link to its field. Without entries it shows Message alone, and without
// both it renders nothing.
type ErrorSummary struct {
	Message string // said first; empty means a count
	Fields  []FieldError
}

// ErrorsOf makes a summary from field → message (what fault.FieldsOf returns) in
// the order of the form's fields; names missing from order come last, sorted.
func ErrorsOf(messages map[string]string, order ...string) ErrorSummary {
	var s ErrorSummary
	listed := make(map[string]bool, len(order))
	for _, name := range order {
		listed[name] = true
		if m, ok := messages[name]; ok {
			s.Fields = append(s.Fields, FieldError{Field: name, Message: m})
		}
	}
	for _, name := range sortedKeys(messages) {
		if !listed[name] {
			s.Fields = append(s.Fields, FieldError{Field: name, Message: messages[name]})
		}
	}
	return s
}

func (s ErrorSummary) heading() string {
	switch {
	case s.Message != "":
		return s.Message
	case len(s.Fields) == 1:
		return "One thing needs another look."
	default:
		return numberWord(len(s.Fields)) + " things need another look."
	}
}

// Render implements templ.Component.
func (s ErrorSummary) Render(ctx context.Context, w io.Writer) error {
	return errorSummary(s).Render(ctx, w)
}

func idOr(id, fallback string) string {
	if id == "" {
		return fallback
	}
	return id
}

// describedBy lists the ids of hint and error, as far as they are there.
func describedBy(id, hint, problem string) string {
	return classes(when(hint != "", id+"-hint"), when(problem != "", id+"-error"))
}

// leadingBreak repeats a line break that the text starts with: parsers of HTML
// drop the first one inside a textarea, and what the person typed must come back
// as it was.
func leadingBreak(value string) string {
	if len(value) > 0 && (value[0] == '\n' || value[0] == '\r') {
		return "\n"
	}
	return ""
}
