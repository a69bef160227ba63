package demo

import (
	"context"
	"fmt"
	"time"

	"vitrine/app/demo/catalog"
	"vitrine/app/media"
	"vitrine/app/platform/db"
	"vitrine/app/works"
)

// open gives works their state as soon as something of them can be seen, in the
// order of the catalogue, until at most rest are left on their way.
func (f *filler) open(ctx context.Context, rest int) error {
	for {
		var left []waiting
		for _, w := range f.waiting {
			done, err := f.settle(ctx, w)
			if err != nil {
				return fmt.Errorf("work %d (%s): %w", w.n, w.work.Title, err)
			}
			if !done {
				left = append(left, w)
			}
		}
		if f.waiting = left; len(left) <= rest {
			return nil
		}
		if err := pause(ctx, lookEvery); err != nil {
			return err
		}
		if err := f.wanted(ctx); err != nil {
			return err
		}
	}
}

// settle gives a work its state when it can have it.
func (f *filler) settle(ctx context.Context, w waiting) (done bool, err error) {
	var files []media.Media
	err = f.DB.TenantRead(ctx, w.owner.ID, func(r db.Reader) error {
		files, err = f.Media.ByIDs(ctx, r, w.owner.ID, w.files)
		return err
	})
	if err != nil {
		return false, err
	}
	usable, settled := false, true
	for _, m := range files {
		usable = usable || m.Usable
		settled = settled && m.Settled()
	}
	if !usable {
		return settled, nil // a damaged file stays a draft that says so
	}
	if err := f.wanted(ctx); err != nil {
		return false, err
	}
	if err := f.become(ctx, w); err != nil {
		return true, err
	}
	return true, f.enliven(ctx, w.n, w.work)
}

// become is the use case of the state that the catalogue asks for.
func (f *filler) become(ctx context.Context, w waiting) (err error) {
	f.Calendar.set(f.date(w.n, w.work))
	defer f.Calendar.present()
	a, t, k := w.owner.actor(), works.Target{CreationKey: key(w.n)}, fmt.Sprintf("demo-open-%08d", w.n)
	switch w.work.State {
	case catalog.Published:
		_, err = f.Works.Publish(ctx, a, t, nil, k)
	case catalog.Unlisted:
		_, err = f.Works.Unlist(ctx, a, t, nil, k)
	case catalog.Archived:
		_, err = f.Works.Archive(ctx, a, t, nil, k)
	case catalog.Scheduled:
		// From the present on: what was begun may be gone on with weeks later.
		f.Calendar.present()
		at := f.Calendar.Now().UTC().Add(time.Duration(3+w.n%20) * 24 * time.Hour).Truncate(time.Hour)
		_, err = f.Works.Schedule(ctx, a, t, nil, works.When{Local: at.Format("2006-01-02T15:04"), Zone: "UTC"}, k)
	}
	return err
}

// end marks the data as complete and makes one studio's storage nearly full.
func (f *filler) end(ctx context.Context) error {
	return f.DB.Transact(ctx, func(tx db.Tx) error {
		if err := f.hold(tx); err != nil {
			return err
		}
		tight := f.owners[catalog.Studios()[len(catalog.Studios())-1].Slug]
		usage, err := f.Media.Usage(ctx, tx.Reader(), tight.ID)
		if err != nil {
			return err
		}
		if err := f.Media.SetLimit(ctx, tx, tight.ID, usage.Used+usage.Reserved+fullLimit); err != nil {
			return err
		}
		return tx.SQL().Exec("update demo set state = ?, generation = ?", Full, generation).Error
	})
}
