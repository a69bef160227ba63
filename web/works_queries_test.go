package web_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
	"vitrine/app/works"
	"vitrine/web"
)

// statements counts what is sent to the database, but for transaction control
// and for finding out who is looking.
type statements struct {
	mu  sync.Mutex
	all []string
}

func (s *statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	q := strings.ToLower(strings.TrimSpace(data.SQL))
	for _, not := range []string{"begin", "commit", "rollback", "select set_config", "update sessions", "deallocate"} {
		if strings.HasPrefix(q, not) {
			return ctx
		}
	}
	if strings.Contains(q, " sessions ") || strings.HasPrefix(q, "select shelf, count(*)") || strings.Contains(q, "from memberships m join studios") {
		return ctx
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, strings.Join(strings.Fields(q), " "))
	return ctx
}

func (s *statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (s *statements) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.all
	s.all = nil
	return out
}

// counted puts a server that counts its statements in the place of the site's.
func (h *hung) counted(t *testing.T) *statements {
	t.Helper()
	seen := &statements{}
	handle := opened(t, db.Config{URL: h.AppURL, Tracer: seen})
	other := *h.site
	other.Services = h.services(t, handle, bus.NewOutbox(), slog.New(slog.DiscardHandler))
	other.serve(t, web.Config{})
	h.url = other.url
	return seen
}

// Queries per page, for one row and for sixty.
func TestPages_queries(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	w := h.work(t, 1, works.Edit{Title: "Tide 0", Tags: "tide, sand"})
	h.index(t)
	seen := h.counted(t)
	visitor := h.browser(t)
	pages := []struct {
		who  *browser
		path string
		most int
	}{
		{visitor, h.path(w), 5}, {visitor, "/explore", 3}, {visitor, "/@" + h.slug, 5}, {visitor, "/t/tide", 3}, {visitor, "/search?q=tide", 3}, {visitor, "/search?q=tidde", 3},
		{visitor, "/", 5}, {visitor, "/explore/feed.atom", 3}, {visitor, "/@" + h.slug + "/feed.atom", 4},
		{h.member, "/studio/" + h.slug, 8}, {h.member, h.editPath(w), 8}, {h.member, h.path(w), 5}, {h.member, "/explore", 3},
	}
	few := map[string]int{}
	for _, rows := range []string{"one row", "sixty rows"} {
		for _, p := range pages {
			seen.take()
			v := p.who.get(p.path)
			got := seen.take()
			if v.status != http.StatusOK {
				t.Errorf("%s: %d", p.path, v.status)
			}
			if len(got) == 0 || len(got) > p.most {
				t.Errorf("%s with %s takes %d queries, at most %d:\n%s", p.path, rows, len(got), p.most, strings.Join(got, "\n"))
			}
			if rows == "one row" {
				few[p.path] = len(got)
			} else if len(got) > few[p.path] {
				t.Errorf("%s takes %d queries with sixty rows and %d with one", p.path, len(got), few[p.path])
			}
		}
		if rows == "one row" {
			for i := range 60 {
				h.work(t, 1, works.Edit{Title: fmt.Sprint("Tide ", i+1), Tags: "tide, sand"})
			}
			for range 59 {
				_, err := h.Works.AddMedia(db.Guard(t.Context()), h.actor, works.Target{PublicID: w.PublicID}, nil, h.file(t), idem.NewKey())
				must(t, err)
			}
			h.index(t)
		}
	}
	v := visitor.get(h.path(w))
	if n := v.Find(".stage img, .plates img").Length(); n != 60 {
		t.Errorf("the page shows %d of 60 pictures", n)
	}
	if n := v.Find("img[fetchpriority=high]").Length(); n != 1 {
		t.Errorf("%d pictures have priority", n)
	}
	if n := visitor.get("/explore").Find("ul.hang > li").Length(); n != works.PerPage {
		t.Errorf("explore shows %d works", n)
	}
}

// Following the links from page to page shows each work once.
func TestExplore_pages(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	for i := range works.PerPage + 5 {
		h.work(t, 1, works.Edit{Title: fmt.Sprint("Tide ", i)})
	}
	b := h.browser(t)
	seen := map[string]bool{}
	for path := "/explore"; path != ""; {
		v := b.get(path)
		for _, href := range v.Find("ul.hang .ttl a").Nodes {
			for _, a := range href.Attr {
				if a.Key == "href" && seen[a.Val] {
					t.Errorf("%s twice", a.Val)
				} else if a.Key == "href" {
					seen[a.Val] = true
				}
			}
		}
		path = v.Find("nav.pages a[rel=next]").AttrOr("href", "")
	}
	if len(seen) != works.PerPage+5 {
		t.Errorf("%d works", len(seen))
	}
}
