package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"vitrine/app/works"
	"vitrine/e2e/browser"
	"vitrine/e2e/rig"
)

// Every page of the product as a browser shows it: in both themes, on a phone
// and on a desk, with the bars of each.

// look is a page to look at.
type look struct {
	name   string
	path   string                                            // opened first
	status int                                               // 200 when zero
	act    func(t *testing.T, b *browser.Tab, m *rig.Member) // what leads to the page from there
	script string                                            // run in the page; true when it worked
}

// bars of a page, in bytes as they travel.
type bars struct{ html, css, js int }

var (
	publicBars = bars{html: 14 << 10, css: 15 << 10, js: 20 << 10}
	deskBars   = bars{html: 25 << 10, css: 15 << 10, js: 60 << 10}
)

func TestPages(t *testing.T) { // alone: beside its browsers, nobody's photos are ever ready
	if testing.Short() {
		t.Skip("A browser looks at every page, which takes a minute; run without -short.")
	}
	axe, err := os.ReadFile(filepath.Join(rig.Root(), "web", "testdata", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	site := rig.New(t, "DEMO=off").Start()
	e := eye{axe: string(axe), bars: publicBars, member: site.Visit(), tab: browser.Open(t, browser.Options{}), site: site}
	e.see(t, look{name: "setup", path: "/setup?token=" + url.QueryEscape(site.Token)})
	e.see(t, look{name: "an empty house", path: "/"})
	e.see(t, look{name: "an empty explore", path: "/explore"})
	h := furnish(t, site)
	t.Run("lighthouse", func(t *testing.T) {
		t.Parallel()
		h.checkLighthouse(t, session(t, h.owner))
	})
	t.Run("the senses", func(t *testing.T) {
		t.Parallel()
		h.checkSenses(t)
		h.checkInteractions(t)
	})
	t.Run("without scripts", func(t *testing.T) {
		t.Parallel()
		h.checkScriptless(t)
	})
	t.Run("a visitor", func(t *testing.T) {
		t.Parallel()
		e := eye{axe: string(axe), bars: publicBars, member: site.Visit(), tab: browser.Open(t, browser.Options{}), site: site}
		for _, l := range slices.Concat(h.walls(), h.discoveries(), h.fromOutside(), h.doors(), h.invited(), h.decisions()) {
			e.see(t, l)
		}
	})
	t.Run("a follower", func(t *testing.T) {
		t.Parallel()
		e := eye{axe: string(axe), bars: deskBars, member: site.Visit(), tab: browser.Open(t, browser.Options{}), site: site}
		h.arrive(t, e.tab, e.member, "Ines Okafor", "ines@quay.example")
		for _, l := range h.following() {
			e.see(t, l)
		}
	})
	t.Run("the owner", func(t *testing.T) {
		t.Parallel()
		b := browser.Open(t, browser.Options{})
		b.Go(site.URL + "/login")
		b.Fill("#email", ownerEmail)
		b.Fill("#password", password)
		b.Press("main form button")
		e := eye{axe: string(axe), bars: deskBars, member: h.owner, tab: b, site: site}
		for _, l := range slices.Concat(h.desk(), h.engaged(), h.members(), h.inGlass(), h.notices(), h.outside()) {
			e.see(t, l)
		}
	})
}

// walls are the pages that everybody sees.
func (h *house) walls() []look {
	all := []look{
		{name: "home", path: "/"},
		{name: "explore", path: "/explore"},
		{name: "the end of explore", path: "/explore?after=" + works.Cursor{At: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)}.String()},
		{name: "tag", path: "/t/harbour"},
		{name: "search", path: "/search"},
		{name: "search with hits", path: "/search?q=harbour"},
		{name: "search with a typo", path: "/search?q=harbuor"},
		{name: "search for nothing", path: "/search?q=xqzzy"},
		{name: "studio", path: h.public},
		{name: "nothing", path: "/nothing/here", status: http.StatusNotFound},
		{name: "no such work", path: h.public + "/gone-22222222222", status: http.StatusNotFound},
		{name: "the sheet of components", path: "/dev/ui"},
		{name: "the API", path: "/docs/api", script: `document.querySelectorAll("main details").forEach((d) => { d.open = true })`},
	}
	for name, path := range h.at {
		if strings.HasPrefix(path, "/@") {
			all = append(all, look{name: "work, " + name, path: path})
		}
	}
	return append(all, look{name: "a sensitive work, open", path: h.at["sensitive"], script: `document.querySelectorAll("main details").forEach((d) => { d.open = true })`})
}

// doors are the pages around an account.
func (h *house) doors() []look {
	const mail = visitorEmail
	return []look{
		{name: "login", path: "/login"},
		{name: "login refused", path: "/login", status: http.StatusUnprocessableEntity, act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
			b.Fill("#email", mail)
			b.Fill("#password", "not the password")
			b.Press("main form button")
		}},
		{name: "sign-up", path: "/signup"},
		{name: "sign-up refused", path: "/signup", status: http.StatusUnprocessableEntity, act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
			b.Fill("#name", "Teresa Lima")
			b.Fill("#email", "teresa@harbour")
			b.Fill("#password", "ridge")
			b.Press("main form button")
		}},
		{name: "an empty mailbox", path: "/dev/mailbox"},
		{name: "sign-up sent", path: "/signup", act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
			b.Fill("#name", "Teresa Lima")
			b.Fill("#email", mail)
			b.Fill("#password", password)
			b.Press("main form button")
		}},
		{name: "mailbox", path: "/dev/mailbox", act: func(_ *testing.T, b *browser.Tab, m *rig.Member) {
			letter(m, visitorEmail)
			b.Go(h.site.URL + "/dev/mailbox")
		}},
		{name: "mail", path: "/dev/mailbox", act: func(_ *testing.T, b *browser.Tab, m *rig.Member) { b.Go(h.site.URL + letter(m, visitorEmail)) }},
		{name: "verify", path: "/dev/mailbox", act: func(t *testing.T, b *browser.Tab, m *rig.Member) { b.Go(h.site.URL + verification(t, m, visitorEmail)) }},
		{name: "verify, unknown", path: "/verify/x", status: http.StatusNotFound},
		{name: "reset", path: "/reset"},
		{name: "reset sent", path: "/reset/sent"},
		{name: "reset, unknown", path: "/reset/x", status: http.StatusNotFound},
		{name: "setup, done", path: "/setup", status: http.StatusConflict},
		{name: "a form of another site", path: "/", status: http.StatusForbidden, act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
			b.Go("data:text/html,<form method=post action='" + h.site.URL + "/login" + "'><button>Send</button></form>")
			b.Press("button")
		}},
	}
}

