package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/live"
	"vitrine/web/site"
)

// The kinds of messages that the connection itself sends.
const (
	kindHello  = "hello"  // the connection stands
	kindBeat   = "beat"   // it still does
	kindMissed = "missed" // more was told than is remembered: ask for everything
)

// socket is one open page.
type socket struct {
	conn    *websocket.Conn
	member  uuid.UUID
	session uuid.UUID
	kinds   []string
	end     chan ending // holds one: why it is to be closed
	asked   atomic.Int32
}

// ending is why a socket is closed: for the page, and for the metrics.
type ending struct {
	code   websocket.StatusCode
	reason string
	label  string
}

// The endings that the page's script knows. 4000 and above are this site's own.
var (
	signedOut   = ending{4001, "signed out", "signed_out"}
	displaced   = ending{4002, "newer pages have taken the places", "displaced"}
	unavailable = ending{websocket.StatusTryAgainLater, "nothing can be told at the moment", "unavailable"}
	talkative   = ending{websocket.StatusPolicyViolation, "too many questions", "talkative"}
)

// goingAway tells when to come back: to another process, or to the next one.
func goingAway(after time.Duration) ending {
	return ending{websocket.StatusGoingAway, fmt.Sprintf("come back in %d ms", after.Milliseconds()), "drained"}
}

// finish asks for the end; the first reason stands.
func (s *socket) finish(e ending) {
	select {
	case s.end <- e:
	default:
	}
}

// mostAsked is how many signs of life of its own a client may send between two
// of ours. Browsers send none.
const mostAsked = 10

// Socket is GET /live?after=POSITION&kinds=notice,media: the connection. The
// request ends here, with its place and its time; the connection goes on.
func (p *Pages) Socket(c *site.Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	r := c.Request()
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		c.Header("Upgrade", "websocket")
		return c.Bytes(http.StatusUpgradeRequired, "text/plain; charset=utf-8", []byte("Pages ask here by themselves, over a WebSocket. There is nothing to read.\n"))
	}
	if !fromHere(r) {
		return fault.New(fault.Forbidden, "This connection was asked for by another site.")
	}
	if p.full() {
		return fault.Later(fault.Unavailable, "No further connection can be held. The page asks now and then instead.", time.Minute)
	}
	s := &socket{member: v.UserID, session: v.SessionID, kinds: kindsOf(c.Query("kinds")), end: make(chan ending, 1)}
	changed, stop := p.conf.Hub.Watch(s.member) // before it is asked, or what comes in between is not heard
	b, err := p.conf.Hub.Since(c.Ctx(), v.UserID, c.Query("after"))
	if err != nil { // who could be told nothing asks instead
		stop()
		return fault.Caused(fault.Unavailable, "No connection can be held at the moment. The page asks now and then instead.", err)
	}
	s.conn, err = websocket.Accept(slim{c.Response()}, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true, // fromHere is stricter
		OnPingReceived:     s.wasAsked,
	})
	if err != nil {
		stop()
		if _, done := c.Answered(); done {
			return nil // Accept has told the client
		}
		return fault.Caused(fault.Invalid, "This connection could not be understood.", err)
	}
	s.conn.SetReadLimit(0)
	if !p.enter(s) {
		stop()
		go func() { _ = s.conn.Close(websocket.StatusGoingAway, "come back in 1000 ms") }()
		return nil
	}
	// Nothing of the request may be kept for as long as the page is open.
	go p.serve(s, b, changed, stop)
	return nil
}

// fromHere tells whether a page of this site asks. Cookies come along from any
// page that opens a socket, and browsers always say which one it is.
func fromHere(r *http.Request) bool {
	u, err := url.Parse(r.Header.Get("Origin"))
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}

// wasAsked bounds what a client may make the process answer.
func (s *socket) wasAsked(context.Context, []byte) bool {
	if s.asked.Add(1) <= mostAsked {
		return true
	}
	s.finish(talkative)
	return false
}

