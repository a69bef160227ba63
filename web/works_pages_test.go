package web_test

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/app/works"
)

func TestWork_canonical(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	w := h.work(t, 1, works.Edit{Title: "Low Water", Tags: "Été"})
	arabic := h.work(t, 1, works.Edit{Title: "المدينة بعد الظهر", Lang: "ar"})
	b := h.browser(t)
	here := h.path(w)
	for from, to := range map[string]string{
		"/@" + h.slug + "/another-name-" + w.PublicID:      here,
		"/@" + h.slug + "/" + w.PublicID:                   here,
		"/@somebody-else/low-water-" + w.PublicID:          here,
		strings.Replace(here, "low-water", "LOW-Water", 1): here,
		here + "/":           here,
		here + "/?a=1&b=%20": here + "?a=1&b=%20",
		"/@" + strings.ToUpper(h.slug) + here[len(h.slug)+2:]: here,
		"/@" + h.slug + "/" + arabic.PublicID:                 h.path(arabic),
		"/@" + h.slug + "/":                                   "/@" + h.slug,
		"/@" + strings.ToUpper(h.slug):                        "/@" + h.slug,
		"/t/" + url.PathEscape("Été"):                         "/t/ete",
		"/@" + strings.ToUpper(h.slug) + "/feed.atom":         "/@" + h.slug + "/feed.atom",
	} {
		if v := b.get(from); v.status != http.StatusMovedPermanently || v.location != to {
			t.Errorf("%s led to %d %s, want 301 to %s", from, v.status, v.location, to)
		}
	}
	for _, p := range []string{here, h.path(arabic), strings.ToLower(h.path(arabic)[:len(h.path(arabic))-12]) + arabic.PublicID} {
		if v := b.get(p); v.status != http.StatusOK {
			t.Errorf("%s: %d to %s", p, v.status, v.location)
		}
	}
	// A former name of the studio leads to the new one.
	old := h.slug
	_, err := h.Studios.Update(db.Guard(t.Context()), h.actor.UserID, h.actor.StudioID, studios.Profile{Slug: "salt-office", Name: "Salt Office", Version: 1})
	must(t, err)
	h.slug = "salt-office"
	for from, to := range map[string]string{"/@" + old: "/@salt-office", here: h.path(w)} {
		if v := b.get(from); v.status != http.StatusMovedPermanently || v.location != to {
			t.Errorf("%s led to %d %s, want 301 to %s", from, v.status, v.location, to)
		}
	}
}

func TestPublicPages_hostileURLs(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	w := h.work(t, 1, works.Edit{Title: "Low Water", Tags: "tide"})
	h.index(t)
	b := h.browser(t)
	for name, value := range hostile {
		if len(value) > 7000 {
			value = value[:7000] // what a URL may hold
		}
		q, p := url.QueryEscape(value), url.PathEscape(value)
		for _, path := range []string{"/search?q=" + q, "/search?q=tide&after=" + q, "/explore?after=" + q, "/t/tide?after=" + q, "/@" + h.slug + "?after=" + q,
			"/@" + h.slug + "/" + p, "/@" + h.slug + "/" + p + "-" + w.PublicID, "/@" + p, "/@" + p + "/feed.atom", "/t/" + p, "/t/" + p + "/feed.atom"} {
			v := b.get(path)
			if strings.HasSuffix(path, ".atom") && v.status == http.StatusOK {
				continue
			}
			checkAnswer(t, v, name+" in "+path[:min(len(path), 40)])
		}
		for _, path := range []string{"?state=" + q, "?after=" + q, "/new/" + p, "/works/" + p, "/works/" + p + "/files"} {
			checkAnswer(t, h.member.get("/studio/"+h.slug+path), name+" in the studio's "+path[:min(len(path), 40)])
		}
	}
}

// Markup in every text field is text on every page that shows it.
func TestWork_markupIsText(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	evil := `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	tag := `"><script>alert(1)</script>`
	w := h.work(t, 2, works.Edit{
		Title: evil, Story: evil + "\n\nhttps://example.org/\"onmouseover=alert(1)//", Credits: evil + ": " + evil, Tags: tag, NoAI: true,
		Items: map[uuid.UUID]works.ItemEdit{uuid.Nil: {Alt: evil, Caption: evil}},
	})
	h.Exec(t, "update studios set name = $1, description = $1, location = $1 where id = $2", `"><script>alert(1)</script>`, h.actor.StudioID)
	h.work(t, 1, works.Edit{Title: "Another", Tags: tag})
	h.index(t)
	visitor := h.browser(t)
	for _, path := range []string{h.path(w), "/", "/explore", "/@" + h.slug, "/t/" + works.TagSlug(tag), "/search?q=script", "/studio/" + h.slug, h.editPath(w)} {
		b := h.member
		if path == "/" { // a member's is the feed
			b = visitor
		}
		v := b.get(path)
		checkAnswer(t, v, path)
		if v.status != http.StatusOK || !strings.Contains(v.text()+v.Find("main").Text()+v.value("title"), "alert(1)") {
			t.Errorf("%s: %d, the words are not there", path, v.status)
		}
		v.Find("main a").Each(func(_ int, a *goquery.Selection) {
			if href := strings.ToLower(a.AttrOr("href", "")); strings.HasPrefix(href, "javascript:") {
				t.Errorf("%s links to %s", path, href)
			}
		})
		if regexp.MustCompile(`(?i) (style|on[a-z]+)="`).MatchString(v.body) {
			t.Errorf("%s has an inline style or script", path)
		}
	}
}

