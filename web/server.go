// Package web is what people meet in the browser: the route table, handlers
// with one file per use case, and views. It calls the contexts' services and
// knows no SQL; echo stands behind package wire, and what all
// handlers share is package site.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/cache"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/limit"
	"vitrine/web/admin"
	"vitrine/web/api"
	"vitrine/web/assets"
	"vitrine/web/caching"
	"vitrine/web/collect"
	"vitrine/web/discover"
	"vitrine/web/docs"
	"vitrine/web/embed"
	"vitrine/web/engage"
	"vitrine/web/feed"
	"vitrine/web/glass"
	"vitrine/web/insights"
	"vitrine/web/leave"
	"vitrine/web/live"
	"vitrine/web/me"
	"vitrine/web/members"
	"vitrine/web/notices"
	"vitrine/web/report"
	"vitrine/web/share"
	"vitrine/web/site"
	"vitrine/web/sitemap"
	"vitrine/web/tokens"
	"vitrine/web/wire"
)

// Config of the public port.
type Config struct {
	BaseURL        *url.URL       // as people reach the site, for absolute links
	MediaURL       string         // the host of public renditions; empty: the site's own
	TrustedProxies []netip.Prefix // whose forwarded headers are believed
	Dev            bool           // development pages, assets from disk
	Contact        string         // an address of mail of those who run the site; may be empty
	BodyTime       time.Duration  // for the body of a form, and for silence within an upload; 30 s when zero
	Log            *slog.Logger
	Clock          clock.Clock
	Limits         limit.Limiter // nil refuses nobody
	Places         site.Places   // requests at once; empty lets everybody in
	Glass          glass.Setup   // what the glass box says of this installation
	Cache          *cache.Cache  // of pages; nil keeps none
	Build          string        // what pages are made from besides rows, as a digest
	Live           live.Config   // of connections; hub and sessions are the services'
}

// Context is one request and its answer, and who it comes from.
type Context = site.Context

// Server holds what handlers need. The composition root fills it.
type Server struct {
	*site.Site
	Services
	me       *me.Pages
	members  *members.Pages
	trusted  []netip.Prefix
	assets   *assets.Assets
	tus      *tusHandler
	api      *api.API
	tokens   *tokens.Pages
	docs     *docs.Pages
	admin    *admin.Pages
	leave    *leave.Pages
	insights *insights.Pages
	discover *discover.Pages
	engage   *engage.Pages
	follows  *feed.Pages
	live     *live.Pages
	notices  *notices.Pages
	report   *report.Pages
	outside
	sending
}

// outside is what leads to works by other ways than the walls.
type outside struct {
	collect *collect.Pages
	share   *share.Pages
	embed   *embed.Pages
	sitemap *sitemap.Pages
	noAI    *noAI
}

