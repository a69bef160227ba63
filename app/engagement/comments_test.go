package engagement_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/engagement"
	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
)

func TestComment(t *testing.T) {
	w := newWorld(t)
	a, fan := w.studio("harbour"), w.fan("Ines")
	work := w.hang(a, "Low Water")
	first := w.say(fan, work, "", "  The fourth ridge\r\n\r\n\r\nis mine.\x00 ")
	reply := w.say(a.UserID, work, first, "The rain.")
	w.say(fan, work, reply, "Thank you.") // a reply to a reply hangs beside it
	got := w.around(fan, work)
	if got.Comments != 3 || len(got.Threads) != 1 || len(got.Threads[0].Replies) != 2 {
		t.Fatalf("%+v", got)
	}
	thread := got.Threads[0]
	if thread.Body != "The fourth ridge\n\nis mine." || thread.Author != "Ines" || thread.ByMember || !thread.Shown || !thread.By(&fan) {
		t.Errorf("the comment is %+v", thread.Comment)
	}
	if r := thread.Replies[0]; r.PublicID != reply || !r.ByMember || r.Author != "harbour" {
		t.Errorf("the reply is %+v", r)
	}
	if w.events("engagement.commented.v1") != 3 {
		t.Error("not each comment was told")
	}
	w.folded()
	for _, body := range []string{"", " \u200b\n", strings.Repeat("a", engagement.MaxBody+1)} {
		_, err := w.app.Comment(ctx(), engagement.Note{UserID: fan, Work: work.PublicID, Body: body, Key: idem.NewKey()})
		if fault.FieldsOf(err)["body"] == "" {
			t.Errorf("%.10q: %v", body, err)
		}
	}
	w.say(fan, work, "", strings.Repeat("🐟", engagement.MaxBody))
}

// A form that is sent twice, also at the same moment, is one comment.
func TestComment_twice(t *testing.T) {
	w := newWorld(t)
	a, fan := w.studio("harbour"), w.fan("Ines")
	work := w.hang(a, "Low Water")
	n := engagement.Note{UserID: fan, Work: work.PublicID, Body: "Once", Key: idem.NewKey()}
	ids := make(chan string, 8)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			publicID, err := w.app.Comment(ctx(), n)
			if err != nil {
				t.Error(err)
			}
			ids <- publicID
		})
	}
	all.Wait()
	close(ids)
	first := <-ids
	for other := range ids {
		if other != first {
			t.Errorf("two comments: %s and %s", first, other)
		}
	}
	if n := w.Count(t, "select count(*) from comments"); n != 1 || w.events("engagement.commented.v1") != 1 {
		t.Errorf("%d comments", n)
	}
	n.Key = "short"
	_, err := w.app.Comment(ctx(), n)
	wantKind(t, err, fault.Invalid)
}

// A new account's advertisement is refused, an old one's is not looked at, and
// neither is what people say.
func TestComment_spam(t *testing.T) {
	w := newWorld(t)
	a, today, old := w.studio("harbour"), w.person("Newcomer", time.Hour), w.fan("Ines")
	work := w.hang(a, "Low Water")
	const ad = "Free spins, online casino bonus: https://win-big.top"
	_, err := w.app.Comment(ctx(), engagement.Note{UserID: today, Work: work.PublicID, Body: ad, Key: idem.NewKey()})
	if fault.FieldsOf(err)["body"] == "" {
		t.Fatalf("an advertisement: %v", err)
	}
	mine := w.say(today, work, "", "I wrote about this light: https://example.org/light")
	if err := w.app.EditComment(ctx(), today, mine, ad); fault.FieldsOf(err)["body"] == "" {
		t.Errorf("an advertisement as an edit: %v", err)
	}
	w.say(old, work, "", ad)
}

