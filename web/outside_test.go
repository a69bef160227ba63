package web_test

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
	"vitrine/app/works"
	"vitrine/app/works/links"
)

// madeCollection makes one through the pages: the words, then the works.
func (h *house) madeCollection(t *testing.T, title string, publicIDs ...string) (path string) {
	t.Helper()
	made := h.ask(t, "editor", http.MethodPost, "/studio/"+h.slug+"/collections/new", url.Values{"idempotency_key": {idem.NewKey()}, "title": {title}, "about": {"About <b>it</b>."}, "shown": {"on"}})
	if made.status != to || !strings.HasSuffix(made.location, "/add") {
		t.Fatalf("%d to %s: %s", made.status, made.location, made.text())
	}
	if v := h.ask(t, "editor", http.MethodPost, made.location, url.Values{"work": publicIDs}); v.status != to {
		t.Fatalf("%d: %s", v.status, v.text())
	}
	return strings.TrimSuffix(made.location, "/add")
}

func TestCollections_fromTheFormToTheWall(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	desk := h.madeCollection(t, "North <light>", h.hung.PublicID, h.draft.PublicID)
	edit := h.ask(t, "editor", http.MethodGet, desk, nil)
	if n := edit.Find("ol.hung > li").Length(); n != 2 {
		t.Fatalf("the collection holds %d works: %s", n, edit.text())
	}
	at := edit.Find(`main a[href*="/c/"]`).AttrOr("href", "")
	if want := "/@" + h.slug + "/c/north-light-"; !strings.HasPrefix(at, want) {
		t.Fatalf("its page is %q", at)
	}
	v := h.ask(t, "visitor", http.MethodGet, at, nil)
	v.want(t, http.StatusOK, "Open ridge")
	if strings.Contains(v.body, draftTitle) || v.Find("h1").Text() != "North <light>" || v.Find(".hang > li").Length() != 1 {
		t.Errorf("everybody sees %s", v.text())
	}
	var ld struct {
		Type   string `json:"@type"`
		Entity struct {
			Items []struct{ URL string } `json:"itemListElement"`
		} `json:"mainEntity"`
	}
	must(t, json.Unmarshal([]byte(v.Find(`script[type="application/ld+json"]`).Text()), &ld))
	if ld.Type != "CollectionPage" || len(ld.Entity.Items) != 1 || !strings.Contains(ld.Entity.Items[0].URL, h.hung.PublicID) {
		t.Errorf("machines read %+v", ld)
	}
	id := at[strings.LastIndexByte(at, '-')+1:]
	for _, other := range []string{"/@" + h.slug + "/c/x-" + id, "/@" + h.slug + "/c/" + id, "/@" + strings.ToUpper(h.slug) + "/c/north-light-" + id} {
		if v := h.ask(t, "visitor", http.MethodGet, other, nil); v.status != moved || v.location != at {
			t.Errorf("%s: %d to %s", other, v.status, v.location)
		}
	}
	h.ask(t, "visitor", http.MethodGet, "/@"+h.slug, nil).want(t, http.StatusOK, "North <light>")
	h.ask(t, "visitor", http.MethodGet, "/@"+h.slug+"/c", nil).want(t, http.StatusOK, "North <light>")
	work := h.ask(t, "visitor", http.MethodGet, h.hungAt(), nil)
	if got := work.Find(`.facts a[href*="/c/"]`).Text(); got != "North <light>" {
		t.Errorf("the work is in %q", got)
	}
	// A button, twice: the second was pressed on a page that is old by now.
	up := url.Values{"act": {"up"}, "at": {"1"}}
	for range 2 {
		if v := h.ask(t, "editor", http.MethodPost, desk+"/works/"+h.draft.PublicID, up); v.status != to {
			t.Errorf("%d %s", v.status, v.text())
		}
	}
	if first := h.ask(t, "editor", http.MethodGet, desk, nil).Find("ol.hung b").First().Text(); first != draftTitle {
		t.Errorf("the first is %q", first)
	}
	hidden := url.Values{"title": {"North <light>"}, "about": {"About <b>it</b>."}, "version": {"1"}}
	if v := h.ask(t, "editor", http.MethodPost, desk, hidden); v.status != to {
		t.Errorf("%d %s", v.status, v.text())
	}
	if v := h.ask(t, "visitor", http.MethodGet, at, nil); v.status != none {
		t.Errorf("one that is not shown answers %d", v.status)
	}
}

