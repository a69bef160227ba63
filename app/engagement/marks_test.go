package engagement_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/engagement"
	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
	"vitrine/app/works"
)

// Marks are rows: pressed twice they are one, taken back twice they are none, and
// each effect is told once.
func TestMarks_oneEffect(t *testing.T) {
	w := newWorld(t)
	a, fan := w.studio("harbour"), w.fan("Ines")
	work := w.hang(a, "Low Water")
	for range 2 {
		w.must(w.app.Like(ctx(), fan, work.PublicID))
		w.must(w.app.Bookmark(ctx(), fan, work.PublicID))
		w.must(w.app.Follow(ctx(), fan, a.StudioID))
	}
	got := w.around(fan, work)
	if !got.Liked || !got.Bookmarked || !got.Following || got.Likes != 1 || got.Followers != 1 {
		t.Errorf("before the fold: %+v", got)
	}
	w.folded()
	if again := w.around(fan, work); again.Likes != 1 || again.Followers != 1 {
		t.Errorf("after the fold: %+v", again)
	}
	if other := w.around(uuid.Nil, work); other.Liked || other.Following || other.Likes != 1 {
		t.Errorf("a visitor sees %+v", other)
	}
	for range 2 {
		w.must(w.app.Unlike(ctx(), fan, work.PublicID))
		w.must(w.app.Unbookmark(ctx(), fan, work.PublicID))
		w.must(w.app.Unfollow(ctx(), fan, a.StudioID))
	}
	if got := w.around(fan, work); got.Liked || got.Bookmarked || got.Following || got.Likes != 0 || got.Followers != 0 {
		t.Errorf("taken back: %+v", got)
	}
	w.folded()
	for _, name := range []string{"engagement.liked.v1", "engagement.unliked.v1", "engagement.followed.v1", "engagement.unfollowed.v1"} {
		if n := w.events(name); n != 1 {
			t.Errorf("%s was told %d times", name, n)
		}
	}
}

// Many at once lose none, however often each presses, while folds run.
func TestMarks_manyAtOnce(t *testing.T) {
	w := newWorld(t)
	a := w.studio("harbour")
	work := w.hang(a, "Low Water")
	const people = 40
	var all sync.WaitGroup
	errs := make(chan error, 4*people)
	for i := range people {
		fan := w.fan(fmt.Sprint("fan", i))
		for range 2 {
			all.Go(func() { errs <- w.app.Like(ctx(), fan, work.PublicID) })
		}
		all.Go(func() { errs <- w.app.Follow(ctx(), fan, a.StudioID) })
		if i%5 == 0 {
			all.Go(func() {
				_, err := w.job.Fold(ctx())
				errs <- err
			})
		}
	}
	all.Wait()
	close(errs)
	for err := range errs {
		w.must(err)
	}
	if got := w.around(uuid.Nil, work); got.Likes != people || got.Followers != people {
		t.Errorf("%d likes, %d followers", got.Likes, got.Followers)
	}
	w.folded()
	counts, err := w.app.CountsOf(ctx(), []uuid.UUID{work.ID})
	w.must(err)
	if counts[work.ID].Likes != people {
		t.Errorf("counted %+v", counts)
	}
}

// Nothing can be done with what nobody outside can see, nor by people or in
// studios that are suspended or end.
func TestMarks_refused(t *testing.T) {
	w := newWorld(t)
	a, fan := w.studio("harbour"), w.fan("Ines")
	work := w.hang(a, "Low Water")
	draft, err := w.works.Save(ctx(), a, works.Target{CreationKey: idem.NewKey()}, works.Edit{Title: "Later", FormKey: "test"})
	w.must(err)
	for what, c := range map[string]struct {
		change, back string
		want         fault.Kind
	}{
		"hidden":        {"update works set hidden = true, hidden_for = 1", "update works set hidden = false, hidden_for = 0", fault.NotFound},
		"archived":      {"update works set state = 'archived' where published_at is not null", "update works set state = 'published' where published_at is not null", fault.NotFound},
		"person shut":   {"update users set suspended_at = now(), suspended_reason = 'x' where name = 'Ines'", "update users set suspended_at = null, suspended_reason = ''", fault.Forbidden},
		"person leaves": {"update users set closing_asked_at = now(), closing_at = now() where name = 'Ines'", "update users set closing_asked_at = null, closing_at = null", fault.Conflict},
		"studio shut":   {"update studios set suspended_at = now(), suspended_reason = 'x'", "update studios set suspended_at = null, suspended_reason = ''", fault.NotFound},
		"studio ends":   {"update studios set closing_asked_at = now(), closing_at = now()", "update studios set closing_asked_at = null, closing_at = null", fault.NotFound},
	} {
		w.Exec(t, c.change)
		t.Run(what, func(t *testing.T) {
			wantKind(t, w.app.Like(ctx(), fan, work.PublicID), c.want)
			wantKind(t, w.app.Bookmark(ctx(), fan, work.PublicID), c.want)
			_, err := w.app.Comment(ctx(), engagement.Note{UserID: fan, Work: work.PublicID, Body: "Words", Key: idem.NewKey()})
			wantKind(t, err, c.want)
			if what != "hidden" && what != "archived" {
				wantKind(t, w.app.Follow(ctx(), fan, a.StudioID), c.want)
			}
		})
		w.Exec(t, c.back)
	}
	wantKind(t, w.app.Like(ctx(), fan, draft.PublicID), fault.NotFound)
	wantKind(t, w.app.Like(ctx(), fan, "11111111111a"), fault.NotFound)
	wantKind(t, w.app.Like(ctx(), fan, "' or true --"), fault.NotFound)
	wantKind(t, w.app.Like(ctx(), uuid.New(), work.PublicID), fault.NotFound)
	wantKind(t, w.app.Follow(ctx(), fan, uuid.New()), fault.NotFound)
	w.must(w.app.Like(ctx(), fan, work.PublicID))
}

