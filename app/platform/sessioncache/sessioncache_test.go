package sessioncache_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/redisdb"
	"vitrine/app/platform/redistest"
	"vitrine/app/platform/sessioncache"
)

// card is something that is kept.
type card struct {
	Name string
	At   time.Time
}

var (
	cards = sessioncache.NewShelf[card]("card")
	lists = sessioncache.NewShelf[[]card]("list")
	noon  = time.Date(2030, 1, 2, 12, 0, 0, 0, time.UTC)
	mara  = card{"Mara", noon}
)

const secret = "the secret of an installation"

// process opens a cache as one of several processes on one Redis has it.
func process(t *testing.T, server *redistest.Server, kind string, now clock.Clock) *sessioncache.Cache {
	t.Helper()
	r, err := redisdb.Open(redisdb.Config{URL: server.URL, Timeout: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	c, err := sessioncache.Open(sessioncache.Config{Kind: kind, Redis: r, Secret: secret, Clock: now})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// kept keeps a card, which must not be there yet.
func kept(t *testing.T, c *sessioncache.Cache, id string, person uuid.UUID, value card) {
	t.Helper()
	_, blank, found := cards.Recall(t.Context(), c, id)
	if found {
		t.Fatalf("%s is there already", id)
	}
	blank.Keep(t.Context(), person, value)
}

// gives tells whether a card is given, which must then be the right one.
func gives(t *testing.T, c *sessioncache.Cache, id string, right card) bool {
	t.Helper()
	got, _, found := cards.Recall(t.Context(), c, id)
	if found && got != right || !found && got != (card{}) {
		t.Errorf("%s is %+v, want %+v", id, got, right)
	}
	return found
}

func TestOpen(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{"paper": "SESSIONS=paper is not known", "redis": "needs a Redis", "fill": "needs a Redis"} {
		if _, err := sessioncache.Open(sessioncache.Config{Kind: kind, Secret: secret}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", kind, err)
		}
	}
	c, err := sessioncache.Open(sessioncache.Config{Kind: sessioncache.KindPostgres})
	if err != nil {
		t.Fatal(err)
	}
	kept(t, c, "a", uuid.New(), mara)
	if gives(t, c, "a", mara) || c.On() || c.Dropping().On() || c.Drop(t.Context(), []uuid.UUID{uuid.New()}) != nil {
		t.Error("nothing is kept, and something is there")
	}
}

// Processes of all settings run beside each other: what one keeps another gives,
// if it is one that gives, and what one drops is gone everywhere.
func TestKinds_besideEachOther(t *testing.T) {
	server := redistest.New(t)
	on, other := process(t, server, sessioncache.KindRedis, nil), process(t, server, sessioncache.KindRedis, nil)
	fill := process(t, server, sessioncache.KindFill, nil)
	for name, p := range map[string]struct{ keeps, drops *sessioncache.Cache }{
		"on and on": {on, other}, "on and itself": {on, on}, "fill and on": {fill, on}, "on and fill": {on, fill}, "on and jobs": {on, on.Dropping()}, "on and jobs beside fill": {on, fill.Dropping()},
	} {
		person, id := uuid.New(), uuid.NewString()
		kept(t, p.keeps, id, person, mara)
		if !gives(t, on, id, mara) || !gives(t, other, id, mara) || gives(t, fill, id, mara) || gives(t, on.Dropping(), id, mara) {
			t.Errorf("%s: it is not given where it should be", name)
		}
		if _, _, found := cards.Recall(sessioncache.Rows(t.Context()), on, id); found {
			t.Errorf("%s: a copy is given to who asks for rows", name)
		}
		if err := p.drops.Drop(t.Context(), []uuid.UUID{person}); err != nil {
			t.Fatal(err)
		}
		if gives(t, on, id, mara) || gives(t, other, id, mara) {
			t.Errorf("%s: it is given after it was dropped", name)
		}
		kept(t, p.keeps, id, person, mara)
		if !gives(t, other, id, mara) {
			t.Errorf("%s: nothing can be kept after a drop", name)
		}
	}
}

// Dropping a person drops all of theirs and nothing of others; dropping a name
// drops that alone.
func TestDrop_reaches(t *testing.T) {
	server := redistest.New(t)
	c := process(t, server, sessioncache.KindRedis, nil)
	one, other := uuid.New(), uuid.New()
	keepAll := func() {
		for id, person := range map[string]uuid.UUID{"a": one, "b": one, "c": other} {
			if _, blank, found := cards.Recall(t.Context(), c, id); !found {
				blank.Keep(t.Context(), person, mara)
			}
		}
		if _, blank, found := lists.Recall(t.Context(), c, "a"); !found {
			blank.Keep(t.Context(), one, []card{mara})
		}
	}
	there := func() (out string) {
		for _, id := range []string{"a", "b", "c"} {
			if gives(t, c, id, mara) {
				out += id
			}
		}
		if l, _, found := lists.Recall(t.Context(), c, "a"); found && len(l) == 1 && l[0] == mara {
			out += "+"
		}
		return out
	}
	keepAll()
	if got := there(); got != "abc+" {
		t.Fatalf("there is %s", got)
	}
	for _, d := range []struct {
		people []uuid.UUID
		names  []sessioncache.Name
		left   string
	}{
		{[]uuid.UUID{one}, nil, "c"},
		{nil, []sessioncache.Name{cards.Name("a")}, "bc+"},
		{[]uuid.UUID{other}, []sessioncache.Name{cards.Name("b")}, "a+"},
		{[]uuid.UUID{one, other}, nil, ""},
		{nil, nil, "abc+"},
	} {
		keepAll()
		if err := c.Drop(t.Context(), d.people, d.names...); err != nil {
			t.Fatal(err)
		}
		if got := there(); got != d.left {
			t.Errorf("after dropping %v and %v there is %s, want %s", d.people, d.names, got, d.left)
		}
	}
}

// Whoever read before something changed keeps nothing after it, however long they
// were held up, and whatever Redis has lost meanwhile.
func TestKeep_heldUp(t *testing.T) {
	server := redistest.New(t)
	c := process(t, server, sessioncache.KindRedis, nil)
	for name, meanwhile := range map[string]func(person uuid.UUID, id string){
		"the person is dropped": func(person uuid.UUID, _ string) {
			if err := c.Drop(t.Context(), []uuid.UUID{person}); err != nil {
				t.Fatal(err)
			}
		},
		"the name is dropped": func(_ uuid.UUID, id string) {
			if err := c.Drop(t.Context(), nil, cards.Name(id)); err != nil {
				t.Fatal(err)
			}
		},
		"dropped, and all is lost": func(person uuid.UUID, _ string) {
			if err := c.Drop(t.Context(), []uuid.UUID{person}); err != nil {
				t.Fatal(err)
			}
			server.Flush()
		},
		"all is lost, and somebody asks": func(uuid.UUID, string) {
			server.Flush()
			cards.Recall(t.Context(), c, "another")
		},
	} {
		person, id := uuid.New(), uuid.NewString()
		_, blank, _ := cards.Recall(t.Context(), c, id)
		meanwhile(person, id)
		blank.Keep(t.Context(), person, mara)
		if gives(t, c, id, mara) {
			t.Errorf("%s: what was read before is kept", name)
		}
		kept(t, c, id, person, mara)
		if !gives(t, c, id, mara) {
			t.Errorf("%s: and nothing can be kept any more", name)
		}
	}
}

// Nothing is given that was read more than Life ago, and a clock that is wrong
// makes it earlier and never later.
func TestLife(t *testing.T) {
	server := redistest.New(t)
	at := clock.NewManual(noon)
	c := process(t, server, sessioncache.KindRedis, at.Now)
	kept(t, c, "a", uuid.New(), mara)
	at.Advance(sessioncache.Life - time.Second)
	if !gives(t, c, "a", mara) {
		t.Error("it is gone before its time")
	}
	at.Advance(time.Second)
	if gives(t, c, "a", mara) {
		t.Error("it is given when it is too old")
	}
	at.Advance(-time.Hour)
	if gives(t, c, "a", mara) {
		t.Error("something from the future is given")
	}
	raw := server.Client()
	defer func() { _ = raw.Close() }()
	_, blank, _ := cards.Recall(t.Context(), c, "slow")
	at.Advance(40 * time.Second)
	blank.Keep(t.Context(), uuid.New(), mara)
	if left := raw.PTTL(t.Context(), "who:card:slow").Val(); left <= 0 || left > 20*time.Second {
		t.Errorf("what took 40 s to read is kept for %s", left)
	}
	_, blank, _ = cards.Recall(t.Context(), c, "slower")
	at.Advance(sessioncache.Life)
	blank.Keep(t.Context(), uuid.New(), mara)
	if gives(t, c, "slower", mara) {
		t.Error("what took as long as Life to read is kept")
	}
}

// Redis away: nothing is given and nobody waits long; a drop is refused, with a
// sentence. When it is back, copies are kept and dropped again.
func TestRedis_comesAndGoes(t *testing.T) {
	for name, harm := range redistest.Outages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := redistest.New(t)
			const wait = 500 * time.Millisecond
			r := server.Hurried(t, wait)
			c, err := sessioncache.Open(sessioncache.Config{Kind: sessioncache.KindRedis, Redis: r, Secret: secret})
			if err != nil {
				t.Fatal(err)
			}
			person := uuid.New()
			kept(t, c, "a", person, mara)
			harm.Away(server)
			began := time.Now()
			for range 200 {
				if gives(t, c, "a", mara) {
					t.Fatal("a copy comes from nowhere")
				}
			}
			if took := time.Since(began); took > 100*wait {
				t.Errorf("200 requests waited for %s", took)
			}
			if err := c.Drop(t.Context(), []uuid.UUID{person}); !fault.Is(err, fault.Unavailable) || fault.MessageOf(err) == "" {
				t.Errorf("a drop that reached nobody says %v", err)
			}
			harm.Back(server)
			deadline := time.Now().Add(30 * time.Second)
			for c.Drop(t.Context(), []uuid.UUID{person}) != nil {
				if time.Now().After(deadline) {
					t.Fatal("Redis is back and nobody uses it")
				}
			}
			redistest.Eventually(t, "something is kept again", func() bool {
				if _, blank, found := cards.Recall(t.Context(), c, "a"); !found {
					blank.Keep(t.Context(), person, mara)
				}
				return gives(t, c, "a", mara)
			})
		})
	}
}
