package site

import (
	"net/http"
	"net/url"
	"sync"

	"vitrine/app/notifications/notices"
	"vitrine/app/platform/limit"
	"vitrine/web/caching"
	"vitrine/web/wire"
)

// Handler answers a request or returns an error; ServeError turns the error
// into a page.
type Handler func(c *Context) error

// Guard lets a request through to the next handler or returns an error.
type Guard func(next Handler) Handler

// Context is one request and its answer, and who it comes from.
type Context struct {
	*wire.Exchange
	site *Site

	apart      bool // see Site.Apart
	viewerOnce sync.Once
	viewer     *Viewer
	viewerErr  error
	unreadOnce sync.Once
	unread     notices.Unread
	form       url.Values // the form, when a handler has read all of it from the stream

	meter          *meter     // of this answer; nil outside of Observe
	caller         *limit.Key // the program that asks
	counted        bool       // its session is counted
	turnedAway     bool       // before anybody looked at it
	keeping        keeping    // whether and how the answer is kept for others
	changesNothing bool       // although it is no GET
	secret         bool       // see Unkept
	liveFrom       string     // when the page began to be made, if a member is looking
}

// Context gives the one Context of an exchange.
func (s *Site) Context(x *wire.Exchange) *Context {
	c, ok := x.Kept().(*Context)
	if !ok {
		c = &Context{Exchange: x, site: s}
		x.Keep(c)
	}
	return c
}

// KeepForm remembers a form that a handler has read from the stream, for the
// page that gives its words back when it cannot be carried out.
func (c *Context) KeepForm(values url.Values) { c.form = values }

// Router registers routes with the guards of their group, and with what caches
// may do with their answers.
type Router struct {
	engine *wire.Engine
	site   *Site
	policy caching.Policy
	table  map[string]caching.Policy // of all groups, by "GET /path"
	guards []Guard
}

// Router makes a router without guards, whose answers nobody keeps.
func (s *Site) Router(e *wire.Engine) *Router {
	return &Router{engine: e, site: s, policy: caching.None, table: map[string]caching.Policy{}}
}

// Caching tells the policy of every route that was registered, by "GET /path".
func (r *Router) Caching() map[string]caching.Policy { return r.table }

// Group adds guards to those of the group it is made from.
func (r *Router) Group(guards ...Guard) *Router {
	return &Router{engine: r.engine, site: r.site, policy: r.policy, table: r.table, guards: append(append([]Guard{}, r.guards...), guards...)}
}

// Caches makes a group whose answers to GET say that policy.
func (r *Router) Caches(p caching.Policy) *Router {
	g := r.Group()
	g.policy = p
	return g
}

// Get registers a page. HEAD is answered as GET; net/http drops the body.
func (r *Router) Get(path string, h Handler) {
	r.add(http.MethodGet, path, h)
	r.add(http.MethodHead, path, h)
}

// Post registers a form's action.
func (r *Router) Post(path string, h Handler) { r.add(http.MethodPost, path, h) }

// Delete registers what programs take away.
func (r *Router) Delete(path string, h Handler) { r.add(http.MethodDelete, path, h) }

// Options registers what a path says of itself.
func (r *Router) Options(path string, h Handler) { r.add(http.MethodOptions, path, h) }

// All registers every method, for protocols such as tus.
func (r *Router) All(path string, h Handler) {
	for _, m := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPatch, http.MethodDelete, http.MethodOptions} {
		r.add(m, path, h)
	}
}

func (r *Router) add(method, path string, h Handler) {
	for i := len(r.guards) - 1; i >= 0; i-- {
		h = r.guards[i](h)
	}
	p := r.policy
	if method == http.MethodPost || method == http.MethodPatch || method == http.MethodDelete {
		p = caching.None
	}
	r.table[method+" "+path] = p
	r.engine.Add(method, path, func(x *wire.Exchange) error {
		c := r.site.Context(x)
		c.BeforeAnswer(func() { c.sayCaching(p) })
		return h(c)
	})
}