// An unlisted work can be liked by whoever has its link.
func TestMarks_unlisted(t *testing.T) {
	w := newWorld(t)
	a, fan := w.studio("harbour"), w.fan("Ines")
	work := w.hang(a, "Low Water")
	w.Exec(t, "update works set state = 'unlisted'")
	w.must(w.app.Like(ctx(), fan, work.PublicID))
	if got := w.around(fan, work); !got.Liked {
		t.Errorf("%+v", got)
	}
}

// Lists page without losing or repeating anything.
func TestLists_pages(t *testing.T) {
	w := newWorld(t)
	fan := w.fan("Ines")
	for i := range 5 {
		a := w.studio(fmt.Sprint("studio-", i))
		work := w.hang(a, "Low Water")
		w.must(w.app.Follow(ctx(), fan, a.StudioID))
		w.must(w.app.Bookmark(ctx(), fan, work.PublicID))
	}
	seen := map[uuid.UUID]bool{}
	var from engagement.Cursor
	for range 4 {
		list, next, err := w.app.Follows(ctx(), fan, from, 2)
		w.must(err)
		for _, f := range list {
			seen[f.StudioID] = true
		}
		if from = engagement.ParseCursor(next.String()); next == (engagement.Cursor{}) {
			break
		}
	}
	if len(seen) != 5 {
		t.Errorf("follows: %d of 5", len(seen))
	}
	seen = map[uuid.UUID]bool{}
	from = engagement.Cursor{}
	for range 4 {
		ids, next, err := w.app.Bookmarks(ctx(), fan, from, 2)
		w.must(err)
		for _, work := range ids {
			seen[work] = true
		}
		if from = next; next == (engagement.Cursor{}) {
			break
		}
	}
	if len(seen) != 5 {
		t.Errorf("bookmarks: %d of 5", len(seen))
	}
}

// Recount mends counters of data that came past the acts, and Erase takes a
// person out of everything.
func TestErase(t *testing.T) {
	w := newWorld(t)
	a, fan, other := w.studio("harbour"), w.fan("Ines"), w.fan("Jon")
	work := w.hang(a, "Low Water")
	w.must(w.app.Like(ctx(), fan, work.PublicID))
	w.must(w.app.Like(ctx(), other, work.PublicID))
	w.must(w.app.Follow(ctx(), fan, a.StudioID))
	w.must(w.app.Bookmark(ctx(), fan, work.PublicID))
	answered := w.say(fan, work, "", "The fourth ridge")
	w.say(other, work, answered, "Mine too")
	w.say(fan, work, answered, "Ours")
	w.say(fan, work, "", "And another")
	hidden := w.say(fan, work, "", "Hidden words")
	w.must(w.App.Tenant(ctx(), a.StudioID, func(tx db.Tx) error { return w.app.SetHidden(ctx(), tx, a.StudioID, hidden, true) }))
	w.Exec(t, "delete from counter_changes")
	w.must(w.job.Recount(ctx()))
	w.folded()
	w.must(w.Worker.Transact(ctx(), func(tx db.Tx) error { return w.job.Erase(ctx(), tx, fan) }))
	w.must(w.Worker.Transact(ctx(), func(tx db.Tx) error { return w.job.Erase(ctx(), tx, fan) }))
	w.folded()
	got := w.around(uuid.Nil, work)
	if got.Likes != 1 || got.Followers != 0 || got.Comments != 1 || len(got.Threads) != 1 || got.Threads[0].Shown || len(got.Threads[0].Replies) != 1 {
		t.Errorf("left: %+v", got)
	}
	for _, table := range []string{"likes", "follows", "bookmarks", "comments", "commenters"} {
		if n := w.Count(t, "select count(*) from "+table+" where user_id = $1", fan); n != 0 {
			t.Errorf("%d rows of %s name the person", n, table)
		}
	}
}
