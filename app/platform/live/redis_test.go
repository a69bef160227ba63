package live_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/live"
	"vitrine/app/platform/redisdb"
	"vitrine/app/platform/redistest"
)

// patience bounds what a test waits for.
const patience = time.Minute

// process is a hub with a connection of its own, as each process has.
func process(t *testing.T, s *redistest.Server) live.Hub {
	t.Helper()
	return hub(t, live.Config{Kind: live.KindRedis, Redis: s.Connect(t)})
}

// Whoever opens a hub does not wait for a Redis that does not answer: commands
// open one, too, and say nothing.
func TestRedis_opensWithoutAsking(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	client, err := redisdb.Open(redisdb.Config{URL: s.URL, Timeout: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	s.Freeze()
	opened := make(chan live.Hub, 1)
	go func() {
		h, err := live.Open(live.Config{Kind: live.KindRedis, Redis: client})
		if err != nil {
			t.Error(err)
		}
		opened <- h
	}()
	select {
	case h := <-opened:
		s.Thaw()
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		s.Thaw()
		t.Error("a hub waits for Redis to be opened")
	}
}

func await(t *testing.T, what string, sign <-chan struct{}) {
	t.Helper()
	select {
	case <-sign:
	case <-time.After(patience):
		t.Fatalf("nobody is woken: %s", what)
	}
}

// What the worker says reaches a page on either process, and the page goes on
// with either of them.
func TestRedis_betweenProcesses(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	worker, blue, green := process(t, s), process(t, s), process(t, s)
	ines := uuid.New()
	page := blue.Position()
	onBlue, stop := blue.Watch(ines)
	defer stop()
	onGreen, stop := green.Watch(ines)
	defer stop()
	position := page
	for n := range 100 {
		publish(t, worker, ines, "notice", n)
		next := ""
		for name, on := range map[string]struct {
			hub  live.Hub
			sign <-chan struct{}
		}{"blue": {blue, onBlue}, "green": {green, onGreen}} {
			var b live.Batch
			redistest.Eventually(t, "the message on "+name, func() bool {
				await(t, name, on.sign)
				var err error
				b, err = on.hub.Since(t.Context(), ines, position)
				return err == nil && (b.Missed || len(b.Messages) > 0)
			})
			if b.Missed || len(b.Messages) != 1 {
				t.Fatalf("message %d on %s: %+v", n, name, b)
			}
			next = b.Messages[0].ID
		}
		position = next
	}
	for name, h := range map[string]live.Hub{"the worker": worker, "blue": blue, "green": green} {
		if told, _ := since(t, h, ines, position); told != "" {
			t.Errorf("after everything, %s says %q", name, told)
		}
	}
	publish(t, blue, ines, "last", nil)
	if told, _ := since(t, green, ines, position); told != "last" {
		t.Errorf("resumed on the other process, the page heard %q", told)
	}
	redistest.Eventually(t, "a page that is made now asks for nothing that was told before", func() bool {
		told, _ := since(t, blue, ines, green.Position())
		return told == ""
	})
}

// While Redis is away nobody hangs, and everybody hears that nothing is known.
// When it is back, pages ask for everything, since somebody may have been told
// something meanwhile; and then it goes on as before.
func TestRedis_away(t *testing.T) {
	for name, harm := range map[string]struct{ away, back func(*redistest.Server) }{
		"killed": {(*redistest.Server).Kill, (*redistest.Server).Start}, // and comes back empty
		"frozen": {(*redistest.Server).Freeze, (*redistest.Server).Thaw},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := redistest.New(t)
			const wait = 500 * time.Millisecond
			hurried := func() live.Hub { return hub(t, live.Config{Kind: live.KindRedis, Redis: s.Hurried(t, wait)}) }
			worker, web := hurried(), hurried()
			ines := uuid.New()
			publish(t, worker, ines, "notice", nil)
			sign, stop := web.Watch(ines)
			defer stop()
			_, page := since(t, web, ines, web.Position())
			for len(sign) > 0 {
				<-sign
			}
			harm.away(s)
			await(t, "nothing is known any more", sign)
			began := time.Now()
			for range 100 {
				if worker.Publish(t.Context(), ines, "notice", nil) == nil {
					t.Fatal("somebody was told something")
				}
				if _, err := web.Since(t.Context(), ines, page); err == nil {
					t.Fatal("something is known")
				}
				_ = web.Position()
			}
			if took := time.Since(began); took > 100*wait { // a question for each would take 200 of them
				t.Errorf("200 questions to nobody took %s", took)
			}
			harm.back(s)
			missed := false
			redistest.Eventually(t, "the page asks for everything", func() bool {
				b, err := web.Since(t.Context(), ines, page)
				missed = missed || err == nil && b.Missed
				return missed
			})
			// Everything is told again, from then on.
			redistest.Eventually(t, "somebody can be told something", func() bool { return worker.Publish(t.Context(), ines, "again", nil) == nil })
			redistest.Eventually(t, "the page hears it", func() bool {
				b, err := web.Since(t.Context(), ines, page)
				if err != nil {
					return false
				}
				page = b.Position
				for len(sign) > 0 {
					<-sign
				}
				return worker.Publish(t.Context(), ines, "again", nil) == nil && heard(t, web, ines, page, sign)
			})
		})
	}
}

