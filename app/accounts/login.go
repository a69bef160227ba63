package accounts

import (
	"context"

	"vitrine/app/accounts/hashing"
	"vitrine/app/accounts/throttle"
	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

const wrongLogin = "This address and this password do not belong together. Check both, or ask for a new password."

// Login is the login form.
type Login struct {
	Email    string
	Password string
	Device   string // the browser's own words
	Browser  string // its cookie of known browsers
}

// Login opens a session, or a login that waits for the second factor. A wrong
// password and an address without an account give the same Invalid after the
// same work, and the same TooMany after five wrong ones; a browser that the
// person has signed in with before counts by itself. The right password of a
// suspended person is Forbidden, with Suspended in the chain. Unavailable when
// too many people sign in at once.
func (s *Service) Login(ctx context.Context, form Login) (opened Opened, err error) {
	defer fault.Wrap(&err, "accounts.Login")
	a, _ := parseEmail(form.Email) // an unusable address has the empty key, which nobody has
	user, err := userByKey(ctx, s.db.Read(ctx), a.key)
	if err != nil && !db.NotFound(err) {
		return opened, err
	}
	browser, err := browserOf(ctx, s.db.Read(ctx), user.ID, form.Browser)
	if err != nil {
		return opened, err
	}
	bucket := loginBucket(a.key, browser)
	if _, err := throttle.Take(ctx, s.db, bucket); err != nil {
		return opened, err
	}
	password := form.Password
	if len(password) > 4*hashing.Max {
		password, user = "", userRow{}
	}
	ok, stale, err := s.hasher.Check(ctx, password, user.PasswordHash)
	if err != nil {
		throttle.Untried(ctx, s.db, bucket)
		return opened, err
	}
	if !ok {
		return opened, fault.New(fault.Invalid, wrongLogin)
	}
	fresh := ""
	if stale {
		if fresh, err = s.hasher.Hash(ctx, password); err != nil {
			return opened, err
		}
	}
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		// A reset that came in between has ended all sessions; this one must
		// not be born after it from the old password.
		if held, err := holdPassword(tx, user); err != nil || !held {
			return orElse(err, fault.New(fault.Invalid, wrongLogin))
		}
		if fresh != "" {
			if err := rehash(tx, user, fresh); err != nil {
				return err
			}
		}
		v := visit{form.Device, form.Browser}
		if opened, err = s.open(ctx, tx, user, v, true); err != nil {
			return err
		}
		if err := s.tellOf(ctx, tx, opened, v); err != nil {
			return err
		}
		return throttle.Won(tx, bucket)
	})
	return opened, err
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// tokenLength is that of every token: 32 bytes in base64url.
const tokenLength = 43

// Authenticate finds the session of a cookie. Unauthenticated when there is
// none, or it is over; Forbidden with Suspended in its chain when its person is
// suspended. What it gives may be a copy, sessioncache.Life old at most, unless
// the context asks for the row. A session lives SessionLife from when it was last seen;
// that is written at most once an hour, and a failure to write it ends nothing.
func (s *Service) Authenticate(ctx context.Context, token string) (out Session, err error) {
	defer fault.Wrap(&err, "accounts.Authenticate")
	if len(token) != tokenLength {
		return out, fault.New(fault.Unauthenticated, "Sign in to go on.")
	}
	now := s.clock()
	row, copied, err := s.findSession(ctx, token, now)
	if db.NotFound(err) {
		return out, fault.New(fault.Unauthenticated, "Sign in to go on.")
	}
	if err != nil {
		return out, err
	}
	if row.SuspendedAt != nil {
		return out, (&Suspended{Reason: row.SuspendedReason, Since: *row.SuspendedAt}).fault()
	}
	out = Session{ID: row.ID, UserID: row.UserID, Email: row.Email, Name: row.Name, Admin: row.Admin, ExpiresAt: row.ExpiresAt, ProvedAt: row.ProvedAt, ClosingAt: row.ClosingAt, Copied: copied}
	if now.Sub(row.SeenAt) >= seenEvery {
		if err := s.db.Transact(ctx, func(tx db.Tx) error { return touchSession(tx, row) }); err == nil {
			out.ExpiresAt, out.Renewed = now.Add(SessionLife), true
		}
	}
	return out, nil
}

// SignOut ends the session of a cookie, for all processes before it returns. One
// that is over already is no error.
func (s *Service) SignOut(ctx context.Context, token string) (err error) {
	defer fault.Wrap(&err, "accounts.SignOut")
	if len(token) != tokenLength {
		return nil
	}
	return s.db.Transact(ctx, func(tx db.Tx) error {
		s.recent.DropNamesWith(tx, recentSessions.Name(sessionID(token)))
		return deleteSession(tx, token)
	})
}
