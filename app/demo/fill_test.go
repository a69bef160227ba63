package demo_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/demo/catalog"
	"vitrine/app/demo/life"
	"vitrine/app/media"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// checkFilled compares the rows with the catalogue.
func (h *house) checkFilled() {
	h.t.Helper()
	files := 0
	var last time.Time
	for n, w := range h.catalogue {
		files += len(w.Media)
		var state, title, failure, studio string
		var published *time.Time
		var count int
		h.Row(h.t, `select w.state, w.title, w.published_at, (select count(*) from work_media i where i.work_id = w.id), d.slug,
			coalesce((select max(m.failure) from work_media i join media m on m.id = i.media_id where i.work_id = w.id), '')
			from works w join demo_studios d on d.studio_id = w.studio_id where w.creation_key = $1`, fmt.Sprintf("demo-work-%08d", n))(&state, &title, &published, &count, &studio, &failure)
		if state != string(w.State) || title != w.Title || studio != w.Studio || count != len(w.Media) {
			h.t.Errorf("work %d of %s is %s, %q with %d files; want %s, %q of %s with %d", n, studio, state, title, count, w.State, w.Title, w.Studio, len(w.Media))
		}
		if broken := w.Media[len(w.Media)-1].Broken; broken != (failure != "") {
			h.t.Errorf("work %d: damaged is %t, and its file says %q", n, broken, failure)
		}
		if published == nil {
			continue
		}
		if !last.IsZero() && !published.Before(last) {
			h.t.Errorf("work %d was published at %s, the one before at %s", n, published, last)
		}
		last = *published
	}
	for what, want := range map[string]int{"works": len(h.catalogue), "media": files, "demo_studios": 12, "users": 12 + len(life.Names()), "studios": 12, "demo_members": len(life.Names())} {
		if n := h.Count(h.t, "select count(*) from "+what); n != want {
			h.t.Errorf("%d rows in %s, want %d", n, what, want)
		}
	}
	if n := h.Count(h.t, "select count(*) from studios where demo"); n != 12 {
		h.t.Errorf("%d studios are marked", n)
	}
	h.checkLife()
	if n := h.Count(h.t, "select count(*) from media where not background"); n != 0 {
		h.t.Errorf("%d files went before those of people", n)
	}
}

// checkLife compares what people did with what they were to do, and the counters
// with what they did.
func (h *house) checkLife() {
	h.t.Helper()
	var since time.Time
	h.Row(h.t, "select started_at from demo")(&since)
	likes, comments := 0, 0
	for n, w := range h.catalogue {
		var published *time.Time
		h.Row(h.t, "select published_at from works where creation_key = $1", fmt.Sprintf("demo-work-%08d", n))(&published)
		if published == nil {
			continue
		}
		l := life.Of(n, w, *published, since)
		likes += len(l.Likes)
		for _, c := range l.Comments {
			comments += 1 + len(c.Replies)
		}
	}
	for query, want := range map[string]int{
		"select count(*) from likes": likes, "select count(*) from comments": comments, "select count(*) from follows": len(life.Follows(catalog.Studios(), since)),
		"select coalesce(sum(likes), 0) from work_counters": likes, "select coalesce(sum(comments), 0) from work_counters": comments,
		"select sum(followers) from studio_counters": len(life.Follows(catalog.Studios(), since)), "select count(*) from counter_changes": 0,
		"select count(*) from notice_settings where page or mail or daily": 0, "select count(*) from demo_studios d where not exists (select from view_events v where v.studio_id = d.studio_id)": 0,
		"select count(*) from likes l join works w on w.id = l.work_id where l.created_at < w.published_at or l.created_at > now()": 0,
	} {
		if n := h.Count(h.t, query); n != want {
			h.t.Errorf("%s: %d, want %d", query, n, want)
		}
	}
	h.checkCollections()
	if likes == 0 || comments == 0 {
		h.t.Errorf("nothing happens: %d likes, %d comments", likes, comments)
	}
}

// checkCollections compares the collections with the catalogue.
func (h *house) checkCollections() {
	h.t.Helper()
	want, hung := 0, 0
	for _, c := range catalog.Collections() {
		if n := len(c.Of(h.catalogue)); n > 0 {
			want, hung = want+1, hung+n
		}
	}
	if n := h.Count(h.t, "select count(*) from collections where shown and created_at < now() and title <> '' and about <> ''"); n != want || want == 0 {
		h.t.Errorf("%d collections are shown, want %d", n, want)
	}
	if n := h.Count(h.t, "select count(*) from collection_works c join works w on w.id = c.work_id and w.state = 'published'"); n != hung {
		h.t.Errorf("%d works are in collections, want %d", n, hung)
	}
}

