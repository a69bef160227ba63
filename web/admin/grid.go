package admin

import (
	"context"
	"io"
	"strconv"
	"time"

	"vitrine/web/ui"
)

// Column is the heading of a column; where there is no room for columns, its
// label stands before each value.
type Column struct {
	Label  string
	Number bool // set at the end of its column
}

// Cell is a value in a Grid. The first of a row names the row.
type Cell struct {
	Text  string
	Note  string // below it, fainter
	URL   string // where Text leads
	Time  string // the machine's form, when Text is a time
	Code  bool
	Badge *ui.Badge
	Act   *Act
}

func (c Cell) class() string {
	if c.Time != "" {
		return "at"
	}
	return ""
}

// Act is a form of one button in a cell.
type Act struct {
	Action string
	Button ui.Button
	Fields []ui.Hidden
}

// Grid is a table that becomes a list where it has no room. Without rows it
// shows Empty.
type Grid struct {
	Caption string // for screen readers
	Columns []Column
	Rows    [][]Cell
	Empty   string
}

// Render implements templ.Component.
func (g Grid) Render(ctx context.Context, w io.Writer) error { return grid(g).Render(ctx, w) }

func (g Grid) class(i int) string {
	if i < len(g.Columns) && g.Columns[i].Number {
		return "n"
	}
	return ""
}

func (g Grid) label(i int) string {
	if i < len(g.Columns) {
		return g.Columns[i].Label
	}
	return ""
}

// ago is a time as a person reads it in a list, with the whole of it for
// machines.
func ago(at, now time.Time) Cell {
	if at.IsZero() {
		return Cell{Text: "never"}
	}
	d := now.Sub(at)
	text := span(d) + " ago"
	switch {
	case d < 0:
		text = "in " + span(-d)
	case d < 2*time.Second:
		text = "just now"
	}
	return Cell{Text: text, Time: at.UTC().Format(time.RFC3339), Note: at.UTC().Format("2 Jan 2006, 15:04:05")}
}

// span writes a duration in one unit: "340 ms", "12 s", "4 min", "3 h", "9 days".
func span(d time.Duration) string {
	switch {
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	case d < 2*time.Minute:
		return strconv.Itoa(int(d.Seconds())) + " s"
	case d < 2*time.Hour:
		return strconv.Itoa(int(d.Minutes())) + " min"
	case d < 48*time.Hour:
		return strconv.Itoa(int(d.Hours())) + " h"
	}
	return ui.Count(int(d.Hours())/24, "day", "days")
}

// millis writes milliseconds as they are told apart: "0.42 ms", "38 ms", "4.2 s".
func millis(ms float64) string {
	switch {
	case ms < 10:
		return strconv.FormatFloat(ms, 'f', 2, 64) + " ms"
	case ms < 1000:
		return strconv.FormatFloat(ms, 'f', 0, 64) + " ms"
	case ms < 100_000:
		return strconv.FormatFloat(ms/1000, 'f', 1, 64) + " s"
	}
	return span(time.Duration(ms * float64(time.Millisecond)))
}

func number(n int64) string { return ui.Thousands(int(n)) }

func text(s string) Cell { return Cell{Text: s} }

func count(n int64) Cell { return Cell{Text: number(n)} }
