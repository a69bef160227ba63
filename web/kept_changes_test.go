package web_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/engagement"
	"vitrine/app/media"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/cache"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/app/platform/redistest"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/collections"
	"vitrine/jobs"
	"vitrine/web"
)

// wing is a work and all pages on which it hangs, looked at by visitors of two processes
// that keep pages and of one that does not, while things happen.
type wing struct {
	*gallery
	t                  *testing.T
	age                func(path string) // lets six minutes go by for what is kept of a page
	cache              *cache.Cache
	blue, green, plain *browser
	told               int // events that were delivered
	pages, before      map[string]string

	owner, other   *browser
	slug           string
	studio, fan    uuid.UUID
	work           works.Work
	edit, othersAt string
	comment        string
	shelf          collections.Collection
	later          web.Services // as jobs have them
}

func newWing(t *testing.T) *wing {
	t.Helper()
	w := &wing{gallery: newGallery(t), t: t, before: map[string]string{}}
	redis := redistest.New(t)
	two := []*cache.Cache{keepsIn(t, redis, cache.KindRedis), keepsIn(t, redis, cache.KindRedis)}
	w.cache = two[1]
	client := redis.Client()
	t.Cleanup(func() { _ = client.Close() })
	w.age = func(path string) {
		key := "cache:of:page:test:" + path
		kept, err := client.Exists(t.Context(), key).Result()
		must(t, err)
		if kept == 1 {
			must(t, client.HIncrBy(t.Context(), key, "at", -(6*time.Minute).Milliseconds()).Err())
		}
	}
	// What says how long ago something was is the same on all of them.
	now := clock.Fixed(time.Now().Add(48 * time.Hour))
	open := func(c web.Config) *browser {
		s := *w.site
		c.Clock = now
		s.serve(t, c)
		return s.browser(t)
	}
	w.blue, w.green, w.plain = open(web.Config{Cache: two[0], Build: "test"}), open(web.Config{Cache: two[1], Build: "test"}), open(web.Config{})
	w.later = w.services(t, w.Worker, bus.NewOutbox(), nil)
	w.owner, w.other = w.member(t, "Teresa Lima", "teresa@example.org"), w.member(t, "Jon Berg", "jon@example.org")
	w.member(t, "Ines Costa", "ines@example.org")
	w.fan = w.userOf(t, "ines@example.org")
	w.slug, w.studio = w.studioOf(t, "teresa@example.org")
	w.Exec(t, "update users set created_at = now() - interval '1 year'")
	_, w.edit, _ = w.hang(t, w.owner, w.slug, "Quicksilver", "A tidal flat.")
	w.change(w.owner, w.edit, map[string]string{"tags": "tides"})
	var public string
	w.Row(t, "select public_id, id from works where title = 'Quicksilver'")(&public, &w.work.ID)
	w.work.PublicID = public
	must(t, w.Engagement.Like(t.Context(), w.userOf(t, "jon@example.org"), public)) // so it has a place on lists
	w.rank(t)
	w.pages = map[string]string{
		"home": "/", "explore": "/explore", "popular": "/explore/popular", "board": "/leaderboard", "tag": "/t/tides",
		"work": "/@" + w.slug + "/quicksilver-" + public, "studio": "/@" + w.slug, "shelves": "/@" + w.slug + "/c",
		"search": "/search?q=quicksilver",
	}
	return w
}

// change saves a work's form with other words.
func (w *wing) change(by *browser, edit string, words map[string]string) {
	w.t.Helper()
	words = maps.Clone(words)
	words["intent"] = "save"
	by.send(edit, by.get(edit).composed(w.t, words), nil).leads(w.t, edit)
}

// inStudio runs something in a transaction in the studio's scope.
func (w *wing) inStudio(do func(tx db.Tx) error) {
	w.t.Helper()
	must(w.t, w.Worker.Tenant(w.t.Context(), w.studio, do))
}