// TestOutgrown starts the product with a demo that an earlier version filled with
// works alone, of which somebody has deleted one and in which somebody has done
// something; the starts after that have nothing to ask for.
func TestOutgrown(t *testing.T) {
	t.Parallel()
	h := newHouse(t, small(t))
	h.fill()
	teresa := h.person()
	for _, table := range []string{"likes", "bookmarks", "comments", "follows", "work_counters", "studio_counters", "counter_changes", "collections", "view_events", "demo_members"} {
		h.Exec(t, "delete from "+table)
	}
	h.Exec(t, "delete from users where email like '%@demo.example' and id not in (select owner_id from demo_studios)")
	h.Exec(t, "delete from notice_settings")
	h.Exec(t, "update demo set generation = 0")
	var owner, studio uuid.UUID
	var work string
	h.Row(t, "select d.owner_id, d.studio_id, w.public_id from works w join demo_studios d using (studio_id) where w.state = 'published' order by w.creation_key desc limit 1")(&owner, &studio, &work)
	h.must(h.works.Delete(ctx(), works.Actor{UserID: owner, StudioID: studio, Role: studios.Owner}, works.Target{PublicID: work}, "a-work-that-nobody-likes"))
	h.Exec(t, "insert into likes (work_id, user_id, studio_id, created_at) select id, $1, studio_id, now() from works where state = 'published'", teresa.UserID)
	before := h.Count(t, "select count(*) from works")

	h.must(h.demo.StartOnEmpty(ctx()))
	for _, moment := range []string{"select count(*) > 0 from demo_members", "select count(*) > 0 from comments", "select count(*) > 0 from collections"} {
		stop := h.run()
		h.await(moment)
		stop()
		h.must(h.demo.StartOnEmpty(ctx()))
	}
	h.run()
	h.await("select generation > 0 from demo")
	h.awaitRest()
	counts := func() (out []int) {
		for _, table := range []string{"works", "likes", "comments", "follows", "bookmarks", "collections", "collection_works", "view_events", "users"} {
			n := h.Count(t, "select count(*) from "+table)
			if n == 0 {
				t.Errorf("there are no %s", table)
			}
			out = append(out, n)
		}
		return out
	}
	first := counts()
	if first[0] != before || h.Count(t, "select count(*) from likes where user_id = $1", teresa.UserID) != 2 {
		t.Errorf("%d works were there, now %d; or somebody's like is lost", before, first[0])
	}
	if n := h.Count(t, "select count(*) from demo_studios d where not exists (select from notice_settings s where s.user_id = d.owner_id)"); n != 0 {
		t.Errorf("%d owners would be written to", n)
	}
	h.must(h.demo.StartOnEmpty(ctx()))
	if n := h.Count(t, "select count(*) from outbox where sent_at is null"); n != 0 {
		t.Errorf("the next start asked for %d things", n)
	}
	h.Exec(t, "update demo set generation = 0")
	h.must(h.demo.StartOnEmpty(ctx()))
	h.await("select generation > 0 from demo")
	h.awaitRest()
	if again := counts(); !slices.Equal(first, again) {
		t.Errorf("once more makes %v of %v", again, first)
	}
	h.must(h.demo.Remove(ctx(), teresa.UserID, "all-of-it-away-please"))
	h.await("select state = 'removed' from demo")
	h.awaitRest()
	for _, table := range []string{"works", "collections", "collection_works", "comments", "follows", "likes", "demo_members"} {
		if n := h.Count(t, "select count(*) from "+table); n != 0 {
			t.Errorf("%d rows are left in %s", n, table)
		}
	}
}

// TestFill_interrupted ends the process again and again, at every step of the
// way; what comes of it is what an undisturbed filling makes.
func TestFill_interrupted(t *testing.T) {
	t.Parallel()
	h := newHouse(t, small(t))
	h.must(h.demo.StartOnEmpty(ctx()))
	for _, moment := range []string{
		"select count(*) >= 3 from demo_studios",
		"select count(*) >= 1 from media",
		"select count(*) >= 2 from works where not title_guessed",
		"select count(*) >= 2 from media where state = 'processing'",
		"select count(*) >= 1 from works where state = 'published'",
		"select count(*) >= 6 from media",
		"select count(*) >= 4 from works where state <> 'draft'",
	} {
		stop := h.run()
		h.await(moment)
		stop()
		h.must(h.demo.StartOnEmpty(ctx())) // as each start does
	}
	h.run()
	h.await("select state = 'full' from demo")
	h.awaitRest()
	h.checkFilled()
	at, err := h.demo.Standing(ctx())
	if err != nil || at.State != "full" || at.Works != len(h.catalogue) || at.Of != len(h.catalogue) || at.Studios != 12 {
		t.Errorf("it stands at %+v, %v", at, err)
	}
	// The last studio's storage is nearly full.
	tight := catalog.Studios()[11].Slug
	h.await(`select byte_limit - used - reserved < 41000000 from storage_usage u join demo_studios d using (studio_id) where d.slug = $1`, tight)
	// Another start has nothing to ask for.
	h.must(h.demo.StartOnEmpty(ctx()))
	if n := h.Count(t, "select count(*) from outbox where sent_at is null"); n != 0 {
		t.Errorf("the next start asked for %d things", n)
	}
}

