// Package web is what people meet in the browser: the route table, handlers
// with one file per use case, and views. It calls the contexts' services and
// knows no SQL; echo stands behind adapter.go.
package web

import (
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"vitrine/app/platform/clock"
	"vitrine/web/assets"
	"vitrine/web/page"
)

// Config of the public port.
type Config struct {
	BaseURL        *url.URL       // as people reach the site, for absolute links
	TrustedProxies []netip.Prefix // whose forwarded headers are believed
	Dev            bool           // development pages, assets from disk
	BodyTime       time.Duration  // for the body of a form, and for silence within an upload; 30 s when zero
	Log            *slog.Logger
	Clock          clock.Clock
}

// Server holds what handlers need. The composition root fills it.
type Server struct {
	Services
	conf   Config
	assets *assets.Assets
	cross  *http.CrossOriginProtection
	tus    *tusHandler
}

// New prepares the server. Services may be unreachable; they must not be nil.
func New(c Config, services Services) (*Server, error) {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.BodyTime == 0 {
		c.BodyTime = bodyTime
	}
	if c.Clock == nil {
		c.Clock = clock.System
	}
	a, err := assets.Open(assets.Config{Dev: c.Dev})
	if err != nil {
		return nil, err
	}
	tus, err := newUploads(services.Media)
	if err != nil {
		return nil, err
	}
	return &Server{Services: services, conf: c, assets: a, cross: http.NewCrossOriginProtection(), tus: tus}, nil
}

// absolute makes the link that leaves the site: in mails, feeds, cards.
func (s *Server) absolute(path string) string {
	return strings.TrimSuffix(s.conf.BaseURL.String(), "/") + path
}

// base fills what every page knows. It is the only place that does.
func (s *Server) base(c *Context, title string) page.Base {
	return page.Base{
		Title:     title,
		Path:      c.Request().URL.Path,
		Canonical: s.absolute(c.Request().URL.EscapedPath()),
		Viewer:    pageViewer(c),
		Flash:     c.TakeFlash(),
		Dev:       s.conf.Dev,
		Now:       s.conf.Clock(),
	}
}
