package bench

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"vitrine/app/media"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/search"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// vocabulary is how many words titles and stories are made of.
const vocabulary = 60_000

// catalogue makes documents without works, by SQL alone. Words, tags and studios
// are taken by Zipf's law (s = 1). A word has three syllables, in no order, so
// that many are a letter apart: hard for whatever guesses what was meant.
var catalogue = []string{
	`create function pg_temp.syllable(i bigint) returns text language sql immutable return substr('bcdfghklmnprst', 1 + (i / 5)::int, 1) || substr('aeiou', 1 + (i % 5)::int, 1)`,
	`create function pg_temp.word(n bigint) returns text language sql immutable return
		pg_temp.syllable((n * 7919 % 343000) / 4900) || pg_temp.syllable((n * 7919 % 343000) / 70 % 70) || pg_temp.syllable((n * 7919 % 343000) % 70)`,
	`create temporary table words_of as select n, pg_temp.word(n) as w from generate_series(1, 65000) n`,
	`analyze words_of`,
	`select setseed(0.42)`,
	`drop index search_documents_text, search_documents_newest, search_documents_studio`,
}

const documents = `
	insert into search_documents (work_id, studio_id, version, published_at, title, tags, studio_name, studio_slug, story, document, facets)
	select gen_random_uuid(), ('00000000-0000-7000-8000-' || lpad(studio::text, 12, '0'))::uuid, 1, timestamptz '2026-11-01' - n * interval '3 minutes', title, tags, name, 'studio-' || studio, story,
		search_document(title, tags, name, story), search_facets(case when n % 9 = 0 then 'video' else 'image' end, 1 + (n % 5 = 0)::int, 600 + (n * 31 % 1300)::int, 800,
			(array['rose', 'ember', 'sand', 'moss', 'pine', 'sky', 'ink', 'plum', 'grey'])[1 + n % 9] || '-2', (2026 - n % 30)::int, string_to_array(tags, ' '))
	from (select n, studio, initcap(pg_temp.word(70000 + studio)) || ' ' || initcap(pg_temp.word(90000 + studio % 500)) as name, title, tags, story
		from (select x.n, floor(power($3::int, random()))::bigint as studio, string_agg(w, ' ') filter (where slot <= 2 + x.n % 3) as title,
				string_agg(w, ' ') filter (where slot in (5, 6)) as tags, string_agg(w, ' ') filter (where slot > 6) as story
			from (select n, slot, case when slot in (5, 6) then 60000 + floor(power(2000, random())) else floor(power(60000, random())) end::bigint as k
				from generate_series($1::bigint, $2::bigint) n, generate_series(1, 14) slot) x join words_of on words_of.n = x.k group by x.n) d) x`

var finish = []string{
	`create index search_documents_text on search_documents using gin (document, facets, date_trunc('hour', published_at at time zone 'UTC')) with (gin_pending_list_limit = 64)`,
	`create index search_documents_newest on search_documents (published_at desc, work_id desc)`,
	`create index search_documents_studio on search_documents (studio_id, published_at desc, work_id desc)`,
	`insert into studios (id, slug, name, created_at, updated_at) select distinct on (studio_id) studio_id, studio_slug, studio_name, now(), now() from search_documents`,
	`insert into tags (slug, label) select pg_temp.word(60000 + n), pg_temp.word(60000 + n) from generate_series(1, 2000) n on conflict do nothing`,
	`select search_refill()`,
	`vacuum analyze search_documents, search_words, search_studios, search_tags`,
}

// BenchmarkSearch measures the statement of the search page over as many
// documents as VITRINE_BENCH_SEARCH says, 20,000 without it: everything that the
// page shows of a question, but for the pictures.
//
//	VITRINE_BENCH_SEARCH=20000,100000,1000000 go test ./bench -run '^$' -bench Search -benchtime 1x -v -timeout 15m
func BenchmarkSearch(b *testing.B) {
	sizes := os.Getenv("VITRINE_BENCH_SEARCH")
	if sizes == "" {
		sizes = "20000"
	}
	for size := range strings.SplitSeq(sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(size, func(b *testing.B) { searchAmong(b, n) })
	}
}

