package engagement

import (
	"context"

	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
)

// foldBatch is how many changes one transaction adds up at most.
const foldBatch = 5000

// OnAct folds what the act has changed, with whatever else waits by then. It
// reacts to everything that was done or taken back.
func (s *Service) OnAct(ctx context.Context, _ bus.Envelope) error {
	_, err := s.Fold(ctx)
	return err
}

// Fold adds the changes that wait to their counters and says how many there were.
// Each is taken away in the transaction that counts it, so none is lost or
// counted twice, and a work that a thousand people like at once has its row
// written once a batch. One fold runs at a time. It needs the worker's handle.
func (s *Service) Fold(ctx context.Context) (folded int, err error) {
	defer fault.Wrap(&err, "engagement.Fold")
	for {
		n := 0
		err := s.db.Transact(ctx, func(tx db.Tx) (err error) {
			n, err = fold(tx, foldBatch)
			return err
		})
		folded += n
		if err != nil || n < foldBatch {
			return folded, err
		}
	}
}

// Recount sets every counter to what the rows say, for data that came in bulk
// past the acts. Changes that wait are part of the rows and are forgotten. It
// needs the worker's handle.
func (s *Service) Recount(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "engagement.Recount")
	return s.db.Transact(ctx, countAgain)
}
