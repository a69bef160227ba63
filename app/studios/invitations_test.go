package studios_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
)

// book is who has an account, as accounts would tell.
type book map[uuid.UUID]accounts.User

func (b book) ByIDs(_ context.Context, ids []uuid.UUID) (map[uuid.UUID]accounts.User, error) {
	out := map[uuid.UUID]accounts.User{}
	for _, id := range ids {
		if u, ok := b[id]; ok {
			out[id] = u
		}
	}
	return out, nil
}

// post is a studio whose invitations are sent.
type post struct {
	staff
	jobs *studios.Service // with the worker's role
	book book
}

func newPost(t *testing.T) post {
	t.Helper()
	p := post{staff: newStaff(t), book: book{}}
	p.AskAbout(p.book)
	var err error
	if p.jobs, err = studios.New(studios.Config{DB: p.Worker, Outbox: bus.NewOutbox()}); err != nil {
		t.Fatal(err)
	}
	for who, name := range map[uuid.UUID]string{p.owner: "owner", p.admin: "admin", p.second: "second", p.editor: "editor", p.viewer: "viewer", p.none: "none"} {
		p.book[who] = accounts.User{ID: who, Email: name + "@harbour.example", Name: name}
	}
	return p
}

func (p post) invite(t *testing.T, email string, role studios.Role) studios.Invitation {
	t.Helper()
	typed, err := p.Invite(t.Context(), p.admin, p.st.ID, studios.Invite{Key: idem.NewKey(), Email: email, Role: role})
	if err != nil {
		t.Fatal(err)
	}
	list, err := p.Invitations(t.Context(), p.st.ID)
	if err != nil || len(list) == 0 || list[0].Email != typed {
		t.Fatalf("%+v, %v", list, err)
	}
	return list[0]
}

