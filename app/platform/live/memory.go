package live

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"sync"

	"github.com/google/uuid"
)

// memory is the hub of one process. Ids are microseconds, made to rise: an id
// that another process gave is then older than this one's beginning, or newer
// than now, and tells that something may have been missed.
type memory struct {
	Config
	mu      sync.Mutex
	last    int64 // the newest id that was given
	floor   int64 // until then, nothing is known of whoever is not in members
	members map[uuid.UUID]*remembered
	swept   int64
}

// remembered is what one member was told. Whatever came after floor is in told.
type remembered struct {
	floor    int64
	told     []told
	watchers []chan struct{}
	used     int64 // when something last happened to it
}

type told struct {
	id   int64
	kind string
	data json.RawMessage
}

func newMemory(c Config) *memory {
	m := &memory{Config: c, members: map[uuid.UUID]*remembered{}}
	m.last = m.now()
	m.floor, m.swept = m.last, m.last
	return m
}

func (m *memory) now() int64 { return m.Clock().UnixMicro() }

// next gives an id. A clock that is set back gives no id twice.
func (m *memory) next() int64 {
	m.last = max(m.last+1, m.now())
	return m.last
}

// Position implements Hub.
func (m *memory) Position() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last = max(m.last, m.now())
	return position(m.last)
}

// Publish implements Publisher. It waits for nobody.
func (m *memory) Publish(_ context.Context, member uuid.UUID, kind string, data any) error {
	encoded, err := encode(kind, data)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sweep()
	r := m.of(member)
	if len(r.told) >= m.Depth {
		r.floor = r.told[0].id
		r.told = slices.Delete(r.told, 0, 1)
	}
	r.told = append(r.told, told{m.next(), kind, encoded})
	for _, w := range r.watchers {
		wake(w)
	}
	return nil
}

// Since implements Hub. It never fails.
func (m *memory) Since(_ context.Context, member uuid.UUID, after string) (Batch, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last = max(m.last, m.now())
	out := Batch{Position: position(m.last)}
	from, err := strconv.ParseInt(after, 10, 64)
	r := m.members[member]
	if r == nil {
		out.Missed = err != nil || from < m.forgotten() || from > m.last
		return out, nil
	}
	r.used = m.last
	if out.Missed = err != nil || from < r.floor || from > m.last; out.Missed {
		return out, nil
	}
	for _, t := range r.told {
		if t.id > from {
			out.Messages = append(out.Messages, Message{ID: position(t.id), Kind: t.kind, Data: t.data})
		}
	}
	return out, nil
}

// Watch implements Hub.
func (m *memory) Watch(member uuid.UUID) (<-chan struct{}, func()) {
	w := make(chan struct{}, 1)
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.of(member)
	r.watchers = append(r.watchers, w)
	return w, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		r.used = m.now()
		if at := slices.Index(r.watchers, w); at >= 0 {
			r.watchers = slices.Delete(r.watchers, at, at+1)
		}
	}
}

// Close implements Hub: there is nothing to end.
func (m *memory) Close() error { return nil }

// of finds a member, or begins to remember them.
func (m *memory) of(member uuid.UUID) *remembered {
	r := m.members[member]
	if r == nil {
		r = &remembered{floor: m.forgotten()}
		m.members[member] = r
	}
	r.used = m.now()
	return r
}

// forgotten is until when something may have been told to a member who is not
// remembered.
func (m *memory) forgotten() int64 { return max(m.floor, m.now()-m.Keep.Microseconds()) }

// sweepPause is how often there is a look at who can be forgotten.
const sweepPause = 1_000_000 // µs

// sweep forgets who has no connection and was told nothing for a while; and when
// there are still too many of them, everybody without a connection: those ask
// for everything when they come back.
func (m *memory) sweep() {
	now := m.now()
	if now-m.swept < sweepPause {
		return
	}
	m.swept = now
	oldest := now - m.Keep.Microseconds()
	if idle := m.drop(func(r *remembered) bool { return r.used < oldest }); idle > m.Members {
		m.drop(func(*remembered) bool { return true })
		m.floor = m.last
	}
}

// drop forgets members without a connection, and tells how many are left.
func (m *memory) drop(when func(r *remembered) bool) (left int) {
	for id, r := range m.members {
		switch {
		case len(r.watchers) > 0:
		case when(r):
			delete(m.members, id)
		default:
			left++
		}
	}
	return left
}

// wake leaves one sign at most: who reads it asks for everything that is new.
func wake(w chan struct{}) {
	select {
	case w <- struct{}{}:
	default:
	}
}

func position(id int64) string { return strconv.FormatInt(id, 10) }
