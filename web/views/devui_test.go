package views_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"vitrine/web/assets"
	"vitrine/web/page"
	"vitrine/web/ui"
	"vitrine/web/views"
)

func viewer() *page.Viewer {
	studios := []page.Studio{
		{Slug: "harbour-field", Name: "Harbour & Field", Role: "owner"},
		{Slug: "night-desk", Name: "Night Desk", Role: "editor"},
	}
	return &page.Viewer{Name: "Teresa Lima", Initials: "TL", Verified: true, Studios: studios, Current: &studios[0]}
}

// sheets are the pages of this package that need no data.
func sheets() map[string]templ.Component {
	unverified := viewer()
	unverified.Verified = false
	all := map[string]templ.Component{
		"/dev/ui": views.DevUI(page.Base{Title: "Components", Path: "/dev/ui", Viewer: viewer(), Dev: true, NoIndex: true}),
		"/form": holding(views.FormLayout(page.Base{
			Title: "Sign in", Path: "/form", Viewer: unverified,
			Flash: []page.Flash{{Kind: page.Good, Message: "You are signed out."}},
		}), signIn),
		"/split": holding(views.SplitLayout(page.Base{Title: "Open a studio", Path: "/split"}, views.Side{
			Title: "Four Weights", By: "Studio Halden, still life, 2025",
			Picture: ui.Picture{Src: assets.URL("sample/weights.svg"), Alt: "Four balls", Width: 1200, Height: 1500, Tone: "rose-3", Sizes: ui.SizesHalf},
		}), signIn),
	}
	for _, status := range []int{403, 404, 422, 429, 500, 503} {
		path := fmt.Sprintf("/error/%d", status)
		v := views.ErrorView{Status: status}
		if status == 503 {
			v.RetryAfter = 5 * time.Second
		}
		all[path] = views.ErrorPage(page.Base{Path: path}, v)
	}
	return all
}

// signIn is a form as a page would write it.
var signIn = templ.Join(
	templ.Raw(`<h1>Sign in</h1><form class="stack-5" method="post">`),
	ui.ErrorSummary{Message: "The address and the password do not match."},
	ui.Field{Name: "email", Kind: ui.Email, Label: "Email", Autocomplete: "username", Required: true, Plain: true},
	ui.Field{Name: "password", Kind: ui.Password, Label: "Password", Autocomplete: "current-password", Required: true},
	ui.Button{Label: "Sign in", Look: ui.Ink, Wide: true},
	templ.Raw(`</form><p class="small quiet">New here? <a href="/signup">Open a studio</a></p>`),
)

// holding renders a layout around its content.
func holding(layout, content templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return layout.Render(templ.WithChildren(ctx, content), w)
	})
}

func document(t *testing.T, c templ.Component) *goquery.Document {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestSheets_idsAreUniqueAndLabelsLead(t *testing.T) {
	for path, component := range sheets() {
		doc := document(t, component)
		seen := map[string]bool{}
		doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
			id, _ := s.Attr("id")
			if seen[id] {
				t.Errorf("%s: the id %q stands twice", path, id)
			}
			seen[id] = true
		})
		doc.Find("label[for], [aria-describedby]").Each(func(_ int, s *goquery.Selection) {
			if s.ParentsFiltered("template").Length() > 0 {
				return
			}
			for _, id := range strings.Fields(s.AttrOr("for", "") + " " + s.AttrOr("aria-describedby", "")) {
				if !seen[id] {
					t.Errorf("%s: nothing has the id %q", path, id)
				}
			}
		})
		if n := doc.Find("h1").Length(); n != 1 {
			t.Errorf("%s has %d first headings", path, n)
		}
	}
}

