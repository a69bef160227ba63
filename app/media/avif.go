package media

import (
	"context"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/mediatool"
)

const avifSubscriber = "media.make_avif"

// OnProcessed makes the AVIF sizes of a photo, up to 1,280 pixels a side, when
// everything else has been done: they cost most and are missed least. A film's
// poster has none. Failing here leaves the file as it is, which is complete.
func (s *Service) OnProcessed(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[Processed](env)
	if err != nil {
		return err
	}
	m, err := s.find(ctx, ev.Fact)
	if err != nil || m == nil {
		return err
	}
	if m.Kind == KindImage {
		err := s.make(ctx, *m, func(j *making) error { return j.avif(ctx) })
		if waits(ctx, err) {
			return s.putOff(ctx, *m, err, env)
		}
		if err != nil {
			return err
		}
	}
	return s.db.Tenant(ctx, m.StudioID, func(tx db.Tx) error {
		first, err := bus.Once(ctx, tx, env.ID, avifSubscriber)
		if err != nil || !first {
			return err
		}
		return s.outbox.Publish(ctx, tx, SizesMade{m.fact()})
	})
}

func (j *making) avif(ctx context.Context) error {
	for _, w := range avifWidths(j.width, j.height) {
		if err := j.size(ctx, mediatool.FormatAVIF, "avif", w); err != nil {
			return err
		}
	}
	return nil
}

// avifWidths are the steps of the ladder whose both sides stay within what AVIF
// is made for.
func avifWidths(width, height int) []int {
	var out []int
	for _, w := range mediatool.Ladder(width, height) {
		if w <= mediatool.AVIFMaxSide && w*height <= mediatool.AVIFMaxSide*width {
			out = append(out, w)
		}
	}
	return out
}
