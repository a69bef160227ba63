package notices

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/engagement"
	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// Names of the subscribers.
const (
	SubscriberPublished = "notifications.published"
	SubscriberFanOut    = "notifications.fan_out"
	SubscriberOpened    = "notifications.opened"
	SubscriberFailed    = "notifications.media_failed"
	SubscriberMended    = "notifications.media_mended"
	SubscriberRemoved   = "notifications.media_removed"
	SubscriberDecided   = "notifications.decided"
	SubscriberAction    = "notifications.action_taken"
	SubscriberAppeal    = "notifications.appeal_decided"
)

// FanOut tells that the next followers of a studio should hear of a work.
type FanOut struct {
	StudioID uuid.UUID `json:"studio_id"`
	WorkID   uuid.UUID `json:"work_id"`
	From     string    `json:"from"` // the place in the list of followers
}

// EventName names the event.
func (FanOut) EventName() string { return "notifications.fan_out.v1" }

// EventPriority lets what one person waits for go first.
func (FanOut) EventPriority() int { return -5 }

// OnPublished begins to tell the followers, a chunk at a time: a studio with
// 100,000 of them holds no transaction and no worker for long. A work that is
// dated back, or returns after days, is no news.
func (s *Service) OnPublished(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[works.Published](env)
	if err != nil {
		return err
	}
	if err := s.follow(ctx, ev.WorkID); err != nil {
		return err
	}
	w, where, ok, err := s.work(ctx, ev.WorkID)
	if err != nil || !ok || where != public || w.PublishedAt == nil {
		return err
	}
	return s.DB.Transact(ctx, func(tx db.Tx) error {
		if tx.Now().Sub(*w.PublishedAt) > freshFor {
			return nil
		}
		if first, err := bus.Once(ctx, tx, env.ID, SubscriberPublished); err != nil || !first {
			return err
		}
		return s.Outbox.Publish(ctx, tx, FanOut{StudioID: w.StudioID, WorkID: w.ID})
	})
}

// OnFanOut tells one chunk of followers and, in the same transaction, asks for
// the next.
func (s *Service) OnFanOut(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[FanOut](env)
	if err != nil {
		return err
	}
	w, where, ok, err := s.work(ctx, ev.WorkID)
	if err != nil || !ok || where != public || w.PublishedAt == nil {
		return err
	}
	list, next, err := s.Engagement.FollowersOf(ctx, ev.StudioID, engagement.ParseCursor(ev.From), chunk)
	if err != nil || len(list) == 0 {
		return err
	}
	to := make([]uuid.UUID, 0, len(list))
	for _, f := range list {
		if f.UserID != w.CreatedBy { // who hung it knows
			to = append(to, f.UserID)
		}
	}
	n := news{Kind: Published, Subject: w.StudioID, Ref: w.ID, Actor: w.StudioID, StudioID: w.StudioID, Standing: public, Label: w.Name(), At: *w.PublishedAt}
	return s.tell(ctx, n, to, func(tx db.Tx) error {
		if next == (engagement.Cursor{}) {
			return nil
		}
		first, err := bus.Once(ctx, tx, env.ID, SubscriberFanOut)
		if err != nil || !first {
			return err
		}
		return s.Outbox.Publish(ctx, tx, FanOut{StudioID: ev.StudioID, WorkID: ev.WorkID, From: next.String()})
	})
}

// OnOpened tells that a scheduled work is open: whoever hung it, and the owner.
func (s *Service) OnOpened(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[works.Opened](env)
	if err != nil {
		return err
	}
	w, where, ok, err := s.work(ctx, ev.WorkID)
	if err != nil || !ok || where == none || w.PublishedAt == nil {
		return err
	}
	team, err := s.team(ctx, w.StudioID, studios.Owner)
	if err != nil {
		return err
	}
	n := aboutWork(Opened, w, where, w.ID, w.StudioID, *w.PublishedAt)
	n.Person = false
	return s.tell(ctx, n, append(team, w.CreatedBy), nil)
}

// OnMediaFailed tells whoever sent the file why it could not be used.
func (s *Service) OnMediaFailed(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[media.Failed](env)
	if err != nil || ev.Background {
		return err
	}
	m, ok, err := s.file(ctx, ev.StudioID, ev.MediaID)
	if err != nil || !ok || m.State != media.StateFailed {
		return err
	}
	return s.tell(ctx, news{Kind: Failed, Subject: m.StudioID, Ref: m.ID, Actor: m.StudioID, StudioID: m.StudioID, Standing: public,
		Label: m.Filename, Note: m.Failure, At: m.UpdatedAt}, []uuid.UUID{m.CreatedBy}, nil)
}

// OnMediaMended takes a file that can be shown after all out of the notices, and
// OnMediaRemoved one that is gone.
func (s *Service) OnMediaMended(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[media.Usable](env)
	if err != nil {
		return err
	}
	return s.drop(ctx, true, `ref_id = ? and kind = ?`, ev.MediaID, Failed)
}

// OnMediaRemoved does so for a file that was deleted.
func (s *Service) OnMediaRemoved(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[media.Deleted](env)
	if err != nil {
		return err
	}
	return s.drop(ctx, true, `ref_id = ? and kind = ?`, ev.MediaID, Failed)
}

func (s *Service) file(ctx context.Context, studioID, mediaID uuid.UUID) (m media.Media, ok bool, err error) {
	err = s.DB.TenantRead(ctx, studioID, func(r db.Reader) error {
		rows, err := s.Media.ByIDs(ctx, r, studioID, []uuid.UUID{mediaID})
		if err == nil && len(rows) == 1 {
			m, ok = rows[0], true
		}
		return err
	})
	return m, ok, err
}

// Decided is what an author is told of a decision about something of theirs.
// moderation tells it through jobs. The words are the moderators'.
type Decided struct {
	ID       uuid.UUID // of the decision; it is told once
	To       uuid.UUID // the author
	StudioID uuid.UUID
	WorkID   *uuid.UUID // that it is about; once it is deleted nothing is told
	Sentence string     // "A moderator approved Low Water. It can be seen now."
	Note     string     // the reason that was given, if one was
	Path     string     // where it is read, and answered
	At       time.Time
}

// OnDecided tells the author. The mail about it is another subscriber's.
func (s *Service) OnDecided(ctx context.Context, d Decided) (err error) {
	defer fault.Wrap(&err, "notices.OnDecided(%s)", d.ID)
	if d.WorkID != nil {
		if _, _, ok, err := s.work(ctx, *d.WorkID); err != nil || !ok {
			return err
		}
	}
	return s.tell(ctx, news{Kind: Decision, Subject: d.ID, Ref: d.ID, Actor: d.ID, StudioID: d.StudioID, WorkID: d.WorkID, Standing: public,
		Label: cut(d.Sentence, 300), Note: cut(d.Note, 2000), Path: d.Path, At: d.At}, []uuid.UUID{d.To}, nil)
}

// cut keeps the first characters of a text.
func cut(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most])
	}
	return text
}
