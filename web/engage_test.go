package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"vitrine/app/platform/idem"
	"vitrine/web/show"
)

// hungAt is the address of the house's public work.
func (h *house) hungAt() string { return show.WorkPath(h.slug, h.hung.Slug, h.hung.PublicID) }

// mark is the button of a kind on a page: whether it is pressed, and its words.
func (v view) mark(t *testing.T, action string) (pressed bool, words string) {
	t.Helper()
	form := v.Find(`form[action$="/` + action + `"]`)
	if form.Length() != 1 {
		t.Fatalf("%d forms lead to %s (%d)", form.Length(), action, v.status)
	}
	button := form.Find("button")
	return button.AttrOr("aria-pressed", "") == "true", strings.Join(strings.Fields(button.Text()), " ")
}

// A mark is a plain form: pressed, and pressed again from a page that is old, it
// is set once, and shown at once.
func TestMarks_asForms(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	at, studio := h.hungAt(), "/@"+h.slug
	old := h.ask(t, "stranger", http.MethodGet, at, nil)
	for _, action := range []string{"like", "bookmark"} {
		if pressed, _ := old.mark(t, action); pressed {
			t.Errorf("%s is set before", action)
		}
		for range 2 {
			h.ask(t, "stranger", http.MethodPost, at+"/"+action, url.Values{}).leads(t, at)
		}
	}
	h.ask(t, "stranger", http.MethodPost, studio+"/follow", url.Values{"next": {at}}).leads(t, at)
	h.ask(t, "viewer", http.MethodPost, at+"/like", url.Values{}).leads(t, at)
	v := h.ask(t, "stranger", http.MethodGet, at, nil)
	if pressed, words := v.mark(t, "unlike"); !pressed || words != "Liked 2" {
		t.Errorf("the like is %t, %q", pressed, words)
	}
	if pressed, _ := v.mark(t, "unbookmark"); !pressed {
		t.Error("the bookmark does not show")
	}
	if pressed, words := v.mark(t, "unfollow"); !pressed || words != "Following" {
		t.Errorf("the follow is %t, %q", pressed, words)
	}
	wall := h.ask(t, "stranger", http.MethodGet, studio, nil)
	if pressed, words := wall.mark(t, "unfollow"); !pressed || words != "Following 1" {
		t.Errorf("on the studio's page it is %t, %q", pressed, words)
	}
	visitor := h.ask(t, "visitor", http.MethodGet, at, nil)
	if visitor.Find("form[data-again]").Length() != 0 || visitor.Find(`a.like[href="/login?next=`+url.QueryEscape(at)+`"]`).Length() != 1 {
		t.Error("a visitor is not led to the door")
	}
	if n := h.Count(t, "select count(*) from outbox where event like 'engagement.%'"); n != 3 {
		t.Errorf("%d events", n)
	}
	// A page that leads elsewhere afterwards is none of ours.
	h.ask(t, "stranger", http.MethodPost, studio+"/unfollow", url.Values{"next": {"//evil.example/"}}).leads(t, studio)
}

// A script gets the button alone, as it is from now on.
func TestMarks_byScript(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	at := h.hungAt()
	for range 2 {
		v := h.ask(t, "stranger", http.MethodPost, at+"/like", url.Values{}, "HX-Request", "true")
		if pressed, words := v.mark(t, "unlike"); !pressed || words != "Liked 1" || v.status != http.StatusOK || v.Find("html main").Length() != 0 {
			t.Errorf("%t, %q", pressed, words)
		}
	}
	v := h.ask(t, "stranger", http.MethodPost, "/@"+h.slug+"/follow", url.Values{}, "HX-Request", "true")
	if pressed, words := v.mark(t, "unfollow"); !pressed || words != "Following 1" {
		t.Errorf("%t, %q", pressed, words)
	}
	if v := h.ask(t, "visitor", http.MethodPost, at+"/like", url.Values{}, "HX-Request", "true"); v.status != http.StatusUnauthorized {
		t.Errorf("a visitor gets %d", v.status)
	}
}

// say posts a comment as somebody and gives the page that follows.
func (h *house) say(t *testing.T, who, parent, body string) view {
	t.Helper()
	form := url.Values{"idempotency_key": {idem.NewKey()}, "body": {body}}
	if parent != "" {
		form.Set("parent", parent)
	}
	for range 2 { // the double click
		h.ask(t, who, http.MethodPost, h.hungAt()+"/comments", form).leads(t, h.hungAt()+"#talk")
	}
	return h.ask(t, who, http.MethodGet, h.hungAt(), nil)
}

// note is the public id of the first comment with such words.
func (v view) note(t *testing.T, words string) string {
	t.Helper()
	id, ok := v.Find(`.note:contains("` + words + `")`).Last().Attr("id")
	if !ok {
		t.Fatalf("%q is not there (%d):\n%.800s", words, v.status, v.text())
	}
	return strings.TrimPrefix(id, "c-")
}