func TestEditComment(t *testing.T) {
	w := newWorld(t)
	a, fan, other := w.studio("harbour"), w.fan("Ines"), w.fan("Jon")
	work := w.hang(a, "Low Water")
	mine := w.say(fan, work, "", "Frist")
	for range 2 {
		w.must(w.app.EditComment(ctx(), fan, mine, "First"))
	}
	c := w.around(fan, work).Threads[0]
	if c.Body != "First" || c.EditedAt == nil || w.events("engagement.comment_changed.v1") != 1 {
		t.Errorf("%+v", c)
	}
	for _, by := range []uuid.UUID{other, a.UserID} {
		wantKind(t, w.app.EditComment(ctx(), by, mine, "Mine"), fault.NotFound)
	}
	w.must(w.app.Lock(ctx(), a.UserID, a.StudioID, work.PublicID, true))
	wantKind(t, w.app.EditComment(ctx(), fan, mine, "Other"), fault.Conflict)
	_, err := w.app.Own(ctx(), other, work.ID, mine)
	wantKind(t, err, fault.NotFound)
}

// Editing asks for as much as writing does, and what a moderator hid stays as it
// was reported.
func TestEditComment_refused(t *testing.T) {
	w := newWorld(t)
	a, fan := w.studio("harbour"), w.fan("Ines")
	work := w.hang(a, "Low Water")
	mine := w.say(fan, work, "", "First")
	for what, c := range map[string]struct {
		change, back string
		want         fault.Kind
	}{
		"hidden":      {"update comments set hidden = true", "update comments set hidden = false", fault.NotFound},
		"work hidden": {"update works set hidden = true, hidden_for = 16", "update works set hidden = false, hidden_for = 0", fault.NotFound},
		"studio shut": {"update studios set suspended_at = now(), suspended_reason = 'x'", "update studios set suspended_at = null, suspended_reason = ''", fault.NotFound},
		"person shut": {"update users set suspended_at = now(), suspended_reason = 'x' where name = 'Ines'", "update users set suspended_at = null, suspended_reason = ''", fault.Forbidden},
		"blocked":     {"insert into blocks (blocker_id, blocked_id, created_at) select user_id, (select id from users where name = 'Ines'), now() from memberships", "delete from blocks", fault.Forbidden},
	} {
		w.Exec(t, c.change)
		t.Run(what, func(t *testing.T) { wantKind(t, w.app.EditComment(ctx(), fan, mine, "Other"), c.want) })
		w.Exec(t, c.back)
	}
	w.must(w.app.EditComment(ctx(), fan, mine, "Other"))
}

// The words of a deleted comment are gone; its place stays while replies hang on
// it, and goes with the last of them.
func TestDeleteComment(t *testing.T) {
	w := newWorld(t)
	a, fan, other, viewer, editor := w.studio("harbour"), w.fan("Ines"), w.fan("Jon"), w.fan("Vera"), w.fan("Edda")
	w.join(a, viewer, studios.Viewer)
	w.join(a, editor, studios.Editor)
	work := w.hang(a, "Low Water")
	first := w.say(fan, work, "", "Secret words")
	reply := w.say(other, work, first, "Loud words")
	wantKind(t, w.app.DeleteComment(ctx(), other, first), fault.NotFound)
	wantKind(t, w.app.DeleteComment(ctx(), viewer, first), fault.Forbidden)
	for range 2 {
		w.must(w.app.DeleteComment(ctx(), fan, first))
	}
	got := w.around(fan, work)
	if got.Comments != 1 || len(got.Threads) != 1 || got.Threads[0].Shown || got.Threads[0].Body != "" || got.Threads[0].Author != "" || got.Threads[0].UserID != nil {
		t.Errorf("%+v", got)
	}
	if n := w.Count(t, "select count(*) from comments where body like '%Secret%'"); n != 0 {
		t.Error("the words are left")
	}
	_, err := w.app.Comment(ctx(), engagement.Note{UserID: fan, Work: work.PublicID, Parent: first, Body: "To nobody", Key: idem.NewKey()})
	wantKind(t, err, fault.Conflict)
	w.must(w.app.DeleteComment(ctx(), editor, reply))
	if got := w.around(fan, work); len(got.Threads) != 0 || w.Count(t, "select count(*) from comments") != 0 {
		t.Errorf("left: %+v", got.Threads)
	}
	if n := w.events("engagement.comment_deleted.v1"); n != 2 {
		t.Errorf("told %d times", n)
	}
	w.folded()
}

