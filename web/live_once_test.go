package web_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	hub "vitrine/app/platform/live"
	"vitrine/web"
	"vitrine/web/live"
)

// questions counts what a hub is asked.
type questions struct {
	hub.Hub
	n atomic.Int32
}

func (q *questions) Since(ctx context.Context, member uuid.UUID, after string) (hub.Batch, error) {
	q.n.Add(1)
	return q.Hub.Since(ctx, member, after)
}

// A connection asks once what is new when it comes, and then once for each time
// that it hears of something.
func TestLive_asksOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ines := s.member(t, "Ines", "ines@harbour.example").sessionCookie(t)
	member, page := s.userOf(t, "ines@harbour.example"), s.Live.Position()
	asked := &questions{Hub: s.Live}
	s.Live = asked
	s.serve(t, web.Config{Live: live.Config{Beat: time.Hour}})
	e := s.hears(t, ines, page)
	const told = 20
	for n := range told {
		s.tells(t, member, "notice", fmt.Sprint(n))
		if m := e.next(); string(m.Data) != fmt.Sprint(n) {
			t.Fatalf("message %d is %+v", n, m)
		}
	}
	if got := asked.n.Load(); got != 1+told {
		t.Errorf("the hub was asked %d times for a connection and %d messages", got, told)
	}
}
