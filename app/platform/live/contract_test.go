package live_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/clock"
	"vitrine/app/platform/live"
	"vitrine/app/platform/redistest"
)

// implementations are all that Open knows. Each keeps the same contract.
var implementations = []string{live.KindMemory, live.KindRedis}

func open(t *testing.T, c live.Config) (live.Hub, *clock.Manual) {
	t.Helper()
	at := clock.NewManual(time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC))
	c.Clock = at.Now
	if c.Kind == live.KindRedis {
		c.Redis = redistest.New(t).Connect(t)
	}
	return hub(t, c), at
}

func hub(t *testing.T, c live.Config) live.Hub {
	t.Helper()
	h, err := live.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	// Whoever has asked once knows where pages stand that are made from now on.
	if _, err := h.Since(t.Context(), uuid.New(), ""); err != nil {
		t.Fatal(err)
	}
	return h
}

func publish(t *testing.T, h live.Hub, member uuid.UUID, kind string, data any) {
	t.Helper()
	if err := h.Publish(t.Context(), member, kind, data); err != nil {
		t.Fatal(err)
	}
}

// since gives what came after a position, as one text: "a 1, b 2", or "missed".
func since(t *testing.T, h live.Hub, member uuid.UUID, after string) (told, position string) {
	t.Helper()
	b, err := h.Since(t.Context(), member, after)
	if err != nil {
		t.Fatal(err)
	}
	if b.Missed {
		return "missed", b.Position
	}
	var out []string
	last := after
	for _, m := range b.Messages {
		out = append(out, strings.TrimSpace(m.Kind+" "+string(m.Data)))
		if m.ID == last || m.ID == "" {
			t.Errorf("the id %q comes twice", m.ID)
		}
		last = m.ID
	}
	return strings.Join(out, ", "), b.Position
}

func TestContract(t *testing.T) {
	for _, kind := range implementations {
		t.Run(kind, func(t *testing.T) {
			t.Run("what came after a position", func(t *testing.T) { afterAPosition(t, kind) })
			t.Run("members are apart", func(t *testing.T) { membersApart(t, kind) })
			t.Run("more than is remembered", func(t *testing.T) { tooMuch(t, kind) })
			t.Run("too late", func(t *testing.T) { tooLate(t, kind) })
			t.Run("an open page is never too late", func(t *testing.T) { openPage(t, kind) })
			t.Run("positions of nobody's", func(t *testing.T) { foreignPositions(t, kind) })
			t.Run("a clock that is set back", func(t *testing.T) { setBack(t, kind) })
			t.Run("watchers", func(t *testing.T) { watchers(t, kind) })
			t.Run("what cannot be told", func(t *testing.T) { unspeakable(t, kind) })
			t.Run("many at once", func(t *testing.T) { manyAtOnce(t, kind) })
		})
	}
}

func afterAPosition(t *testing.T, kind string) {
	h, at := open(t, live.Config{Kind: kind})
	ines := uuid.New()
	page := h.Position()
	publish(t, h, ines, "notice", map[string]int{"unread": 1})
	at.Advance(time.Second)
	later := h.Position()
	publish(t, h, ines, "media", nil)
	if told, _ := since(t, h, ines, page); told != `notice {"unread":1}, media` {
		t.Errorf("the page heard %q", told)
	}
	told, position := since(t, h, ines, later)
	if told != "media" {
		t.Errorf("the later page heard %q", told)
	}
	if told, _ := since(t, h, ines, position); told != "" {
		t.Errorf("after everything, the page heard %q", told)
	}
	b, err := h.Since(t.Context(), ines, page)
	if err != nil || len(b.Messages) != 2 {
		t.Fatalf("%+v, %v", b, err)
	}
	if told, _ := since(t, h, ines, b.Messages[0].ID); told != "media" {
		t.Errorf("after the first message's id, the page heard %q", told)
	}
}

func membersApart(t *testing.T, kind string) {
	h, _ := open(t, live.Config{Kind: kind})
	ines, teresa := uuid.New(), uuid.New()
	page := h.Position()
	publish(t, h, ines, "notice", nil)
	if told, _ := since(t, h, teresa, page); told != "" {
		t.Errorf("somebody else heard %q", told)
	}
}

func tooMuch(t *testing.T, kind string) {
	h, _ := open(t, live.Config{Kind: kind, Depth: 3})
	ines := uuid.New()
	page := h.Position()
	for n := range 4 {
		publish(t, h, ines, fmt.Sprint("n", n), nil)
	}
	told, position := since(t, h, ines, page)
	if told != "missed" {
		t.Errorf("the page heard %q", told)
	}
	publish(t, h, ines, "last", nil)
	if told, _ := since(t, h, ines, position); told != "last" {
		t.Errorf("after it knew that it missed something, the page heard %q", told)
	}
}

