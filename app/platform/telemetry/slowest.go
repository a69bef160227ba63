package telemetry

import (
	"regexp"
	"slices"
	"sync"
	"time"
)

// maxSlowest bounds the list of slow statements of a process.
const maxSlowest = 200

// SlowStatement is one statement of one route, as often as it was slow.
type SlowStatement struct {
	Route string
	SQL   string // shortened, without literals
	Count int64  // how often it took SlowQuery or longer
	Total time.Duration
	Max   time.Duration
	Last  time.Time
}

// Slowest remembers the slow statements of this process by route. It is bounded:
// a new one takes the place of the one that cost least in all. The zero value is
// ready, and a nil Slowest remembers nothing.
type Slowest struct {
	mu  sync.Mutex
	top map[slowKey]*SlowStatement
}

type slowKey struct{ route, sql string }

// lists of parameters differ in length alone.
var parameters = regexp.MustCompile(`\$\d+(?:\s*,\s*\$\d+)+`)

// Add notes a slow run of a statement that Shorten has made.
func (s *Slowest) Add(route, sql string, took time.Duration, now time.Time) {
	if s == nil {
		return
	}
	key := slowKey{route, parameters.ReplaceAllString(sql, "$$…")}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.top == nil {
		s.top = map[slowKey]*SlowStatement{}
	}
	known := s.top[key]
	if known == nil {
		if len(s.top) >= maxSlowest {
			s.evict()
		}
		known = &SlowStatement{Route: key.route, SQL: key.sql}
		s.top[key] = known
	}
	known.Count++
	known.Total += took
	known.Max = max(known.Max, took)
	known.Last = now
}

func (s *Slowest) evict() {
	var least slowKey
	var cost time.Duration = -1
	for k, v := range s.top {
		if cost < 0 || v.Total < cost {
			least, cost = k, v.Total
		}
	}
	delete(s.top, least)
}

// Top lists those that cost most in all, n at most.
func (s *Slowest) Top(n int) []SlowStatement {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	out := make([]SlowStatement, 0, len(s.top))
	for _, v := range s.top {
		out = append(out, *v)
	}
	s.mu.Unlock()
	slices.SortFunc(out, func(a, b SlowStatement) int { return int(b.Total - a.Total) })
	return out[:min(n, len(out))]
}
