package accounts_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
)

const reason = "Stolen <b>pictures</b>."

// suspend shuts a person out, in the name of an administrator.
func (h *house) suspend(t *testing.T, userID uuid.UUID) {
	t.Helper()
	err := h.db.Transact(t.Context(), func(tx db.Tx) error {
		_, err := h.Suspend(t.Context(), tx, userID, id.New(), reason)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A suspended person is out at once, is told why with the right password only,
// and signs in anew when they are let in again.
func TestSuspend(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	opened := h.member(t, "Mara", "mara@harbour.example")
	token, _, err := h.MakeToken(t.Context(), opened.UserID, form())
	if err != nil {
		t.Fatal(err)
	}
	h.suspend(t, opened.UserID)
	told := func(err error) {
		t.Helper()
		want(t, err, fault.Forbidden)
		var s *accounts.Suspended
		if !errors.As(err, &s) || s.Reason != reason || !strings.Contains(fault.MessageOf(err), reason) || strings.Contains(fmt.Sprint(s), "pictures") {
			t.Errorf("%v says %q", err, fault.MessageOf(err))
		}
	}
	_, err = h.Authenticate(t.Context(), opened.Token)
	told(err)
	_, err = h.login(t.Context(), "mara@harbour.example", password)
	told(err)
	_, err = h.login(t.Context(), "mara@harbour.example", "quite another one")
	want(t, err, fault.Invalid)
	_, err = h.AuthenticateToken(t.Context(), token)
	want(t, err, fault.Unauthenticated)

	err = h.db.Transact(t.Context(), func(tx db.Tx) error {
		changed, err := h.Reinstate(t.Context(), tx, opened.UserID, id.New())
		if !changed {
			t.Error("nothing changed")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.Authenticate(t.Context(), opened.Token)
	want(t, err, fault.Unauthenticated)
	if _, err := h.login(t.Context(), "mara@harbour.example", password); err != nil {
		t.Error(err)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, name := range []string{"Mara", "Marc", "50%_off"} {
		h.member(t, name, strings.ToLower(name[:2]+name[3:])+"@harbour.example")
	}
	for search, want := range map[string]string{"": "50%_off Marc Mara", "mar": "Marc Mara", "MARA": "Mara", "50%": "50%_off", "50%_OFF ": "50%_off", "%": "", "harbour": "", "maa@harbour.example": "Mara"} {
		list, next, err := h.Find(t.Context(), accounts.Search{Text: search}, accounts.Place{})
		var names []string
		for _, u := range list {
			names = append(names, u.Name)
		}
		if got := strings.Join(names, " "); got != want || err != nil || next.ID != uuid.Nil {
			t.Errorf("%q finds %q, want %q, %v", search, got, want, err)
		}
	}
	list, _, err := h.Find(t.Context(), accounts.Search{Suspended: true}, accounts.Place{})
	if err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
}

func TestFind_pages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	const many = 2*accounts.PerPage + 7
	h.Exec(t, `insert into users (id, email, email_key, name, password_hash, password_set_at, verified_at, created_at, updated_at)
		select gen_random_uuid(), i || '@x.example', i || '@x.example', 'Ann ' || i, '!', now(), now(), date_trunc('hour', now()) + (i / 10) * interval '1 s', now() from generate_series(1, $1::int) i`, many)
	for _, search := range []string{"", "ann"} {
		seen := map[uuid.UUID]bool{}
		from := accounts.Place{}
		for {
			list, next, err := h.Find(t.Context(), accounts.Search{Text: search}, from)
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range list {
				seen[u.ID] = true
			}
			if next.ID == uuid.Nil {
				break
			}
			from = next
		}
		if len(seen) != many {
			t.Errorf("%q shows %d of %d", search, len(seen), many)
		}
	}
}
