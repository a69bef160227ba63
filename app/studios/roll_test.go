package studios

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
)

// TestRoll pages through a studio in which people joined in the opposite order of
// their roles: each is met once, the owner first.
func TestRoll(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	studio := id.New()
	d.Exec(t, "insert into studios (id, slug, name, created_at, updated_at) values ($1, 'roll', 'Roll', now(), now())", studio)
	var want []uuid.UUID
	for i, role := range []Role{Viewer, Viewer, Editor, Editor, Admin, Admin, Owner} {
		person := id.New()
		want = append(want, person)
		d.Exec(t, "insert into memberships (studio_id, user_id, role, created_at, updated_at) values ($1, $2, $3, $4, now())", studio, person, string(role), time.Now().Add(time.Duration(i)*time.Minute))
	}
	want = []uuid.UUID{want[6], want[4], want[5], want[2], want[3], want[0], want[1]}
	s := &Service{db: d.App}
	var got []uuid.UUID
	for from, n := (Seat{}), 0; n == 0 || from.ID != uuid.Nil; n++ {
		page, next, err := s.Roll(t.Context(), studio, from, 3)
		if err != nil || n > 2 {
			t.Fatalf("page %d: %v", n, err)
		}
		for _, m := range page {
			got = append(got, m.UserID)
		}
		if from = ParseSeat(next.String()); from != next && !from.At.Equal(next.At) {
			t.Errorf("%v came back as %v", next, from)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("met %v, want %v", got, want)
	}
	for _, rubbish := range []string{"", "x", "%00", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"} {
		if _, _, err := s.Roll(t.Context(), studio, ParseSeat(rubbish), 3); err != nil {
			t.Errorf("after %q: %v", rubbish, err)
		}
	}
	if page, _, err := s.Roll(t.Context(), id.New(), Seat{}, 3); err != nil || len(page) != 0 {
		t.Errorf("another studio has %d members, %v", len(page), err)
	}
}