// serve tells one page what happens until either side has enough, first what was
// new when it came. The page says nothing: whatever it sends ends the connection.
func (p *Pages) serve(s *socket, b live.Batch, changed <-chan struct{}, stop func()) {
	defer p.leave(s)
	defer stop()
	ctx := s.conn.CloseRead(context.Background())
	after, err := p.greet(ctx, s, b)
	beat := time.NewTimer(p.nextBeat())
	defer beat.Stop()
	for err == nil {
		select {
		case <-changed:
			after, err = p.deliver(ctx, s, after)
		case <-beat.C:
			if err = p.beat(ctx, s, after); err == nil {
				after, err = p.deliver(ctx, s, after)
			}
			beat.Reset(p.nextBeat())
		case e := <-s.end:
			p.meters.closed.WithLabelValues(e.label).Inc()
			_ = s.conn.Close(e.code, e.reason)
			return
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	p.lost(ctx, s, err)
}

// errUntold says that what is new could not be found out.
var errUntold = errors.New("nothing can be told")

// lost ends a connection that cannot go on.
func (p *Pages) lost(ctx context.Context, s *socket, err error) {
	switch {
	case errors.Is(err, errUntold) && ctx.Err() == nil:
		p.Log().DebugContext(ctx, "a live connection was closed", "err", err) // all of them are, when it is one
		p.meters.closed.WithLabelValues(unavailable.label).Inc()
		_ = s.conn.Close(unavailable.code, unavailable.reason)
		return
	case errors.Is(err, context.DeadlineExceeded):
		p.meters.closed.WithLabelValues("slow").Inc()
	default:
		p.meters.closed.WithLabelValues("left").Inc()
	}
	_ = s.conn.CloseNow()
}

// greet says that the connection stands, and what was new when it was asked for.
func (p *Pages) greet(ctx context.Context, s *socket, b live.Batch) (after string, err error) {
	if err := p.send(ctx, s, live.Message{Kind: kindHello}); err != nil {
		return b.Position, err
	}
	late, cancel := context.WithTimeout(ctx, p.conf.Patience)
	defer cancel()
	if b, err = p.whole(late, s.member, b); err != nil {
		return b.Position, fmt.Errorf("%w: %w", errUntold, err)
	}
	return p.tell(ctx, s, b)
}

// deliver sends what is new, and gives the position after it.
func (p *Pages) deliver(ctx context.Context, s *socket, after string) (string, error) {
	late, cancel := context.WithTimeout(ctx, p.conf.Patience)
	defer cancel()
	b, err := p.since(late, s.member, after)
	if err != nil {
		return after, fmt.Errorf("%w: %w", errUntold, err)
	}
	return p.tell(ctx, s, b)
}

// tell sends what is new, and gives the position after it.
func (p *Pages) tell(ctx context.Context, s *socket, b live.Batch) (after string, err error) {
	after = b.Position
	if b.Missed {
		if err := p.send(ctx, s, live.Message{ID: b.Position, Kind: kindMissed}); err != nil {
			return after, err
		}
	}
	for _, m := range b.Messages {
		if !wants(s.kinds, m.Kind) {
			continue
		}
		if err := p.send(ctx, s, m); err != nil {
			return after, err
		}
		p.meters.sent.Inc()
	}
	return after, nil
}

// beat is a sign of life that the page can see, and one that the browser must
// answer.
func (p *Pages) beat(ctx context.Context, s *socket, after string) error {
	s.asked.Store(0)
	if err := p.send(ctx, s, live.Message{ID: after, Kind: kindBeat}); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, p.conf.Patience)
	defer cancel()
	return s.conn.Ping(ctx)
}

// nextBeat is a little earlier or later for each, so that a restart does not
// make all of them beat together.
func (p *Pages) nextBeat() time.Duration {
	return p.conf.Beat*4/5 + rand.N(p.conf.Beat*2/5+1) //nolint:gosec // no secret
}

// send lets a frame leave. Who does not read in time is closed.
func (p *Pages) send(ctx context.Context, s *socket, m live.Message) error {
	frame, err := json.Marshal(m)
	if err != nil {
		return err
	}
	late, cancel := context.WithTimeout(ctx, p.conf.Patience)
	defer cancel()
	if err = s.conn.Write(late, websocket.MessageText, frame); err != nil && late.Err() != nil && ctx.Err() == nil {
		return context.DeadlineExceeded
	}
	return err
}
