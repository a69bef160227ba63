package web_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/engagement"
	"vitrine/app/notifications/notices"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/works"
)

// told is a site whose jobs tell people what happens.
type told struct {
	*hung
	jobs *notices.Service
}

func newTold(t *testing.T) told {
	t.Helper()
	h := newHung(t)
	return told{h, h.services(t, h.Worker, bus.NewOutbox(), slog.New(slog.DiscardHandler)).Notices}
}

func (h told) likes(t *testing.T, w works.Work, by uuid.UUID) {
	t.Helper()
	payload, err := json.Marshal(engagement.Liked{WorkID: w.ID, StudioID: w.StudioID, UserID: by, At: time.Now()})
	must(t, err)
	must(t, h.jobs.OnLiked(db.Guard(t.Context()), bus.Envelope{ID: id.New(), Name: engagement.Liked{}.EventName(), Payload: payload}))
}

func (h told) someone(t *testing.T, name string) (user uuid.UUID) {
	t.Helper()
	user = id.New()
	h.Exec(t, `insert into users (id, email, email_key, name, password_hash, password_set_at, verified_at, created_at, updated_at)
		values ($1, $2, $2, $3, '!', now(), now(), now(), now())`, user, user.String()[20:]+"@example.org", name)
	return user
}

func TestNotices_page(t *testing.T) {
	t.Parallel()
	h := newTold(t)
	h.member.get("/notifications").want(t, http.StatusOK, "Nothing yet")
	if bell := h.member.get("/").Find(".bell"); bell.Length() != 1 || bell.AttrOr("aria-label", "") != "Notifications" || bell.Find(".dot[hidden]").Length() != 1 {
		t.Errorf("the bell of somebody who has read everything: %s", bell.Text())
	}
	low, began := h.work(t, 1, works.Edit{Title: "Low Water"}), time.Now().UTC()
	for _, name := range []string{"Ines Okafor", "Salt Office", "Marisol Vega"} {
		h.likes(t, low, h.someone(t, name))
	}
	h.likes(t, h.work(t, 1, works.Edit{Title: "Luft"}), h.someone(t, `<b>Bold</b> & "Co"`))
	v := h.member.get("/notifications")
	v.want(t, http.StatusOK, "Marisol Vega, Salt Office and 1 other liked Low Water")
	v.want(t, http.StatusOK, `<b>Bold</b> & "Co" liked Luft`)
	if v.Find(".bell").AttrOr("aria-label", "") != "Notifications, 2 unread" || v.Find(".bell .dot[hidden]").Length() != 0 {
		t.Errorf("the bell says %q", v.Find(".bell").AttrOr("aria-label", ""))
	}
	if v.Find(".notice.new").Length() != 2 || v.Find(".notice .mini img").Length() != 2 || v.Find(`.notice a[href="`+h.path(low)+`"]`).Length() != 1 {
		t.Errorf("the page: %s", v.text())
	}
	if day := v.Find("h2.day").Text(); day != "Today" && time.Now().UTC().Day() == began.Day() { // around midnight it may be another
		t.Errorf("the likes are of %q", day)
	}
	if tab := v.Find(`.tabs a[href="/notifications?kind=likes"] .nums`); tab.Text() != "2" {
		t.Errorf("the tab of likes says %q", tab.Text())
	}
	h.member.get("/notifications?kind=comments").want(t, http.StatusOK, "Nothing of this kind yet")
	if n := h.member.get("/notifications?kind=likes").Find(".notice").Length(); n != 2 {
		t.Errorf("%d likes", n)
	}

	// One, by its dot; twice, which is the double click.
	one := v.Find(".notice form").First().AttrOr("action", "")
	for range 2 {
		h.member.post(one, v.fill(t, one, nil)).leads(t, "/notifications")
	}
	if n := h.member.get("/notifications").Find(".notice.new").Length(); n != 1 {
		t.Errorf("%d unread after one was read", n)
	}
	// What came in after the page was made stays unread.
	v = h.member.get("/notifications")
	h.likes(t, low, h.someone(t, "Fourth"))
	h.member.post("/notifications/read", v.fill(t, "/notifications/read", nil)).leads(t, "/notifications")
	v = h.member.get("/notifications")
	v.want(t, http.StatusOK, "Fourth, Marisol Vega and 2 others liked Low Water")
	if v.Find(".notice.new").Length() != 1 {
		t.Errorf("what the person had not seen was read: %s", v.text())
	}
	h.member.post("/notifications/read", v.fill(t, "/notifications/read", nil)).leads(t, "/notifications")
	if v = h.member.get("/notifications"); v.Find(".notice.new, .notice form").Length() != 0 || v.Find(`form[action="/notifications/read"]`).Length() != 0 {
		t.Error("there is something to read still")
	}
	h.member.post("/notifications/read", url.Values{"until": {"yesterday"}}).want(t, http.StatusUnprocessableEntity, "This form is incomplete")
	h.member.post("/notifications/none/read", url.Values{}).want(t, http.StatusNotFound, "no such notice")
}

