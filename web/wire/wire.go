// Package wire is the only code that knows echo: what one exchange can do, and
// the engine that finds its route. Handlers, guards and the route table use its
// types, so that another router is a change of this package.
package wire

import (
	"io"
	"net"
	"net/http"
	"net/netip"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"vitrine/app/fault"
	"vitrine/web/assets"
)

// Handler answers an exchange or returns an error.
type Handler func(x *Exchange) error

// Config of an engine.
type Config struct {
	TrustedProxies []netip.Prefix               // whose forwarded headers are believed
	Streams        func(path string) bool       // whose answers are compressed already or may not be buffered
	Failed         func(x *Exchange, err error) // answers for a handler that returned an error
}

// Engine finds the handler of a request.
type Engine struct {
	echo *echo.Echo
	conf Config
}

// Route is one line of the route table.
type Route struct{ Method, Path string }

// New makes an engine without routes.
func New(c Config) *Engine {
	g := &Engine{echo: echo.New(), conf: c}
	e := g.echo
	e.HideBanner, e.HidePort = true, true
	e.Logger.SetOutput(io.Discard)
	// The default believes any X-Forwarded-For.
	ranges := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range c.TrustedProxies {
		ranges = append(ranges, echo.TrustIPRange(&net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}))
	}
	e.IPExtractor = echo.ExtractIPDirect()
	if len(c.TrustedProxies) > 0 {
		e.IPExtractor = echo.ExtractIPFromXFFHeader(ranges...)
	}
	e.HTTPErrorHandler = func(err error, ec echo.Context) { c.Failed(g.exchange(ec), Fault(err)) }
	return g
}

// ServeHTTP implements http.Handler.
func (g *Engine) ServeHTTP(w http.ResponseWriter, r *http.Request) { g.echo.ServeHTTP(w, r) }

// Routes lists what was added.
func (g *Engine) Routes() (out []Route) {
	for _, r := range g.echo.Routes() {
		out = append(out, Route{Method: r.Method, Path: r.Path})
	}
	return out
}

// Add answers a method and path ("/t/:tag") by a handler.
func (g *Engine) Add(method, path string, h Handler) {
	g.echo.Add(method, path, func(ec echo.Context) error { return h(g.exchange(ec)) })
}

// Use puts a step around every request, also those that find no route. Steps run
// in the order in which they are added.
func (g *Engine) Use(step func(next Handler) Handler) {
	g.echo.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(ec echo.Context) error {
			return step(func(x *Exchange) error { return next(x.echo) })(g.exchange(ec))
		}
	})
}

// Compress packs answers for those who take gzip.
func (g *Engine) Compress() {
	g.echo.Use(middleware.GzipWithConfig(middleware.GzipConfig{Level: 5, MinLength: 1024, Skipper: g.uncompressed}))
}

const exchangeKey = "exchange"

// exchange gives the one Exchange of a request.
func (g *Engine) exchange(ec echo.Context) *Exchange {
	x, ok := ec.Get(exchangeKey).(*Exchange)
	if !ok {
		x = &Exchange{echo: ec, engine: g}
		ec.Set(exchangeKey, x)
	}
	return x
}

// uncompressed tells whether an answer goes out as it is. echo looks for the
// word gzip alone, also in "gzip;q=0".
func (g *Engine) uncompressed(ec echo.Context) bool {
	r := ec.Request()
	if g.conf.Streams(r.URL.Path) {
		return true
	}
	accepted := r.Header.Get(echo.HeaderAcceptEncoding)
	if accepted == "" || assets.AcceptsGzip(accepted) {
		g.exchange(ec).packs = accepted != ""
		return false
	}
	ec.Response().Header().Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
	return true
}

// Fault gives the router's own errors our kinds.
func Fault(err error) error {
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

func (g *Engine) trusted(remote string) bool {
	ap, err := netip.ParseAddrPort(remote)
	if err != nil {
		return false
	}
	for _, p := range g.conf.TrustedProxies {
		if p.Contains(ap.Addr().Unmap()) {
			return true
		}
	}
	return false
}
