package site

import (
	"context"
	"net/http"
	"time"

	"vitrine/app/platform/cache"
)

// keeping is what a handler says of its answer, and what the cache says of it.
type keeping struct {
	class    cache.Class
	subjects []string
	here     bool       // the answers of this route are kept
	from     cache.From // empty: it was not asked
	age      time.Duration
}

// Keep lets the answer be kept for other visitors until one of its subjects
// changes. It must hold nothing of who asks.
func (c *Context) Keep(class cache.Class, subjects ...string) {
	c.keeping.class, c.keeping.subjects = class, subjects
}

// Kept answers visitors with what is kept, and keeps what its handler allows to
// be kept. Members get every page made: it carries their name, and shows what
// they have just written. So does, for some seconds, whoever has changed
// something. The address may have no query.
func (s *Site) Kept(next Handler) Handler {
	return func(c *Context) error {
		if s.conf.Cache == nil || s.conf.Cache.Off() {
			return next(c)
		}
		c.keeping.here = true
		if !c.anybody() {
			return next(c)
		}
		ctx := c.Ctx()
		if c.wrote() {
			ctx = cache.Fresh(ctx)
		}
		a, err := s.conf.Cache.Get(ctx, "page:"+s.conf.Build+":"+c.Request().URL.Path, func(ctx context.Context) (cache.Made, error) {
			return c.hold(ctx, next)
		})
		c.keeping.from, c.keeping.age = a.From, a.Age
		if err != nil {
			return err
		}
		return c.SendPacked(a.Body)
	}
}

// anybody tells whether nothing in the request makes its answer another than
// everybody's.
func (c *Context) anybody() bool {
	r := c.Request()
	if r.Method != http.MethodGet || r.URL.RawQuery != "" || c.SessionToken() != "" {
		return false
	}
	return !c.HasFlash()
}

// hold makes an answer for whoever wants it.
func (c *Context) hold(ctx context.Context, next Handler) (cache.Made, error) {
	before := c.Ctx()
	c.WithContext(ctx)
	defer c.WithContext(before)
	held, err := c.Hold(func() error { return next(c) })
	if err != nil {
		return cache.Made{}, err
	}
	packed, err := held.Pack()
	if err != nil {
		return cache.Made{}, err
	}
	made := cache.Made{Body: packed}
	if held.Status == http.StatusOK && held.Header["Set-Cookie"] == nil {
		made.Class, made.Subjects = c.keeping.class, c.keeping.subjects
	}
	return made, nil
}
