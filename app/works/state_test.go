package works

import (
	"strings"
	"sync"
	"testing"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
)

// act is a use case that changes the state.
type act struct {
	name string
	do   func(w *world, t Target, key string) (Work, error)
}

var acts = []act{
	{"publish", func(w *world, t Target, key string) (Work, error) { return w.app.Publish(ctx(), w.ours, t, nil, key) }},
	{"schedule", func(w *world, t Target, key string) (Work, error) {
		return w.app.Schedule(ctx(), w.ours, t, nil, soon(time.Hour), key)
	}},
	{"unlist", func(w *world, t Target, key string) (Work, error) { return w.app.Unlist(ctx(), w.ours, t, nil, key) }},
	{"archive", func(w *world, t Target, key string) (Work, error) { return w.app.Archive(ctx(), w.ours, t, nil, key) }},
	{"draft", func(w *world, t Target, key string) (Work, error) { return w.app.Unpublish(ctx(), w.ours, t, nil, key) }},
}

// The whole state machine: from every state by every act.
func TestStates(t *testing.T) {
	w := newWorld(t)
	into := map[State]int{StateDraft: 4, StateScheduled: 1, StatePublished: 0, StateUnlisted: 2, StateArchived: 3}
	want := map[string]State{"publish": StatePublished, "schedule": StateScheduled, "unlist": StateUnlisted, "archive": StateArchived, "draft": StateDraft}
	for _, from := range States {
		for _, a := range acts {
			target, files := w.draft(w.ours, "Low Water", 1)
			before, err := acts[into[from]].do(w, target, idem.NewKey())
			w.must(err)
			if before.State != from {
				t.Fatalf("preparing %s gave %s", from, before.State)
			}
			got, err := a.do(w, target, idem.NewKey())
			if a.name == "schedule" && from.Reachable() {
				wantKind(t, err, fault.Conflict)
				continue
			}
			if err != nil || got.State != want[a.name] {
				t.Errorf("%s of %s: got %s, %v", a.name, from, got.State, err)
				continue
			}
			if w.exposed(files[0]) != got.Visible() {
				t.Errorf("%s of %s: the file's exposure is %t", a.name, from, w.exposed(files[0]))
			}
			if (got.State == StateScheduled) != (got.PublishAt != nil) {
				t.Errorf("%s of %s: publish_at is %v", a.name, from, got.PublishAt)
			}
			if before.PublishedAt != nil && !before.PublishedAt.Equal(*got.PublishedAt) {
				t.Errorf("%s of %s moved the date of the first publication", a.name, from)
			}
		}
	}
}

func TestPublish_needsSomethingToShow(t *testing.T) {
	w := newWorld(t)
	empty, _ := w.draft(w.ours, "Nothing", 0)
	for _, a := range acts {
		_, err := a.do(w, empty, idem.NewKey())
		if a.name == "archive" || a.name == "draft" {
			w.must(err)
			continue
		}
		wantKind(t, err, fault.Invalid)
	}
	waiting := w.file(w.ours, false)
	_, err := w.app.AddMedia(ctx(), w.ours, empty, nil, waiting, idem.NewKey())
	w.must(err)
	_, err = w.app.Publish(ctx(), w.ours, empty, nil, idem.NewKey())
	if !strings.Contains(fault.FieldsOf(err)[FieldFiles], "None of the files is ready") {
		t.Fatalf("got %v", err)
	}
	w.Exec(t, "update media set usable = true where id = $1", waiting)
	w.must(w.worker.MediaUsable(ctx(), w.ours.StudioID, waiting))
	got, err := w.app.Publish(ctx(), w.ours, empty, nil, idem.NewKey())
	if err != nil || got.CoverID == nil || *got.CoverID != waiting || got.MediaCount != 1 {
		t.Fatalf("got %+v, %v", got, err)
	}
}

