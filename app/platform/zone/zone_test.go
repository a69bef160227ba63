package zone_test

import (
	"testing"
	"time"

	"vitrine/app/platform/zone"
)

func TestNames_areZones(t *testing.T) {
	t.Parallel()
	for _, name := range zone.Names() {
		if _, err := zone.Load(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"Europe/Lisbon": "Europe/Lisbon", " europe/lisbon ": "Europe/Lisbon", "America/New York": "America/New_York", "utc": "UTC",
		"Europe/Mariehamn": "Europe/Mariehamn", "": "", "Local": "", "local": "", "Mars/Olympus": "", "../../etc/passwd": "", "/etc/localtime": "", "GMT+25": "",
	} {
		got, ok := zone.Parse(typed)
		if ok != (want != "") || ok && got != want {
			t.Errorf("Parse(%q) is %q, %v, want %q", typed, got, ok, want)
		}
	}
}

// TestDay_hours: days are as long as the clocks of the place make them, and
// follow each other without a gap.
func TestDay_hours(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, zone string
		day       zone.Day
		starts    string
		long      time.Duration
	}{
		{"an ordinary day", "UTC", zone.On(2026, 3, 29), "2026-03-29T00:00:00Z", 24 * time.Hour},
		{"summer time begins", "Europe/Lisbon", zone.On(2026, 3, 29), "2026-03-29T00:00:00Z", 23 * time.Hour},
		{"summer time ends", "Europe/Lisbon", zone.On(2026, 10, 25), "2026-10-24T23:00:00Z", 25 * time.Hour},
		{"the other side of the world", "Pacific/Kiritimati", zone.On(2026, 11, 22), "2026-11-21T10:00:00Z", 24 * time.Hour},
		{"half an hour", "Asia/Kolkata", zone.On(2026, 11, 22), "2026-11-21T18:30:00Z", 24 * time.Hour},
		{"a change of half an hour", "Australia/Lord_Howe", zone.On(2026, 4, 5), "2026-04-04T13:00:00Z", 24*time.Hour + 30*time.Minute},
		{"midnight is skipped", "Africa/Cairo", zone.On(2026, 4, 24), "2026-04-23T22:00:00Z", 23 * time.Hour},
		{"midnight comes twice", "America/Havana", zone.On(2026, 11, 1), "2026-11-01T04:00:00Z", 25 * time.Hour},
		{"a date that never was", "Pacific/Apia", zone.On(2011, 12, 30), "2011-12-30T10:00:00Z", 0},
	} {
		loc, err := zone.Load(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		starts := c.day.Starts(loc)
		if got := starts.UTC().Format(time.RFC3339); got != c.starts {
			t.Errorf("%s: it starts at %s, want %s", c.why, got, c.starts)
		}
		if got := c.day.Ends(loc).Sub(starts); got != c.long {
			t.Errorf("%s: it is %s long, want %s", c.why, got, c.long)
		}
	}
}

// TestDay_covers: over a year, each moment lies in the day that its clock shows.
func TestDay_covers(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"UTC", "Europe/Lisbon", "America/New_York", "Asia/Kathmandu", "America/Havana", "Australia/Lord_Howe", "Pacific/Chatham"} {
		loc := zone.Or(name)
		for day := zone.On(2026, 1, 1); day.Before(zone.On(2027, 1, 1).Time); day = day.Plus(1) {
			from, to := day.Starts(loc), day.Ends(loc)
			if zone.Of(from, loc) != day || zone.Of(to.Add(-time.Second), loc) != day || zone.Of(from.Add(-time.Second), loc) != day.Plus(-1) {
				t.Fatalf("%s: %s is from %s to %s", name, day, from.In(loc), to.In(loc))
			}
		}
	}
}
