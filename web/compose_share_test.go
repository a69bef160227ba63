package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"vitrine/app/platform/idem"
	"vitrine/app/works"
	"vitrine/app/works/links"
)

// From the page on which a work is made somebody comes to a link to it, with
// what they typed saved, and finds their links there again.
func TestCompose_shareLinks(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	w := h.work(t, 1, works.Edit{Title: "Low Water"})
	h.Exec(t, "update works set state = 'draft', published_at = null where public_id = $1", w.PublicID)
	at := h.editPath(w)
	page := h.member.get(at)
	if n := page.Find(`#compose button[name="intent"][value="share"]`).Length(); n != 1 || page.Find(".shares").Length() != 0 {
		t.Fatalf("a draft without links has %d buttons: %s", n, page.text())
	}
	form := page.composed(t, map[string]string{"title": "Lower Water", "intent": "share"})
	made := "/studio/" + h.slug + "/links?work=" + w.PublicID + "#new"
	h.member.send(at, form, nil).leads(t, made)
	if h.Count(t, "select count(*) from works where title = 'Lower Water' and state = 'draft'") != 1 {
		t.Error("what was typed is lost")
	}
	list := h.member.get(strings.TrimSuffix(made, "#new"))
	if v := list.Find(`select[name="what"] option[selected]`).AttrOr("value", ""); v != "work:"+w.PublicID {
		t.Errorf("the form is about %q", v)
	}
	for _, note := range []string{"Teresa <i>Lima</i>", ""} {
		key := list.Find(`form[action$="/links"] input[name="idempotency_key"]`).AttrOr("value", "")
		h.member.post("/studio/"+h.slug+"/links", url.Values{"idempotency_key": {key}, "what": {"work:" + w.PublicID}, "days": {"7"}, "note": {note}}).leads(t, "/studio/"+h.slug+"/links")
		list = h.member.get("/studio/" + h.slug + "/links")
	}
	if at := list.Find(".lnks .about a").AttrOr("href", ""); at != h.editPath(w) {
		t.Errorf("the list leads to %q", at)
	}
	page = h.member.get(at)
	rows := page.Find(".shares > li")
	if rows.Length() != 2 || !strings.Contains(rows.First().Text(), "Whoever has it") || !strings.Contains(rows.Last().Text(), "Teresa <i>Lima</i>") {
		t.Fatalf("the page shows %d links: %s", rows.Length(), rows.Text())
	}
	link := rows.First().Find("input[readonly]")
	if name, named := link.Attr("name"); named {
		t.Errorf("the address would be sent as %q", name)
	}
	u, err := url.Parse(link.AttrOr("value", ""))
	must(t, err)
	h.browser(t).get(u.Path).want(t, http.StatusOK, "Lower Water")

	// Ended links are not shown here, and a work for everybody needs none.
	h.Exec(t, "update share_links set revoked_at = now()")
	h.Exec(t, "update works set state = 'published', published_at = now() where public_id = $1", w.PublicID)
	if page = h.member.get(at); page.Find(`.shares, button[value="share"]`).Length() != 0 {
		t.Error("a published work offers links")
	}
}

// A work that is being made has no row until something is said; the button makes
// it, or says what is missing.
func TestCompose_shareLinkOfANewWork(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	at := "/studio/" + h.slug + "/new/" + idem.NewKey()
	empty := h.member.send(at, url.Values{"idempotency_key": {idem.NewKey()}, "intent": {"share"}}, nil)
	empty.want(t, http.StatusUnprocessableEntity, "nothing to share yet")
	v := h.member.send(at, h.member.get(at).composed(t, map[string]string{"title": "Half an idea", "intent": "share"}), nil)
	var publicID string
	h.Row(t, "select public_id from works where title = 'Half an idea'")(&publicID)
	v.leads(t, "/studio/"+h.slug+"/links?work="+publicID+"#new")
}

// More links than a page has room for are in the list.
func TestCompose_manyShareLinks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for range 6 {
		h.shared(t, links.Wish{Work: h.draft.PublicID, Days: 30, Password: "twelve mornings"})
	}
	page := h.ask(t, "owner", http.MethodGet, "/studio/"+h.slug+"/works/"+h.draft.PublicID, nil)
	page.want(t, http.StatusOK, "More, among all links of the studio")
	if n := page.Find(".shares > li").Length(); n != 4 {
		t.Errorf("%d links are shown", n)
	}
	if !strings.Contains(page.Find(".shares").Text(), "with a password") {
		t.Error("it does not say that a password is asked")
	}
}
