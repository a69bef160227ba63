package web_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/app/works"
	"vitrine/web"
)

// programs is a gallery with the contract of its API and one person, Teresa, who
// has a studio and a token that may do everything.
type programs struct {
	*gallery
	*contract
	slug   string
	studio uuid.UUID
	user   uuid.UUID
	token  string

	teresa *browser // in which she is signed in
}

const teresa, jon = "teresa@example.org", "jon@example.org"

func newPrograms(t *testing.T) *programs {
	t.Helper()
	p := &programs{gallery: newGallery(t), contract: newContract(t)}
	p.teresa = p.member(t, "Teresa Lima", teresa)
	p.slug, p.studio = p.studioOf(t, teresa)
	p.user = p.userOf(t, teresa)
	p.token = p.tokenOf(t, teresa, accounts.NewToken{})
	return p
}

// tokenOf makes a token, with every scope unless the form names some.
func (p *programs) tokenOf(t *testing.T, email string, form accounts.NewToken) string {
	t.Helper()
	form.Key, form.Name, form.Days = idem.NewKey(), "test", 1
	if form.Scopes == nil {
		for _, s := range accounts.Scopes {
			form.Scopes = append(form.Scopes, string(s))
		}
	}
	plain, _, err := p.Accounts.MakeToken(t.Context(), p.userOf(t, email), form)
	must(t, err)
	return plain
}

func (p *programs) ask(t *testing.T, q request) reply {
	t.Helper()
	return p.send(t, p.handler, q)
}

// get asks without a token.
func (p *programs) get(t *testing.T, path string) reply {
	t.Helper()
	return p.ask(t, request{path: path})
}

// create posts a work with a key of its own.
func (p *programs) create(t *testing.T, body string, header ...string) reply {
	t.Helper()
	if !slices.Contains(header, "Idempotency-Key") {
		header = append(header, "Idempotency-Key", idem.NewKey())
	}
	return p.ask(t, request{method: http.MethodPost, path: "/api/v1/works", token: p.token, body: body, header: append(header, "Content-Type", "application/json")})
}

// upload posts a file with a key of its own.
func (p *programs) upload(t *testing.T, content []byte, header ...string) reply {
	t.Helper()
	if !slices.Contains(header, "Idempotency-Key") {
		header = append(header, "Idempotency-Key", idem.NewKey())
	}
	return p.ask(t, request{method: http.MethodPost, path: "/api/v1/media?filename=ridges.jpg", token: p.token, body: string(content), header: append(header, "Content-Type", "image/jpeg")})
}

// What answers say, as far as the tests look at it.
type (
	apiWork struct {
		ID, State, Title string
		Hidden           bool
		URL              *string
		Studio           struct{ Slug, Name, URL string }
		Cover            *apiPicture
		Tags             []string
		PublishAt        *string `json:"publish_at"`
		Media            []struct {
			ID, State, Alt string
			apiPicture
		}
	}
	apiPicture struct {
		Renditions []struct {
			URL, Type     string
			Width, Height int
		}
	}
	apiList struct {
		Items   []apiWork
		Next    *string
		Total   int
		Similar bool
	}
	apiFile struct {
		ID, URL, State string
		Usable         bool
		DuplicateOf    *string `json:"duplicate_of"`
	}
	apiProblem struct {
		Type, Title, Detail string
		Status              int
		Errors              []struct{ Pointer, Parameter, Header, Detail string }
	}
)

func (a reply) problem(t *testing.T, status int, name string) (out apiProblem) {
	t.Helper()
	a.into(t, &out)
	if a.status != status || out.Status != status || out.Type != "http://vitrine.test/docs/api#"+name {
		t.Errorf("the answer is %d %s, want %d %s: %.300s", a.status, out.Type, status, name, a.body)
	}
	return out
}

// at lists where the problem's errors are.
func (p apiProblem) at() (out []string) {
	for _, e := range p.Errors {
		out = append(out, e.Pointer+e.Parameter+e.Header)
	}
	return out
}

