package web_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"vitrine/app/accounts"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/limit"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/app/works"
	"vitrine/web"
)

// TestAPI_everyAnswer brings about every status of every operation that the
// document names; each answer is judged as it comes. What the document promises
// and nothing here sees fails the test.
func TestAPI_everyAnswer(t *testing.T) {
	t.Parallel()
	p := newPrograms(t)
	p.member(t, "Jon Aas", jon)
	jons, _ := p.studioOf(t, jon)
	var file apiFile
	p.upload(t, mediatest.JPEG(t, 400, 300)).into(t, &file)
	p.process(t)
	var work apiWork
	p.create(t, fmt.Sprintf(`{"state":"published","title":"Ridges","tags":["ridge"],"media":[{"id":%q}]}`, file.ID)).into(t, &work)
	var spare apiFile
	p.upload(t, mediatest.JPEG(t, 406, 300)).into(t, &spare)
	readOnly := p.tokenOf(t, teresa, accounts.NewToken{Scopes: []string{"works:read"}})
	writeOnly := p.tokenOf(t, teresa, accounts.NewToken{Scopes: []string{"works:write"}})
	revoked := p.tokenOf(t, teresa, accounts.NewToken{})
	must(t, p.Accounts.RevokeToken(t.Context(), p.user, revoked[4:16]))
	const worksAt, searchAt, mediaAt, docAt = "/api/v1/works", "/api/v1/search?q=ridge", "/api/v1/media?filename=a.jpg", "/api/v1/openapi.json"
	one, fileAt := worksAt+"/"+work.ID, "/api/v1/media/"+file.ID
	json := func(key string) []string { return []string{"Content-Type", "application/json", "Idempotency-Key", key} }
	jpeg := func(key string) []string { return []string{"Content-Type", "image/jpeg", "Idempotency-Key", key} }
	post, drop := http.MethodPost, http.MethodDelete
	for _, c := range []struct {
		request
		status int
		name   string // of the problem
	}{
		{request{path: worksAt}, 200, ""},
		{request{path: worksAt, header: []string{"If-None-Match", "*"}}, 304, ""},
		{request{path: worksAt, token: revoked}, 401, "unauthenticated"},
		{request{path: worksAt + "?state=draft&studio=" + p.slug, token: writeOnly}, 403, "scope-missing"},
		{request{path: worksAt + "?studio=nobody-has-this"}, 404, "not-found"},
		{request{path: worksAt + "?limit=9999"}, 422, "invalid"},
		{request{path: worksAt, header: []string{"Accept", "text/html"}}, 406, "not-acceptable"},

		{request{method: post, path: worksAt, token: p.token, body: `{}`, header: json(idem.NewKey())}, 201, ""},
		{request{method: post, path: worksAt, token: p.token, body: `{}`, header: []string{"Content-Type", "application/json"}}, 400, "key-missing"},
		{request{method: post, path: worksAt, token: p.token, body: `{`, header: json(idem.NewKey())}, 400, "bad-request"},
		{request{method: post, path: worksAt, body: `{}`, header: json(idem.NewKey())}, 401, "unauthenticated"},
		{request{method: post, path: worksAt, token: readOnly, body: `{}`, header: json(idem.NewKey())}, 403, "scope-missing"},
		{request{method: post, path: worksAt, token: p.token, body: fmt.Sprintf(`{"studio":%q}`, jons), header: json(idem.NewKey())}, 404, "not-found"},
		{request{method: post, path: worksAt, token: p.token, body: `"` + strings.Repeat("x", 1<<20) + `"`, header: json(idem.NewKey())}, 413, "too-large"},
		{request{method: post, path: worksAt, token: p.token, body: `title=x`, header: []string{"Content-Type", "application/x-www-form-urlencoded", "Idempotency-Key", idem.NewKey()}}, 415, "unsupported-media-type"},
		{request{method: post, path: worksAt, token: p.token, body: `{"licence":"mine","titel":"x"}`, header: json(idem.NewKey())}, 422, "invalid"},
		{request{method: post, path: worksAt, token: p.token, body: `{}`, header: append(json(idem.NewKey()), "Accept", "text/csv")}, 406, "not-acceptable"},

		{request{path: one}, 200, ""},
		{request{path: one, header: []string{"If-None-Match", "*"}}, 304, ""},
		{request{path: one, token: "vit_x"}, 401, "unauthenticated"},
		{request{path: worksAt + "/" + id.Public()}, 404, "not-found"},
		{request{path: one + "?fields=all"}, 422, "invalid"},
		{request{path: one, header: []string{"Accept", "application/xml"}}, 406, "not-acceptable"},

		{request{path: searchAt}, 200, ""},
		{request{path: searchAt, header: []string{"If-None-Match", "*"}}, 304, ""},
		{request{path: searchAt, header: []string{"Authorization", "Basic eDp5"}}, 401, "unauthenticated"},
		{request{path: "/api/v1/search"}, 422, "invalid"},
		{request{path: searchAt, header: []string{"Accept", "image/*"}}, 406, "not-acceptable"},

		{request{method: post, path: mediaAt, token: p.token, body: string(mediatest.JPEG(t, 404, 300)), header: jpeg(idem.NewKey())}, 201, ""},
		{request{method: post, path: mediaAt, token: p.token, body: "x", header: jpeg("short")}, 400, "bad-request"},
		{request{method: post, path: mediaAt, body: "x", header: jpeg(idem.NewKey())}, 401, "unauthenticated"},
		{request{method: post, path: mediaAt, token: writeOnly, body: "x", header: jpeg(idem.NewKey())}, 403, "scope-missing"},
		{request{method: post, path: mediaAt + "&studio=" + jons, token: p.token, body: "x", header: jpeg(idem.NewKey())}, 404, "not-found"},
		{request{method: post, path: mediaAt, token: p.token, body: "x", header: jpeg(idem.NewKey()), length: 60e6}, 413, "too-large"},
		{request{method: post, path: mediaAt, token: p.token, body: "x", header: []string{"Content-Type", "text/plain", "Idempotency-Key", idem.NewKey()}}, 415, "unsupported-media-type"},
		{request{method: post, path: "/api/v1/media", token: p.token, body: "x", header: jpeg(idem.NewKey())}, 422, "invalid"},
		{request{method: post, path: mediaAt, token: p.token, header: jpeg(idem.NewKey())}, 422, "invalid"}, // empty
		{request{method: post, path: mediaAt, token: p.token, body: "x", header: append(jpeg(idem.NewKey()), "Accept", "image/jpeg")}, 406, "not-acceptable"},

		{request{path: fileAt, token: readOnly}, 200, ""},
		{request{path: fileAt, token: p.token, header: []string{"If-None-Match", "*"}}, 304, ""},
		{request{path: fileAt}, 401, "unauthenticated"},
		{request{path: fileAt, token: writeOnly}, 403, "scope-missing"},
		{request{path: fileAt, token: p.tokenOf(t, jon, accounts.NewToken{})}, 404, "not-found"},
		{request{path: "/api/v1/media/x", token: p.token}, 404, "not-found"},
		{request{path: fileAt + "?x=y", token: p.token}, 422, "invalid"},
		{request{path: fileAt, token: p.token, header: []string{"Accept", "image/jpeg"}}, 406, "not-acceptable"},

		{request{method: drop, path: "/api/v1/media/" + spare.ID, token: p.token}, 204, ""},
		{request{method: drop, path: "/api/v1/media/" + spare.ID, token: p.token}, 404, "not-found"},
		{request{method: drop, path: fileAt}, 401, "unauthenticated"},
		{request{method: drop, path: fileAt, token: readOnly}, 403, "scope-missing"},
		{request{method: drop, path: fileAt, token: p.tokenOf(t, jon, accounts.NewToken{})}, 404, "not-found"},
		{request{method: drop, path: fileAt, token: p.token}, 409, "conflict"},
		{request{method: drop, path: fileAt + "?really=yes", token: p.token}, 422, "invalid"},
		{request{method: drop, path: fileAt, token: p.token, header: []string{"Accept", "image/jpeg"}}, 406, "not-acceptable"},

		{request{path: docAt}, 200, ""},
		{request{path: docAt, header: []string{"If-None-Match", "*"}}, 304, ""},
		{request{path: docAt, token: revoked}, 401, "unauthenticated"},
		{request{path: docAt, header: []string{"Accept", "application/yaml"}}, 406, "not-acceptable"},

		// What no operation is, in the same form.
		{request{path: "/api"}, 404, "not-found"}, {request{path: "/api/"}, 404, "not-found"}, {request{path: "/api/v2/works"}, 404, "not-found"}, {request{path: "/api/v1/works/"}, 404, "not-found"},
		{request{path: "/api/v1/%ff"}, 404, "not-found"}, {request{path: "/api/v1/works/%00"}, 404, "not-found"},
		{request{method: http.MethodDelete, path: one, token: p.token}, 405, "method-not-allowed"},
		{request{method: http.MethodPut, path: worksAt, token: p.token}, 405, "method-not-allowed"},
		{request{method: post, path: docAt, token: p.token}, 405, "method-not-allowed"},
		{request{method: http.MethodGet, path: "/api/v1/media", token: p.token}, 405, "method-not-allowed"},
		{request{method: "BREW", path: worksAt}, 405, "method-not-allowed"},
	} {
		a := p.ask(t, c.request)
		where := fmt.Sprintf("%s %.100s", c.method, c.path)
		if a.status != c.status {
			t.Errorf("%s: %d, want %d: %.300s", where, a.status, c.status, a.body)
			continue
		}
		if c.name != "" {
			a.problem(t, c.status, c.name)
			if kind := a.header.Get("Content-Type"); kind != "application/problem+json" || a.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %s, %s", where, kind, a.header.Get("Cache-Control"))
			}
		}
		if c.status == http.StatusMethodNotAllowed && a.header.Get("Allow") == "" {
			t.Errorf("%s: no Allow", where)
		}
		if len(a.header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s sets a cookie", where)
		}
	}
	for path, item := range asMap(p.document["paths"]) {
		for method, op := range asMap(item) {
			for status := range asMap(asMap(op)["responses"]) {
				if !p.seen[method+" "+path+" "+status] {
					t.Errorf("%s %s promises %s, and nothing here has seen it", method, path, status)
				}
			}
		}
	}
}