// shared makes a link and gives its path.
func (h *house) shared(t *testing.T, w links.Wish) (path string, l links.Link) {
	t.Helper()
	l, err := h.Links.Make(db.Guard(t.Context()), works.Actor{UserID: h.userOf(t, "owner@harbour.example"), StudioID: h.studio, Role: "owner"}, w, idem.NewKey())
	must(t, err)
	return "/s/" + h.Links.Plain(l.ID), l
}

func TestLinks_showADraftAndItsPicturesAndEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	at, l := h.shared(t, links.Wish{Work: h.draft.PublicID, Days: 7})
	v := h.ask(t, "visitor", http.MethodGet, at, nil)
	v.want(t, http.StatusOK, draftTitle)
	for name, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"} {
		if got := v.header.Get(name); !strings.Contains(got, want) {
			t.Errorf("%s is %q", name, got)
		}
	}
	if v.Find(`meta[name="robots"][content="noindex"]`).Length() != 1 || v.Find(`link[rel="canonical"], meta[property^="og:"], script[type]`).Length() != 0 {
		t.Error("the page tells others where it is")
	}
	src := v.Find("main img").AttrOr("src", "")
	if !strings.HasPrefix(src, at+"/m/") || strings.Contains(v.Find("main").Text(), "/m/") || strings.Contains(strings.ReplaceAll(v.body, at+"/m/", ""), "/m/") {
		t.Fatalf("the picture is at %q, or a size of it elsewhere", src)
	}
	plain := strings.TrimPrefix(src, at)
	if v := h.ask(t, "visitor", http.MethodGet, plain, nil); v.status != none {
		t.Errorf("the file of a draft is everybody's: %d", v.status)
	}
	if v := h.ask(t, "visitor", http.MethodGet, src, nil); v.status != http.StatusOK || !strings.Contains(v.header.Get("Cache-Control"), "no-store") || v.header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("the file behind the link: %d %v", v.status, v.header)
	}
	list := h.ask(t, "viewer", http.MethodGet, "/studio/"+h.slug+"/links", nil)
	list.want(t, http.StatusOK, "used within the hour")
	if strings.Contains(list.body, at) {
		t.Error("a viewer of the studio is given the address")
	}
	if v := h.ask(t, "editor", http.MethodPost, "/studio/"+h.slug+"/links/"+l.ID.String()+"/revoke", url.Values{}); v.status != to {
		t.Fatalf("%d %s", v.status, v.text())
	}
	for _, path := range []string{at, src} {
		if v := h.ask(t, "visitor", http.MethodGet, path, nil); v.status != none {
			t.Errorf("%s answers %d after its end", path, v.status)
		}
	}
}

func TestLinks_behindAPassword(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	at, _ := h.shared(t, links.Wish{Work: h.draft.PublicID, Days: 7, Password: "twelve mornings"})
	b := h.browser(t)
	v := b.get(at)
	if v.status != http.StatusOK || strings.Contains(v.body, draftTitle) || strings.Contains(v.body, h.slug) {
		t.Fatalf("before the password: %d %s", v.status, v.text())
	}
	wrong := b.post(at, url.Values{"password": {"twelve evenings"}})
	wrong.want(t, invalid, "This is not the password")
	if wrong.value("password") != "" {
		t.Error("the page repeats a password")
	}
	opened := b.post(at, url.Values{"password": {"twelve mornings"}})
	for _, ck := range opened.cookies {
		if ck.Name == "share" && (!ck.HttpOnly || ck.Path != at) {
			t.Errorf("the key is %+v", ck)
		}
	}
	page := b.get(at)
	page.want(t, http.StatusOK, draftTitle)
	src := page.Find("main img").AttrOr("src", "")
	if v := b.get(src); v.status != http.StatusOK {
		t.Errorf("its picture: %d", v.status)
	}
	if v := h.ask(t, "visitor", http.MethodGet, src, nil); v.status != none {
		t.Errorf("its picture without the password: %d", v.status)
	}
}

