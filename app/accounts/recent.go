package accounts

import (
	"context"
	"encoding/hex"
	"time"

	"vitrine/app/platform/id"
	"vitrine/app/platform/sessioncache"
)

// recentSessions are copies of sessions with their people. Whoever changes what
// is in one drops those of the person in the transaction that changes it.
var recentSessions = sessioncache.NewShelf[sessionRow]("session")

// sessionID is what a copy is known by: like the row, by a hash of the token.
func sessionID(token string) string { return hex.EncodeToString(id.HashToken(token)) }

// findSession gives a session that is not over: the copy of one, or its row. One
// that is about to be seen again, or whose person is suspended, is its row.
func (s *Service) findSession(ctx context.Context, token string, now time.Time) (row sessionRow, copied bool, err error) {
	row, blank, found := recentSessions.Recall(ctx, s.recent, sessionID(token))
	if found && row.ExpiresAt.After(now) && now.Sub(row.SeenAt) < seenEvery {
		return row, true, nil
	}
	row, err = sessionByToken(ctx, s.db.Read(ctx), token, now)
	if err == nil && row.SuspendedAt == nil && now.Sub(row.SeenAt) < seenEvery {
		blank.Keep(ctx, row.UserID, row)
	}
	return row, false, err
}
