package accounts

import (
	"context"
	"strings"
	"testing"
)

func TestParseEmail(t *testing.T) {
	t.Parallel()
	for in, key := range map[string]string{
		"mara@harbour.example":        "mara@harbour.example",
		"  Mara.K+x@Harbour.Example ": "mara.k+x@harbour.example",
		"mara@bücher.example":         "mara@xn--bcher-kva.example",
		"mara@xn--bcher-kva.example":  "mara@xn--bcher-kva.example",
		"mára@harbour.example":        "mára@harbour.example",
		"ma\u0301ra@harbour.example":  "mára@harbour.example",
		"o'neill@harbour.example":     "o'neill@harbour.example",
		"用户@例子.广告":                    "用户@xn--fsqu00a.xn--4rr70v",
		"a@b.co":                      "a@b.co",
	} {
		if a, problem := parseEmail(in); problem != "" || a.key != key {
			t.Errorf("%q: key %q, %q", in, a.key, problem)
		}
	}
	for _, in := range []string{
		"", " ", "mara", "@", "mara@", "@harbour.example", "mara@harbour", "mara@@harbour.example", "mara@harbour..example", "mara@.example",
		"mara @harbour.example", "mara@harbour.example, b@harbour.example", "Mara <mara@harbour.example>", `"mara k"@harbour.example`,
		"mara@[127.0.0.1]", "mara(x)@harbour.example", "mara@harbour.example\r\nBcc: all@x.example", "mara@harbour.example\x00",
		"ma\u202era@harbour.example", "ma\u200bra@harbour.example", "mara@har bour.example", "mara@-harbour.example", "mara@harbour_.example",
		"\xff@harbour.example", strings.Repeat("a", 65) + "@harbour.example", "a@" + strings.Repeat("b", 300) + ".example",
		strings.Repeat("a", 1<<20), "<script>@harbour.example", "mara@harbour.example>",
	} {
		if a, problem := parseEmail(in); problem == "" {
			t.Errorf("%.60q was taken as %q", in, a.key)
		} else if a.key != "" {
			t.Errorf("%.60q was refused and gave a key", in)
		}
	}
}

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	a := address{typed: "Mara@Harbour.example", key: "mara@harbour.example"}
	for in, ok := range map[string]bool{
		"": false, "short": false, "ninechars": false, "tencharsss": true, "          ": false, "\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b": false,
		"pässwörter": true, "🐟🐟🐟🐟🐟🐟🐟🐟🐟🐟": true, "🐟🐟🐟": false, "mara@harbour.EXAMPLE": false,
		strings.Repeat("x", 256): true, strings.Repeat("x", 257): false, strings.Repeat("x", 1<<20): false,
	} {
		if problem := checkPassword(in, a); (problem == "") != ok {
			t.Errorf("%.40q: %q", in, problem)
		}
	}
}

func TestHasher(t *testing.T) {
	t.Parallel()
	k, err := newHasher(Hashing{})
	if err != nil {
		t.Fatal(err)
	}
	stored, err := HashPassword("Füße im Wasser")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("the stored form is %s", stored)
	}
	for in, want := range map[string]bool{"Füße im Wasser": true, "Fu\u0308ße im Wasser": true, "füße im wasser": false, "": false} {
		if ok, stale, err := k.check(t.Context(), in, stored); ok != want || stale || err != nil {
			t.Errorf("%q: %v, stale %v, %v", in, ok, stale, err)
		}
	}
	for _, none := range []string{"", unusable} {
		if ok, _, err := k.check(t.Context(), "", none); ok || err != nil {
			t.Errorf("%q let somebody in: %v", none, err)
		}
	}
	for _, broken := range []string{"x", "$argon2id$", "$argon2i$v=19$m=1,t=1,p=1$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAA", "$argon2id$v=19$m=8,t=0,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA"} {
		if ok, _, err := k.check(t.Context(), "x", broken); ok || err == nil {
			t.Errorf("%q is no hash and gave %v, %v", broken, ok, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range cap(k.turns) {
		k.turns <- struct{}{}
	}
	if _, err := k.hash(ctx, "x"); err == nil {
		t.Error("a hash was made without a turn")
	}
}