func TestLinks_endWithTheStudio(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	at, _ := h.shared(t, links.Wish{Work: h.draft.PublicID})
	h.Exec(t, "update studios set suspended_at = now(), suspended_reason = 'spam' where id = $1", h.studio)
	if v := h.ask(t, "visitor", http.MethodGet, at, nil); v.status != none {
		t.Errorf("a suspended studio shares: %d", v.status)
	}
}

func TestEmbed_andWhatLeadsToIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	work := h.ask(t, "visitor", http.MethodGet, h.hungAt(), nil)
	at := work.Find(`link[type="application/json+oembed"]`).AttrOr("href", "")
	u, err := url.Parse(at)
	must(t, err)
	var got struct {
		Type, Version, HTML, Title string
		Width, Height              int
		Thumbnail                  string `json:"thumbnail_url"`
		ThumbnailWidth             int    `json:"thumbnail_width"`
	}
	v := h.ask(t, "visitor", http.MethodGet, u.RequestURI(), nil)
	must(t, json.Unmarshal([]byte(v.body), &got))
	if got.Type != "rich" || got.Version != "1.0" || got.Title != "Open ridge" || got.Width != 640 || !strings.Contains(got.HTML, "/embed/"+h.hung.PublicID) || got.Thumbnail == "" {
		t.Errorf("oEmbed says %+v", got)
	}
	v = h.ask(t, "visitor", http.MethodGet, u.RequestURI()+"&maxwidth=330&maxheight=300", nil)
	must(t, json.Unmarshal([]byte(v.body), &got))
	if got.Width != 330 || got.Height > 300 || got.ThumbnailWidth > 330 {
		t.Errorf("within bounds it says %+v", got)
	}
	var feed struct {
		XMLName xml.Name `xml:"oembed"`
		HTML    string   `xml:"html"`
	}
	must(t, xml.Unmarshal([]byte(h.ask(t, "visitor", http.MethodGet, strings.Replace(u.RequestURI(), "format=json", "format=xml", 1), nil).body), &feed))
	if !strings.Contains(feed.HTML, "<iframe ") {
		t.Errorf("as XML it says %q", feed.HTML)
	}
	for query, want := range map[string]int{
		"url=http://vitrine.test" + h.hungAt() + "&format=yaml": http.StatusNotImplemented, "": none, "url=http://elsewhere.test" + h.hungAt(): none,
		"url=http://vitrine.test/@" + h.slug + "/x-" + h.draft.PublicID: none, "url=https://vitrine.test" + h.hungAt(): http.StatusOK,
	} {
		if v := h.ask(t, "visitor", http.MethodGet, "/oembed?"+query, nil); v.status != want {
			t.Errorf("/oembed?%s: %d, want %d", query, v.status, want)
		}
	}
	card := h.ask(t, "visitor", http.MethodGet, "/embed/"+h.hung.PublicID, nil)
	if card.status != http.StatusOK || card.Find("script").Length() != 0 || card.Find("main img").Length() != 1 || card.Find(`a:not([target="_blank"])`).Length() != 0 {
		t.Errorf("the card: %d %s", card.status, card.body)
	}
	h.Exec(t, "update works set sensitive = true where id = $1", h.hung.ID)
	if card := h.ask(t, "visitor", http.MethodGet, "/embed/"+h.hung.PublicID, nil); card.Find("details.cover img").Length() != 1 {
		t.Error("a sensitive work is not covered in a frame")
	}
	if v := h.ask(t, "visitor", http.MethodGet, h.hungAt(), nil); v.Find(`meta[property="og:image"]`).Length() != 0 || strings.Contains(v.Find(`script[type="application/ld+json"]`).Text(), "/m/") {
		t.Error("a sensitive work shows its picture to other sites")
	}
	h.Exec(t, "update works set hidden = true, hidden_for = 1 where id = $1", h.hung.ID)
	if v := h.ask(t, "visitor", http.MethodGet, "/embed/"+h.hung.PublicID, nil); v.status != none {
		t.Errorf("a hidden work is shown elsewhere: %d", v.status)
	}
}

