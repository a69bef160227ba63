package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"vitrine/app/platform/limit"
	"vitrine/app/platform/mail"
	"vitrine/app/platform/redistest"
	"vitrine/web"
	"vitrine/web/glass"
)

// seeThrough is a site whose glass box knows what it runs on.
func seeThrough(c *web.Config, _ *mail.Config) {
	c.Glass = glass.Setup{
		Tier: "1k", Machine: glass.Machine{Name: "t4g.large", CPUs: 2, Hourly: 0.0672},
		Switches: []glass.Switch{{Name: "CACHE", Value: "off", URL: "/docs/adr/0002-postgresql-and-nothing-else"}, {Name: "LIMITS", Value: "<b>", URL: "/docs/adr/0012-reserved-switches"}, {Name: "SESSIONS", Value: "postgres", URL: "/docs/adr/0012-reserved-switches"}},
	}
}

// timings reads Server-Timing.
func timings(v view) map[string]string {
	out := map[string]string{}
	for part := range strings.SplitSeq(v.header.Get("Server-Timing"), ", ") {
		name, values, _ := strings.Cut(part, ";")
		out[name] = values
	}
	return out
}

// TestServerTiming: everybody gets the total of everything; the rest is for
// members, and on pages alone.
func TestServerTiming(t *testing.T) {
	t.Parallel()
	s := newSite(t, seeThrough)
	s.Health.SetReady()
	mara, visitor := s.member(t, "Mara", "mara@harbour.example"), s.browser(t)
	total, form := regexp.MustCompile(`^total;dur=\d+$`), regexp.MustCompile(`^total;dur=\d+0$`)
	for _, path := range []string{"/explore", "/login", "/livez", "/assets/app.css", "/nothing/here", "/studio", "/explore/feed.atom", "/m/x/y.jpg"} {
		if v := visitor.get(path); !total.MatchString(v.header.Get("Server-Timing")) {
			t.Errorf("%s tells a visitor %q", path, v.header.Get("Server-Timing"))
		}
	}
	kept := s.browser(t)
	kept.header.Set("If-None-Match", kept.get("/assets/app.css").header.Get("ETag"))
	if v := kept.get("/assets/app.css"); v.status != http.StatusNotModified || !total.MatchString(v.header.Get("Server-Timing")) {
		t.Errorf("an asset that is kept: %d, %q", v.status, v.header.Get("Server-Timing"))
	}
	forged := s.browser(t)
	forged.header.Set("Cookie", "session="+strings.Repeat("a", 43)+"; glass=on")
	if v := forged.get("/explore"); strings.Contains(v.header.Get("Server-Timing"), "db") || v.Find(".glass").Length() != 0 {
		t.Errorf("a forged session is told %q", v.header.Get("Server-Timing"))
	}
	if v := mara.post("/login", url.Values{"email": {"mara@harbour.example"}, "password": {"wrong"}}); !form.MatchString(v.header.Get("Server-Timing")) {
		t.Errorf("a form tells a member %q", v.header.Get("Server-Timing"))
	}
	own := regexp.MustCompile(`^total;dur=\d+\.\d\d, db;dur=\d+\.\d\d;desc="\d+ queries", render;dur=\d+\.\d\d$`)
	if v := mara.get("/explore"); !own.MatchString(v.header.Get("Server-Timing")) {
		t.Errorf("a page tells a member %q", v.header.Get("Server-Timing"))
	}
}

