package limit_test

import (
	"encoding/binary"
	"net/netip"
	"runtime"
	"testing"

	"vitrine/app/platform/limit"
)

// stranger is one of four billion IPv6 customers.
func stranger(n uint32) limit.Key {
	var a [16]byte
	a[0] = 0x20
	binary.BigEndian.PutUint32(a[4:], n)
	return limit.Address(netip.AddrFrom16(a))
}

// A million addresses neither grow the table nor make it forget who is refused.
func TestMemory_aMillionAddresses(t *testing.T) {
	l, _ := limited(t, limit.KindMemory, nil, 4096)
	bad := limit.Named("victim@harbour.example")
	for given := true; given; {
		given = take(t, l, limit.Login, bad).Allowed
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for n := range uint32(1_000_000) {
		if !take(t, l, limit.Dynamic, stranger(n)).Allowed {
			t.Fatalf("the first request of address %d is refused", n)
		}
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 64<<10 {
		t.Errorf("a million addresses took %d bytes", grown)
	}
	if take(t, l, limit.Login, bad).Allowed {
		t.Error("who was refused is forgotten in the crowd")
	}
}

// The hot path allocates nothing, for known keys and for new ones.
func TestMemory_allocatesNothing(t *testing.T) {
	l, _ := limited(t, limit.KindMemory, nil, 4096)
	n := uint32(0)
	if got := testing.AllocsPerRun(1000, func() {
		n++
		_, _ = l.Take(t.Context(), limit.Dynamic, stranger(n))
		_, _ = l.Take(t.Context(), limit.Dynamic, stranger(0))
	}); got > 0 {
		t.Errorf("%v allocations", got)
	}
}

func BenchmarkMemory_oneKey(b *testing.B) {
	l, err := limit.Open(limit.Config{Kind: limit.KindMemory})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		_, _ = l.Take(b.Context(), limit.Dynamic, stranger(7))
	}
}

// BenchmarkMemory_crowd is the worst case: every key is new and every set full.
func BenchmarkMemory_crowd(b *testing.B) {
	l, err := limit.Open(limit.Config{Kind: limit.KindMemory})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	n := uint32(0)
	for b.Loop() {
		n++
		_, _ = l.Take(b.Context(), limit.Dynamic, stranger(n))
	}
}
