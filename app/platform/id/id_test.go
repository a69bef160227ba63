package id

import (
	"bytes"
	"testing"
)

func TestPublic(t *testing.T) {
	seen := map[string]bool{}
	for range 2000 {
		s := Public()
		if !ValidPublic(s) {
			t.Fatalf("%q is not valid", s)
		}
		if seen[s] {
			t.Fatalf("%q came twice", s)
		}
		seen[s] = true
	}
	for _, bad := range []string{"", "short", "0123456789ab", "lllllllllllll", "abcdefghijk/", "abcdefghij\x00k", "OOOOOOOOOOOO"} {
		if ValidPublic(bad) {
			t.Errorf("%q should not be valid", bad)
		}
	}
}

func TestToken_hashIsStable(t *testing.T) {
	plain, hash := Token()
	if len(plain) != 43 || len(hash) != 32 {
		t.Fatalf("lengths %d and %d", len(plain), len(hash))
	}
	if !bytes.Equal(HashToken(plain), hash) {
		t.Error("the hash differs")
	}
	other, _ := Token()
	if other == plain {
		t.Error("a token came twice")
	}
}

func TestNew_isSortedByTime(t *testing.T) {
	last := New()
	for range 100 {
		next := New()
		if bytes.Compare(next[:], last[:]) <= 0 {
			t.Fatalf("%s is not after %s", next, last)
		}
		last = next
	}
}
