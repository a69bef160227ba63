package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/caching"
)

// house is a site with one studio of each kind of thing, and with everybody who
// may stand before a door: a visitor, a member of another studio, each role in
// this one, and who runs the installation.
type house struct {
	*gallery
	people  map[string]*http.Cookie // who → session; none for the visitor
	slug    string
	studio  uuid.UUID
	media   uuid.UUID // private
	upload  uuid.UUID
	draft   works.Work
	hung    works.Work
	mail    uuid.UUID
	foreign uuid.UUID // a studio of somebody else's

	invitation uuid.UUID // of the studio; none unless a test makes it
	caching    map[string]caching.Policy
}

// nobody is who comes with a session that is none: made up, over, or ended.
// They are visitors on every route.
var nobody = []string{"forged", "expired", "revoked"}

const (
	draftTitle = "Undisclosed ridge"
	fileName   = "undisclosed-0611.jpg"
)

func newHouse(t *testing.T) *house {
	t.Helper()
	return newHouseOn(t, newGallery(t), nil)
}

// newHouseOn makes the house of a site, once there are people: move may give
// them another studio than their own.
func newHouseOn(t *testing.T, g *gallery, move func(h *house)) *house {
	t.Helper()
	h := &house{gallery: g, people: map[string]*http.Cookie{}}
	h.Health.SetReady()
	for _, who := range everybody[1:] {
		h.people[who] = h.member(t, who, who+"@harbour.example").sessionCookie(t)
	}
	if move != nil {
		move(h)
	}
	h.slug, h.studio = h.studioOf(t, "owner@harbour.example")
	_, h.foreign = h.studioOf(t, "stranger@harbour.example")
	h.Exec(t, "update users set admin = true where email_key = 'root@harbour.example'")
	for _, role := range []string{"viewer", "editor", "admin"} {
		h.Exec(t, "insert into memberships (studio_id, user_id, role, created_at, updated_at) values ($1, $2, $3, now(), now())", h.studio, h.userOf(t, role+"@harbour.example"), role)
	}
	a := works.Actor{UserID: h.userOf(t, "owner@harbour.example"), StudioID: h.studio, Role: studios.Owner}
	open := h.picture(t, h.studio, mediatest.JPEG(t, 400, 300))
	target := works.Target{CreationKey: idem.NewKey()}
	edit := works.Edit{Title: "Open ridge", Tags: "ridge", NoAI: true, FormKey: "test"}
	_, err := h.Works.AddMedia(t.Context(), a, target, &edit, open, idem.NewKey())
	must(t, err)
	h.hung, err = h.Works.Publish(t.Context(), a, target, nil, idem.NewKey())
	must(t, err)
	h.draft, err = h.Works.Save(t.Context(), a, works.Target{CreationKey: idem.NewKey()}, works.Edit{Title: draftTitle, FormKey: "test"})
	must(t, err)
	h.media = h.picture(t, h.studio, mediatest.JPEG(t, 401, 300))
	h.Exec(t, "update media set filename = $1 where id = $2", fileName, h.media)
	_, err = h.Works.AddMedia(t.Context(), a, works.Target{PublicID: h.draft.PublicID}, nil, h.media, idem.NewKey())
	must(t, err)
	h.upload = h.begun(t, a)
	h.Row(t, "select id from mails order by id limit 1")(&h.mail)
	h.letNobodyIn(t)
	// Everybody has just shown who they are: what happens without is asked elsewhere.
	h.Exec(t, "update sessions set proved_at = now()")
	return h
}

// sessionCookie is who the browser is signed in as.
func (b *browser) sessionCookie(t *testing.T) *http.Cookie {
	t.Helper()
	at, err := url.Parse(b.site.url)
	must(t, err)
	for _, ck := range b.client.Jar.Cookies(at) {
		if strings.HasSuffix(ck.Name, "session") {
			return ck
		}
	}
	t.Fatal("nobody is signed in")
	return nil
}

// letNobodyIn makes the sessions that are none, two of them once the owner's.
func (h *house) letNobodyIn(t *testing.T) {
	t.Helper()
	for _, who := range nobody {
		ck := *h.people["owner"]
		ck.Value, _ = id.Token()
		if who != "forged" {
			ck = *signInAgain(t, h, "owner")
		}
		h.people[who] = &ck
	}
	h.Exec(t, "update sessions set expires_at = now() - interval '1 minute' where hash = $1", id.HashToken(h.people["expired"].Value))
	h.ask(t, "revoked", http.MethodPost, "/logout", url.Values{})
}