// letter composes the mail of an invitation and gives the code of its link.
func (p post) letter(t *testing.T, v studios.Invitation) string {
	t.Helper()
	var l studios.Letter
	if err := p.Worker.Transact(t.Context(), func(tx db.Tx) (err error) {
		l, err = p.jobs.InvitationLetter(t.Context(), tx, v.StudioID, v.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if l.To != v.Email || l.Slug != p.st.Slug || l.Role != v.Role || len(l.Token) != 43 {
		t.Fatalf("%+v", l)
	}
	return l.Token
}

func (p post) age(t *testing.T, by time.Duration) {
	t.Helper()
	p.Exec(t, "update invitations set created_at = created_at - $1::interval, sent_at = sent_at - $1::interval, expires_at = expires_at - $1::interval",
		fmt.Sprintf("%d seconds", int(by.Seconds())))
}

func TestInvite_andJoin(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	ctx := t.Context()
	v := p.invite(t, " None@Harbour.example", studios.Editor)
	if p.Count(t, "select count(*) from outbox where payload::text like '%@%'") != 0 {
		t.Error("an address stands in the outbox")
	}
	code := p.letter(t, v)
	asked, err := p.FindInvitation(ctx, code)
	if err != nil || asked.State != studios.InvitationOpen || asked.Studio.ID != p.st.ID || asked.Role != studios.Editor ||
		asked.Email != "None@Harbour.example" || asked.EmailKey != "none@harbour.example" || asked.InvitedBy != p.admin {
		t.Fatalf("%+v, %v", asked, err)
	}
	other := uuid.New()
	p.book[other] = accounts.User{ID: other, Email: "other@harbour.example"}
	_, err = p.Join(ctx, other, code)
	want(t, err, fault.Forbidden)
	_, err = p.Join(ctx, uuid.New(), code) // somebody whose account is gone
	want(t, err, fault.Forbidden)
	for range 2 {
		if slug, err := p.Join(ctx, p.none, code); err != nil || slug != p.st.Slug {
			t.Fatalf("%q, %v", slug, err)
		}
	}
	if p.role(t, p.none) != studios.Editor {
		t.Error("they did not become an editor")
	}
	if n := p.Count(t, "select count(*) from outbox where event = 'studios.member_joined.v1' and payload ->> 'invited_by' = $1", p.admin.String()); n != 1 {
		t.Errorf("%d joined, want 1", n)
	}
	_, err = p.Join(ctx, other, code)
	want(t, err, fault.Conflict)
	// Whoever is removed does not come back by the same link.
	if err := p.Remove(ctx, p.owner, p.st.ID, p.none); err != nil {
		t.Fatal(err)
	}
	_, err = p.Join(ctx, p.none, code)
	want(t, err, fault.Conflict)
	if asked, err := p.FindInvitation(ctx, code); err != nil || asked.State != studios.InvitationJoined || asked.Email != "" || asked.Studio.Name != "" {
		t.Errorf("%+v, %v", asked, err)
	}
	for _, bad := range []string{"", "x", code + "x", code[:42], "'; drop table invitations"} {
		if asked, err := p.FindInvitation(ctx, bad); err != nil || asked.State != studios.InvitationUnknown {
			t.Errorf("%q: %+v, %v", bad, asked, err)
		}
		_, err := p.Join(ctx, p.none, bad)
		want(t, err, fault.NotFound)
	}
}

func TestInvite_refused(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	ctx := t.Context()
	p.invite(t, "ada@harbour.example", studios.Viewer)
	for name, c := range map[string]struct {
		actor uuid.UUID
		email string
		role  studios.Role
		kind  fault.Kind
		field string
	}{
		"an editor":          {p.editor, "b@harbour.example", studios.Viewer, fault.Forbidden, ""},
		"a stranger":         {p.none, "b@harbour.example", studios.Viewer, fault.NotFound, ""},
		"an owner":           {p.owner, "b@harbour.example", studios.Owner, fault.Invalid, "role"},
		"no address":         {p.admin, "b", studios.Viewer, fault.Invalid, "email"},
		"a header":           {p.admin, "b@harbour.example\r\nBcc: c@d.example", studios.Viewer, fault.Invalid, "email"},
		"a member":           {p.admin, "EDITOR@harbour.example", studios.Viewer, fault.Invalid, "email"},
		"one that was asked": {p.owner, "Ada@Harbour.Example", studios.Admin, fault.Invalid, "email"},
	} {
		_, err := p.Invite(ctx, c.actor, p.st.ID, studios.Invite{Key: idem.NewKey(), Email: c.email, Role: c.role})
		if !fault.Is(err, c.kind) || c.field != "" && fault.FieldsOf(err)[c.field] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	form := studios.Invite{Key: idem.NewKey(), Email: "b@harbour.example", Role: studios.Viewer}
	for range 2 {
		if _, err := p.Invite(ctx, p.admin, p.st.ID, form); err != nil {
			t.Fatal(err)
		}
	}
	if n := p.Count(t, "select count(*) from outbox where event = 'studios.invited.v1'"); n != 2 {
		t.Errorf("%d invitations were told, want 2", n)
	}
}

func TestInvite_limits(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	ctx := t.Context()
	invite := func(actor uuid.UUID, studio uuid.UUID, email string) error {
		_, err := p.Invite(ctx, actor, studio, studios.Invite{Key: idem.NewKey(), Email: email, Role: studios.Viewer})
		return err
	}
	for i := range 50 {
		if i%20 == 0 {
			p.age(t, 61*time.Minute)
		}
		if err := invite(p.admin, p.st.ID, fmt.Sprintf("p%d@harbour.example", i)); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		if i == 19 {
			want(t, invite(p.second, p.st.ID, "q@harbour.example"), fault.TooMany)
		}
	}
	p.age(t, 61*time.Minute)
	if err := invite(p.admin, p.st.ID, "q@harbour.example"); fault.FieldsOf(err)["email"] == "" {
		t.Errorf("a fifty-first open invitation: %v", err)
	}
	// One address gets three in a day from a studio, however often it is withdrawn.
	other := p.open(t, p.none, "Another")
	for i := range 4 {
		err := invite(p.none, other.ID, "q@harbour.example")
		if i == 3 {
			want(t, err, fault.TooMany)
			break
		}
		list, lerr := p.Invitations(ctx, other.ID)
		if err != nil || lerr != nil || len(list) != 1 {
			t.Fatalf("%d: %v, %v, %v", i, list, err, lerr)
		}
		if err := p.WithdrawInvitation(ctx, p.none, other.ID, list[0].ID); err != nil {
			t.Fatal(err)
		}
	}
	// One person sends forty in an hour, in however many studios.
	for i := range 38 {
		third := other.ID
		if i >= 17 {
			third = p.open(t, p.none, fmt.Sprintf("Third %d", i)).ID
			p.Exec(t, "update memberships set role = 'admin' where studio_id = $1", third) // twenty are as many as one owns
		}
		err := invite(p.none, third, fmt.Sprintf("r%d@harbour.example", i))
		if i == 37 {
			want(t, err, fault.TooMany)
		} else if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
	}
}

func TestSendInvitationAgain(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	ctx := t.Context()
	v := p.invite(t, "none@harbour.example", studios.Viewer)
	first := p.letter(t, v)
	again := func(actor uuid.UUID) error { return p.SendInvitationAgain(ctx, actor, p.st.ID, v.ID, idem.NewKey()) }
	want(t, again(p.admin), fault.TooMany)
	want(t, again(p.editor), fault.Forbidden)
	want(t, p.SendInvitationAgain(ctx, p.admin, p.st.ID, uuid.New(), idem.NewKey()), fault.NotFound)
	p.age(t, 8*24*time.Hour)
	if asked, err := p.FindInvitation(ctx, first); err != nil || asked.State != studios.InvitationExpired || asked.Email != "" {
		t.Errorf("%+v, %v", asked, err)
	}
	_, err := p.Join(ctx, p.none, first)
	want(t, err, fault.Conflict)
	if err := p.Worker.Transact(ctx, func(tx db.Tx) error {
		_, err := p.jobs.InvitationLetter(ctx, tx, v.StudioID, v.ID)
		return err
	}); !fault.Is(err, fault.NotFound) {
		t.Errorf("a mail of an expired invitation: %v", err)
	}
	key := idem.NewKey()
	for range 2 {
		if err := p.SendInvitationAgain(ctx, p.admin, p.st.ID, v.ID, key); err != nil {
			t.Fatal(err)
		}
	}
	if n := p.Count(t, "select count(*) from outbox where event = 'studios.invited.v1'"); n != 2 {
		t.Errorf("%d mails were asked for, want 2", n)
	}
	// Both mails lead to the same, open again.
	if asked, err := p.FindInvitation(ctx, p.letter(t, v)); err != nil || asked.State != studios.InvitationOpen {
		t.Errorf("%+v, %v", asked, err)
	}
	if _, err := p.Join(ctx, p.none, first); err != nil {
		t.Error(err)
	}
	p.age(t, time.Hour)
	want(t, again(p.admin), fault.Conflict)
}

func TestWithdrawInvitation(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	ctx := t.Context()
	v := p.invite(t, "none@harbour.example", studios.Viewer)
	code := p.letter(t, v)
	want(t, p.WithdrawInvitation(ctx, p.viewer, p.st.ID, v.ID), fault.Forbidden)
	other := p.open(t, p.none, "Another")
	want(t, p.WithdrawInvitation(ctx, p.none, other.ID, v.ID), fault.NotFound)
	for range 2 {
		if err := p.WithdrawInvitation(ctx, p.second, p.st.ID, v.ID); err != nil {
			t.Fatal(err)
		}
	}
	if asked, err := p.FindInvitation(ctx, code); err != nil || asked.State != studios.InvitationWithdrawn {
		t.Errorf("%+v, %v", asked, err)
	}
	_, err := p.Join(ctx, p.none, code)
	want(t, err, fault.Conflict)
	// An invitation stands on the role of whoever sent it.
	for name, end := range map[string]func() error{
		"a removal":  func() error { return p.Remove(ctx, p.owner, p.st.ID, p.admin) },
		"a new role": func() error { return p.ChangeRole(ctx, p.owner, p.st.ID, p.second, studios.Editor) },
	} {
		actor := p.admin
		if name == "a new role" {
			actor = p.second
		}
		if _, err := p.Invite(ctx, actor, p.st.ID, studios.Invite{Key: idem.NewKey(), Email: actor.String() + "@harbour.example", Role: studios.Admin}); err != nil {
			t.Fatal(err)
		}
		if err := end(); err != nil {
			t.Fatal(err)
		}
		if list, err := p.Invitations(ctx, p.st.ID); err != nil || len(list) != 0 {
			t.Errorf("after %s: %+v, %v", name, list, err)
		}
	}
}

func TestJoin_asMember(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	ctx := t.Context()
	code := p.letter(t, p.invite(t, "none@harbour.example", studios.Viewer))
	p.join(t, p.st.ID, p.none, studios.Admin)
	if _, err := p.Join(ctx, p.none, code); err != nil || p.role(t, p.none) != studios.Admin {
		t.Errorf("an invitation changed a role: %v", err)
	}
	// And the hundred-and-first is told that the studio is full.
	code = p.letter(t, p.invite(t, "late@harbour.example", studios.Viewer))
	late := uuid.New()
	p.book[late] = accounts.User{ID: late, Email: "late@harbour.example"}
	for p.Count(t, "select count(*) from memberships where studio_id = $1", p.st.ID) < 100 {
		p.join(t, p.st.ID, uuid.New(), studios.Viewer)
	}
	_, err := p.Join(ctx, late, code)
	want(t, err, fault.Conflict)
	if asked, err := p.FindInvitation(ctx, code); err != nil || asked.State != studios.InvitationOpen {
		t.Errorf("the refusal used the invitation up: %+v, %v", asked, err)
	}
}

// TestJoin_race: a link that is used, withdrawn and used by a second browser at
// once makes one member or none.
func TestJoin_race(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	ctx := t.Context()
	for range 8 {
		who := uuid.New()
		p.book[who] = accounts.User{ID: who, Email: who.String() + "@harbour.example"}
		p.age(t, 2*time.Hour)
		v := p.invite(t, p.book[who].Email, studios.Editor)
		code := p.letter(t, v)
		join := func() error { _, err := p.Join(ctx, who, code); return err }
		errs := together(join, join, func() error { return p.WithdrawInvitation(ctx, p.admin, p.st.ID, v.ID) })
		in := p.role(t, who) == studios.Editor
		if in != (errs[0] == nil) || in != (errs[1] == nil) || errs[2] != nil {
			t.Errorf("a member: %v, after %v", in, errs)
		}
	}
}

// TestForget_invitations: what is over for a month is gone, and its links.
func TestForget_invitations(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	over := p.letter(t, p.invite(t, "a@harbour.example", studios.Viewer))
	p.age(t, 38*24*time.Hour)
	p.letter(t, p.invite(t, "b@harbour.example", studios.Viewer))
	var n int64
	if err := p.Worker.Transact(t.Context(), func(tx db.Tx) (err error) {
		n, err = p.jobs.Forget(t.Context(), tx)
		return err
	}); err != nil || n != 1 {
		t.Errorf("%d, %v", n, err)
	}
	if p.Count(t, "select count(*) from invitation_links") != 1 {
		t.Error("the link of a forgotten invitation is there")
	}
	if asked, err := p.FindInvitation(t.Context(), over); err != nil || asked.State != studios.InvitationUnknown {
		t.Errorf("%+v, %v", asked, err)
	}
}