func tooLate(t *testing.T, kind string) {
	h, at := open(t, live.Config{Kind: kind, Keep: time.Minute})
	ines, other := uuid.New(), uuid.New()
	page := h.Position()
	publish(t, h, ines, "notice", nil)
	at.Advance(59 * time.Second)
	if told, _ := since(t, h, ines, page); told != "notice" {
		t.Errorf("in time, the page heard %q", told)
	}
	at.Advance(3 * time.Minute)
	publish(t, h, other, "notice", nil) // forgetting happens on the way
	if told, _ := since(t, h, ines, page); told != "missed" {
		t.Errorf("too late, the page heard %q", told)
	}
}

// openPage says nothing for long; a page that asks now and then misses nothing
// nevertheless.
func openPage(t *testing.T, kind string) {
	h, at := open(t, live.Config{Kind: kind, Keep: time.Minute})
	ines, other := uuid.New(), uuid.New()
	page, told := h.Position(), ""
	_, stop := h.Watch(ines)
	for range 120 {
		at.Advance(30 * time.Second)
		publish(t, h, other, "notice", nil)
		if told, page = since(t, h, ines, page); told != "" {
			t.Fatalf("in silence, the page heard %q", told)
		}
	}
	publish(t, h, ines, "notice", nil)
	if told, _ := since(t, h, ines, page); told != "notice" {
		t.Errorf("after an hour, the page heard %q", told)
	}
	stop()
	stop()
	at.Advance(30 * time.Second)
	publish(t, h, other, "notice", nil)
	if told, _ := since(t, h, ines, page); told != "notice" {
		t.Errorf("after a short break, the page heard %q", told)
	}
}

func foreignPositions(t *testing.T, kind string) {
	h, at := open(t, live.Config{Kind: kind})
	ines := uuid.New()
	at.Advance(time.Second)
	publish(t, h, ines, "notice", nil)
	for _, after := range []string{"", "0", "-1", "x", "1e9", "9999999999999999", "99999999999999999999999", strings.Repeat("1", 10_000)} {
		if told, _ := since(t, h, ines, after); told != "missed" {
			t.Errorf("from %.20q, the page heard %q", after, told)
		}
		if told, _ := since(t, h, uuid.New(), after); told != "missed" {
			t.Errorf("from %.20q, a page of somebody who was told nothing heard %q", after, told)
		}
	}
}

func setBack(t *testing.T, kind string) {
	h, at := open(t, live.Config{Kind: kind})
	ines := uuid.New()
	at.Advance(time.Hour)
	page := h.Position()
	publish(t, h, ines, "first", nil)
	at.Advance(-30 * time.Minute)
	publish(t, h, ines, "second", nil)
	if told, _ := since(t, h, ines, page); told != "first, second" {
		t.Errorf("the page heard %q", told)
	}
}

func watchers(t *testing.T, kind string) {
	h, _ := open(t, live.Config{Kind: kind})
	ines := uuid.New()
	one, stopOne := h.Watch(ines)
	two, stopTwo := h.Watch(ines)
	defer stopTwo()
	for range 3 {
		publish(t, h, ines, "notice", nil) // nobody reads the signs, and nobody waits for that
	}
	for name, sign := range map[string]<-chan struct{}{"one": one, "two": two} {
		select {
		case <-sign:
		case <-time.After(patience):
			t.Fatalf("%s is not woken", name)
		}
	}
	stopOne()
	select {
	case <-one: // from before
	default:
	}
	publish(t, h, ines, "notice", nil)
	<-two
	select {
	case <-one:
		t.Error("who stopped is woken")
	default:
	}
}

func unspeakable(t *testing.T, kind string) {
	h, _ := open(t, live.Config{Kind: kind})
	ines := uuid.New()
	page := h.Position()
	for _, data := range []any{make(chan int), strings.Repeat("x", live.MaxData)} {
		if err := h.Publish(context.Background(), ines, "notice", data); err == nil {
			t.Errorf("%T was told", data)
		}
	}
	if told, _ := since(t, h, ines, page); told != "" {
		t.Errorf("the page heard %q", told)
	}
}

// manyAtOnce publishes from all sides while a page listens: it hears each
// message once, in one order.
func manyAtOnce(t *testing.T, kind string) {
	h, _ := open(t, live.Config{Kind: kind, Depth: 4000})
	ines := uuid.New()
	position := h.Position()
	changed, stop := h.Watch(ines)
	defer stop()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 500 {
				_ = h.Publish(context.Background(), ines, "n", nil)
			}
		})
	}
	heard := 0
	deadline := time.After(patience)
	for heard < 4000 {
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("%d of 4000 messages", heard)
		}
		b, err := h.Since(t.Context(), ines, position)
		if err != nil || b.Missed {
			t.Fatalf("%v, missed %v", err, b.Missed)
		}
		heard += len(b.Messages)
		position = b.Position
	}
	all.Wait()
	if told, _ := since(t, h, ines, position); heard != 4000 || told != "" {
		t.Errorf("%d messages, and then %q", heard, told)
	}
}

func TestOpen_unknownKind(t *testing.T) {
	t.Parallel()
	if _, err := live.Open(live.Config{Kind: "semaphore"}); err == nil || !strings.Contains(err.Error(), "LIVE=semaphore is not known") {
		t.Errorf("the error is %v", err)
	}
}