func TestNotices_settings(t *testing.T) {
	t.Parallel()
	h := newTold(t)
	const at = "/notifications/settings"
	v := h.member.get(at)
	v.want(t, http.StatusOK, "One mail with everything that you have not read")
	if v.Find(`input[name=decision_mail][disabled][checked]`).Length() != 1 || v.Find("input[name=like_mail][checked]").Length() != 0 || v.Find("input[name=comment_daily][checked]").Length() != 1 {
		t.Error("the switches do not stand as they do at first")
	}
	form := v.fill(t, at, map[string]string{"like_mail": "on", "hour": "19", "zone": "Europe/Lisbon"})
	form.Del("comment_daily")
	for range 2 {
		h.member.post(at, form).leads(t, at)
	}
	v = h.member.get(at)
	if v.Find("input[name=like_mail][checked]").Length() != 1 || v.Find("input[name=comment_daily][checked]").Length() != 0 || v.Find(`#hour option[value="19"][selected]`).Length() != 1 || v.Find(`#zone option[value="Europe/Lisbon"][selected]`).Length() != 1 {
		t.Error("what was chosen is not kept")
	}
	form.Set("hour", "25")
	form.Set("zone", "Mars")
	v = h.member.post(at, form)
	v.want(t, http.StatusUnprocessableEntity, "Choose an hour of the day.")
	v.want(t, http.StatusUnprocessableEntity, "Choose one of the time zones in the list.")
	if v.Find("input[name=like_mail][checked]").Length() != 1 {
		t.Error("the refused form comes back empty")
	}
}

func TestNotices_unsubscribe(t *testing.T) {
	t.Parallel()
	h := newTold(t)
	set, err := h.Notices.Settings(t.Context(), h.actor.UserID)
	must(t, err)
	mailed := func() bool {
		set, err := h.Notices.Settings(t.Context(), h.actor.UserID)
		must(t, err)
		return set.Channels[notices.Like].Mail
	}
	on := func() {
		set.Channels[notices.Like] = notices.Channels{Page: true, Mail: true}
		must(t, h.Notices.Choose(db.Guard(t.Context()), h.actor.UserID, set))
	}
	at := "/unsubscribe/" + h.jobs.Token(notices.Subscription{UserID: h.actor.UserID, Kind: notices.Like})
	nobody := h.browser(t)
	on()

	// Scanners of mail open links: that changes nothing.
	for range 3 {
		v := nobody.get(at)
		v.want(t, http.StatusOK, "Stop these mails?")
		if strings.Contains(v.body, "teresa") || v.header.Get("Cache-Control") != "no-store" || v.header.Get("Referrer-Policy") != "no-referrer" {
			t.Error("the page tells whose link it is, or may be kept")
		}
	}
	if !mailed() {
		t.Fatal("looking at the link unsubscribed")
	}
	nobody.post(at, nobody.get(at).fill(t, at, nil)).leads(t, at)
	nobody.get(at).want(t, http.StatusOK, "These mails have ended")
	if mailed() {
		t.Error("the button did nothing")
	}

	// A mail program, by RFC 8058: no session, no redirection, either kind of form.
	for contentType, body := range map[string]string{
		"application/x-www-form-urlencoded":      "List-Unsubscribe=One-Click",
		`multipart/form-data; boundary="simple"`: "--simple\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--simple--\r\n",
	} {
		on()
		for range 2 {
			v := nobody.do(http.MethodPost, at, contentType, strings.NewReader(body))
			v.want(t, http.StatusOK, "These mails have ended")
		}
		if mailed() {
			t.Errorf("%s did nothing", contentType)
		}
	}
	nobody.post(at+"a", url.Values{"List-Unsubscribe": {"One-Click"}}).want(t, http.StatusNotFound, "This link is incomplete")
	daily := "/unsubscribe/" + h.jobs.Token(notices.Subscription{UserID: h.actor.UserID})
	nobody.get(daily).want(t, http.StatusOK, "Stop the daily mail?")
	nobody.post(daily, url.Values{"List-Unsubscribe": {"One-Click"}}).want(t, http.StatusOK, "No daily mail comes any more")
}

// TestNotices_queries: as many for one line as for thirty of every kind.
func TestNotices_queries(t *testing.T) {
	t.Parallel()
	h := newTold(t)
	fan := h.someone(t, "Fan")
	h.likes(t, h.work(t, 1, works.Edit{Title: "Work"}), fan)
	seen := h.counted(t)
	h.member.get("/notifications").want(t, http.StatusOK, "Fan liked Work")
	few := seen.take()
	for n := range 32 {
		h.likes(t, h.work(t, 1, works.Edit{Title: fmt.Sprintf("Work %d", n)}), fan)
	}
	seen.take()
	h.member.get("/notifications").want(t, http.StatusOK, "Fan liked Work 31")
	if many := seen.take(); len(many) != len(few) || len(many) > anyPage {
		t.Errorf("%d statements for one notice and %d for thirty:\n%s", len(few), len(many), list(many))
	}
}
