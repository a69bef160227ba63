package accounts_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/accounts/closing"
	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/redistest"
	"vitrine/app/platform/sessioncache"
)

// pair is two processes on one database and one Redis, with one that reads rows
// alone beside them.
type pair struct {
	house          // the one of the rows
	one, two, fill *accounts.Service
	redis          *redistest.Server
	wait           time.Duration
	closing        *closing.Service
	teresa, admin  uuid.UUID
}

const teresaAddress = "teresa@harbour.example"

func newPair(t *testing.T) pair {
	t.Helper()
	return newPairOf(t, time.Minute)
}

// newPairOf has processes that wait so long for Redis.
func newPairOf(t *testing.T, wait time.Duration) pair {
	t.Helper()
	p := pair{house: newHouse(t), redis: redistest.New(t), wait: wait}
	p.one, p.two = p.process(t, sessioncache.KindRedis), p.process(t, sessioncache.KindRedis)
	p.fill = p.process(t, sessioncache.KindFill)
	p.closing = closing.New(p.db, bus.NewOutbox(), p.cache(t, sessioncache.KindRedis).Dropping())
	p.teresa = p.member(t, "Teresa Lima", teresaAddress).UserID
	p.admin = p.member(t, "Ana", "ana@harbour.example").UserID
	p.Exec(t, "update users set admin = true where id = $1", p.admin)
	return p
}