// TestGlass: whoever turns it on sees it on every page, and nobody else does;
// its totals are those of Server-Timing, and it holds no value.
func TestGlass(t *testing.T) {
	t.Parallel()
	s := newSite(t, seeThrough)
	mara, other := s.member(t, "Mara", "mara@harbour.example"), s.member(t, "Teresa", "teresa@harbour.example")
	studio := mara.get("/studio").location
	mara.get("/explore") // takes the flash
	without := mara.get("/search?q=undisclosed-ridge")
	page := mara.get("/me/glass?next=%2Fexplore%3Fa%3Db")
	page.want(t, http.StatusOK, "A panel at the foot of each page")
	mara.post("/me/glass", page.fill(t, "/me/glass", nil)).leads(t, "/explore?a=b")
	mara.get("/explore") // takes the flash
	for _, path := range []string{"/explore?a=b", "/search?q=undisclosed-ridge", "/nothing/here", "/me/glass", studio, studio + "/settings", "/docs/adr"} {
		v := mara.get(path)
		box := v.Find("body > aside.glass")
		if box.Length() != 1 || v.Find("body > :last-child").AttrOr("class", "") != "glass" || v.Find(`link[href^="/assets/glass"]`).Length() != 1 {
			t.Fatalf("%s has %d panels at its end", path, box.Length())
		}
		checkBox(t, path, v, box)
		if next := box.Find(`input[name=next]`).AttrOr("value", ""); next != path {
			t.Errorf("%s: the panel leads to %q", path, next)
		}
	}
	for who, b := range map[string]*browser{"another member": other, "a visitor": s.browser(t)} {
		if v := b.get("/explore"); v.Find(".glass").Length() != 0 || strings.Contains(v.body, "glass.css") || timings(v)["cpu"] != "" {
			t.Errorf("%s sees the panel", who)
		}
	}
	refused := mara.post("/studios/new", url.Values{"name": {""}})
	refused.want(t, http.StatusUnprocessableEntity, "")
	if next := refused.Find(".glass input[name=next]").AttrOr("value", ""); next != "/me/glass" {
		t.Errorf("a refused form's panel leads to %q", next)
	}
	mara.post("/me/glass", mara.get("/explore").fill(t, "/me/glass", nil)).leads(t, "/explore")
	// Where live messages go on from is another place each time.
	place := regexp.MustCompile(` data-after="[^"]*"`)
	if again := mara.get("/search?q=undisclosed-ridge"); place.ReplaceAllString(again.body, "") != place.ReplaceAllString(without.body, "") {
		t.Errorf("a page without the panel is not what it was before:\n%.3000s", again.body)
	}
	mara.post("/me/glass", url.Values{"on": {"1"}, "next": {"//elsewhere.example"}}).leads(t, "/me/glass")
}

func checkBox(t *testing.T, path string, v view, box *goquery.Selection) {
	t.Helper()
	html, err := goquery.OuterHtml(box)
	must(t, err)
	for _, secret := range []string{"undisclosed-ridge", "mara@harbour", "<b>&", `"<b>`} {
		inside := strings.ReplaceAll(html, `value="`+path+`"`, "")
		if strings.Contains(inside, secret) {
			t.Errorf("%s: the panel holds %q", path, secret)
		}
	}
	if !strings.Contains(html, "&lt;b&gt;") {
		t.Errorf("%s: a switch's value is not escaped", path)
	}
	if strings.Contains(html, "style=") || strings.Contains(html, "<script") {
		t.Errorf("%s: the panel has something inline", path)
	}
	timing := timings(v)
	var queries int
	_, desc, _ := strings.Cut(timing["db"], "desc=")
	_, err = fmt.Sscanf(desc, `"%d queries"`, &queries)
	must(t, err)
	if !strings.Contains(box.Find(".dials").Text(), fmt.Sprintf("%d quer", queries)) || box.Find(".asked > li").Length() != queries {
		t.Errorf("%s: Server-Timing counts %d queries, the panel shows %d: %s", path, queries, box.Find(".asked > li").Length(), box.Find(".dials").Text())
	}
	if timing["cpu"] == "" || box.Find(".dials > div").Length() != 5 {
		t.Errorf("%s: the panel has %d numbers, Server-Timing %q", path, box.Find(".dials > div").Length(), v.header.Get("Server-Timing"))
	}
}

