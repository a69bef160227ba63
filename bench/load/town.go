package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// timeout is when a client gives up; a visit that takes longer has failed.
const timeout = 10 * time.Second

// town is the people who visit, and what there is to visit.
type town struct {
	site    string
	client  *http.Client
	works   []hung
	zipf    []float64 // cumulative weights of works
	tags    []string
	words   []string
	members []*member
	told    ledger // what was acknowledged
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
	t = &town{site: h.url, client: &http.Client{
		Timeout: timeout, Transport: &http.Transport{MaxIdleConns: 1024, MaxIdleConnsPerHost: 1024, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
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

// address is a visitor's, as a proxy would report it: one of a million, so that
// nobody comes near the limits of one address.
func address() string {
	n := rand.IntN(1 << 20)
	return fmt.Sprintf("100.%d.%d.%d", 64+n>>16, n>>8&255, n&255)
}

// answer is what came back, unpacked.
type answer struct {
	status int
	header http.Header
	body   string
}

// send makes one request. A client asks for gzip as browsers do; a page that
// comes without it has failed.
func (t *town) send(ctx context.Context, method, target string, header http.Header, body io.Reader) (a answer, err error) {
	if strings.HasPrefix(target, "/") {
		target = t.site + target
	}
	req, err := http.NewRequestWithContext(ctx, method, target, body)
	if err != nil {
		return a, err
	}
	if header != nil {
		req.Header = header
	}
	if req.Header.Get("X-Forwarded-For") == "" {
		req.Header.Set("X-Forwarded-For", address())
	}
	req.Header.Set("Accept-Encoding", "gzip")
	res, err := t.client.Do(req)
	if err != nil {
		return a, err
	}
	defer func() { _ = res.Body.Close() }()
	a.status, a.header = res.StatusCode, res.Header
	var b bytes.Buffer
	if res.Header.Get("Content-Encoding") == "gzip" {
		z, err := unpack(res.Body)
		if err != nil {
			return a, err
		}
		defer unpackers.Put(z)
		_, err = b.ReadFrom(z)
		a.body = b.String()
		return a, err
	}
	_, err = b.ReadFrom(res.Body)
	a.body = b.String()
	return a, err
}

var unpackers sync.Pool

func unpack(r io.Reader) (*gzip.Reader, error) {
	if z, ok := unpackers.Get().(*gzip.Reader); ok {
		err := z.Reset(r)
		return z, err
	}
	return gzip.NewReader(r)
}

// page fetches a page and checks that it is the whole of the right one.
func (t *town) page(ctx context.Context, who *member, target string, holds ...string) error {
	a, err := t.send(ctx, http.MethodGet, target, who.header(), nil)
	if err != nil {
		return err
	}
	if a.status == http.StatusServiceUnavailable && a.header.Get("Retry-After") != "" {
		return errShed
	}
	if a.status != http.StatusOK || a.header.Get("Content-Encoding") != "gzip" || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
		return fmt.Errorf("%s: %d, %q, %q", target, a.status, a.header.Get("Content-Type"), a.header.Get("Content-Encoding"))
	}
	for _, piece := range append(holds, "</html>") {
		if !strings.Contains(a.body, piece) {
			return fmt.Errorf("%s: the page lacks %q", target, piece)
		}
	}
	return nil
}

// kinds are the pages, each with its check.

func (t *town) workPage(ctx context.Context, who *member) error {
	w := t.anyWork()
	return t.page(ctx, who, w.path(), "<h1>"+html.EscapeString(w.Title)+"</h1>", `href="/@`+w.Studio+`"`, "srcset=")
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
