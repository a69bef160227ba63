package accounts

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts/factor"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
)

const (
	// KnownLife is how long a browser is remembered after its last sign-in.
	KnownLife = 400 * 24 * time.Hour
	// knownMost is how many people one browser is known for at once.
	knownMost = 4
	// knownOfOne is how many browsers of one person are known, the last used ones.
	knownOfOne = 20
)

// visit is the browser that a form came from.
type visit struct {
	device  string // its own words
	browser string // its cookie of known browsers
}

// open lets a person in whose password or link was right. With a second factor
// that is a login which waits for it, and no session yet. proven: a password was
// typed just now.
func (s *Service) open(ctx context.Context, tx db.Tx, user userRow, v visit, proven bool) (Opened, error) {
	on, err := factor.On(ctx, tx.Reader(), user.ID)
	if err != nil {
		return Opened{}, err
	}
	if on {
		token, err := insertPending(tx, user)
		return Opened{UserID: user.ID, Second: token}, err
	}
	return s.admit(ctx, tx, user.ID, v, proven)
}

// admit makes the session, and remembers the browser. It is the only way to a
// session; a suspended person is Forbidden, with Suspended in the chain.
func (s *Service) admit(ctx context.Context, tx db.Tx, userID uuid.UUID, v visit, proven bool) (opened Opened, err error) {
	if err := s.mustStand(ctx, tx, userID); err != nil {
		return opened, err
	}
	opened.UserID = userID
	if opened.Token, err = insertSession(tx, userID, v.device, proven); err != nil {
		return opened, err
	}
	known, err := browserOf(ctx, tx.Reader(), userID, v.browser)
	if err != nil {
		return opened, err
	}
	if known != uuid.Nil {
		return opened, seeBrowser(tx, known)
	}
	// The cookie gets a token of its own for this person: one that somebody
	// planted must not become known.
	token, err := insertBrowser(tx, userID)
	opened.Browser, opened.NewBrowser = remember(token, v.browser), true
	return opened, err
}

// tellOf writes the notice of a sign-in from a browser that was not known.
func (s *Service) tellOf(ctx context.Context, tx db.Tx, opened Opened, v visit) error {
	if !opened.NewBrowser {
		return nil
	}
	return s.outbox.Publish(ctx, tx, SecurityNoted{UserID: opened.UserID, What: NewBrowser, Device: DeviceWords(v.device)})
}

// remember puts a token before those that the cookie holds.
func remember(token, cookie string) string {
	all := append([]string{token}, knownTokens(cookie)...)
	return strings.Join(all[:min(len(all), knownMost)], ".")
}

// knownTokens are the tokens of a cookie of known browsers, which anybody may
// have written.
func knownTokens(cookie string) []string {
	if len(cookie) > knownMost*(tokenLength+1) {
		return nil
	}
	return slices.DeleteFunc(strings.Split(cookie, "."), func(t string) bool { return len(t) != tokenLength })
}

// browserOf finds which of a person's known browsers this is; uuid.Nil: none. It
// asks the database the same for a person who does not exist.
func browserOf(ctx context.Context, r db.Reader, userID uuid.UUID, cookie string) (uuid.UUID, error) {
	hashes := [][]byte{{}}
	for _, t := range knownTokens(cookie) {
		hashes = append(hashes, id.HashToken(t))
	}
	found, err := db.One[struct{ ID uuid.UUID }](r.SQL(ctx).Raw(`select id from known_browsers where user_id = ? and hash in ? limit 1`, userID, hashes))
	if db.NotFound(err) {
		return uuid.Nil, nil
	}
	return found.ID, err
}

func insertBrowser(tx db.Tx, userID uuid.UUID) (string, error) {
	token, hash := id.Token()
	if err := tx.SQL().Exec(`insert into known_browsers (id, user_id, hash, created_at, seen_at) values (?, ?, ?, ?, ?)`,
		id.New(), userID, hash, tx.Now(), tx.Now()).Error; err != nil {
		return "", err
	}
	// A program that keeps no cookies would otherwise fill the table.
	return token, tx.SQL().Exec(`delete from known_browsers where user_id = ? and id not in
		(select id from known_browsers where user_id = ? order by seen_at desc, id desc limit ?)`, userID, userID, knownOfOne).Error
}

func seeBrowser(tx db.Tx, browser uuid.UUID) error {
	return tx.SQL().Exec(`update known_browsers set seen_at = ? where id = ?`, tx.Now(), browser).Error
}

// forgetBrowsers makes a person's browsers unknown, but for one.
func forgetBrowsers(tx db.Tx, userID, but uuid.UUID) error {
	return tx.SQL().Exec(`delete from known_browsers where user_id = ? and id <> ?`, userID, but).Error
}

// insertPending makes a login that waits, and gives the token for its cookie.
func insertPending(tx db.Tx, user userRow) (string, error) {
	token, hash := id.Token()
	return token, tx.SQL().Exec(`insert into pending_logins (id, user_id, hash, password_set_at, created_at, expires_at) values (?, ?, ?, ?, ?, ?)`,
		id.New(), user.ID, hash, user.PasswordSetAt, tx.Now(), tx.Now().Add(SecondLife)).Error
}

func deletePendingOf(tx db.Tx, userID uuid.UUID) error {
	return tx.SQL().Exec(`delete from pending_logins where user_id = ?`, userID).Error
}
