package cache_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"vitrine/app/platform/cache"
	"vitrine/app/platform/redistest"
)

var errDatabase = errors.New("the database is away")

// The contract of every kind: whoever asks after a change sees it, errors are
// those of making, and who has just changed something gets what is made now.
func TestContract(t *testing.T) {
	for _, kind := range []string{cache.KindOff, cache.KindFill, cache.KindRedis} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := redistest.New(t)
			one, two := process(t, s.URL, cache.Config{Kind: kind}), process(t, s.URL, cache.Config{Kind: kind})
			var row truth
			for n := range int64(20) {
				for _, c := range []*cache.Cache{one, two, one} {
					if v, _ := get(t, c, "k", row.load); v != n {
						t.Fatalf("change %d: %d", n, v)
					}
				}
				row.change(t, []*cache.Cache{one, two}[n%2])
			}
			if _, err := one.Get(t.Context(), "other", func(context.Context) (cache.Made, error) { return cache.Made{}, errDatabase }); !errors.Is(err, errDatabase) {
				t.Errorf("the error is %v", err)
			}
			if v, _ := get(t, one, "other", row.load); v != 20 {
				t.Errorf("after an error: %d", v)
			}
			row.value.Add(1) // committed, and not invalidated yet
			a, err := two.Get(cache.Fresh(t.Context()), "other", row.load)
			if err != nil || string(a.Body) != "21" || a.From != cache.Skipped {
				t.Errorf("who has just changed it gets %q (%s), %v", a.Body, a.From, err)
			}
		})
	}
}

// What is kept is given to all processes, and made once.
func TestGet_keeps(t *testing.T) {
	t.Parallel()
	began := time.Now()
	s := redistest.New(t)
	var row truth
	for i, c := range processes(t, 3, s, cache.Config{}) {
		want := cache.Hit
		if i == 0 {
			want = cache.Miss
		}
		if _, from := get(t, c, "k", row.load); from != want {
			t.Errorf("process %d: %s, want %s", i, from, want)
		}
	}
	if n := row.made.Load(); n != 1 {
		t.Errorf("it was made %d times", n)
	}
	live, err := s.Client().PTTL(t.Context(), "cache:of:k").Result()
	if err != nil || live > 5*time.Minute || live+time.Since(began) < 269*time.Second { // at most a tenth less than five minutes
		t.Errorf("it lives %s, %v", live, err)
	}
}

// A value that says nothing of a class, is too large, or was made of too much is
// not kept; nor is one with a key that is too long.
func TestGet_keepsNot(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	c := process(t, s.URL, cache.Config{})
	for name, what := range map[string]cache.Made{
		"no class":          {Body: []byte("1")},
		"too large":         {Body: make([]byte, cache.MaxBody+1), Class: cache.Cold},
		"too many subjects": {Body: []byte("1"), Class: cache.Cold, Subjects: make([]string, cache.MaxSubjects+1)},
	} {
		for range 2 {
			a, err := c.Get(t.Context(), name, func(context.Context) (cache.Made, error) { return what, nil })
			if err != nil || a.From != cache.Miss || len(a.Body) != len(what.Body) {
				t.Errorf("%s: %s, %d bytes, %v", name, a.From, len(a.Body), err)
			}
		}
	}
	var row truth
	for range 2 {
		if _, from := get(t, c, strings.Repeat("k", 1000), row.load); from != cache.Skipped {
			t.Errorf("a long key: %s", from)
		}
	}
}

// Each subject voids what was made of it, and nothing else.
func TestInvalidate_subjects(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	c := process(t, s.URL, cache.Config{})
	of := func(subjects ...string) cache.Make {
		return func(context.Context) (cache.Made, error) {
			return cache.Made{Body: []byte("1"), Subjects: subjects, Class: cache.Warm}, nil
		}
	}
	keys := map[string]cache.Make{"a": of("x"), "b": of("x", "y"), "c": of("y"), "d": of()}
	for _, step := range []struct {
		void []string
		hit  string
	}{{nil, "abcd"}, {[]string{"x"}, "cd"}, {[]string{"y"}, "ad"}, {[]string{"x", "y"}, "d"}, {[]string{"z"}, "abcd"}} {
		for key, load := range keys {
			get(t, c, key, load)
		}
		if err := c.Invalidate(t.Context(), step.void...); err != nil {
			t.Fatal(err)
		}
		for key, load := range keys {
			if _, from := get(t, c, key, load); (from == cache.Hit) != strings.Contains(step.hit, key) {
				t.Errorf("after %v, %s is a %s", step.void, key, from)
			}
		}
	}
}

