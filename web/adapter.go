package web

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"vitrine/web/wire"
)

// handler answers a request or returns an error; serveError turns the error
// into a page.
type handler func(c *Context) error

// guard lets a request through to the next handler or returns an error.
type guard func(next handler) handler

// Context is one request and its answer, and who it comes from.
type Context struct {
	*wire.Exchange
	server *Server

	viewerOnce sync.Once
	viewer     *Viewer
	viewerErr  error
	form       url.Values // the form, when a handler has read all of it from the stream
}

// context gives the one Context of an exchange.
func (s *Server) context(x *wire.Exchange) *Context {
	c, ok := x.Kept().(*Context)
	if !ok {
		c = &Context{Exchange: x, server: s}
		x.Keep(c)
	}
	return c
}

// router registers routes with the guards of their group.
type router struct {
	engine *wire.Engine
	server *Server
	guards []guard
}

// group adds guards to those of the group it is made from.
func (r *router) group(guards ...guard) *router {
	return &router{engine: r.engine, server: r.server, guards: append(append([]guard{}, r.guards...), guards...)}
}

// get registers a page. HEAD is answered as GET; net/http drops the body.
func (r *router) get(path string, h handler) {
	r.add(http.MethodGet, path, h)
	r.add(http.MethodHead, path, h)
}

// post registers a form's action.
func (r *router) post(path string, h handler) { r.add(http.MethodPost, path, h) }

// all registers every method, for protocols such as tus.
func (r *router) all(path string, h handler) {
	for _, m := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPatch, http.MethodDelete, http.MethodOptions} {
		r.add(m, path, h)
	}
}

func (r *router) add(method, path string, h handler) {
	for i := len(r.guards) - 1; i >= 0; i-- {
		h = r.guards[i](h)
	}
	r.engine.Add(method, path, func(x *wire.Exchange) error { return h(r.server.context(x)) })
}

// Handler builds the whole of the public port.
func (s *Server) Handler() http.Handler { return s.build() }

// Routes lists the route table, for tests that walk all of it.
func (s *Server) Routes() []wire.Route { return s.build().Routes() }

func (s *Server) build() *wire.Engine {
	g := wire.New(wire.Config{
		TrustedProxies: s.conf.TrustedProxies, Streams: streams,
		Failed: func(x *wire.Exchange, err error) { s.serveError(s.context(x), err) },
	})
	for _, outer := range []guard{s.observe, s.recoverPanic, s.harden} {
		g.Use(func(next wire.Handler) wire.Handler {
			h := outer(func(c *Context) error { return next(c.Exchange) })
			return func(x *wire.Exchange) error { return h(s.context(x)) }
		})
	}
	g.Compress()
	s.routes(&router{engine: g, server: s})
	return g
}

// streams tells whether a path's answers are compressed already or may not be
// buffered: files, uploads and the fingerprinted assets.
func streams(path string) bool {
	return strings.HasPrefix(path, "/m/") || strings.HasPrefix(path, "/assets/") ||
		strings.Contains(path, "/uploads/") || strings.HasSuffix(path, "/original")
}

func (s *Server) log() *slog.Logger { return s.conf.Log }
