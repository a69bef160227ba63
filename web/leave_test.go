package web_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/archive"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
)

// makeArchives does what the job does, on the worker's handle.
func (h *house) makeArchives(t *testing.T) {
	t.Helper()
	var asked []uuid.UUID
	rows, err := h.Owner.QueryContext(t.Context(), "select id from exports where state = 'waiting'")
	must(t, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id uuid.UUID
		must(t, rows.Scan(&id))
		asked = append(asked, id)
	}
	must(t, rows.Err())
	conf := h.Archive.Config
	conf.DB = h.Worker
	work := h.services(t, h.Worker, bus.NewOutbox(), conf.Log)
	conf.Studios, conf.Works, conf.Accounts, conf.Mails = work.Studios, work.Works, work.Archive.Accounts, h.Mails
	for _, id := range asked {
		raw, err := json.Marshal(archive.Asked{ExportID: id})
		must(t, err)
		must(t, archive.New(conf).OnAsked(db.Guard(t.Context()), bus.Envelope{ID: uuid.New(), Name: archive.Asked{}.EventName(), Payload: raw, Attempt: 1}))
	}
}

// TestExport_overThePages asks, waits, fetches, and goes on after a break.
func TestExport_overThePages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	at := "/studio/" + h.slug + "/export"
	page := h.ask(t, "admin", http.MethodGet, at, nil)
	key, _ := page.Find("form[action='" + at + "'] input[name=idempotency_key]").Attr("value")
	form := map[string][]string{"idempotency_key": {key}}
	for range 2 {
		if v := h.ask(t, "admin", http.MethodPost, at, form); v.status != http.StatusSeeOther {
			t.Fatalf("asking: %d %s", v.status, v.body)
		}
	}
	if v := h.ask(t, "owner", http.MethodPost, at, map[string][]string{"idempotency_key": {idem.NewKey()}}); v.status != http.StatusConflict || !strings.Contains(v.Text(), "being made already") {
		t.Errorf("a second one: %d", v.status)
	}
	if v := h.ask(t, "owner", http.MethodGet, at, nil); v.Find("form[action='"+at+"']").Length() != 0 || !strings.Contains(v.Text(), "mail comes") {
		t.Error("the page does not say that one is being made")
	}
	h.makeArchives(t)
	page = h.ask(t, "owner", http.MethodGet, at, nil)
	link, ok := page.Find(".volumes a").First().Attr("href")
	if !ok {
		t.Fatalf("there is nothing to fetch: %s", page.Text())
	}
	whole := h.ask(t, "owner", http.MethodGet, link, nil)
	if whole.status != http.StatusOK || whole.header.Get("Content-Type") != "application/zip" || !strings.HasPrefix(whole.header.Get("Content-Disposition"), "attachment") {
		t.Fatalf("%d, %v", whole.status, whole.header)
	}
	z, err := zip.NewReader(strings.NewReader(whole.body), int64(len(whole.body)))
	must(t, err)
	if len(z.File) < 5 {
		t.Errorf("%d entries", len(z.File))
	}
	tag := whole.header.Get("ETag")
	rest := h.ask(t, "owner", http.MethodGet, link, nil, "Range", "bytes=1000-", "If-Range", tag)
	if rest.status != http.StatusPartialContent || whole.body[:1000]+rest.body != whole.body {
		t.Errorf("going on after 1,000 bytes: %d, %d bytes", rest.status, len(rest.body))
	}
	if v := h.ask(t, "owner", http.MethodGet, link, nil, "Range", "bytes=1000-", "If-Range", `"another"`); v.status != http.StatusOK || len(v.body) != len(whole.body) {
		t.Errorf("going on with another file: %d", v.status)
	}
	if v := h.ask(t, "owner", http.MethodGet, link, nil, "If-None-Match", tag); v.status != http.StatusNotModified {
		t.Errorf("the same again: %d", v.status)
	}
	for who, want := range map[string]int{"admin": http.StatusOK, "editor": http.StatusForbidden, "stranger": http.StatusNotFound, "visitor": http.StatusSeeOther} {
		if v := h.ask(t, who, http.MethodGet, link, nil); v.status != want {
			t.Errorf("%s fetches it: %d", who, v.status)
		}
	}
	if n := h.Count(t, "select count(*) from studio_audit where action = 'archive.fetched'"); n < 2 {
		t.Errorf("%d downloads are written down", n)
	}
	if !bytes.Contains([]byte(h.ask(t, "owner", http.MethodGet, "/studio/"+h.slug+"/audit", nil).body), []byte("archive")) {
		t.Error("the audit page does not show it")
	}
}

