package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"vitrine/app/fault"
	"vitrine/web/assets"
)

// This file is the only one that knows echo. Handlers, guards and the route
// table use the types below, so that another router is a change of this file.

// handler answers a request or returns an error; serveError turns the error
// into a page.
type handler func(c *Context) error

// guard lets a request through to the next handler or returns an error.
type guard func(next handler) handler

// Context is one request and its answer.
type Context struct {
	echo   echo.Context
	server *Server

	viewerOnce sync.Once
	viewer     *Viewer
	viewerErr  error
	form       url.Values // the form, when a handler has read all of it from the stream
}

// Ctx ends when the client goes away or the route's time is over.
func (c *Context) Ctx() context.Context { return c.echo.Request().Context() }

// Request is the request itself, for headers, bodies and streams.
func (c *Context) Request() *http.Request { return c.echo.Request() }

// Response is the answer's writer, for streams; pages use Render.
func (c *Context) Response() http.ResponseWriter { return c.echo.Response() }

// Route is the pattern of the route, never the URL: it labels logs and metrics.
func (c *Context) Route() string { return c.echo.Path() }

// Param is a part of the path, unescaped. What is not text (invalid UTF-8, NUL)
// was answered with 404 before any handler ran.
func (c *Context) Param(name string) string { return c.echo.Param(name) }

// Query is a parameter of the URL, cleaned as Form is.
func (c *Context) Query(name string) string { return clean(c.echo.QueryParam(name)) }

// Form is a field of a URL-encoded form, without NUL and with invalid UTF-8
// replaced: neither can be stored, and refusing them would cost a person what
// they typed. ParseForm comes first.
func (c *Context) Form(name string) string { return clean(c.echo.Request().PostFormValue(name)) }

// maxForm bounds a form without files, in bytes. The longest field, a story, is
// 10,000 characters, which URL encoding can make nine times as many bytes.
const maxForm = 1 << 20

// ParseForm reads a form without files. A body that is too large or broken is
// Invalid with a sentence.
func (c *Context) ParseForm() error {
	r := c.echo.Request()
	body := &remembering{ReadCloser: http.MaxBytesReader(c.echo.Response(), r.Body, maxForm)}
	r.Body = body
	err := r.ParseMultipartForm(maxForm)
	if errors.Is(err, http.ErrNotMultipart) {
		err = body.err // which that one hides, and gives the form without its fields
	}
	if err != nil {
		return fault.Caused(fault.Invalid, "This form could not be read: it is too large or broke off on the way. Go back, shorten it, and send it again.", err)
	}
	return nil
}

// remembering is a body that keeps the error that ended it early.
type remembering struct {
	io.ReadCloser
	err error
}

// Read reads on.
func (b *remembering) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}

// clean removes what PostgreSQL cannot store.
func clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return strings.ReplaceAll(s, "\x00", "")
}

// Address is the client's address, believed only as far as the trusted proxies.
func (c *Context) Address() netip.Addr {
	a, err := netip.ParseAddr(c.echo.RealIP())
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap()
}

// Secure tells whether the client came by https, here or at a trusted proxy.
func (c *Context) Secure() bool {
	r := c.echo.Request()
	if r.TLS != nil {
		return true
	}
	return c.server.trusted(r.RemoteAddr) && r.Header.Get("X-Forwarded-Proto") == "https"
}

// Header sets a header of the answer.
func (c *Context) Header(name, value string) { c.echo.Response().Header().Set(name, value) }