func searchAmong(b *testing.B, n int) {
	d := dbtest.New(b)
	start := time.Now()
	fillCatalogue(b, d.Owner, n)
	b.Logf("%d documents were made in %s", n, time.Since(start).Round(time.Second))
	var size string
	if err := d.Owner.QueryRow(`select pg_size_pretty(pg_total_relation_size('search_documents')) || ', the index of words ' || pg_size_pretty(pg_relation_size('search_documents_text'))
		|| ', words ' || (select count(*) from search_words) || ' in ' || pg_size_pretty(pg_total_relation_size('search_words'))`).Scan(&size); err != nil {
		b.Fatal(err)
	}
	b.Log(size)
	s := searchService(b, d.App)
	ctx := db.Guard(context.Background())
	askTogether(b, d.App, s) // so that what is asked for first finds its pages in memory like the rest
	d.App.Pool().SetMaxOpenConns(1)
	d.App.Pool().SetMaxIdleConns(1)
	var backend int
	if err := d.App.Pool().QueryRow("select pg_backend_pid()").Scan(&backend); err != nil {
		b.Fatal(err)
	}
	var all, work []float64
	for _, kind := range questions() {
		random := rand.New(rand.NewPCG(7, 7)) //nolint:gosec // the same questions each time
		var took, cost []float64
		for i := range 90 {
			q := kind.ask(random)
			start, spent := time.Now(), processorTime(b, backend)
			res, err := s.Find(ctx, q, works.PerPage)
			if err != nil {
				b.Fatalf("%+v: %v", q, err)
			}
			if i >= 10 { // the first ones warm it
				took = append(took, float64(time.Since(start).Microseconds())/1000)
				cost = append(cost, processorTime(b, backend)-spent)
			}
			if i == 10 {
				b.Logf("%s: %q finds %d, %d studios, %d tags, similar %t", kind.name, q.Text, res.Total, res.StudiosTotal, res.TagsTotal, res.Similar)
			}
		}
		all, work = append(all, took...), append(work, cost...)
		b.Log(searchRow(kind.name, cost, took))
	}
	b.Log(searchRow("all of these", work, all))
	b.ReportMetric(mean(work), "mean-cpu-ms")
	b.ReportMetric(quantile(work, 0.95), "p95-cpu-ms")
	b.ReportMetric(quantile(all, 0.95), "p95-ms")
	together := askTogether(b, d.App, s)
	b.Logf("%d clients at once: p50 %.1f, p95 %.1f, p99 %.1f ms on the clock; load average %s", searchClients, quantile(together, 0.5), quantile(together, 0.95), quantile(together, 0.99), load(b))
	b.ReportMetric(quantile(together, 0.95), "p95-together-ms")
}

// searchRow is a line of the table of results: processor time, then the clock.
func searchRow(name string, cost, took []float64) string {
	return fmt.Sprintf("| %s | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f |", name, mean(cost), quantile(cost, 0.5), quantile(cost, 0.95), quantile(cost, 1), quantile(took, 0.5), quantile(took, 0.95))
}

// searchClients ask at once, each the questions of all kinds in turn, each after
// the answer to the one before.
const searchClients = 4

// askTogether gives how long each answer took, in milliseconds.
func askTogether(b *testing.B, d *db.DB, s *search.Service) (took []float64) {
	b.Helper()
	d.Pool().SetMaxOpenConns(searchClients)
	d.Pool().SetMaxIdleConns(searchClients)
	ctx := db.Guard(context.Background())
	var clients sync.WaitGroup
	var mu sync.Mutex
	for client := range searchClients {
		clients.Go(func() {
			random := rand.New(rand.NewPCG(uint64(client), 7)) //nolint:gosec // the same questions each time
			for round := range 40 {
				for _, kind := range questions() {
					q, start := kind.ask(random), time.Now()
					if _, err := s.Find(ctx, q, works.PerPage); err != nil {
						b.Errorf("%+v: %v", q, err)
						return
					}
					if ms := float64(time.Since(start).Microseconds()) / 1000; round > 1 { // the first ones warm it
						mu.Lock()
						took = append(took, ms)
						mu.Unlock()
					}
				}
			}
		})
	}
	clients.Wait()
	return took
}

// load is how busy the machine is, where it says so.
func load(b *testing.B) string {
	b.Helper()
	raw, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(raw))
}

func mean(list []float64) float64 {
	sum := 0.0
	for _, x := range list {
		sum += x
	}
	return sum / float64(len(list))
}

// processorTime is how long a process of PostgreSQL on this machine has computed,
// in milliseconds: what is left of a time when others wait for the processors
// too. Elsewhere than on Linux it is zero.
func processorTime(b *testing.B, pid int) float64 {
	b.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/schedstat", pid))
	if err != nil {
		return 0
	}
	spent, _, _ := strings.Cut(string(raw), " ")
	ns, err := strconv.ParseFloat(spent, 64)
	if err != nil {
		b.Fatal(err)
	}
	return ns / 1e6
}