// visitorEmail is the address of whoever signs up on the way.
const visitorEmail = "teresa@harbour.example"

// letter is the path of the newest mail to an address; others write and are
// written to meanwhile.
func letter(m *rig.Member, to string) string {
	first := `.mails li:contains("` + to + `") a[href^="/dev/mailbox/"]`
	p := m.Await("/dev/mailbox", "a mail", func(p *rig.Page) bool { return p.Find(first).Length() > 0 })
	return p.Find(first).First().AttrOr("href", "")
}

// verification is the path that the newest mail to an address leads to.
func verification(t *testing.T, m *rig.Member, to string) string {
	t.Helper()
	link, err := url.Parse(m.Get(letter(m, to)).Find(`.letter a[href*="/verify/"]`).AttrOr("href", ""))
	if err != nil || link.Path == "" {
		t.Fatalf("the mail has no link: %v", err)
	}
	return link.Path
}

// desk are the pages of a member.
func (h *house) desk() []look {
	open := func(selector string) string {
		return fmt.Sprintf(`document.querySelector(%q).open = true`, selector)
	}
	return []look{
		{name: "home of a member", path: "/"},
		{name: "their studio", path: h.public, script: open(".mast details.menu")},
		{name: "their work", path: h.at["several"]},
		{name: "dashboard", path: h.studio},
		{name: "drafts", path: h.studio + "?state=draft"},
		{name: "scheduled", path: h.studio + "?state=scheduled"},
		{name: "unlisted", path: h.studio + "?state=unlisted"},
		{name: "archived", path: h.studio + "?state=archived"},
		{name: "settings", path: h.studio + "/settings"},
		{name: "settings refused", path: h.studio + "/settings", status: http.StatusUnprocessableEntity, act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
			b.Fill("#slug", "no spaces, please")
			b.Press("main form button")
		}},
		{name: "new work", path: h.studio + "/new"},
		{name: "a draft with files in every state", path: h.drafts["draft"]},
		{name: "a published work's form", path: h.drafts["several"], script: `document.querySelectorAll("main details:not(.menu)").forEach((d) => { d.open = true })`},
		{name: "the schedule, open", path: h.drafts["scheduled"], script: open(".publish details")},
		{name: "a form refused", path: h.drafts["draft"], status: http.StatusUnprocessableEntity, act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
			b.Fill("#year", "last year")
			b.Press(`.publish button[value="save"]`)
		}},
		{name: "two hands on one form", path: h.drafts["archived"], status: http.StatusConflict, act: func(_ *testing.T, b *browser.Tab, m *rig.Member) {
			m.Submit(m.Get(h.drafts["archived"]), "#compose", url.Values{"title": {"First Attempt, Again"}, "intent": {"save"}})
			b.Fill("#title", "First Attempt, Mine")
			b.Press(`.publish button[value="save"]`)
		}},
		{name: "my account", path: "/me"},
		{name: "my address", path: "/me/address"},
		{name: "my security", path: "/me/security"},
		{name: "my devices", path: "/me/sessions"},
		{name: "my tokens", path: "/me/tokens"},
		{name: "a new token", path: "/me/tokens", act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
			b.Fill("#name", "Camera in the hut")
			b.Press(`form[action="/me/tokens"] button`)
		}},
		{name: "my archive", path: "/me/export"},
		{name: "my archive, asked for", path: "/me/export", act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
			b.Press(`form[action="/me/export"] button`)
		}},
		{name: "deleting myself", path: "/me/delete"},
		{name: "the studio's archive", path: h.studio + "/export"},
		{name: "deleting my own studio", path: h.studio + "/delete"},
		{name: "another studio", path: "/studios/new"},
		// Over text: a link that the menu happens to cut in two is too small a target.
		{name: "the menu, open", path: "/docs/adr/0003-outbox", script: open(".top details.menu")},
		{name: "an empty studio", path: "/studios/new", act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
			b.Fill("#name", "Quiet Room")
			b.Press("main form button")
		}},
		{name: "an empty studio's page", path: "/@quiet-room"},
		{name: "deleting a studio", path: "/studio/quiet-room/delete"},
		{name: "deleting a studio, refused", path: "/studio/quiet-room/delete", status: http.StatusUnprocessableEntity, act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
			b.Fill("#confirm", "noisy-room")
			b.Press("main form button")
		}},
		{name: "a studio that is to end", path: "/studio/quiet-room/delete", act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
			b.Fill("#confirm", "quiet-room")
			b.Press("main form button")
		}},
		{name: "the desk of a studio that is to end", path: "/studio/quiet-room"},
		{name: "no such studio", path: "/studio/somebody-elses", status: http.StatusNotFound},
	}
}