// A file that becomes usable after the publication joins by itself.
func TestMediaUsable_joinsAPublishedWork(t *testing.T) {
	w := newWorld(t)
	work := w.published(w.ours, "Ridges", "")
	late := w.file(w.ours, false)
	target := Target{PublicID: work.PublicID}
	_, err := w.app.AddMedia(ctx(), w.ours, target, nil, late, idem.NewKey())
	w.must(err)
	if !w.exposed(late) {
		t.Fatal("a file added to a published work is not exposed")
	}
	w.Exec(t, "update media set usable = true where id = $1", late)
	before := w.events("works.changed.v1")
	w.must(w.worker.MediaUsable(ctx(), w.ours.StudioID, late))
	p, err := w.app.ByPublicID(ctx(), work.PublicID)
	if err != nil || p.Work.MediaCount != 2 || w.events("works.changed.v1") != before+1 {
		t.Fatalf("count %d, events %d, %v", p.Work.MediaCount, w.events("works.changed.v1")-before, err)
	}
}

func TestEvents(t *testing.T) {
	w := newWorld(t)
	target, _ := w.draft(w.ours, "Quiet", 1)
	if n := w.Count(t, "select count(*) from outbox where event like 'works.%'"); n != 0 {
		t.Fatalf("a draft made %d events", n)
	}
	for i, step := range []struct {
		do   int
		name string
	}{{0, "works.published.v1"}, {0, ""}, {2, "works.unpublished.v1"}, {0, "works.published.v1"}, {3, "works.unpublished.v1"}, {4, ""}} {
		before := w.Count(t, "select count(*) from outbox where event like 'works.%'")
		_, err := acts[step.do].do(w, target, idem.NewKey())
		w.must(err)
		after := w.Count(t, "select count(*) from outbox where event like 'works.%'")
		if step.name == "" {
			if after != before {
				t.Errorf("step %d made an event", i)
			}
			continue
		}
		var last string
		w.Row(t, "select event from outbox where event like 'works.%' order by id desc limit 1")(&last)
		if after != before+1 || last != step.name {
			t.Errorf("step %d made %d events, the last %s", i, after-before, last)
		}
	}
}

func TestRoles(t *testing.T) {
	w := newWorld(t)
	target, _ := w.draft(w.ours, "Low Water", 1)
	for role, want := range map[studios.Role]fault.Kind{studios.Viewer: fault.Forbidden, studios.None: fault.NotFound, "boss": fault.NotFound} {
		a := w.ours
		a.Role = role
		_, err := w.app.Publish(ctx(), a, target, nil, idem.NewKey())
		wantKind(t, err, want)
		_, err = w.app.Save(ctx(), a, target, edit("Mine"))
		wantKind(t, err, want)
		wantKind(t, w.app.Delete(ctx(), a, target, idem.NewKey()), want)
	}
}

func TestPublish_twiceAtOnce(t *testing.T) {
	w := newWorld(t)
	target, _ := w.draft(w.ours, "Low Water", 1)
	key := idem.NewKey()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			k := key
			if i%2 == 1 {
				k = idem.NewKey()
			}
			if _, err := w.app.Publish(ctx(), w.ours, target, nil, k); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := w.events("works.published.v1"); n != 1 {
		t.Fatalf("eight presses made %d publications", n)
	}
}

func TestDelete(t *testing.T) {
	w := newWorld(t)
	work := w.published(w.ours, "Low Water", "tide")
	target, key := Target{PublicID: work.PublicID}, idem.NewKey()
	for range 2 {
		w.must(w.app.Delete(ctx(), w.ours, target, key))
	}
	w.must(w.app.Delete(ctx(), w.ours, target, idem.NewKey()))
	if n := w.Count(t, "select (select count(*) from works) + (select count(*) from work_media) + (select count(*) from work_tags)"); n != 0 {
		t.Fatalf("%d rows are left", n)
	}
	if w.Count(t, "select count(*) from media where deleted_at is null") != 0 {
		t.Fatal("the file is left")
	}
	if w.events("works.deleted.v1") != 1 || w.events("works.unpublished.v1") != 1 {
		t.Fatal("a deletion was not told once")
	}
	_, err := w.app.ByPublicID(ctx(), work.PublicID)
	wantKind(t, err, fault.NotFound)
}