func TestLock(t *testing.T) {
	w := newWorld(t)
	a, b, fan := w.studio("harbour"), w.studio("nord"), w.fan("Ines")
	work := w.hang(a, "Low Water")
	w.say(fan, work, "", "Before")
	wantKind(t, w.app.Lock(ctx(), fan, a.StudioID, work.PublicID, true), fault.NotFound)
	wantKind(t, w.app.Lock(ctx(), b.UserID, b.StudioID, work.PublicID, true), fault.NotFound)
	for range 2 {
		w.must(w.app.Lock(ctx(), a.UserID, a.StudioID, work.PublicID, true))
	}
	if got := w.around(fan, work); !got.Locked || len(got.Threads) != 1 {
		t.Errorf("%+v", got)
	}
	_, err := w.app.Comment(ctx(), engagement.Note{UserID: fan, Work: work.PublicID, Body: "After", Key: idem.NewKey()})
	wantKind(t, err, fault.Conflict)
	for range 2 {
		w.must(w.app.Lock(ctx(), a.UserID, a.StudioID, work.PublicID, false))
	}
	w.say(fan, work, "", "After")
}

// Names follow their people; the comments of whoever is suspended are not shown,
// and what a moderator hides is not, either.
func TestComments_whoIsShown(t *testing.T) {
	w := newWorld(t)
	a, fan := w.studio("harbour"), w.fan("Ines")
	work := w.hang(a, "Low Water")
	mine := w.say(fan, work, "", "Words")
	w.must(w.accounts.Rename(ctx(), fan, "Ines Okafor"))
	w.must(w.job.OnRenamed(ctx(), w.last("accounts.renamed.v1")))
	if c := w.around(fan, work).Threads[0]; c.Author != "Ines Okafor" {
		t.Errorf("the name is %q", c.Author)
	}
	w.Exec(t, "update users set suspended_at = now(), suspended_reason = 'x' where id = $1", fan)
	shut := bus.Envelope{Name: accounts.UserSuspended{}.EventName(), Payload: []byte(`{"user_id":"` + fan.String() + `"}`)}
	w.must(w.job.OnSuspended(ctx(), shut))
	if got := w.around(uuid.Nil, work); len(got.Threads) != 0 {
		t.Errorf("a suspended person's: %+v", got.Threads)
	}
	w.Exec(t, "update users set suspended_at = null, suspended_reason = ''")
	w.must(w.job.OnReinstated(ctx(), bus.Envelope{Name: accounts.UserReinstated{}.EventName(), Payload: shut.Payload}))
	for _, hidden := range []bool{true, true, false, false} {
		w.must(w.App.Tenant(ctx(), a.StudioID, func(tx db.Tx) error { return w.app.SetHidden(ctx(), tx, a.StudioID, mine, hidden) }))
		if got := w.around(fan, work); (len(got.Threads) == 0) != hidden || (got.Comments == 0) != hidden {
			t.Errorf("hidden %t: %+v", hidden, got)
		}
	}
	w.folded()
}

