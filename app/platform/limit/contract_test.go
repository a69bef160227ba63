package limit_test

import (
	"math/rand/v2"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/clock"
	"vitrine/app/platform/limit"
	"vitrine/app/platform/redistest"
)

// implementations are all that Open knows. Each keeps the same contract.
var implementations = []string{limit.KindMemory, limit.KindRedis, withoutRedis}

// withoutRedis is KindRedis whose Redis never comes.
const withoutRedis = "redis, away"

// limited opens one with a clock that the test moves, and with a Redis of its own
// where it needs one.
func limited(t *testing.T, kind string, counts map[limit.Class]int, entries int) (limit.Limiter, *clock.Manual) {
	t.Helper()
	at := clock.NewManual(time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC))
	c := limit.Config{Kind: kind, Counts: counts, Clock: at.Now, Entries: entries}
	if kind != limit.KindMemory {
		server := redistest.New(t)
		if c.Kind = limit.KindRedis; kind == withoutRedis {
			server.Kill()
		}
		c.Redis = server.Connect(t)
	}
	l, err := limit.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	return l, at
}

func take(t *testing.T, l limit.Limiter, c limit.Class, who limit.Key) limit.Decision {
	t.Helper()
	d, err := l.Take(t.Context(), c, who)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestContract(t *testing.T) {
	for _, kind := range implementations {
		t.Run(kind, func(t *testing.T) {
			t.Run("a burst, then the rate", func(t *testing.T) { aBurstThenTheRate(t, kind) })
			t.Run("never more than promised", func(t *testing.T) { neverMore(t, kind) })
			t.Run("keys and classes are apart", func(t *testing.T) { apart(t, kind) })
			t.Run("a count of nothing", func(t *testing.T) { unlimited(t, kind) })
			t.Run("a clock that is set back", func(t *testing.T) { setBack(t, kind) })
			t.Run("many at once", func(t *testing.T) { manyAtOnce(t, kind) })
		})
	}
}

func aBurstThenTheRate(t *testing.T, kind string) {
	l, at := limited(t, kind, map[limit.Class]int{limit.Dynamic: 60}, 0) // one a second, 30 at once
	who := limit.Member(uuid.New())
	for i := range 30 {
		if d := take(t, l, limit.Dynamic, who); !d.Allowed || d.Remaining != 29-i || d.Reset != time.Duration(i+1)*time.Second {
			t.Fatalf("turn %d: %+v", i, d)
		}
	}
	at.Advance(400 * time.Millisecond)
	if d := take(t, l, limit.Dynamic, who); d.Allowed || d.After != 600*time.Millisecond || d.Reset != 29600*time.Millisecond {
		t.Errorf("beyond the burst: %+v", d)
	}
	at.Advance(600 * time.Millisecond)
	if d := take(t, l, limit.Dynamic, who); !d.Allowed || d.Remaining != 0 {
		t.Errorf("when it was told to come back: %+v", d)
	}
	at.Advance(time.Hour)
	if d := take(t, l, limit.Dynamic, who); !d.Allowed || d.Remaining != 29 {
		t.Errorf("rested: %+v", d)
	}
}

// neverMore asks at random times and looks at every window afterwards.
func neverMore(t *testing.T, kind string) {
	l, at := limited(t, kind, nil, 0)
	r := limit.RuleOf(limit.Dynamic)
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a test that repeats itself
	var given []time.Time
	for range 20_000 {
		at.Advance(time.Duration(random.IntN(int(200 * time.Millisecond))))
		if take(t, l, limit.Dynamic, limit.Everybody()).Allowed {
			given = append(given, at.Now())
		}
	}
	if len(given) < 1000 {
		t.Fatalf("only %d turns", len(given))
	}
	for i := range given {
		for _, window := range []time.Duration{time.Second, time.Minute, 10 * time.Minute} {
			n := 0
			for j := i; j < len(given) && given[j].Sub(given[i]) < window; j++ {
				n++
			}
			if most := r.Burst + int(window*time.Duration(r.Count)/r.Per); n > most {
				t.Fatalf("%d turns within %s, at most %d", n, window, most)
			}
		}
	}
}

func apart(t *testing.T, kind string) {
	l, _ := limited(t, kind, map[limit.Class]int{limit.Login: 1, limit.Signup: 1}, 0)
	a, b := limit.Address(netip.MustParseAddr("192.0.2.1")), limit.Address(netip.MustParseAddr("192.0.2.2"))
	for _, turn := range []struct {
		class limit.Class
		who   limit.Key
		want  bool
	}{{limit.Login, a, true}, {limit.Login, a, false}, {limit.Login, b, true}, {limit.Signup, a, true}, {limit.Signup, a, false}, {limit.Login, b, false}} {
		if d := take(t, l, turn.class, turn.who); d.Allowed != turn.want {
			t.Errorf("%s for %s: %+v", turn.class, turn.who, d)
		}
	}
}

func unlimited(t *testing.T, kind string) {
	l, _ := limited(t, kind, map[limit.Class]int{limit.Dynamic: 0}, 0)
	for range 10_000 {
		if !take(t, l, limit.Dynamic, limit.Everybody()).Allowed {
			t.Fatal("refused without a limit")
		}
	}
	if l.Rule(limit.Dynamic).Count != 0 || l.Rule(limit.Search).Count != 60 {
		t.Errorf("the rules are %+v and %+v", l.Rule(limit.Dynamic), l.Rule(limit.Search))
	}
}

// setBack moves the machine's clock an hour into the past: nobody is refused for
// it, and everybody is counted as before from then on.
func setBack(t *testing.T, kind string) {
	l, at := limited(t, kind, map[limit.Class]int{limit.Dynamic: 60}, 0)
	for range 31 {
		take(t, l, limit.Dynamic, limit.Everybody())
	}
	at.Advance(-time.Hour)
	for i := range 30 {
		if d := take(t, l, limit.Dynamic, limit.Everybody()); !d.Allowed {
			t.Fatalf("request %d after the clock was set back: %+v", i, d)
		}
	}
	if d := take(t, l, limit.Dynamic, limit.Everybody()); d.Allowed {
		t.Errorf("after a whole burst: %+v", d)
	}
}

func manyAtOnce(t *testing.T, kind string) {
	l, _ := limited(t, kind, map[limit.Class]int{limit.Dynamic: 100}, 0)
	var given atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 1000 {
				if d, err := l.Take(t.Context(), limit.Dynamic, limit.Everybody()); err == nil && d.Allowed {
					given.Add(1)
				}
			}
		})
	}
	all.Wait()
	if given.Load() != 50 {
		t.Errorf("%d turns were given, want the burst of 50", given.Load())
	}
}

