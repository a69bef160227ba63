package wire

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"vitrine/app/fault"
)

// Exchange is one request and its answer.
type Exchange struct {
	echo   echo.Context
	engine *Engine
	kept   any
	packs  bool  // what it writes is compressed on the way
	held   *Held // where the answer goes in place of leaving; nil: it leaves

	began    time.Time // to render
	rendered time.Duration
}

// Keep lets the caller carry something of its own through the whole request.
func (x *Exchange) Keep(v any) { x.kept = v }

// Kept is what Keep was given, or nil.
func (x *Exchange) Kept() any { return x.kept }

// Ctx ends when the client goes away or the route's time is over.
func (x *Exchange) Ctx() context.Context { return x.echo.Request().Context() }

// Request is the request itself, for headers, bodies and streams.
func (x *Exchange) Request() *http.Request { return x.echo.Request() }

// Response is the answer's writer, for streams; pages use Render.
func (x *Exchange) Response() http.ResponseWriter { return x.echo.Response() }

// Route is the pattern of the route, never the URL: it labels logs and metrics.
func (x *Exchange) Route() string { return x.echo.Path() }

// Param is a part of the path, unescaped. What is not text (invalid UTF-8, NUL)
// was answered with 404 before any handler ran.
func (x *Exchange) Param(name string) string { return x.echo.Param(name) }

// Query is a parameter of the URL, cleaned as Form is.
func (x *Exchange) Query(name string) string { return Clean(x.echo.QueryParam(name)) }

// Form is a field of a URL-encoded form, without NUL and with invalid UTF-8
// replaced: neither can be stored, and refusing them would cost a person what
// they typed. ParseForm comes first.
func (x *Exchange) Form(name string) string { return Clean(x.echo.Request().PostFormValue(name)) }

// maxForm bounds a form without files, in bytes. The longest field, a story, is
// 10,000 characters, which URL encoding can make nine times as many bytes.
const maxForm = 1 << 20

// ParseForm reads a form without files. A body that is too large or broken is
// Invalid with a sentence.
func (x *Exchange) ParseForm() error {
	r := x.echo.Request()
	body := &remembering{ReadCloser: http.MaxBytesReader(x.echo.Response(), r.Body, maxForm)}
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

// Clean removes what PostgreSQL cannot store.
func Clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return strings.ReplaceAll(s, "\x00", "")
}

// Address is the client's address, believed only as far as the trusted proxies.
func (x *Exchange) Address() netip.Addr {
	a, err := netip.ParseAddr(x.echo.RealIP())
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap()
}

// Secure tells whether the client came by https, here or at a trusted proxy.
func (x *Exchange) Secure() bool {
	r := x.echo.Request()
	if r.TLS != nil {
		return true
	}
	return x.engine.trusted(r.RemoteAddr) && r.Header.Get("X-Forwarded-Proto") == "https"
}

// Header sets a header of the answer.
func (x *Exchange) Header(name, value string) { x.echo.Response().Header().Set(name, value) }

// Render makes the whole page before the first byte leaves: an error in the
// middle of a template then gives an error page and not half a page. A view asks
// nothing of anybody, so it is made even when the request's time is over: a form
// that did not arrive in time has an answer, too.
func (x *Exchange) Render(status int, view templ.Component) error {
	buf, ok := buffers.Get().(*bytes.Buffer)
	if !ok {
		buf = new(bytes.Buffer)
	}
	defer buffers.Put(buf)
	buf.Reset()
	x.began, x.rendered = time.Now(), 0
	err := view.Render(context.WithoutCancel(x.Ctx()), buf)
	if x.rendered = time.Since(x.began); err != nil {
		return err
	}
	return x.Bytes(status, "text/html; charset=utf-8", buf.Bytes())
}

// Rendering is how long the page took to make, or has taken so far.
func (x *Exchange) Rendering() time.Duration {
	if x.rendered == 0 && !x.began.IsZero() {
		return time.Since(x.began)
	}
	return x.rendered
}

// BeforeAnswer calls f when the headers are about to leave, and can still be set.
func (x *Exchange) BeforeAnswer(f func()) { x.echo.Response().Before(f) }

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Bytes answers with a body of a type.
func (x *Exchange) Bytes(status int, contentType string, body []byte) error {
	if x.held != nil {
		x.Header("Content-Type", contentType)
		x.held.Status, x.held.Body = status, bytes.Clone(body)
		return nil
	}
	return x.echo.Blob(status, contentType, body)
}

// NoContent answers with a status alone.
func (x *Exchange) NoContent(status int) error { return x.echo.NoContent(status) }

// SeeOther answers a form: the browser gets the next page, and reloading it
// sends nothing twice.
func (x *Exchange) SeeOther(url string) error { return x.redirect(http.StatusSeeOther, url) }

// MovedPermanently sends to the canonical URL.
func (x *Exchange) MovedPermanently(url string) error {
	return x.redirect(http.StatusMovedPermanently, url)
}

// Serve hands the request to a standard handler.
func (x *Exchange) Serve(h http.Handler) error {
	h.ServeHTTP(x.echo.Response(), x.echo.Request())
	return nil
}

// WithContext replaces the request's context.
func (x *Exchange) WithContext(ctx context.Context) {
	x.echo.SetRequest(x.echo.Request().WithContext(ctx))
}

// Answered tells whether the status line has left already, and what it was.
func (x *Exchange) Answered() (status int, done bool) {
	return x.echo.Response().Status, x.echo.Response().Committed
}

// Size is how many bytes of body were written, before compression.
func (x *Exchange) Size() int64 { return x.echo.Response().Size }
