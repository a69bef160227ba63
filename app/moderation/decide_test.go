package moderation

import (
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
	"vitrine/app/works"
)

func TestDecide_approve(t *testing.T) {
	w := newWorld(t)
	work := w.publish(w.newcomer("harbour"), "Offers", spamStory)
	r := w.decide(true, "")
	if !w.seen(work) || r.State != Approved || *r.DecidedBy != w.admin || w.now(work).HiddenFor != 0 {
		t.Errorf("approved: %+v", r)
	}
	if w.events("moderation.decided.v1") != 1 || w.events("works.published.v1") != 1 {
		t.Error("the decision was not told once")
	}
	if n := w.Count(t, "select count(*) from studio_audit where action = 'moderation.approved' and actor_id = $1", w.admin); n != 1 {
		t.Errorf("%d entries in the audit", n)
	}
	// A second press changes nothing; the opposite is a Conflict.
	again, err := w.desk.Decide(ctx(), Decision{ReviewID: r.ID, Moderator: id.New(), Approve: true, Version: 1})
	if err != nil || *again.DecidedBy != w.admin || w.events("moderation.decided.v1") != 1 {
		t.Errorf("a second approval: %+v, %v", again, err)
	}
	_, err = w.desk.Decide(ctx(), Decision{ReviewID: r.ID, Moderator: w.admin, Note: "No.", Version: 1})
	wantKind(t, err, fault.Conflict)
}

func TestDecide_refuse(t *testing.T) {
	w := newWorld(t)
	a := w.newcomer("harbour")
	work := w.publish(a, "Offers", spamStory)
	item := w.waiting()
	for _, note := range []string{"", " \n", strings.Repeat("x", NoteLimit+1)} {
		_, err := w.desk.Decide(ctx(), Decision{ReviewID: item.ID, Moderator: w.admin, Note: note, Version: item.Work.Version})
		if fault.FieldsOf(err)["note"] == "" {
			t.Errorf("the reason %.10q: %v", note, err)
		}
	}
	w.decide(false, "  <b>This</b> is an advertisement.\r\n")
	if got := w.now(work); w.seen(work) || got.HiddenFor != works.HiddenByModeration || got.State != works.StatePublished {
		t.Errorf("refused: %s, %d", got.State, got.HiddenFor)
	}
	latest, _, err := w.app.Latest(ctx(), a.StudioID, work.ID)
	if err != nil || latest.State != Refused || latest.Note != "<b>This</b> is an advertisement." {
		t.Errorf("the author reads %+v, %v", latest, err)
	}
	if list, _, err := w.desk.Decisions(ctx(), Place{}); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
}

func TestDecide_meanwhile(t *testing.T) {
	w := newWorld(t)
	a := w.newcomer("harbour")
	work := w.publish(a, "Offers", spamStory)
	item := w.waiting()
	form := Decision{ReviewID: item.ID, Moderator: w.admin, Approve: true, Version: item.Work.Version}
	_, err := w.works.Save(ctx(), a, works.Target{PublicID: work.PublicID}, works.Edit{Edition: work.Edition, Title: "Worse offers", Story: spamStory, FormKey: "test"})
	w.must(err)
	_, err = w.desk.Decide(ctx(), form)
	wantKind(t, err, fault.Conflict)
	if w.seen(work) {
		t.Error("what nobody looked at is public")
	}
	_, err = w.works.Unpublish(ctx(), a, works.Target{PublicID: work.PublicID}, nil, idem.NewKey())
	w.must(err)
	_, err = w.desk.Decide(ctx(), form)
	wantKind(t, err, fault.Conflict)
	w.must(w.works.Delete(ctx(), a, works.Target{PublicID: work.PublicID}, idem.NewKey()))
	_, err = w.desk.Decide(ctx(), form)
	wantKind(t, err, fault.NotFound)
	_, err = w.desk.Decide(ctx(), Decision{ReviewID: uuid.New(), Moderator: w.admin, Approve: true})
	wantKind(t, err, fault.NotFound)
}

