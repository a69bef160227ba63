package analytics

import (
	"context"
	"crypto/rand"
	"time"

	"vitrine/app/platform/db"
	"vitrine/app/platform/zone"
)

// The earliest and the latest clocks of the world, from UTC. A date begins with
// the latter and is over everywhere with the former.
const (
	earliest = -12 * time.Hour
	latest   = 14 * time.Hour
)

// saltAhead is how long before its day a salt is made, so that the first view of
// a day finds it.
const saltAhead = time.Hour

// salts are those of the dates that some clock shows now.
type salts struct {
	byDay map[zone.Day][]byte
	until time.Time // the next date needs another one
}

func (s salts) of(day zone.Day) []byte { return s.byDay[day] }

// keepSalts makes and reads the salts that are needed now and soon. All processes
// have the same ones: whoever is first makes them.
func (r *Recorder) keepSalts(ctx context.Context) error {
	now := r.Clock()
	r.mu.Lock()
	enough := now.Before(r.salts.until)
	r.mu.Unlock()
	if enough {
		return nil
	}
	first, last := zone.Of(now.Add(earliest), time.UTC), zone.Of(now.Add(latest+saltAhead), time.UTC)
	var found map[zone.Day][]byte
	err := r.DB.Transact(ctx, func(tx db.Tx) (err error) {
		for day := first; !day.After(last.Time); day = day.Plus(1) {
			salt := make([]byte, 32)
			_, _ = rand.Read(salt) // never fails
			if err := insertSalt(tx, day, salt); err != nil {
				return err
			}
		}
		found, err = saltsFrom(tx, first)
		return err
	})
	if err != nil {
		return err
	}
	if found[first] == nil || found[last] == nil {
		return errNoSalts
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.salts = salts{byDay: found, until: last.Plus(1).Add(-latest - saltAhead)}
	return nil
}

// saltEnds is when a date is over everywhere, and its salt goes.
func saltEnds(day zone.Day) time.Time { return day.Plus(1).Add(-earliest) }
