package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"vitrine/app/platform/idem"
	"vitrine/app/works"
)

func TestCompose_whoMay(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	w := h.work(t, 1, works.Edit{Title: "Low Water"})
	stranger := h.site.member(t, "Jon Aas", "jon@example.org")
	viewer := h.site.member(t, "Ines Okafor", "ines@example.org")
	h.Exec(t, "insert into memberships (studio_id, user_id, role, created_at, updated_at) values ($1, $2, 'viewer', now(), now())", h.actor.StudioID, h.userOf(t, "ines@example.org"))
	pages := []string{"/studio/" + h.slug + "/new", "/studio/" + h.slug + "/new/" + idem.NewKey(), h.editPath(w), h.editPath(w) + "/files"}
	for _, p := range pages {
		if v := h.browser(t).get(p); v.status != http.StatusSeeOther || !strings.HasPrefix(v.location, "/login") {
			t.Errorf("%s for a visitor: %d", p, v.status)
		}
		stranger.get(p).want(t, http.StatusNotFound, "")
		viewer.get(p).want(t, http.StatusForbidden, "viewer")
	}
	form := url.Values{"title": {"Mine"}, "form_key": {idem.NewKey()}, "intent": {"delete"}, "idempotency_key": {idem.NewKey()}}
	stranger.send(h.editPath(w), form, nil).want(t, http.StatusNotFound, "")
	viewer.send(h.editPath(w), form, map[string][]byte{"a.jpg": {1}}).want(t, http.StatusForbidden, "")
	viewer.get("/studio/"+h.slug).want(t, http.StatusOK, "Low Water")
	if v := viewer.get("/studio/" + h.slug); v.Find("form[enctype]").Length() != 0 {
		t.Error("a viewer is offered to upload")
	}
	if h.Count(t, "select count(*) from works where title = 'Low Water'") != 1 {
		t.Error("the work has changed")
	}
}

func TestCompose_intents(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	w := h.work(t, 3, works.Edit{Title: "Series"})
	at := h.editPath(w)
	files := func() (ids []string) {
		h.member.get(at).Find("[data-files] > [data-file]").Each(func(_ int, s *goquery.Selection) { ids = append(ids, s.AttrOr("data-file", "")) })
		return ids
	}
	f := files()
	// Every button saves what was typed; a button sent twice acts once.
	form := h.member.get(at).composed(t, map[string]string{"title": "Series, renamed", "intent": "down:" + f[0]})
	for range 2 {
		h.member.send(at, form, nil).leads(t, at+"#files")
	}
	if got := files(); got[0] != f[1] || got[1] != f[0] || got[2] != f[2] {
		t.Errorf("the order is %v, was %v", got, f)
	}
	if v := h.member.get(at); v.value("title") != "Series, renamed" {
		t.Errorf("the title is %q", v.value("title"))
	}
	h.member.send(at, h.member.get(at).composed(t, map[string]string{"intent": "remove:" + f[2]}), nil).leads(t, at+"#files")
	if len(files()) != 2 {
		t.Error("the file was not removed")
	}
	for _, c := range []struct{ intent, leads, state string }{
		{"unlist", h.path(works.Work{Slug: "series-renamed", PublicID: w.PublicID}), "unlisted"},
		{"archive", at, "archived"}, {"schedule", at, "scheduled"}, {"draft", at, "draft"}, {"save", at, "draft"}, {"nonsense", at, "draft"}, {"up:nonsense", at, "draft"},
		{"retry:" + uuid.NewString(), at + "#files", "draft"}, {"keep:" + f[0], at + "#files", "draft"}, {"use:" + f[0], at + "#files", "draft"},
		{"publish", h.path(works.Work{Slug: "series-renamed", PublicID: w.PublicID}), "published"},
	} {
		fields := map[string]string{"intent": c.intent}
		if c.intent == "schedule" {
			fields["publish_at"], fields["zone"] = time.Now().UTC().Add(time.Hour).Format("2006-01-02T15:04"), "UTC"
		}
		h.member.send(at, h.member.get(at).composed(t, fields), nil).leads(t, c.leads)
		if h.Count(t, "select count(*) from works where state = $1", c.state) != 1 {
			t.Errorf("after %s the work is not %s", c.intent, c.state)
		}
	}
	del := h.member.get(at).composed(t, map[string]string{"intent": "delete"})
	h.member.send(at, del, nil).leads(t, "/studio/"+h.slug)
	h.member.get(at).want(t, http.StatusNotFound, "")
	if h.Count(t, "select count(*) from works") != 0 {
		t.Error("the work is left")
	}
}

func TestCompose_conflictShowsBoth(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	w := h.work(t, 1, works.Edit{Title: "First", Story: "First story"})
	at := h.editPath(w)
	mine, theirs := h.member.get(at), h.member.get(at)
	h.member.send(at, theirs.composed(t, map[string]string{"title": "Theirs", "story": "Their <b>story</b>"}), nil).leads(t, at)
	v := h.member.send(at, mine.composed(t, map[string]string{"title": "Mine", "story": "My story", "intent": "publish"}), nil)
	v.want(t, http.StatusConflict, "Theirs")
	if v.value("title") != "Mine" || v.value("story") != "My story" || !strings.Contains(v.text(), "Their <b>story</b>") {
		t.Errorf("the page does not show both:\n%s", v.text())
	}
	h.member.send(at, v.composed(t, nil), nil).leads(t, at)
	h.member.get(h.path(works.Work{Slug: "mine", PublicID: w.PublicID})).want(t, http.StatusOK, "My story")
}

func TestCompose_hostileValues(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	w := h.work(t, 1, works.Edit{Title: "Low Water"})
	at := h.editPath(w)
	file := w.CoverID.String()
	page := h.member.get(at)
	fields := []string{"title", "story", "tags", "credits", "licence", "year", "lang", "sensitive", "edition", "form_key", "idempotency_key", "intent", "publish_at", "zone",
		"alt_" + file, "caption_" + file, "focal_" + file, "alt_", "alt_nobody", "autosave"}
	for _, field := range fields {
		for name, value := range hostile {
			form := page.composed(t, nil)
			form.Set("form_key", idem.NewKey())
			form.Set("edition", "0")
			if field == "publish_at" || field == "zone" || field == "idempotency_key" {
				form.Set("intent", "schedule")
			}
			form.Set(field, value)
			v := h.member.send(at, form, nil)
			checkAnswer(t, v, name+" in "+field)
			if v.status == http.StatusUnprocessableEntity && v.Find("form#compose").Length() == 1 && len(value) < 100_000 && (field == "title" || field == "story" || field == "tags") {
				if got, want := v.value(field), asShown(value); got != want {
					t.Errorf("%s in %s came back as %.60q, want %.60q", name, field, got, want)
				}
			}
		}
	}
	for name, body := range map[string]string{"empty": "", "no end": "--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nabc", "nonsense": "\x00\xff--x--", "deep": strings.Repeat("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n", 5000)} {
		checkAnswer(t, h.member.do(http.MethodPost, at, "multipart/form-data; boundary=x", strings.NewReader(body)), name)
	}
	checkAnswer(t, h.member.do(http.MethodPost, at, "application/json", strings.NewReader(`{"title":1}`)), "JSON")
	checkAnswer(t, h.member.do(http.MethodPost, at, "multipart/form-data", strings.NewReader("x")), "no boundary")
	v := h.member.send(at, page.composed(t, nil), map[string][]byte{"files|" + strings.Repeat("../", 50) + "x\r\ny.jpg": {}, "file-nobody|a.jpg": {1}, "other|b.jpg": {1}})
	checkAnswer(t, v, "hostile files")
}
