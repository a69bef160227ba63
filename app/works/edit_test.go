package works

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/idem"
)

func TestSave_limits(t *testing.T) {
	w := newWorld(t)
	long := func(n int) string { return strings.Repeat("ü", n) }
	for name, c := range map[string]struct {
		change func(e *Edit)
		field  string // empty: it is saved
	}{
		"title at its limit":   {func(e *Edit) { e.Title = long(MaxTitle) }, ""},
		"title":                {func(e *Edit) { e.Title = long(MaxTitle + 1) }, FieldTitle},
		"story at its limit":   {func(e *Edit) { e.Story = long(MaxStory) }, ""},
		"story":                {func(e *Edit) { e.Story = long(MaxStory + 1) }, FieldStory},
		"credits":              {func(e *Edit) { e.Credits = long(MaxCredits + 1) }, FieldCredits},
		"ten tags":             {func(e *Edit) { e.Tags = "a,b,c,d,e,f,g,h,i,j" }, ""},
		"eleven tags":          {func(e *Edit) { e.Tags = "a,b,c,d,e,f,g,h,i,j,k" }, FieldTags},
		"eleven, two the same": {func(e *Edit) { e.Tags = "a,b,c,d,e,f,g,h,i,j,#A" }, ""},
		"long tag":             {func(e *Edit) { e.Tags = long(MaxTag + 1) }, FieldTags},
		"tag without letters":  {func(e *Edit) { e.Tags = "!!!" }, FieldTags},
		"licence":              {func(e *Edit) { e.Licence = "mine" }, FieldLicence},
		"no licence said":      {func(e *Edit) { e.Licence = "" }, ""},
		"year":                 {func(e *Edit) { e.Year = "02024" }, ""},
		"year in words":        {func(e *Edit) { e.Year = "last" }, FieldYear},
		"year beyond":          {func(e *Edit) { e.Year = "99999999999999999999" }, FieldYear},
		"language":             {func(e *Edit) { e.Lang = "<b>" }, FieldLang},
		"right-to-left":        {func(e *Edit) { e.Lang, e.Title = "ar", "المدينة" }, ""},
		"NUL and control":      {func(e *Edit) { e.Title, e.Story, e.Tags = "a\x00b\x1b", "x\x00\x7f", "t\x00ag" }, ""},
		"invalid UTF-8":        {func(e *Edit) { e.Title, e.Credits, e.Tags = "a\xff", "\xc3\x28", "\xffx" }, ""},
	} {
		e := edit("Low Water")
		c.change(&e)
		_, err := w.app.Save(ctx(), w.ours, Target{CreationKey: idem.NewKey()}, e)
		if c.field == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if message := fault.FieldsOf(err)[c.field]; message == "" {
			t.Errorf("%s: got %v", name, err)
		}
	}
	item := Edit{Items: map[uuid.UUID]ItemEdit{}}
	m := uuid.New()
	item.Items[m] = ItemEdit{Alt: long(MaxAlt + 1), Caption: long(MaxCaption + 1), Focal: "9"}
	_, err := item.check()
	for _, f := range []string{FieldAlt, FieldCaption, FieldFocal} {
		if fault.FieldsOf(err)[ItemField(f, m)] == "" {
			t.Errorf("%s of a file is not checked", f)
		}
	}
}

// One row per creation key, however often and however parallel it is used.
func TestSave_creationKey(t *testing.T) {
	w := newWorld(t)
	target := Target{CreationKey: idem.NewKey()}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := w.app.Save(ctx(), w.ours, target, edit("Low Water")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := w.Count(t, "select count(*) from works"); n != 1 {
		t.Fatalf("%d works", n)
	}
	if n := w.Count(t, "select edition from works"); n != 1 {
		t.Fatalf("saving the same eight times made %d editions", n)
	}
	for _, key := range []string{"", "short", strings.Repeat("k", 65), "with space in it here", "null\x00null\x00null\x00"} {
		_, err := w.app.Save(ctx(), w.ours, Target{CreationKey: key}, edit("x"))
		wantKind(t, err, fault.NotFound)
	}
}

func TestSave_stale(t *testing.T) {
	w := newWorld(t)
	target, _ := w.draft(w.ours, "First", 1)
	mine, theirs := edit("Mine"), edit("Theirs")
	mine.Edition, mine.FormKey = 1, "my open form"
	theirs.Edition, theirs.FormKey = 1, "their open form"
	_, err := w.app.Save(ctx(), w.ours, target, theirs)
	w.must(err)
	for _, do := range []func() error{
		func() error { _, err := w.app.Save(ctx(), w.ours, target, mine); return err },
		func() error { _, err := w.app.Publish(ctx(), w.ours, target, &mine, idem.NewKey()); return err },
	} {
		err := do()
		wantKind(t, err, fault.Conflict)
		if !errors.Is(err, ErrStale) {
			t.Fatalf("got %v", err)
		}
	}
	b, err := w.app.Bench(ctx(), w.ours.StudioID, target)
	if err != nil || b.Work.Title != "Theirs" || b.Work.State != StateDraft {
		t.Fatalf("the refused form changed the work: %s, %s, %v", b.Work.Title, b.Work.State, err)
	}
	// Seen and saved again, it goes on.
	mine.Edition = b.Work.Edition
	_, err = w.app.Save(ctx(), w.ours, target, mine)
	w.must(err)
	// A form is never stale to itself: an autosave may overtake a button.
	mine.Title = "Mine, again"
	_, err = w.app.Save(ctx(), w.ours, target, mine)
	w.must(err)
	// Nor when it would change nothing.
	same := mine
	same.Edition, same.FormKey = 0, "a third form"
	_, err = w.app.Save(ctx(), w.ours, target, same)
	w.must(err)
}

// An upload that finishes, or its guessed title, turns no open form stale.
func TestAttachMedia_guessesAndKeepsForms(t *testing.T) {
	w := newWorld(t)
	key := idem.NewKey()
	m := w.file(w.ours, true)
	for range 2 {
		w.must(w.App.Tenant(ctx(), w.ours.StudioID, attach(w, key, m)))
	}
	b, err := w.app.Bench(ctx(), w.ours.StudioID, Target{CreationKey: key})
	if err != nil || b.Work.Title != "Ridges" || !b.Work.TitleGuessed || len(b.Items) != 1 {
		t.Fatalf("got %q, %d files, %v", b.Work.Title, len(b.Items), err)
	}
	e := edit("") // opened before there was a file
	e.Story = "We went up."
	got, err := w.app.Save(ctx(), w.ours, Target{CreationKey: key}, e)
	if err != nil || got.Title != "Ridges" || got.Story != "We went up." {
		t.Fatalf("got %q, %q, %v", got.Title, got.Story, err)
	}
	e.Title = "Mine"
	got, err = w.app.Save(ctx(), w.ours, Target{CreationKey: key}, e)
	if err != nil || got.Title != "Mine" || got.TitleGuessed {
		t.Fatalf("got %q, guessed %t, %v", got.Title, got.TitleGuessed, err)
	}
}
