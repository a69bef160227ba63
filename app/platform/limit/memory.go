package limit

import (
	"context"
	"hash/maphash"
	"sync"
	"time"

	"vitrine/app/platform/clock"
)

// ways is how many keys may lie in one set. A key is looked for in its set
// alone.
const ways = 8

// shards is how many locks there are.
const shards = 64

// memory keeps the keys in a table of fixed size: it never grows, whoever asks.
// A key whose debt is paid is the same as one that never was, so its place is
// free. Where a set is full of debtors, the one that would be free soonest gives
// way: a stranger who comes from a million addresses displaces other newcomers,
// and not who is already refused.
type memory struct {
	rules [classes]Rule
	cells [classes]cell
	clock clock.Clock
	zero  time.Time
	seed  maphash.Seed // so that nobody can choose keys that meet in one set
	sets  []set
	locks [shards]lock
}

// longAgo is how far the machine's clock may be set back.
const longAgo = 365 * 24 * time.Hour

// lock has a cache line of its own.
type lock struct {
	sync.Mutex
	_ [56]byte
}

type set [ways]entry

type entry struct {
	paid  int64 // nanoseconds since zero; 0 is a free place
	key   Key
	class Class
}

func newMemory(rules [classes]Rule, entries int, now clock.Clock) *memory {
	count := shards
	for count*ways < entries {
		count *= 2
	}
	m := &memory{rules: rules, clock: now, zero: now().Add(-longAgo), seed: maphash.MakeSeed(), sets: make([]set, count)}
	for class, r := range &rules {
		m.cells[class] = r.cell()
	}
	return m
}

// Rule implements Limiter.
func (m *memory) Rule(class Class) Rule { return m.rules[class] }

// Take implements Limiter. It never fails.
func (m *memory) Take(_ context.Context, class Class, who Key) (Decision, error) {
	c := m.cells[class]
	if c.step == 0 {
		return Decision{Allowed: true}, nil
	}
	now := int64(m.clock().Sub(m.zero))
	at := m.place(class, who)
	l := &m.locks[at%shards]
	l.Lock()
	defer l.Unlock()
	e := m.sets[at].find(class, who)
	paid, d := c.take(e.paid, now)
	*e = entry{paid: paid, key: who, class: class}
	return d, nil
}

// place is the set of a key.
func (m *memory) place(class Class, who Key) int {
	var b [len(who) + 1]byte
	b[0] = byte(class)
	copy(b[1:], who[:])
	return int(maphash.Bytes(m.seed, b[:]) & uint64(len(m.sets)-1)) //nolint:gosec // smaller than len
}

// find gives the key's place, or the one that it may have, emptied.
func (s *set) find(class Class, who Key) *entry {
	soonest := &s[0]
	for i := range s {
		e := &s[i]
		if e.class == class && e.key == who {
			return e
		}
		if e.paid < soonest.paid {
			soonest = e
		}
	}
	soonest.paid = 0
	return soonest
}