func (p pair) cache(t *testing.T, kind string) *sessioncache.Cache {
	t.Helper()
	r := p.redis.Hurried(t, p.wait)
	c, err := sessioncache.Open(sessioncache.Config{Kind: kind, Redis: r, Secret: "the secret of an installation", Clock: p.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (p pair) process(t *testing.T, kind string) *accounts.Service {
	t.Helper()
	s, err := accounts.New(accounts.Config{DB: p.db, Outbox: bus.NewOutbox(), Studios: p.studios, Clock: p.clock.Now, Hashing: cheap, Secret: "the secret of an installation", Recent: p.cache(t, kind)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// session signs Teresa in, and lets both processes look.
func (p pair) session(t *testing.T) (token string, at accounts.Session) {
	t.Helper()
	opened, err := p.one.Login(t.Context(), accounts.Login{Email: teresaAddress, Password: password, Device: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return opened.Token, p.warm(t, opened.Token)
}

// warm has a session looked up until it is given from a copy by both.
func (p pair) warm(t *testing.T, token string) (at accounts.Session) {
	t.Helper()
	for _, s := range []*accounts.Service{p.two, p.one, p.two} {
		var err error
		if at, err = s.Authenticate(t.Context(), token); err != nil {
			t.Fatal(err)
		}
	}
	if !at.Copied {
		t.Fatal("the session is not given from a copy")
	}
	return at
}

// asRows fails unless both processes say of a session what its row says.
func (p pair) asRows(t *testing.T, what, token string) {
	t.Helper()
	want, wantErr := p.house.Authenticate(t.Context(), token)
	for range 2 { // from the row, and from what was kept of it
		for name, s := range map[string]*accounts.Service{"one": p.one, "two": p.two} {
			got, err := s.Authenticate(t.Context(), token)
			if got.Copied = false; fault.KindOf(err) != fault.KindOf(wantErr) || (err == nil) != (wantErr == nil) || !same(got, want) {
				t.Errorf("%s: process %s says %+v, %v; the row says %+v, %v", what, name, got, err, want, wantErr)
			}
		}
	}
}

func same(a, b accounts.Session) bool {
	equal := func(a, b *time.Time) bool { return a == nil && b == nil || a != nil && b != nil && a.Equal(*b) }
	return a.ID == b.ID && a.UserID == b.UserID && a.Email == b.Email && a.Name == b.Name && a.Admin == b.Admin &&
		a.ExpiresAt.Equal(b.ExpiresAt) && equal(a.ClosingAt, b.ClosingAt) && equal(a.ProvedAt, b.ProvedAt)
}

// Whatever one process does to a session, the next request at another knows.
func TestRecent_obeyedByEveryProcessAtOnce(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	ctx := t.Context()
	for _, act := range []struct {
		what string
		do   func(s *accounts.Service, token string, at accounts.Session) error
		ends bool
	}{
		{"signed out", func(s *accounts.Service, token string, _ accounts.Session) error { return s.SignOut(ctx, token) }, true},
		{"ended from the list", func(s *accounts.Service, _ string, at accounts.Session) error {
			return s.EndSession(ctx, at.UserID, at.ID)
		}, true},
		{"all others ended", func(s *accounts.Service, _ string, at accounts.Session) error {
			_, err := s.EndOtherSessions(ctx, at.UserID, uuid.New())
			return err
		}, true},
		{"password changed elsewhere", func(s *accounts.Service, _ string, at accounts.Session) error {
			return s.ChangePassword(ctx, accounts.PasswordChange{Key: idem.NewKey(), UserID: at.UserID, SessionID: uuid.New(), Current: password, New: password + "!"})
		}, true},
		{"password reset", func(s *accounts.Service, _ string, at accounts.Session) error {
			_, err := s.Reset(ctx, accounts.NewPassword{Key: idem.NewKey(), Token: p.resetLink(t, at.UserID), Password: password})
			return err
		}, true},
		{"suspended", func(s *accounts.Service, _ string, at accounts.Session) error {
			return p.db.Transact(ctx, func(tx db.Tx) error { _, err := s.Suspend(ctx, tx, at.UserID, p.admin, "Spam."); return err })
		}, true},
		{"reinstated", func(s *accounts.Service, _ string, at accounts.Session) error {
			return p.db.Transact(ctx, func(tx db.Tx) error { _, err := s.Reinstate(ctx, tx, at.UserID, p.admin); return err })
		}, true},
		{"renamed", func(s *accounts.Service, _ string, at accounts.Session) error {
			return s.Rename(ctx, at.UserID, "Teresa L.")
		}, false},
		{"proven", func(s *accounts.Service, _ string, at accounts.Session) error {
			p.clock.Advance(time.Second)
			return s.Prove(ctx, accounts.Proof{UserID: at.UserID, SessionID: at.ID, Password: password})
		}, false},
		{"to be closed", func(_ *accounts.Service, _ string, at accounts.Session) error {
			return p.db.Transact(ctx, func(tx db.Tx) error { _, err := p.closing.Begin(ctx, tx, at.UserID); return err })
		}, false},
		{"kept after all", func(_ *accounts.Service, _ string, at accounts.Session) error {
			return p.db.Transact(ctx, func(tx db.Tx) error { _, err := p.closing.Keep(ctx, tx, at.UserID); return err })
		}, false},
	} {
		for name, s := range map[string]*accounts.Service{"one": p.one, "fill": p.fill} {
			if act.what == "reinstated" {
				transact(t, p.db, func(tx db.Tx) error { _, err := s.Reinstate(ctx, tx, p.teresa, p.admin); return err })
			}
			token, at := p.session(t)
			if act.what == "reinstated" {
				transact(t, p.db, func(tx db.Tx) error { _, err := s.Suspend(ctx, tx, p.teresa, p.admin, "Spam."); return err })
			}
			if err := act.do(s, token, at); err != nil {
				t.Fatalf("%s by %s: %v", act.what, name, err)
			}
			p.asRows(t, act.what+" by "+name, token)
			if _, err := p.two.Authenticate(ctx, token); (err != nil) != act.ends {
				t.Errorf("%s by %s: %v", act.what, name, err)
			}
			if act.what == "suspended" {
				transact(t, p.db, func(tx db.Tx) error { _, err := s.Reinstate(ctx, tx, p.teresa, p.admin); return err })
			}
			if act.what == "password changed elsewhere" || act.what == "password reset" {
				p.setPassword(t)
			}
		}
	}
}

// setPassword gives Teresa the first password again.
func (p pair) setPassword(t *testing.T) {
	t.Helper()
	p.clock.Advance(time.Second)
	if _, err := p.one.Reset(t.Context(), accounts.NewPassword{Key: idem.NewKey(), Token: p.resetLink(t, p.teresa), Password: password}); err != nil {
		t.Fatal(err)
	}
}

// Redis may lose everything: nobody is signed out by it.
func TestRecent_flushed(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	token, _ := p.session(t)
	for range 3 {
		p.redis.Flush()
		p.asRows(t, "flushed", token)
	}
	p.redis.Kill()
	p.asRows(t, "killed", token)
	p.redis.Start()
	p.asRows(t, "started, empty", token)
}

// While Redis is away a sign-out fails, with a sentence, although the row is gone:
// another process might have a copy. When it is back, the same form works.
func TestRecent_away(t *testing.T) {
	t.Parallel()
	for name, harm := range redistest.Outages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPairOf(t, time.Second)
			token, at := p.session(t)
			ended, endedAt := p.session(t)
			form := accounts.PasswordChange{Key: idem.NewKey(), UserID: at.UserID, SessionID: uuid.New(), Current: password, New: password + "!"}
			acts := map[string]func() error{
				"SignOut":        func() error { return p.one.SignOut(t.Context(), token) },
				"EndSession":     func() error { return p.one.EndSession(t.Context(), endedAt.UserID, endedAt.ID) },
				"ChangePassword": func() error { return p.one.ChangePassword(t.Context(), form) },
			}
			harm.Away(p.redis)
			for what, act := range acts {
				if err := act(); !fault.Is(err, fault.Unavailable) || fault.MessageOf(err) == "" {
					t.Errorf("%s says %v", what, err)
				}
			}
			for _, token := range []string{token, ended} {
				if _, err := p.two.Authenticate(t.Context(), token); !fault.Is(err, fault.Unauthenticated) {
					t.Errorf("without Redis, a session whose row is gone: %v", err)
				}
			}
			harm.Back(p.redis)
			for deadline := time.Now().Add(30 * time.Second); p.one.SignOut(t.Context(), unknown()) != nil; {
				if time.Now().After(deadline) {
					t.Fatal("Redis is back and nobody uses it")
				}
			}
			for what, act := range acts {
				redistest.Eventually(t, what+" works once Redis is back", func() bool {
					err := act()
					return err == nil || what == "EndSession" && fault.Is(err, fault.NotFound)
				})
			}
			p.asRows(t, "Redis is back", token)
			p.asRows(t, "Redis is back", ended)
		})
	}
}

// A session is served from its copy for a minute, without a statement, and seen
// once an hour as before.
func TestRecent_copies(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	token, at := p.session(t)
	p.Exec(t, "update users set name = 'Nobody told anybody' where id = $1", p.teresa)
	if got, err := p.two.Authenticate(t.Context(), token); err != nil || !got.Copied || got.Name != at.Name {
		t.Errorf("a copy says %+v, %v", got, err)
	}
	if got, err := p.two.Authenticate(sessioncache.Rows(t.Context()), token); err != nil || got.Copied || got.Name == at.Name {
		t.Errorf("who asks for rows is told %+v, %v", got, err)
	}
	if got, err := p.fill.Authenticate(t.Context(), token); err != nil || got.Copied || got.Name == at.Name {
		t.Errorf("fill gives %+v, %v", got, err)
	}
	p.clock.Advance(sessioncache.Life)
	if got, err := p.two.Authenticate(t.Context(), token); err != nil || got.Copied || got.Name == at.Name {
		t.Errorf("after a minute: %+v, %v", got, err)
	}
	p.clock.Advance(2 * time.Hour)
	renewed := 0
	for _, s := range []*accounts.Service{p.one, p.two, p.one, p.fill} {
		if got, err := s.Authenticate(t.Context(), token); err != nil {
			t.Fatal(err)
		} else if got.Renewed {
			renewed++
		}
	}
	if renewed != 1 {
		t.Errorf("the session was renewed %d times", renewed)
	}
	p.asRows(t, "renewed", token)
	p.warm(t, token)
	p.clock.Advance(accounts.SessionLife)
	p.asRows(t, "expired", token)
}

// unknown is a token of no session.
func unknown() string {
	token, _ := id.Token()
	return token
}

// Nobody who asks without a session leaves anything in Redis.
func TestRecent_strangersLeaveNothing(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	for range 20 {
		if _, err := p.one.Authenticate(t.Context(), unknown()); !fault.Is(err, fault.Unauthenticated) {
			t.Fatal(err)
		}
	}
	c := p.redis.Client()
	defer func() { _ = c.Close() }()
	if n := c.DBSize(t.Context()).Val(); n > 1 { // the generation
		t.Errorf("%d keys", n)
	}
}