// look delivers what has happened since, lets six minutes go by for what is
// kept, and compares every page on every process with what would be made now.
// changed names the pages that must look different from before.
func (w *wing) look(what, changed string) {
	w.t.Helper()
	w.index(w.t) // in time: what comes later than the word of it is seen some seconds later
	all := w.happened(w.t)
	for _, env := range all[w.told:] {
		must(w.t, jobs.Cache{Kept: w.cache}.OnChanged(w.t.Context(), env))
	}
	w.told = len(all)
	for name, path := range w.pages {
		w.age(path)
		want := w.plain.get(path)
		if is := want.body != w.before[name]; slices.Contains(strings.Fields(changed), name) && !is {
			w.t.Errorf("%s: the page of %s shows nothing of it", what, name)
		}
		w.before[name] = want.body
		answersAs(w.t, what+", "+name, w.blue.get(path), want)
		for _, b := range []*browser{w.green, w.blue} {
			again := b.get(path)
			answersAs(w.t, what+", kept, "+name, again, want)
			if again.from() != "hit" && want.status == http.StatusOK && !strings.Contains(want.body, "Nothing found") {
				w.t.Errorf("%s: the page of %s is a %q", what, name, again.from())
			}
		}
	}
}

// actor is the owner of the studio.
func (w *wing) actor() works.Actor {
	return works.Actor{UserID: w.userOf(w.t, "teresa@example.org"), StudioID: w.studio, Role: studios.Owner}
}

// Whatever happens to what a kept page shows, visitors get the page that would be
// made now: nothing that changes it is missing among the events.
func TestKept_followsEveryChange(t *testing.T) {
	t.Parallel()
	w := newWing(t)
	w.look("hung", "home explore popular board tag work studio shelves search")
	for _, step := range slices.Concat(w.talk(), w.people(), w.neighbours(), w.shelves(), w.ends()) {
		step.do()
		w.look(step.what, step.changed)
		if t.Failed() {
			return
		}
	}
}

type step struct {
	what    string
	do      func()
	changed string
}

func (w *wing) talk() []step {
	ctx := w.t.Context()
	return []step{
		{"a comment", func() {
			var err error
			w.comment, err = w.Engagement.Comment(ctx, engagement.Note{UserID: w.fan, Work: w.work.PublicID, Body: "The fourth ridge.", Key: idem.NewKey()})
			must(w.t, err)
		}, "work"},
		{"other words", func() { must(w.t, w.Engagement.EditComment(ctx, w.fan, w.comment, "The fifth ridge.")) }, "work"},
		{"a comment that is hidden", func() {
			w.inStudio(func(tx db.Tx) error { return w.Engagement.SetHidden(ctx, tx, w.studio, w.comment, true) })
		}, "work"},
		{"and shown", func() {
			w.inStudio(func(tx db.Tx) error { return w.Engagement.SetHidden(ctx, tx, w.studio, w.comment, false) })
		}, "work"},
		{"comments that are closed", func() { must(w.t, w.Engagement.Lock(ctx, w.actor().UserID, w.studio, w.work.PublicID, true)) }, "work"},
		{"and open", func() { must(w.t, w.Engagement.Lock(ctx, w.actor().UserID, w.studio, w.work.PublicID, false)) }, "work"},
		{"a like", func() { must(w.t, w.Engagement.Like(ctx, w.fan, w.work.PublicID)) }, "work"},
		{"a like taken back", func() { must(w.t, w.Engagement.Unlike(ctx, w.fan, w.work.PublicID)) }, "work"},
		{"a follower", func() { must(w.t, w.Engagement.Follow(ctx, w.fan, w.studio)) }, "studio"},
		{"who leaves", func() { must(w.t, w.Engagement.Unfollow(ctx, w.fan, w.studio)) }, "studio"},
	}
}

// hears gives the last event of a name to who keeps the names beside comments.
func (w *wing) hears(name string) {
	w.t.Helper()
	for _, env := range slices.Backward(w.happened(w.t)) {
		if env.Name == name {
			h := jobs.Handlers{Engagement: w.later.Engagement}
			for _, s := range h.Subscriptions() {
				if s.Event == name && strings.HasPrefix(s.Name, "engagement.") {
					must(w.t, s.Handle(w.t.Context(), env))
				}
			}
			return
		}
	}
	w.t.Fatalf("%s has not happened", name)
}

