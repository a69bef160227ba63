package web

import (
	"bytes"
	"net/http"
	"sync/atomic"

	"vitrine/app/fault"
	"vitrine/app/platform/limit"
	"vitrine/app/works"
	"vitrine/web/caching"
	"vitrine/web/site"
	"vitrine/web/ui"
	"vitrine/web/wire"
)

// Yardsticks is what a measurement holds the pages against, in the same
// process. It stands on a port of its own, which only a benchmark opens.
//
//	/floor         explore's own queries and its list of cards, no guards around them
//	/memory        the bytes of explore's page from memory, no guards
//	/memory/chain  the same bytes behind everything that stands before a public page
//
// All of them are compressed as pages are.
func (s *Server) Yardsticks() http.Handler {
	bare := wire.New(wire.Config{Streams: streams, Failed: s.failed})
	bare.Compress()
	bare.Add(http.MethodGet, "/floor", func(x *wire.Exchange) error { return s.floor(s.Context(x)) })
	page := s.fromMemory("/explore")
	bare.Add(http.MethodGet, "/memory", func(x *wire.Exchange) error { return page(s.Context(x)) })
	chained := s.engine()
	s.Router(chained).Group(s.Admit(site.Pages), s.Limit(limit.Dynamic), s.InTime).Caches(caching.Page).Get("/memory/chain", page)
	mux := http.NewServeMux()
	mux.Handle("/", bare)
	mux.Handle("/memory/chain", chained)
	return mux
}

// floor is the least that explore can cost: what it asks, and what it lists.
func (s *Server) floor(c *Context) error {
	wall, err := s.Works.Latest(c.Ctx(), works.Cursor{}, works.PerPage)
	if err != nil {
		return err
	}
	cards, err := s.hang(c.Ctx(), wall.Cards)
	if err != nil {
		return err
	}
	return c.Render(http.StatusOK, ui.Hang{Cards: cards, Leads: true})
}

// fromMemory answers with the page of a path, which is made at each start anew.
func (s *Server) fromMemory(path string) site.Handler {
	pages := s.Handler()
	var made atomic.Pointer[[]byte]
	return func(c *Context) error {
		if made.Load() == nil {
			r, err := http.NewRequestWithContext(c.Ctx(), http.MethodGet, path, nil)
			if err != nil {
				return err
			}
			kept := &keptAnswer{header: http.Header{}}
			pages.ServeHTTP(kept, r)
			if kept.status != http.StatusOK {
				return fault.Newf(fault.Unavailable, "%s answered %d.", path, kept.status)
			}
			body := kept.body.Bytes()
			made.Store(&body)
		}
		return c.Bytes(http.StatusOK, "text/html; charset=utf-8", *made.Load())
	}
}

// keptAnswer keeps an answer instead of sending it.
type keptAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header is that of the answer.
func (k *keptAnswer) Header() http.Header { return k.header }

// WriteHeader keeps the status.
func (k *keptAnswer) WriteHeader(status int) { k.status = status }

// Write keeps the body.
func (k *keptAnswer) Write(p []byte) (int, error) {
	if k.status == 0 {
		k.status = http.StatusOK
	}
	return k.body.Write(p)
}
