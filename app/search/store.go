package search

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

// question is what the index is asked.
type question struct {
	words
	narrowed      []string
	from          Cursor
	limit         int
	studios, tags int
}

// page is how many works are asked for: one more than are shown, to know whether
// there is another page. Pages of studios and tags only count works.
func (q question) page() int {
	if q.limit == 0 {
		return 0
	}
	return q.limit + 1
}

// How a query was answered.
const (
	exactly = "exact"
	meant   = "meant" // all the words, those that nothing has replaced by their nearest
	partly  = "some"  // some of these
)

// answer is what the index says.
type answer struct {
	How   string
	Meant []string
	Total int
	Broad int
	Hits  []struct {
		ID         uuid.UUID
		StudioName string `json:"studio_name"`
		StudioSlug string `json:"studio_slug"`
		Score      float64
	}
	Facets  map[string]int
	Studios struct {
		Total int
		List  []struct {
			ID       uuid.UUID
			Slug     string
			Name     string
			Location string
			Works    int
			Samples  []uuid.UUID
		}
	}
	Tags struct {
		Total int
		List  []struct {
			Slug    string
			Label   string
			Works   int
			Samples []uuid.UUID
		}
	}
}

// works are the ids of all works that the answer names, each once.
func (a answer) works() (ids []uuid.UUID) {
	seen := map[uuid.UUID]bool{}
	add := func(list ...uuid.UUID) {
		for _, id := range list {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	for _, h := range a.Hits {
		add(h.ID)
	}
	for _, s := range a.Studios.List {
		add(s.Samples...)
	}
	for _, t := range a.Tags.List {
		add(t.Samples...)
	}
	return ids
}

// find asks once for all that a page shows; the functions of the migration say
// how it is found.
func find(ctx context.Context, r db.Reader, q question) (a answer, err error) {
	var raw string
	var from *uuid.UUID
	if q.from.ID != uuid.Nil {
		from = &q.from.ID
	}
	err = r.SQL(ctx).Raw(`select search_found(@head, @tail, `+textArray("words")+`, `+textArray("narrowed")+`, @most, @score, cast(@id as uuid), @limit, @studios, @tags)`,
		sql.Named("head", q.head), sql.Named("tail", q.tail), sql.Named("words", list(q.each)), sql.Named("narrowed", list(q.narrowed)), sql.Named("most", Most),
		sql.Named("score", q.from.Score), sql.Named("id", from), sql.Named("limit", q.page()), sql.Named("studios", q.studios), sql.Named("tags", q.tags)).Scan(&raw).Error
	if err != nil {
		return a, err
	}
	err = json.Unmarshal([]byte(raw), &a)
	return a, err
}

// textSet is a query for the texts that a parameter brings as a JSON array, and
// textArray an expression of them.
func textSet(parameter string) string {
	return `select jsonb_array_elements_text(cast(@` + parameter + ` as jsonb))`
}
func textArray(parameter string) string { return `array(` + textSet(parameter) + `)` }

// list writes texts as a JSON array.
func list(texts []string) string {
	if texts == nil {
		texts = []string{}
	}
	raw, err := json.Marshal(texts)
	if err != nil {
		return "[]" // strings always marshal
	}
	return string(raw)
}
