package archive

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"vitrine/app/accounts/closing"
	"vitrine/app/analytics"
	"vitrine/app/analytics/ranking"
	"vitrine/app/fault"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/errlog"
	"vitrine/app/platform/idem"
)

// dueBatch bounds one round of erasures; what is left comes with the next.
const dueBatch = 50

// errBusy makes the next round try again: something was begun in a studio at the
// moment in which it was to be removed.
var errBusy = errors.New("the studio got something new while it was removed")

// Tell sends the last mail before the end, to whoever has not had it.
func (s *Service) Tell(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "archive.Tell")
	for _, tell := range []func(tx db.Tx) (int, error){
		func(tx db.Tx) (int, error) { return s.Accounts.Tell(ctx, tx) },
		func(tx db.Tx) (int, error) { return s.Studios.TellClosing(ctx, tx, closing.Warn) },
	} {
		for {
			var n int
			err := s.DB.Transact(ctx, func(tx db.Tx) (err error) {
				n, err = tell(tx)
				return err
			})
			if err != nil {
				return err
			}
			if n == 0 {
				break
			}
		}
	}
	return nil
}

// EraseDue removes every studio and every person whose grace is over. One that
// cannot be removed does not keep the others back. For jobs; it bears repetition
// and interruption.
func (s *Service) EraseDue(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "archive.EraseDue")
	now := s.Clock()
	list, err := s.Studios.DueToClose(ctx, now, dueBatch)
	if err != nil {
		return err
	}
	var errs []error
	for _, studioID := range list {
		errs = append(errs, s.eraseStudio(ctx, studioID))
	}
	people, err := s.Accounts.Due(ctx, now, dueBatch)
	if err != nil {
		return errors.Join(append(errs, err)...)
	}
	for _, userID := range people {
		errs = append(errs, s.eraseUser(ctx, userID))
	}
	return errors.Join(errs...)
}

// eraseStudio removes everything of a studio: archives, works, search documents,
// files with their objects, and last the studio itself, which says that it is
// due as long as anything is left.
func (s *Service) eraseStudio(ctx context.Context, studioID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "archive.eraseStudio(%s)", studioID)
	if due, err := s.Studios.Due(ctx, studioID, s.Clock()); err != nil || !due {
		return err
	}
	if err := s.dropAll(ctx, Subject{Studio, studioID}); err != nil {
		return err
	}
	for _, erase := range []func(context.Context, uuid.UUID) error{s.carry.Erase, s.Search.Erase, s.originals.Erase} {
		if err := erase(ctx, studioID); err != nil {
			return err
		}
	}
	return s.DB.Tenant(ctx, studioID, func(tx db.Tx) error {
		st, ok, err := s.Studios.Lock(ctx, tx, studioID)
		if err != nil || !ok {
			return err
		}
		if err := audit.EraseStudio(ctx, tx, studioID, st.Name); err != nil {
			return err
		}
		works, err := s.carry.Left(ctx, tx, studioID)
		if err != nil {
			return err
		}
		files, err := s.originals.Left(ctx, tx, studioID)
		if err != nil {
			return err
		}
		if works+files > 0 {
			return errBusy
		}
		// What is named nowhere else any more is forgotten everywhere; that the
		// studio is gone is told last, and stays as long as events do.
		for _, erase := range []func(context.Context, db.Tx, uuid.UUID) error{idem.Erase, bus.Erase, s.Moderation.EraseStudio, s.Engagement.EraseStudio, s.Notices.EraseStudio, ranking.Erase, analytics.Erase, s.Studios.Erase} {
			if err := erase(ctx, tx, studioID); err != nil {
				return err
			}
		}
		return nil
	})
}

// dropAll removes the archives of a subject.
func (s *Service) dropAll(ctx context.Context, of Subject) error {
	ids, err := exportsOf(ctx, s.DB.Read(ctx), of)
	if err != nil {
		return err
	}
	for _, exportID := range ids {
		if err := s.drop(ctx, exportID); err != nil {
			return err
		}
	}
	return nil
}

// eraseUser removes everything of a person, the studios that are theirs alone
// first. Studios of others keep what the person made there, without their id.
func (s *Service) eraseUser(ctx context.Context, userID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "archive.eraseUser(%s)", userID)
	of, due, err := s.Accounts.Find(ctx, userID, s.Clock())
	if err != nil || !due {
		return err
	}
	if err := s.eraseOwned(ctx, userID); err != nil {
		return err
	}
	if err := s.dropAll(ctx, Subject{User, userID}); err != nil {
		return err
	}
	for _, erase := range []func(context.Context, uuid.UUID) error{s.carry.EraseAuthor, s.originals.EraseAuthor, s.eraseAsker} {
		if err := erase(ctx, userID); err != nil {
			return err
		}
	}
	return s.DB.Transact(ctx, func(tx db.Tx) error {
		if err := s.Studios.EraseMember(ctx, tx, userID, of.Keys); err != nil {
			return err
		}
		if err := s.Mails.Erase(ctx, tx, of.Keys); err != nil {
			return err
		}
		if err := audit.Erase(ctx, tx, userID, of.Name); err != nil {
			return err
		}
		for _, erase := range []func(context.Context, db.Tx, uuid.UUID) error{idem.Erase, bus.Erase, errlog.Erase, analytics.EraseAsker, s.Moderation.Erase, s.Engagement.Erase, s.Notices.EraseUser} {
			if err := erase(ctx, tx, userID); err != nil {
				return err
			}
		}
		return s.Accounts.Erase(ctx, tx, of)
	})
}

// eraseOwned removes the studios that a person who leaves owns alone, also one
// that was opened since or has a later date. A studio that others belong to is
// handed to one of them by EraseMember; if it is to end, that one can keep it.
func (s *Service) eraseOwned(ctx context.Context, userID uuid.UUID) error {
	owned, err := s.Studios.OwnedBy(ctx, userID)
	if err != nil {
		return err
	}
	for _, o := range owned {
		if o.Others > 0 {
			continue
		}
		err := s.DB.Tenant(ctx, o.StudioID, func(tx db.Tx) error {
			if err := s.closeStudio(ctx, tx, userID, o.StudioID, tx.Now(), true); err != nil {
				return err
			}
			return s.Studios.Hasten(ctx, tx, o.StudioID)
		})
		if err != nil {
			return err
		}
		if err := s.eraseStudio(ctx, o.StudioID); err != nil {
			return err
		}
	}
	return nil
}

// eraseAsker takes a person's id off the archives of studios that they asked
// for, which go by themselves within days.
func (s *Service) eraseAsker(ctx context.Context, userID uuid.UUID) error {
	return s.DB.Transact(ctx, func(tx db.Tx) error {
		return tx.SQL().Exec(`update exports set asked_by = ? where asked_by = ? and kind = 'studio'`, uuid.Nil, userID).Error
	})
}
