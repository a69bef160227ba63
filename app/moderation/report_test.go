package moderation

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/engagement"
	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/collections"
)

// house is a studio of somebody who is known, with a public work.
func (w *world) house(slug string) (works.Actor, works.Work) {
	w.t.Helper()
	a := w.studio(w.person(slug, 30*24*time.Hour), slug)
	work := w.publish(a, "Low Water", "A tidal flat.")
	if !w.seen(work) {
		w.t.Fatal("the work is not public")
	}
	return a, work
}

func (w *world) subject(t Target) Subject {
	w.t.Helper()
	s, err := w.app.Find(ctx(), t)
	w.must(err)
	return s
}

// reported reports a work and gives the complaint about it.
func (w *world) reported(work works.Work, by uuid.UUID) Complaint {
	w.t.Helper()
	w.must(w.app.Report(ctx(), Report{Subject: w.subject(Target{Work: work.PublicID}), MemberID: by, Ground: Violence, Words: "See the second picture."}))
	return w.open()
}

// open is the one complaint that waits.
func (w *world) open() Complaint {
	w.t.Helper()
	list, _, err := w.desk.Complaints(ctx(), Place{})
	w.must(err)
	if len(list) != 1 {
		w.t.Fatalf("%d complaints wait", len(list))
	}
	return list[0]
}

func (w *world) act(c Complaint, m Measure, reason string) {
	w.t.Helper()
	w.must(w.desk.Act(ctx(), Verdict{ComplaintID: c.ID, Moderator: w.admin, Measure: m, Reason: reason}))
}

// actions are those that a studio reads.
func (w *world) actions(studioID uuid.UUID) []ActionWithAppeal {
	w.t.Helper()
	list, _, err := w.app.ActionsIn(ctx(), studioID, Place{})
	w.must(err)
	return list
}

func wantField(t testing.TB, err error, field string) {
	t.Helper()
	if fault.FieldsOf(err)[field] == "" {
		t.Errorf("got %v, want something at the field %s", err, field)
	}
}

// The same person about the same thing counts once, others count beside, and a
// decision begins anew.
func TestReport_countsPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, work := w.house("harbour")
	member := w.person("Ann", time.Hour)
	sub := w.subject(Target{Work: work.PublicID})
	for range 3 {
		w.must(w.app.Report(ctx(), Report{Subject: sub, MemberID: member, Ground: Spam}))
		w.must(w.app.Report(ctx(), Report{Subject: sub, Email: "Visitor@Example.org", Ground: Other, Words: "It is odd."}))
	}
	c := w.open()
	if c.Reports != 2 || c.Title != "Low Water" || c.PublicID != work.PublicID {
		t.Errorf("the complaint is %+v", c)
	}
	h, err := w.desk.Hearing(ctx(), c.ID)
	w.must(err)
	if len(h.Told) != 2 || h.Work.ID != work.ID || len(h.Pictures) != 1 || h.People[member].Name != "Ann" {
		t.Errorf("the hearing has %d reports, the work %s, %d pictures", len(h.Told), h.Work.ID, len(h.Pictures))
	}
	w.act(c, Dismiss, "")
	if !w.seen(work) || len(w.actions(work.StudioID)) != 0 || w.Count(t, "select count(*) from studio_audit where action like 'moderation.%'") != 0 {
		t.Error("the studio heard of reports that were dismissed")
	}
	if n := w.Count(t, "select count(*) from audit where action = 'moderation.dismissed'"); n != 1 {
		t.Errorf("%d dismissals in the audit", n)
	}
	w.must(w.app.Report(ctx(), Report{Subject: sub, MemberID: member, Ground: Spam}))
	if again := w.open(); again.ID == c.ID || again.Reports != 1 {
		t.Errorf("after a decision: %+v", again)
	}
	if load, err := w.desk.Load(ctx()); err != nil || load != (Load{Complaints: 1}) {
		t.Errorf("%+v waits, %v", load, err)
	}
}

