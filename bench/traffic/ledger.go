package traffic

import (
	"maps"
	"slices"
	"sync"
)

// Ledger is what a site has acknowledged. What of it cannot be found afterwards
// was lost. It may be used from several goroutines; the zero value is empty.
type Ledger struct {
	mu    sync.Mutex
	kinds map[string]map[string]string
}

// Note keeps that something of a kind was acknowledged, in a state. A later state
// takes the place of an earlier one.
func (l *Ledger) Note(kind, key, state string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.kinds == nil {
		l.kinds = map[string]map[string]string{}
	}
	if l.kinds[kind] == nil {
		l.kinds[kind] = map[string]string{}
	}
	l.kinds[kind][key] = state
}

// Forget takes back what was noted of a key: a later request about it has no
// answer, so nobody knows in which state it is.
func (l *Ledger) Forget(kind, key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.kinds[kind], key)
}

// States are the last states of a kind, by key.
func (l *Ledger) States(kind string) map[string]string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.kinds[kind])
}

// Keys are those of a kind, sorted; never nil.
func (l *Ledger) Keys(kind string) []string {
	keys := slices.AppendSeq([]string{}, maps.Keys(l.States(kind)))
	slices.Sort(keys)
	return keys
}
