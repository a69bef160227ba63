package web_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"vitrine/app/works/sitemap"
)

// element is an element of XML as any reader sees it.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []element  `xml:",any"`
	Text     string     `xml:",chardata"`
}

func (n element) all(name string) (out []element) {
	for _, c := range n.Children {
		if c.XMLName.Local == name {
			out = append(out, c)
		}
	}
	return out
}

func (n element) text(name string) string {
	if list := n.all(name); len(list) > 0 {
		return list[0].Text
	}
	return ""
}

func (n element) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// wellFormed reads all of a document: one root, and nothing after it.
func wellFormed(t *testing.T, where, body string) (root element) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(body))
	d.Strict = true
	must(t, d.Decode(&root))
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		t.Errorf("%s: something follows its end: %v", where, err)
	}
	if !strings.HasPrefix(body, `<?xml version="1.0" encoding="UTF-8"?>`) {
		t.Errorf("%s begins with %.40q", where, body)
	}
	return root
}

// checkAbsolute wants an address that a reader elsewhere can open.
func checkAbsolute(t *testing.T, where, address string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" || u.Host != "vitrine.test" || len(address) > 2048 || strings.ContainsAny(address, " \"<>\n") || !isASCII(address) {
		t.Errorf("%s: %q is no whole address: %v", where, address, err)
	}
}

func isASCII(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return r > 126 }) }

// feedOnce are the elements of which RFC 4287 allows one, and wants those that
// are true here.
var feedOnce = map[string]bool{"id": true, "title": true, "updated": true, "author": true, "icon": false, "published": false, "content": false}

// checkPart holds a feed or an entry to RFC 4287, sections 4.1.1 and 4.1.2.
func checkPart(t *testing.T, where string, n element) {
	t.Helper()
	for name, wanted := range feedOnce {
		if many := len(n.all(name)); many > 1 || wanted && many == 0 {
			t.Errorf("%s has %d elements %s", where, many, name)
		}
	}
	for _, c := range n.Children {
		if _, known := feedOnce[c.XMLName.Local]; !known && c.XMLName.Local != "link" && c.XMLName.Local != "entry" || c.XMLName.Space != "http://www.w3.org/2005/Atom" {
			t.Errorf("%s has an element %v", where, c.XMLName)
		}
	}
	if u, err := url.Parse(n.text("id")); err != nil || !u.IsAbs() || u.String() != n.text("id") {
		t.Errorf("%s: the id %q is no normal absolute IRI", where, n.text("id"))
	}
	if strings.TrimSpace(n.text("title")) == "" || len(n.all("title")[0].Children) > 0 {
		t.Errorf("%s has the title %+v", where, n.all("title"))
	}
	for _, name := range []string{"updated", "published"} {
		if at := n.text(name); at != "" || name == "updated" {
			when, err := time.Parse(time.RFC3339, at)
			if err != nil || when.Year() < 1970 || when.After(time.Now().Add(time.Minute)) {
				t.Errorf("%s: %s is %q", where, name, at)
			}
		}
	}
	if author := n.all("author"); len(author) == 1 {
		if len(author[0].all("name")) != 1 || strings.TrimSpace(author[0].text("name")) == "" {
			t.Errorf("%s: the author is %+v", where, author)
		}
		checkAbsolute(t, where+"'s author", author[0].text("uri"))
	}
	alternates := map[string]int{}
	for _, l := range n.all("link") {
		checkAbsolute(t, where+"'s link "+l.attr("rel"), l.attr("href"))
		if !strings.Contains(l.attr("type"), "/") {
			t.Errorf("%s: the link %s is of type %q", where, l.attr("rel"), l.attr("type"))
		}
		alternates[l.attr("rel")+l.attr("type")+l.attr("hreflang")]++
	}
	if alternates["alternatetext/html"] != 1 {
		t.Errorf("%s leads to %v", where, alternates)
	}
}

