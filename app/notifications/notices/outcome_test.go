package notices_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/notifications/notices"
	"vitrine/app/platform/id"
	"vitrine/app/works"
)

// Whoever reported hears what became of it, once, also of a studio that they muted
// since; named is only what everybody can see right now, and nobody by name.
func TestReported(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mara, ann := w.person("Mara"), w.person("Ann")
	a := w.studio(mara, "harbour", "Harbour")
	work := w.work(a, "Low Water")
	w.Exec(t, "insert into mutes (user_id, kind, subject_id, created_at) values ($1, 'studio', $2, now())", ann, a.StudioID)
	tell := func(what, did string, workID *uuid.UUID) {
		t.Helper()
		w.clock.Advance(time.Minute)
		r := notices.Reported{ID: id.New(), To: []uuid.UUID{ann, ann}, StudioID: a.StudioID, WorkID: workID, What: what, Did: did, At: w.clock.Now()}
		for range 2 {
			w.must(w.jobs.OnReported(ctx(), r))
		}
	}
	tell(notices.AWork, "left it as it is", &work.ID)
	tell(notices.AComment, "took it from every page", &work.ID)
	tell(notices.AStudio, "left it where it is, with a warning", nil)
	tell(notices.ACollection, "took it from every page", nil)
	w.wants(ann, "We looked at your report about a collection of Harbour and took it from every page", "We looked at your report about the studio Harbour and left it where it is, with a warning",
		"We looked at your report about a comment below Low Water and took it from every page", "We looked at your report about the work Low Water and left it as it is")
	w.bell(ann, 4)
	w.wants(mara)

	w.Exec(t, "update works set hidden = true, hidden_for = 16")
	w.Exec(t, "update studios set suspended_at = now(), suspended_reason = 'x'")
	w.hears(w.jobs.OnUnpublished, works.Unpublished{WorkID: work.ID, StudioID: a.StudioID})
	w.wants(ann, "We looked at your report about a collection and took it from every page", "We looked at your report about a studio and left it where it is, with a warning",
		"We looked at your report about a comment and took it from every page", "We looked at your report about a work and left it as it is")
	w.bell(ann, 4)
	page, err := w.app.List(ctx(), ann, notices.All, notices.Place{})
	w.must(err)
	for _, l := range page.Lines {
		if l.Path != "/notifications" || l.Card != nil || l.Picture != nil || len(l.Actors) != 0 || l.Quote != "" {
			t.Errorf("a line leads to what was taken down: %+v", l)
		}
	}
}

// It comes by mail to those who want that, without a name that reads like an
// address, and not to those who want nothing.
func TestReported_mail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mara, ann, quiet := w.person("Mara"), w.person("Ann"), w.person("Quiet")
	a := w.studio(mara, "harbour", "Harbour")
	work := w.work(a, "win-big.top")
	w.chooses(ann, notices.Report, notices.Channels{Mail: true})
	w.chooses(quiet, notices.Report, notices.Channels{})
	w.must(w.jobs.OnReported(ctx(), notices.Reported{ID: id.New(), To: []uuid.UUID{ann, quiet}, StudioID: a.StudioID, WorkID: &work.ID, What: notices.AWork, Did: "left it as it is", At: w.clock.Now()}))
	w.pass("notifications.mail_wanted.v1", w.jobs.OnMailWanted)
	list := w.written()
	if len(list) != 1 || list[0].Kind != "notice_report" || list[0].Subject != "We looked at your report about the work that it was about and left it as it is" || strings.Contains(list[0].Text, "win-big.top") {
		t.Fatalf("%d mails: %+v", len(list), list)
	}
	w.bell(ann, 0)
	w.bell(quiet, 0)
}
