package site

import (
	"net/http"
	"sync/atomic"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// Room is where requests of one kind are answered. Each holds only so many at
// once, so that a flood of one kind leaves the others their places.
type Room uint8

// The rooms. Health, assets and the admin port have none: they are never full.
const (
	Pages   Room = iota // pages and forms: Visitors, Members or Writes, as the request is
	Uploads             // bodies that bring files
	Files               // renditions and originals
	Visitors
	Members
	Writes
	rooms
)

var roomNames = [rooms]string{Uploads: "upload", Files: "file", Visitors: "public", Members: "signed-in", Writes: "write"}

// String is the class's name in metrics.
func (r Room) String() string { return roomNames[r] }

// Place is what a room holds: requests at once, any number of them for 0, and
// connections of the pool, of which 0 is no share of its own.
type Place struct{ Requests, Connections int }

// Places says it for each room.
type Places map[Room]Place

// PlacesFor divides a pool of database connections: a room whose statements hang
// keeps its own connections waiting and nobody else's, and one in twenty is left
// for health. A page holds a connection for a fraction of its time, so that more
// requests are let in than there are connections; who is let in waits for one as
// long as the pool says.
func PlacesFor(pool int) Places {
	share := func(of20 int) int { return max(1, pool*of20/20) }
	return Places{
		Visitors: {4 * pool, share(6)}, Members: {3 * pool, share(4)}, Writes: {2 * pool, share(3)},
		Uploads: {2 * pool, share(4)}, Files: {16 * pool, share(2)}, // the compose form is an upload, too
	}
}

// fullRetry is when a place is likely to be free: a page takes less.
const fullRetry = time.Second

// gate knows who is in.
type gate [rooms]struct {
	places int64 // 0 for any number
	share  *db.Share
	inside atomic.Int64
}

func newGate(places Places) *gate {
	g := new(gate)
	for r, p := range places {
		g[r].places = int64(p.Requests)
		if p.Connections > 0 {
			g[r].share = db.NewShare(p.Connections)
		}
	}
	return g
}

// enter takes a place, or tells at once that there is none.
func (g *gate) enter(r Room) bool {
	if n := g[r].inside.Add(1); n <= g[r].places || g[r].places == 0 {
		return true
	}
	g.leave(r)
	return false
}

func (g *gate) leave(r Room) { g[r].inside.Add(-1) }

// Admit lets a request in while its room has a place. Otherwise it is told to
// come back: at once, without waiting and without asking anybody.
func (s *Site) Admit(room Room) Guard {
	return func(next Handler) Handler {
		return func(c *Context) error {
			r := roomOf(c, room)
			if !s.gate.enter(r) {
				s.conf.Metrics.Shed(r.String())
				return c.turnAway(fault.Later(fault.Unavailable, "More people are here than can be served at once. Nothing is lost; try again in a moment.", fullRetry))
			}
			defer s.gate.leave(r)
			c.WithContext(db.WithShare(c.Ctx(), s.gate[r].share))
			return next(c)
		}
	}
}

// roomOf tells by the request alone. A forged cookie makes a visitor a member,
// who then waits with those.
func roomOf(c *Context, room Room) Room {
	method := c.Request().Method
	switch {
	case room != Pages:
		return room
	case method != http.MethodGet && method != http.MethodHead:
		return Writes
	case c.SessionToken() != "":
		return Members
	}
	return Visitors
}
