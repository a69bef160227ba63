package search

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"vitrine/app/works"
)

func (w *world) ask(q Query) Result {
	w.t.Helper()
	res, err := w.app.Find(ctx(), q, 24)
	w.must(err)
	return res
}

// look makes the cover of a work what it is asked to be, and indexes the work.
func (w *world) look(work works.Work, kind, tone string, width, height, year int) {
	w.t.Helper()
	w.Exec(w.t, "update media set kind = $1, tone = $2, width = $3, height = $4 where id = $5", kind, tone, width, height, *work.CoverID)
	w.Exec(w.t, "update works set year = $1 where id = $2", year, work.ID)
	w.must(w.worker.Index(ctx(), work.StudioID, work.ID))
}

func (w *world) walls() (field works.Actor) {
	w.t.Helper()
	field = w.studio("harbour-field", "Harbour & Field")
	w.Exec(w.t, "update studios set location = 'Lisbon' where slug = 'harbour-field'")
	w.look(w.hang(field, "Low Water", "sea, tidal flats", ""), "image", "sky-2", 1200, 400, 2024)
	w.look(w.hang(field, "High Water", "sea", ""), "image", "sky-1", 300, 400, 2023)
	w.look(w.hang(field, "Water Music", "poster", ""), "video", "ember-2", 400, 400, 2023)
	return field
}

func TestFind_facets(t *testing.T) {
	w := newWorld(t)
	w.walls()
	res := w.ask(Query{Text: "water"})
	got := map[string]int{}
	for facet, counts := range res.Counts {
		for _, c := range counts {
			got[string(facet)+":"+c.Value] = c.Works
		}
	}
	want := map[string]int{
		"kind:picture": 2, "kind:film": 1, "colour:sky": 2, "colour:ember": 1, "shape:panorama": 1, "shape:portrait": 1, "shape:square": 1,
		"year:2024": 1, "year:2023": 2, "tag:sea": 2, "tag:tidal-flats": 1, "tag:poster": 1,
	}
	if !maps.Equal(got, want) || res.Total != 3 {
		t.Errorf("%d works with %v", res.Total, got)
	}
	if years := res.Counts[Year]; years[0].Value != "2024" {
		t.Errorf("years begin with %v", years)
	}
	for filter, titles := range map[string]string{
		"colour=sky": "High Water, Low Water", "colour=sky&year=2023": "High Water", "kind=film": "Water Music", "tag=Sea&shape=panorama": "Low Water", "kind=nonsense&year=12": "High Water, Low Water, Water Music",
	} {
		if got := w.titles(Query{Text: "water", Filters: filters(filter)}); got != titles {
			t.Errorf("%s found %q, want %q", filter, got, titles)
		}
	}
	if got := w.titles(Query{Filters: filters("tag=sea")}); got != "High Water, Low Water" {
		t.Errorf("a filter alone found %q", got)
	}
	if res := w.ask(Query{Text: "water", Filters: filters("kind=film&colour=sky")}); res.Total != 0 || res.Broad != 3 || res.Similar {
		t.Errorf("filters that no work has: %+v", res)
	}
	// A typing error is forgiven behind filters, too.
	if res := w.ask(Query{Text: "watter", Filters: filters("kind=film")}); res.Meant != "water" || len(res.Hits) != 1 {
		t.Errorf("%+v", res)
	}
}

func filters(query string) Filters {
	values := map[string]string{}
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		values[name] = value
	}
	return ParseFilters(func(name string) string { return values[name] })
}

func (w *world) titles(q Query) string {
	w.t.Helper()
	var titles []string
	for _, h := range w.ask(q).Hits {
		titles = append(titles, h.Title)
	}
	slices.Sort(titles)
	return strings.Join(titles, ", ")
}

func TestFind_studiosAndTags(t *testing.T) {
	w := newWorld(t)
	field := w.walls()
	w.studio("harbour-press", "Harbour Press") // shows nothing yet
	res := w.ask(Query{Text: "harbour water"})
	if len(res.Studios) != 1 || res.StudiosTotal != 1 || res.Studios[0].Name != "Harbour & Field" || res.Studios[0].Location != "Lisbon" || res.Studios[0].Works != 3 || len(res.Studios[0].Newest) != 3 {
		t.Errorf("studios %+v", res.Studios)
	}
	if res := w.ask(Query{Text: "sea", View: Tags}); len(res.Tags) != 1 || res.Tags[0].Label != "sea" || res.Tags[0].Works != 2 || res.Total != 2 || len(res.Hits) != 0 {
		t.Errorf("tags %+v of %d works", res.Tags, res.Total)
	}
	if res := w.ask(Query{Text: "tida", View: Tags}); len(res.Tags) != 1 || res.Tags[0].Slug != "tidal-flats" {
		t.Errorf("an unfinished word found %+v", res.Tags)
	}
	if res := w.ask(Query{Text: "harbur", View: Studios}); len(res.Studios) != 1 || res.Meant != "" {
		t.Errorf("a typing error found %+v", res.Studios)
	}
	// What finds nothing leads to tags that many works have.
	if res := w.ask(Query{Text: "qqqqqq"}); res.Total != 0 || len(res.Tags) != 3 || len(res.Studios) != 0 {
		t.Errorf("%+v", res)
	}
	// Words that no work has together.
	if res := w.ask(Query{Text: "poster tidal"}); !res.Partly || !res.Similar || len(res.Hits) != 2 {
		t.Errorf("%+v", res)
	}
	// The last work of a studio takes it and its tags along.
	w.Exec(t, "update works set state = 'archived' where studio_id = $1", field.StudioID)
	if res := w.ask(Query{Text: "harbour", View: Studios}); len(res.Studios) != 0 {
		t.Error("a studio without a public work is found before the index has heard of it")
	}
	if res := w.ask(Query{Text: "sea", View: Tags}); len(res.Tags) != 0 {
		t.Error("a tag without a public work is found before the index has heard of it")
	}
	w.must(w.worker.IndexStudio(ctx(), field.StudioID))
	for _, table := range []string{"search_documents", "search_words", "search_studios", "search_tags"} {
		if n := w.Count(t, "select count(*) from "+table); n != 0 {
			t.Errorf("%d rows are left in %s", n, table)
		}
	}
}