// What was kept while not all processes invalidated is given to nobody: a fill
// serves none, and the first that serves begins anew.
func TestFill(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	off, fill := process(t, s.URL, cache.Config{Kind: cache.KindOff}), process(t, s.URL, cache.Config{Kind: cache.KindFill})
	var row truth
	if v, from := get(t, fill, "k", row.load); v != 0 || from != cache.Skipped {
		t.Errorf("a fill: %d, %s", v, from)
	}
	row.change(t, off) // of which Redis hears nothing
	if v, from := get(t, fill, "k", row.load); v != 1 || from != cache.Skipped {
		t.Errorf("a fill after a change: %d, %s", v, from)
	}
	on := process(t, s.URL, cache.Config{})
	if v, from := get(t, on, "k", row.load); v != 1 || from != cache.Miss {
		t.Errorf("the first that serves: %d, %s", v, from)
	}
	row.change(t, fill)
	if v, _ := get(t, on, "k", row.load); v != 2 {
		t.Errorf("beside a fill that invalidates: %d", v)
	}
	row.change(t, fill)
	get(t, fill, "k", row.load) // which keeps it
	next := process(t, s.URL, cache.Config{})
	if v, from := get(t, on, "k", row.load); v != 3 || from == cache.Skipped {
		t.Errorf("beside a fill: %d, %s", v, from)
	}
	if v, _ := get(t, next, "k", row.load); v != 3 {
		t.Errorf("a further process: %d", v)
	}
}

// What lies in Redis from before an off-phase is given to nobody: what changed
// meanwhile was told to nobody, whatever the processes were before and after.
func TestBegin_afterAnOffPhase(t *testing.T) {
	for name, way := range map[string][]string{
		"at once":                 {cache.KindOff, cache.KindRedis},
		"step by step":            {cache.KindFill, cache.KindOff, cache.KindFill, cache.KindRedis},
		"off beside a fill":       {cache.KindFill, cache.KindOff, cache.KindRedis},
		"that was never finished": {cache.KindOff, cache.KindFill, cache.KindOff, cache.KindRedis},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := redistest.New(t)
			var row truth
			first := process(t, s.URL, cache.Config{})
			get(t, first, "k", row.load)
			if _, from := get(t, first, "k", row.load); from != cache.Hit {
				t.Fatalf("it is a %s", from)
			}
			for _, kind := range way { // each is one process, and ends when the next begins
				c := process(t, s.URL, cache.Config{Kind: kind})
				if kind != cache.KindRedis {
					row.change(t, c)
				}
				for range 2 {
					if v, from := get(t, c, "k", row.load); v != row.value.Load() {
						t.Errorf("%s: %d (%s), want %d", kind, v, from, row.value.Load())
					}
				}
				if kind == cache.KindRedis {
					if _, from := get(t, c, "k", row.load); from != cache.Hit {
						t.Errorf("afterwards it is a %s", from)
					}
				}
				_ = c.Close()
			}
		})
	}
}

// What changes all the time is made anew after a while, and then knows of every
// change; also of one that came while it was made.
func TestSlack(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		subject string
		stands  time.Duration
	}{"slack": {cache.Slack("likes:1"), 5 * time.Second}, "loose": {cache.Loose("beside:1"), 5 * time.Minute}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mayBeLate(t, one.subject, one.stands)
		})
	}
}

func mayBeLate(t *testing.T, slack string, stands time.Duration) {
	t.Helper()
	s := redistest.New(t)
	c := process(t, s.URL, cache.Config{})
	strict := "work:1"
	var row truth
	void := func(subject string) {
		t.Helper()
		row.value.Add(1)
		if err := c.Invalidate(t.Context(), subject); err != nil {
			t.Fatal(err)
		}
	}
	during := func(context.Context) {}
	load := func(ctx context.Context) (cache.Made, error) {
		m, err := row.load(ctx)
		during(ctx)
		m.Subjects = []string{slack, strict}
		return m, err
	}
	want := func(what string, v int64, from cache.From) {
		t.Helper()
		if got, is := get(t, c, "k", load); got != v || is != from {
			t.Errorf("%s: %d (%s), want %d (%s)", what, got, is, v, from)
		}
	}
	age := func(by time.Duration) {
		t.Helper()
		if err := s.Client().HIncrBy(t.Context(), "cache:of:k", "at", -by.Milliseconds()).Err(); err != nil {
			t.Fatal(err)
		}
	}
	grow := func() { age(stands + time.Second) } // older than it may be then
	want("at first", 0, cache.Miss)
	void(slack)
	age(stands / 2)
	want("a little late", 0, cache.Hit)
	void(strict)
	want("what has no slack", 2, cache.Miss)
	grow()
	want("old, and nothing has changed", 2, cache.Hit)
	void(slack)
	want("old, and something has", 3, cache.Miss)
	during = func(context.Context) { void(slack) }
	void(strict)
	want("a change while it is made", 4, cache.Miss)
	during = func(context.Context) {}
	want("of which it does not know yet", 4, cache.Hit)
	grow()
	want("and then does", 5, cache.Miss)
}

// An answer says how old it is.
func TestGet_age(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	c := process(t, s.URL, cache.Config{})
	var row truth
	get(t, c, "k", row.load)
	if err := s.Client().HIncrBy(t.Context(), "cache:of:k", "at", -90_000).Err(); err != nil {
		t.Fatal(err)
	}
	a, err := c.Get(t.Context(), "k", row.load)
	if err != nil || a.From != cache.Hit || a.Age < 90*time.Second || a.Age > 5*time.Minute {
		t.Errorf("%s, %s, %v", a.From, a.Age, err)
	}
}

func TestOpen_refuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ kind, want string }{{"memcached", "CACHE=memcached is not known"}, {"", "is not known"}, {cache.KindRedis, "needs REDIS_URL"}} {
		if _, err := cache.Open(cache.Config{Kind: c.kind}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v", c.kind, err)
		}
	}
}
