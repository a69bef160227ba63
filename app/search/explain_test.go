package search

import (
	"strings"
	"testing"
	"time"
)

// Words and typing errors are found by index, as the app's role, among 30,000
// documents; a word that they all have does not make the search slow.
func TestPlans(t *testing.T) {
	w := newWorld(t)
	w.Exec(t, `insert into search_documents (work_id, studio_id, version, published_at, title, tags, studio_name, studio_slug, story, document, fuzzy)
		select gen_random_uuid(), gen_random_uuid(), 1, now(), title, 'work', 'Studio ' || n % 100, 'studio', '', search_document(title, 'work', 'Studio ' || n % 100, ''),
			search_fuzzy(title, 'work', 'Studio ' || n % 100)
		from (select n, 'Work ' || left(md5(n::text), 8) || ' ' || left(md5((n % 997)::text), 6) as title from generate_series(1, 30000) n) x`)
	w.Exec(t, "analyze search_documents")
	for index, query := range map[string]string{
		"search_documents_text":   "select work_id from search_documents where document @@ (websearch_to_tsquery('simple', 'c4ca42') && search_prefix('c4'))",
		"search_documents_fuzzy":  "select work_id from search_documents where lower(unaccent('Hrabour')) <% fuzzy",
		"search_documents_studio": "select work_id from search_documents where studio_id = gen_random_uuid()",
	} {
		if index == "search_documents_studio" { // the constant stands for the worker's parameter
			query = strings.Replace(query, "gen_random_uuid()", "'00000000-0000-7000-8000-000000000000'", 1)
		}
		plan := explained(t, w, query)
		if !strings.Contains(plan, index) {
			t.Errorf("%s is not used:\n%s", index, plan)
		}
	}
	const most = 1500 * time.Millisecond // a machine full of tests; alone it is some 50 ms
	for _, q := range []string{"work", "wor k", "studio 7", "c4ca42", "wrk studdio zzzz"} {
		start := time.Now()
		_, err := w.app.Find(ctx(), q, Cursor{}, 24)
		took := time.Since(start)
		t.Logf("%q took %s", q, took)
		if err != nil || took > most {
			t.Errorf("%q took %s, %v", q, took, err)
		}
	}
}

// explained is the plan of a query as the app's role has it.
func explained(t *testing.T, w *world, query string) string {
	t.Helper()
	conn, err := w.App.Pool().Conn(t.Context())
	w.must(err)
	defer func() { _ = conn.Close() }()
	_, err = conn.ExecContext(t.Context(), "set pg_trgm.word_similarity_threshold = 0.45")
	w.must(err)
	rows, err := conn.QueryContext(t.Context(), "explain "+query)
	w.must(err)
	defer func() { _ = rows.Close() }()
	var plan strings.Builder
	for rows.Next() {
		var line string
		w.must(rows.Scan(&line))
		plan.WriteString(line + "\n")
	}
	w.must(rows.Err())
	return plan.String()
}