func TestWork_sensitiveIsCovered(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	w := h.work(t, 2, works.Edit{Title: "Anatomy", Sensitive: true})
	b := h.browser(t)
	for _, path := range []string{h.path(w), "/explore", "/@" + h.slug} {
		v := b.get(path)
		if v.Find("main details img").Length() == 0 || v.Find("main img").Length() != v.Find("main details img").Length() {
			t.Errorf("%s shows a sensitive picture uncovered", path)
		}
		if v.Find("meta[property='og:image']").Length() != 0 {
			t.Errorf("%s gives the picture to other sites", path)
		}
	}
	if v := b.get("/"); v.Find("main img").Length() != 0 {
		t.Error("a sensitive work hangs on the front page")
	}
	if v := b.get("/explore/feed.atom"); strings.Contains(v.body, "/m/") {
		t.Error("the feed shows a sensitive picture")
	}
}

func TestUnlisted_onlyByLink(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	w := h.work(t, 1, works.Edit{Title: "Quiet Room", Tags: "room"})
	_, err := h.Works.Unlist(db.Guard(t.Context()), h.actor, works.Target{PublicID: w.PublicID}, nil, idem.NewKey())
	must(t, err)
	h.index(t)
	b := h.browser(t)
	v := b.get(h.path(w))
	v.want(t, http.StatusOK, "Only those who have the link")
	if v.Find("meta[name=robots][content=noindex]").Length() != 1 || v.Find(".stage img").Length() != 1 {
		t.Error("the page of an unlisted work can be indexed, or shows nothing")
	}
	for _, path := range []string{"/", "/explore", "/@" + h.slug, "/t/room", "/search?q=quiet", "/explore/feed.atom"} {
		if strings.Contains(b.get(path).body, w.PublicID) {
			t.Errorf("%s lists an unlisted work", path)
		}
	}
}

func TestFeeds(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	b := h.browser(t)
	if v := b.get("/@" + h.slug + "/feed.atom"); v.status != http.StatusOK || !strings.Contains(v.body, "<updated>") {
		t.Errorf("an empty feed: %d %s", v.status, v.body)
	}
	w := h.work(t, 1, works.Edit{Title: "Low & Water <b>", Tags: "tide", Items: map[uuid.UUID]works.ItemEdit{uuid.Nil: {Alt: "A \"flat\" <i>"}}})
	for _, path := range []string{"/explore/feed.atom", "/@" + h.slug + "/feed.atom", "/t/tide/feed.atom"} {
		v := b.get(path)
		var f struct {
			XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
			ID      string   `xml:"id"`
			Title   string   `xml:"title"`
			Updated string   `xml:"updated"`
			Links   []struct {
				Rel  string `xml:"rel,attr"`
				Href string `xml:"href,attr"`
			} `xml:"link"`
			Entries []struct {
				ID        string `xml:"id"`
				Title     string `xml:"title"`
				Updated   string `xml:"updated"`
				Published string `xml:"published"`
				Author    string `xml:"author>name"`
				Content   struct {
					Type string `xml:"type,attr"`
					HTML string `xml:",chardata"`
				} `xml:"content"`
			} `xml:"entry"`
		}
		must(t, xml.Unmarshal([]byte(v.body), &f))
		if v.header.Get("Content-Type") != "application/atom+xml; charset=utf-8" || f.ID == "" || f.Title == "" || len(f.Entries) != 1 {
			t.Fatalf("%s: %s, %+v", path, v.header.Get("Content-Type"), f)
		}
		e := f.Entries[0]
		for _, at := range []string{f.Updated, e.Updated, e.Published} {
			if _, err := time.Parse(time.RFC3339, at); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
		if e.ID != "urn:uuid:"+w.ID.String() || e.Title != "Low & Water <b>" || e.Author == "" || e.Content.Type != "html" {
			t.Errorf("%s: %+v", path, e)
		}
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(e.Content.HTML))
		must(t, err)
		if src := doc.Find("img").AttrOr("src", ""); !strings.HasPrefix(src, "http://vitrine.test/m/") || doc.Find("img").AttrOr("alt", "") != "A \"flat\" <i>" {
			t.Errorf("%s: the picture is %s", path, e.Content.HTML)
		}
		b.header.Set("If-None-Match", v.header.Get("ETag"))
		if again := b.get(path); again.status != http.StatusNotModified || v.header.Get("ETag") == "" {
			t.Errorf("%s by ETag: %d", path, again.status)
		}
		b.header.Del("If-None-Match")
		b.header.Set("If-Modified-Since", v.header.Get("Last-Modified"))
		if again := b.get(path); again.status != http.StatusNotModified {
			t.Errorf("%s by date: %d", path, again.status)
		}
		b.header.Del("If-Modified-Since")
	}
}
