package insights

import (
	"strconv"
	"time"

	"vitrine/app/analytics"
	"vitrine/app/platform/zone"
	"vitrine/web/ui"
)

// number writes a number as people read it; less than nothing has a real minus.
func number(n int) string {
	if n < 0 {
		return "\u2212" + ui.Thousands(-n)
	}
	return ui.Thousands(n)
}

// change says how a number stands to the one before.
func change(now, before int) string {
	diff := now - before
	switch {
	case diff == 0:
		return "as before"
	case before <= 0:
		return "before: " + number(before)
	case before < 20 && diff > 0:
		return "up " + number(diff)
	case before < 20:
		return "down " + number(-diff)
	}
	percent := (diff*200 + before) / (2 * before)
	if diff < 0 {
		percent = (-diff*200 + before) / (2 * before)
	}
	switch {
	case percent == 0:
		return "as before"
	case diff > 0:
		return "up " + number(percent) + "\u00a0%"
	}
	return "down " + number(percent) + "\u00a0%"
}

// last names a range: "Last 30 days".
func last(r analytics.Range) string {
	if r == analytics.Year {
		return "Last year"
	}
	return "Last " + r.String() + " days"
}

// these and before name a range and the one before it, for the lines of a chart.
func these(r analytics.Range) (now, before string) {
	if r == analytics.Year {
		return "This year", "The year before"
	}
	return "These " + r.String() + " days", "The " + r.String() + " before"
}

func tab(r analytics.Range) string {
	if r == analytics.Year {
		return "1 year"
	}
	return r.String() + " days"
}

func shortDay(d zone.Day) string { return d.Format("2 Jan") }

func longDay(d zone.Day) string { return d.Format("Mon 2 Jan 2006") }

// marks are the dates below a chart: at most five, evenly apart, the last one
// among them.
func marks(days []analytics.DaySum) (out []string) {
	n := len(days)
	parts := min(4, n-1)
	for i := range parts + 1 {
		out = append(out, shortDay(days[i*(n-1)/max(1, parts)].Day))
	}
	return out
}

// clock is an hour of the day: "14:00".
func clock(hour int) string { return strconv.Itoa(hour) + ":00" }

// sourceName is a source as people read it. here is the site's own host.
func sourceName(source, here string) string {
	switch source {
	case "":
		return "Directly, or not told"
	case analytics.OtherSources:
		return "Others"
	case here:
		return "Other pages here"
	}
	return source
}

func on(t time.Time, zoneName string) string {
	return t.In(zone.Or(zoneName)).Format("2 January 2006, 15:04")
}

func onDay(t time.Time, zoneName string) string {
	return t.In(zone.Or(zoneName)).Format("2 January 2006")
}
