package site

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"vitrine/app/platform/cache"
	"vitrine/web/wire"
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
// something. The address may have one value of each of the parameters as its
// query, and nothing else.
func (s *Site) Kept(params ...string) Guard {
	return func(next Handler) Handler {
		return func(c *Context) error {
			if s.conf.Cache == nil || s.conf.Cache.Off() {
				return next(c)
			}
			c.keeping.here = true
			query, plain := asked(c.Request().URL.RawQuery, params)
			if !plain || !c.anybody() {
				return next(c)
			}
			ctx := cache.Of(c.Ctx(), c.Route())
			if c.wrote() {
				ctx = cache.Fresh(ctx)
			}
			a, err := s.conf.Cache.Get(ctx, "page:"+s.conf.Build+":"+c.Request().URL.Path+query, func(ctx context.Context) (cache.Made, error) {
				return c.hold(ctx, next)
			})
			c.keeping.from, c.keeping.age = a.From, a.Age
			if err != nil {
				return err
			}
			return c.SendPacked(a.Body)
		}
	}
}

// asked writes a query in the one way in which it stands in keys; plain tells
// whether it holds what it may and nothing else.
func asked(raw string, params []string) (query string, plain bool) {
	if raw == "" {
		return "", true
	}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return "", false
	}
	for name, given := range values {
		if len(given) != 1 || !slices.Contains(params, name) {
			return "", false
		}
	}
	return "?" + values.Encode(), true
}

// anybody tells whether nobody in particular asks.
func (c *Context) anybody() bool {
	return c.Request().Method == http.MethodGet && c.SessionToken() == "" && !c.HasFlash()
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
	made := cache.Made{Body: packed, Same: func(kept []byte) bool { return wire.SameButTimes(kept, packed) }}
	if held.Status == http.StatusOK && held.Header["Set-Cookie"] == nil {
		made.Class, made.Subjects = c.keeping.class, c.keeping.subjects
	}
	return made, nil
}
