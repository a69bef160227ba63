package demo

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
)

// generation is how much the demo data is by now: 1 has people and what they do,
// and collections.
const generation = 1

// Outgrown asks to bring in what a demo lacks that was filled by an earlier
// version of the product.
type Outgrown struct {
	Since time.Time `json:"since"` // as in Wanted
}

// EventName names the event.
func (Outgrown) EventName() string { return "demo.outgrown.v1" }

// EventPriority lets everything that people wait for go first.
func (Outgrown) EventPriority() int { return -20 }

// OnOutgrown brings people, what they did, visitors and collections into a demo
// that is full of works already. Works and studios that were deleted since stay
// away. It may be interrupted and repeated.
func (s *Service) OnOutgrown(ctx context.Context, env bus.Envelope) (err error) {
	defer fault.Wrap(&err, "demo.OnOutgrown")
	ev, err := bus.Decode[Outgrown](env)
	if err != nil {
		return err
	}
	f := &filler{Service: s, ctx: ctx, since: ev.Since, into: Full, owners: map[string]studio{}}
	if other := s.enter(f); other != nil {
		if other.into == Full && other.since.Equal(f.since) && other.ctx.Err() == nil {
			return nil
		}
		return errLeaving
	}
	defer s.leave()
	if err = f.catchUp(ctx); errors.Is(err, errEnded) {
		return nil
	}
	return err
}

func (f *filler) catchUp(ctx context.Context) error {
	if err := f.wanted(ctx); err != nil {
		return err
	}
	if err := f.know(ctx); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{f.invite, f.enlivenAll, f.collect, f.watch} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return f.DB.Transact(ctx, func(tx db.Tx) error {
		if err := f.hold(tx); err != nil {
			return err
		}
		return tx.SQL().Exec("update demo set generation = ?", generation).Error
	})
}

// know finds the demo studios that are still there, and lets nobody write mails
// to the people behind them, who have no mailbox.
func (f *filler) know(ctx context.Context) error {
	return f.DB.Transact(ctx, func(tx db.Tx) error {
		var rows []struct {
			Slug      string
			ID, Owner uuid.UUID
		}
		err := tx.SQL().Raw(`select d.slug, d.studio_id as id, d.owner_id as owner from demo_studios d
			join studios s on s.id = d.studio_id join users u on u.id = d.owner_id order by d.slug`).Scan(&rows).Error
		if err != nil {
			return err
		}
		for _, r := range rows {
			f.owners[r.Slug] = studio{r.ID, r.Owner}
			if err := f.Notices.Silence(ctx, tx, r.Owner); err != nil {
				return err
			}
		}
		return nil
	})
}

// enlivenAll brings in what happened to every work that is there.
func (f *filler) enlivenAll(ctx context.Context) error {
	for n, w := range f.all() {
		if _, ok := f.owners[w.Studio]; !ok {
			continue
		}
		if err := f.wanted(ctx); err != nil {
			return err
		}
		if err := f.enliven(ctx, n, w); err != nil {
			return err
		}
	}
	return nil
}
