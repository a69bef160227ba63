package archive_test

import (
	"strings"
	"testing"

	"vitrine/app/archive"
	engaged "vitrine/app/engagement/carry"
	"vitrine/app/notifications/notices"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/app/works"
)

// TestExport_whatPeopleDid: a person takes along what they did anywhere, a studio
// what was done with its works, and neither what is another's.
func TestExport_whatPeopleDid(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ines, abel := h.person("Ines Harbour", "ines@harbour.example"), h.person("Abel Quay", "abel@quay.example")
	pier, _ := h.open(abel, "Pier")
	h.work(abel, pier, works.Edit{Title: "Ridges"}, mediatest.JPEG(t, 300, 200))
	h.work(abel, pier, works.Edit{Title: "Sketch"}, mediatest.JPEG(t, 301, 200))
	h.Exec(t, "update works set state = 'draft' where title = 'Sketch'")
	h.settle()
	h.engage(gallery{owner: ines, admin: abel})
	h.Exec(t, "insert into blocks (blocker_id, blocked_id, created_at) values ($1, $2, now())", ines.id, abel.id)

	of := entries(t, h.export(ines.id, archive.Subject{Kind: archive.User, ID: ines.id}))
	if got := list[engaged.Followed](t, of, "account/follows.jsonl"); len(got) != 3 || !strings.Contains(of["account/follows.jsonl"], `"name":"Pier"`) {
		t.Errorf("the follows are %+v", got)
	}
	for _, kind := range []string{"likes", "bookmarks"} {
		got := list[engaged.Marked](t, of, "account/"+kind+".jsonl")
		if len(got) != 2 {
			t.Errorf("the %s are %+v", kind, got)
		}
		for _, m := range got {
			if m.StudioID != pier || (m.Title == "Ridges") != (m.Work != "") {
				t.Errorf("one of the %s is %+v", kind, m)
			}
		}
		if strings.Contains(of["account/"+kind+".jsonl"], "Sketch") {
			t.Error("the archive tells of a draft")
		}
	}
	if n := len(list[notices.Chosen](t, of, "account/notice_settings.jsonl")); n != len(notices.Kinds) {
		t.Errorf("%d kinds are chosen", n)
	}
	said := list[engaged.Comment](t, of, "account/comments.jsonl")
	for _, c := range said {
		if c.Author != "Ines Harbour" || c.Body != "Signed Ines Harbour" {
			t.Errorf("somebody else's comment: %+v", c)
		}
	}
	if len(said) != 4 || len(list[engaged.Shunned](t, of, "account/kept_away.jsonl")) != 1 {
		t.Errorf("%d comments, kept away: %s", len(said), of["account/kept_away.jsonl"])
	}

	of = entries(t, h.export(abel.id, archive.Subject{Kind: archive.Studio, ID: pier}))
	if got := list[engaged.Audience](t, of, "studio/audience.jsonl"); len(got) != 1 || got[0].Followers != 2 {
		t.Errorf("the audience is %+v", got)
	}
	if got := list[engaged.Tally](t, of, "studio/tallies.jsonl"); len(got) != 2 || got[0].Work == "" || got[0].Likes != 2 || !got[0].Closed {
		t.Errorf("the tallies are %+v", got)
	}
	authors := map[string]int{}
	for _, c := range list[engaged.Comment](t, of, "studio/comments.jsonl") {
		authors[c.Author]++
		if c.Work == "" {
			t.Errorf("a comment below no work: %+v", c)
		}
	}
	if authors["Ines Harbour"] != 4 || authors["Abel"] != 2 || strings.Contains(of["studio/comments.jsonl"], ines.id.String()) || strings.Contains(of["studio/comments.jsonl"], ines.email) {
		t.Errorf("below the works wrote %v:\n%s", authors, of["studio/comments.jsonl"])
	}
}