// TestLeave_overThePages ends an account and a studio and takes both back.
func TestLeave_overThePages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	if v := h.ask(t, "owner", http.MethodGet, "/me/delete", nil); !strings.Contains(v.Text(), "Hand each of them on") || v.Find("input[name=confirm]").Length() != 0 {
		t.Error("the owner is not told which studio is in the way")
	}
	wrong := h.ask(t, "editor", http.MethodPost, "/me/delete", map[string][]string{"confirm": {"someone@harbour.example"}})
	if value, _ := wrong.Find("input[name=confirm]").Attr("value"); wrong.status != http.StatusUnprocessableEntity || value != "someone@harbour.example" {
		t.Errorf("%d, the field has %q", wrong.status, value)
	}
	_, own := h.studioOf(t, "editor@harbour.example")
	var slug string
	h.Row(t, "select slug from studios where id = $1", own)(&slug)
	public := "/@" + slug
	if v := h.ask(t, "visitor", http.MethodGet, public, nil); v.status != http.StatusOK {
		t.Fatalf("the studio's page: %d", v.status)
	}
	for range 2 {
		if v := h.ask(t, "editor", http.MethodPost, "/me/delete", map[string][]string{"confirm": {"Editor@harbour.example "}}); v.status != http.StatusSeeOther {
			t.Fatalf("deleting: %d %s", v.status, v.Text())
		}
	}
	if v := h.ask(t, "visitor", http.MethodGet, public, nil); v.status != http.StatusNotFound {
		t.Errorf("the studio's page afterwards: %d", v.status)
	}
	banner := h.ask(t, "editor", http.MethodGet, "/studio/"+slug, nil)
	if link := banner.Find(".notes-top a[href='/me/delete']"); link.Length() != 1 || !strings.Contains(banner.Text(), "Your account ends on") {
		t.Error("the banner is missing")
	}
	if v := h.ask(t, "editor", http.MethodPost, "/me/delete/keep", map[string][]string{}); v.status != http.StatusSeeOther {
		t.Errorf("keeping: %d", v.status)
	}
	if v := h.ask(t, "visitor", http.MethodGet, public, nil); v.status != http.StatusOK {
		t.Errorf("the studio's page after keeping: %d", v.status)
	}
	// A studio of several: the owner ends it, members see it.
	h.Exec(t, "update studios set personal_of = null where id = $1", h.studio)
	at := "/studio/" + h.slug
	if v := h.ask(t, "owner", http.MethodPost, at+"/delete", map[string][]string{"confirm": {h.slug}}); v.status != http.StatusSeeOther {
		t.Fatalf("ending the studio: %d %s", v.status, v.Text())
	}
	viewer := h.ask(t, "viewer", http.MethodGet, at, nil)
	if !strings.Contains(viewer.Text(), "This studio ends on") || !strings.Contains(viewer.Text(), "Its owner can keep it") {
		t.Error("members are not told")
	}
	if v := h.ask(t, "editor", http.MethodPost, at+"/new/"+idem.NewKey(), map[string][]string{"title": {"Late"}, "intent": {"save"}}); h.Count(t, "select count(*) from works where title = 'Late'") != 0 {
		t.Errorf("a work in a studio that ends: %d %q %s", v.status, v.location, v.Text())
	}
	for _, path := range []string{"/@" + h.slug, "/@" + h.slug + "/" + h.hung.Slug + "-" + h.hung.PublicID, "/@" + h.slug + "/feed.atom"} {
		if v := h.ask(t, "visitor", http.MethodGet, path, nil); v.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, v.status)
		}
	}
	if v := h.ask(t, "owner", http.MethodPost, at+"/delete/keep", map[string][]string{}); v.status != http.StatusSeeOther {
		t.Errorf("keeping the studio: %d", v.status)
	}
	if v := h.ask(t, "visitor", http.MethodGet, "/@"+h.slug, nil); v.status != http.StatusOK {
		t.Errorf("its page after keeping: %d", v.status)
	}
}