// The whole way of a program: a file, how it stands, a work with it, published;
// everybody sees it, in the list, by its id and by a search.
func TestAPI_publishAPhoto(t *testing.T) {
	t.Parallel()
	p := newPrograms(t)
	sent := p.upload(t, mediatest.JPEG(t, 700, 500))
	var file apiFile
	sent.into(t, &file)
	if sent.status != http.StatusCreated || file.State != "checking" || sent.header.Get("Location") != file.URL {
		t.Fatalf("%d %s", sent.status, sent.body)
	}
	early := fmt.Sprintf(`{"state":"published","media":[{"id":%q,"alt":"A ridge"}]}`, file.ID)
	if at := p.create(t, early).problem(t, 422, "invalid").at(); !slices.Equal(at, []string{"/media"}) {
		t.Errorf("publishing before it can be shown is refused at %v", at)
	}
	p.process(t)
	at, err := url.Parse(file.URL)
	must(t, err)
	p.ask(t, request{path: at.Path, token: p.token}).into(t, &file)
	if file.State != "ready" || !file.Usable {
		t.Fatalf("%+v", file)
	}
	made := p.create(t, fmt.Sprintf(`{"studio":%q,"state":"published","title":"Ridges & <b>fog</b>","story":"Six mornings.\n\nAbove.","tags":["Ridge","dawn light"],
		"licence":"by-nc","credits":"Print: Ana Reis","year":2026,"language":"en","media":[{"id":%q,"alt":"A ridge"}]}`, p.slug, file.ID))
	var work apiWork
	made.into(t, &work)
	if made.status != http.StatusCreated || work.State != "published" || work.URL == nil || len(work.Media) != 1 || work.Media[0].ID != file.ID || work.Media[0].Alt != "A ridge" {
		t.Fatalf("%d %s", made.status, made.body)
	}
	if want := "http://vitrine.test/api/v1/works/" + work.ID; made.header.Get("Location") != want {
		t.Errorf("it is said to be at %s", made.header.Get("Location"))
	}
	page, err := url.Parse(*work.URL)
	must(t, err)
	p.browser(t).get(page.EscapedPath()).want(t, http.StatusOK, "Ridges & <b>fog</b>")
	if work.Cover == nil || len(work.Cover.Renditions) < 2 {
		t.Fatalf("the cover is %+v", work.Cover)
	}
	for _, r := range work.Media[0].Renditions {
		u, err := url.Parse(r.URL)
		must(t, err)
		v := p.browser(t).get(u.Path)
		if v.status != http.StatusOK || v.header.Get("Content-Type") != r.Type {
			t.Errorf("%s: %d, %s", r.URL, v.status, v.header.Get("Content-Type"))
		}
	}
	p.index(t)
	for _, path := range []string{"/api/v1/works", "/api/v1/works?tag=Dawn+Light", "/api/v1/works?studio=" + p.slug, "/api/v1/search?q=ridges", "/api/v1/search?q=ridgse"} {
		var list apiList
		p.get(t, path).into(t, &list)
		if len(list.Items) != 1 || list.Items[0].ID != work.ID || list.Next != nil || *list.Items[0].URL != *work.URL {
			t.Errorf("%s: %+v", path, list)
		}
	}
	var public apiWork
	p.get(t, "/api/v1/works/"+work.ID).into(t, &public)
	if public.Title != "Ridges & <b>fog</b>" || len(public.Tags) != 2 || public.Tags[1] != "dawn light" {
		t.Errorf("%+v", public)
	}
	for _, a := range []reply{made, p.get(t, "/api/v1/works/"+work.ID), p.get(t, "/api/v1/works")} {
		for _, inner := range []uuid.UUID{p.studio, p.user} {
			if strings.Contains(a.body, inner.String()) {
				t.Errorf("an id of ours is in %.300s", a.body)
			}
		}
	}
}

