package notices_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/engagement"
	"vitrine/app/media"
	"vitrine/app/notifications/notices"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/app/works"
)

func TestLikes_areOneLine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mara := w.person("Mara Otieno")
	a := w.studio(mara, "harbour", "Harbour & Field")
	low, ridges := w.work(a, "Low Water"), w.work(a, "Seven Ridges")
	w.like(low, mara) // of one's own
	w.wants(mara)
	ines := w.person("Ines Okafor")
	w.like(low, ines)
	w.wants(mara, "Ines Okafor liked Low Water")
	w.like(low, w.person("Salt Office"))
	w.wants(mara, "Salt Office and Ines Okafor liked Low Water")
	for range 11 {
		w.like(low, w.person("Somebody Else"))
	}
	w.like(low, w.person("Marisol Vega"))
	w.like(ridges, ines)
	w.wants(mara, "Ines Okafor liked Seven Ridges", "Marisol Vega, Somebody Else and 12 others liked Low Water")
	w.bell(mara, 2)
	if said := w.live.said[mara]; len(said) == 0 || said[len(said)-1] != 2 {
		t.Errorf("open pages heard %v", said)
	}

	// Taken back and given again: told once.
	w.hears(w.jobs.OnUnliked, engagement.Unliked{WorkID: ridges.ID, StudioID: a.StudioID, UserID: ines})
	w.wants(mara, "Marisol Vega, Somebody Else and 12 others liked Low Water")
	w.bell(mara, 1)
	w.like(ridges, ines)
	w.wants(mara, "Marisol Vega, Somebody Else and 12 others liked Low Water")

	// What is read is done: the next one begins a new line.
	w.must(w.app.ReadAll(ctx(), mara, notices.All, w.clock.Now()))
	w.bell(mara, 0)
	w.like(low, w.person("Late Reader"))
	w.wants(mara, "Late Reader liked Low Water", "Marisol Vega, Somebody Else and 12 others liked Low Water")
	w.bell(mara, 1)
}

func TestLikes_atOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mara := w.person("Mara")
	work := w.work(w.studio(mara, "harbour", "Harbour"), "Low Water")
	people := make([]uuid.UUID, 24)
	for i := range people {
		people[i] = w.person("Somebody")
	}
	var all sync.WaitGroup
	for _, by := range people {
		for range 2 {
			all.Go(func() {
				w.hears(w.jobs.OnLiked, engagement.Liked{WorkID: work.ID, StudioID: work.StudioID, UserID: by, At: w.clock.Now()})
			})
		}
	}
	all.Wait()
	if n := w.Count(t, "select count(*) from notices where people = 24 and things = 24"); n != 1 || w.Count(t, "select count(*) from notice_parts where notice_id is null") != 0 {
		t.Error("24 people liked a work at once, and the notice does not say so")
	}
	for _, by := range people[:20] {
		all.Go(func() {
			w.hears(w.jobs.OnUnliked, engagement.Unliked{WorkID: work.ID, StudioID: work.StudioID, UserID: by})
		})
		all.Go(func() {
			w.hears(w.jobs.OnLiked, engagement.Liked{WorkID: work.ID, StudioID: work.StudioID, UserID: w.person("More"), At: w.clock.Now()})
		})
	}
	all.Wait()
	if n := w.Count(t, "select count(*) from notices where people = 24 and things = 24"); n != 1 {
		t.Error("20 likes that are taken back while 20 others come are counted wrongly")
	}
}

