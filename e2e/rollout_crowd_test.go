package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"vitrine/e2e/rig"
)

// crowd is people who use a site while something is done to it. Whatever is not
// what a page promises is a failure; nothing is asked a second time.
type crowd struct {
	site    *rig.Site
	pages   []visited
	cookies []*http.Cookie // of the one who listens and uploads

	asked, handed, cut atomic.Int64
	open               atomic.Int64 // sockets
	parts, going       atomic.Int64 // of uploads: how many have ended, and the number of the last that was begun
	done               chan struct{}
	all                sync.WaitGroup

	mu    sync.Mutex
	wrong []string
	since tally
}

// tally is what became of the pages that were asked for since the last one.
type tally struct {
	pages, failed int
	took          []time.Duration // of the pages that were answered
}

// slowest is how long the page took that took longest.
func (s tally) slowest() time.Duration { return slices.Max(append(s.took, 0)) }

// tally begins a new one, and gives the one before.
func (c *crowd) tally() tally {
	c.mu.Lock()
	defer c.mu.Unlock()
	before := c.since
	c.since = tally{}
	return before
}

// answered counts a page.
func (c *crowd) answered(began time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.since.pages++
	c.since.took = append(c.since.took, time.Since(began))
}

// visited is a page and what it has to say.
type visited struct {
	url, says string
	// look judges an answer by when it was asked for; nil is content with says.
	look func(asked time.Time, body string) error
}

// newCrowd is judged when the test ends, however it does.
func newCrowd(t *testing.T, site *rig.Site, pages ...visited) *crowd {
	t.Helper()
	c := &crowd{site: site, pages: pages, done: make(chan struct{})}
	t.Cleanup(func() { c.judge(t) })
	return c
}

// leave ends everybody, once.
func (c *crowd) leave() {
	c.mu.Lock()
	select {
	case <-c.done:
	default:
		close(c.done)
	}
	c.mu.Unlock()
	c.all.Wait()
}

func (c *crowd) fail(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
	c.since.failed++
}

// judge ends everybody and says what went wrong.
func (c *crowd) judge(t *testing.T) {
	t.Helper()
	c.leave()
	c.mu.Lock()
	defer c.mu.Unlock()
	t.Logf("%d pages were asked for, %d sockets handed over, %d parts of uploads cut, %d failures", c.asked.Load(), c.handed.Load(), c.cut.Load(), len(c.wrong))
	for _, what := range c.wrong[:min(20, len(c.wrong))] {
		t.Error(what)
	}
}

// visit asks for pages at a fixed pace, whether or not the ones before have been
// answered: every other time over connections that are kept.
func (c *crowd) visit(every time.Duration) {
	ways := []*http.Transport{{MaxIdleConnsPerHost: 16}, {DisableKeepAlives: true}}
	c.all.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for n := 0; ; n++ {
			select {
			case <-c.done:
				return
			case <-tick.C:
				c.all.Go(func() { c.look(ways[n%2], c.pages[n/2%len(c.pages)]) })
			}
		}
	})
}

// patience is how long whoever waits does so: a busy machine answers late.
const patience = 60 * time.Second

func (c *crowd) look(way *http.Transport, p visited) {
	began, wanted, tries := time.Now(), 1, 0
	client := &http.Client{Timeout: patience, Transport: way, CheckRedirect: func(*http.Request, []*http.Request) error {
		wanted++ // a work moves with its title
		return nil
	}}
	// A client may send a request again by itself, when a connection that was kept ends under it.
	ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { tries++ }})
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url, nil)
	if err != nil {
		c.fail("%v", err)
		return
	}
	c.asked.Add(1)
	res, err := client.Do(req)
	if err != nil {
		c.fail("%s: %v", p.url, err)
		return
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	body := string(raw)
	c.answered(began)
	switch {
	case err != nil:
		c.fail("%s: %v after %d bytes", p.url, err, len(raw))
	case tries != wanted:
		c.fail("%s had to be asked for %d times, want %d", p.url, tries, wanted)
	case res.StatusCode != http.StatusOK || !strings.Contains(body, p.says):
		c.fail("%s answers %d: %.200q", p.url, res.StatusCode, body)
	case p.look != nil:
		if err := p.look(began, body); err != nil {
			c.fail("%s: %v", p.url, err)
		}
	}
}

// message is one that an open page hears.
type message struct {
	ID, Kind string
	Data     json.RawMessage
}

// ear is an open page: it connects again when it is told to, from what it heard
// last, and keeps the ids of all that it has heard.
type ear struct {
	*crowd
	after string

	mu    sync.Mutex
	heard []string
}

// listen opens pages that hear what happens.
func (c *crowd) listen(n int, after string) (ears []*ear) {
	for range n {
		e := &ear{crowd: c, after: after}
		ears = append(ears, e)
		c.all.Go(e.run)
	}
	return ears
}

func (e *ear) ids() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.heard)
}

func (e *ear) run() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		<-e.done
		cancel()
	}()
	for {
		err := e.connected(ctx)
		if ctx.Err() != nil {
			return
		}
		var closed websocket.CloseError
		if !errors.As(err, &closed) || closed.Code != websocket.StatusGoingAway {
			e.fail("a socket ended with %v", err)
			return
		}
		wait, err := strconv.Atoi(regexp.MustCompile(`\d+`).FindString(closed.Reason))
		if err != nil {
			e.fail("a socket is not told when to come back: %q", closed.Reason)
			return
		}
		e.handed.Add(1)
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Duration(wait) * time.Millisecond):
		}
	}
}

// connected is one connection, until it ends.
func (e *ear) connected(ctx context.Context) error {
	header := http.Header{"Origin": {e.site.URL}}
	for _, c := range e.cookies {
		header.Add("Cookie", c.Name+"="+c.Value)
	}
	dialled, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, _, err := websocket.Dial(dialled, e.site.URL+"/live?kinds=notice&after="+e.after, &websocket.DialOptions{HTTPHeader: header})
	if err != nil {
		return err
	}
	defer func() { _ = conn.CloseNow() }()
	e.open.Add(1)
	defer e.open.Add(-1)
	for {
		_, frame, err := conn.Read(ctx)
		if err != nil {
			return err
		}
		var m message
		if err := json.Unmarshal(frame, &m); err != nil {
			return err
		}
		if m.ID != "" {
			e.after = m.ID
		}
		switch m.Kind {
		case "notice":
			e.mu.Lock()
			e.heard = append(e.heard, m.ID)
			e.mu.Unlock()
		case "missed":
			e.fail("a page is told that it has missed something")
		}
	}
}

// told asks what a page has been told since a position, without a socket.
func told(t *testing.T, m *rig.Member, after string) (ids []string) {
	t.Helper()
	var answer struct {
		Missed   bool
		Messages []message
	}
	p := m.Get("/live/poll?kinds=notice&after=" + after)
	if err := json.Unmarshal([]byte(p.Raw), &answer); err != nil || answer.Missed {
		t.Fatalf("who asks is told %s: %v", p, err)
	}
	for _, one := range answer.Messages {
		ids = append(ids, one.ID)
	}
	return ids
}