func TestOpen_unknownKind(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{"paper": "LIMITS=paper is not known", limit.KindRedis: "LIMITS=redis needs a Redis"} {
		if _, err := limit.Open(limit.Config{Kind: kind}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v", kind, err)
		}
	}
}

func TestClasses_haveARule(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, c := range limit.Classes() {
		r := limit.RuleOf(c)
		if r.Count < 1 || r.Per < time.Second || r.Burst < 1 || r.Burst > r.Count || c.String() == "" || names[c.String()] {
			t.Errorf("the class %d (%s) has the rule %+v", c, c, r)
		}
		names[c.String()] = true
	}
	for _, c := range []limit.Class{limit.Login, limit.Mail, limit.AllMail, limit.Signup} {
		if limit.RuleOf(c).FailOpen {
			t.Errorf("%s lets everybody through while it cannot count", c)
		}
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	at := func(s string) limit.Key { return limit.Address(netip.MustParseAddr(s)) }
	for _, c := range []struct {
		why  string
		a, b limit.Key
		same bool
	}{
		{"IPv4 by address", at("192.0.2.1"), at("192.0.2.2"), false},
		{"IPv4 in IPv6 is IPv4", at("192.0.2.1"), at("::ffff:192.0.2.1"), true},
		{"IPv6 by /64", at("2001:db8:1:2::1"), at("2001:db8:1:2:ffff::9"), true},
		{"the next /64", at("2001:db8:1:2::1"), at("2001:db8:1:3::1"), false},
		{"an IPv6 network of an IPv4 address's bytes", at("192.0.2.1"), at("c000:201::"), false},
		{"no address at all", limit.Address(netip.Addr{}), limit.Address(netip.Addr{}), true},
		{"a member is no address", limit.Member(uuid.Nil), limit.Address(netip.Addr{}), false},
		{"a name", limit.Named("mara@harbour.example"), limit.Named("mara@harbour.example"), true},
		{"another name", limit.Named("mara@harbour.example"), limit.Named("mira@harbour.example"), false},
		{"everybody", limit.Everybody(), limit.Member(uuid.Nil), false},
	} {
		if (c.a == c.b) != c.same {
			t.Errorf("%s: %s and %s", c.why, c.a, c.b)
		}
	}
}
