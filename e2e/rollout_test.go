package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"vitrine/e2e/rig"
)

// New processes take the place of the old ones while people look, write, listen
// and upload: no request fails, whoever listens hears everything once, and what
// is being sent goes on where it was.
func TestRollout_deploys(t *testing.T) {
	t.Parallel()
	top := rig.Up(t, rig.Plan{Tier: "10k"})
	h := talkAt(t, top.Site(t))
	p := h.site.Visit().Get(h.work)
	picture, _ := p.Find(".stage img").Attr("src")
	c := newCrowd(t, h.site, visited{url: h.site.URL + "/explore", says: "Seven Ridges"}, visited{url: h.site.URL + h.work, says: "Seven Ridges"},
		visited{url: h.site.URL + h.work[:strings.LastIndexByte(h.work, '/')], says: "Seven Ridges"}, visited{url: picture})
	c.cookies = h.owner.Cookies()
	begun := h.owner.Get(h.studio).Find("script[data-after]").AttrOr("data-after", "")
	const listening = 4
	ears := c.listen(listening, begun)
	content, err := os.ReadFile(heavy(t, 3, "slow.png", 1200, 1200))
	if err != nil {
		t.Fatal(err)
	}
	u := begin(t, h.owner, "slow.png", content)
	line := c.send(h.site.URL+u.at, content)
	c.visit(50 * time.Millisecond)
	top.Eventually(t, "pages to listen", func() bool { return c.open.Load() == listening })

	out := &changes{}
	for n := range int64(2) {
		pids := pidsOfWeb(top)
		enough := c.asked.Load() + 20
		h.say(h.fan, false, fmt.Sprintf("Before change %d.", n))
		took := deploy(t, top, nil, h.keep, func([]*rig.Server) {
			enough = c.asked.Load() + 20
			top.Eventually(t, "people to come while both are asked", func() bool { return c.asked.Load() >= enough })
			h.say(h.fan, false, fmt.Sprintf("In the middle of change %d.", n))
		})
		out.add(fmt.Sprintf("deploy %d", n+1), took, c.tally())
		if now := pidsOfWeb(top); slices.ContainsFunc(now, func(pid int) bool { return slices.Contains(pids, pid) }) {
			t.Errorf("of the processes %v some of %v are left", now, pids)
		}
		// The next change comes when the upload goes on: one that waits still would begin at a new process.
		top.Eventually(t, "pages and the upload to be handed over, and both to go on", func() bool {
			return c.handed.Load() >= listening*(n+1) && c.open.Load() == listening && c.cut.Load() > n && c.going.Load() > c.parts.Load()
		})
	}
	close(line.rush)
	<-line.arrived
	got := h.owner.Await(h.studio+"/media/"+path.Base(u.at)+"/original", "the file", func(p *rig.Page) bool { return p.Status == http.StatusOK })
	if got.Raw != string(content) {
		t.Errorf("the original has %d bytes, want the %d that were sent", len(got.Raw), len(content))
	}
	h.say(h.fan, false, "After all of them.")
	var all []string
	top.Eventually(t, "every page to hear every notice", func() bool {
		all = told(t, h.owner, begun)
		return len(all) >= 5 && !slices.ContainsFunc(ears, func(e *ear) bool { return !slices.Equal(e.ids(), all) })
	})
	out.write(t, c, fmt.Sprintf("Two deploys, with %d pages that listen and a file of %d bytes on a slow line", listening, len(content)))
}

func pidsOfWeb(top *rig.Topology) (pids []int) {
	for _, s := range top.Processes {
		pids = append(pids, s.Pid())
	}
	return pids
}

// deploy changes a topology. Meanwhile write is called again and again, and
// beside once, while both the old processes and the next ones are asked.
func deploy(t *testing.T, top *rig.Topology, env []string, write func(*testing.T), beside func(next []*rig.Server)) (took change) {
	t.Helper()
	began := time.Now()
	reached, goOn := make(chan []*rig.Server, 1), make(chan struct{})
	release := sync.OnceFunc(func() { close(goOn) })
	c := rig.Change{Env: env, Beside: func(next []*rig.Server) {
		reached <- next
		<-goOn
	}}
	ctx, cancel := context.WithTimeout(t.Context(), mostOfAChange)
	ended := make(chan struct{})
	var err error
	go func() {
		defer close(ended)
		err = top.Deploy(ctx, c)
	}()
	defer func() { // the topology must not be ended in the middle of it
		release()
		cancel()
		<-ended
	}()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			if err != nil {
				t.Fatal(err)
			}
			took.ended = time.Since(began) - took.ready - took.beside
			return took
		case next := <-reached:
			took.ready = time.Since(began)
			beside(next)
			took.beside = time.Since(began) - took.ready
			release()
		case <-tick.C:
			write(t)
			took.writes++
		}
	}
}

