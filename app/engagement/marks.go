package engagement

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/works"
)

// Like notes that a person likes a work. Once more changes nothing.
//
// NotFound for works that nobody outside their studio can see; Forbidden and
// Conflict for people who may do nothing there, as for every mark below.
func (s *Service) Like(ctx context.Context, userID uuid.UUID, publicID string) (err error) {
	defer fault.Wrap(&err, "engagement.Like(%s)", publicID)
	return s.onWork(ctx, userID, publicID, func(tx db.Tx, _ accounts.Standing, w works.Work) error {
		made, err := insertLike(tx, userID, w)
		if err != nil || !made {
			return err
		}
		return s.outbox.Publish(ctx, tx, Liked{WorkID: w.ID, StudioID: w.StudioID, UserID: userID, At: tx.Now()})
	})
}

// Unlike takes a like back, also of a work that is not seen any more and by
// somebody who is blocked. Once more changes nothing, and nothing is no error.
func (s *Service) Unlike(ctx context.Context, userID uuid.UUID, publicID string) (err error) {
	defer fault.Wrap(&err, "engagement.Unlike(%s)", publicID)
	return s.takeBack(ctx, publicID, func(tx db.Tx, w works.Work) error {
		gone, err := deleteLike(tx, userID, w)
		if err != nil || !gone {
			return err
		}
		return s.outbox.Publish(ctx, tx, Unliked{WorkID: w.ID, StudioID: w.StudioID, UserID: userID, At: tx.Now()})
	})
}

// Bookmark keeps a work for a person, who alone can see that. Once more changes
// nothing.
func (s *Service) Bookmark(ctx context.Context, userID uuid.UUID, publicID string) (err error) {
	defer fault.Wrap(&err, "engagement.Bookmark(%s)", publicID)
	return s.onWork(ctx, userID, publicID, func(tx db.Tx, _ accounts.Standing, w works.Work) error {
		return insertBookmark(tx, userID, w)
	})
}

// Unbookmark lets go of a work, as Unlike does.
func (s *Service) Unbookmark(ctx context.Context, userID uuid.UUID, publicID string) (err error) {
	defer fault.Wrap(&err, "engagement.Unbookmark(%s)", publicID)
	return s.takeBack(ctx, publicID, func(tx db.Tx, w works.Work) error {
		return deleteBookmark(tx, userID, w)
	})
}

// Follow lets a person hear of a studio's new works. Once more changes nothing.
func (s *Service) Follow(ctx context.Context, userID, studioID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "engagement.Follow(%s)", studioID)
	return s.db.Tenant(ctx, studioID, func(tx db.Tx) error {
		if _, err := s.admit(ctx, tx, userID, studioID); err != nil {
			return err
		}
		made, err := insertFollow(tx, userID, studioID)
		if err != nil || !made {
			return err
		}
		return s.outbox.Publish(ctx, tx, Followed{StudioID: studioID, UserID: userID, At: tx.Now()})
	})
}

// Unfollow ends that, whatever has become of the studio. Once more changes
// nothing.
func (s *Service) Unfollow(ctx context.Context, userID, studioID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "engagement.Unfollow(%s)", studioID)
	return s.db.Tenant(ctx, studioID, func(tx db.Tx) error {
		gone, err := deleteFollow(tx, userID, studioID)
		if err != nil || !gone {
			return err
		}
		return s.outbox.Publish(ctx, tx, Unfollowed{StudioID: studioID, UserID: userID, At: tx.Now()})
	})
}