// What only the studio sees: with a token of somebody who belongs to it and the
// scope for it, and with nothing else.
func TestAPI_ownWorks(t *testing.T) {
	t.Parallel()
	p := newPrograms(t)
	p.member(t, "Jon Aas", jon)
	_, other := p.studioOf(t, jon)
	var draft apiWork
	p.create(t, `{"title":"Undisclosed","tags":["secret"]}`).into(t, &draft)
	if draft.State != "draft" || draft.URL != nil {
		t.Fatalf("%+v", draft)
	}
	one, list := "/api/v1/works/"+draft.ID, "/api/v1/works?state=draft&studio="+p.slug
	for who, c := range map[string]struct {
		token     string
		one, list int
	}{
		"nobody":                          {"", 404, 401},
		"the owner":                       {p.token, 200, 200},
		"the owner, without the scope":    {p.tokenOf(t, teresa, accounts.NewToken{Scopes: []string{"works:write"}}), 404, 403},
		"the owner, bound to this studio": {p.tokenOf(t, teresa, accounts.NewToken{StudioID: &p.studio}), 200, 200},
		"the owner, bound to another":     {p.tokenOf(t, teresa, accounts.NewToken{StudioID: &other}), 404, 404},
		"somebody else":                   {p.tokenOf(t, jon, accounts.NewToken{}), 404, 404},
	} {
		if a := p.ask(t, request{path: one, token: c.token}); a.status != c.one || strings.Contains(a.body, "Undisclosed") != (c.one == 200) {
			t.Errorf("%s sees the draft: %d %.200s", who, a.status, a.body)
		}
		if a := p.ask(t, request{path: list, token: c.token}); a.status != c.list || strings.Contains(a.body, "Undisclosed") != (c.list == 200) {
			t.Errorf("%s lists the drafts: %d %.200s", who, a.status, a.body)
		}
	}
	// A role is read each time: a viewer looks and writes nothing, and who has
	// left sees nothing, with the same token.
	token := p.tokenOf(t, jon, accounts.NewToken{})
	p.Exec(t, "insert into memberships (studio_id, user_id, role, created_at, updated_at) values ($1, $2, 'viewer', now(), now())", p.studio, p.userOf(t, jon))
	if a := p.ask(t, request{path: one, token: token}); a.status != http.StatusOK {
		t.Errorf("a viewer: %d", a.status)
	}
	make := request{method: http.MethodPost, path: "/api/v1/works", token: token, body: fmt.Sprintf(`{"studio":%q}`, p.slug), header: []string{"Content-Type", "application/json", "Idempotency-Key", idem.NewKey()}}
	p.ask(t, make).problem(t, http.StatusForbidden, "forbidden")
	p.Exec(t, "delete from memberships where studio_id = $1 and user_id = $2", p.studio, p.userOf(t, jon))
	if a := p.ask(t, request{path: one, token: token}); a.status != http.StatusNotFound {
		t.Errorf("who has left: %d", a.status)
	}
	p.ask(t, make).problem(t, http.StatusNotFound, "not-found")
}

// A work that moderators hold back or took down is public nowhere; whoever made
// it sees that it is.
func TestAPI_hidden(t *testing.T) {
	t.Parallel()
	p := newPrograms(t)
	var file apiFile
	p.upload(t, mediatest.JPEG(t, 400, 300)).into(t, &file)
	p.process(t)
	var work apiWork
	p.create(t, fmt.Sprintf(`{"state":"published","title":"Ridges","media":[{"id":%q}]}`, file.ID)).into(t, &work)
	p.index(t)
	p.Exec(t, "update works set hidden_for = 1, hidden = true")
	one := "/api/v1/works/" + work.ID
	p.get(t, one).problem(t, http.StatusNotFound, "not-found")
	for _, path := range []string{"/api/v1/works", "/api/v1/works?studio=" + p.slug, "/api/v1/search?q=ridges"} {
		if a := p.get(t, path); a.status != http.StatusOK || strings.Contains(a.body, work.ID) {
			t.Errorf("%s shows it: %d", path, a.status)
		}
	}
	var own apiWork
	p.ask(t, request{path: one, token: p.token}).into(t, &own)
	if !own.Hidden || own.URL != nil || own.State != "published" {
		t.Errorf("%+v", own)
	}
}

