package notices

import (
	"strconv"
	"strings"
	"time"

	"vitrine/app/notifications/notices"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// view is the page of notifications.
type view struct {
	Shelf  notices.Shelf
	First  bool // the first page
	Tabs   ui.Tabs
	Unread int // on this shelf
	Until  string
	Older  string
	Days   []day
}

// day is the notices of a day or a longer time, under its name.
type day struct {
	Name  string
	Lines []line
}

func (d day) id() string { return strings.ReplaceAll(strings.ToLower(d.Name), " ", "-") }

// line is a notice as the page shows it.
type line struct {
	notices.Line
	When    string
	Exact   string // for machines
	Cover   *ui.Picture
	Avatars []ui.Avatar
}

// add puts a notice under the name of its day, by the clock of now.
func (v *view) add(now time.Time, l notices.Line) {
	at := l.At.In(now.Location())
	name := dayName(now, at)
	if len(v.Days) == 0 || v.Days[len(v.Days)-1].Name != name {
		v.Days = append(v.Days, day{Name: name})
	}
	out := line{Line: l, When: when(now, at, l), Exact: l.At.UTC().Format(time.RFC3339), Cover: picture(l)}
	for _, name := range l.Actors {
		out.Avatars = append(out.Avatars, ui.Avatar{Name: name})
	}
	if len(out.Avatars) == 0 {
		out.Avatars = []ui.Avatar{{Name: "Moderator", Initials: "MO"}}
	}
	last := &v.Days[len(v.Days)-1]
	last.Lines = append(last.Lines, out)
}

// daysBetween counts midnights.
func daysBetween(now, at time.Time) int {
	noon := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC) }
	return int(noon(now).Sub(noon(at)) / (24 * time.Hour))
}

func dayName(now, at time.Time) string {
	switch n := daysBetween(now, at); {
	case n <= 0:
		return "Today"
	case n == 1:
		return "Yesterday"
	case n < 8:
		return "Last week"
	case n < 32:
		return "Last month"
	}
	return "Earlier"
}

// when says the time as people do: how long ago today, the clock yesterday, the
// weekday last week, then the date.
func when(now, at time.Time, l notices.Line) string {
	said, clock := "", at.Format("15:04")
	switch ago := now.Sub(at); {
	case daysBetween(now, at) <= 0 && ago < time.Minute:
		said = "Just now"
	case daysBetween(now, at) <= 0 && ago < time.Hour:
		said = ui.Count(int(ago/time.Minute), "minute", "minutes") + " ago"
	case daysBetween(now, at) <= 0:
		said = ui.Count(int(ago/time.Hour), "hour", "hours") + " ago"
	case daysBetween(now, at) == 1:
		said = "At " + clock
	case daysBetween(now, at) < 8:
		said = at.Format("Monday") + " at " + clock
	case at.Year() == now.Year():
		said = at.Format("2 January") + " at " + clock
	default:
		said = at.Format("2 January 2006") + " at " + clock
	}
	if l.Things > 1 && (l.Kind == notices.Like || l.Kind == notices.Follow) && daysBetween(now, at) == 1 {
		said = "Last one at " + clock
	}
	switch l.Kind {
	case notices.Failed:
		said += ", from your studio"
	case notices.Decision, notices.Report:
		said += ", from the house"
	}
	return said
}

// settings is the form of what one wants to hear.
type settings struct {
	Rows    []choice
	Hour    string
	Zone    string
	Zones   []ui.Option
	Hours   []ui.Option
	Refusal views.Refusal
}

// choice is a kind with its switches.
type choice struct {
	Kind        notices.Kind
	Name, Hint  string
	Is          notices.Channels
	AlwaysThere bool
}

// kinds in words.
var kinds = map[notices.Kind][2]string{
	notices.Comment:   {"Comments", "on works of your studio"},
	notices.Reply:     {"Replies", "to what you wrote"},
	notices.Like:      {"Likes", "of works of your studio"},
	notices.Follow:    {"New followers", "of your studio"},
	notices.Published: {"New works", "of studios that you follow"},
	notices.Opened:    {"Scheduled works", "when they open"},
	notices.Failed:    {"Files", "that could not be used"},
	notices.Report:    {"Your reports", "and what became of them"},
	notices.Decision:  {"Decisions", "of moderators, always with a mail"},
}

func hours() (out []ui.Option) {
	for h := range 24 {
		label := strconv.Itoa(h) + ":00"
		if h < 10 {
			label = "0" + label
		}
		out = append(out, ui.Option{Value: strconv.Itoa(h), Label: label})
	}
	return out
}

// ending is the page behind the link of a mail.
type ending struct {
	Action  string
	Daily   bool
	What    string // the kind, in words
	Done    bool
	Refusal views.Refusal
}

func (e ending) heading() string {
	switch {
	case e.Done:
		return "These mails have ended"
	case e.Daily:
		return "Stop the daily mail?"
	}
	return "Stop these mails?"
}

func (e ending) text() string {
	switch {
	case e.Done && e.Daily:
		return "No daily mail comes any more. What happens still stands on your page of notifications."
	case e.Done:
		return "No mail about " + e.What + " comes at once any more. What happens still stands on your page of notifications."
	case e.Daily:
		return "Then no mail tells you once a day what you have not read. It still stands on your page of notifications."
	}
	return "Then no mail about " + e.What + " comes at once any more. It still stands on your page of notifications."
}

// summary stands above a refused form.
func (s settings) summary() ui.ErrorSummary {
	if s.Refusal.Message == "" && len(s.Refusal.Fields) == 0 {
		return ui.ErrorSummary{}
	}
	out := ui.ErrorsOf(s.Refusal.Fields, notices.FieldHour, notices.FieldZone)
	out.Message = s.Refusal.Message
	return out
}
