package notices

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"slices"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// Subscription is what a mail belongs to: one kind, mailed at once, or the daily
// mail when Kind is empty.
type Subscription struct {
	UserID uuid.UUID
	Kind   Kind
}

// Daily tells whether it is the daily mail.
func (s Subscription) Daily() bool { return s.Kind == "" }

// macSize is how much of the signature stands in a link.
const macSize = 16

func derive(secret string) []byte {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte("vitrine unsubscribe v1"))
	return m.Sum(nil)
}

func (s *Service) sign(payload []byte) []byte {
	m := hmac.New(sha256.New, s.key)
	m.Write(payload)
	return m.Sum(nil)[:macSize]
}

// Token is what the link of a mail carries. It holds everything that is needed and
// no time, so that the link in a mail of last year still works; all that it can do
// is to stop mails of that kind.
func (s *Service) Token(sub Subscription) string {
	payload := slices.Concat(sub.UserID[:], []byte(sub.Kind))
	return base64.RawURLEncoding.EncodeToString(append(s.sign(payload), payload...))
}

var errNoLink = fault.New(fault.NotFound, "This link is incomplete, so nothing was changed. Copy all of it from the mail, or sign in and choose what you hear.")

// Subscription reads a token. NotFound for what Token did not write.
func (s *Service) Subscription(token string) (sub Subscription, err error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) < macSize+len(sub.UserID) || len(raw) > 100 {
		return sub, errNoLink
	}
	mac, payload := raw[:macSize], raw[macSize:]
	if !hmac.Equal(mac, s.sign(payload)) {
		return sub, errNoLink
	}
	copy(sub.UserID[:], payload)
	sub.Kind = Kind(payload[len(sub.UserID):])
	if !sub.Daily() && !sub.Kind.Known() {
		return sub, errNoLink
	}
	return sub, nil
}

// Stopped tells whether no mail of the subscription comes any more. One query.
func (s *Service) Stopped(ctx context.Context, sub Subscription) (stopped bool, err error) {
	defer fault.Wrap(&err, "notices.Stopped")
	rows, err := settingsOf(ctx, s.DB.Read(ctx), sub.UserID)
	if err != nil {
		return false, err
	}
	chosen := map[Kind]Channels{}
	for _, row := range rows {
		chosen[row.Kind] = row.channels()
	}
	for _, k := range Kinds {
		c, ok := chosen[k]
		if !ok {
			c = k.first()
		}
		if sub.Daily() && c.Daily || k == sub.Kind && c.Mail {
			return false, nil
		}
	}
	return true, nil
}

// Unsubscribe stops the mails of a token's subscription; the page goes on. Nobody
// has to be signed in, and once more changes nothing. NotFound for a token that is
// none; a person who is gone gets no mails anyway.
func (s *Service) Unsubscribe(ctx context.Context, token string) (sub Subscription, err error) {
	defer fault.Wrap(&err, "notices.Unsubscribe")
	if sub, err = s.Subscription(token); err != nil {
		return sub, err
	}
	people, err := s.Accounts.ByIDs(ctx, []uuid.UUID{sub.UserID})
	if err != nil || people[sub.UserID].ID == uuid.Nil {
		return sub, err
	}
	return sub, s.DB.Transact(ctx, func(tx db.Tx) error {
		for _, k := range Kinds {
			if k.Fixed() || !sub.Daily() && k != sub.Kind {
				continue
			}
			chosen, err := channelsOf(ctx, tx.Reader(), k, []uuid.UUID{sub.UserID})
			if err != nil {
				return err
			}
			c, ok := chosen[sub.UserID]
			if !ok {
				c = k.first()
			}
			if sub.Daily() {
				c.Daily = false
			} else {
				c.Mail = false
			}
			if err := saveSetting(tx, setting{sub.UserID, k, c.Page, c.Mail, c.Daily}); err != nil {
				return err
			}
		}
		return nil
	})
}
