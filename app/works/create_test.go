package works

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
)

func TestCreate_inOneStep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.file(w.ours, true), w.file(w.ours, false)
	e := edit("")
	e.Tags, e.Items = "ridge, dawn", map[uuid.UUID]ItemEdit{second: {Alt: "A ridge"}, id.New(): {Alt: "Nobody's"}}
	n := Whole{Edit: e, Media: []uuid.UUID{second, first}, State: StatePublished}
	key := idem.NewKey()
	work, again, err := w.app.Create(ctx(), w.ours, n, key)
	w.must(err)
	if again || work.State != StatePublished || work.Title != "Ridges" || work.MediaCount != 1 || *work.CoverID != first {
		t.Errorf("%+v, again %v", work, again)
	}
	p, files, err := w.app.Own(ctx(), w.ours.StudioID, work.PublicID)
	w.must(err)
	if len(p.Items) != 2 || len(files) != 2 || p.Items[0].MediaID != second || p.Items[0].Alt != "A ridge" || len(p.Work.Tags) != 2 {
		t.Errorf("%+v", p)
	}
	if !w.exposed(first) || w.events("works.published.v1") != 1 {
		t.Error("it is not open")
	}

	// The same again, from several at once.
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			same, again, err := w.app.Create(ctx(), w.ours, n, key)
			if err != nil || !again || same.ID != work.ID {
				t.Errorf("the repeat gave %+v, again %v: %v", same.PublicID, again, err)
			}
		})
	}
	wait.Wait()
	if got := w.Count(t, "select count(*) from works"); got != 1 {
		t.Errorf("%d works", got)
	}

	other := n
	other.Edit.Title = "Something else"
	if _, _, err := w.app.Create(ctx(), w.ours, other, key); !errors.Is(err, ErrKeyReused) || !fault.Is(err, fault.Invalid) {
		t.Errorf("another work with the same key: %v", err)
	}
	elsewhere := w.ours
	elsewhere.StudioID = w.theirs.StudioID
	if _, _, err := w.app.Create(ctx(), elsewhere, n, key); !errors.Is(err, ErrKeyReused) {
		t.Errorf("the same work in another studio with the same key: %v", err)
	}
	if _, again, err := w.app.Create(ctx(), w.theirs, Whole{Edit: edit("Mine"), State: StateDraft}, key); err != nil || again {
		t.Errorf("somebody else's key is this one's: %v", err)
	}

	w.must(w.app.Delete(ctx(), w.ours, Target{PublicID: work.PublicID}, idem.NewKey()))
	_, _, err = w.app.Create(ctx(), w.ours, n, key)
	wantKind(t, err, fault.NotFound)
}

func TestCreate_refuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	usable, pending, theirs, failed := w.file(w.ours, true), w.file(w.ours, false), w.file(w.theirs, true), w.file(w.ours, false)
	w.Exec(t, "update media set state = 'failed', failure = 'It is no picture.' where id = $1", failed)
	for name, c := range map[string]struct {
		new   Whole
		field string
	}{
		"no file":         {Whole{State: StatePublished}, FieldFiles},
		"none is usable":  {Whole{State: StatePublished, Media: []uuid.UUID{pending}}, FieldFiles},
		"another's file":  {Whole{State: StateDraft, Media: []uuid.UUID{usable, theirs}}, FileField(1)},
		"a failed file":   {Whole{State: StateDraft, Media: []uuid.UUID{failed}}, FileField(0)},
		"a file twice":    {Whole{State: StateDraft, Media: []uuid.UUID{usable, usable}}, FileField(1)},
		"the past":        {Whole{State: StateScheduled, Media: []uuid.UUID{usable}, PublishAt: time.Now().Add(-time.Hour)}, FieldWhen},
		"nothing to open": {Whole{State: StateScheduled, PublishAt: time.Now().Add(time.Hour)}, FieldFiles},
		"another state":   {Whole{State: StateArchived}, "state"},
		"a long title":    {Whole{State: StateDraft, Edit: edit(strings.Repeat("x", MaxTitle+1))}, FieldTitle},
	} {
		key := idem.NewKey()
		_, _, err := w.app.Create(ctx(), w.ours, c.new, key)
		if fault.FieldsOf(err)[c.field] == "" {
			t.Errorf("%s: %v %v", name, err, fault.FieldsOf(err))
		}
		// The key is free again: what was refused had no effect.
		if _, again, err := w.app.Create(ctx(), w.ours, Whole{State: StateDraft, Edit: edit(name)}, key); err != nil || again {
			t.Errorf("%s: the key is spoilt: %v", name, err)
		}
	}
	if got := w.Count(t, "select count(*) from works where state <> 'draft'"); got != 0 {
		t.Errorf("%d works got out", got)
	}
	work, _, err := w.app.Create(ctx(), w.ours, Whole{State: StateScheduled, Media: []uuid.UUID{pending}, PublishAt: time.Now().Add(time.Hour)}, idem.NewKey())
	w.must(err)
	if work.State != StateScheduled || work.PublishAt == nil {
		t.Errorf("%+v", work)
	}
	viewer := w.ours
	viewer.Role = "viewer"
	_, _, err = w.app.Create(ctx(), viewer, Whole{State: StateDraft}, idem.NewKey())
	wantKind(t, err, fault.Forbidden)
}

func TestOne_andStudioOf(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	open := w.published(w.ours, "Open", "")
	draft, _ := w.draft(w.ours, "Draft", 1)
	if p, err := w.app.One(ctx(), open.PublicID); err != nil || p.Work.Title != "Open" || len(p.Items) != 1 {
		t.Errorf("%+v, %v", p, err)
	}
	_, err := w.app.One(ctx(), draft.PublicID)
	wantKind(t, err, fault.NotFound)
	if of, err := w.app.StudioOf(ctx(), draft.PublicID); err != nil || of != w.ours.StudioID {
		t.Errorf("%s, %v", of, err)
	}
	for _, nothing := range []string{"", "x", id.Public()} {
		_, err := w.app.StudioOf(ctx(), nothing)
		wantKind(t, err, fault.NotFound)
		_, err = w.app.One(ctx(), nothing)
		wantKind(t, err, fault.NotFound)
	}
	_, _, err = w.app.Own(ctx(), w.theirs.StudioID, draft.PublicID)
	wantKind(t, err, fault.NotFound)
	list, next, covers, err := w.app.OfState(ctx(), w.ours.StudioID, StateDraft, Cursor{}, 10)
	if err != nil || len(list) != 1 || len(covers) != 1 || next != (Cursor{}) {
		t.Errorf("%v, %v, %v", list, covers, err)
	}
	if list, _, _, err := w.app.OfState(ctx(), w.theirs.StudioID, StateDraft, Cursor{}, 10); err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
}