// What is private is never suggested: not the words of drafts, not those of works
// that left, whatever the dictionary says.
func TestFind_suggestsNothingPrivate(t *testing.T) {
	w := newWorld(t)
	a := w.studio("harbour", "Harbour")
	secret := w.hang(a, "Zanzibar", "kestrel", "")
	w.hang(a, "Low Water", "", "")
	w.Exec(t, "update works set state = 'archived' where id = $1", secret.ID) // and no event yet
	for _, q := range []string{"zanzbar", "zanzibra", "kestrl", "kestre", "zanzibar", "zanz"} {
		for _, view := range []View{Works, Studios, Tags} {
			if res := w.ask(Query{Text: q, View: view}); res.Meant != "" || len(res.Hits)+len(res.Tags)+len(res.Studios) != 0 {
				t.Errorf("%q in %q gives away %+v", q, view, res)
			}
		}
	}
	w.must(w.worker.Index(ctx(), a.StudioID, secret.ID))
	if n := w.Count(t, "select count(*) from search_words where word in ('zanzibar', 'kestrel')") + w.Count(t, "select count(*) from search_tags"); n != 0 {
		t.Errorf("%d words are left", n)
	}
	// A word that stayed behind by accident goes with the next count.
	w.Exec(t, "insert into search_words (word, slips) values ('zanzibar', search_slips('zanzibar'))")
	w.Exec(t, "insert into search_tags (slug, label, document) values ('kestrel', 'kestrel', to_tsvector('simple', 'kestrel'))")
	if res := w.ask(Query{Text: "zanzibra"}); res.Meant != "" {
		t.Errorf("it suggests %q", res.Meant)
	}
	w.must(w.worker.Recount(ctx()))
	if n := w.Count(t, "select count(*) from search_words where word = 'zanzibar'") + w.Count(t, "select count(*) from search_tags"); n != 0 {
		t.Errorf("%d words are left", n)
	}
}

// Counting stops at a thousand, and so does ranking: of more works the newest are
// taken.
func TestFind_countsStop(t *testing.T) {
	w := newWorld(t)
	w.walls()
	w.Exec(t, `insert into search_documents (work_id, studio_id, version, published_at, title, tags, studio_name, studio_slug, story, document, facets)
		select gen_random_uuid(), gen_random_uuid(), 1, now() - n * interval '1 hour', 'Stone ' || n, '', 'Nobody', 'nobody', '', search_document('Stone ' || n, '', '', ''), array['kind:picture', 'year:' || 1999 + n % 2]
		from generate_series(1, 2500) n`)
	res := w.ask(Query{Text: "stone"})
	if res.Total != Most || res.Counts[Kind][0].Works != Most || len(res.Counts[Year]) != 2 {
		t.Errorf("%d works, %v", res.Total, res.Counts)
	}
	if res := w.ask(Query{Text: "stone", Filters: filters("year=1999")}); res.Total != Most {
		t.Errorf("%d works of a year", res.Total)
	}
	var oldest float64
	w.Row(t, "select max(split_part(d.title, ' ', 2)::int) from jsonb_array_elements(search_found('', 'stone', '{stone}', '{}', 1000, null, null, 1000, 0, 0) -> 'hits') h join search_documents d on d.work_id = (h ->> 'id')::uuid")(&oldest)
	if oldest != Most {
		t.Errorf("the oldest of those ranked is %.0f", oldest)
	}
}

// The labels of the fixed facets are those that the index writes.
func TestFacets_areWhatTheIndexSays(t *testing.T) {
	w := newWorld(t)
	for call, want := range map[string]string{
		"'image', 1, 300, 200, 'sky-2', 2024, '{a}'":  "{kind:picture,shape:landscape,colour:sky,year:2024,tag:a}",
		"'image', 3, 200, 300, '', 2024, '{}'":        "{kind:series,shape:portrait,year:2024}",
		"'video', 3, 1000, 500, 'grey-3', 2024, null": "{kind:film,shape:panorama,colour:grey,year:2024}",
		"'', 0, 0, 0, '', 1999, '{a,b-c}'":            "{year:1999,tag:a,tag:b-c}",
		"'image', 1, 110, 100, 'plum-1', 2024, '{}'":  "{kind:picture,shape:square,colour:plum,year:2024}",
	} {
		var got string
		w.Row(t, fmt.Sprintf("select search_facets(%s)::text", call))(&got)
		if got != want {
			t.Errorf("%s gives %s, want %s", call, got, want)
		}
		for part := range strings.SplitSeq(strings.Trim(got, "{}"), ",") {
			facet, value, _ := strings.Cut(part, ":")
			if known, fixed := Values[Facet(facet)]; fixed && !slices.Contains(known, value) {
				t.Errorf("%s is no value of %s", value, facet)
			}
		}
	}
}
