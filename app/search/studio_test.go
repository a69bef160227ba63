package search

import (
	"encoding/json"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/works"
)

// A studio that is hidden is not found at once, its documents go with one
// event, and they come back.
func TestIndexStudio(t *testing.T) {
	w := newWorld(t)
	field, nord := w.studio("harbour-field", "Field & Co"), w.studio("nord", "Atelier Nord")
	w.hang(field, "Low Water", "sea", "")
	kept := w.hang(field, "High Water", "sea", "")
	w.hang(nord, "Water Music", "", "")
	env := func(ev bus.Event) bus.Envelope {
		raw, err := json.Marshal(ev)
		w.must(err)
		return bus.Envelope{ID: uuid.New(), Name: ev.EventName(), Payload: raw}
	}
	turn := func(do func(tx db.Tx) error) {
		t.Helper()
		w.must(w.App.Tenant(ctx(), field.StudioID, do))
	}
	turn(func(tx db.Tx) error { return w.works.HideStudio(ctx(), tx, field.StudioID, works.HiddenBySuspension) })
	if _, titles := w.find("water"); titles != "Water Music" {
		t.Errorf("before the event, %q is found", titles)
	}
	for range 2 {
		w.must(w.worker.OnStudioHidden(ctx(), env(works.StudioHidden{StudioID: field.StudioID})))
	}
	if n := w.Count(t, "select count(*) from search_documents"); n != 1 {
		t.Errorf("%d documents are left", n)
	}
	turn(func(tx db.Tx) error {
		return w.works.SetHidden(ctx(), tx, field.StudioID, kept.ID, works.HiddenByModeration, true)
	})
	turn(func(tx db.Tx) error { return w.works.ShowStudio(ctx(), tx, field.StudioID, works.HiddenBySuspension) })
	for range 2 {
		w.must(w.worker.OnStudioShown(ctx(), env(works.StudioShown{StudioID: field.StudioID})))
	}
	if _, titles := w.find("low water"); titles != "Low Water" {
		t.Errorf("%q is found", titles)
	}
	if n := w.Count(t, "select count(*) from search_documents"); n != 2 {
		t.Errorf("%d documents", n)
	}
}