func fillCatalogue(b *testing.B, pool *sql.DB, n int) {
	b.Helper()
	conn, err := pool.Conn(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	run := func(statement string, args ...any) {
		if _, err := conn.ExecContext(b.Context(), statement, args...); err != nil {
			b.Fatalf("%.80s: %v", statement, err)
		}
	}
	run("set synchronous_commit = off")
	run("set maintenance_work_mem = '512MB'")
	for _, statement := range catalogue {
		run(statement)
	}
	const batch = 50_000
	for from := 1; from <= n; from += batch {
		run(documents, from, min(from+batch-1, n), n/5)
	}
	for _, statement := range finish {
		run(statement)
	}
}

func searchService(b *testing.B, d *db.DB) *search.Service {
	b.Helper()
	store, err := blob.Open(blob.Config{Kind: "disk", Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	files, err := media.New(media.Config{DB: d, Outbox: bus.NewOutbox(), Blobs: store, Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = files.Close() })
	st, err := studios.New(studios.Config{DB: d, Outbox: bus.NewOutbox()})
	if err != nil {
		b.Fatal(err)
	}
	return search.New(d, works.New(d, bus.NewOutbox(), files), st)
}

// word is that of the catalogue.
func word(n int) string {
	syllable := func(i int) string { return "bcdfghklmnprst"[i/5:i/5+1] + "aeiou"[i%5:i%5+1] }
	x := n * 7919 % 343000
	return syllable(x/4900) + syllable(x/70%70) + syllable(x%70)
}

// slip is a word with one letter left out.
func slip(w string, at int) string { return w[:at] + w[at+1:] }

type questionKind struct {
	name string
	ask  func(r *rand.Rand) search.Query
}

func questions() []questionKind {
	between := func(r *rand.Rand, from, to int) string { return word(from + r.IntN(to-from)) }
	one := func(from, to int) func(r *rand.Rand) search.Query {
		return func(r *rand.Rand) search.Query { return search.Query{Text: between(r, from, to) + " "} }
	}
	filter := func(facet search.Facet, values ...string) func(r *rand.Rand) search.Filters {
		return func(r *rand.Rand) search.Filters { return search.Filters{facet: values[r.IntN(len(values))]} }
	}
	year := filter(search.Year, "2026", "2020", "2011", "2001")
	return []questionKind{
		{"one of the 20 commonest words", one(1, 20)},
		{"a word of middling use (rank 100 to 1,000)", one(100, 1000)},
		{"a rare word (rank 10,000 and on)", one(10_000, vocabulary)},
		{"a common and a middling word", func(r *rand.Rand) search.Query {
			return search.Query{Text: between(r, 1, 20) + " " + between(r, 100, 1000)}
		}},
		{"the first three letters of a word", func(r *rand.Rand) search.Query { return search.Query{Text: between(r, 1, 5000)[:3]} }},
		{"a common word, narrowed to a year", func(r *rand.Rand) search.Query {
			return search.Query{Text: between(r, 1, 20) + " ", Filters: year(r)}
		}},
		{"a year alone", func(r *rand.Rand) search.Query { return search.Query{Filters: year(r)} }},
		{"a mistyped word", func(r *rand.Rand) search.Query {
			return search.Query{Text: slip(between(r, 20, 5000), 1+r.IntN(4)) + " "}
		}},
		{"three mistyped words", func(r *rand.Rand) search.Query {
			return search.Query{Text: slip(between(r, 20, 5000), 2) + " " + slip(between(r, 20, 5000), 3) + " " + slip(between(r, 20, 5000), 4) + " "}
		}},
		{"a studio, on the page of studios", func(r *rand.Rand) search.Query {
			return search.Query{Text: word(90_000+r.IntN(500)) + " ", View: search.Studios}
		}},
		{"a tag, on the page of tags", func(r *rand.Rand) search.Query {
			return search.Query{Text: word(60_001 + r.IntN(2000))[:2], View: search.Tags}
		}},
		{"nothing like it", func(r *rand.Rand) search.Query {
			return search.Query{Text: fmt.Sprintf("xqzzy%c%c", 'v'+rune(r.IntN(4)), 'v'+rune(r.IntN(4)))}
		}},
	}
}

func quantile(list []float64, q float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[min(len(sorted)-1, int(math.Ceil(q*float64(len(sorted))))-1)]
}
