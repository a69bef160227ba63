package studios

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/sessioncache"
)

// recentMemberships are copies of where people belong. Whoever changes what is in
// one drops those of its person in the transaction that changes it: a change of
// a studio drops those of all its members.
var recentMemberships = sessioncache.NewShelf[[]Membership]("memberships")

// RecentOfMember is OfMember for telling who looks at a page: it may be a copy,
// sessioncache.Life old at most. Every write reads the role again.
func (s *Service) RecentOfMember(ctx context.Context, userID uuid.UUID) (out []Membership, err error) {
	defer fault.Wrap(&err, "studios.RecentOfMember(%s)", userID)
	out, blank, found := recentMemberships.Recall(ctx, s.recent, userID.String())
	if found {
		return out, nil
	}
	if out, err = s.OfMember(ctx, userID); err == nil {
		blank.Keep(ctx, userID, out)
	}
	return out, err
}

// dropMembers drops the copies of everybody who belongs to a studio now, in a
// transaction in its scope or of the worker's role.
func (s *Service) dropMembers(ctx context.Context, tx db.Tx, studioID uuid.UUID) error {
	if !s.recent.On() {
		return nil
	}
	members, err := membersOf(ctx, tx.Reader(), studioID)
	if err != nil {
		return err
	}
	ids := make([]uuid.UUID, 0, len(members))
	for _, m := range members {
		ids = append(ids, m.UserID)
	}
	s.recent.DropWith(tx, ids...)
	return nil
}
