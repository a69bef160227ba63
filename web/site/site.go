// Package site is what every handler stands on: the exchange with the person
// behind it, the guards of routes, the error page, and what every page knows.
// Packages of handlers embed a Site; the route table in package web names their
// methods.
package site

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"vitrine/app/accounts"
	"vitrine/app/platform/cache"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/errlog"
	"vitrine/app/platform/limit"
	"vitrine/app/platform/telemetry"
	"vitrine/app/studios"
	"vitrine/web/glass"
	"vitrine/web/page"
	"vitrine/web/views"
)

// Config of a Site. Services may be unreachable; they must not be nil.
type Config struct {
	BaseURL  *url.URL      // as people reach the site, for absolute links
	MediaURL string        // the host of public renditions; empty: the site's own
	Dev      bool          // development pages
	Contact  string        // an address of mail of those who run the site; may be empty
	BodyTime time.Duration // for the body of a form, and for silence within an upload; 30 s when zero
	Log      *slog.Logger
	Clock    clock.Clock
	Streams  func(path string) bool // whose answers may not be buffered and whose bodies are files

	Accounts *accounts.Service
	Studios  *studios.Service
	Metrics  *telemetry.Metrics
	Traces   *telemetry.Traces // nil makes no spans

	Apart  Apart       // who answers behind the guard of that name; Accounts and Studios when it is empty
	Errors *errlog.Log // nil remembers none

	Limits limit.Limiter // nil refuses nobody
	Places Places        // empty: everybody is let in
	Glass  glass.Setup
	Cache  *cache.Cache // of pages; nil keeps none
	Build  string       // stands for everything besides rows that pages are made from: the program, its configuration
	Live   Positions    // nil: pages hear nothing
	Bell   Bell         // nil: nothing is ever unread
}

// Positions tells from where on a page that is made now must ask what happens.
type Positions interface{ Position() string }

// Site answers what all handlers ask.
type Site struct {
	conf   Config
	policy string // of content, of every answer
	cross  *http.CrossOriginProtection
	gate   *gate
	admins remembered

	strangers chan struct{} // one place, see identifySoon

	programs programs
}

// New prepares a site; it reaches nothing.
func New(c Config) *Site {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.BodyTime == 0 {
		c.BodyTime = bodyTime
	}
	if c.Clock == nil {
		c.Clock = clock.System
	}
	return &Site{conf: c, policy: policyFor(c.MediaURL), strangers: make(chan struct{}, 1), cross: http.NewCrossOriginProtection(), gate: newGate(c.Places)}
}

// Log is the process's log.
func (s *Site) Log() *slog.Logger { return s.conf.Log }

// Now is the time of the site's clock.
func (s *Site) Now() time.Time { return s.conf.Clock() }

// Dev tells whether the development pages are open.
func (s *Site) Dev() bool { return s.conf.Dev }

// Host is where people reach the site, without the scheme.
func (s *Site) Host() string { return s.conf.BaseURL.Host }

// Absolute makes the link that leaves the site: in mails, feeds, cards.
func (s *Site) Absolute(path string) string {
	if path != "" && path[0] != '/' { // a rendition's, on its own host
		return path
	}
	return strings.TrimSuffix(s.conf.BaseURL.String(), "/") + path
}

// Base fills what every page knows. It is the only place that does.
func (s *Site) Base(c *Context, title string) page.Base {
	return s.withGlass(c, page.Base{
		Title:     title,
		Path:      c.Request().URL.Path,
		Canonical: s.Absolute(c.Request().URL.EscapedPath()),
		Viewer:    pageViewer(c),
		Flash:     c.TakeFlash(),
		Dev:       s.conf.Dev,
		Live:      c.liveFrom,
		Now:       s.conf.Clock(),
	})
}

// ShowNotice answers with a page that says something and leads on.
func (s *Site) ShowNotice(c *Context, status int, n views.Notice) error {
	return c.Render(status, views.NoticePage(s.Base(c, n.Heading), n))
}
