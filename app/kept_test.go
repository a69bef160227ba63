package app

import (
	"context"
	"log/slog"
	"testing"

	"vitrine/app/kept"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/cache"
	"vitrine/app/platform/id"
	"vitrine/app/platform/redistest"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// What is committed makes pages void before anybody is answered; while Redis is
// away they are made.
func TestVoid(t *testing.T) {
	s := redistest.New(t)
	client := s.Connect(t)
	c, err := cache.Open(cache.Config{Kind: cache.KindRedis, Redis: client})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	i := &infra{cache: c, log: slog.New(slog.DiscardHandler)}
	work, studio, other := id.New(), id.New(), id.New()
	from := func() cache.From {
		t.Helper()
		a, err := c.Get(t.Context(), "page", func(context.Context) (cache.Made, error) {
			return cache.Made{Body: []byte("x"), Class: cache.Hot, Subjects: kept.OfCards([]works.Card{{ID: work, StudioID: studio}})}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return a.From
	}
	from()
	for what, step := range map[string]struct {
		event bus.Event
		voids bool
	}{
		"the work":             {works.Changed{WorkID: work, StudioID: studio}, true},
		"its studio":           {studios.Changed{StudioID: studio}, true},
		"the work, taken back": {works.Unpublished{WorkID: work, StudioID: studio}, true},
		"another on the wall":  {works.Published{WorkID: other, StudioID: other}, false}, // which may be a little late
		"another elsewhere":    {works.Changed{WorkID: other, StudioID: other}, false},
		"nothing of pages":     {studios.MemberLeft{StudioID: studio}, false},
	} {
		i.void([]bus.Event{step.event})
		if got := from(); (got == cache.Miss) != step.voids {
			t.Errorf("%s: the page is a %s", what, got)
		}
	}
	s.Kill()
	i.void([]bus.Event{works.Changed{WorkID: work}})
	if got := from(); got != cache.Miss {
		t.Errorf("without Redis the page is a %s", got)
	}
}