func TestReport_refused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, work := w.house("harbour")
	sub := w.subject(Target{Work: work.PublicID})
	wantField(t, w.app.Report(ctx(), Report{Subject: sub, MemberID: w.admin}), "ground")
	wantField(t, w.app.Report(ctx(), Report{Subject: sub, MemberID: w.admin, Ground: Other, Words: " \u200e"}), "words")
	wantField(t, w.app.Report(ctx(), Report{Subject: sub, MemberID: w.admin, Ground: Spam, Words: strings.Repeat("a", WordsLimit+1)}), "words")
	wantField(t, w.app.Report(ctx(), Report{Subject: sub, Ground: Spam, Email: "nobody"}), "email")
	for _, target := range []Target{{}, {Work: "abcdefghijkm"}, {Studio: "no-such-studio"}, {Comment: "abcdefghijkm"}, {Collection: "abcdefghijkm"}} {
		_, err := w.app.Find(ctx(), target)
		wantKind(t, err, fault.NotFound)
	}
	draft, err := w.works.Save(ctx(), a, works.Target{CreationKey: idem.NewKey()}, works.Edit{Title: "Mine", FormKey: "f"})
	w.must(err)
	_, err = w.app.Find(ctx(), Target{Work: draft.PublicID})
	wantKind(t, err, fault.NotFound)
}

// From the report to the answer: hidden, answered once, decided otherwise, which
// opens it again, and taken back.
func TestAct_andAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, work := w.house("harbour")
	c := w.reported(work, w.admin)
	wantField(t, w.desk.Act(ctx(), Verdict{ComplaintID: c.ID, Moderator: w.admin, Measure: Hide, Reason: " "}), "reason")
	wantField(t, w.desk.Act(ctx(), Verdict{ComplaintID: c.ID, Moderator: w.admin, Measure: "burn", Reason: "No."}), "measure")
	for range 2 { // pressed twice, decided once
		w.act(c, Hide, "It shows an injury.")
	}
	wantKind(t, w.desk.Act(ctx(), Verdict{ComplaintID: c.ID, Moderator: w.admin, Measure: Cover, Reason: "Other."}), fault.Conflict)
	wantKind(t, w.desk.Act(ctx(), Verdict{ComplaintID: uuid.New(), Moderator: w.admin, Measure: Hide, Reason: "No."}), fault.NotFound)
	if now := w.now(work); now.HiddenFor != works.HiddenByAction || w.seen(work) {
		t.Errorf("hidden for %d", now.HiddenFor)
	}
	list := w.actions(a.StudioID)
	if len(list) != 1 || list[0].Measure != Hide || list[0].Reason != "It shows an injury." || !list[0].Answerable() {
		t.Fatalf("the studio reads %+v", list)
	}

	first := list[0]
	answer := Answer{ActionID: first.ID, StudioID: a.StudioID, UserID: a.UserID, Words: "It is theatre blood."}
	viewer, stranger := w.person("Viewer", time.Hour), w.person("Stranger", time.Hour)
	w.Exec(t, "insert into memberships (studio_id, user_id, role, created_at, updated_at) values ($1, $2, 'viewer', now(), now())", a.StudioID, viewer)
	wantField(t, w.app.Answer(ctx(), Answer{ActionID: first.ID, StudioID: a.StudioID, UserID: a.UserID, Words: ""}), "words")
	for who, want := range map[uuid.UUID]fault.Kind{viewer: fault.Forbidden, stranger: fault.NotFound} {
		wantKind(t, w.app.Answer(ctx(), Answer{ActionID: first.ID, StudioID: a.StudioID, UserID: who, Words: "Mine."}), want)
		wantKind(t, w.app.Answer(ctx(), Answer{ActionID: first.ID, UserID: who, Words: "Mine."}), fault.NotFound)
	}
	for range 2 {
		w.must(w.app.Answer(ctx(), answer))
	}
	wantKind(t, w.app.Answer(ctx(), Answer{ActionID: first.ID, StudioID: a.StudioID, UserID: a.UserID, Words: "And more."}), fault.Conflict)

	waiting, _, err := w.desk.Appeals(ctx(), Place{})
	w.must(err)
	if len(waiting) != 1 || waiting[0].Appeal.Words != "It is theatre blood." {
		t.Fatalf("%d answers wait", len(waiting))
	}
	wantField(t, w.desk.Rule(ctx(), Ruling{ActionID: first.ID, Moderator: w.admin, Outcome: "shrug", Reason: "So."}), "outcome")
	wantField(t, w.desk.Rule(ctx(), Ruling{ActionID: first.ID, Moderator: w.admin, Outcome: Kept}), "answer")
	wantField(t, w.desk.Rule(ctx(), Ruling{ActionID: first.ID, Moderator: w.admin, Outcome: Changed, Measure: Hide, Reason: "So."}), "measure")
	for range 2 {
		w.must(w.desk.Rule(ctx(), Ruling{ActionID: first.ID, Moderator: w.admin, Outcome: Changed, Measure: Cover, Reason: "A cover will do."}))
	}
	wantKind(t, w.desk.Rule(ctx(), Ruling{ActionID: first.ID, Moderator: w.admin, Outcome: Kept, Reason: "So."}), fault.Conflict)
	if now := w.now(work); !w.seen(work) || !now.Sensitive || !now.SensitiveHeld {
		t.Errorf("after the change: hidden for %d, sensitive %t", now.HiddenFor, now.Sensitive)
	}
	list = w.actions(a.StudioID)
	if len(list) != 2 || !list[0].Answerable() || list[1].Answerable() || list[1].LiftedAt == nil {
		t.Fatalf("the studio reads %+v", list)
	}

	// The author cannot untick it until it is taken back.
	untick := func() works.Work {
		bench, err := w.works.Bench(ctx(), a.StudioID, works.Target{PublicID: work.PublicID})
		w.must(err)
		saved, err := w.works.Save(ctx(), a, works.Target{PublicID: work.PublicID}, works.Edit{Title: "Low Water", Edition: bench.Work.Edition, FormKey: "untick"})
		w.must(err)
		return saved
	}
	if !untick().Sensitive {
		t.Error("the author took the cover away")
	}
	second := list[0]
	w.must(w.app.Answer(ctx(), Answer{ActionID: second.ID, StudioID: a.StudioID, UserID: a.UserID, Words: "Not even that."}))
	w.must(w.desk.Rule(ctx(), Ruling{ActionID: second.ID, Moderator: w.admin, Outcome: Lifted, Reason: "You are right."}))
	if untick().Sensitive {
		t.Error("the author may not untick what was taken back")
	}
	for action, want := range map[string]int{"moderation.hidden": 1, "moderation.sensitive": 1, "moderation.appeal_changed": 1, "moderation.appeal_lifted": 1} {
		if n := w.Count(t, "select count(*) from studio_audit where action = $1", action); n != want {
			t.Errorf("%d entries %s in the audit, want %d", n, action, want)
		}
	}
	for event, want := range map[string]int{ActionTaken{}.EventName(): 2, ComplaintDecided{}.EventName(): 1, AppealDecided{}.EventName(): 1} {
		if n := w.events(event); n != want {
			t.Errorf("%d events %s, want %d", n, event, want)
		}
	}
}