// TestFill_expiredMeanwhile goes on after so long that the uploads of the first
// attempt, and the keys they were begun with, are of no use any more.
func TestFill_expiredMeanwhile(t *testing.T) {
	t.Parallel()
	h := newHouse(t, small(t)[:2])
	h.must(h.demo.StartOnEmpty(ctx()))
	stop := h.run()
	h.await("select count(*) >= 1 from uploads where finished_at is not null")
	stop()
	h.Exec(t, "delete from uploads where finished_at is not null")
	h.Exec(t, "update media set deleted_at = now(), exposed = false where state = 'uploading'")
	h.run()
	h.await("select state = 'full' from demo")
	if n := h.Count(t, "select count(*) from works where state = 'published'"); n != 2 {
		t.Errorf("%d works are published", n)
	}
}

func TestFill_waitsForPeople(t *testing.T) {
	t.Parallel()
	h := newHouse(t, small(t)[:2])
	teresa := h.person()
	up, err := h.media.Begin(ctx(), media.Begin{Sender: teresa, Filename: "ridges.jpg", Size: 1000})
	h.must(err)
	// As if they had chosen demo works at the setup.
	h.must(h.demo.OnSetupCompleted(ctx(), completed(t, true)))
	var since time.Time
	h.Row(t, "select started_at from demo")(&since)
	short, cancel := context.WithTimeout(ctx(), 100*time.Millisecond)
	defer cancel()
	if err := h.demo.Quiet(short, since); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("while somebody uploads: %v", err)
	}
	h.run()
	h.await("select count(*) = 12 from demo_studios")
	if n := h.Count(t, "select count(*) from works"); n != 0 {
		t.Errorf("%d works came while somebody uploads", n)
	}
	h.must(h.Worker.Tenant(ctx(), teresa.StudioID, func(tx db.Tx) error {
		return h.media.Delete(ctx(), tx, teresa.StudioID, []uuid.UUID{up.ID})
	}))
	h.must(h.demo.Quiet(ctx(), since))
	h.await("select state = 'full' from demo")
}

// completed is the event of a setup.
func completed(t *testing.T, tick bool) bus.Envelope {
	t.Helper()
	return envelope(t, accounts.SetupCompleted{UserID: uuid.New(), StudioID: uuid.New(), Demo: tick})
}

func TestSetup_followsTheTick(t *testing.T) {
	t.Parallel()
	h := newHouse(t, small(t)[:1])
	at := func(want string, asked int) {
		t.Helper()
		var state string
		h.Row(t, "select coalesce((select state from demo), '')")(&state)
		if n := h.Count(t, "select count(*) from outbox where event = 'demo.wanted.v1'"); state != want || n != asked {
			t.Errorf("it is %q and was asked for %d times, want %q, %d", state, n, want, asked)
		}
	}
	h.must(h.demo.StartOnEmpty(ctx()))
	at("filling", 1)
	h.must(h.demo.OnSetupCompleted(ctx(), completed(t, true)))
	at("filling", 1)
	stop := h.run()
	h.await("select state = 'full' from demo")
	stop()
	without := completed(t, false)
	h.must(h.demo.OnSetupCompleted(ctx(), without))
	at("removing", 1)
	h.run()
	h.await("select state = 'removed' from demo")
	h.must(h.demo.StartOnEmpty(ctx())) // a start brings nothing back
	at("removed", 1)
	h.must(h.demo.Fill(ctx(), uuid.New(), "a-key-of-an-administrator"))
	h.must(h.demo.OnSetupCompleted(ctx(), without)) // delivered once more
	at("filling", 2)
	h.await("select state = 'full' from demo")
}

func TestStart_leavesAHouseWithPeopleAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t, small(t)[:1])
	h.person()
	h.must(h.demo.StartOnEmpty(ctx()))
	if n := h.Count(t, "select count(*) from demo"); n != 0 {
		t.Error("demo works were asked for where somebody lives already")
	}
}

// TestFill_oneAtATime delivers the wish twice at once, as after a restart.
func TestFill_oneAtATime(t *testing.T) {
	t.Parallel()
	h := newHouse(t, small(t)[:3])
	h.must(h.demo.StartOnEmpty(ctx()))
	h.must(h.demo.StartOnEmpty(ctx()))
	if n := h.Count(t, "select count(*) from outbox where event = 'demo.wanted.v1'"); n != 2 {
		t.Fatalf("it was asked for %d times", n)
	}
	h.run()
	h.await("select state = 'full' from demo")
	h.awaitRest()
	h.checkFilled()
}

// TestFill_ofAnotherTime gives a wish that belongs to a filling that was ended.
func TestFill_ofAnotherTime(t *testing.T) {
	t.Parallel()
	h := newHouse(t, small(t)[:1])
	h.must(h.demo.StartOnEmpty(ctx()))
	h.must(h.demo.OnWanted(ctx(), envelope(t, wantedAt(time.Now().Add(-time.Hour)))))
	if n := h.Count(t, "select count(*) from demo_studios"); n != 0 {
		t.Errorf("%d studios were made for a wish that was withdrawn", n)
	}
}
