package works

import (
	"sync"
	"testing"
	"time"
	_ "time/tzdata" // as the binary has it

	"vitrine/app/fault"
	"vitrine/app/platform/idem"
)

func TestWhen(t *testing.T) {
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		local, zone string
		want        string // RFC 3339, or the field that is wrong
	}{
		{"2026-11-26T09:00", "", "2026-11-26T09:00:00Z"},
		{"2026-11-26T09:00", "Europe/Oslo", "2026-11-26T08:00:00Z"},
		{"2026-11-26T09:00:30", "Asia/Kathmandu", "2026-11-26T03:15:30Z"},
		{"2026-11-22T09:00", "Europe/Berlin", FieldWhen},    // exactly now
		{"2026-11-22T08:01", "UTC", "2026-11-22T08:01:00Z"}, // a minute away
		{"2027-03-28T02:30", "Europe/Berlin", FieldWhen},    // skipped by summer time
		{"2025-11-26T09:00", "UTC", FieldWhen},
		{"2028-01-01T00:00", "UTC", FieldWhen},
		{"", "UTC", FieldWhen},
		{"tomorrow", "UTC", FieldWhen},
		{"2026-02-30T09:00", "UTC", FieldWhen},
		{"9999999-01-01T00:00", "UTC", FieldWhen},
		{"2026-11-26T09:00\x00", "UTC", FieldWhen},
		{"2026-11-26T09:00", "Mars/Olympus", FieldZone},
		{"2026-11-26T09:00", "../../etc/passwd", FieldZone},
		{"2026-11-26T09:00", "Local", FieldZone},
	} {
		at, _, err := When{c.local, c.zone}.parse(now)
		if err != nil {
			if _, ok := fault.FieldsOf(err)[c.want]; !ok {
				t.Errorf("%q in %q: got %v, want %s", c.local, c.zone, err, c.want)
			}
			continue
		}
		if at.Format(time.RFC3339) != c.want {
			t.Errorf("%q in %q: got %s, want %s", c.local, c.zone, at, c.want)
		}
	}
	for _, z := range Zones {
		if _, err := time.LoadLocation(z); err != nil {
			t.Errorf("the form offers %s: %v", z, err)
		}
	}
}

func TestPublishDue(t *testing.T) {
	w := newWorld(t)
	due, _ := w.draft(w.ours, "Due", 1)
	later, _ := w.draft(w.ours, "Later", 1)
	unready, _ := w.draft(w.theirs, "Unready", 0)
	waiting := w.file(w.theirs, false)
	_, err := w.app.AddMedia(ctx(), w.theirs, unready, nil, waiting, idem.NewKey())
	w.must(err)
	for _, s := range []struct {
		a Actor
		t Target
	}{{w.ours, due}, {w.ours, later}, {w.theirs, unready}} {
		_, err := w.app.Schedule(ctx(), s.a, s.t, nil, soon(2*time.Hour), idem.NewKey())
		w.must(err)
	}
	w.Exec(t, "update works set publish_at = now() - interval '1 minute' where title <> 'Later'")
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if _, err := w.worker.PublishDue(ctx()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := w.events("works.published.v1"); n != 1 {
		t.Fatalf("%d works opened, want 1", n)
	}
	p, err := w.app.ByPublicID(ctx(), due.PublicID)
	if err != nil || p.Work.PublishAt != nil {
		t.Fatalf("the work that was due is %+v, %v", p.Work.State, err)
	}
	// It opens once there is something to see.
	w.Exec(t, "update media set usable = true where id = $1", waiting)
	w.must(w.worker.MediaUsable(ctx(), w.theirs.StudioID, waiting))
	if n, err := w.worker.PublishDue(ctx()); n != 1 || err != nil {
		t.Fatalf("opened %d, %v", n, err)
	}
}
