package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	followed "vitrine/app/engagement/sources"
	"vitrine/app/platform/bus"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// label keeps what followers' pages say of the studios, as the tasks would.
func (s *site) label(t *testing.T) {
	t.Helper()
	st, err := studios.New(studios.Config{DB: s.Worker, Outbox: bus.NewOutbox()})
	must(t, err)
	keeper := followed.New(s.Worker, st, works.New(s.Worker, bus.NewOutbox(), s.Media))
	rows, err := s.Owner.QueryContext(t.Context(), "select id from studios")
	must(t, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var studio uuid.UUID
		must(t, rows.Scan(&studio))
		must(t, keeper.Keep(t.Context(), studio))
	}
	must(t, rows.Err())
}

// TestFeed follows somebody from the empty front page to a full one and back,
// without scripts.
func TestFeed(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	first := h.work(t, 1, works.Edit{Title: "Low Water"})
	for i := range works.PerPage {
		h.work(t, 1, works.Edit{Title: fmt.Sprint("Tide ", i)})
	}
	h.label(t)
	ines, visitor := h.site.member(t, "Ines Okafor", "ines@quay.example"), h.browser(t)

	home := visitor.get("/")
	home.want(t, http.StatusOK, "Where studios show their work")
	empty := ines.get("/")
	empty.want(t, http.StatusOK, "Studios to begin with")
	if got := empty.header.Get("Cache-Control"); !strings.HasPrefix(got, "private") {
		t.Errorf("a member's front page has Cache-Control %q", got)
	}
	if at := empty.Find(`nav[aria-label="Main"] a[aria-current="page"]`).Text(); strings.TrimSpace(at) != "Following" {
		t.Errorf("the header says %q", at)
	}
	form := empty.Find(`form[action="/@` + h.slug + `/follow"]`)
	if form.Length() != 1 || empty.Find(".index .strip img").Length() != 3 {
		t.Fatalf("%d forms and %d pictures suggest the studio", form.Length(), empty.Find(".index .strip img").Length())
	}
	after := ines.post("/@"+h.slug+"/follow", url.Values{"next": {form.Find("input[name=next]").AttrOr("value", "")}})
	after.want(t, http.StatusSeeOther, "")
	if after.location != "/feed" {
		t.Errorf("it leads to %s", after.location)
	}
	full := ines.get("/feed")
	full.want(t, http.StatusOK, "1 studio")
	if n := full.Find("ul.hang > li").Length(); n != works.PerPage {
		t.Errorf("%d works hang", n)
	}
	if full.Find(`ul.hang .by a[href="/@`+h.slug+`"]`).Length() != works.PerPage {
		t.Error("not every work says whose it is")
	}
	older := ines.get(full.Find("nav.pages a[rel=next]").AttrOr("href", "/nothing"))
	older.want(t, http.StatusOK, "Low Water")
	if n := older.Find("ul.hang > li").Length(); n != 1 {
		t.Errorf("%d works hang on the second page", n)
	}
	h.Exec(t, "update works set hidden = true, hidden_for = 1 where id = $1", first.ID)
	ines.get(full.Find("nav.pages a[rel=next]").AttrOr("href", "/nothing")).want(t, http.StatusOK, "The wall ends here")

	list := ines.get("/me/following")
	out := list.Find(`form[action="/@` + h.slug + `/unfollow"]`)
	if out.Length() != 1 {
		t.Fatalf("no way out:\n%.600s", list.text())
	}
	ines.post("/@"+h.slug+"/unfollow", url.Values{"next": {out.Find("input[name=next]").AttrOr("value", "")}}).want(t, http.StatusSeeOther, "")
	ines.get("/me/following").want(t, http.StatusOK, "You follow nobody yet")
}

// The member's own studio is not suggested, and a muted one is quiet.
func TestFeed_mutedAndOwn(t *testing.T) {
	t.Parallel()
	h := newHung(t)
	h.work(t, 1, works.Edit{Title: "Low Water"})
	h.label(t)
	own := h.member.get("/")
	own.want(t, http.StatusOK, "Follow a few studios")
	if own.Find(".index").Length() != 0 {
		t.Error("their own studio is suggested")
	}
	h.site.member(t, "Ines Okafor", "ines@quay.example")
	h.Exec(t, "insert into follows (user_id, studio_id, created_at) select $1, id, now() from studios where slug <> $2", h.actor.UserID, h.slug)
	h.member.get("/feed").want(t, http.StatusOK, "The studios you follow are still choosing.")
	h.Exec(t, "insert into mutes (user_id, kind, subject_id, created_at) select $1, 'studio', id, now() from studios where slug <> $2", h.actor.UserID, h.slug)
	quiet := h.member.get("/feed")
	quiet.want(t, http.StatusOK, "You have muted every studio you follow.")
	quiet.want(t, http.StatusOK, "1 muted")
}
