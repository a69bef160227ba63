// Package live is the way by which open pages of members hear what happens: a
// WebSocket, and questions now and then where none can be had. Both give the
// same messages, from a position that the page remembers, see package
// app/platform/live.
package live

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/live"
	"vitrine/web/site"
)

// Config of the sockets. Zero values mean the defaults named beside them.
type Config struct {
	Hub live.Hub
	// Standing gives those of the sessions that are not over.
	Standing func(ctx context.Context, sessions []uuid.UUID) ([]uuid.UUID, error)
	// Unread counts a member's unread notices, for pages that have missed
	// something; nil tells them nothing.
	Unread func(ctx context.Context, member uuid.UUID) (int, error)

	Most      int           // sockets of this process; 5,000
	PerMember int           // sockets of one member; a further one takes the place of their oldest; 8
	Beat      time.Duration // between two signs of life; 25 s
	Patience  time.Duration // for a frame to leave and for the answer to a sign of life; 10 s
	Look      time.Duration // between two looks at whose session is over; 30 s
	Spread    time.Duration // over which clients come back after a drain; 4 s
}

// Pages answers GET /live and GET /live/poll.
type Pages struct {
	*site.Site
	conf Config

	mu       sync.Mutex
	sockets  map[uuid.UUID][]*socket // by member, the oldest first
	count    int
	draining bool
	serving  sync.WaitGroup
	meters   meters
}

// New makes the pages without any socket.
func New(on *site.Site, c Config) *Pages {
	or := func(d *time.Duration, standard time.Duration) {
		if *d == 0 {
			*d = standard
		}
	}
	or(&c.Beat, 25*time.Second)
	or(&c.Patience, 10*time.Second)
	or(&c.Look, 30*time.Second)
	or(&c.Spread, 4*time.Second)
	if c.Most == 0 {
		c.Most = 5_000
	}
	if c.PerMember == 0 {
		c.PerMember = 8
	}
	return &Pages{Site: on, conf: c, sockets: map[uuid.UUID][]*socket{}, meters: newMeters()}
}

// enter counts a socket in; false while the process is being stopped.
func (p *Pages) enter(s *socket) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.draining {
		return false
	}
	p.serving.Add(1)
	p.count++
	p.sockets[s.member] = append(p.sockets[s.member], s)
	if theirs := p.sockets[s.member]; len(theirs) > p.conf.PerMember {
		theirs[0].finish(displaced)
	}
	p.meters.opened.Inc()
	return true
}

func (p *Pages) leave(s *socket) {
	p.mu.Lock()
	defer p.mu.Unlock()
	theirs := slices.DeleteFunc(p.sockets[s.member], func(other *socket) bool { return other == s })
	p.sockets[s.member] = theirs
	if len(theirs) == 0 {
		delete(p.sockets, s.member)
	}
	p.count--
	p.serving.Done()
}

// full tells whether a further socket is too many.
func (p *Pages) full() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.draining || p.count >= p.conf.Most
}

// all are the sockets at this moment.
func (p *Pages) all() []*socket {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]*socket, 0, p.count)
	for _, theirs := range p.sockets {
		out = append(out, theirs...)
	}
	return out
}

// Run closes the sockets of sessions that are over, until ctx ends.
func (p *Pages) Run(ctx context.Context) {
	tick := time.NewTicker(p.conf.Look)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			p.look(ctx)
		}
	}
}

// atOnce is how many sessions are asked for at once.
const atOnce = 1_000

// look asks for all sessions together. While the database does not answer,
// sockets stay: what would be told comes out of it, too.
func (p *Pages) look(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, p.conf.Look/2)
	defer cancel()
	for sockets := range slices.Chunk(p.all(), atOnce) {
		ids := make([]uuid.UUID, 0, len(sockets))
		for _, s := range sockets {
			ids = append(ids, s.session)
		}
		found, err := p.conf.Standing(ctx, ids)
		if err != nil {
			p.Log().WarnContext(ctx, "the sessions of live connections could not be looked at", "err", err)
			return
		}
		standing := make(map[uuid.UUID]bool, len(found))
		for _, id := range found {
			standing[id] = true
		}
		for _, s := range sockets {
			if !standing[s.session] {
				s.finish(signedOut)
			}
		}
	}
}

// Drain closes every socket with a hint when to come back, spread over some
// seconds so that those who serve on are not run over. It returns when all have
// left, or cuts them when ctx ends. No new one is let in.
func (p *Pages) Drain(ctx context.Context) {
	p.mu.Lock()
	p.draining = true
	p.mu.Unlock()
	for _, s := range p.all() {
		s.finish(goingAway(rand.N(p.conf.Spread))) //nolint:gosec // no secret
	}
	left := make(chan struct{})
	go func() {
		defer close(left)
		p.serving.Wait()
	}()
	select {
	case <-left:
	case <-ctx.Done():
		for _, s := range p.all() {
			_ = s.conn.CloseNow()
		}
		<-left
	}
}

// errAway says that the hub could not be asked.
var errAway = errors.New("nobody knows what was told")

// since gives what a member's page must be told: what is new, or, when more was
// told than is remembered, everything. It is errAway when nobody knows.
func (p *Pages) since(ctx context.Context, member uuid.UUID, after string) (live.Batch, error) {
	b, err := p.conf.Hub.Since(ctx, member, after)
	if err != nil {
		return b, fmt.Errorf("%w: %w", errAway, err)
	}
	return p.whole(ctx, member, b)
}

// whole is everything, when more was told than is remembered.
func (p *Pages) whole(ctx context.Context, member uuid.UUID, b live.Batch) (live.Batch, error) {
	if !b.Missed {
		return b, nil
	}
	return p.everything(ctx, member, b.Position)
}

// everything gives what the newest notice would have said, and tells the page
// that it has missed something.
func (p *Pages) everything(ctx context.Context, member uuid.UUID, position string) (live.Batch, error) {
	b := live.Batch{Position: position, Missed: true}
	p.meters.missed.Inc()
	if p.conf.Unread == nil {
		return b, nil
	}
	unread, err := p.conf.Unread(ctx, member)
	b.Messages = []live.Message{{ID: b.Position, Kind: "notice", Data: fmt.Appendf(nil, `{"unread":%d}`, unread)}}
	return b, err
}

// kindsOf reads which kinds of messages a page wants; none means all.
func kindsOf(asked string) []string {
	if asked == "" || len(asked) > 200 {
		return nil
	}
	return strings.Split(asked, ",")
}

func wants(kinds []string, kind string) bool { return kinds == nil || slices.Contains(kinds, kind) }
