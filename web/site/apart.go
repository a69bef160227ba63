package site

import (
	"context"
	"crypto/sha256"
	"net/http"
	"sync"
	"time"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/studios"
)

// Apart is how routes find out who asks when they must answer although nothing
// else does: by services on database connections of their own.
type Apart struct {
	Accounts *accounts.Service
	Studios  *studios.Service
}

// Apart makes a group's routes independent of the connections that requests
// use: the session is looked up by the services of Config.Apart. It stands
// before every guard that asks who is looking. While even those cannot be asked,
// an administrator whom this process has seen shortly before is believed, to
// look and not to act: otherwise the page that says what is wrong would be the
// first to go.
func (s *Site) Apart(next Handler) Handler {
	return func(c *Context) error {
		c.apart = true
		return next(c)
	}
}

// identifyApart is identify for routes behind Apart.
func (s *Site) identifyApart(c *Context, token string) (*Viewer, error) {
	by := s.conf.Apart
	if by.Accounts == nil {
		by = Apart{Accounts: s.conf.Accounts, Studios: s.conf.Studios}
	}
	v, err := s.identifySoon(c, by, token)
	method := c.Request().Method
	switch {
	case err == nil:
		s.admins.note(token, v, s.Now())
	case fault.Is(err, fault.Unavailable) && (method == http.MethodGet || method == http.MethodHead):
		if seen := s.admins.recall(token, s.Now()); seen != nil {
			return seen, nil
		}
	}
	return v, err
}

// apartPatience is how long the database may take to say who asks: one that
// hangs must leave time for the page.
const apartPatience = 2 * time.Second

// identifySoon is identifyBy with that patience. Cookies that this process does
// not know as an administrator's go one after the other: a flood of forged ones
// takes one connection and not all of them.
func (s *Site) identifySoon(c *Context, by Apart, token string) (*Viewer, error) {
	before := c.Ctx()
	ctx, cancel := context.WithTimeout(before, apartPatience)
	defer cancel()
	if !s.admins.knows(token, s.Now()) {
		select {
		case s.strangers <- struct{}{}:
			defer func() { <-s.strangers }()
		case <-ctx.Done():
			return nil, fault.Caused(fault.Unavailable, "Many people ask for this page at once. Try again in a moment.", ctx.Err())
		}
	}
	c.WithContext(ctx)
	defer c.WithContext(before)
	return s.identifyBy(c, by, token)
}

// How long an administrator is remembered without the database, from the last
// time that they were seen; and how many of them.
const (
	rememberAdmin = 15 * time.Minute
	mostAdmins    = 32
)

// remembered are the administrators whom this process has seen. A session that
// ends is forgotten as soon as the database says so.
type remembered struct {
	mu   sync.Mutex
	seen map[[sha256.Size]byte]sighting
}

type sighting struct {
	viewer Viewer
	until  time.Time
}

// note remembers an administrator, and forgets whoever is none.
func (r *remembered) note(token string, v *Viewer, now time.Time) {
	key := sha256.Sum256([]byte(token))
	r.mu.Lock()
	defer r.mu.Unlock()
	if v == nil || !v.Admin {
		delete(r.seen, key)
		return
	}
	for k, s := range r.seen {
		if now.After(s.until) {
			delete(r.seen, k)
		}
	}
	if r.seen == nil {
		r.seen = map[[sha256.Size]byte]sighting{}
	}
	if _, known := r.seen[key]; known || len(r.seen) < mostAdmins {
		r.seen[key] = sighting{*v, now.Add(rememberAdmin)}
	}
}

// knows tells whether it is a remembered administrator's.
func (r *remembered) knows(token string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, known := r.seen[sha256.Sum256([]byte(token))]
	return known && !now.After(s.until)
}

// recall finds a remembered administrator. Who keeps looking stays remembered:
// as long as the database is away, nobody can end their session in it.
func (r *remembered) recall(token string, now time.Time) *Viewer {
	key := sha256.Sum256([]byte(token))
	r.mu.Lock()
	defer r.mu.Unlock()
	s, known := r.seen[key]
	if !known || now.After(s.until) {
		return nil
	}
	s.until = now.Add(rememberAdmin)
	r.seen[key] = s
	return &s.viewer
}
