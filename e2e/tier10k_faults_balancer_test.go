package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"path"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	visits "vitrine/bench/traffic"
)

// The balancer is the one part that everybody comes through, and there is one: who
// comes while it is away gets no answer. What was begun through it goes on
// afterwards, and what was acknowledged is there.

// crossing is what somebody has open while a fault passes: an upload of which half
// has arrived, and a page that hears what happens.
type crossing struct {
	f      *fair
	upload tus
	half   int
	page   *websocket.Conn
	after  string // the last message that the page has heard
}

// cross begins both.
func (f *fair) cross() {
	f.t.Helper()
	c := &crossing{f: f}
	c.begin()
	c.page = c.connect()
	c.hear()
	f.across = c
}

// begin sends the first half of a file.
func (c *crossing) begin() {
	c.f.t.Helper()
	c.upload = begin(c.f.t, c.f.owner, rand.Text()[:3]+".jpg", append(bytes.Clone(c.f.photo), rand.Text()...))
	c.half = len(c.upload.content) / 2
	c.upload.send(c.f.t, 0, c.half, http.StatusNoContent)
}

// goesOn sends the second half of the file, behind what had arrived.
func (c *crossing) goesOn() {
	f := c.f
	f.t.Helper()
	if at := c.upload.offset(f.t); at != c.half {
		f.t.Errorf("of an upload %d bytes had been acknowledged, and %d are there", c.half, at)
	}
	c.upload.send(f.t, c.half, len(c.upload.content), http.StatusNoContent)
	f.told.Note(toldFile, path.Base(c.upload.at), "")
}

// connect opens the page's socket, from what it heard last.
func (c *crossing) connect() *websocket.Conn {
	f := c.f
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.t.Context(), patience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, f.URL+"/live?kinds=notice&after="+c.after,
		&websocket.DialOptions{HTTPHeader: header(f.fans[0], "Origin", f.URL)})
	if err != nil {
		f.t.Fatalf("a page cannot connect: %v", err)
	}
	f.t.Cleanup(func() { _ = conn.CloseNow() })
	return conn
}

// hear waits until the page is told of one of the comments that keep coming.
func (c *crossing) hear() {
	c.f.t.Helper()
	ctx, cancel := context.WithTimeout(c.f.t.Context(), patience)
	defer cancel()
	for {
		_, frame, err := c.page.Read(ctx)
		if err != nil {
			c.f.t.Fatalf("a page that is connected hears nothing: %v", err)
		}
		var m message
		if err := json.Unmarshal(frame, &m); err != nil || m.Kind == "missed" && c.after != "" {
			c.f.t.Fatalf("a page is told %s: %v", frame, err)
		}
		if m.Kind == "notice" {
			c.after = m.ID
			return
		}
	}
}

// ended waits until the page's connection has.
func (c *crossing) ended() {
	c.f.t.Helper()
	ctx, cancel := context.WithTimeout(c.f.t.Context(), patience)
	defer cancel()
	for {
		if _, _, err := c.page.Read(ctx); err != nil {
			if ctx.Err() != nil {
				c.f.t.Errorf("a page does not notice that nobody is there: %v", err)
			}
			return
		}
	}
}

func (f *fair) killBalancer() {
	f.t.Helper()
	f.cross()
	f.Balancer.Kill()
	f.across.ended()
}

// startBalancer also looks at what was open: the page connects again, and hears
// what it would have heard; the upload goes on.
func (f *fair) startBalancer() {
	f.t.Helper()
	f.start(f.Balancer)
	f.across.page = f.across.connect()
	f.across.hear()
	f.across.goesOn()
}

// reloadBalancer has it read its configuration anew: other workers take the new
// connections, and the old ones keep what is open.
func (f *fair) reloadBalancer() {
	f.t.Helper()
	f.cross()
	f.Balancer.Signal(syscall.SIGHUP)
}

func (f *fair) keptByBalancer() {
	f.t.Helper()
	f.across.hear()
	f.across.goesOn()
}

// nobodyAnswers is promised without the balancer: no answer at once, in place of
// one that is not true or never comes.
func nobodyAnswers(t *testing.T, during *visits.Report) {
	t.Helper()
	all := during.All()
	if all.Failed == 0 || all.Shed > 0 {
		t.Errorf("%d failed and %d were refused", all.Failed, all.Shed)
	}
	for why, n := range all.Why {
		if !strings.Contains(why, "connection refused") && !strings.Contains(why, "connection reset") && !strings.Contains(why, "EOF") {
			t.Errorf("%d visits failed otherwise: %s", n, why)
		}
	}
	if slow := all.At(1); slow > visits.Timeout/time.Duration(2) {
		t.Errorf("one was answered after %s", slow)
	}
}