func TestNoAI_ofAStudio(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.Exec(t, "update works set noai = false")
	page := h.ask(t, "visitor", http.MethodGet, h.hungAt(), nil)
	src := page.Find("main img").AttrOr("src", "")
	desk := h.madeCollection(t, "Light", h.hung.PublicID)
	at := h.ask(t, "editor", http.MethodGet, desk, nil).Find(`main a[href*="/c/"]`).AttrOr("href", "")
	ask := func(path string) (header, meta bool) {
		v := h.ask(t, "visitor", http.MethodGet, path, nil)
		return strings.Contains(v.header.Get("X-Robots-Tag"), "noai"), v.Find(`meta[name="robots"][content*="noai"]`).Length() > 0
	}
	if header, meta := ask(h.hungAt()); header || meta {
		t.Error("a work that nobody asks for says noai")
	}
	form := h.ask(t, "owner", http.MethodGet, "/studio/"+h.slug+"/settings", nil)
	v := h.ask(t, "owner", http.MethodPost, "/studio/"+h.slug+"/settings", form.fill(t, "/studio/"+h.slug+"/settings", map[string]string{"noai": "on"}))
	if v.status != to {
		t.Fatalf("%d %s", v.status, v.text())
	}
	for path, page := range map[string]bool{"/@" + h.slug: true, h.hungAt(): true, at: true, "/@" + h.slug + "/c": true, "/embed/" + h.hung.PublicID: true, "/@" + h.slug + "/feed.atom": false, src: false} {
		if header, meta := ask(path); !header || meta != page {
			t.Errorf("%s: header %v, meta %v", path, header, meta)
		}
	}
}

func TestSitemap_pages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.Exec(t, `insert into sitemap_pages (kind, number, from_at, from_id, urls, changed_at) select 'works', 1, published_at, id, 1, now() from works where id = $1`, h.hung.ID)
	index := h.ask(t, "visitor", http.MethodGet, "/sitemap.xml", nil)
	if !strings.Contains(index.body, "<loc>http://vitrine.test/sitemap-works-1.xml</loc>") || !strings.HasPrefix(index.header.Get("Content-Type"), "application/xml") {
		t.Errorf("the index is %s", index.body)
	}
	page := h.ask(t, "visitor", http.MethodGet, "/sitemap-works-1.xml", nil)
	if !strings.Contains(page.body, "<loc>http://vitrine.test"+h.hungAt()+"</loc>") || strings.Contains(page.body, h.draft.PublicID) {
		t.Errorf("the page is %s", page.body)
	}
	for _, path := range []string{"/sitemap-works-2.xml", "/sitemap-works-0.xml", "/sitemap-users-1.xml", "/sitemap-works-1", "/sitemap-x.xml"} {
		if v := h.ask(t, "visitor", http.MethodGet, path, nil); v.status != none {
			t.Errorf("%s: %d", path, v.status)
		}
	}
	if v := h.ask(t, "visitor", http.MethodGet, "/robots.txt", nil); !strings.Contains(v.body, "\nSitemap: http://vitrine.test/sitemap.xml\n") {
		t.Errorf("robots.txt says %s", v.body)
	}
}
