package notices

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"

	"vitrine/app/engagement"
	"vitrine/app/platform/bus"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// Names of the subscribers.
const (
	SubscriberLiked          = "notifications.liked"
	SubscriberUnliked        = "notifications.unliked"
	SubscriberFollowed       = "notifications.followed"
	SubscriberUnfollowed     = "notifications.unfollowed"
	SubscriberCommented      = "notifications.commented"
	SubscriberCommentChanged = "notifications.comment_changed"
	SubscriberCommentDeleted = "notifications.comment_deleted"
)

// OnLiked tells those who answer for the work.
func (s *Service) OnLiked(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[engagement.Liked](env)
	if err != nil {
		return err
	}
	w, where, ok, err := s.work(ctx, ev.WorkID)
	if err != nil || !ok || where == none {
		return err
	}
	team, err := s.answerFor(ctx, w)
	if err != nil {
		return err
	}
	return s.tell(ctx, aboutWork(Like, w, where, w.ID, ev.UserID, ev.At), team, nil)
}

// OnUnliked takes the like out of the notice; one that tells of nothing else is
// told no more.
func (s *Service) OnUnliked(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[engagement.Unliked](env)
	if err != nil {
		return err
	}
	return s.drop(ctx, true, `ref_id = ? and kind = ? and actor_id = ?`, ev.WorkID, Like, ev.UserID)
}

// OnFollowed tells those who run the studio.
func (s *Service) OnFollowed(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[engagement.Followed](env)
	if err != nil {
		return err
	}
	team, err := s.team(ctx, ev.StudioID, studios.Admin)
	if err != nil {
		return err
	}
	return s.tell(ctx, news{Kind: Follow, Subject: ev.StudioID, Ref: ev.StudioID, Actor: ev.UserID, Person: true, StudioID: ev.StudioID, Standing: public, At: ev.At}, team, nil)
}

// OnUnfollowed takes the follower out of the notice.
func (s *Service) OnUnfollowed(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[engagement.Unfollowed](env)
	if err != nil {
		return err
	}
	return s.drop(ctx, true, `ref_id = ? and kind = ? and actor_id = ?`, ev.StudioID, Follow, ev.UserID)
}

// OnCommented tells those who answer for the work, and whoever is replied to,
// who then hears of the reply alone.
func (s *Service) OnCommented(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[engagement.Commented](env)
	if err != nil {
		return err
	}
	ids := []uuid.UUID{ev.CommentID}
	if ev.ParentID != nil {
		ids = append(ids, *ev.ParentID)
	}
	comments, err := s.Engagement.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	if c, ok := comments[ev.CommentID]; !ok || c.Hidden {
		return nil
	}
	w, where, ok, err := s.work(ctx, ev.WorkID)
	if err != nil || !ok || where == none {
		return err
	}
	team, err := s.answerFor(ctx, w)
	if err != nil {
		return err
	}
	if ev.ParentID != nil {
		if parent, ok := comments[*ev.ParentID]; ok && parent.UserID != nil {
			n := aboutWork(Reply, w, where, ev.CommentID, ev.UserID, ev.At)
			n.Subject = parent.ID
			if err := s.tell(ctx, n, []uuid.UUID{*parent.UserID}, nil); err != nil {
				return err
			}
			team = slices.DeleteFunc(team, func(u uuid.UUID) bool { return u == *parent.UserID })
		}
	}
	return s.tell(ctx, aboutWork(Comment, w, where, ev.CommentID, ev.UserID, ev.At), team, nil)
}

// OnCommentChanged follows a moderator who hides or shows a comment.
func (s *Service) OnCommentChanged(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[engagement.CommentChanged](env)
	if err != nil {
		return err
	}
	comments, err := s.Engagement.ByIDs(ctx, []uuid.UUID{ev.CommentID})
	if err != nil {
		return err
	}
	c, ok := comments[ev.CommentID]
	return s.drop(ctx, !ok || c.Hidden, `ref_id = ? and kind in ('comment', 'reply')`, ev.CommentID)
}

// OnCommentDeleted takes the comment out of the notices.
func (s *Service) OnCommentDeleted(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[engagement.CommentDeleted](env)
	if err != nil {
		return err
	}
	return s.drop(ctx, true, `ref_id = ? and kind in ('comment', 'reply')`, ev.CommentID)
}

// aboutWork is news of a person's act on a work.
func aboutWork(k Kind, w works.Work, where standing, ref, actor uuid.UUID, at time.Time) news {
	return news{Kind: k, Subject: w.ID, Ref: ref, Actor: actor, Person: true, StudioID: w.StudioID, WorkID: &w.ID, Standing: where,
		Label: w.Name(), Path: "/" + url.PathEscape(w.Slug) + "-" + w.PublicID, At: at}
}

// work reads a work again, with how it stands now; ok is false when it is gone.
func (s *Service) work(ctx context.Context, workID uuid.UUID) (w works.Work, where standing, ok bool, err error) {
	found, _, err := s.Works.AnyByIDs(ctx, []uuid.UUID{workID})
	if err != nil {
		return w, none, false, err
	}
	w, ok = found[workID]
	return w, standingOf(w), ok, nil
}

func standingOf(w works.Work) standing {
	switch {
	case w.Public():
		return public
	case w.Visible():
		return byLink
	}
	return none
}

// answerFor lists who hears of what happens to a work: whoever hung it, as long
// as they can work there, and those who run the studio.
func (s *Service) answerFor(ctx context.Context, w works.Work) ([]uuid.UUID, error) {
	members, _, err := s.Studios.Roll(ctx, w.StudioID, studios.Seat{}, mostTeam)
	if err != nil {
		return nil, err
	}
	var to []uuid.UUID
	for _, m := range members {
		if m.Role == studios.Owner || m.Role == studios.Admin || m.Role == studios.Editor && m.UserID == w.CreatedBy {
			to = append(to, m.UserID)
		}
	}
	return to, nil
}

// team lists the members of a studio from a role upwards, the first mostTeam.
func (s *Service) team(ctx context.Context, studioID uuid.UUID, from studios.Role) (to []uuid.UUID, err error) {
	members, _, err := s.Studios.Roll(ctx, studioID, studios.Seat{}, mostTeam)
	for _, m := range members {
		if m.Role == studios.Owner || m.Role == from {
			to = append(to, m.UserID)
		}
	}
	return to, err
}