// Two decisions about one work: it is seen when the last one is taken back.
func TestRule_whatElseStands(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, work := w.house("harbour")
	sub := w.subject(Target{Work: work.PublicID})
	w.act(w.reported(work, w.admin), Hide, "One.")
	w.must(w.app.Report(ctx(), Report{Subject: sub, Email: "b@example.org", Ground: Rights}))
	w.act(w.open(), Hide, "Two.")
	for i, action := range w.actions(a.StudioID) {
		w.must(w.app.Answer(ctx(), Answer{ActionID: action.ID, StudioID: a.StudioID, UserID: a.UserID, Words: "No."}))
		w.must(w.desk.Rule(ctx(), Ruling{ActionID: action.ID, Moderator: w.admin, Outcome: Lifted, Reason: "Well."}))
		if w.seen(work) != (i == 1) {
			t.Errorf("after %d of two were taken back: seen %t", i+1, !(i == 1))
		}
	}
}

// A suspended studio changes nothing, and answers all the same.
func TestAct_suspends(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, work := w.house("harbour")
	w.must(w.app.Report(ctx(), Report{Subject: w.subject(Target{Studio: "harbour"}), MemberID: w.admin, Ground: Spam}))
	w.act(w.open(), Suspend, "A shop.")
	if w.seen(work) {
		t.Error("the works of a suspended studio are seen")
	}
	if _, err := w.works.Save(ctx(), a, works.Target{PublicID: work.PublicID}, works.Edit{Title: "X", FormKey: "f"}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a suspended studio saves: %v", err)
	}
	action := w.actions(a.StudioID)[0]
	w.must(w.app.Answer(ctx(), Answer{ActionID: action.ID, StudioID: a.StudioID, UserID: a.UserID, Words: "We are none."}))
	w.must(w.desk.Rule(ctx(), Ruling{ActionID: action.ID, Moderator: w.admin, Outcome: Lifted, Reason: "You are not."}))
	if st, err := w.studios.EntryByID(ctx(), a.StudioID); err != nil || st.SuspendedAt != nil || !w.seen(work) {
		t.Errorf("the studio is not back: %v", err)
	}
}

