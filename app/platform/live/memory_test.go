package live_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/live"
)

// Members without a connection are forgotten together when there are too many of
// them, and are told so when they come back.
func TestMemory_isBounded(t *testing.T) {
	t.Parallel()
	h, at := open(t, live.Config{Kind: live.KindMemory, Members: 100})
	page := h.Position()
	ines := uuid.New()
	_, stop := h.Watch(ines)
	defer stop()
	first := uuid.New()
	publish(t, h, first, "notice", nil)
	for range 150 {
		publish(t, h, uuid.New(), "notice", nil)
	}
	at.Advance(2 * time.Second)
	publish(t, h, ines, "notice", nil)
	if told, _ := since(t, h, first, page); told != "missed" {
		t.Errorf("who was forgotten heard %q", told)
	}
	if told, _ := since(t, h, ines, page); told != "notice" {
		t.Errorf("who is connected heard %q", told)
	}
}

// In one process, whoever watches misses nothing even without asking.
func TestMemory_keepsWhoWatches(t *testing.T) {
	t.Parallel()
	h, at := open(t, live.Config{Kind: live.KindMemory, Keep: time.Minute})
	ines, other := uuid.New(), uuid.New()
	page := h.Position()
	_, stop := h.Watch(ines)
	defer stop()
	at.Advance(time.Hour)
	publish(t, h, other, "notice", nil)
	publish(t, h, ines, "notice", nil)
	if told, _ := since(t, h, ines, page); told != "notice" {
		t.Errorf("after an hour, the page heard %q", told)
	}
}
