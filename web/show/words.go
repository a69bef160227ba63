package show

import (
	"strconv"
	"time"

	"vitrine/app/media"
	"vitrine/app/works"
	"vitrine/web/ui"
)

// Since says how long ago something was, roughly.
func Since(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "a moment ago"
	case d < time.Hour:
		return ui.Count(int(d/time.Minute), "minute", "minutes") + " ago"
	case d < 24*time.Hour:
		return ui.Count(int(d/time.Hour), "hour", "hours") + " ago"
	case d < 30*24*time.Hour:
		return ui.Count(int(d/(24*time.Hour)), "day", "days") + " ago"
	}
	return ui.Count(int(d/(30*24*time.Hour)), "month", "months") + " ago"
}

// Opening says when a scheduled work opens: "on Thursday 26 November 2026 at
// 09:00 (Europe/Lisbon, UTC+00:00)". The offset makes an hour that a zone has
// twice unmistakable.
func Opening(w works.Work) string {
	if w.PublishAt == nil {
		return ""
	}
	t := InZone(*w.PublishAt, w.PublishZone)
	zone := "UTC"
	if w.PublishZone != "UTC" {
		zone = w.PublishZone + ", UTC" + t.Format("-07:00")
	}
	return "on " + t.Format("Monday 2 January 2006 at 15:04") + " (" + zone + ")"
}

// InZone shows a time in a zone; one that is not known any more shows UTC.
func InZone(t time.Time, zone string) time.Time {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return t.UTC()
	}
	return t.In(loc)
}

// FileSize is a file in numbers: "14.2 MB, 6048 × 3402".
func FileSize(m media.Media) string {
	out := ui.Bytes(m.Bytes)
	if m.Width > 0 {
		out += ", " + strconv.Itoa(m.Width) + " × " + strconv.Itoa(m.Height)
	}
	if m.DurationMS > 0 {
		out += ", " + ui.Length(Seconds(m.DurationMS))
	}
	return out
}