func (w *wing) people() []step {
	ctx := w.t.Context()
	suspend := func(do func(tx db.Tx) error, event string) {
		w.t.Helper()
		must(w.t, w.Worker.Transact(ctx, do))
		w.hears(event)
	}
	return []step{
		{"another name", func() {
			must(w.t, w.Accounts.Rename(ctx, w.fan, "Inês Costa"))
			w.hears(accounts.Renamed{}.EventName())
		}, "work"},
		{"an author who is suspended", func() {
			suspend(func(tx db.Tx) error {
				_, err := w.later.Accounts.Suspend(ctx, tx, w.fan, w.actor().UserID, "Adverts below many works.")
				return err
			}, accounts.UserSuspended{}.EventName())
		}, "work"},
		{"and is not any more", func() {
			suspend(func(tx db.Tx) error {
				_, err := w.later.Accounts.Reinstate(ctx, tx, w.fan, w.actor().UserID)
				return err
			}, accounts.UserReinstated{}.EventName())
		}, "work"},
		{"an author who likes and follows", func() {
			must(w.t, w.Engagement.Like(ctx, w.fan, w.work.PublicID))
			must(w.t, w.Engagement.Follow(ctx, w.fan, w.studio))
		}, "work studio"},
		{"and leaves for good", func() {
			must(w.t, w.Worker.Transact(ctx, func(tx db.Tx) error { return w.later.Engagement.Erase(ctx, tx, w.fan) }))
		}, "work studio"},
	}
}

// hangAnother publishes a second work of the studio, with a picture of its own.
func (w *wing) hangAnother() {
	w.t.Helper()
	at := w.owner.get("/studio/" + w.slug + "/new").location
	w.owner.send(at, w.owner.get(at).composed(w.t, map[string]string{"title": "Low Water", "intent": "upload"}), map[string][]byte{"a.jpg": mediatest.JPEG(w.t, 640, 400)}).leads(w.t, at+"#files")
	w.process(w.t)
	w.owner.send(at, w.owner.get(at).composed(w.t, map[string]string{"intent": "publish"}), nil)
}

// resize makes the sizes of the work's cover others.
func (w *wing) resize(served string) {
	w.t.Helper()
	var file uuid.UUID
	w.Row(w.t, "select cover_id from works where id = $1", w.work.ID)(&file)
	w.Exec(w.t, `update media set served = $2 where id = $1`, file, served)
	must(w.t, w.Worker.Transact(w.t.Context(), func(tx db.Tx) error {
		return bus.NewOutbox().Publish(w.t.Context(), tx, media.SizesMade{Fact: media.Fact{StudioID: w.studio, MediaID: file}})
	}))
}

func (w *wing) version() (n int64) {
	w.t.Helper()
	w.Row(w.t, "select version from collections where id = $1", w.shelf.ID)(&n)
	return n
}

// press does with what hangAnother has hung as a button of its page says.
func (w *wing) press(intent string) {
	w.t.Helper()
	edit := "/studio/" + w.slug + "/works/" + w.another()
	w.owner.send(edit, w.owner.get(edit).composed(w.t, map[string]string{"intent": intent}), nil)
}

// another is the public id of what hangAnother has hung.
func (w *wing) another() (publicID string) {
	w.t.Helper()
	w.Row(w.t, "select public_id from works where title = 'Low Water'")(&publicID)
	return publicID
}

func (w *wing) neighbours() []step {
	theirs, _ := w.studioOf(w.t, "jon@example.org")
	return []step{
		{"a neighbour", w.hangAnother, "home explore work studio"},
		{"a work elsewhere", func() { _, w.othersAt, _ = w.hang(w.t, w.other, theirs, "Ebb", "") }, "home explore"},
		{"which has the same tag now", func() { w.change(w.other, w.othersAt, map[string]string{"tags": "Tides, mud"}) }, "tag work"},
		{"and another title", func() { w.change(w.other, w.othersAt, map[string]string{"title": "Flood"}) }, "home explore tag work"},
		{"and the tag no more", func() { w.change(w.other, w.othersAt, map[string]string{"tags": "mud"}) }, "tag work"},
		{"another size of a picture", func() { w.resize(`{"jpeg":[320]}`) }, "home explore popular tag work studio"},
		{"a neighbour that goes", func() { w.press("draft") }, "home explore work studio"},
	}
}