// What a moderator hid is not replied to, and its author deletes it without its
// being counted twice.
func TestHidden_repliesAndCounts(t *testing.T) {
	w := newWorld(t)
	a, fan := w.studio("harbour"), w.fan("Ines")
	work := w.hang(a, "Low Water")
	mine := w.say(fan, work, "", "Words")
	w.say(fan, work, "", "Other words")
	w.must(w.App.Tenant(ctx(), a.StudioID, func(tx db.Tx) error { return w.app.SetHidden(ctx(), tx, a.StudioID, mine, true) }))
	_, err := w.app.Comment(ctx(), engagement.Note{UserID: fan, Work: work.PublicID, Parent: mine, Body: "A reply", Key: idem.NewKey()})
	wantKind(t, err, fault.Conflict)
	w.must(w.app.DeleteComment(ctx(), fan, mine))
	if got := w.around(fan, work); got.Comments != 1 || len(got.Threads) != 1 {
		t.Errorf("left: %+v", got)
	}
	w.folded()

	// Recount reads the rows as pages do, and forgets what waited: it is in them.
	first := w.say(fan, work, "", "A thread")
	w.say(fan, work, first, "Its reply")
	w.must(w.app.DeleteComment(ctx(), fan, first)) // its place stays
	hidden := w.say(fan, work, "", "Hidden")
	w.must(w.App.Tenant(ctx(), a.StudioID, func(tx db.Tx) error { return w.app.SetHidden(ctx(), tx, a.StudioID, hidden, true) }))
	w.must(w.job.Recount(ctx()))
	w.folded()
	if got := w.around(fan, work); got.Comments != 2 {
		t.Errorf("%d comments are counted", got.Comments)
	}
}

// last is the latest event of a name.
func (w *world) last(name string) bus.Envelope {
	w.t.Helper()
	env := bus.Envelope{Name: name}
	w.must(w.Owner.QueryRow("select id, payload from outbox where event = $1 order by id desc limit 1", name).Scan(&env.ID, &env.Payload))
	return env
}

// Long conversations page: comments from the newest, the replies of one from the
// first.
func TestComments_pages(t *testing.T) {
	w := newWorld(t)
	a, fan := w.studio("harbour"), w.fan("Ines")
	work := w.hang(a, "Low Water")
	const more = engagement.ThreadsPerPage + 3
	var parent string
	for i := range more {
		parent = w.say(fan, work, "", fmt.Sprint("Comment ", i))
	}
	for i := range engagement.RepliesShown + 2 {
		w.say(fan, work, parent, fmt.Sprint("Reply ", i))
	}
	got := w.around(fan, work)
	if len(got.Threads) != engagement.ThreadsPerPage || got.Threads[0].Body != fmt.Sprint("Comment ", more-1) || got.Next == (engagement.Cursor{}) {
		t.Fatalf("%d comments, the first is %+v", len(got.Threads), got.Threads[0])
	}
	if r := got.Threads[0].Replies; len(r) != engagement.RepliesShown || r[0].Body != "Reply 2" || !got.Threads[0].Earlier {
		t.Errorf("the replies are %+v", r)
	}
	older, err := w.app.Around(ctx(), nil, work.ID, work.StudioID, engagement.ParseCursor(got.Next.String()))
	w.must(err)
	if len(older.Threads) != 3 || older.Threads[2].Body != "Comment 0" || older.Next != (engagement.Cursor{}) {
		t.Errorf("older: %+v", older.Threads)
	}
	thread, next, err := w.app.Thread(ctx(), &fan, work.ID, got.Threads[0].Replies[1].PublicID, engagement.Cursor{})
	w.must(err)
	if thread.PublicID != parent || len(thread.Replies) != engagement.RepliesShown+2 || thread.Replies[0].Body != "Reply 0" || next != (engagement.Cursor{}) {
		t.Errorf("the thread is %+v", thread)
	}
	_, _, err = w.app.Thread(ctx(), nil, uuid.New(), parent, engagement.Cursor{})
	wantKind(t, err, fault.NotFound)
	list, next, err := w.app.Comments(ctx(), a.StudioID, engagement.Cursor{}, 10)
	w.must(err)
	if len(list) != 10 || list[0].Body != fmt.Sprint("Reply ", engagement.RepliesShown+1) || next == (engagement.Cursor{}) {
		t.Errorf("of the studio: %+v", list)
	}
}