// The same key again: the same answer, one work; another body: a refusal.
func TestAPI_idempotency(t *testing.T) {
	t.Parallel()
	p := newPrograms(t)
	key := idem.NewKey()
	first := p.create(t, `{"title":"Once","tags":["a","b"]}`, "Idempotency-Key", key)
	again := p.create(t, ` { "tags" : [ "a", "b" ], "title":"Once" } `, "Idempotency-Key", `"`+key+`"`)
	if first.status != http.StatusCreated || again.status != http.StatusCreated || first.body != again.body || first.header.Get("Location") != again.header.Get("Location") {
		t.Errorf("the repeat: %d %s", again.status, again.body)
	}
	if first.header.Get("Idempotency-Replayed") != "" || again.header.Get("Idempotency-Replayed") != "true" {
		t.Error("a repeat does not say so")
	}
	p.create(t, `{"title":"Twice"}`, "Idempotency-Key", key).problem(t, 422, "key-reused")
	if n := p.Count(t, "select count(*) from works"); n != 1 {
		t.Errorf("%d works", n)
	}
	photo, other := mediatest.JPEG(t, 400, 300), mediatest.JPEG(t, 402, 300)
	key = idem.NewKey()
	sent, resent := p.upload(t, photo, "Idempotency-Key", key), p.upload(t, photo, "Idempotency-Key", key)
	if sent.status != http.StatusCreated || resent.status != http.StatusCreated || sent.body != resent.body || resent.header.Get("Idempotency-Replayed") != "true" || sent.header.Get("Idempotency-Replayed") != "" {
		t.Errorf("a file sent again: %d %s, %s", resent.status, resent.body, sent.body)
	}
	p.upload(t, other, "Idempotency-Key", key).problem(t, 422, "key-reused")
	if n := p.Count(t, "select count(*) from media"); n != 1 {
		t.Errorf("%d files", n)
	}
	// The same bytes under a new key are a duplicate, which says of what.
	p.process(t)
	var file, twin apiFile
	sent.into(t, &file)
	p.upload(t, photo).into(t, &twin)
	p.process(t)
	p.ask(t, request{path: "/api/v1/media/" + twin.ID, token: p.token}).into(t, &twin)
	if twin.State != "duplicate" || twin.DuplicateOf == nil || *twin.DuplicateOf != file.ID {
		t.Errorf("the twin is %+v", twin)
	}
}

// Pages by cursor hold each work once, whatever their size.
func TestAPI_pages(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	k := newContract(t)
	for i := range 7 {
		h.work(t, 1, works.Edit{Title: fmt.Sprint("Tide ", i), Tags: "tide"})
	}
	h.index(t)
	for _, first := range []string{"/api/v1/works?limit=3", "/api/v1/works?tag=tide&limit=3", "/api/v1/works?studio=" + h.slug + "&limit=3", "/api/v1/search?q=tide&limit=3"} {
		seen, steps := map[string]bool{}, 0
		for path := first; path != ""; steps++ {
			a := k.send(t, h.handler, request{path: path})
			var list apiList
			a.into(t, &list)
			for _, w := range list.Items {
				if seen[w.ID] {
					t.Errorf("%s: %s twice", first, w.Title)
				}
				seen[w.ID] = true
			}
			path = ""
			if list.Next != nil {
				u, err := url.Parse(*list.Next)
				must(t, err)
				path = u.RequestURI()
				if link := a.header.Get("Link"); link != "<"+*list.Next+`>; rel="next"` {
					t.Errorf("%s: Link is %s", first, link)
				}
			} else if a.header.Get("Link") != "" {
				t.Errorf("%s: the last page has a Link", first)
			}
		}
		if len(seen) != 7 || steps != 3 {
			t.Errorf("%s: %d works on %d pages", first, len(seen), steps)
		}
	}
	for _, bad := range []string{"limit=0", "limit=101", "limit=x", "limit=1&limit=2", "after=x", "after=", "sort=title", "state=open&studio=" + h.slug, "state=draft", "studio=a&tag=b"} {
		k.send(t, h.handler, request{path: "/api/v1/works?" + bad}).problem(t, 422, "invalid")
	}
	for _, bad := range []string{"", "q=a&limit=0", "q=a&after=x", "q=a&page=2"} {
		k.send(t, h.handler, request{path: "/api/v1/search?" + bad}).problem(t, 422, "invalid")
	}
	// A place in a list of times is none in a list of scores, and the other way round.
	var none apiList
	k.send(t, h.handler, request{path: "/api/v1/works?tag=nothing-like-it"}).into(t, &none)
	if len(none.Items) != 0 || none.Next != nil {
		t.Errorf("%+v", none)
	}
}