// checkAtom holds a feed to RFC 4287 and gives the ids of its entries.
func (h *house) checkAtom(t *testing.T, path string) (feed element, ids []string) {
	t.Helper()
	v := h.ask(t, "visitor", http.MethodGet, path, nil)
	if kind := v.header.Get("Content-Type"); v.status != http.StatusOK || kind != "application/atom+xml; charset=utf-8" {
		t.Fatalf("%s: %d %s", path, v.status, kind)
	}
	feed = wellFormed(t, path, v.body)
	if feed.XMLName != (xml.Name{Space: "http://www.w3.org/2005/Atom", Local: "feed"}) {
		t.Fatalf("%s is %v", path, feed.XMLName)
	}
	checkPart(t, path, feed)
	self := 0
	for _, l := range feed.all("link") {
		if l.attr("rel") == "self" {
			self++
			if l.attr("href") != "http://vitrine.test"+path || l.attr("type") != "application/atom+xml" {
				t.Errorf("%s is found at %+v", path, l)
			}
		}
	}
	if self != 1 {
		t.Errorf("%s says %d times where it is", path, self)
	}
	seen, newest := map[string]bool{feed.text("id"): true}, ""
	for _, e := range feed.all("entry") {
		where := path + ", " + e.text("title")
		checkPart(t, where, e)
		if id := e.text("id"); seen[id] {
			t.Errorf("%s: the id %s is there twice", where, id)
		} else {
			seen[id] = true
			ids = append(ids, id)
		}
		if e.text("updated") < e.text("published") {
			t.Errorf("%s changed at %s, before it opened at %s", where, e.text("updated"), e.text("published"))
		}
		newest = max(newest, e.text("updated"))
		content := e.all("content")
		if len(content) != 1 || content[0].attr("type") != "html" || len(content[0].Children) > 0 {
			t.Fatalf("%s: its content is %+v", where, content)
		}
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(content[0].Text))
		must(t, err)
		if doc.Find("script, xss, b").Length() > 0 {
			t.Errorf("%s: a title became markup: %s", where, content[0].Text)
		}
		doc.Find("img, a").Each(func(_ int, s *goquery.Selection) { checkAbsolute(t, where, s.AttrOr("src", s.AttrOr("href", ""))) })
	}
	if newest != "" && feed.text("updated") < newest {
		t.Errorf("%s changed at %s, and a work in it at %s", path, feed.text("updated"), newest)
	}
	return feed, ids
}

// hostileTitle is what a feed has to carry as text.
const hostileTitle = `<b>Ridge</b> & "co" ]]> <script>1</script> سبع 🧡`

func TestAtom_validity(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.Exec(t, "update works set title = $1 where id = $2", hostileTitle, h.hung.ID)
	h.Exec(t, "update works set updated_at = published_at - interval '1 day' where id = $1", h.hung.ID) // it opened by itself
	studio := "/@" + h.slug + "/feed.atom"
	byPath := map[string][]string{}
	for _, path := range []string{"/explore/feed.atom", "/t/ridge/feed.atom", studio} {
		_, ids := h.checkAtom(t, path)
		if len(ids) == 0 {
			t.Errorf("%s is empty", path)
		}
		byPath[path] = ids
	}
	before, _ := h.checkAtom(t, studio)
	// Another address of the studio and another name of the work: the same feed, the same entries.
	h.Exec(t, "update studios set name = 'Renamed <i>' where id = $1", h.studio)
	h.Exec(t, "update works set slug = 'renamed', title = 'Renamed', updated_at = now() where id = $1", h.hung.ID)
	after, ids := h.checkAtom(t, studio)
	if before.text("id") != after.text("id") || !strings.HasPrefix(after.text("id"), "urn:uuid:") || strings.Join(ids, " ") != strings.Join(byPath[studio], " ") {
		t.Errorf("the feed was %s with %v, and is %s with %v", before.text("id"), byPath[studio], after.text("id"), ids)
	}
	h.Exec(t, "update works set hidden = true, hidden_for = 1")
	for _, path := range []string{"/explore/feed.atom", studio} {
		if _, ids := h.checkAtom(t, path); len(ids) != 0 {
			t.Errorf("%s lists what is hidden", path)
		}
	}
}

func TestSitemap_validity(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.Exec(t, "update works set title = $1 where id = $2", hostileTitle, h.hung.ID)
	for _, kind := range []string{"works", "studios", "collections"} {
		h.Exec(t, "insert into sitemap_pages (kind, number, from_at, from_id, urls, changed_at) values ($1, 1, '2000-01-01', '00000000-0000-0000-0000-000000000001', 1, now())", kind)
	}
	h.madeCollection(t, "North & light", h.hung.PublicID)
	const space = "http://www.sitemaps.org/schemas/sitemap/0.9"
	if 2*sitemap.PerPage > 50_000 {
		t.Error("a page may grow beyond what the protocol allows")
	}
	check := func(path, root, item string) (locs []string) {
		v := h.ask(t, "visitor", http.MethodGet, path, nil)
		if kind := v.header.Get("Content-Type"); v.status != http.StatusOK || !strings.HasPrefix(kind, "application/xml") {
			t.Fatalf("%s: %d %s", path, v.status, kind)
		}
		doc := wellFormed(t, path, v.body)
		if doc.XMLName != (xml.Name{Space: space, Local: root}) {
			t.Errorf("%s is %v", path, doc.XMLName)
		}
		seen := map[string]bool{}
		for _, c := range doc.Children {
			loc := c.text("loc")
			if c.XMLName != (xml.Name{Space: space, Local: item}) || len(c.all("loc")) != 1 || len(c.all("lastmod")) > 1 || len(c.Children) > len(c.all("loc"))+len(c.all("lastmod")) || seen[loc] {
				t.Errorf("%s lists %+v", path, c)
			}
			seen[loc] = true
			checkAbsolute(t, path, loc)
			// A page lists what is below its own place.
			if dir := "http://vitrine.test" + path[:strings.LastIndexByte(path, '/')+1]; !strings.HasPrefix(loc, dir) {
				t.Errorf("%s may not list %s", path, loc)
			}
			if at := c.text("lastmod"); len(c.all("lastmod")) == 1 {
				if when, err := time.Parse(time.RFC3339, at); err != nil || when.Year() < 2000 {
					t.Errorf("%s: %s changed at %q", path, loc, at)
				}
			}
			locs = append(locs, strings.TrimPrefix(loc, "http://vitrine.test"))
		}
		return locs
	}
	pages := check("/sitemap.xml", "sitemapindex", "sitemap")
	if len(pages) != 4 {
		t.Errorf("the index lists %v", pages)
	}
	for _, page := range pages {
		locs := check(page, "urlset", "url")
		if len(locs) == 0 || len(locs) > 50_000 {
			t.Errorf("%s lists %d addresses", page, len(locs))
		}
		for _, at := range locs {
			if v := h.ask(t, "visitor", http.MethodGet, at, nil); v.status != http.StatusOK || v.Find(`meta[name="robots"][content*="noindex"]`).Length() != 0 {
				t.Errorf("%s lists %s, which answers %d, or asks not to be listed", page, at, v.status)
			}
		}
	}
}