// A comment is hidden for everybody, and its author, who belongs to no studio,
// reads why and answers.
func TestAct_comment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, work := w.house("harbour")
	author := w.person("Rude", 30*24*time.Hour)
	said := w.talk(w.App)
	id, err := said.Comment(ctx(), engagement.Note{UserID: author, Work: work.PublicID, Body: "You fool.", Key: idem.NewKey()})
	w.must(err)
	sub := w.subject(Target{Comment: id})
	if sub.Quote != "You fool." || sub.AuthorID != author || sub.Title != "Low Water" {
		t.Errorf("reported is %+v", sub)
	}
	w.must(w.app.Report(ctx(), Report{Subject: sub, MemberID: a.UserID, Ground: Harassment}))
	wantField(t, w.desk.Act(ctx(), Verdict{ComplaintID: w.open().ID, Moderator: w.admin, Measure: Cover, Reason: "No."}), "measure")
	w.act(w.open(), Hide, "Be kind.")
	around, err := said.Around(ctx(), nil, work.ID, work.StudioID, engagement.Cursor{})
	w.must(err)
	if len(around.Threads) != 0 {
		t.Errorf("the comment is still there: %+v", around.Threads)
	}
	if n := len(w.actions(a.StudioID)); n != 0 {
		t.Errorf("the studio answers for %d comments of others", n)
	}
	mine, _, err := w.app.ActionsAbout(ctx(), author, Place{})
	w.must(err)
	if len(mine) != 1 || mine[0].Quote != "You fool." || mine[0].Reason != "Be kind." {
		t.Fatalf("the author reads %+v", mine)
	}
	if others, _, err := w.app.ActionsAbout(ctx(), a.UserID, Place{}); err != nil || len(others) != 0 {
		t.Errorf("somebody else reads %+v, %v", others, err)
	}
	wantKind(t, w.app.Answer(ctx(), Answer{ActionID: mine[0].ID, StudioID: a.StudioID, UserID: a.UserID, Words: "Theirs."}), fault.NotFound)
	w.must(w.app.Answer(ctx(), Answer{ActionID: mine[0].ID, UserID: author, Words: "I meant myself."}))
	w.must(w.desk.Rule(ctx(), Ruling{ActionID: mine[0].ID, Moderator: w.admin, Outcome: Lifted, Reason: "Well then."}))
	if around, err = said.Around(ctx(), nil, work.ID, work.StudioID, engagement.Cursor{}); err != nil || len(around.Threads) != 1 {
		t.Errorf("the comment is not back: %v", err)
	}
}

// shelf makes a collection of a work, with a title and a note.
func (w *world) shelf(a works.Actor, work works.Work, title, about string) collections.Collection {
	w.t.Helper()
	s := collections.New(w.App, bus.NewOutbox(), nil)
	c, err := s.Create(ctx(), a, collections.Words{Title: title, About: about, Shown: true}, idem.NewKey())
	w.must(err)
	_, err = s.Add(ctx(), a, c.PublicID, []string{work.PublicID})
	w.must(err)
	return c
}