// heard waits a while for a sign and for what it tells of.
func heard(t *testing.T, h live.Hub, member uuid.UUID, page string, sign <-chan struct{}) bool {
	t.Helper()
	select {
	case <-sign:
	case <-time.After(time.Second):
		return false
	}
	b, err := h.Since(t.Context(), member, page)
	return err == nil && !b.Missed && len(b.Messages) > 0
}

// Who was told something before nothing was known any more is told so much
// afterwards that the oldest has to go: as ever, and by scripts that end, without
// which Redis would answer nobody again.
func TestRedis_awayAndThenMuch(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	h := hub(t, live.Config{Kind: live.KindRedis, Redis: s.Hurried(t, time.Second), Depth: 3})
	ines := uuid.New()
	page := h.Position()
	for range 3 {
		publish(t, h, ines, "before", nil)
	}
	s.Freeze()
	if h.Publish(t.Context(), ines, "lost", nil) == nil {
		t.Fatal("somebody was told something")
	}
	s.Thaw()
	redistest.Eventually(t, "the page asks for everything", func() bool {
		b, err := h.Since(t.Context(), ines, page)
		page = b.Position
		return err == nil && b.Missed
	})
	for range 10 {
		redistest.Eventually(t, "she is told more", func() bool { return h.Publish(t.Context(), ines, "more", nil) == nil })
	}
	redistest.Eventually(t, "the page hears what comes next", func() bool {
		_, page = since(t, h, ines, page)
		publish(t, h, ines, "next", nil)
		told, _ := since(t, h, ines, page) // once more "missed", when another could not be told
		return told == "next"
	})
	for n, want := range []string{"n0", "n0, n1", "n0, n1, n2", "missed"} {
		if n == 0 {
			_, page = since(t, h, ines, page)
		}
		publish(t, h, ines, fmt.Sprint("n", n), nil)
		if told, _ := since(t, h, ines, page); told != want {
			t.Errorf("after %d messages the page heard %q instead of %q", n+1, told, want)
		}
	}
}

// A Redis that lost everything knows nothing of before, and says so.
func TestRedis_flushed(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	worker, web := process(t, s), process(t, s)
	ines := uuid.New()
	page := web.Position()
	publish(t, worker, ines, "notice", nil)
	s.Flush()
	told, page := since(t, web, ines, page)
	if told != "missed" {
		t.Fatalf("the page heard %q", told)
	}
	publish(t, worker, ines, "notice", nil)
	if told, _ := since(t, web, ines, page); told != "notice" {
		t.Errorf("afterwards, the page heard %q", told)
	}
}

// What does not belong to the hub is thrown away.
func TestRedis_garbage(t *testing.T) {
	t.Parallel()
	ines := uuid.New()
	of := "live:of:" + ines.String()
	for name, spoil := range map[string][]any{
		"told, of another type":       {"SET", of, "garbage"},
		"a message of no kind":        {"ZADD", of, time.Now().Add(time.Minute).UnixMicro(), "garbage"},
		"a message without a meaning": {"ZADD", of, time.Now().Add(time.Minute).UnixMicro(), "1 notice {"},
		"a clock of another type":     {"SET", "live:clock", "garbage"},
		"a clock that shows nothing":  {"HSET", "live:clock", "last", "soon", "born", "-"},
		"a clock of another age":      {"HSET", "live:clock", "last", "9e300"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := redistest.New(t)
			h := process(t, s)
			page := h.Position()
			publish(t, h, ines, "notice", nil)
			if err := s.Connect(t).Do(t.Context(), spoil...).Err(); err != nil {
				t.Fatal(err)
			}
			told, page := since(t, h, ines, page)
			if told != "missed" {
				t.Errorf("the page heard %q", told)
			}
			redistest.Eventually(t, "the page hears what comes next", func() bool {
				publish(t, h, ines, "again", nil)
				told, page = since(t, h, ines, page) // once more "missed", when others had to be told
				return told == "again"
			})
		})
	}
}

// Something else that answers where Redis should be is no Redis.
func TestOpen_redisThatIsNone(t *testing.T) {
	t.Parallel()
	if _, err := live.Open(live.Config{Kind: live.KindRedis}); err == nil || !strings.Contains(err.Error(), "REDIS_URL") {
		t.Errorf("without an address: %v", err)
	}
}