// begun is an upload that waits for its bytes.
func (h *house) begun(t *testing.T, a works.Actor) uuid.UUID {
	t.Helper()
	res := h.ask(t, "owner", http.MethodPost, "/studio/"+h.slug+"/uploads/", nil, "Tus-Resumable", "1.0.0", "Upload-Length", "10")
	if res.status != http.StatusCreated {
		t.Fatalf("%s cannot begin an upload: %d %s", a.UserID, res.status, res.body)
	}
	return uuid.MustParse(res.location[strings.LastIndexByte(res.location, '/')+1:])
}

// ask sends a request straight to the handler, whatever a client would say against
// it, and gives the answer. Who is told that it took too long asks again, as people
// do: what hurts the site does so each time, and a machine full of tests is slow for
// a while.
func (h *house) ask(t *testing.T, who, method, target string, form url.Values, header ...string) (v view) {
	t.Helper()
	for range 3 {
		if v = h.askOnce(t, who, method, target, form, header...); v.status != http.StatusServiceUnavailable {
			break
		}
		t.Logf("%s %.80q as %q took too long", method, target, who)
	}
	return v
}

func (h *house) askOnce(t *testing.T, who, method, target string, form url.Values, header ...string) view {
	t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequestWithContext(t.Context(), method, "/", body)
	r.RequestURI = target
	u, err := url.ParseRequestURI(target)
	if err != nil {
		t.Fatalf("%.80q is no address: %v", target, err)
	}
	r.URL = u
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	if ck := h.people[who]; ck != nil {
		r.AddCookie(ck)
	}
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	res := w.Result()
	defer func() { _ = res.Body.Close() }()
	return asView(t, res)
}

// routes are the lines of the route table, sorted; the router's own entry for
// addresses that nothing answers is none of them.
func (h *house) routes(t *testing.T) (out []string) {
	t.Helper()
	for _, r := range h.server.Routes() {
		if strings.HasPrefix(r.Method, "echo_") {
			continue
		}
		out = append(out, r.Method+" "+r.Path)
	}
	slices.Sort(out)
	if len(out) < 80 {
		t.Fatalf("only %d routes", len(out))
	}
	return out
}

// TestRoutes_everyGuard walks the whole route table with everybody: nobody
// reaches what is not theirs, and every answer carries its headers.
func TestRoutes_everyGuard(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	table := h.table(t)
	h.caching = h.server.Caching()
	used := map[string]bool{}
	for _, route := range h.routes(t) {
		method, path, _ := strings.Cut(route, " ")
		l, own := table[route]
		if !own && method == http.MethodHead {
			used["GET "+path] = true
			l, own = table["GET "+path]
		}
		used[route] = true
		if !own {
			t.Errorf("%s has no line in this table: say who may do what there", route)
			continue
		}
		for i, who := range everybody {
			v := h.walk(t, route+" as "+who, who, method, l.of(i, method), l)
			if i > 0 {
				continue
			}
			for _, none := range nobody {
				h.likeVisitor(t, route+" as "+none, v, h.walk(t, route+" as "+none, none, method, l.of(i, method), l))
			}
		}
	}
	for route := range table {
		if !used[route] {
			t.Errorf("%s has a line here and is no route", route)
		}
	}
}

// walk asks for one route as one person and holds the answer to the line.
func (h *house) walk(t *testing.T, where, who, method string, want int, l line) view {
	t.Helper()
	v := h.ask(t, who, method, l.path, l.form, l.header...)
	if v.status != want {
		t.Errorf("%s: %d, want %d, to %q:\n%.300s", where, v.status, want, v.location, v.text())
	}
	h.checkHeaders(t, where, who, v, l)
	route, _, _ := strings.Cut(where, " as ")
	p := h.caching[route]
	checkCaching(t, where, p, v, p.Credential == "Cookie" && h.people[who] != nil || p.Credential == "Authorization" && slices.Contains(l.header, p.Credential))
	h.checkSecrets(t, where, who, v, l)
	if method == http.MethodHead && !strings.Contains(l.path, "/uploads/") {
		sameHeaders(t, where, v, h.ask(t, who, http.MethodGet, l.path, nil, l.header...))
	}
	if l.ends && slices.Index(everybody, who) > 0 {
		h.people[who] = signInAgain(t, h, who)
	}
	return v
}

// likeVisitor holds the answer to a session that is none to that of a visitor.
func (h *house) likeVisitor(t *testing.T, where string, visitor, v view) {
	t.Helper()
	if v.status != visitor.status || v.location != visitor.location || v.text() != visitor.text() {
		t.Errorf("%s: %d to %q, and a visitor is answered %d to %q:\n%.300s", where, v.status, v.location, visitor.status, visitor.location, v.text())
	}
	for _, ck := range v.cookies {
		if strings.HasSuffix(ck.Name, "session") && ck.Value != "" {
			t.Errorf("%s: a session was given: %s", where, ck.Name)
		}
	}
}

