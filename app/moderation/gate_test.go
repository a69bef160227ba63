package moderation

import (
	"strings"
	"testing"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
	"vitrine/app/works"
)

// A suspicious first post is never seen; one that looks like a portfolio is seen
// at once.
func TestAdmit(t *testing.T) {
	w := newWorld(t)
	a := w.newcomer("harbour")
	if work := w.publish(a, "Low Water", "A tidal flat. More on https://harbour.example"); !w.seen(work) || work.Hidden {
		t.Error("an honest first post waits")
	}
	work := w.publish(a, "Great offers", spamStory)
	if w.seen(work) || !work.HiddenFor.Has(works.HiddenForReview) || work.State != works.StatePublished {
		t.Errorf("a suspicious first post is %s, hidden for %d", work.State, work.HiddenFor)
	}
	if n := w.events("works.published.v1"); n != 1 {
		t.Errorf("%d works were told of as public", n)
	}
	item := w.waiting()
	if item.Work.ID != work.ID || item.Studio.Slug != "harbour" || item.Author.ID != a.UserID || item.Cover.Empty() || item.Score < HoldAt || len(item.Findings) == 0 {
		t.Errorf("the queue has %+v", item)
	}
	latest, ok, err := w.app.Latest(ctx(), a.StudioID, work.ID)
	if err != nil || !ok || latest.State != Waiting {
		t.Errorf("the author reads %+v, %t, %v", latest, ok, err)
	}
}

// Whose posts are not looked at.
func TestAdmit_trusted(t *testing.T) {
	w := newWorld(t)
	demo := w.newcomer("demo")
	w.Exec(t, "update studios set demo = true where id = $1", demo.StudioID)
	root := w.studio(w.admin, "root")
	old := w.studio(w.person("Old", 8*24*time.Hour), "old")
	for range TrustedAfter {
		w.publish(old, "Low Water", "")
	}
	for _, a := range []works.Actor{demo, root, old} {
		if work := w.publish(a, "Great offers", spamStory); !w.seen(work) {
			t.Errorf("%s waits", a.StudioID)
		}
	}
	// Neither age nor works are enough alone.
	young := w.newcomer("young")
	for range TrustedAfter {
		w.publish(young, "Low Water", "")
	}
	quiet := w.studio(w.person("Quiet", 400*24*time.Hour), "quiet")
	for _, a := range []works.Actor{young, quiet} {
		if work := w.publish(a, "Great offers", spamStory); w.seen(work) {
			t.Errorf("%s does not wait", a.StudioID)
		}
	}
}

// There is no way around the gate: by link, by the clock, by writing afterwards.
func TestAdmit_everyWay(t *testing.T) {
	w := newWorld(t)
	a := w.newcomer("harbour")
	link, err := w.works.Unlist(ctx(), a, w.draft(a), &works.Edit{Title: "Offers", Story: spamStory, FormKey: "test"}, idem.NewKey())
	w.must(err)
	if w.seen(link) {
		t.Error("an unlisted post is seen by its link")
	}
	later, err := w.works.Schedule(ctx(), a, w.draft(a), &works.Edit{Title: "Offers", Story: spamStory, FormKey: "test"},
		works.When{Local: time.Now().UTC().Add(time.Hour).Format("2006-01-02T15:04"), Zone: "UTC"}, idem.NewKey())
	w.must(err)
	w.Exec(t, "update works set publish_at = now() - interval '1 s' where id = $1", later.ID)
	if n, err := w.tasks.PublishDue(ctx()); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if w.seen(later) || w.now(later).State != works.StatePublished {
		t.Error("a scheduled post is seen")
	}
	clean := w.publish(a, "Low Water", "A tidal flat.")
	edited, err := w.works.Save(ctx(), a, works.Target{PublicID: clean.PublicID}, works.Edit{Edition: clean.Edition, Title: "Low Water", Story: spamStory, FormKey: "test"})
	w.must(err)
	if w.seen(edited) {
		t.Error("a post that became suspicious is seen")
	}
	if n := w.Count(t, "select count(*) from reviews where state = 'waiting'"); n != 3 {
		t.Errorf("%d works wait", n)
	}
}

// An author who takes the work back leaves no question; what they write
// meanwhile is what the moderator reads.
func TestAdmit_meanwhile(t *testing.T) {
	w := newWorld(t)
	a := w.newcomer("harbour")
	work := w.publish(a, "Offers", spamStory)
	target := works.Target{PublicID: work.PublicID}
	work, err := w.works.Save(ctx(), a, target, works.Edit{Edition: work.Edition, Title: "Offers", Story: "Nothing.", FormKey: "test"})
	w.must(err)
	if item := w.waiting(); item.Score != 0 || len(item.Findings) != 0 || w.seen(work) {
		t.Errorf("an edited work has %+v", item.Review)
	}
	work, err = w.works.Unpublish(ctx(), a, target, nil, idem.NewKey())
	w.must(err)
	if list, _, err := w.desk.Queue(ctx(), Place{}); err != nil || len(list) != 0 || work.Hidden {
		t.Errorf("a draft waits: %v, %v", list, err)
	}
	work, err = w.works.Publish(ctx(), a, target, nil, idem.NewKey())
	w.must(err)
	if !w.seen(work) {
		t.Error("the mended work waits")
	}
	w.must(w.works.Delete(ctx(), a, works.Target{PublicID: w.publish(a, "Offers", spamStory).PublicID}, idem.NewKey()))
	if n := w.Count(t, "select count(*) from reviews where state = 'waiting'"); n != 0 {
		t.Error("a deleted work waits")
	}
}