// The content security policy forbids inline styles and scripts; a template
// that has one would look broken only in a browser.
func TestTemplates_haveNothingInline(t *testing.T) {
	inline := regexp.MustCompile(`(?i)\sstyle\s*[=?]|<style|\son[a-z]+\s*=|javascript:|hx-on|\bjs:`)
	script := regexp.MustCompile(`(?i)<script(?:\s[^>]*)?>`)
	count := 0
	err := filepath.WalkDir("..", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".templ" {
			return err
		}
		count++
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if found := inline.Find(source); found != nil {
			t.Errorf("%s has %q", path, found)
		}
		for _, tag := range script.FindAll(source, -1) {
			if !strings.Contains(string(tag), "src=") && !strings.Contains(string(tag), "application/ld+json") {
				t.Errorf("%s has an inline script", path)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if count < 5 {
		t.Fatalf("only %d templates were read", count)
	}
}

func TestLayout_anonymous(t *testing.T) {
	doc := document(t, views.Layout(page.Base{
		Title: "Explore", Nav: page.NavExplore, Canonical: "https://vitrine.example/explore", FeedURL: "/explore/feed.atom",
		Description: "New works", SearchQuery: `"><b>x`, Scripts: []string{"upload.js"},
		OpenGraph: &page.OpenGraph{Title: "Explore", Image: "https://vitrine.example/m/a.jpg", ImageW: 1280, ImageH: 720, ImageAlt: "A wall"},
	}))
	for selector, want := range map[string]int{
		"a.skip[href='#main']":                             1,
		"main#main[tabindex='-1']":                         1,
		".nav a[aria-current=page][href='/explore']":       1,
		"a[href='/login']":                                 3,
		"a[href='/signup']":                                2,
		"form[action='/logout']":                           0,
		"link[rel=canonical]":                              1,
		"link[rel=alternate][type='application/atom+xml']": 1,
		"meta[name=robots]":                                0,
		"script[src*='/assets/upload.']":                   1,
		"meta[property='og:image:width'][content='1280']":  1,
		"form[role=search][action='/search'] b":            0,
	} {
		if got := doc.Find(selector).Length(); got != want {
			t.Errorf("%s: found %d, want %d", selector, got, want)
		}
	}
	if got := doc.Find("#site-search").AttrOr("value", ""); got != `"><b>x` {
		t.Errorf("the search field holds %q", got)
	}
	if got := doc.Find("title").Text(); got != "Explore · Vitrine" {
		t.Errorf("the title is %q", got)
	}
	config := doc.Find("meta[name=htmx-config]").AttrOr("content", "")
	for _, want := range []string{`"includeIndicatorStyles":false`, `"allowEval":false`, `"allowScriptTags":false`, `"selfRequestsOnly":true`, `"historyCacheSize":0`} {
		if !strings.Contains(config, want) {
			t.Errorf("htmx is not told %s", want)
		}
	}
}

func TestLayout_signedIn(t *testing.T) {
	doc := document(t, views.Layout(page.Base{Viewer: viewer(), Nav: page.NavStudio, NoIndex: true, Canonical: "https://vitrine.example/x"}))
	for selector, want := range map[string]int{
		".nav a[href='/studio/harbour-field'][aria-current=page]":   1,
		".sheet a[href='/studio/harbour-field'][aria-current=true]": 1,
		".sheet a[href='/studio/night-desk']:not([aria-current])":   1,
		"a.fold[href='/studio/harbour-field/new']":                  1,
		".sheet a[href='/@harbour-field']":                          1,
		"form[action='/logout'][method=post] button":                1,
		"a[href='/signup']":                  0,
		"link[rel=canonical]":                0,
		"meta[name=robots][content=noindex]": 1,
		".flash":                             0,
	} {
		if got := doc.Find(selector).Length(); got != want {
			t.Errorf("%s: found %d, want %d", selector, got, want)
		}
	}
	alone := &page.Viewer{Name: "New Member", Initials: "NM"}
	doc = document(t, views.Layout(page.Base{Viewer: alone}))
	if doc.Find("a[href*='/studio/']").Length() != 0 {
		t.Error("a viewer without a studio is led to one")
	}
	if doc.Find(".flash.is-warn").Length() != 1 {
		t.Error("an unverified viewer is not told")
	}
}

func TestErrorPage(t *testing.T) {
	for _, c := range []struct {
		view views.ErrorView
		path string
		want []string // texts that the page holds
		find string
	}{
		{views.ErrorView{Status: 404}, "/gone", []string{"Nothing hangs here", "Untitled (404)"}, "form.seek-l"},
		{views.ErrorView{Status: 403}, "/studio/x", []string{"This room is private"}, "a.btn-ink[href='/explore']"},
		{views.ErrorView{Status: 422, Message: "The title is missing."}, "/x", []string{"The title is missing."}, "h1"},
		{views.ErrorView{Status: 429, RetryAfter: 30 * time.Second}, "/login", []string{"Next try: in 30 seconds."}, "a.btn-ink[href='/login']"},
		{views.ErrorView{Status: 429, RetryAfter: 10 * time.Minute}, "/login", []string{"Next try: in 10 minutes."}, "h1"},
		{views.ErrorView{Status: 500, Reference: "q7"}, "/x", []string{"on our side", "q7"}, "a.btn-ink[href='/x']"},
		{views.ErrorView{Status: 503, RetryAfter: 200 * time.Millisecond}, "/x", []string{"right back", "Next try: in a second."}, "h1"},
		{views.ErrorView{Status: 418}, "", []string{"(418)"}, "a.btn-ink[href='/explore']"},
		{views.ErrorView{Status: 404, Heading: "<b>x</b>"}, "", []string{"<b>x</b>"}, "h1:not(:has(b))"},
		{views.ErrorView{Status: 500}, "javascript:alert(1)", []string{"on our side"}, "a.btn-ink[href='about:invalid#TemplFailedSanitizationURL']"},
	} {
		doc := document(t, views.ErrorPage(page.Base{Path: c.path}, c.view))
		text := doc.Find("main").Text()
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%d: %q is not on the page", c.view.Status, want)
			}
		}
		if doc.Find(c.find).Length() == 0 {
			t.Errorf("%d: %s is not on the page", c.view.Status, c.find)
		}
		if doc.Find("meta[name=robots][content=noindex]").Length() != 1 {
			t.Errorf("%d may be indexed", c.view.Status)
		}
	}
}

func TestSplitLayout(t *testing.T) {
	side := views.Side{Title: "Four Weights", By: "Studio Halden", Picture: ui.Picture{Src: "/m/x.jpg", Width: 4, Height: 5}}
	if document(t, views.SplitLayout(page.Base{}, side)).Find(".split .side img").Length() != 1 {
		t.Error("the work is not beside the form")
	}
	if document(t, views.SplitLayout(page.Base{}, views.Side{})).Find(".split, .side").Length() != 0 {
		t.Error("without a picture there is still a place for it")
	}
}
