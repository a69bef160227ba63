package notifications

import (
	"context"
	"strings"
	"time"

	"vitrine/app/accounts"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
)

// SubscriberToken is the name in the inbox rows of the mail about a new token.
const SubscriberToken = "notifications.token_mail" //nolint:gosec // the name of a subscriber

// OnTokenMade composes the mail that tells of a new token: a program may act for
// the person from now on, and whoever did not make it should know.
func (s *Service) OnTokenMade(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[accounts.TokenMade](env)
	if err != nil {
		return err
	}
	return s.compose(ctx, env, SubscriberToken, func(tx db.Tx) (accounts.Letter, letter, error) {
		to, err := s.accounts.PlainLetter(ctx, tx, ev.UserID)
		return to, s.tokenLetter(ev.Name, ev.Scopes, ev.ExpiresAt), err
	})
}

func (s *Service) tokenLetter(name, scopes string, until time.Time) letter {
	return letter{
		Kind: "token_made", Subject: "A program may act for you on Vitrine", Host: s.host,
		Lead: "A token was made in your account: “" + name + "”, with " + strings.ReplaceAll(scopes, " ", ", ") + ", until " + until.UTC().Format("2 January 2006") +
			". Whoever has it may do that in your name.",
		Links: []link{{"See your tokens", s.base + "/me/tokens"}},
		Close: "If it was you, you need do nothing. If not, revoke it there and choose another password.",
	}
}