// The same text by several accounts.
func TestAdmit_repeated(t *testing.T) {
	w := newWorld(t)
	text := strings.Repeat("Our agency makes wonderful pictures for your company. ", 3)
	seen := 0
	for _, slug := range []string{"one", "two", "three", "four"} {
		if w.seen(w.publish(w.newcomer(slug), "Agency", text)) {
			seen++
		}
	}
	if seen != 2 {
		t.Errorf("%d of four accounts are seen with the same text", seen)
	}
	// One account may repeat itself.
	a := w.newcomer("five")
	own := strings.Repeat("A series of landscapes made with a camera of my own. ", 3)
	for range 3 {
		if !w.seen(w.publish(a, "Series", own)) {
			t.Error("an account that repeats itself waits")
		}
	}
	w.Exec(t, "update post_prints set at = now() - interval '31 days'")
	if !w.seen(w.publish(w.newcomer("six"), "Agency", text)) {
		t.Error("old prints count")
	}
}

func TestAskAgain(t *testing.T) {
	w := newWorld(t)
	a := w.newcomer("harbour")
	work := w.publish(a, "Offers", spamStory)
	target := works.Target{PublicID: work.PublicID}
	w.decide(false, "This is an advertisement.")
	// Saving alone asks nobody.
	work = w.now(work)
	work, err := w.works.Save(ctx(), a, target, works.Edit{Edition: work.Edition, Title: "Offers", Story: "Mended.", FormKey: "test"})
	w.must(err)
	if list, _, _ := w.desk.Queue(ctx(), Place{}); len(list) != 0 || w.seen(work) {
		t.Fatal("saving asked again")
	}
	for range 2 { // pressing twice asks once
		work, err = w.works.Publish(ctx(), a, target, nil, idem.NewKey())
		w.must(err)
	}
	if item := w.waiting(); item.Round != 2 || w.seen(work) || item.Findings[0].Rule != ruleAsked {
		t.Fatalf("asked again: %+v", item.Review)
	}
	w.decide(true, "")
	if !w.seen(work) {
		t.Fatal("an approved work is hidden")
	}
	// What was approved stays approved; something new is looked at.
	work = w.now(work)
	save := func(story string) {
		work, err = w.works.Save(ctx(), a, target, works.Edit{Edition: work.Edition, Title: "Offers", Story: story, FormKey: "test"})
		w.must(err)
	}
	save("Mended, and with a comma.")
	if !w.seen(work) {
		t.Error("a small change hides the work")
	}
	save(spamStory)
	if w.seen(work) {
		t.Error("the advertisement came back")
	}
}

// Approving a text approves its signs, so correcting a slip does not hide it.
func TestAdmit_approvedSigns(t *testing.T) {
	w := newWorld(t)
	a := w.newcomer("harbour")
	work := w.publish(a, "Offers", spamStory)
	w.decide(true, "It is an art project.")
	work = w.now(work)
	work, err := w.works.Save(ctx(), a, works.Target{PublicID: work.PublicID}, works.Edit{Edition: work.Edition, Title: "The offers", Story: spamStory, FormKey: "test"})
	w.must(err)
	if !w.seen(work) {
		t.Error("an approved text waits again")
	}
}

func TestAskAgain_notForever(t *testing.T) {
	w := newWorld(t)
	a := w.newcomer("harbour")
	work := w.publish(a, "Offers", spamStory)
	target := works.Target{PublicID: work.PublicID}
	for i := 1; ; i++ {
		w.decide(false, "No.")
		_, err := w.works.Publish(ctx(), a, target, nil, idem.NewKey())
		if i == MaxRounds {
			wantKind(t, err, fault.Conflict)
			break
		}
		w.must(err)
	}
}

func TestForget(t *testing.T) {
	w := newWorld(t)
	w.publish(w.newcomer("one"), "Agency", strings.Repeat("Our agency makes wonderful pictures for your company. ", 3))
	forget := func() (n int64) {
		w.must(w.Worker.Transact(ctx(), func(tx db.Tx) (err error) { n, err = w.desk.Forget(ctx(), tx); return err }))
		return n
	}
	if forget() != 0 {
		t.Error("a fresh print is forgotten")
	}
	w.Exec(t, "update post_prints set at = now() - interval '31 days'")
	if forget() != 1 {
		t.Error("an old print stays")
	}
}