// Two moderators at once, and the author publishing beside them: one decision,
// and nobody waits for anybody crosswise.
func TestDecide_atOnce(t *testing.T) {
	w := newWorld(t)
	a := w.newcomer("harbour")
	for range 5 {
		work := w.publish(a, "Offers", spamStory)
		item := w.waiting()
		var all sync.WaitGroup
		errs := make([]error, 9)
		for i := range 8 {
			all.Go(func() {
				_, errs[i] = w.desk.Decide(ctx(), Decision{ReviewID: item.ID, Moderator: w.admin, Approve: i%2 == 0, Note: "No.", Version: item.Work.Version})
			})
		}
		all.Go(func() {
			_, errs[8] = w.works.Publish(ctx(), a, works.Target{PublicID: work.PublicID}, nil, idem.NewKey())
		})
		all.Wait()
		r, err := w.desk.ByID(ctx(), item.ID)
		w.must(err)
		w.must(errs[8])
		for i, err := range errs[:8] {
			if wins := (r.State == Approved) == (i%2 == 0); wins != (err == nil) || err != nil && !fault.Is(err, fault.Conflict) {
				t.Errorf("%s, and number %d got %v", r.State, i, err)
			}
		}
		if w.seen(work) != (r.State == Approved) {
			t.Errorf("%s, and seen: %t", r.State, w.seen(work))
		}
		w.must(w.works.Delete(ctx(), a, works.Target{PublicID: work.PublicID}, idem.NewKey()))
	}
	if n := w.events("moderation.decided.v1"); n != 5 {
		t.Errorf("%d decisions of five", n)
	}
}

func TestQueue_pages(t *testing.T) {
	w := newWorld(t)
	a := w.newcomer("harbour")
	const many = PerPage + 3
	for range many {
		w.publish(a, "Offers", spamStory)
	}
	// Some were asked in the same microsecond.
	w.Exec(t, "update reviews set asked_at = date_trunc('minute', asked_at)")
	seen := map[uuid.UUID]bool{}
	from := Place{}
	for range 3 {
		list, next, err := w.desk.Queue(ctx(), from)
		w.must(err)
		for _, item := range list {
			if seen[item.ID] {
				t.Errorf("%s comes twice", item.ID)
			}
			seen[item.ID] = true
		}
		if from = ParsePlace(next.String()); from.ID == uuid.Nil {
			break
		}
	}
	if n, err := w.desk.Waiting(ctx()); len(seen) != many || n != many || err != nil {
		t.Errorf("%d of %d, counted %d, %v", len(seen), many, n, err)
	}
}

func TestCase(t *testing.T) {
	w := newWorld(t)
	a := w.newcomer("harbour")
	w.publish(a, "Low Water", "")
	work := w.publish(a, "Offers", spamStory)
	w.decide(false, "No.")
	_, err := w.works.Publish(ctx(), a, works.Target{PublicID: work.PublicID}, nil, idem.NewKey())
	w.must(err)
	item := w.waiting()
	c, err := w.desk.Case(ctx(), item.ID)
	if err != nil || c.Bench.Work.Story != spamStory || len(c.Bench.Items) != 1 || len(c.Pictures) != 1 || len(c.Earlier) != 1 || c.Before != 1 {
		t.Errorf("%+v, %v", c, err)
	}
	ok, err := w.desk.Shows(ctx(), a.StudioID, *item.Work.CoverID)
	if !ok || err != nil {
		t.Errorf("the moderator may not see the picture: %v", err)
	}
	draft, err := w.works.Bench(ctx(), a.StudioID, w.draft(a))
	w.must(err)
	if ok, _ := w.desk.Shows(ctx(), a.StudioID, draft.Items[0].MediaID); ok {
		t.Error("a moderator may see a draft")
	}
}

// Reviews are their studio's and the worker's.
func TestReviews_otherStudios(t *testing.T) {
	w := newWorld(t)
	a, b := w.newcomer("harbour"), w.newcomer("nord")
	work := w.publish(a, "Offers", spamStory)
	if _, ok, err := w.app.Latest(ctx(), b.StudioID, work.ID); ok || err != nil {
		t.Errorf("another studio reads the review: %v", err)
	}
	if list, _, err := w.app.Queue(ctx(), Place{}); err != nil || len(list) != 0 {
		t.Errorf("the app's role reads the queue: %v, %v", list, err)
	}
}
