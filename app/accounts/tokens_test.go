package accounts_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
)

func form() accounts.NewToken {
	return accounts.NewToken{Key: idem.NewKey(), Name: " Night  upload ", Scopes: []string{"media:write", "works:write"}, Days: accounts.TokenDays}
}

func TestMakeToken_andUse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	user := h.member(t, "Mara", "mara@harbour.example").UserID
	plain, made, err := h.MakeToken(t.Context(), user, form())
	if err != nil {
		t.Fatal(err)
	}
	if made.Name != "Night upload" || made.Scopes.String() != "works:write media:write" || !made.ExpiresAt.Equal(noon.AddDate(0, 0, 90)) {
		t.Errorf("the token is %+v", made)
	}
	if !regexp.MustCompile("^"+accounts.TokenPattern+"$").MatchString(plain) || !strings.HasPrefix(plain, "vit_"+made.PublicID+"_") {
		t.Errorf("the token is written %q", plain)
	}
	b, err := h.AuthenticateToken(t.Context(), plain)
	if err != nil || b.UserID != user || b.ID != made.ID || b.UsedAt != nil {
		t.Fatalf("AuthenticateToken: %+v, %v", b, err)
	}
	if !b.May(accounts.WriteWorks) || !b.May(accounts.WriteMedia) || b.May(accounts.ReadWorks) || !b.Opens(uuid.New()) {
		t.Error("the scopes are not those of the form")
	}
	// The last use is written once an hour.
	for _, step := range []struct {
		after time.Duration
		want  time.Time
	}{{time.Minute, noon}, {time.Hour, noon.Add(time.Hour + time.Minute)}} {
		h.clock.Advance(step.after)
		if _, err := h.AuthenticateToken(t.Context(), plain); err != nil {
			t.Fatal(err)
		}
		list, err := h.TokensOf(t.Context(), user)
		if err != nil || len(list) != 1 || list[0].UsedAt == nil || !list[0].UsedAt.Equal(step.want) {
			t.Errorf("after %s the list is %+v, %v", step.after, list, err)
		}
	}
	if n := h.Count(t, "select count(*) from api_tokens where position(convert_to($1, 'utf8') in hash) > 0 or name like '%' || $1 || '%'", plain); n != 0 {
		t.Error("the plain token is stored")
	}
	if n := h.Count(t, "select count(*) from outbox where event = 'accounts.token_made.v1' and payload::text like '%' || $1 || '%'", strings.TrimPrefix(plain, "vit_"+made.PublicID+"_")); n != 0 {
		t.Error("the secret is in the outbox")
	}
	if n := h.Count(t, "select count(*) from audit where action = 'accounts.token_made' and actor_id = $1", user); n != 1 {
		t.Errorf("%d entries of the audit", n)
	}
	h.clock.Advance(90 * 24 * time.Hour)
	_, err = h.AuthenticateToken(t.Context(), plain)
	want(t, err, fault.Unauthenticated)
}

func TestMakeToken_refuses(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	user := h.member(t, "Mara", "mara@harbour.example").UserID
	_, _, err := h.MakeToken(t.Context(), user, accounts.NewToken{Key: idem.NewKey(), Name: "\u200b", Scopes: []string{"admin"}, Days: 366})
	fields := fault.FieldsOf(err)
	for _, name := range []string{"name", "scopes", "days"} {
		if fields[name] == "" {
			t.Errorf("%s has no sentence: %v", name, err)
		}
	}
	long := form()
	long.Name = strings.Repeat("é", accounts.TokenNameLimit+1)
	_, _, err = h.MakeToken(t.Context(), user, long)
	want(t, err, fault.Invalid)

	twice := form()
	if _, _, err := h.MakeToken(t.Context(), user, twice); err != nil {
		t.Fatal(err)
	}
	plain, _, err := h.MakeToken(t.Context(), user, twice)
	want(t, err, fault.Conflict)
	if plain != "" {
		t.Error("a repeat shows a token")
	}
	for range accounts.TokensPerPerson - 1 {
		if _, _, err := h.MakeToken(t.Context(), user, form()); err != nil {
			t.Fatal(err)
		}
	}
	_, _, err = h.MakeToken(t.Context(), user, form())
	want(t, err, fault.Conflict)
}