func TestComments_andReplies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mara, eno, vera := w.person("Mara"), w.person("Eno"), w.person("Vera")
	a := w.studio(mara, "harbour", "Harbour")
	w.join(a.StudioID, eno, studios.Editor)
	w.join(a.StudioID, vera, studios.Viewer)
	work := w.work(works.Actor{UserID: eno, StudioID: a.StudioID, Role: studios.Editor}, "Seven Ridges")
	ines, nord := w.person("Ines Okafor"), w.person("Atelier Nord")
	first := w.comment(work, ines, nil, "The fourth ridge is the one I keep going back to.")
	told := "Ines Okafor commented on Seven Ridges “The fourth ridge is the one I keep going back to.”"
	w.wants(mara, told)
	w.wants(eno, told)
	w.wants(vera)
	reply := w.comment(work, nord, &first, "Me too.")
	w.wants(ines, "Atelier Nord replied to you below Seven Ridges “Me too.”")
	w.wants(mara, "Atelier Nord and Ines Okafor commented on Seven Ridges “Me too.”")
	w.comment(work, eno, &first, "Thank you.") // who answers for the work is not told of themselves
	w.wants(eno, "Atelier Nord and Ines Okafor commented on Seven Ridges “Me too.”")
	w.wants(ines, "Eno and Atelier Nord replied to you below Seven Ridges “Thank you.”")

	// A reply to a member of the team is told as a reply, and not twice.
	own := w.comment(work, mara, nil, "More in spring.")
	w.comment(work, nord, &own, "Good.")
	w.wants(mara, "Atelier Nord replied to you below Seven Ridges “Good.”", "Eno, Atelier Nord and 1 other commented on Seven Ridges “Thank you.”")

	// Deleted and hidden words are told no more.
	w.Exec(t, "update comments set hidden = true where id = $1", reply)
	w.hears(w.jobs.OnCommentChanged, engagement.CommentChanged{CommentID: reply, WorkID: work.ID, StudioID: a.StudioID})
	w.wants(ines, "Eno replied to you below Seven Ridges “Thank you.”")
	w.Exec(t, "update comments set hidden = false where id = $1", reply)
	w.hears(w.jobs.OnCommentChanged, engagement.CommentChanged{CommentID: reply, WorkID: work.ID, StudioID: a.StudioID})
	w.wants(ines, "Eno and Atelier Nord replied to you below Seven Ridges “Thank you.”")
	w.Exec(t, "update comments set body = '', deleted_at = now() where id = $1", reply)
	w.hears(w.jobs.OnCommentDeleted, engagement.CommentDeleted{CommentID: reply, WorkID: work.ID, StudioID: a.StudioID})
	w.wants(ines, "Eno replied to you below Seven Ridges “Thank you.”")
}

func TestHidden_isToldNoMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mara, fan := w.person("Mara"), w.person("Fan")
	a := w.studio(mara, "harbour", "Harbour")
	low, ridges := w.work(a, "Low Water"), w.work(a, "Seven Ridges")
	w.Exec(t, "insert into follows (user_id, studio_id, created_at) values ($1, $2, now())", fan, a.StudioID)
	w.pass("works.published.v1", w.jobs.OnPublished)
	w.pass("notifications.fan_out.v1", w.jobs.OnFanOut)
	w.like(low, fan)
	w.wants(mara, "Fan liked Low Water")
	both := w.lines(fan)
	if len(both) != 1 || !strings.HasPrefix(both[0], "Harbour published ") || !strings.HasSuffix(both[0], " and 1 other work") {
		t.Fatalf("the follower reads %q", both)
	}
	w.bell(fan, 1)

	// At the commit the line is gone; the event brings the bell to it.
	hide := func(work works.Work, on bool) {
		w.must(w.App.Tenant(ctx(), a.StudioID, func(tx db.Tx) error {
			return w.works.SetHidden(ctx(), tx, a.StudioID, work.ID, works.HiddenByModeration, on)
		}))
	}
	hide(low, true)
	if got := w.lines(mara); len(got) != 0 {
		t.Errorf("at the commit the page still says %q", got)
	}
	w.pass("works.unpublished.v1", w.jobs.OnUnpublished)
	w.bell(mara, 0)
	w.wants(fan, "Harbour published Seven Ridges")
	hide(ridges, true)
	w.pass("works.unpublished.v1", w.jobs.OnUnpublished)
	w.bell(fan, 0)
	hide(ridges, false)
	hide(low, false)
	w.pass("works.published.v1", w.jobs.OnPublished)
	w.pass("notifications.fan_out.v1", w.jobs.OnFanOut) // has been told
	w.bell(fan, 1)
	w.wants(mara, "Fan liked Low Water")

	// The whole studio.
	w.must(w.App.Tenant(ctx(), a.StudioID, func(tx db.Tx) error { return w.works.HideStudio(ctx(), tx, a.StudioID, works.HiddenBySuspension) }))
	w.pass("works.studio_hidden.v1", w.jobs.OnStudioHidden)
	w.wants(mara)
	w.wants(fan)
	w.bell(mara, 0)
	w.bell(fan, 0)
	w.must(w.App.Tenant(ctx(), a.StudioID, func(tx db.Tx) error { return w.works.ShowStudio(ctx(), tx, a.StudioID, works.HiddenBySuspension) }))
	w.pass("works.studio_shown.v1", w.jobs.OnStudioShown)
	w.bell(mara, 1)
	w.bell(fan, 1)
	w.must(w.works.Delete(ctx(), a, works.Target{PublicID: low.PublicID}, idem.NewKey()))
	w.pass("works.deleted.v1", w.jobs.OnDeleted)
	w.wants(mara)
	w.wants(fan, "Harbour published Seven Ridges")
}