func signInAgain(t *testing.T, h *house, who string) *http.Cookie {
	t.Helper()
	v := h.ask(t, "visitor", http.MethodPost, "/login", url.Values{"email": {who + "@harbour.example"}, "password": {password}})
	for _, ck := range v.cookies {
		if strings.HasSuffix(ck.Name, "session") {
			return ck
		}
	}
	t.Fatalf("%s cannot sign in again: %d", who, v.status)
	return nil
}

// policies are all that an answer may have. That of mails lets styles in, which
// only the mailbox shows.
var policies = map[string]func(path string) bool{
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; font-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'": func(string) bool { return true },
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; connect-src 'self'; font-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'": func(path string) bool { return strings.HasPrefix(path, "/studio/") },
	"default-src 'none'; sandbox": func(path string) bool {
		return strings.HasPrefix(path, "/m/") || strings.HasPrefix(path, "/s/") && strings.Contains(path, "/m/") || strings.HasSuffix(path, "/original")
	},
	// The card for other sites is the only page that they may put into a frame.
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; font-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors *; manifest-src 'self'": func(path string) bool { return strings.HasPrefix(path, "/embed/") },
	"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
		"sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation": func(path string) bool { return strings.HasPrefix(path, "/dev/mailbox/") },
}

func (h *house) checkHeaders(t *testing.T, where, who string, v view, l line) {
	t.Helper()
	if fits := policies[v.header.Get("Content-Security-Policy")]; fits == nil || !fits(l.path) {
		t.Errorf("%s: the policy is %q", where, v.header.Get("Content-Security-Policy"))
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin"} {
		if got := v.header.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %s is %q", where, name, got)
		}
	}
	if v.header.Get("Referrer-Policy") == "" || v.header.Get("Permissions-Policy") == "" || v.header.Get("Server") != "" {
		t.Errorf("%s: the headers are %v", where, v.header)
	}
	caching := v.header.Get("Cache-Control")
	private := strings.Contains(caching, "no-store") || strings.Contains(caching, "private") && strings.Contains(caching, "no-cache")
	vary := strings.Join(v.header.Values("Vary"), ",")
	switch {
	case strings.HasPrefix(caching, "public") && strings.HasPrefix(v.header.Get("Content-Type"), "text/html") && (!strings.Contains(vary, "Cookie") || !strings.Contains(vary, "Accept-Encoding")):
		t.Errorf("%s: caches may keep the page for everybody: Vary is %q", where, vary)
	case l.shared && v.status < 400:
		if who != "visitor" && strings.Contains(v.body, "/logout") && !private {
			t.Errorf("%s: a page with a member's name has Cache-Control %q", where, caching)
		}
	case strings.HasPrefix(l.path, "/dev/ui"):
	case !strings.Contains(caching, "no-store"):
		t.Errorf("%s: a page that is not everybody's has Cache-Control %q", where, caching)
	}
	if v.body != "" && v.header.Get("Content-Type") == "" {
		t.Errorf("%s: %d bytes of no type", where, len(v.body))
	}
	if v.status >= 400 && v.body != "" && len(strings.TrimSpace(v.body)) < 15 {
		t.Errorf("%s: %d says only %q", where, v.status, v.body)
	}
}

// checkSecrets looks for what only members of the studio may read.
func (h *house) checkSecrets(t *testing.T, where, who string, v view, l line) {
	t.Helper()
	inside := slices.Contains([]string{"viewer", "editor", "admin", "owner"}, who)
	if strings.HasPrefix(l.path, "/dev/") {
		return
	}
	for _, secret := range []string{draftTitle, fileName, h.draft.PublicID, h.media.String()} {
		// What stands in the address is no news.
		if strings.Contains(v.body, secret) && !inside && !strings.Contains(l.path, secret) {
			t.Errorf("%s: the answer holds %q", where, secret)
		}
	}
	shown := strings.Contains(v.body, draftTitle) || strings.Contains(v.body, fileName) || strings.Contains(v.header.Get("Content-Disposition"), fileName)
	if shown && !l.secret {
		t.Errorf("%s: shows the draft and is not marked as secret here", where)
	}
}

// sameHeaders holds HEAD to what GET says.
func sameHeaders(t *testing.T, where string, head, get view) {
	t.Helper()
	if head.status != get.status {
		t.Errorf("%s: HEAD gives %d, GET %d", where, head.status, get.status)
	}
	for _, name := range []string{"Content-Type", "Content-Security-Policy", "Cache-Control", "ETag", "Vary", "Last-Modified", "Content-Disposition", "Accept-Ranges"} {
		if a, b := fmt.Sprint(head.header.Values(name)), fmt.Sprint(get.header.Values(name)); a != b {
			t.Errorf("%s: %s is %s, and %s of GET", where, name, a, b)
		}
	}
	if (head.location == "") != (get.location == "") {
		t.Errorf("%s: HEAD leads to %q, GET to %q", where, head.location, get.location)
	}
}