func (w *wing) shelves() []step {
	ctx := w.t.Context()
	words := collections.Words{Title: "Estuaries", Shown: true}
	return []step{
		{"a collection", func() {
			var err error
			w.shelf, err = w.Collections.Create(ctx, w.actor(), words, idem.NewKey())
			must(w.t, err)
			_, err = w.Collections.Add(ctx, w.actor(), w.shelf.PublicID, []string{w.work.PublicID})
			must(w.t, err)
			w.pages["collection"] = "/@" + w.slug + "/c/estuaries-" + w.shelf.PublicID
		}, "work studio shelves collection"},
		{"another work in it", func() {
			w.press("publish")
			_, err := w.Collections.Add(ctx, w.actor(), w.shelf.PublicID, []string{w.another()})
			must(w.t, err)
		}, "home explore work studio collection"},
		{"which comes first", func() {
			must(w.t, w.Collections.Do(ctx, w.actor(), w.shelf.PublicID, w.another(), collections.First, 1))
		}, "studio shelves collection"},
		{"the first one on the cover", func() {
			must(w.t, w.Collections.Do(ctx, w.actor(), w.shelf.PublicID, w.work.PublicID, collections.OnCover, 1))
		}, "studio shelves"},
		{"and leaves", func() {
			must(w.t, w.Collections.Do(ctx, w.actor(), w.shelf.PublicID, w.another(), collections.Remove, 0))
		}, "collection"},
		{"another title of it", func() {
			_, err := w.Collections.Save(ctx, w.actor(), w.shelf.PublicID, collections.Words{Version: w.version(), Title: "Mud", Shown: true})
			must(w.t, err)
			w.pages["collection"] = "/@" + w.slug + "/c/mud-" + w.shelf.PublicID
		}, "work studio shelves collection"},
		{"one that is hidden", func() {
			w.inStudio(func(tx db.Tx) error { return w.Collections.SetHidden(ctx, tx, w.studio, w.shelf.ID, true) })
		}, "work studio shelves collection"},
		{"and shown", func() {
			w.inStudio(func(tx db.Tx) error { return w.Collections.SetHidden(ctx, tx, w.studio, w.shelf.ID, false) })
		}, "work studio shelves collection"},
		{"another size of a picture in it", func() { w.resize(`{"jpeg":[480]}`) }, "home explore popular tag work studio shelves collection"},
		{"one that is removed", func() { must(w.t, w.Collections.Delete(ctx, w.actor(), w.shelf.PublicID)) }, "work studio shelves collection"},
	}
}

func (w *wing) ends() []step {
	ctx, settings := w.t.Context(), "/studio/"+w.slug+"/settings"
	set := func(fields map[string]string) {
		w.t.Helper()
		w.owner.post(settings, w.owner.get(settings).fill(w.t, settings, fields))
	}
	hidden := func(on bool) func() {
		return func() {
			w.inStudio(func(tx db.Tx) error {
				return w.Works.SetHidden(ctx, tx, w.studio, w.work.ID, works.HiddenByModeration, on)
			})
		}
	}
	return []step{
		{"other words of a work", func() { w.change(w.owner, w.edit, map[string]string{"story": "A tidal flat at noon."}) }, "work"},
		{"covered until one asks", func() {
			w.inStudio(func(tx db.Tx) error { return w.Works.MarkSensitive(ctx, tx, w.studio, w.work.ID, true) })
		}, "home explore popular board tag work studio"},
		{"and no more", func() {
			w.inStudio(func(tx db.Tx) error { return w.Works.MarkSensitive(ctx, tx, w.studio, w.work.ID, false) })
			w.change(w.owner, w.edit, map[string]string{"sensitive": ""})
		}, "work"},
		{"a studio's name", func() { set(map[string]string{"name": "Estuary Press"}) }, "home explore board tag work studio shelves search"},
		{"taken down", hidden(true), "home explore popular board tag work studio search"},
		{"put up again", hidden(false), "home explore popular board tag work studio search"},
		{"a studio that is suspended", func() {
			w.inStudio(func(tx db.Tx) error { return w.Works.HideStudio(ctx, tx, w.studio, works.HiddenBySuspension) })
		}, "home explore popular board tag work studio search"},
		{"and is not any more", func() {
			w.inStudio(func(tx db.Tx) error { return w.Works.ShowStudio(ctx, tx, w.studio, works.HiddenBySuspension) })
		}, "home explore popular board tag work studio"},
		{"another title, so another address", func() { w.change(w.owner, w.edit, map[string]string{"title": "Mercury"}) }, "home explore popular board tag work studio search"},
		{"another address of the studio", func() { set(map[string]string{"slug": "estuary"}) }, "home explore board tag studio shelves"},
		{"without the tag", func() {
			edit := strings.Replace(w.edit, w.slug, "estuary", 1)
			w.change(w.owner, edit, map[string]string{"tags": "silver"})
		}, "tag"},
	}
}
