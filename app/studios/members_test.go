package studios_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
)

// staff is a studio with somebody of each role.
type staff struct {
	house
	st                                         studios.Studio
	owner, admin, second, editor, viewer, none uuid.UUID
}

func newStaff(t *testing.T) staff {
	t.Helper()
	s := staff{house: newHouse(t), owner: uuid.New(), admin: uuid.New(), second: uuid.New(), editor: uuid.New(), viewer: uuid.New(), none: uuid.New()}
	s.st = s.open(t, s.owner, "Harbour & Field")
	for who, role := range map[uuid.UUID]studios.Role{s.admin: studios.Admin, s.second: studios.Admin, s.editor: studios.Editor, s.viewer: studios.Viewer} {
		s.join(t, s.st.ID, who, role)
	}
	return s
}

func (s staff) role(t *testing.T, who uuid.UUID) studios.Role {
	t.Helper()
	role, err := s.Role(t.Context(), who, s.st.ID)
	if err != nil {
		t.Fatal(err)
	}
	return role
}

func (s staff) owners(t *testing.T) int {
	t.Helper()
	return s.Count(t, "select count(*) from memberships where studio_id = $1 and role = 'owner'", s.st.ID)
}

// together starts functions at the same moment and gives what they return.
func together(fns ...func() error) []error {
	out := make([]error, len(fns))
	start := make(chan struct{})
	var all sync.WaitGroup
	for i, fn := range fns {
		all.Go(func() {
			<-start
			out[i] = fn()
		})
	}
	close(start)
	all.Wait()
	return out
}

func TestChangeRole_whoMay(t *testing.T) {
	t.Parallel()
	s := newStaff(t)
	ctx := t.Context()
	for name, c := range map[string]struct {
		actor, who uuid.UUID
		to         studios.Role
		kind       fault.Kind
	}{
		"an admin, the owner":        {s.admin, s.owner, studios.Viewer, fault.Forbidden},
		"the owner, themselves":      {s.owner, s.owner, studios.Admin, fault.Forbidden},
		"an admin makes an owner":    {s.admin, s.editor, studios.Owner, fault.Invalid},
		"the owner makes an owner":   {s.owner, s.admin, studios.Owner, fault.Invalid},
		"an admin, themselves, more": {s.admin, s.admin, studios.Owner, fault.Invalid},
		"no role at all":             {s.admin, s.editor, studios.None, fault.Invalid},
		"an unknown role":            {s.admin, s.editor, "emperor", fault.Invalid},
		"an editor, themselves":      {s.editor, s.editor, studios.Admin, fault.Forbidden},
		"an editor, a viewer":        {s.editor, s.viewer, studios.Editor, fault.Forbidden},
		"a viewer, themselves":       {s.viewer, s.viewer, studios.Editor, fault.Forbidden},
		"a stranger, themselves":     {s.none, s.none, studios.Viewer, fault.NotFound},
		"an admin, a stranger":       {s.admin, s.none, studios.Viewer, fault.NotFound},
	} {
		if err := s.ChangeRole(ctx, c.actor, s.st.ID, c.who, c.to); !fault.Is(err, c.kind) {
			t.Errorf("%s: %v, want %s", name, err, c.kind)
		}
	}
	if n := s.Count(t, "select count(*) from studio_audit"); n != 0 {
		t.Errorf("%d entries of what was refused", n)
	}
	for range 2 { // the second one is the double click
		if err := s.ChangeRole(ctx, s.admin, s.st.ID, s.editor, studios.Admin); err != nil {
			t.Fatal(err)
		}
	}
	if s.role(t, s.editor) != studios.Admin {
		t.Error("the editor is no admin")
	}
	if n := s.Count(t, "select count(*) from outbox where event = 'studios.role_changed.v1'"); n != 1 {
		t.Errorf("%d changes were told, want 1", n)
	}
	if err := s.ChangeRole(ctx, s.second, s.st.ID, s.second, studios.Viewer); err != nil {
		t.Errorf("an admin who steps down: %v", err)
	}
	want(t, s.ChangeRole(ctx, s.second, s.st.ID, s.second, studios.Admin), fault.Forbidden)
	rows, err := s.Journal(ctx, s.st.ID, audit.Filter{Action: "studios.role_changed"}, uuid.Nil, 10)
	if err != nil || len(rows) != 2 || rows[1].ActorID != s.admin || rows[1].Subject != "user:"+s.editor.String() || rows[1].Note != "From editor to admin." {
		t.Errorf("%+v, %v", rows, err)
	}
}