// 401 and 403 say what is missing.
func TestAPI_challenges(t *testing.T) {
	t.Parallel()
	p := newPrograms(t)
	own := "/api/v1/works?state=draft&studio=" + p.slug
	for _, c := range []struct {
		header []string
		token  string
		want   string
	}{
		{nil, "", `Bearer realm="Vitrine"`},
		{nil, "vit_nonsense", `Bearer realm="Vitrine", error="invalid_token"`},
		{[]string{"Authorization", "Basic eDp5"}, "", `Bearer realm="Vitrine", error="invalid_request"`},
		{nil, p.tokenOf(t, teresa, accounts.NewToken{Scopes: []string{"media:write"}}), `Bearer realm="Vitrine", error="insufficient_scope", scope="works:read"`},
	} {
		if a := p.ask(t, request{path: own, token: c.token, header: c.header}); a.header.Get("WWW-Authenticate") != c.want {
			t.Errorf("%d %s, want %s", a.status, a.header.Get("WWW-Authenticate"), c.want)
		}
	}
	if a := p.ask(t, request{path: own, header: []string{"Authorization", "bearer " + p.token}}); a.status != http.StatusOK {
		t.Errorf("the scheme in small letters: %d", a.status)
	}
}

// Scripts of other sites read what is public, and nothing else.
func TestAPI_otherSites(t *testing.T) {
	t.Parallel()
	p := newPrograms(t)
	origin := []string{"Origin", "https://elsewhere.example", "Sec-Fetch-Site", "cross-site"}
	if a := p.ask(t, request{path: "/api/v1/works", header: origin}); a.header.Get("Access-Control-Allow-Origin") != "*" || a.header.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("a public list: %v", a.header)
	}
	if a := p.ask(t, request{path: "/api/v1/works/x", header: origin}); a.header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("a problem: %v", a.header)
	}
	if a := p.ask(t, request{path: "/api/v1/works", token: p.token, header: origin}); a.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("with a token: %v", a.header)
	}
	for path, allow := range map[string]string{"/api/v1/works": "GET, HEAD, POST, OPTIONS", "/api/v1/media": "POST, OPTIONS", "/api/v1/works/x": "GET, HEAD, OPTIONS"} {
		a := p.ask(t, request{method: http.MethodOptions, path: path, header: append([]string{"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization"}, origin...)})
		if a.status != http.StatusNoContent || a.header.Get("Allow") != allow {
			t.Errorf("OPTIONS %s: %d %q", path, a.status, a.header.Get("Allow"))
		}
		if strings.Contains(strings.ToLower(a.header.Get("Access-Control-Allow-Headers")), "authorization") || strings.Contains(a.header.Get("Access-Control-Allow-Methods"), "POST") {
			t.Errorf("OPTIONS %s lets other sites use tokens: %v", path, a.header)
		}
	}
	// A form of another site, with the session that the browser adds: no token, no effect.
	r := request{method: http.MethodPost, path: "/api/v1/works", body: `{"title":"Forged"}`,
		header: append([]string{"Cookie", p.teresa.sessionCookie(t).String(), "Content-Type", "application/json", "Idempotency-Key", idem.NewKey()}, origin...)}
	p.ask(t, r).problem(t, http.StatusUnauthorized, "unauthenticated")
	own := request{path: "/api/v1/works?state=draft&studio=" + p.slug, header: []string{"Cookie", p.teresa.sessionCookie(t).String()}}
	p.ask(t, own).problem(t, http.StatusUnauthorized, "unauthenticated")
	if n := p.Count(t, "select count(*) from works"); n != 0 {
		t.Errorf("%d works", n)
	}
	// The tool that a person uses sends its token from wherever it is.
	r.header = append([]string{"Content-Type", "application/json", "Idempotency-Key", idem.NewKey()}, origin...)
	r.token = p.token
	if a := p.ask(t, r); a.status != http.StatusCreated {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// What is wrong is named, all of it at once.
func TestAPI_spots(t *testing.T) {
	t.Parallel()
	p := newPrograms(t)
	var file apiFile
	p.upload(t, mediatest.JPEG(t, 400, 300)).into(t, &file)
	long := strings.Repeat("x", 11_000)
	for body, want := range map[string][]string{
		`{"title":5,"tags":"a","year":"2026","media":{},"sensitive":1}`: {"/media", "/sensitive", "/tags", "/title", "/year"},
		`{"titel":"a","a/b~c":1}`:   {"/a~1b~0c", "/titel"},
		`{"Title":"a"}`:             {"/Title"},
		`{"title":"a","title":"b"}`: {"/title"},
		`{"title":null}`:            {"/title"},
		`{"year":2026.5}`:           {"/year"},
		`{"year":1e400}`:            {"/year"},
		`{"year":99999}`:            {"/year"},
		`{"licence":"mine","language":"not a language","story":"` + long + `","tags":["!!!"]}`: {"/language", "/licence", "/story", "/tags"},
		`{"tags":["a,b"]}`: {"/tags/0"},
		`{"tags":["1","2","3","4","5","6","7","8","9","10","11"]}`: {"/tags"},
		`{"state":"archived"}`:                                                      {"/state"},
		`{"state":"scheduled"}`:                                                     {"/publish_at"},
		`{"state":"scheduled","publish_at":"tomorrow"}`:                             {"/publish_at"},
		`{"state":"scheduled","publish_at":"2001-01-01T00:00:00Z"}`:                 {"/publish_at"},
		`{"publish_at":"2030-01-01T00:00:00Z"}`:                                     {"/publish_at"},
		`{"state":"published"}`:                                                     {"/media"},
		`{"media":[{"id":"x"},{"alt":"y"}]}`:                                        {"/media/0/id", "/media/1/id"},
		`{"media":["x"]}`:                                                           {"/media"},
		`{"media":[{"id":"AAAAAAAAAAAAAAAAAAAAAA"}]}`:                               {"/media/0"},
		fmt.Sprintf(`{"media":[{"id":%q,"alt":%q,"colour":"red"}]}`, file.ID, long): {"/media/0/colour"},
		fmt.Sprintf(`{"media":[{"id":%q,"alt":%q}]}`, file.ID, long):                {"/media/0/alt"},
		fmt.Sprintf(`{"media":[{"id":%q},{"id":%q}]}`, file.ID, file.ID):            {"/media/1"},
		`[]`: {""}, `"x"`: {""}, `null`: {""}, `7`: {""},
	} {
		found := p.create(t, body).problem(t, 422, "invalid")
		at := found.at()
		slices.Sort(at)
		if !slices.Equal(at, want) {
			t.Errorf("%.120s is refused at %q, want %q", body, at, want)
		}
		for _, e := range found.Errors {
			if !strings.HasSuffix(e.Detail, ".") || strings.ToUpper(e.Detail[:1]) != e.Detail[:1] && !strings.HasPrefix(e.Detail, "true") && !strings.HasPrefix(e.Detail, "“") {
				t.Errorf("%.120s: no sentence: %q", body, e.Detail)
			}
		}
	}
	if n := p.Count(t, "select count(*) from works"); n != 0 {
		t.Errorf("%d works", n)
	}
	// A token that opens several studios says which.
	p.Exec(t, "insert into studios (id, slug, name, created_at, updated_at) values ($1, 'second', 'Second', now(), now())", p.user)
	p.Exec(t, "insert into memberships (studio_id, user_id, role, created_at, updated_at) values ($1, $1, 'editor', now(), now())", p.user)
	if at := p.create(t, `{}`).problem(t, 422, "invalid").at(); !slices.Equal(at, []string{"/studio"}) {
		t.Errorf("%v", at)
	}
	bound := p.tokenOf(t, teresa, accounts.NewToken{StudioID: &p.studio})
	p.token = bound
	if a := p.create(t, `{}`); a.status != http.StatusCreated {
		t.Errorf("a bound token: %d %s", a.status, a.body)
	}
	if a := p.create(t, `{"studio":"second"}`); a.status != http.StatusNotFound {
		t.Errorf("a bound token in another studio: %d %s", a.status, a.body)
	}
}

// A scheduled work has its date in UTC, whatever the zone it came in.
func TestAPI_schedule(t *testing.T) {
	t.Parallel()
	p := newPrograms(t)
	var file apiFile
	p.upload(t, mediatest.JPEG(t, 400, 300)).into(t, &file)
	at := time.Now().Add(48 * time.Hour).Truncate(time.Second)
	a := p.create(t, fmt.Sprintf(`{"state":"scheduled","publish_at":%q,"media":[{"id":%q,"alt":"x"}]}`, at.In(time.FixedZone("", 2*3600)).Format(time.RFC3339), file.ID))
	var work apiWork
	a.into(t, &work)
	if a.status != http.StatusCreated || work.State != "scheduled" || work.PublishAt == nil || *work.PublishAt != at.UTC().Format(time.RFC3339) || len(work.Media) != 1 || work.Media[0].State != "checking" {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// quickest sends a body again when its answer took long: what hurts does so each
// time, and a machine that is full of tests is slow for a while.
func (p *programs) quickest(t *testing.T, body string) (a reply, took time.Duration) {
	t.Helper()
	took = time.Hour
	for range 3 {
		began := time.Now()
		a = p.create(t, body)
		if took = min(took, time.Since(began)); took < 5*time.Second {
			break
		}
	}
	return a, took
}

// Bodies made to hurt are refused quickly, and without an error of ours.
func TestAPI_hostile(t *testing.T) {
	t.Parallel()
	p := newPrograms(t)
	deep := func(open, shut string) string { return strings.Repeat(open, 100_000) + strings.Repeat(shut, 100_000) }
	var many strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&many, `,"k%d":1`, i)
	}
	for name, body := range map[string]string{
		"deep lists": deep("[", "]"), "deep objects": deep(`{"a":`, "}"), "deep media": `{"media":` + deep("[", "]") + `}`,
		"an open end": strings.Repeat("[", 500_000), "many members": "{" + many.String()[1:] + "}", "a long name": `{"` + strings.Repeat("n", 500_000) + `":1}`,
		"a long number": `{"year":` + strings.Repeat("9", 500_000) + `}`, "two values": `{} {}`, "no UTF-8": "{\"\xff\xfe\":1}", "a mark": "\ufeff{}", "nothing": "", "NUL": "{\"title\":\"\x00\"}",
		"many files": `{"media":[` + strings.TrimSuffix(strings.Repeat(`{"id":"x"},`, 50_000), ",") + `]}`,
		"many tags":  `{"tags":[` + strings.TrimSuffix(strings.Repeat(`"t",`, 50_000), ",") + `]}`,
	} {
		a, took := p.quickest(t, body)
		if a.status != 400 && a.status != 413 && a.status != 422 {
			t.Errorf("%s: %d %.200s", name, a.status, a.body)
		}
		if took > 5*time.Second {
			t.Errorf("%s took %s", name, took)
		}
		if len(a.body) > 64<<10 {
			t.Errorf("%s is answered with %d bytes", name, len(a.body))
		}
	}
	// What cannot be stored is left out, and nothing else.
	var work apiWork
	a := p.create(t, `{"title":"a\u0000b \ud800 <script>alert(1)</script>","tags":["\u0000x"]}`)
	a.into(t, &work)
	if a.status != http.StatusCreated || work.Title != "ab \ufffd <script>alert(1)</script>" {
		t.Errorf("%d %q", a.status, work.Title)
	}
	for _, query := range []string{"q=" + strings.Repeat("a", 5000), "q=%00%ff", "q=" + url.QueryEscape(`"; drop table works; --`), "q=%22", "q=a&after=" + strings.Repeat("A", 32)} {
		if a := p.get(t, "/api/v1/search?"+query); a.status != http.StatusOK && a.status != 422 {
			t.Errorf("%.60s: %d", query, a.status)
		}
	}
	for _, path := range []string{"/api/v1/works?tag=%00", "/api/v1/works?studio=%ff", "/api/v1/works?studio=" + url.QueryEscape("../../x"), "/api/v1/works/" + strings.Repeat("x", 1500), "/api/v1/works?after=" + strings.Repeat("_", 32)} {
		if a := p.get(t, path); a.status >= 500 {
			t.Errorf("%.60s: %d", path, a.status)
		}
	}
	for _, key := range []string{"", "short", strings.Repeat("k", 65), "with space in it at all", "ключ-ключ-ключ-ключ", `"`} {
		p.create(t, `{}`, "Idempotency-Key", key).problem(t, 400, "bad-request")
	}
}

// Limits and a database that is gone are answered in the same form, and say when
// to come back.
func TestAPI_limitsAndOutage(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	k := newContract(t)
	w := h.work(t, 1, works.Edit{Title: "Tide"})
	token, _, err := h.Accounts.MakeToken(t.Context(), h.actor.UserID, accounts.NewToken{Key: idem.NewKey(), Name: "test", Scopes: []string{"works:read"}, Days: 1})
	must(t, err)
	handle := opened(t, db.Config{URL: h.AppURL})
	base, err := url.Parse("http://vitrine.test")
	must(t, err)
	log := slog.New(slog.DiscardHandler)
	limits, err := limit.Open(limit.Config{Kind: "memory", Counts: map[limit.Class]int{limit.API: 4}})
	must(t, err)
	server, err := web.New(web.Config{BaseURL: base, Log: log, Limits: limits}, h.services(t, handle, bus.NewOutbox(), log))
	must(t, err)
	handler := server.Handler()
	turns := func(token string) (let int) {
		for range 8 {
			a := k.send(t, handler, request{path: "/api/v1/works/" + w.PublicID, token: token})
			if a.header.Get("RateLimit") == "" || a.header.Get("RateLimit-Policy") == "" {
				t.Errorf("%d tells nothing of the limit", a.status)
			}
			if a.status == http.StatusOK {
				let++
				continue
			}
			a.problem(t, http.StatusTooManyRequests, "too-many")
			if a.header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
		}
		return let
	}
	if a, b := turns(""), turns(token); a == 0 || a == 8 || b == 0 || b == 8 {
		t.Errorf("%d of 8 for an address, %d of 8 for a token", a, b)
	}
	must(t, handle.Close())
	server, err = web.New(web.Config{BaseURL: base, Log: log}, h.services(t, handle, bus.NewOutbox(), log))
	must(t, err)
	for _, q := range []request{{path: "/api/v1/works"}, {path: "/api/v1/works", token: token}, {path: "/api/v1/search?q=a"}} {
		a := k.send(t, server.Handler(), q)
		if a.status != 500 && a.status != 503 {
			t.Errorf("%s: %d", q.path, a.status)
		}
		if a.status == 503 && a.header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
}
