package notifications

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/notifications/notices"
	"vitrine/app/platform/db"
)

// WriteNotice writes a mail about notices within the caller's transaction, unless
// its address has had enough of the kind. Somebody who is gone needs none.
func (s *Service) WriteNotice(ctx context.Context, tx db.Tx, userID uuid.UUID, n notices.Letter) error {
	to, err := s.accounts.PlainLetter(ctx, tx, userID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	l := letter{Kind: n.Kind, Subject: n.Subject, Lead: n.Lead, Close: n.Close, Host: s.host, Stop: s.base + "/unsubscribe/" + n.Token, Choose: s.base + "/notifications/settings"}
	for _, item := range n.Items {
		l.Links = append(l.Links, link{item.Label, s.base + item.Path})
	}
	return s.writeWithin(ctx, tx, to, l)
}