func TestRemove_whoMay(t *testing.T) {
	t.Parallel()
	s := newStaff(t)
	ctx := t.Context()
	for name, c := range map[string]struct {
		actor, who uuid.UUID
		kind       fault.Kind
	}{
		"an admin, the owner":   {s.admin, s.owner, fault.Forbidden},
		"the owner, themselves": {s.owner, s.owner, fault.Forbidden},
		"an editor, a viewer":   {s.editor, s.viewer, fault.Forbidden},
		"a viewer, an admin":    {s.viewer, s.admin, fault.Forbidden},
		"a stranger, a viewer":  {s.none, s.viewer, fault.NotFound},
	} {
		if err := s.Remove(ctx, c.actor, s.st.ID, c.who); !fault.Is(err, c.kind) {
			t.Errorf("%s: %v, want %s", name, err, c.kind)
		}
	}
	for range 2 {
		if err := s.Remove(ctx, s.admin, s.st.ID, s.editor); err != nil {
			t.Fatal(err)
		}
	}
	if s.role(t, s.editor) != studios.None {
		t.Error("the editor is still there")
	}
	if n := s.Count(t, "select count(*) from outbox where event = 'studios.member_left.v1'"); n != 1 {
		t.Errorf("%d removals were told, want 1", n)
	}
	want(t, s.Leave(ctx, s.owner, s.st.ID), fault.Forbidden)
	want(t, s.Leave(ctx, s.none, s.st.ID), fault.NotFound)
	if err := s.Leave(ctx, s.viewer, s.st.ID); err != nil || s.role(t, s.viewer) != studios.None {
		t.Errorf("a viewer who leaves: %v", err)
	}
	if mine, err := s.OfMember(ctx, s.viewer); err != nil || len(mine) != 0 {
		t.Errorf("they belong to %+v, %v", mine, err)
	}
	if n := s.Count(t, "select count(*) from studio_audit where action in ('studios.member_removed', 'studios.member_left')"); n != 2 {
		t.Errorf("%d entries, want 2", n)
	}
}

func TestTransferOwnership(t *testing.T) {
	t.Parallel()
	s := newStaff(t)
	ctx := t.Context()
	to := func(who uuid.UUID) studios.Transfer { return studios.Transfer{Key: idem.NewKey(), To: who} }
	want(t, s.TransferOwnership(ctx, s.admin, s.st.ID, to(s.admin)), fault.Forbidden)
	want(t, s.TransferOwnership(ctx, s.none, s.st.ID, to(s.none)), fault.NotFound)
	for name, who := range map[string]uuid.UUID{"a stranger": s.none, "themselves": s.owner, "nobody": uuid.Nil} {
		if err := s.TransferOwnership(ctx, s.owner, s.st.ID, to(who)); fault.FieldsOf(err)["to"] == "" {
			t.Errorf("to %s: %v", name, err)
		}
	}
	want(t, s.TransferOwnership(ctx, s.owner, s.st.ID, studios.Transfer{To: s.viewer}), fault.Invalid)
	form := to(s.viewer)
	for range 2 {
		if err := s.TransferOwnership(ctx, s.owner, s.st.ID, form); err != nil {
			t.Fatal(err)
		}
	}
	if s.role(t, s.viewer) != studios.Owner || s.role(t, s.owner) != studios.Admin || s.owners(t) != 1 {
		t.Error("the studio was not handed on")
	}
	if n := s.Count(t, "select count(*) from outbox where event = 'studios.ownership_transferred.v1'"); n != 1 {
		t.Errorf("%d transfers were told, want 1", n)
	}
	want(t, s.TransferOwnership(ctx, s.owner, s.st.ID, to(s.editor)), fault.Forbidden)
}

