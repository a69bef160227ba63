package search

import "testing"

// The index is a read model: without it nothing is lost but time.
func TestRebuild_afterTheTableIsLost(t *testing.T) {
	w := newWorld(t)
	a := w.studio("harbour", "Harbour & Field")
	first := w.hang(a, "The Hour Before the Ferry", "sea", "")
	w.hang(a, "Spruce, Counting Down", "forest", "")
	w.Exec(t, "truncate search_documents")
	if res, _ := w.find("ferry"); len(res.Hits) != 0 {
		t.Fatalf("the table is empty, but %d works were found", len(res.Hits))
	}
	made, err := w.worker.Rebuild(ctx())
	w.must(err)
	if made != 2 || w.Count(t, "select count(*) from search_documents") != 2 {
		t.Errorf("made %d documents", made)
	}
	if res, _ := w.find("ferry"); len(res.Hits) != 1 || res.Hits[0].ID != first.ID {
		t.Errorf("found %+v", res.Hits)
	}
}