// Render makes the whole page before the first byte leaves: an error in the
// middle of a template then gives an error page and not half a page. A view asks
// nothing of anybody, so it is made even when the request's time is over: a form
// that did not arrive in time has an answer, too.
func (c *Context) Render(status int, view templ.Component) error {
	buf, ok := buffers.Get().(*bytes.Buffer)
	if !ok {
		buf = new(bytes.Buffer)
	}
	defer buffers.Put(buf)
	buf.Reset()
	if err := view.Render(context.WithoutCancel(c.Ctx()), buf); err != nil {
		return err
	}
	return c.Bytes(status, "text/html; charset=utf-8", buf.Bytes())
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Bytes answers with a body of a type.
func (c *Context) Bytes(status int, contentType string, body []byte) error {
	return c.echo.Blob(status, contentType, body)
}

// NoContent answers with a status alone.
func (c *Context) NoContent(status int) error { return c.echo.NoContent(status) }

// SeeOther answers a form: the browser gets the next page, and reloading it
// sends nothing twice.
func (c *Context) SeeOther(url string) error { return c.echo.Redirect(http.StatusSeeOther, url) }

// MovedPermanently sends to the canonical URL.
func (c *Context) MovedPermanently(url string) error {
	return c.echo.Redirect(http.StatusMovedPermanently, url)
}

// Serve hands the request to a standard handler.
func (c *Context) Serve(h http.Handler) error {
	h.ServeHTTP(c.echo.Response(), c.echo.Request())
	return nil
}

// router registers routes with the guards of their group.
type router struct {
	echo   *echo.Echo
	server *Server
	guards []guard
}

// group adds guards to those of the group it is made from.
func (r *router) group(guards ...guard) *router {
	return &router{echo: r.echo, server: r.server, guards: append(append([]guard{}, r.guards...), guards...)}
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
	r.echo.Add(method, path, func(e echo.Context) error {
		c, ok := e.Get(contextKey).(*Context)
		if !ok {
			c = &Context{echo: e, server: r.server}
		}
		return h(c)
	})
}

const contextKey = "vitrine"

// Route is one line of the route table, for tests that walk all of it.
type Route struct{ Method, Path string }

// Handler builds the whole of the public port.
func (s *Server) Handler() http.Handler {
	return s.build()
}

// Routes lists the route table.
func (s *Server) Routes() []Route {
	e := s.build()
	var out []Route
	for _, r := range e.Routes() {
		out = append(out, Route{Method: r.Method, Path: r.Path})
	}
	return out
}

func (s *Server) build() *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.Logger.SetOutput(io.Discard)
	// The default believes any X-Forwarded-For.
	var ranges []echo.TrustOption
	ranges = append(ranges, echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false))
	for _, p := range s.conf.TrustedProxies {
		ranges = append(ranges, echo.TrustIPRange(&net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}))
	}
	if len(s.conf.TrustedProxies) > 0 {
		e.IPExtractor = echo.ExtractIPFromXFFHeader(ranges...)
	} else {
		e.IPExtractor = echo.ExtractIPDirect()
	}
	e.HTTPErrorHandler = func(err error, ec echo.Context) {
		s.serveError(&Context{echo: ec, server: s}, fromEcho(err))
	}
	e.Use(s.echoMiddleware(s.observe), s.echoMiddleware(s.recoverPanic), s.echoMiddleware(s.harden))
	e.Use(middleware.GzipWithConfig(middleware.GzipConfig{Level: 5, MinLength: 1024, Skipper: uncompressed}))
	s.routes(&router{echo: e, server: s})
	return e
}

// uncompressed tells whether an answer goes out as it is. echo looks for the
// word gzip alone, also in "gzip;q=0".
func uncompressed(ec echo.Context) bool {
	r := ec.Request()
	if streams(r.URL.Path) {
		return true
	}
	accepted := r.Header.Get(echo.HeaderAcceptEncoding)
	if accepted == "" || assets.AcceptsGzip(accepted) {
		return false
	}
	ec.Response().Header().Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
	return true
}

// streams tells whether a path's answers are compressed already or may not be
// buffered: files, uploads and the fingerprinted assets.
func streams(path string) bool {
	return strings.HasPrefix(path, "/m/") || strings.HasPrefix(path, "/assets/") ||
		strings.Contains(path, "/uploads/") || strings.HasSuffix(path, "/original")
}

// echoMiddleware adapts a guard; the Context it makes serves the whole request.
func (s *Server) echoMiddleware(g guard) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(e echo.Context) error {
			c, ok := e.Get(contextKey).(*Context)
			if !ok {
				c = &Context{echo: e, server: s}
				e.Set(contextKey, c)
			}
			return g(func(c *Context) error { return next(c.echo) })(c)
		}
	}
}

// fromEcho gives the router's own errors our kinds.
func fromEcho(err error) error {
	he, ok := err.(*echo.HTTPError) //nolint:errorlint // echo returns it bare
	if !ok {
		return err
	}
	switch he.Code {
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return fault.Caused(fault.NotFound, "", err)
	case http.StatusRequestEntityTooLarge, http.StatusBadRequest:
		return fault.Caused(fault.Invalid, "This request could not be understood.", err)
	default:
		return err
	}
}

// withContext replaces the request's context.
func (c *Context) withContext(ctx context.Context) {
	c.echo.SetRequest(c.echo.Request().WithContext(ctx))
}

// answered tells whether the status line has left already, and what it was.
func (c *Context) answered() (status int, done bool) {
	return c.echo.Response().Status, c.echo.Response().Committed
}

// size is how many bytes of body were written, before compression.
func (c *Context) size() int64 { return c.echo.Response().Size }

func (s *Server) trusted(remote string) bool {
	ap, err := netip.ParseAddrPort(remote)
	if err != nil {
		return false
	}
	for _, p := range s.conf.TrustedProxies {
		if p.Contains(ap.Addr().Unmap()) {
			return true
		}
	}
	return false
}

func (s *Server) log() *slog.Logger { return s.conf.Log }
