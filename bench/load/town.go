package main

import (
	"context"
	"errors"
	"fmt"
	"html"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"vitrine/bench/traffic"
)

// town is the people who visit, and what there is to visit.
type town struct {
	people  *traffic.Client
	works   []hung
	zipf    []float64 // cumulative weights of works
	tags    []string
	words   []string
	members []*member
	told    traffic.Ledger // what was acknowledged

	seen     sync.Map     // paths that somebody without a session has asked for
	repeated atomic.Int64 // how often one of them was asked for again
}

// hung is a public work.
type hung struct {
	Title, Slug, ID, Studio string
}

func (w hung) path() string { return "/@" + w.Studio + "/" + w.Slug + "-" + w.ID }

// signedIn is how many members visit. Each keeps far below what one member may
// ask in a minute.
const signedIn = 200

// newTown reads what is public and signs the members in.
func newTown(ctx context.Context, h *house) (t *town, err error) {
	t = &town{people: traffic.New(h.url)}
	t.works, err = rows[hung](ctx, h, `select w.title as "Title", w.slug as "Slug", w.public_id as "ID", s.slug as "Studio" from works w join studios s on s.id = w.studio_id
		where w.state = 'published' and not w.hidden order by w.published_at desc`)
	if err != nil {
		return nil, err
	}
	if len(t.works) == 0 {
		return nil, errors.New("there are no public works")
	}
	t.zipf = zipf(len(t.works))
	type named struct{ Name string }
	tags, err := rows[named](ctx, h, `select tag_slug as "Name" from work_tags group by 1 order by count(*) desc limit 40`)
	if err != nil {
		return nil, err
	}
	for _, n := range tags {
		t.tags = append(t.tags, n.Name)
	}
	for _, w := range t.works[:min(400, len(t.works))] {
		for _, word := range strings.Fields(w.Title) {
			if len(word) > 4 && strings.Trim(strings.ToLower(word), "abcdefghijklmnopqrstuvwxyz") == "" {
				t.words = append(t.words, strings.ToLower(word))
			}
		}
	}
	slices.Sort(t.words)
	if t.words = slices.Compact(t.words); len(t.words) == 0 {
		return nil, errors.New("no title has a word to search for")
	}
	err = t.signIn(ctx, h)
	return t, err
}

// zipf gives the cumulative weights 1/1 + 1/2 + ... + 1/n, which math/rand's
// generator cannot (its exponent has to be above 1).
func zipf(n int) []float64 {
	out := make([]float64, n)
	sum := 0.0
	for i := range out {
		sum += 1 / float64(i+1)
		out[i] = sum
	}
	return out
}

// anyWork follows the weights: the newest work is visited most.
func (t *town) anyWork() hung {
	i, _ := slices.BinarySearch(t.zipf, rand.Float64()*t.zipf[len(t.zipf)-1])
	return t.works[min(i, len(t.works)-1)]
}

// page asks for a page as somebody, who is a visitor when nil.
func (t *town) page(ctx context.Context, who *member, target string, holds ...string) error {
	if who == nil {
		if _, again := t.seen.LoadOrStore(target, nil); again {
			t.repeated.Add(1)
		}
	}
	return t.people.Page(ctx, target, who.header(), holds...)
}

// kinds are the pages, each with its check.

func (t *town) workPage(ctx context.Context, who *member) error {
	w := t.anyWork()
	return t.page(ctx, who, w.path(), "<h1>"+html.EscapeString(w.Title)+"</h1>", `href="/@`+w.Studio+`"`, "srcset=")
}

// favourites is how many works are asked for again and again.
const favourites = 100

func (t *town) favouritePage(ctx context.Context, _ *member) error {
	w := t.works[rand.IntN(min(favourites, len(t.works)))]
	return t.page(ctx, nil, w.path(), "<h1>"+html.EscapeString(w.Title)+"</h1>", `href="/@`+w.Studio+`"`, "srcset=")
}

// favouriteAt asks a process itself, past the balancer.
func (t *town) favouriteAt(process *traffic.Client) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		w := t.works[rand.IntN(min(favourites, len(t.works)))]
		return process.Page(ctx, w.path(), nil, "<h1>"+html.EscapeString(w.Title)+"</h1>", "srcset=")
	}
}

// picture asks for a rendition by the URL that a page gives it.
func (t *town) picture(ctx context.Context, target string) error {
	a, err := t.people.Send(ctx, http.MethodGet, target, nil, nil)
	switch {
	case err != nil:
		return err
	case a.Shed():
		return traffic.ErrShed
	case a.Status != http.StatusOK || !strings.HasPrefix(a.Header.Get("Content-Type"), "image/") || len(a.Body) < 100:
		return fmt.Errorf("/picture: %d, %q, %d bytes", a.Status, a.Header.Get("Content-Type"), len(a.Body))
	}
	return nil
}

func (t *town) explorePage(ctx context.Context, who *member) error {
	return t.page(ctx, who, "/explore", "<h1>Explore</h1>", "More works", "srcset=")
}

func (t *town) tagPage(ctx context.Context, who *member) error {
	return t.page(ctx, who, "/t/"+url.PathEscape(t.tags[rand.IntN(len(t.tags))]), "<h1>", "srcset=")
}

func (t *town) studioPage(ctx context.Context, who *member) error {
	w := t.anyWork()
	return t.page(ctx, who, "/@"+w.Studio, `href="/@`+w.Studio+`/`, "srcset=")
}

func (t *town) searchPage(ctx context.Context, who *member) error {
	word := t.words[rand.IntN(len(t.words))]
	return t.page(ctx, who, "/search?q="+url.QueryEscape(word), `value="`+word+`"`, "srcset=")
}