// TestOEmbed_validity holds the answers to oembed.com: what each must have, and
// sizes within what was asked for, for pictures of all shapes.
func TestOEmbed_validity(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.Exec(t, "update works set title = $1 where id = $2", hostileTitle, h.hung.ID)
	address := "http://vitrine.test" + h.hungAt()
	for _, shape := range [][2]int{{1600, 900}, {900, 3000}, {4000, 300}} {
		h.Exec(t, "update media set width = $1, height = $2 where id in (select media_id from work_media where work_id = $3)", shape[0], shape[1], h.hung.ID)
		for _, bound := range [][2]int{{0, 0}, {480, 0}, {0, 200}, {100, 90}, {5000, 5000}} {
			q := url.Values{"url": {address}, "format": {"json"}}
			where := fmt.Sprintf("%v within %v", shape, bound)
			for i, name := range []string{"maxwidth", "maxheight"} {
				if bound[i] > 0 {
					q.Set(name, fmt.Sprint(bound[i]))
				}
			}
			v := h.ask(t, "visitor", http.MethodGet, "/oembed?"+q.Encode(), nil)
			if kind := v.header.Get("Content-Type"); v.status != http.StatusOK || !strings.HasPrefix(kind, "application/json") {
				t.Fatalf("%s: %d %s", where, v.status, kind)
			}
			var got struct {
				Type, Version, HTML, Title string
				Width, Height              int
				ProviderURL                string `json:"provider_url"`
				AuthorURL                  string `json:"author_url"`
				Thumbnail                  string `json:"thumbnail_url"`
				TW                         int    `json:"thumbnail_width"`
				TH                         int    `json:"thumbnail_height"`
			}
			must(t, json.Unmarshal([]byte(v.body), &got))
			if got.Type != "rich" || got.Version != "1.0" || got.HTML == "" || got.Title != hostileTitle || got.Width < 1 || got.Height < 1 {
				t.Errorf("%s: %+v", where, got)
			}
			checkAbsolute(t, where, got.ProviderURL)
			checkAbsolute(t, where, got.AuthorURL)
			if bound[0] > 0 && (got.Width > bound[0] || got.TW > bound[0]) || bound[1] > 0 && (got.Height > bound[1] || got.TH > bound[1]) {
				t.Errorf("%s: %d × %d with a thumbnail of %d × %d", where, got.Width, got.Height, got.TW, got.TH)
			}
			// Of a thumbnail everything is said, or nothing.
			if some := got.Thumbnail != ""; some != (got.TW > 0) || some != (got.TH > 0) {
				t.Errorf("%s: half a thumbnail: %+v", where, got)
			} else if some {
				checkAbsolute(t, where, got.Thumbnail)
			}
			doc, err := goquery.NewDocumentFromReader(strings.NewReader(got.HTML))
			must(t, err)
			frame := doc.Find("iframe")
			if frame.Length() != 1 || doc.Find("script, b").Length() != 0 || frame.AttrOr("width", "") != fmt.Sprint(got.Width) || frame.AttrOr("height", "") != fmt.Sprint(got.Height) {
				t.Errorf("%s: %s", where, got.HTML)
			}
			checkAbsolute(t, where, frame.AttrOr("src", ""))
			q.Set("format", "xml")
			answer := h.ask(t, "visitor", http.MethodGet, "/oembed?"+q.Encode(), nil)
			if kind := answer.header.Get("Content-Type"); !strings.HasPrefix(kind, "text/xml") {
				t.Errorf("%s is of type %s", where, kind)
			}
			as := wellFormed(t, where, answer.body)
			if as.XMLName.Local != "oembed" || as.text("html") != got.HTML || as.text("width") != fmt.Sprint(got.Width) || as.text("type") != "rich" || as.text("version") != "1.0" {
				t.Errorf("%s as XML: %s", where, answer.body)
			}
		}
	}
}
