// Package clock injects time, so that leases, expiry and schedules can be
// tested without waiting.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time, in UTC.
type Clock func() time.Time

// Fixed always tells the same time.
func Fixed(at time.Time) Clock { return func() time.Time { return at } }

// Manual is a clock that a test moves by hand. Its Now method is a Clock.
type Manual struct {
	mu  sync.Mutex
	now time.Time
}

// NewManual starts a manual clock.
func NewManual(at time.Time) *Manual { return &Manual{now: at.UTC().Truncate(time.Microsecond)} }

// Now tells the clock's time.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// Advance moves the clock on.
func (m *Manual) Advance(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = m.now.Add(d)
}
