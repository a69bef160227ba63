package sessioncache_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/platform/redistest"
	"vitrine/app/platform/sessioncache"
)

// Whoever can write into Redis can make nobody somebody else: an entry counts
// under its name, for its person, as it was sealed.
func TestEntries_areSealed(t *testing.T) {
	server := redistest.New(t)
	c := process(t, server, sessioncache.KindRedis, nil)
	raw := server.Client()
	defer func() { _ = raw.Close() }()
	ctx := t.Context()
	admin, stranger := uuid.New(), uuid.New()
	kept(t, c, "admin", admin, card{Name: "admin"})
	kept(t, c, "stranger", stranger, mara)
	good := raw.Get(ctx, "who:card:stranger").Val()
	if len(good) < 92 || strings.Contains(good, secret) {
		t.Fatalf("an entry of %d bytes", len(good))
	}
	word := raw.Get(ctx, "who:person:"+admin.String()).Val()
	flip := func(i int) string { return good[:i] + string([]byte{good[i] ^ 1}) + good[i+1:] }
	for name, entry := range map[string]string{
		"another's entry":         raw.Get(ctx, "who:card:admin").Val(),
		"another's person":        admin.String() + word + good[52:],
		"another value":           strings.Replace(good, "Mara", "Mary", 1),
		"another code":            flip(60),
		"another time":            flip(90),
		"half of it":              good[:len(good)-10],
		"only a head":             good[:52],
		"nothing":                 "",
		"garbage":                 strings.Repeat("\x00\xff", 200),
		"garbage with its person": good[:52] + strings.Repeat("{", 200),
	} {
		if err := raw.Set(ctx, "who:card:stranger", entry, 0).Err(); err != nil {
			t.Fatal(err)
		}
		if gives(t, c, "stranger", card{}) {
			t.Errorf("%s is taken for one that was sealed", name)
		}
		// And the next one who reads puts it right.
		kept(t, c, "stranger", stranger, mara)
		if !gives(t, c, "stranger", mara) {
			t.Errorf("%s stays in the way", name)
		}
	}
	for name, spoil := range map[string]func(){
		"a list in place of an entry": func() { raw.Del(ctx, "who:card:stranger"); raw.RPush(ctx, "who:card:stranger", "1") },
		"a list in place of a person": func() {
			raw.Del(ctx, "who:person:"+stranger.String())
			raw.RPush(ctx, "who:person:"+stranger.String(), "1")
		},
		"a list as the generation":     func() { raw.Del(ctx, "who:generation"); raw.RPush(ctx, "who:generation", "1") },
		"the word of a person is long": func() { raw.Set(ctx, "who:person:"+stranger.String(), strings.Repeat("x", 99), 0) },
	} {
		server.Flush()
		kept(t, c, "stranger", stranger, mara)
		spoil()
		if gives(t, c, "stranger", mara) {
			t.Errorf("%s: and a copy is given", name)
		}
	}
}

// Another installation's entries, and those of a version whose type has other
// fields, are nobody's.
func TestEntries_ofOthers(t *testing.T) {
	server := redistest.New(t)
	c := process(t, server, sessioncache.KindRedis, nil)
	kept(t, c, "a", uuid.New(), mara)
	type later struct {
		card
		Suspended bool
	}
	if _, _, found := sessioncache.NewShelf[later]("card").Recall(t.Context(), c, "a"); found {
		t.Error("a copy that lacks a field is given")
	}
	r := server.Connect(t)
	other, err := sessioncache.Open(sessioncache.Config{Kind: sessioncache.KindRedis, Redis: r, Secret: "the secret of another installation"})
	if err != nil {
		t.Fatal(err)
	}
	if gives(t, other, "a", mara) {
		t.Error("another installation's copy is given")
	}
}
