package hashing

import (
	"context"
	"strings"
	"testing"
)

func TestProblem(t *testing.T) {
	t.Parallel()
	for in, ok := range map[string]bool{
		"": false, "short": false, "ninechars": false, "tencharsss": true, "          ": false, "\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b": false,
		"pässwörter": true, "🐟🐟🐟🐟🐟🐟🐟🐟🐟🐟": true, "🐟🐟🐟": false, "mara@harbour.EXAMPLE": false,
		strings.Repeat("x", 256): true, strings.Repeat("x", 257): false, strings.Repeat("x", 1<<20): false,
	} {
		if problem := Problem(in, "Mara@Harbour.example", "mara@harbour.example"); (problem == "") != ok {
			t.Errorf("%.40q: %q", in, problem)
		}
	}
}

func TestHasher(t *testing.T) {
	t.Parallel()
	k, err := New(Params{})
	if err != nil {
		t.Fatal(err)
	}
	stored, err := Default("Füße im Wasser")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("the stored form is %s", stored)
	}
	for in, want := range map[string]bool{"Füße im Wasser": true, "Fu\u0308ße im Wasser": true, "füße im wasser": false, "": false} {
		if ok, stale, err := k.Check(t.Context(), in, stored); ok != want || stale || err != nil {
			t.Errorf("%q: %v, stale %v, %v", in, ok, stale, err)
		}
	}
	for _, none := range []string{"", Unusable} {
		if ok, _, err := k.Check(t.Context(), "", none); ok || err != nil {
			t.Errorf("%q let somebody in: %v", none, err)
		}
	}
	for _, broken := range []string{"x", "$argon2id$", "$argon2i$v=19$m=1,t=1,p=1$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAA", "$argon2id$v=19$m=8,t=0,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA"} {
		if ok, _, err := k.Check(t.Context(), "x", broken); ok || err == nil {
			t.Errorf("%q is no hash and gave %v, %v", broken, ok, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range cap(k.turns) {
		k.turns <- struct{}{}
	}
	if _, err := k.Hash(ctx, "x"); err == nil {
		t.Error("a hash was made without a turn")
	}
}