func TestComments_asForms(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	at := h.hungAt()
	page := h.say(t, "stranger", "", "Did you wait?\n\nSee https://example.org/a")
	first := page.note(t, "Did you wait?")
	page = h.say(t, "editor", first, "The rain.")
	page.want(t, http.StatusOK, "Two comments")
	if page.Find("#c-"+first+" .notes .note").Length() != 1 || page.Find("#c-"+first+" .notes .badge").Text() == "" {
		t.Error("the reply does not hang on the comment, with the studio's badge")
	}
	if link := page.Find(`.note a[href="https://example.org/a"]`); !strings.Contains(link.AttrOr("rel", ""), "ugc") {
		t.Error("a link is no link, or vouched for")
	}
	visitor := h.ask(t, "visitor", http.MethodGet, at, nil)
	if visitor.Find("textarea").Length() != 0 || visitor.Find(`#talk a[href^="/login?next="]`).Length() != 1 {
		t.Error("a visitor is offered to write")
	}
	// Refused words come back.
	long := strings.Repeat("x", 2001)
	v := h.ask(t, "stranger", http.MethodPost, at+"/comments", url.Values{"idempotency_key": {idem.NewKey()}, "body": {long}, "parent": {first}})
	v.want(t, http.StatusUnprocessableEntity, "2000 characters at most")
	if v.Find("main form textarea").First().Text() != long || v.Find(`main form input[name="parent"]`).First().AttrOr("value", "") != first {
		t.Error("what was typed is lost")
	}
	h.ask(t, "viewer", http.MethodGet, at+"/comments/"+first, nil).want(t, http.StatusOK, "The rain.")
	h.ask(t, "visitor", http.MethodGet, at+"/comments", nil).want(t, http.StatusOK, "Did you wait?")

	// Its author edits and deletes, nobody else.
	edit := at + "/comments/" + first + "/edit"
	if v := h.ask(t, "editor", http.MethodGet, edit, nil); v.status != http.StatusNotFound {
		t.Errorf("somebody else's form: %d", v.status)
	}
	h.ask(t, "stranger", http.MethodGet, edit, nil).want(t, http.StatusOK, "Did you wait?")
	h.ask(t, "stranger", http.MethodPost, edit, url.Values{"body": {""}}).want(t, http.StatusUnprocessableEntity, "Write something first.")
	h.ask(t, "stranger", http.MethodPost, edit, url.Values{"body": {"Did you wait for it?"}}).leads(t, at+"#talk")
	h.ask(t, "stranger", http.MethodGet, at, nil).want(t, http.StatusOK, "edited")
	if v := h.ask(t, "viewer", http.MethodPost, at+"/comments/"+first+"/delete", url.Values{}); v.status != http.StatusForbidden {
		t.Errorf("a viewer deletes: %d", v.status)
	}
	for range 2 {
		h.ask(t, "stranger", http.MethodPost, at+"/comments/"+first+"/delete", url.Values{}).leads(t, at+"#talk")
	}
	v = h.ask(t, "stranger", http.MethodGet, at, nil)
	v.want(t, http.StatusOK, "This comment is not here any more.")
	if strings.Contains(v.text(), "Did you wait") {
		t.Error("the words are left")
	}
}

// Members of the studio look after comments from one page.
func TestComments_ofAStudio(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	at, desk := h.hungAt(), "/studio/"+h.slug+"/comments"
	first := h.say(t, "stranger", "", "Buy this").note(t, "Buy this")
	h.ask(t, "viewer", http.MethodGet, desk, nil).want(t, http.StatusOK, "Buy this")
	if v := h.ask(t, "viewer", http.MethodGet, desk, nil); v.Find("main form").Length() != 0 {
		t.Error("a viewer is offered what their role cannot do")
	}
	page := h.ask(t, "editor", http.MethodGet, desk, nil)
	lock := page.Find(`form[action="` + desk + "/close/" + h.hung.PublicID + `"]`)
	if lock.Length() != 1 || page.Find(`form[action="`+desk+"/"+first+`/delete"]`).Length() != 1 {
		t.Fatalf("an editor sees:\n%s", page.text())
	}
	for range 2 {
		h.ask(t, "editor", http.MethodPost, desk+"/close/"+h.hung.PublicID, url.Values{}).leads(t, desk)
	}
	h.ask(t, "stranger", http.MethodGet, at, nil).want(t, http.StatusOK, "The studio has closed the comments of this work.")
	v := h.ask(t, "stranger", http.MethodPost, at+"/comments", url.Values{"idempotency_key": {idem.NewKey()}, "body": {"Too late"}})
	v.want(t, http.StatusConflict, "closed the comments")
	if v.Find("main form textarea").First().Text() != "Too late" {
		t.Error("what was typed is lost")
	}
	h.ask(t, "editor", http.MethodPost, desk+"/open/"+h.hung.PublicID, url.Values{}).leads(t, desk)
	h.ask(t, "editor", http.MethodPost, desk+"/"+first+"/delete", url.Values{}).leads(t, desk)
	h.ask(t, "editor", http.MethodGet, desk, nil).want(t, http.StatusOK, "Nobody has said anything yet")
	// Another studio's comment is none of theirs.
	other := h.say(t, "stranger", "", "Another").note(t, "Another")
	theirs, _ := h.studioOf(t, "stranger@harbour.example")
	if v := h.ask(t, "stranger", http.MethodPost, "/studio/"+theirs+"/comments/"+other+"/delete", url.Values{}); v.status != http.StatusNotFound {
		t.Errorf("the comment of another studio's work: %d", v.status)
	}
}

func TestBookmarks_page(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.ask(t, "stranger", http.MethodGet, "/me/bookmarks", nil).want(t, http.StatusOK, "Nothing kept yet")
	h.ask(t, "stranger", http.MethodPost, h.hungAt()+"/bookmark", url.Values{}).leads(t, h.hungAt())
	h.ask(t, "stranger", http.MethodGet, "/me/bookmarks", nil).want(t, http.StatusOK, "Open ridge")
	if v := h.ask(t, "owner", http.MethodGet, "/me/bookmarks", nil); strings.Contains(v.text(), "Open ridge") {
		t.Error("somebody else sees it")
	}
	h.Exec(t, "update works set hidden = true, hidden_for = 1")
	v := h.ask(t, "stranger", http.MethodGet, "/me/bookmarks", nil)
	v.want(t, http.StatusOK, "Nothing to see at the moment")
	if strings.Contains(v.text(), "Open ridge") {
		t.Error("a hidden work is shown")
	}
}