// TestGlass_links: every number leads to a decision that can be read here.
func TestGlass_links(t *testing.T) {
	t.Parallel()
	s := newSite(t, seeThrough)
	mara := s.member(t, "Mara", "mara@harbour.example")
	mara.post("/me/glass", url.Values{"on": {"1"}}).leads(t, "/me/glass")
	box := mara.get("/explore").Find(".glass")
	found := box.Find("a[href]").Map(func(_ int, a *goquery.Selection) string { return a.AttrOr("href", "") })
	if len(found) != box.Find("dt, th").Length() || len(found) < 8 {
		t.Errorf("%d links for %d numbers", len(found), box.Find("dt, th").Length())
	}
	for _, path := range found {
		if v := mara.get(path); v.status != http.StatusOK || v.Find("article.prose h1").Length() != 1 {
			t.Errorf("%s answers %d", path, v.status)
		}
	}
}

// TestDecisions: the reading path leads to every record, each is one page with
// all of its parts, and no link leads nowhere.
func TestDecisions(t *testing.T) {
	t.Parallel()
	s := newSite(t, seeThrough)
	b := s.browser(t)
	path := b.get("/docs/adr")
	path.want(t, http.StatusOK, "Decisions, as a reading path")
	seen := map[string]bool{}
	path.Find(".prose a[href]").Each(func(_ int, a *goquery.Selection) { seen[a.AttrOr("href", "")] = true })
	if len(seen) < 18 {
		t.Errorf("the reading path has %d links", len(seen))
	}
	for at := range seen {
		v := b.get(at)
		if v.status != http.StatusOK || v.Find("h1").Length() != 1 || v.Find(".prose h2").Length() != 6 || v.header.Get("Cache-Control") != "public, no-cache" {
			t.Errorf("%s: %d, %d headings", at, v.status, v.Find(".prose h2").Length())
		}
		v.Find(".prose a[href], .onward a[href]").Each(func(_ int, a *goquery.Selection) {
			if to := a.AttrOr("href", ""); !seen[to] && to != "/docs/adr" && to != "/me/glass" && !strings.HasPrefix(to, "https://") {
				t.Errorf("%s leads to %s, which is not in the reading path", at, to)
			}
		})
	}
	v := b.get("/docs/adr/0012-reserved-switches")
	if v.Find("table tbody tr").Length() != 5 || !strings.Contains(v.body, "Here:") {
		t.Errorf("the switches are not shown: %s", v.text())
	}
	b.get("/docs/adr/..%2fREADME").want(t, http.StatusNotFound, "")
	b.get("/docs/adr/0099-nothing").want(t, http.StatusNotFound, "There is no such decision")
}

// TestGlass_layers: the panel says who answered in this request, each with its
// decision, and what stands in for a Redis that is away.
func TestGlass_layers(t *testing.T) {
	t.Parallel()
	r := redistest.New(t)
	limits, err := limit.Open(limit.Config{Kind: limit.KindRedis, Redis: r.Connect(t)})
	must(t, err)
	s := newSite(t, seeThrough, func(c *web.Config, _ *mail.Config) {
		c.Limits = limits
		c.Glass.Switches = append(c.Glass.Switches[:1], glass.Switch{Name: "LIMITS", Value: "redis", URL: "/docs/adr/0044-limits-in-redis"}, glass.Switch{Name: "SESSIONS", Value: "postgres", URL: "/docs/adr/0043-sessions-in-redis"})
	})
	mara := s.member(t, "Mara", "mara@harbour.example")
	mara.post("/me/glass", url.Values{"on": {"1"}}).leads(t, "/me/glass")
	says := func(class, text string) {
		t.Helper()
		rows := mara.get("/explore").Find(".layers > div")
		row := rows.FilterFunction(func(_ int, row *goquery.Selection) bool {
			return row.Find(`a[href="/docs/adr/0044-limits-in-redis"]`).Length() == 1
		})
		if rows.Length() != 4 || row.AttrOr("class", "") != class || !strings.Contains(row.Text(), text) {
			t.Errorf("the panel says %q (%s), want %q (%s)", rows.Text(), row.AttrOr("class", ""), text, class)
		}
	}
	says("kept", "for all processes")
	r.Kill()
	says("away", "Redis does not answer")
}
