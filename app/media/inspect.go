package media

import (
	"context"
	"errors"
	"log/slog"
	"syscall"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/mediatool"
	"vitrine/app/platform/queue"
	"vitrine/app/platform/tone"
)

// How often a task is tried before its file is called failed. People wait for
// it, so they get a sentence and a button after minutes, not after an hour.
const (
	InspectAttempts = 4
	RenderAttempts  = 4
)

// How long a file waits for its store, or for room, until the next try: as long as
// it has waited already, within these.
const (
	leastWait = time.Second
	mostWait  = time.Minute
)

const noTone = tone.Fallback

// find reads a media for a task: nil when it is deleted or gone.
func (s *Service) find(ctx context.Context, f Fact) (*Media, error) {
	var m *Media
	err := s.db.TenantRead(ctx, f.StudioID, func(r db.Reader) error {
		list, err := s.ByIDs(ctx, r, f.StudioID, ids(f.MediaID))
		if len(list) == 1 {
			m = &list[0]
		}
		return err
	})
	return m, err
}

// OnUploaded looks at an original for the first time: is it one we have, is it
// sound, what is it. It ends as processing, duplicate or failed. A second
// delivery finds it looked at and does nothing.
func (s *Service) OnUploaded(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[Uploaded](env)
	if err != nil {
		return err
	}
	m, err := s.find(ctx, ev.Fact)
	if err != nil || m == nil || m.State != StateChecking {
		return err
	}
	err = s.inspect(ctx, *m)
	return s.judge(ctx, *m, err, env, InspectAttempts)
}

func (s *Service) inspect(ctx context.Context, m Media) error {
	if s.tools == nil {
		return errNoTools
	}
	path, done, err := s.blobs.LocalIn(ctx, m.Store, originalKey(m.ID))
	if err != nil {
		return err
	}
	defer done()
	sum, _, err := mediatool.SumFile(path)
	if err != nil {
		return err
	}
	if m.Copy == 0 {
		if found, err := s.markDuplicate(ctx, m, sum); found || err != nil {
			return err
		}
	}
	info, err := s.tools.Inspect(ctx, path, m.Filename)
	if err != nil {
		return err
	}
	err = s.accept(ctx, m, sum, info)
	if name, ok := db.Unique(err); ok && name == sameBytes {
		// The same file was accepted at this moment: look again.
		if m.Copy == 0 {
			_, err = s.markDuplicate(ctx, m, sum)
		} else {
			err = s.accept(ctx, m, sum, info)
		}
	}
	return err
}

// markDuplicate tells whether the studio has these bytes in another media.
func (s *Service) markDuplicate(ctx context.Context, m Media, sum string) (found bool, err error) {
	err = s.db.Tenant(ctx, m.StudioID, func(tx db.Tx) error {
		var other []uuid.UUID
		err := tx.SQL().Raw(`select id from media where studio_id = ? and sha256 = ? and sha256 <> '' and state in ('processing', 'ready') and deleted_at is null
			and id <> ? order by copy limit 1`, m.StudioID, sum, m.ID).Scan(&other).Error
		if err != nil || len(other) == 0 {
			return err
		}
		found = true
		row, err := lock(tx, m.StudioID, m.ID)
		if err != nil || row.State != StateChecking {
			return ignoreGone(err)
		}
		row.State, row.SHA256, row.DuplicateOf = StateDuplicate, sum, &other[0]
		return save(tx, &row)
	})
	return found, err
}

// accept notes what the file is and lets its sizes be made.
func (s *Service) accept(ctx context.Context, m Media, sum string, info mediatool.Info) error {
	return s.db.Tenant(ctx, m.StudioID, func(tx db.Tx) error {
		row, err := lock(tx, m.StudioID, m.ID)
		if err != nil || row.State != StateChecking {
			return ignoreGone(err)
		}
		if row.Copy > 0 {
			if err := tx.SQL().Raw(`select coalesce(max(copy), 0) + 1 from media where studio_id = ? and sha256 = ? and sha256 <> ''
				and state in ('processing', 'ready') and deleted_at is null and id <> ?`, m.StudioID, sum, m.ID).Scan(&row.Copy).Error; err != nil {
				return err
			}
		}
		row.State, row.SHA256 = StateProcessing, sum
		row.Kind, row.Format = Kind(info.Kind), string(info.Format)
		row.Width, row.Height, row.DurationMS, row.HasAudio = info.Width, info.Height, info.DurationMS, info.HasAudio
		row.Credit, row.Copyright = info.Credit, info.Copyright
		if err := save(tx, &row); err != nil {
			return err
		}
		return s.outbox.Publish(ctx, tx, Accepted{row.fact()})
	})
}

func ignoreGone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// judge decides what an error of a task means. One that says nothing of the file
// lets it wait. A sentence about the file itself ends it as refused.
// Anything else is tried again by the queue and, the last time, ends it as failed
// with a way on. A task that was interrupted (a deploy) is neither: what a killed
// tool says of a file is not believed.
func (s *Service) judge(ctx context.Context, m Media, err error, env bus.Envelope, attempts int) error {
	if err == nil || errors.Is(ctx.Err(), context.Canceled) {
		return err
	}
	if waits(ctx, err) {
		return s.putOff(ctx, m, err, env)
	}
	ended := ctx.Err() != nil
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if fault.Is(err, fault.Invalid) && !ended {
		return s.fail(ctx, m, sentence(err, "This file cannot be shown. Export it again and upload it once more."), true)
	}
	if env.Attempt < attempts {
		return err
	}
	s.log.LogAttrs(ctx, slog.LevelError, "A file could not be processed", slog.String("media", m.ID.String()), slog.Any("error", err))
	return errors.Join(err, s.fail(ctx, m, "The sizes could not be made, and the file is not the reason. Try again; it is kept.", false))
}

// waits tells whether an error says nothing of the file: its store is away, or a disk
// is full.
func waits(ctx context.Context, err error) bool {
	return ctx.Err() == nil && (blob.IsAway(err) || errors.Is(err, syscall.ENOSPC))
}

// putOff has a task run again, however long what it needs is away.
func (s *Service) putOff(ctx context.Context, m Media, err error, env bus.Envelope) error {
	in := min(max(s.clock().Sub(env.At), leastWait), mostWait)
	s.log.LogAttrs(ctx, slog.LevelWarn, "A file waits for its store or for room", slog.String("media", m.ID.String()), slog.Duration("for", in), slog.Any("error", err))
	return queue.Later(in, err)
}

// fail ends a file with a sentence. A refused one is kept for a week, so that
// the person sees what became of it; then Expire removes it.
func (s *Service) fail(ctx context.Context, m Media, why string, refused bool) error {
	return s.db.Tenant(ctx, m.StudioID, func(tx db.Tx) error {
		row, err := lock(tx, m.StudioID, m.ID)
		if err != nil {
			return ignoreGone(err)
		}
		if row.State != StateChecking && row.State != StateProcessing {
			return nil
		}
		if runes := []rune(why); len(runes) > 500 {
			why = string(runes[:499]) + "…"
		}
		row.State, row.Failure, row.Refused = StateFailed, why, refused
		if err := save(tx, &row); err != nil {
			return err
		}
		return s.outbox.Publish(ctx, tx, Failed{row.fact()})
	})
}