func TestRevokeToken(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	mara, noor := h.member(t, "Mara", "mara@harbour.example").UserID, h.member(t, "Noor", "noor@harbour.example").UserID
	plain, made, err := h.MakeToken(t.Context(), mara, form())
	if err != nil {
		t.Fatal(err)
	}
	want(t, h.RevokeToken(t.Context(), noor, made.PublicID), fault.NotFound)
	if _, err := h.AuthenticateToken(t.Context(), plain); err != nil {
		t.Errorf("somebody else revoked it: %v", err)
	}
	if err := h.RevokeToken(t.Context(), mara, made.PublicID); err != nil {
		t.Fatal(err)
	}
	_, err = h.AuthenticateToken(t.Context(), plain)
	want(t, err, fault.Unauthenticated)
	want(t, h.RevokeToken(t.Context(), mara, made.PublicID), fault.NotFound)
	if n := h.Count(t, "select count(*) from audit where action = 'accounts.token_revoked'"); n != 1 {
		t.Errorf("%d entries of the audit", n)
	}
}

// A token of one studio goes with the studio.
func TestMakeToken_ofOneStudio(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	user := h.member(t, "Mara", "mara@harbour.example").UserID
	of, err := h.studios.OfMember(t.Context(), user)
	if err != nil {
		t.Fatal(err)
	}
	bound := form()
	bound.StudioID = &of[0].StudioID
	plain, _, err := h.MakeToken(t.Context(), user, bound)
	if err != nil {
		t.Fatal(err)
	}
	b, err := h.AuthenticateToken(t.Context(), plain)
	if err != nil || !b.Opens(of[0].StudioID) || b.Opens(uuid.New()) {
		t.Errorf("%+v, %v", b, err)
	}
}

// A suspended person's tokens do nothing, and those of an account that is being
// closed; afterwards they work again. Long after their end they are forgotten.
func TestAuthenticateToken_whoMayNotComeIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	user := h.member(t, "Mara", "mara@harbour.example").UserID
	plain, _, err := h.MakeToken(t.Context(), user, form())
	if err != nil {
		t.Fatal(err)
	}
	for set, unset := range map[string]string{
		"suspended_at = now(), suspended_reason = 'x'": "suspended_at = null, suspended_reason = ''",
		"closing_asked_at = now(), closing_at = now()": "closing_asked_at = null, closing_at = null",
	} {
		h.Exec(t, "update users set "+set+" where id = $1", user)
		_, err = h.AuthenticateToken(t.Context(), plain)
		want(t, err, fault.Unauthenticated)
		h.Exec(t, "update users set "+unset+" where id = $1", user)
		if _, err = h.AuthenticateToken(t.Context(), plain); err != nil {
			t.Errorf("after %s: %v", unset, err)
		}
	}
	forget := func() int {
		transact(t, h.Worker, func(tx db.Tx) error {
			_, err := h.Forget(t.Context(), tx)
			return err
		})
		return h.Count(t, "select count(*) from api_tokens")
	}
	if n := forget(); n != 1 {
		t.Errorf("%d tokens are left before the end", n)
	}
	h.Exec(t, "update api_tokens set created_at = now() - interval '130 days', expires_at = now() - interval '31 days'")
	if n := forget(); n != 0 {
		t.Errorf("%d tokens are left", n)
	}
}

// What is no token is refused without the database.
func TestAuthenticateToken_malformed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	user := h.member(t, "Mara", "mara@harbour.example").UserID
	plain, _, err := h.MakeToken(t.Context(), user, form())
	if err != nil {
		t.Fatal(err)
	}
	flipped := []byte(plain)
	flipped[20] = map[bool]byte{true: 'b', false: 'a'}[flipped[20] == 'a']
	bad := []string{"", "vit_", plain[1:], plain + "1", string(flipped), strings.ToUpper(plain), strings.Replace(plain, "vit_", "vit-", 1), strings.Repeat("x", 1<<16), plain[:58] + "\x00"}
	if err := h.db.Close(); err != nil { // whoever asks it now, fails otherwise
		t.Fatal(err)
	}
	for i, try := range bad {
		if _, err := h.AuthenticateToken(t.Context(), try); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s gave %v", fmt.Sprint("try ", i), err)
		}
	}
	if slices.Contains(bad, plain) {
		t.Error("a good one is among the bad ones")
	}
}

// Scopes in the code are those that the table takes.
func TestScopes_eachIsStored(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	user := h.member(t, "Mara", "mara@harbour.example").UserID
	for _, s := range accounts.Scopes {
		f := form()
		f.Scopes = []string{string(s)}
		if _, _, err := h.MakeToken(t.Context(), user, f); err != nil || s.Words() == "" {
			t.Errorf("%s: %v", s, err)
		}
	}
}
