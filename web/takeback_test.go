package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"vitrine/app/platform/db"
)

// ties lets a stranger like, keep, follow and comment on the house's work.
func (h *house) ties(t *testing.T) (comment string) {
	t.Helper()
	at := h.hungAt()
	for _, action := range []string{"like", "bookmark"} {
		h.ask(t, "stranger", http.MethodPost, at+"/"+action, url.Values{}).leads(t, at)
	}
	h.ask(t, "stranger", http.MethodPost, "/@"+h.slug+"/follow", url.Values{"next": {at}}).leads(t, at)
	return h.say(t, "stranger", "", "The fourth ridge").note(t, "The fourth ridge")
}

// left counts what is left of that.
func (h *house) left(t *testing.T) int {
	t.Helper()
	return h.Count(t, "select (select count(*) from likes) + (select count(*) from bookmarks) + (select count(*) from follows) + (select count(*) from comments)")
}

// Whoever is blocked takes back all they did, by form and by script, and does
// nothing new.
func TestTakeBack_blocked(t *testing.T) {
	t.Parallel()
	for _, script := range []bool{false, true} {
		h := newHouse(t)
		at, comment := h.hungAt(), h.ties(t)
		h.ask(t, "owner", http.MethodPost, "/me/blocks", url.Values{"how": {"block"}, "comment": {comment}}).leads(t, "/me/blocks")
		var header []string
		if script {
			header = []string{"HX-Request", "true"}
		}
		for _, act := range []string{at + "/like", at + "/bookmark", "/@" + h.slug + "/follow"} {
			if v := h.ask(t, "stranger", http.MethodPost, act, url.Values{}, header...); v.status != http.StatusForbidden {
				t.Errorf("%s by the blocked one: %d", act, v.status)
			}
		}
		for _, act := range []string{at + "/unlike", at + "/unbookmark", "/@" + h.slug + "/unfollow"} {
			for range 2 {
				v := h.ask(t, "stranger", http.MethodPost, act, url.Values{}, header...)
				if script != (v.status == http.StatusOK) || !script && v.status != http.StatusSeeOther {
					t.Errorf("%s by the blocked one: %d", act, v.status)
				}
				if script && v.Find("button[aria-pressed=false]").Length() != 1 {
					t.Errorf("%s answers %s", act, v.body)
				}
			}
		}
		h.ask(t, "stranger", http.MethodPost, at+"/comments/"+comment+"/delete", url.Values{}).leads(t, at+"#talk")
		if n := h.left(t); n != 0 {
			t.Errorf("script %t: %d rows are left", script, n)
		}
	}
}

// A suspended studio can be left from the list of whom one follows, and what one
// did with its works taken back, though its pages are gone.
func TestTakeBack_suspendedStudio(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	at, comment := h.hungAt(), h.ties(t)
	list := h.ask(t, "stranger", http.MethodGet, "/me/following", nil)
	leave := list.Find(`form[action="/@`+h.slug+`/unfollow"] input[name=next]`).AttrOr("value", "")
	must(t, h.Worker.Transact(t.Context(), func(tx db.Tx) error {
		_, err := h.Studios.Suspend(t.Context(), tx, h.studio, h.userOf(t, "root@harbour.example"), "They sold what was not theirs.")
		return err
	}))
	h.Exec(t, "update works set hidden = true, hidden_for = 4 where studio_id = $1", h.studio)
	h.ask(t, "stranger", http.MethodPost, "/@"+h.slug+"/follow", url.Values{}).want(t, http.StatusNotFound, "")
	list = h.ask(t, "stranger", http.MethodGet, "/me/following", nil)
	list.want(t, http.StatusOK, "Not open at the moment")
	if n := list.Find(`main a[href="/@` + h.slug + `"]`).Length(); n != 0 {
		t.Error("the list leads to a page that is gone")
	}
	v := h.ask(t, "stranger", http.MethodPost, at+"/unlike", url.Values{}, "HX-Request", "true")
	if pressed, words := v.mark(t, "like"); pressed || words != "Like" || v.status != http.StatusOK {
		t.Errorf("the like is %t, %q", pressed, words)
	}
	h.ask(t, "stranger", http.MethodPost, at+"/unbookmark", url.Values{}).leads(t, at)
	h.ask(t, "stranger", http.MethodPost, at+"/comments/"+comment+"/delete", url.Values{}).leads(t, "/")
	for range 2 {
		h.ask(t, "stranger", http.MethodPost, "/@"+h.slug+"/unfollow", url.Values{"next": {leave}}).leads(t, "/me/following")
		h.ask(t, "stranger", http.MethodPost, "/@"+h.slug+"/unfollow", url.Values{}).leads(t, "/me/following")
	}
	h.ask(t, "stranger", http.MethodGet, "/me/following", nil).want(t, http.StatusOK, "You follow nobody yet")
	if n := h.left(t); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	h.ask(t, "stranger", http.MethodPost, "/@nobody-at-all/unfollow", url.Values{}).want(t, http.StatusNotFound, "")
}