func TestTransferOwnership_personal(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	mara, noor := uuid.New(), uuid.New()
	var studio uuid.UUID
	if err := h.App.Transact(t.Context(), func(tx db.Tx) (err error) {
		studio, _, err = h.FoundPersonal(t.Context(), tx, mara, "Mara")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	h.join(t, studio, noor, studios.Admin)
	want(t, h.TransferOwnership(t.Context(), mara, studio, studios.Transfer{Key: idem.NewKey(), To: noor}), fault.Conflict)
	want(t, h.Leave(t.Context(), mara, studio), fault.Forbidden)
	want(t, h.Remove(t.Context(), noor, studio, mara), fault.Forbidden)
}

func TestTransferOwnership_bounded(t *testing.T) {
	t.Parallel()
	s := newStaff(t)
	for i := range 20 {
		s.open(t, s.admin, fmt.Sprintf("Series %d", i))
	}
	err := s.TransferOwnership(t.Context(), s.owner, s.st.ID, studios.Transfer{Key: idem.NewKey(), To: s.admin})
	if fault.FieldsOf(err)["to"] == "" || s.role(t, s.owner) != studios.Owner {
		t.Errorf("a twenty-first studio was handed on: %v", err)
	}
}

// TestAdmins_eachOther: of two admins who act on one another, one does.
func TestAdmins_eachOther(t *testing.T) {
	t.Parallel()
	s := newStaff(t)
	ctx := t.Context()
	for round := range 12 {
		a, b := uuid.New(), uuid.New()
		s.join(t, s.st.ID, a, studios.Admin)
		s.join(t, s.st.ID, b, studios.Admin)
		act := func(actor, who uuid.UUID) func() error {
			if round%2 == 0 {
				return func() error { return s.ChangeRole(ctx, actor, s.st.ID, who, studios.Viewer) }
			}
			return func() error { return s.Remove(ctx, actor, s.st.ID, who) }
		}
		errs := together(act(a, b), act(b, a))
		won, lost := errs[0], errs[1]
		if won != nil {
			won, lost = lost, won
		}
		kind := fault.Forbidden
		if round%2 == 1 {
			kind = fault.NotFound // whoever was removed is a stranger
		}
		if won != nil || !fault.Is(lost, kind) {
			t.Errorf("round %d: %v and %v", round, errs[0], errs[1])
		}
		if n := s.Count(t, "select count(*) from memberships where user_id in ($1, $2) and role = 'admin'", a, b); n != 1 {
			t.Errorf("round %d: %d of the two are admins", round, n)
		}
	}
}

// TestTransfer_againstRemoval: whoever is removed is no owner, and whoever is
// the owner is not removed.
func TestTransfer_againstRemoval(t *testing.T) {
	t.Parallel()
	s := newStaff(t)
	ctx := t.Context()
	for round := range 12 {
		heir := uuid.New()
		s.join(t, s.st.ID, heir, studios.Editor)
		errs := together(
			func() error {
				return s.TransferOwnership(ctx, s.owner, s.st.ID, studios.Transfer{Key: idem.NewKey(), To: heir})
			},
			func() error { return s.Remove(ctx, s.admin, s.st.ID, heir) },
		)
		switch role := s.role(t, heir); {
		case role == studios.Owner && errs[0] == nil && fault.Is(errs[1], fault.Forbidden):
			s.owner, heir = heir, s.owner
			if err := s.Remove(ctx, s.owner, s.st.ID, heir); err != nil {
				t.Fatal(err)
			}
		case role == studios.None && errs[1] == nil && fault.FieldsOf(errs[0])["to"] != "":
		default:
			t.Fatalf("round %d: %q after %v and %v", round, role, errs[0], errs[1])
		}
		if n := s.owners(t); n != 1 {
			t.Fatalf("round %d: %d owners", round, n)
		}
	}
}

// TestTransfer_twice: two transfers at once leave one owner, and the two of them
// are not both told that it worked.
func TestTransfer_twice(t *testing.T) {
	t.Parallel()
	s := newStaff(t)
	give := func(who uuid.UUID) func() error {
		return func() error {
			return s.TransferOwnership(t.Context(), s.owner, s.st.ID, studios.Transfer{Key: idem.NewKey(), To: who})
		}
	}
	errs := together(give(s.admin), give(s.second), give(s.editor))
	worked := 0
	for _, err := range errs {
		if err == nil {
			worked++
		} else {
			want(t, err, fault.Forbidden)
		}
	}
	if worked != 1 || s.owners(t) != 1 {
		t.Errorf("%d worked, %d owners", worked, s.owners(t))
	}
}

// TestMembers_anything: whatever people do at once, each answer is one that they
// can understand and the studio has one owner at every moment.
func TestMembers_anything(t *testing.T) {
	t.Parallel()
	s := newStaff(t)
	ctx := context.WithoutCancel(t.Context())
	people := []uuid.UUID{s.owner, s.admin, s.second, s.editor, s.viewer}
	roles := []studios.Role{studios.Admin, studios.Editor, studios.Viewer}
	stop := make(chan struct{})
	watched := make(chan int, 1)
	go func() {
		bad := 0
		for {
			select {
			case <-stop:
				watched <- bad
				return
			default:
				var n int
				if err := s.Owner.QueryRowContext(ctx, "select count(*) from memberships where studio_id = $1 and role = 'owner'", s.st.ID).Scan(&n); err != nil || n != 1 {
					bad++
				}
			}
		}
	}()
	work := make([]func() error, 4)
	for i := range work {
		work[i] = func() error {
			for range 40 {
				actor, who := people[rand.IntN(len(people))], people[rand.IntN(len(people))]
				var err error
				switch rand.IntN(4) {
				case 0:
					err = s.TransferOwnership(ctx, actor, s.st.ID, studios.Transfer{Key: idem.NewKey(), To: who})
				case 1:
					err = s.Leave(ctx, actor, s.st.ID)
				case 2:
					err = s.Remove(ctx, actor, s.st.ID, who)
				default:
					err = s.ChangeRole(ctx, actor, s.st.ID, who, roles[rand.IntN(len(roles))])
				}
				if err != nil && (fault.KindOf(err) == fault.Internal || fault.KindOf(err) == fault.Unavailable) {
					return err
				}
				if _, err := s.Owner.ExecContext(ctx, `insert into memberships (studio_id, user_id, role, created_at, updated_at)
					values ($1, $2, 'admin', now(), now()) on conflict do nothing`, s.st.ID, who); err != nil {
					return err
				}
			}
			return nil
		}
	}
	for _, err := range together(work...) {
		if err != nil {
			t.Error(err)
		}
	}
	close(stop)
	if bad := <-watched; bad > 0 {
		t.Errorf("%d times there was not one owner", bad)
	}
}

// TestOneOwner_inTheDatabase: not even a statement that forgets every rule makes
// a second owner.
func TestOneOwner_inTheDatabase(t *testing.T) {
	t.Parallel()
	s := newStaff(t)
	err := s.App.Tenant(t.Context(), s.st.ID, func(tx db.Tx) error {
		return tx.SQL().Exec("update memberships set role = 'owner' where user_id = ?", s.admin).Error
	})
	if constraint, ok := db.Unique(err); !ok || constraint != "memberships_one_owner" {
		t.Errorf("a second owner: %v", err)
	}
}

// TestHold_waits: a write that began first is finished before the role goes, and
// one that comes later finds it gone.
func TestHold_waits(t *testing.T) {
	t.Parallel()
	s := newStaff(t)
	ctx := t.Context()
	held, finish := make(chan struct{}), make(chan struct{})
	wrote, removed := make(chan error, 1), make(chan error, 1)
	go func() {
		wrote <- s.App.Tenant(ctx, s.st.ID, func(tx db.Tx) error {
			if err := studios.Hold(ctx, tx, s.st.ID, s.editor, studios.EditWorks); err != nil {
				return err
			}
			close(held)
			<-finish
			return nil
		})
	}()
	<-held
	go func() { removed <- s.Remove(ctx, s.admin, s.st.ID, s.editor) }()
	s.Await(t, "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')")
	select {
	case err := <-removed:
		t.Errorf("the role went in the middle of a write: %v", err)
	default:
	}
	close(finish)
	if err := errors.Join(<-wrote, <-removed); err != nil {
		t.Fatal(err)
	}
	hold := func(who uuid.UUID) error {
		return s.App.Tenant(ctx, s.st.ID, func(tx db.Tx) error {
			return studios.Hold(ctx, tx, s.st.ID, who, studios.EditWorks)
		})
	}
	want(t, hold(s.editor), fault.NotFound)
	want(t, hold(s.viewer), fault.Forbidden)
	if err := hold(s.admin); err != nil {
		t.Error(err)
	}
	// The same the other way round: the removal is on its way when the write begins.
	gone, commit := make(chan struct{}), make(chan struct{})
	go func() {
		removed <- s.App.Tenant(ctx, s.st.ID, func(tx db.Tx) error {
			err := tx.SQL().Exec("delete from memberships where user_id = ?", s.second).Error
			close(gone)
			<-commit
			return err
		})
	}()
	<-gone
	go func() { wrote <- hold(s.second) }()
	s.Await(t, "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')")
	close(commit)
	if err := <-removed; err != nil {
		t.Fatal(err)
	}
	want(t, <-wrote, fault.NotFound)
}
