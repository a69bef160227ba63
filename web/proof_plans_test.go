package web_test

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"vitrine/app/platform/db"
)

//go:embed testdata/large.sql
var large string

// plan is how PostgreSQL carried a statement out, as auto_explain tells it.
type plan struct {
	Query string `json:"Query Text"`
	Plan  node
	took  float64 // milliseconds
}

// node is a step of a plan, with what it did.
type node struct {
	Type     string  `json:"Node Type"`
	Relation string  `json:"Relation Name"`
	Index    string  `json:"Index Name"`
	Rows     float64 `json:"Actual Rows"` // each time
	Loops    float64 `json:"Actual Loops"`
	Filtered float64 `json:"Rows Removed by Filter"`
	Checked  float64 `json:"Rows Removed by Index Recheck"`
	Cond     string  `json:"Index Cond"`
	Plans    []node
}

func (n node) each(visit func(n node)) {
	visit(n)
	for _, p := range n.Plans {
		p.each(visit)
	}
}

// planner keeps the plan of each statement. auto_explain sends them along with
// the answer: the plans that were used, with the real parameters, in the scope
// and as the role of the statement, those inside SQL functions included.
type planner struct {
	t     *testing.T
	mu    sync.Mutex
	plans []plan
}

var _ pgx.ConnectTracer = (*planner)(nil)

func (p *planner) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}
func (p *planner) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TraceConnectStart listens to what the server says on a new connection.
func (p *planner) TraceConnectStart(ctx context.Context, data pgx.TraceConnectStartData) context.Context {
	data.ConnConfig.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) {
		took, text, found := strings.Cut(n.Message, "plan:\n")
		if !found {
			return
		}
		var got plan
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			p.t.Errorf("%v in the plan %s", err, text)
		}
		if _, err := fmt.Sscanf(took, "duration: %f ms", &got.took); err != nil {
			p.t.Errorf("%v in %q", err, took)
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.plans = append(p.plans, got)
	}
	return ctx
}
func (p *planner) TraceConnectEnd(context.Context, pgx.TraceConnectEndData) {}

func (p *planner) take() []plan {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.plans
	p.plans = nil
	return out
}

// explained puts a server whose statements tell their plans in the place of the
// house's.
func (h *house) explained(t *testing.T) *planner {
	t.Helper()
	for name, value := range map[string]string{
		"session_preload_libraries": "auto_explain", "auto_explain.log_min_duration": "0", "auto_explain.log_analyze": "on", "auto_explain.log_timing": "off",
		"auto_explain.log_format": "json", "auto_explain.log_level": "notice", "auto_explain.log_nested_statements": "on", "client_min_messages": "notice",
	} {
		for _, role := range []string{db.RoleApp, db.RoleWorker} {
			h.Exec(t, fmt.Sprintf("alter role %s in database %s set %s = '%s'", role, h.Name, name, value))
		}
	}
	p := &planner{t: t}
	h.observed(t, p)
	return p
}

// observed puts a server whose statements are seen by a tracer in the place of
// the house's.
func (h *house) observed(t *testing.T, tracer pgx.QueryTracer) {
	t.Helper()
	d := *h.Database
	d.App, d.Worker = opened(t, db.Config{URL: h.AppURL, Tracer: tracer}), opened(t, db.Config{URL: h.WorkerURL, Tracer: tracer})
	s := newSiteOn(t, &d)
	s.Health.SetReady()
	h.App, h.Services, h.server, h.handler = d.App, s.Services, s.server, s.handler
}

// The bounds of one statement. What a page shows of many rows is found by an
// index, in the order in which it is shown.
const (
	bigTable   = 1_000 // rows from which on no table is read through
	mostRead   = 1_000 // rows that a statement may read whatever it returns,
	readFactor = 50    // and for each row that it returns
	mostSorted = 1_000

	// A studio's works are counted, from the index alone: a page of a studio with
	// 10,000 reads 30 blocks for it, in a millisecond.
	mostCounted = 11_000
)

// bounded are statements whose bounds are others, because they limit themselves
// or because they count what is kept short.
var bounded = []struct {
	of           string // in its text
	read, sorted float64
	through      string // a table that is read as a whole
}{
	// A search: the newest thousand that match. A word that nearly all works have is
	// met by going through the newest, of a common one the index has the newest, and
	// all that have it is fetched only of one that few have. Then each of the thousand
	// is ranked.
	{"array_agg(x.at) from (select d.ctid as at", 12_000, 0, ""},
	{"array_agg(x.at) from (select m.at from", 6_000, 6_000, ""},
	{"with m as materialized", 1_030, 1_000, ""},
	{"from pg_stat_user_indexes s", 3_000, 500, "pg_class"}, // the catalogue, which our rows do not make longer
	{"from tasks group by queue", 11_000, 0, "tasks"},       // how much waits: the table is what waits
	{"from mails group by state", 21_000, 0, ""},            // the log of 30 days, by its index alone
	// A feed: all that one follows, 2,000 studios of 20,000 here, and the newest work
	// of each, one probe each.
	{"from follows f left join studio_labels", 50_000, 1_000, "studio_labels"},
	{"with heads as", 6_000, 2_100, ""},
	// The roll of one studio: the policy's "or" makes the planner expect few people,
	// so that it may sort them all instead of reading the index in order.
	{"rank from memberships", 6_000, 6_000, ""},
}

