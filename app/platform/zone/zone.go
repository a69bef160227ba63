// Package zone knows days where people live: time zones by their IANA names,
// and when a local day begins and ends. Days are told by Go alone, with the time
// zone database that is embedded in the binary where the machine has none, so
// that the web, jobs and the database never disagree about a date.
package zone

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // for machines and images without one
)

// Default is the zone of whoever has not chosen one.
const Default = "UTC"

// maxName bounds a name; the longest that exists has 32 letters.
const maxName = 64

// Load finds a zone by its IANA name, such as "Europe/Lisbon". "Local" is none:
// it means another thing on each machine.
func Load(name string) (*time.Location, error) {
	if name == "" || name == "Local" || len(name) > maxName {
		return nil, fmt.Errorf("%q is no time zone", name)
	}
	return time.LoadLocation(name)
}

// Or finds a zone by its name, and UTC when there is none of that name.
func Or(name string) *time.Location {
	if loc, err := Load(name); err == nil {
		return loc
	}
	return time.UTC
}

// Parse cleans a name that a person typed: spaces and letters' case do not
// matter for the names that Names lists. ok is false when there is no such zone.
func Parse(typed string) (name string, ok bool) {
	name = strings.ReplaceAll(strings.TrimSpace(typed), " ", "_")
	for _, known := range Names() {
		if strings.EqualFold(known, name) {
			return known, true
		}
	}
	_, err := Load(name)
	return name, err == nil
}

// Day is a date without a time, in no zone: midnight UTC of that date.
type Day struct{ time.Time }

// On makes a day of a date.
func On(year int, month time.Month, day int) Day {
	return Day{time.Date(year, month, day, 0, 0, 0, 0, time.UTC)}
}

// Of is the date that the clocks of a zone show at a time.
func Of(at time.Time, loc *time.Location) Day {
	y, m, d := at.In(loc).Date()
	return On(y, m, d)
}

// Plus is the day that many days later; negative for earlier.
func (d Day) Plus(days int) Day { return Day{d.AddDate(0, 0, days)} }

// String is the date as ISO 8601 has it.
func (d Day) String() string { return d.Format(time.DateOnly) }

// Starts is when the day begins in a zone: the first moment at which its clocks
// show that date or a later one. Where the clocks skip midnight it is the moment
// of the change; where they go back over midnight it is the first of the two.
func (d Day) Starts(loc *time.Location) time.Time {
	// Zones are less than a day from UTC, so the beginning lies between these.
	before, after := d.Add(-36*time.Hour), d.Add(36*time.Hour)
	for after.Sub(before) > time.Second {
		middle := before.Add(after.Sub(before) / 2).Truncate(time.Second)
		if middle.Equal(before) {
			break
		}
		if Of(middle, loc).Before(d.Time) {
			before = middle
		} else {
			after = middle
		}
	}
	return after
}

// Ends is when the next day begins.
func (d Day) Ends(loc *time.Location) time.Time { return d.Plus(1).Starts(loc) }
