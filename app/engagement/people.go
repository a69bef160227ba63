package engagement

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
)

// OnRenamed keeps the name beside a person's comments.
func (s *Service) OnRenamed(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[accounts.Renamed](env)
	if err != nil {
		return err
	}
	return s.keepPerson(ctx, ev.UserID)
}

// OnSuspended takes a person's comments from the pages.
func (s *Service) OnSuspended(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[accounts.UserSuspended](env)
	if err != nil {
		return err
	}
	return s.keepPerson(ctx, ev.UserID)
}

// OnReinstated gives them back.
func (s *Service) OnReinstated(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[accounts.UserReinstated](env)
	if err != nil {
		return err
	}
	return s.keepPerson(ctx, ev.UserID)
}

// keepPerson writes how a person stands right now, whatever the event said. The
// row is held while the person is read, so that of two events the later read is
// the later write.
func (s *Service) keepPerson(ctx context.Context, userID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "engagement.keepPerson(%s)", userID)
	return s.db.Transact(ctx, func(tx db.Tx) error {
		who, err := s.accounts.Standing(ctx, tx.Reader(), userID)
		if fault.Is(err, fault.NotFound) {
			return nil // they have left, and Erase takes their row
		}
		if err != nil {
			return err
		}
		if err := insertPerson(tx, userID, who.Name); err != nil {
			return err
		}
		if who, err = s.accounts.Standing(ctx, tx.Reader(), userID); err != nil {
			return err
		}
		changed, err := updatePerson(tx, userID, who.Name, who.SuspendedAt != nil)
		if err != nil || !changed {
			return err
		}
		where, err := spokenBelow(tx, userID)
		if err != nil {
			return err
		}
		return s.sweep(ctx, tx, where, nil)
	})
}

// sweepPart is how many works or studios one event names at most.
const sweepPart = 500

// sweep tells of works and studios that look different.
func (s *Service) sweep(ctx context.Context, tx db.Tx, workIDs, studioIDs []uuid.UUID) error {
	var told []bus.Event
	for part := range slices.Chunk(workIDs, sweepPart) {
		told = append(told, Swept{WorkIDs: part})
	}
	for part := range slices.Chunk(studioIDs, sweepPart) {
		told = append(told, Swept{StudioIDs: part})
	}
	if len(told) == 0 {
		return nil
	}
	return s.outbox.Publish(ctx, tx, told...)
}

// Erase removes what a person who leaves has done: marks and follows, and the
// words of their comments. A comment with replies keeps its place, without their
// id. It needs the worker's handle and may be repeated.
func (s *Service) Erase(ctx context.Context, tx db.Tx, userID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "engagement.Erase(%s)", userID)
	if err := eraseShuns(tx, userID); err != nil {
		return err
	}
	spoken, err := spokenBelow(tx, userID)
	if err != nil {
		return err
	}
	liked, followed, err := erasePerson(tx, userID)
	if err != nil {
		return err
	}
	if err := s.sweep(ctx, tx, append(spoken, liked...), followed); err != nil {
		return err
	}
	return eraseShuns(tx, userID)
}

// EraseStudio removes what waits to be counted of a studio that is being removed.
// Everything else goes with its works and its own row.
func (s *Service) EraseStudio(_ context.Context, tx db.Tx, studioID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "engagement.EraseStudio(%s)", studioID)
	if err := eraseShuns(tx, studioID); err != nil {
		return err
	}
	if err := eraseStudio(tx, studioID); err != nil {
		return err
	}
	return eraseShuns(tx, studioID)
}
