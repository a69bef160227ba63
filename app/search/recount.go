package search

import (
	"context"

	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
)

// recountBatch keeps one transaction short.
const recountBatch = 200

// OnRecountFellDue counts how many documents have which word and tag, for the
// order in which suggestions are made, and removes what no document has: two
// works that leave at the same moment may each think that the other still has a
// word. It may be repeated and ended at any point.
func (s *Service) OnRecountFellDue(ctx context.Context, _ bus.Envelope) error { return s.Recount(ctx) }

// Recount is that. It needs the worker's handle.
func (s *Service) Recount(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "search.Recount")
	for _, what := range []recounted{everyWord, everyTag} {
		for after, begun := "", false; after != "" || !begun; begun = true {
			err := s.db.Transact(ctx, func(tx db.Tx) (err error) {
				after, err = recount(tx, what, after)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
