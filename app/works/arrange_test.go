package works

import (
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
)

func attach(w *world, key string, m uuid.UUID) func(tx db.Tx) error {
	return func(tx db.Tx) error {
		return w.app.AttachMedia(ctx(), tx, w.ours.StudioID, w.ours.UserID, key, m, "ridges_0611_final.jpg")
	}
}

func TestMoveAndReorder(t *testing.T) {
	w := newWorld(t)
	target, f := w.draft(w.ours, "Series", 4)
	key := idem.NewKey()
	var work Work
	var err error
	for range 2 { // a repeat moves no further
		work, err = w.app.Move(ctx(), w.ours, target, nil, f[0], 1, key)
		w.must(err)
	}
	if got, want := w.order(work), list(f[1], f[0], f[2], f[3]); got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
	for _, c := range []struct {
		file uuid.UUID
		by   int
	}{{f[1], -1}, {f[3], 1}, {f[1], -99}, {f[3], 99}} { // at either end nothing happens
		_, err := w.app.Move(ctx(), w.ours, target, nil, c.file, c.by, idem.NewKey())
		w.must(err)
	}
	if got, want := w.order(work), list(f[1], f[0], f[2], f[3]); got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
	_, err = w.app.Reorder(ctx(), w.ours, target, nil, []uuid.UUID{f[3], uuid.New(), f[2], f[3]}, idem.NewKey())
	w.must(err)
	if got, want := w.order(work), list(f[3], f[2], f[1], f[0]); got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
	b, err := w.app.Bench(ctx(), work.StudioID, target)
	if err != nil || *b.Work.CoverID != f[3] {
		t.Fatal("the cover is not the first picture")
	}
	_, err = w.app.Move(ctx(), w.ours, target, nil, uuid.New(), 1, idem.NewKey())
	wantKind(t, err, fault.NotFound)
}