// eye looks at pages as one person with one browser.
type eye struct {
	axe    string
	bars   bars
	site   *rig.Site
	member *rig.Member // the same person without a browser
	tab    *browser.Tab
	heard  int // problems of the console that were told already
}

// see opens a page and judges it in every window.
func (e *eye) see(t *testing.T, l look) {
	t.Helper()
	if l.status == 0 {
		l.status = http.StatusOK
	}
	if l.act == nil {
		e.judgeAnswer(t, l, e.member.Get(l.path))
	}
	e.tab.Look(320, false)
	e.tab.Go(e.site.URL + l.path)
	if l.act != nil {
		l.act(t, e.tab, e.member)
	}
	if l.script != "" {
		browser.Eval[bool](e.tab, "(() => { "+l.script+"; return true })()")
	}
	e.tab.Load()
	for _, window := range []struct {
		width int64
		dark  bool
	}{{320, false}, {390, false}, {390, true}, {1440, true}, {1440, false}} {
		at := fmt.Sprintf("%s, %d px, dark %v", l.name, window.width, window.dark)
		e.tab.Look(window.width, window.dark)
		if wide := browser.Eval[string](e.tab, sideways); wide != "" {
			t.Errorf("%s: reaches beyond the window: %s", at, wide)
		}
		if window.width == 320 {
			continue
		}
		// Structure is the same in both themes, colours are not.
		find := e.tab.AxeColours
		if window.dark == (window.width > 1000) {
			find = e.tab.Axe
		}
		for _, violation := range find(e.axe) {
			t.Errorf("%s: axe: %s", at, violation)
		}
		e.tab.Shoot(strings.NewReplacer(" ", "-", ",", "").Replace(at))
	}
	e.judgePage(t, l)
}