// TestPlans_ofEveryPage walks every page that the route table promises, and more
// of those that list, on 100,000 works and 20,000 members, as the owner of a
// studio with 10,000 works and 5,000 members, as a visitor and as root, and looks
// at the plan of each statement.
func TestPlans_ofEveryPage(t *testing.T) {
	h := newLargeHouse(t)
	big := h.bigTables(t)
	p := h.explained(t)
	pages := h.largePages(t)
	p.take()
	seen, slowest := map[string]bool{}, map[string]float64{}
	for _, path := range pages {
		for _, who := range []string{"visitor", "owner", "root"} {
			v := h.ask(t, who, http.MethodGet, path, nil)
			if v.status >= 500 {
				t.Errorf("%s as %s: %d %.200s", path, who, v.status, v.text())
			}
			for _, got := range p.take() {
				slowest[path] = max(slowest[path], got.took)
				for _, wrong := range got.wrong(big) {
					if key := wrong + got.Query; !seen[key] {
						seen[key] = true
						t.Errorf("%s as %s: %s:\n%.700s\n%s", path, who, wrong, strings.Join(strings.Fields(got.Query), " "), got.steps())
					}
				}
			}
		}
	}
	logSlowest(t, slowest)
}

// logSlowest tells the pages with the slowest statements, in milliseconds.
func logSlowest(t *testing.T, slowest map[string]float64) {
	t.Helper()
	paths := slices.SortedFunc(maps.Keys(slowest), func(a, b string) int { return cmp.Compare(slowest[b], slowest[a]) })
	for _, path := range paths[:10] {
		t.Logf("%6.1f ms %s", slowest[path], path)
	}
}

// bigTables are those that no page may read through.
func (h *house) bigTables(t *testing.T) map[string]bool {
	t.Helper()
	big := map[string]bool{}
	for _, name := range h.strings(t, "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and reltuples > $1", bigTable) {
		big[name] = true
	}
	if len(big) < 15 {
		t.Fatalf("only %d large tables: %v", len(big), big)
	}
	return big
}

// largePages are the addresses of the walk: those of the table that read, and
// lists with everything that can be asked of them.
func (h *house) largePages(t *testing.T) (out []string) {
	t.Helper()
	for route, l := range h.table(t) {
		if strings.HasPrefix(route, "GET ") {
			out = append(out, l.path)
		}
	}
	studio, wall := "/studio/"+h.slug, "/@"+h.slug
	out = append(out, wall, "/@large-2", "/@large-500", "/t/tag-1", "/t/tag-1/feed.atom", "/t/tag-299", "/t/nothing",
		"/admin/studios/00000005-0000-7000-8000-000000000001", "/admin/users/00000001-0000-7000-8000-000000000009", "/admin/users?q=member-1", "/admin/studios?q=large", "/admin/audit?action=accounts.suspended", "/admin/mails?state=failed", "/admin/mails?q=member-7",
		studio+"/audit?action=studios.role_changed", studio+"/audit?person=00000001-0000-7000-8000-000000002711",
		wall+"/large-large0000012", "/@large-1/large-large0050000", studio+"/works/large0000012",
		"/search?kind=film", "/search?q=salt&kind=film&year=2007", "/search?q=studio&shape=landscape&colour=sky", "/search?tag=tag-1&year=2007", "/search?q=salt&year=1066", "/search?q=studio+7&in=studios",
		"/search?q=tag&in=tags", "/search?q=zzzzzz&in=tags", "/leaderboard?of=studios&time=all", "/leaderboard?time=month")
	for _, q := range []string{"salt", "salt harbour", "slt", "harbur stdy", "made", "studio", "studio 7", "s", "the", "salt study 50000", `"salt study"`, "-salt", "%", "nothing-like-it"} {
		out = append(out, "/search?q="+url.QueryEscape(q))
	}
	for _, state := range []string{"draft", "published", "unlisted", "scheduled", "archived", "all"} {
		out = append(out, studio+"?state="+state)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	for _, path := range slices.Clone(out) { // and the page after
		v := h.ask(t, "owner", http.MethodGet, path, nil)
		if next, ok := v.Find("nav a[rel=next]").Attr("href"); ok {
			out = append(out, next)
		}
	}
	return out
}

// steps says which tables were read, and how.
func (p plan) steps() string {
	var b strings.Builder
	p.Plan.each(func(n node) {
		if n.Relation != "" {
			fmt.Fprintf(&b, "\t%s on %s %s: %.0f times %.0f rows, %.0f more looked at; %s\n", n.Type, n.Relation, n.Index, n.Loops, n.Rows, n.Filtered+n.Checked, n.Cond)
		}
	})
	return b.String()
}

// wrong says what a plan does that no page may.
func (p plan) wrong(big map[string]bool) (out []string) {
	mayRead, maySort, through := float64(mostRead), float64(mostSorted), ""
	for _, r := range bounded {
		if strings.Contains(p.Query, r.of) {
			mayRead, maySort, through = r.read, r.sorted, r.through
		}
	}
	var read float64
	p.Plan.each(func(n node) {
		switch rows := (n.Rows + n.Filtered + n.Checked) * n.Loops; {
		case n.Type == "Index Only Scan" && rows <= mostCounted: // a count
		case n.Relation != "":
			read += rows
		}
		if n.Type == "Seq Scan" && big[n.Relation] && n.Relation != through && n.Loops > 0 {
			out = append(out, "reads through "+n.Relation)
		}
		if strings.Contains(n.Type, "Sort") && len(n.Plans) > 0 && n.Plans[0].Rows*n.Plans[0].Loops > maySort {
			out = append(out, fmt.Sprintf("sorts %.0f rows", n.Plans[0].Rows*n.Plans[0].Loops))
		}
	})
	if returned := p.Plan.Rows * p.Plan.Loops; read > mayRead && read > readFactor*returned {
		out = append(out, fmt.Sprintf("reads %.0f rows for %.0f", read, returned))
	}
	return out
}