func TestFanOut_inChunks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mara := w.person("Mara")
	a := w.studio(mara, "harbour", "Harbour")
	w.Exec(t, `insert into follows (user_id, studio_id, created_at) select gen_random_uuid(), $1, now() - n * interval '1 s' from generate_series(1, 1203) n`, a.StudioID)
	w.Exec(t, `insert into follows (user_id, studio_id, created_at) values ($1, $2, now())`, mara, a.StudioID)
	w.work(a, "Luft")
	if n := w.pass("works.published.v1", w.jobs.OnPublished); n != 1 {
		t.Fatalf("%d publications", n)
	}
	rounds := 0
	for w.pass("notifications.fan_out.v1", w.jobs.OnFanOut) > 0 {
		if rounds++; rounds > 5 {
			t.Fatal("the fan-out does not end")
		}
	}
	if rounds != 3 {
		t.Errorf("%d chunks for 1,204 followers, want 3", rounds)
	}
	if n := w.Count(t, "select count(*) from notices where kind = 'published' and things = 1 and people = 1"); n != 1203 {
		t.Errorf("%d followers were told, want 1,203 without whoever hung it and runs the studio", n)
	}
	// What is dated back is no news.
	w.Exec(t, "update works set published_at = now() - interval '20 years'")
	w.Exec(t, "delete from notices")
	w.work(a, "Old")
	w.Exec(t, "update works set published_at = '2000-01-01' where title = 'Old'")
	w.pass("works.published.v1", w.jobs.OnPublished)
	if n := w.Count(t, "select count(*) from outbox where event = 'notifications.fan_out.v1'"); n != 0 {
		t.Error("a work that is dated back is told")
	}
}

func TestStudio_fileScheduleDecisionFollow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mara, ada := w.person("Mara"), w.person("Ada")
	a := w.studio(mara, "harbour", "Harbour & Field")
	w.join(a.StudioID, ada, studios.Admin)
	kiln := w.person("Kiln & Loom")
	w.hears(w.jobs.OnFollowed, engagement.Followed{StudioID: a.StudioID, UserID: kiln, At: w.clock.Now()})
	w.wants(mara, "Kiln & Loom follows Harbour & Field now")
	w.wants(ada, "Kiln & Loom follows Harbour & Field now")
	w.hears(w.jobs.OnUnfollowed, engagement.Unfollowed{StudioID: a.StudioID, UserID: kiln})
	w.wants(mara)

	file := id.New()
	w.Exec(t, `insert into media (id, studio_id, state, kind, filename, bytes, failure, created_by, created_at, updated_at)
		values ($1, $2, 'failed', 'image', 'scan_07.jpg', 1, 'The file breaks off after 1.9 MB. Export it again, or try once more.', $3, now(), now())`, file, a.StudioID, ada)
	fact := media.Fact{StudioID: a.StudioID, MediaID: file}
	w.hears(w.jobs.OnMediaFailed, media.Failed{Fact: fact})
	w.wants(mara)
	w.wants(ada, "scan_07.jpg could not be used. The file breaks off after 1.9 MB. Export it again, or try once more.")
	w.hears(w.jobs.OnMediaMended, media.Usable{Fact: fact})
	w.wants(ada)

	work := w.work(a, "Five in the Morning")
	w.clock.Advance(time.Minute)
	w.hears(w.jobs.OnOpened, works.Opened{StudioID: a.StudioID, WorkID: work.ID})
	w.wants(mara, "Your scheduled work Five in the Morning is open")
	d := notices.Decided{ID: id.New(), To: mara, StudioID: a.StudioID, WorkID: &work.ID, Sentence: "We looked at a report about Five in the Morning and kept it", Note: "Nothing is wrong with it.", Path: "/studio/harbour", At: w.clock.Now().Add(time.Minute)}
	w.must(w.jobs.OnDecided(ctx(), d))
	w.must(w.jobs.OnDecided(ctx(), d))
	w.wants(mara, "We looked at a report about Five in the Morning and kept it “Nothing is wrong with it.”", "Your scheduled work Five in the Morning is open")
	unread, err := w.app.Unread(ctx(), mara)
	if err != nil || unread[notices.Studio] != 2 {
		t.Errorf("the studio's shelf has %v, %v", unread, err)
	}
}

func TestBlocksAndMutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mara, loud, blocked := w.person("Mara"), w.person("Loud"), w.person("Blocked")
	a := w.studio(mara, "harbour", "Harbour")
	work := w.work(a, "Low Water")
	w.Exec(t, "insert into mutes (user_id, kind, subject_id, created_at) values ($1, 'person', $2, now())", mara, loud)
	w.Exec(t, "insert into blocks (blocker_id, blocked_id, created_at) values ($1, $2, now())", mara, blocked)
	w.like(work, loud)
	w.comment(work, blocked, nil, "Hello")
	w.wants(mara)
	w.Exec(t, "insert into follows (user_id, studio_id, created_at) values ($1, $3, now()), ($2, $3, now())", loud, blocked, a.StudioID)
	w.Exec(t, "insert into mutes (user_id, kind, subject_id, created_at) values ($1, 'studio', $2, now())", loud, a.StudioID)
	w.pass("works.published.v1", w.jobs.OnPublished)
	w.pass("notifications.fan_out.v1", w.jobs.OnFanOut)
	w.wants(loud)
	w.wants(blocked, "Harbour published Low Water")
}

func TestList_pagesAndForeign(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mara, other := w.person("Mara"), w.person("Other")
	a := w.studio(mara, "harbour", "Harbour")
	for n := range 35 {
		w.like(w.work(a, fmt.Sprintf("Work %d", n)), other)
	}
	page, err := w.app.List(ctx(), mara, notices.Likes, notices.Place{})
	w.must(err)
	if len(page.Lines) != notices.PerPage || page.Next.At.IsZero() {
		t.Fatalf("%d lines, next %v", len(page.Lines), page.Next)
	}
	rest, err := w.app.List(ctx(), mara, notices.Likes, notices.ParsePlace(page.Next.String()))
	w.must(err)
	if len(rest.Lines) != 5 || !rest.Next.At.IsZero() {
		t.Errorf("%d lines on the second page", len(rest.Lines))
	}
	if empty, err := w.app.List(ctx(), mara, notices.Comments, notices.Place{}); err != nil || len(empty.Lines) != 0 {
		t.Errorf("%d comments, %v", len(empty.Lines), err)
	}
	w.must(w.app.Read(ctx(), other, page.Lines[0].ID))
	w.bell(mara, 35)
	w.must(w.app.Read(ctx(), mara, page.Lines[0].ID))
	w.bell(mara, 34)
	w.must(w.app.ReadAll(ctx(), mara, notices.Comments, w.clock.Now()))
	w.bell(mara, 34)
	w.must(w.app.ReadAll(ctx(), mara, notices.All, page.Lines[10].At))
	w.bell(mara, 9)
}

func TestErase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mara, fan, more := w.person("Mara"), w.person("Fan"), w.person("More")
	a := w.studio(mara, "harbour", "Harbour")
	work := w.work(a, "Low Water")
	w.like(work, fan)
	w.like(work, more)
	w.must(w.app.Choose(ctx(), fan, notices.Settings{Hour: 7, Channels: map[notices.Kind]notices.Channels{notices.Like: {}}}))
	w.must(w.Worker.Transact(ctx(), func(tx db.Tx) error { return w.jobs.EraseUser(ctx(), tx, fan) }))
	w.wants(mara, "More liked Low Water")
	for _, table := range []string{"notices", "notice_parts", "notice_settings", "notice_hours"} {
		if n := w.Count(t, "select count(*) from "+table+" x where x::text like '%' || $1 || '%'", fan); n != 0 {
			t.Errorf("%d rows of %s name somebody who is gone", n, table)
		}
	}
	w.must(w.Worker.Transact(ctx(), func(tx db.Tx) error { return w.jobs.EraseStudio(ctx(), tx, a.StudioID) }))
	if n := w.Count(t, "select (select count(*) from notices) + (select count(*) from notice_parts)"); n != 0 {
		t.Errorf("%d rows of a studio that is gone", n)
	}
}