// sideways names what reaches beyond the window, an open menu to its start as
// well, which no scrolling would show; empty when nothing does.
const sideways = `(() => {
	const all = (selector, out) => [...document.querySelectorAll(selector)].filter((n) => n.checkVisibility() && out(n.getBoundingClientRect()));
	const cut = all(".sheet, summary", (r) => r.left < 0 || r.right > innerWidth);
	if (document.documentElement.scrollWidth <= innerWidth && cut.length === 0) return "";
	const wide = [...cut, ...all("body *", (r) => r.right > innerWidth + 1)];
	return wide.slice(0, 3).map((n) => n.tagName + "." + n.className).join(", ") || "something";
})()`

// judgeAnswer checks what the server sends.
func (e *eye) judgeAnswer(t *testing.T, l look, p *rig.Page) {
	t.Helper()
	if p.Status != l.status {
		t.Errorf("%s answers %d, want %d", l.name, p.Status, l.status)
	}
	if csp := p.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; script-src 'self'; style-src 'self';") || strings.Contains(csp, "unsafe") {
		t.Errorf("%s has the policy %q", l.name, csp)
	}
	p.Find(`[style], style, script:not([src]):not([type="application/ld+json"]), [onclick], [onload]`).Each(func(_ int, s *goquery.Selection) {
		html, _ := goquery.OuterHtml(s)
		t.Errorf("%s has something inline: %.120s", l.name, html)
	})
}

// traffic is what the open page is made of and what it asked for.
type traffic struct {
	Status, HTML, CSS, JS int
	H1                    int
	Title, Lang           string
	Bad, Foreign          []string
}

const weigh = `(() => {
	const files = performance.getEntriesByType("resource"), page = performance.getEntriesByType("navigation")[0];
	const sum = (test) => files.filter((f) => test.test(f.name)).reduce((n, f) => n + f.encodedBodySize, 0);
	return JSON.stringify({
		Status: page.responseStatus, HTML: page.encodedBodySize, CSS: sum(/\.css$/), JS: sum(/\.js$/),
		H1: document.querySelectorAll("h1").length, Title: document.title, Lang: document.documentElement.lang,
		Bad: files.filter((f) => f.responseStatus >= 400).map((f) => f.name),
		Foreign: files.filter((f) => !f.name.startsWith(location.origin) && !f.name.startsWith("blob:")).map((f) => f.name),
	});
})()`

// judgePage checks what the browser has seen.
func (e *eye) judgePage(t *testing.T, l look) {
	t.Helper()
	var got traffic
	if err := json.Unmarshal([]byte(browser.Eval[string](e.tab, weigh)), &got); err != nil {
		t.Fatal(err)
	}
	if got.Status != l.status {
		t.Errorf("%s is shown with status %d, want %d", l.name, got.Status, l.status)
	}
	if got.H1 != 1 || !strings.Contains(got.Title, "Vitrine") || got.Lang == "" {
		t.Errorf("%s has %d first headings, the title %q and the language %q", l.name, got.H1, got.Title, got.Lang)
	}
	if len(got.Bad)+len(got.Foreign) > 0 {
		t.Errorf("%s asks for what is not there %v, or for what is not ours %v", l.name, got.Bad, got.Foreign)
	}
	for _, w := range []struct {
		what      string
		size, bar int
	}{{"HTML", got.HTML, e.bars.html}, {"CSS", got.CSS, e.bars.css}, {"JS", got.JS, e.bars.js}} {
		if w.size > w.bar || w.size == 0 {
			t.Errorf("%s has %d bytes of %s, the bar is %d", l.name, w.size, w.what, w.bar)
		}
	}
	problems := e.tab.Problems()
	for _, problem := range problems[e.heard:] {
		// The console notes the status of the page itself, too.
		if l.status >= 400 && strings.Contains(problem, fmt.Sprintf("responded with a status of %d", l.status)) {
			continue
		}
		t.Errorf("%s: the console says: %s", l.name, problem)
	}
	e.heard = len(problems)
}