// What has not changed is not sent again; what has, is.
func TestAPI_etag(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	k := newContract(t)
	w := h.work(t, 1, works.Edit{Title: "Tide", Tags: "tide"})
	h.index(t)
	for _, path := range []string{"/api/v1/works", "/api/v1/works/" + w.PublicID, "/api/v1/search?q=tide", "/api/v1/openapi.json"} {
		first := k.send(t, h.handler, request{path: path})
		tag := first.header.Get("ETag")
		for _, given := range []string{tag, strings.TrimPrefix(tag, "W/"), `"x", ` + tag, "*"} {
			if a := k.send(t, h.handler, request{path: path, header: []string{"If-None-Match", given}}); a.status != http.StatusNotModified || a.body != "" || a.header.Get("ETag") != tag {
				t.Errorf("%s with %s: %d", path, given, a.status)
			}
		}
		head := k.send(t, h.handler, request{method: http.MethodHead, path: path})
		if head.status != http.StatusOK || head.header.Get("ETag") != tag || head.header.Get("Content-Type") != "application/json" {
			t.Errorf("HEAD %s: %d %v", path, head.status, head.header)
		}
		if first.header.Get("Cache-Control") != "public, no-cache" || !strings.Contains(strings.Join(first.header.Values("Vary"), ","), "Authorization") {
			t.Errorf("%s: %v", path, first.header)
		}
		if path == "/api/v1/openapi.json" {
			continue
		}
		h.Exec(t, "update studios set name = name || '!'")
		h.Exec(t, "update search_documents set studio_name = studio_name || '!'")
		if a := k.send(t, h.handler, request{path: path, header: []string{"If-None-Match", tag}}); a.status != http.StatusOK {
			t.Errorf("%s after the studio has another name: %d", path, a.status)
		}
	}
}

// Queries per call, for one row and for sixty.
func TestAPI_queries(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	k := newContract(t)
	w := h.work(t, 1, works.Edit{Title: "Tide 0", Tags: "tide"})
	draft, err := h.Works.Save(t.Context(), h.actor, works.Target{CreationKey: idem.NewKey()}, works.Edit{Title: "Draft"})
	must(t, err)
	_, err = h.Works.AddMedia(t.Context(), h.actor, works.Target{PublicID: draft.PublicID}, nil, h.file(t), idem.NewKey())
	must(t, err)
	h.index(t)
	token, _, err := h.Accounts.MakeToken(t.Context(), h.actor.UserID, accounts.NewToken{Key: idem.NewKey(), Name: "test", Scopes: []string{"works:read", "works:write"}, Days: 1})
	must(t, err)
	seen, handler := h.countedHandler(t)
	calls := []struct {
		request
		most int
	}{
		{request{path: "/api/v1/works?limit=100"}, 3}, {request{path: "/api/v1/works?limit=100&tag=tide"}, 3}, {request{path: "/api/v1/works?limit=100&studio=" + h.slug}, 3},
		{request{path: "/api/v1/works/" + w.PublicID}, 3}, {request{path: "/api/v1/search?q=tide&limit=100"}, 3}, {request{path: "/api/v1/search?q=tidde&limit=100"}, 3},
		{request{path: "/api/v1/openapi.json"}, 0},
		// with the token's own
		{request{path: "/api/v1/works", token: token}, 4}, {request{path: "/api/v1/works?limit=100&state=published&studio=" + h.slug, token: token}, 4},
		{request{path: "/api/v1/works/" + draft.PublicID, token: token}, 7},
	}
	few := map[string]int{}
	for _, rows := range []string{"one row", "sixty rows"} {
		for _, c := range calls {
			k.send(t, handler, c.request) // the first one writes that the token was used
			seen.take()
			a := k.send(t, handler, c.request)
			got := seen.take()
			if a.status != http.StatusOK || len(got) > c.most {
				t.Errorf("%s with %s: %d, %d queries, at most %d:\n%s", c.path, rows, a.status, len(got), c.most, strings.Join(got, "\n"))
			}
			if rows == "one row" {
				few[c.path] = len(got)
			} else if len(got) > few[c.path] {
				t.Errorf("%s takes %d queries with sixty rows and %d with one", c.path, len(got), few[c.path])
			}
		}
		if rows == "one row" {
			for i := range 60 {
				h.work(t, 1, works.Edit{Title: fmt.Sprint("Tide ", i+1), Tags: "tide"})
			}
			h.index(t)
		}
	}
}

// countedHandler is the site on a handle that counts its statements.
func (h *hung) countedHandler(t *testing.T) (*statements, http.Handler) {
	t.Helper()
	seen := &statements{}
	handle := opened(t, db.Config{URL: h.AppURL, Tracer: seen})
	base, err := url.Parse("http://vitrine.test")
	must(t, err)
	log := slog.New(slog.DiscardHandler)
	server, err := web.New(web.Config{BaseURL: base, Log: log}, h.services(t, handle, bus.NewOutbox(), log))
	must(t, err)
	return seen, server.Handler()
}