// New prepares the server. Services may be unreachable; they must not be nil.
func New(c Config, services Services) (*Server, error) {
	a, err := assets.Open(assets.Config{Dev: c.Dev})
	if err != nil {
		return nil, err
	}
	tus, err := newUploads(services.Media)
	if err != nil {
		return nil, err
	}
	on := site.New(site.Config{
		BaseURL: c.BaseURL, MediaURL: c.MediaURL, Dev: c.Dev, Contact: c.Contact, BodyTime: c.BodyTime, Log: c.Log, Clock: c.Clock, Streams: streams,
		Accounts: services.Accounts, Studios: services.Studios, Metrics: services.Metrics, Traces: services.Traces,
		Apart: site.Apart{Accounts: services.Admin.Accounts, Studios: services.Admin.Studios}, Errors: services.Admin.Errors,
		Limits: c.Limits, Places: c.Places, Glass: c.Glass, Cache: c.Cache, Build: c.Build, Live: services.Live, Bell: services.Notices,
	})
	programs, err := api.New(on, api.Services{Accounts: services.Accounts, Studios: services.Studios, Media: services.Media, Works: services.Works, Search: services.Search})
	if err != nil {
		return nil, err
	}
	decisions, err := docs.New(on, c.Glass.Switches)
	if err != nil {
		return nil, err
	}
	s := &Server{Site: on, Services: services, me: &me.Pages{Site: on, Accounts: services.Accounts},
		members: &members.Pages{Site: on, Accounts: services.Accounts, Studios: services.Studios}, trusted: c.TrustedProxies, assets: a, tus: tus, api: programs, tokens: &tokens.Pages{Site: on, Accounts: services.Accounts}, docs: decisions,
		follows:  &feed.Pages{Site: on, Feed: services.Feed, Engagement: services.Engagement, Studios: services.Studios, Works: services.Works},
		engage:   &engage.Pages{Site: on, Engagement: services.Engagement, Studios: services.Studios, Works: services.Works},
		discover: &discover.Pages{Site: on, Search: services.Search, Ranking: services.Ranking, Works: services.Works, Studios: services.Studios},
		report:   &report.Pages{Site: on, Moderation: services.Moderation, Engagement: services.Engagement, Studios: services.Studios, Accounts: services.Accounts},
		insights: &insights.Pages{Site: on, Analytics: services.Analytics, Views: services.Views},
		leave:    &leave.Pages{Site: on, Archive: services.Archive, Studios: services.Studios},
		live:     newLive(on, c.Live, services),
		notices:  &notices.Pages{Site: on, Notices: services.Notices},
		admin:    &admin.Pages{Site: on, Services: services.Admin}}
	s.sending = newSending()
	s.outside = outside{
		collect: &collect.Pages{Site: on, Collections: services.Collections, Studios: services.Studios, Works: services.Works},
		share:   &share.Pages{Site: on, Links: services.Links, Studios: services.Studios, Send: s.sendFile},
		embed:   &embed.Pages{Site: on, Works: services.Works, Studios: services.Studios},
		sitemap: &sitemap.Pages{Site: on, Sitemap: services.Sitemap, Studios: services.Studios},
		noAI:    &noAI{studios: services.Studios},
	}
	return s, nil
}

func newLive(on *site.Site, c live.Config, services Services) *live.Pages {
	c.Hub, c.Standing = services.Live, services.Accounts.StandingSessions
	if services.Notices != nil {
		c.Unread = func(ctx context.Context, member uuid.UUID) (int, error) {
			unread, err := services.Notices.Unread(ctx, member)
			return unread.Total(), err
		}
	}
	return live.New(on, c)
}

// Handler builds the whole of the public port.
func (s *Server) Handler() http.Handler { return s.build() }

// Live are the connections of open pages, which live longer than a request:
// whoever runs the server looks after them, and drains them.
func (s *Server) Live() *live.Pages { return s.live }

// Routes lists the route table, for tests that walk all of it.
func (s *Server) Routes() []wire.Route { return s.build().Routes() }

// Caching tells what caches may do with the answers of each route, by "GET /path".
func (s *Server) Caching() map[string]caching.Policy {
	r := s.Router(s.engine())
	s.routes(r)
	return r.Caching()
}

func (s *Server) build() *wire.Engine {
	g := s.engine()
	s.routes(s.Router(g))
	return g
}

// engine has what stands around every request, and no route.
func (s *Server) engine() *wire.Engine {
	g := wire.New(wire.Config{TrustedProxies: s.trusted, Streams: streams, Failed: s.failed})
	for _, outer := range []site.Guard{s.Observe, s.RecoverPanic, s.Harden, s.Strays} {
		g.Use(func(next wire.Handler) wire.Handler {
			h := outer(func(c *Context) error { return next(c.Exchange) })
			return func(x *wire.Exchange) error { return h(s.Context(x)) }
		})
	}
	g.Compress()
	return g
}

func (s *Server) failed(x *wire.Exchange, err error) { s.ServeError(s.Context(x), err) }

// streams tells whether a path's answers are compressed already or may not be
// buffered: files, uploads, beacons, live connections and the fingerprinted assets.
func streams(path string) bool {
	return strings.HasPrefix(path, "/m/") || strings.HasPrefix(path, "/s/") && strings.Contains(path, "/m/") || strings.HasPrefix(path, "/b/") || strings.HasPrefix(path, "/assets/") || path == "/live" || path == "/live/poll" ||
		strings.Contains(path, "/uploads/") || strings.HasSuffix(path, "/original") || strings.Contains(path, "/export/")
}