// Whatever happens at once, every file has one place and there are no gaps.
func TestArrange_races(t *testing.T) {
	w := newWorld(t)
	target, f := w.draft(w.ours, "Series", 6)
	extra := []uuid.UUID{w.file(w.ours, true), w.file(w.ours, false), w.file(w.ours, true)}
	b, err := w.app.Bench(ctx(), w.ours.StudioID, target)
	w.must(err)
	var all sync.WaitGroup
	for i := range 24 {
		all.Go(func() {
			var err error
			switch i % 4 {
			case 0:
				_, err = w.app.Move(ctx(), w.ours, target, nil, f[i%3], 1-2*(i%2), idem.NewKey())
			case 1:
				order := append([]uuid.UUID{}, f...)
				rand.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
				_, err = w.app.Reorder(ctx(), w.ours, target, nil, order, idem.NewKey())
			case 2:
				err = w.App.Tenant(ctx(), w.ours.StudioID, attach(w, b.Work.CreationKey, extra[i%3]))
			default:
				_, err = w.app.RemoveMedia(ctx(), w.ours, target, nil, f[5], idem.NewKey())
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	w.order(b.Work)
	if n := w.Count(t, "select count(*) from work_media"); n != 8 {
		t.Fatalf("%d files, want 8", n)
	}
}

func TestRemoveMedia(t *testing.T) {
	w := newWorld(t)
	work := w.published(w.ours, "Series", "")
	target := Target{PublicID: work.PublicID}
	first := *work.CoverID
	_, err := w.app.RemoveMedia(ctx(), w.ours, target, nil, first, idem.NewKey())
	if fault.FieldsOf(err)[FieldFiles] == "" {
		t.Fatalf("the last picture of a published work: %v", err)
	}
	second := w.file(w.ours, true)
	_, err = w.app.AddMedia(ctx(), w.ours, target, nil, second, idem.NewKey())
	w.must(err)
	got, err := w.app.RemoveMedia(ctx(), w.ours, target, nil, first, idem.NewKey())
	if err != nil || *got.CoverID != second || w.exposed(first) || !w.exposed(second) {
		t.Fatalf("cover %v, %v", got.CoverID, err)
	}
	if w.Count(t, "select count(*) from media where id = $1 and deleted_at is null", first) != 0 {
		t.Fatal("a file that nothing holds is kept")
	}
}

// A file that hangs in two works stays exposed until the last of them is gone.
func TestExposure_ofASharedFile(t *testing.T) {
	w := newWorld(t)
	one := w.published(w.ours, "One", "")
	two, _ := w.draft(w.ours, "Two", 1)
	shared := *one.CoverID
	_, err := w.app.AddMedia(ctx(), w.ours, two, nil, shared, idem.NewKey())
	w.must(err)
	_, err = w.app.Publish(ctx(), w.ours, two, nil, idem.NewKey())
	w.must(err)
	_, err = w.app.Unpublish(ctx(), w.ours, Target{PublicID: one.PublicID}, nil, idem.NewKey())
	w.must(err)
	if !w.exposed(shared) {
		t.Fatal("the file of a published work is closed")
	}
	w.must(w.app.Delete(ctx(), w.ours, Target{PublicID: one.PublicID}, idem.NewKey()))
	if !w.exposed(shared) {
		t.Fatal("deleting one work took the file from the other")
	}
	_, err = w.app.Archive(ctx(), w.ours, two, nil, idem.NewKey())
	w.must(err)
	if w.exposed(shared) {
		t.Fatal("the file of no public work is open")
	}
}

func TestReplaceMedia(t *testing.T) {
	w := newWorld(t)
	target, f := w.draft(w.ours, "Series", 3)
	e := edit("Series")
	e.Edition = 1
	e.Items = map[uuid.UUID]ItemEdit{f[1]: {Alt: "Seven ridges", Caption: "The second", Focal: "4"}}
	_, err := w.app.Publish(ctx(), w.ours, target, &e, idem.NewKey())
	w.must(err)
	ready, late := w.file(w.ours, true), w.file(w.ours, false)
	work, err := w.app.ReplaceMedia(ctx(), w.ours, target, nil, f[1], ready, idem.NewKey())
	w.must(err)
	b, err := w.app.Bench(ctx(), work.StudioID, target)
	if err != nil || w.order(work) != list(f[0], ready, f[2]) || b.Items[1].Alt != "Seven ridges" || b.Items[1].Caption != "The second" || b.Items[1].Focal != 4 {
		t.Fatalf("got %+v, %v", b.Items, err)
	}
	// In a work that people see, the old one stays until the new one is usable.
	_, err = w.app.ReplaceMedia(ctx(), w.ours, target, nil, ready, late, idem.NewKey())
	w.must(err)
	if got, want := w.order(work), list(f[0], ready, late, f[2]); got != want || !w.exposed(ready) {
		t.Fatalf("got %s, want %s", got, want)
	}
	w.Exec(t, "update media set usable = true where id = $1", late)
	w.must(w.worker.MediaUsable(ctx(), w.ours.StudioID, late))
	if got, want := w.order(work), list(f[0], late, f[2]); got != want || w.exposed(ready) || !w.exposed(late) {
		t.Fatalf("got %s, want %s", got, want)
	}
	_, err = w.app.ReplaceMedia(ctx(), w.ours, target, nil, f[0], w.file(w.theirs, true), idem.NewKey())
	wantKind(t, err, fault.NotFound)
}

func TestMediaGone(t *testing.T) {
	w := newWorld(t)
	target, f := w.draft(w.ours, "Series", 3)
	w.Exec(t, "update media set deleted_at = now(), usable = false where id = $1", f[0])
	for range 2 {
		w.must(w.worker.MediaGone(ctx(), w.ours.StudioID, f[0]))
	}
	b, err := w.app.Bench(ctx(), w.ours.StudioID, target)
	if err != nil || w.order(b.Work) != list(f[1], f[2]) || *b.Work.CoverID != f[1] {
		t.Fatalf("got %+v, %v", b.Items, err)
	}
}