// A collection is reported by its title and what stands below it, taken down while
// its works stay, answered by its studio, and back when that is taken back.
func TestAct_collection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, work := w.house("harbour")
	c := w.shelf(a, work, "Fools of the quay", "All of them.")
	sub := w.subject(Target{Collection: c.PublicID})
	if sub.Kind != OfCollection || sub.Title != "Fools of the quay" || sub.Quote != "All of them." || sub.PublicID != c.PublicID || sub.WorkID != nil {
		t.Errorf("reported is %+v", sub)
	}
	for range 2 {
		w.must(w.app.Report(ctx(), Report{Subject: sub, Email: "v@example.org", Ground: Hate}))
	}
	waits := w.open()
	if waits.Reports != 1 {
		t.Errorf("%d reports", waits.Reports)
	}
	wantField(t, w.desk.Act(ctx(), Verdict{ComplaintID: waits.ID, Moderator: w.admin, Measure: Cover, Reason: "No."}), "measure")
	for range 2 {
		w.act(waits, Hide, "Be kind.")
	}
	if _, err := w.app.Find(ctx(), Target{Collection: c.PublicID}); !fault.Is(err, fault.NotFound) || !w.seen(work) {
		t.Errorf("the collection is found: %v; the work is seen: %t", err, w.seen(work))
	}
	h, err := w.desk.Hearing(ctx(), waits.ID)
	w.must(err)
	if !h.Shelf.Hidden || h.Shelf.ID != c.ID || len(h.Actions) != 1 {
		t.Errorf("the hearing shows %+v", h.Shelf)
	}
	list := w.actions(a.StudioID)
	if len(list) != 1 || list[0].Kind != OfCollection || !list[0].Answerable() {
		t.Fatalf("the studio reads %+v", list)
	}
	if n := w.Count(t, "select count(*) from studio_audit where action = 'moderation.hidden' and subject = $1", "collection:"+c.PublicID); n != 1 {
		t.Errorf("%d entries in the audit", n)
	}
	w.must(w.app.Answer(ctx(), Answer{ActionID: list[0].ID, StudioID: a.StudioID, UserID: a.UserID, Words: "They are boats."}))
	w.must(w.desk.Rule(ctx(), Ruling{ActionID: list[0].ID, Moderator: w.admin, Outcome: Lifted, Reason: "So they are."}))
	w.subject(Target{Collection: c.PublicID})

	// What is not shown cannot be reported, nor what a suspended studio shows.
	_, err = collections.New(w.App, bus.NewOutbox(), nil).Save(ctx(), a, c.PublicID, collections.Words{Version: c.Version, Title: "Boats"})
	w.must(err)
	_, err = w.app.Find(ctx(), Target{Collection: c.PublicID})
	wantKind(t, err, fault.NotFound)
	w.Exec(t, "update collections set wanted = true")
	w.Exec(t, "update studios set suspended_at = now(), suspended_reason = 'x'")
	_, err = w.app.Find(ctx(), Target{Collection: c.PublicID})
	wantKind(t, err, fault.NotFound)
}

func (w *world) talk(d *db.DB) *engagement.Service {
	w.t.Helper()
	ws, _, acc, st := w.build(d)
	s, err := engagement.New(engagement.Config{DB: d, Outbox: bus.NewOutbox(), Accounts: acc, Studios: st, Works: ws})
	w.must(err)
	return s
}

// claimOf is a whole form of a rights holder.
func claimOf(sub Subject) Takedown {
	return Takedown{
		Subject: sub, Page: "https://vitrine.test/@harbour/low-water-x", Name: "Ines Roth", Email: "ines@example.org", Contact: "1 Quay Street",
		Owned: "The picture, at https://example.org/low-water", Statement: "I never agreed.", Signature: "ines roth", Sworn: true, Key: idem.NewKey(),
	}
}