// keep bookmarks the work, or takes it back, and sees so on the next page.
func (h *talked) keep(t *testing.T) {
	t.Helper()
	const set, unset = `form[action$="/bookmark"]`, `form[action$="/unbookmark"]`
	p := h.fan.Get(h.work)
	do, then := set, unset
	if p.Find(unset).Length() > 0 {
		do, then = unset, set
	}
	if p = h.fan.Submit(p, do, nil); p.Status != http.StatusOK || p.Find(then).Length() == 0 {
		t.Errorf("a bookmark was answered with %s", p)
	}
}

// line is a slow one, on which a file is sent.
type line struct {
	*crowd
	url     string
	content []byte
	rush    chan struct{} // closed: the rest is sent at once
	arrived chan struct{} // closed: all of it is there
}

// send sends a file in requests that last for as long as they may, and goes on
// after each from what the server says it has.
func (c *crowd) send(url string, content []byte) *line {
	l := &line{crowd: c, url: url, content: content, rush: make(chan struct{}), arrived: make(chan struct{})}
	c.all.Go(l.run)
	return l
}

func (l *line) run() {
	defer close(l.arrived)
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for from, sent := 0, 0; ; {
		status, header, err := l.ask(client, http.MethodHead, from, nil)
		at, _ := strconv.Atoi(header.Get("Upload-Offset"))
		switch {
		case status == http.StatusLocked: // the process before has not let go yet
			continue
		case err != nil || status != http.StatusOK:
			l.fail("how far an upload is was answered with %d: %v", status, err)
			return
		case at < from || sent > 1<<20 && at == from:
			l.fail("of an upload %d bytes were there, then %d were sent, and %d are there", from, sent, at)
			return
		case at == len(l.content):
			return
		}
		body := &trickle{line: l, number: l.parts.Load() + 1, rest: bytes.NewReader(l.content[at:]), left: int64(len(l.content) - at)}
		status, _, err = l.ask(client, http.MethodPatch, at, body)
		l.parts.Add(1)
		select {
		case <-l.done:
			return
		default:
		}
		from, sent = at, int(body.gone.Load())
		switch {
		case err != nil || status >= http.StatusInternalServerError:
			l.cut.Add(1)
		case status != http.StatusNoContent:
			l.fail("a part of an upload was answered with %d", status)
			return
		}
	}
}

func (l *line) ask(client *http.Client, method string, at int, body *trickle) (status int, header http.Header, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*patience)
	defer cancel()
	var r io.Reader
	if body != nil {
		r = body
	}
	req, err := http.NewRequestWithContext(ctx, method, l.url, r)
	if err != nil {
		return 0, nil, err
	}
	req.Header = tusHeader()
	if body != nil {
		req.Header, req.ContentLength = patch(at), body.left
	}
	for _, c := range l.cookies {
		req.AddCookie(c)
	}
	res, err := client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	_, err = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	return res.StatusCode, res.Header, err
}

// trickle is a body on a slow line. Its end waits for the rush, and is not so
// silent that anybody gives the line up.
type trickle struct {
	*line
	number int64 // of the part
	rest   *bytes.Reader
	left   int64        // of the file when it begins
	gone   atomic.Int64 // of them; it may be read on while the answer is here already
}

func (b *trickle) Read(p []byte) (n int, err error) {
	const end = 1 << 20
	pause, piece := 50*time.Millisecond, 8<<10
	if b.gone.Load() > 0 { // it has left: the client sends no heads without a piece
		b.going.Store(b.number)
		if b.rest.Len() <= end {
			pause, piece = 5*time.Second, 1<<10
		}
	}
	wait := time.After(pause)
	select {
	case <-b.rush:
		n, err = b.rest.Read(p)
	case <-b.done:
		return 0, io.ErrUnexpectedEOF
	case <-wait:
		n, err = b.rest.Read(p[:min(len(p), piece)])
	}
	b.gone.Add(int64(n))
	return n, err
}

// A process that is told to end says so to the balancer and answers on.
func TestRollout_saysNoAndAnswersOn(t *testing.T) {
	t.Parallel()
	site := rig.New(t, "DEMO=off", "GRACE=1h").Start()
	site.Signal(syscall.SIGTERM)
	site.Eventually("the process to say that it ends", func() bool { return site.Status("/readyz") == http.StatusServiceUnavailable })
	for _, page := range []string{"/explore", "/login", "/livez"} {
		if got := site.Status(page); got != http.StatusOK {
			t.Errorf("meanwhile %s answers %d", page, got)
		}
	}
	m := site.Visit()
	if p := m.Submit(m.Get("/signup"), "main form", url.Values{"name": {"Ines Okafor"}, "email": {"ines@studio.example"}, "password": {password}}); p.Status != http.StatusOK {
		t.Errorf("meanwhile a form is answered with %s", p)
	}
	site.Kill()
}
