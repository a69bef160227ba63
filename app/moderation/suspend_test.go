package moderation

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/app/works"
)

func (w *world) suspension() Suspension { return Suspension{By: w.admin, Reason: "Stolen pictures."} }

// A suspended studio is gone for the public at the commit, nothing in it can be
// changed, and it comes back as it was.
func TestSuspendStudio(t *testing.T) {
	w := newWorld(t)
	a := w.newcomer("harbour")
	first := w.publish(a, "Low Water", "")
	waits := w.publish(a, "Offers", spamStory)
	target := w.draft(a)
	for range 2 {
		w.must(w.desk.SuspendStudio(ctx(), a.StudioID, w.suspension()))
	}
	if _, err := w.app.studios.BySlug(ctx(), "harbour"); !fault.Is(err, fault.NotFound) || w.seen(first) {
		t.Errorf("the studio is there: %v", err)
	}
	_, err := w.works.Publish(ctx(), a, target, nil, idem.NewKey())
	wantKind(t, err, fault.Forbidden)
	_, err = w.works.Save(ctx(), a, works.Target{CreationKey: idem.NewKey()}, works.Edit{Title: "New"})
	wantKind(t, err, fault.Forbidden)
	_, err = w.app.studios.Update(ctx(), a.UserID, a.StudioID, studios.Profile{Version: 1, Name: "Other", Slug: "harbour"})
	wantKind(t, err, fault.Forbidden)
	// A decision about one of its works does not bring it back.
	w.decide(true, "")
	if w.seen(waits) {
		t.Error("an approved work of a suspended studio is seen")
	}
	list, err := w.app.studios.OfMember(ctx(), a.UserID)
	if err != nil || len(list) != 1 || list[0].SuspendedAt == nil || list[0].SuspendedReason != "Stolen pictures." {
		t.Errorf("its members read %+v, %v", list, err)
	}
	for range 2 {
		w.must(w.desk.RestoreStudio(ctx(), a.StudioID, w.admin))
	}
	if _, err := w.app.studios.BySlug(ctx(), "harbour"); err != nil || !w.seen(first) || !w.seen(waits) {
		t.Errorf("the studio did not come back: %v", err)
	}
	if _, err := w.works.Publish(ctx(), a, target, nil, idem.NewKey()); err != nil {
		t.Error(err)
	}
	for event, want := range map[string]int{"studios.suspended.v1": 1, "studios.reinstated.v1": 1, "works.studio_hidden.v1": 1, "works.studio_shown.v1": 1} {
		if n := w.events(event); n != want {
			t.Errorf("%s was told %d times", event, n)
		}
	}
	if n := w.Count(t, "select count(*) from studio_audit where action in ('studios.suspended', 'studios.reinstated') and studio_id = $1", a.StudioID); n != 2 {
		t.Errorf("%d entries in the audit", n)
	}
	wantKind(t, w.desk.SuspendStudio(ctx(), uuid.New(), w.suspension()), fault.NotFound)
	if err := w.desk.SuspendStudio(ctx(), a.StudioID, Suspension{By: w.admin, Reason: " "}); fault.FieldsOf(err)["reason"] == "" {
		t.Error(err)
	}
}

func TestSuspendUser(t *testing.T) {
	w := newWorld(t)
	a := w.newcomer("harbour")
	shared := w.newcomer("shared")
	w.Exec(t, `insert into memberships (studio_id, user_id, role, created_at, updated_at) values ($1, $2, 'admin', now(), now())`, shared.StudioID, a.UserID)
	work := w.publish(a, "Low Water", "")
	w.must(w.desk.SuspendUser(ctx(), a.UserID, w.suspension(), false))
	if !w.seen(work) {
		t.Error("the studio went with its owner unasked")
	}
	st, err := w.accounts.Standing(ctx(), w.Worker.Read(ctx()), a.UserID)
	if err != nil || st.SuspendedAt == nil || st.Reason != "Stolen pictures." {
		t.Errorf("%+v, %v", st, err)
	}
	// Again, with the studios: only what is theirs alone goes.
	w.must(w.desk.SuspendUser(ctx(), a.UserID, Suspension{By: w.admin, Reason: "Another."}, true))
	if w.seen(work) {
		t.Error("the studio stays")
	}
	if _, err := w.studios.BySlug(ctx(), "shared"); err != nil {
		t.Error("a studio with another owner went too")
	}
	for range 2 {
		w.must(w.desk.RestoreUser(ctx(), a.UserID, w.admin))
	}
	if st, _ := w.accounts.Standing(ctx(), w.Worker.Read(ctx()), a.UserID); st.SuspendedAt != nil || st.Reason != "" || w.seen(work) {
		t.Error("restoring a person restores the person, and no studio")
	}
	for event, want := range map[string]int{"accounts.suspended.v1": 1, "accounts.reinstated.v1": 1} {
		if n := w.events(event); n != want {
			t.Errorf("%s was told %d times", event, n)
		}
	}
	wantKind(t, w.desk.SuspendUser(ctx(), uuid.New(), w.suspension(), true), fault.NotFound)
	wantKind(t, w.desk.RestoreUser(ctx(), uuid.New(), w.admin), fault.NotFound)
}

// Nobody locks the house from outside.
func TestSuspendUser_admins(t *testing.T) {
	w := newWorld(t)
	wantKind(t, w.desk.SuspendUser(ctx(), w.admin, w.suspension(), false), fault.Forbidden)
	second := w.person("Second", time.Hour)
	wantKind(t, w.desk.SuspendUser(ctx(), w.admin, Suspension{By: second, Reason: "Coup."}, false), fault.Forbidden)
	w.Exec(t, "update users set admin = true where id = $1", second)
	// Two who suspend each other at the same time: one stays.
	errs := make(chan error, 2)
	go func() { errs <- w.desk.SuspendUser(ctx(), w.admin, Suspension{By: second, Reason: "Coup."}, false) }()
	go func() { errs <- w.desk.SuspendUser(ctx(), second, Suspension{By: w.admin, Reason: "Coup."}, false) }()
	failed := 0
	for range 2 {
		if err := <-errs; err != nil {
			wantKind(t, err, fault.Forbidden)
			failed++
		}
	}
	if n := w.Count(t, "select count(*) from users where admin and suspended_at is null"); failed != 1 || n != 1 {
		t.Errorf("%d were refused and %d administrators are left", failed, n)
	}
}

// Members of a suspended studio change nothing, and may see it, leave it and
// take an archive.
func TestSuspendStudio_actions(t *testing.T) {
	w := newWorld(t)
	a := w.newcomer("harbour")
	w.must(w.desk.SuspendStudio(ctx(), a.StudioID, w.suspension()))
	for action, may := range map[studios.Action]bool{
		studios.SeeStudio: true, studios.TakeArchive: true, studios.EditWorks: false, studios.ChangeSettings: false, studios.ManageMembers: false,
		studios.ManageBilling: false, studios.CloseStudio: false,
	} {
		err := w.App.Tenant(ctx(), a.StudioID, func(tx db.Tx) error { return studios.Hold(ctx(), tx, a.StudioID, a.UserID, action) })
		if may != (err == nil) || err != nil && !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", action, err)
		}
	}
}