// What a rights holder states is kept word for word, asked once, and read by the
// studio without how to reach them.
func TestFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, work := w.house("harbour")
	sub := w.subject(Target{Work: work.PublicID})
	for field, spoil := range map[string]func(*Takedown){
		"name": func(f *Takedown) { f.Name = " " }, "email": func(f *Takedown) { f.Email = "x" }, "contact": func(f *Takedown) { f.Contact = "" },
		"owned": func(f *Takedown) { f.Owned = "" }, "statement": func(f *Takedown) { f.Statement = strings.Repeat("a", WordsLimit+1) },
		"signature": func(f *Takedown) { f.Signature = "Somebody" }, "sworn": func(f *Takedown) { f.Sworn = false },
		"page": func(f *Takedown) { f.Subject = w.subject(Target{Studio: "harbour"}) },
	} {
		form := claimOf(sub)
		spoil(&form)
		_, err := w.app.File(ctx(), form)
		wantField(t, err, field)
	}
	form := claimOf(sub)
	number, err := w.app.File(ctx(), form)
	w.must(err)
	again, err := w.app.File(ctx(), form)
	w.must(err)
	if number != again || len(number) != 10 || w.Count(t, "select count(*) from takedowns") != 1 || w.events(TakedownFiled{}.EventName()) != 1 {
		t.Errorf("filed as %s and %s", number, again)
	}
	if !w.seen(work) {
		t.Error("the work went before anybody decided")
	}
	c := w.open()
	claims, err := w.desk.Claims(ctx(), c.ID)
	w.must(err)
	if len(claims) != 1 || claims[0].Statement != "I never agreed." || claims[0].Holder != "Ines Roth" || claims[0].Contact != "1 Quay Street" {
		t.Errorf("kept is %+v", claims)
	}
	read, err := w.app.ClaimsIn(ctx(), a.StudioID)
	w.must(err)
	if len(read) != 1 || read[0].Claimant != "Ines Roth" || !strings.Contains(read[0].Claim, "I never agreed.") || strings.Contains(read[0].Claim, "Quay") {
		t.Errorf("the studio reads %+v", read)
	}
	// The evidence outlives the work and the studio.
	w.must(w.works.Delete(ctx(), a, works.Target{PublicID: work.PublicID}, idem.NewKey()))
	w.must(w.Worker.Transact(ctx(), func(tx db.Tx) error { return w.desk.EraseStudio(ctx(), tx, a.StudioID) }))
	if n := w.Count(t, "select count(*) from takedowns where statement = 'I never agreed.' and studio_id = $1 and page = ''", uuid.Nil); n != 1 {
		t.Error("the evidence went with the studio")
	}
}

// Who reports is nobody's to read but the moderators'.
func TestReports_writeOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, work := w.house("harbour")
	w.reported(work, w.admin)
	for _, table := range []string{"reports", "takedowns"} {
		err := w.App.Tenant(ctx(), a.StudioID, func(tx db.Tx) error { return tx.SQL().Exec("select 1 from " + table).Error })
		if err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("the app's role reads %s: %v", table, err)
		}
	}
	if err := studios.Viewer.Check(studios.AnswerReports); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a viewer answers: %v", err)
	}
}

// Whoever leaves is in nothing that stays, and what a studio leaves behind is
// evidence without its name.
func TestErase_reports(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, work := w.house("harbour")
	member := w.person("Ann", 30*24*time.Hour)
	c := w.reported(work, member)
	w.act(c, Hide, "So.")
	w.must(w.app.Answer(ctx(), Answer{ActionID: w.actions(a.StudioID)[0].ID, StudioID: a.StudioID, UserID: a.UserID, Words: "No."}))
	for _, who := range []uuid.UUID{member, a.UserID, w.admin} {
		w.must(w.Worker.Transact(ctx(), func(tx db.Tx) error { return w.desk.Erase(ctx(), tx, who) }))
	}
	for _, query := range []string{
		"select count(*) from reports where reporter_id is not null", "select count(*) from complaints where decided_by <> $1",
		"select count(*) from moderation_actions where acted_by <> $1", "select count(*) from appeals where by_id <> $1 or words = 'No.'",
	} {
		args := []any{uuid.Nil}
		if !strings.Contains(query, "$1") {
			args = nil
		}
		if n := w.Count(t, query, args...); n != 0 {
			t.Errorf("%s: %d", query, n)
		}
	}
	w.Exec(t, "delete from works where studio_id = $1", a.StudioID)
	w.Exec(t, "delete from media where studio_id = $1", a.StudioID)
	w.Exec(t, "delete from studios where id = $1", a.StudioID)
	for _, table := range []string{"complaints", "reports", "moderation_actions", "appeals"} {
		if n := w.Count(t, "select count(*) from "+table); n != 0 {
			t.Errorf("%d rows are left in %s", n, table)
		}
	}
}
