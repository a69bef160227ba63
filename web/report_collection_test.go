package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/collections"
	"vitrine/app/works/links"
)

// A collection that a visitor reports from its own page and a moderator takes down
// is on no page at the next request; its work is, and its studio reads why, answers
// and has it back.
func TestReport_collection(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	owner, visitor, root := g.member(t, "Teresa Lima", "teresa@example.org"), g.browser(t), g.root(t)
	slug, studioID := g.studioOf(t, "teresa@example.org")
	here, edit, _ := g.hang(t, owner, slug, "Low Water", "A tidal flat.")
	a := works.Actor{UserID: g.userOf(t, "teresa@example.org"), StudioID: studioID, Role: studios.Owner}
	shelf, err := g.Collections.Create(t.Context(), a, collections.Words{Title: "Wreckers", About: roguish, Shown: true}, idem.NewKey())
	must(t, err)
	_, err = g.Collections.Add(t.Context(), a, shelf.PublicID, []string{edit[len(edit)-12:]})
	must(t, err)
	link, err := g.Links.Make(t.Context(), a, links.Wish{Collection: shelf.PublicID, Days: links.Days[0]}, idem.NewKey())
	must(t, err)
	page, desk := "/@"+slug+"/c/wreckers-"+shelf.PublicID, "/studio/"+slug+"/collections/"+shelf.PublicID
	look := func(want bool) {
		t.Helper()
		g.catchUp(t)
		for path, sign := range map[string]string{
			page: "Wreckers", "/@" + slug + "/c": "Wreckers", "/@" + slug: "Wreckers", here: "Wreckers", "/sitemap-collections-1.xml": shelf.PublicID, "/s/" + g.Links.Plain(link.ID): "Wreckers",
		} {
			v := visitor.get(path)
			if there := v.status == http.StatusOK && strings.Contains(v.body, sign); there != want {
				t.Errorf("%s shows the collection: %t, want %t (%d)", path, there, want, v.status)
			}
		}
		visitor.get(here).want(t, http.StatusOK, "Low Water")
	}
	look(true)

	report, _ := visitor.get(page).Find(`footer a[href^="/report"]`).Attr("href")
	form := visitor.get(report)
	form.want(t, http.StatusOK, "The collection Wreckers")
	escaped(t, "the form", form)
	sent := form.fill(t, "/report", map[string]string{"ground": "hate", "email": "v@example.org"})
	for range 2 {
		visitor.post("/report", sent).leads(t, "/report")
	}
	root.get("/admin/moderation/reports").want(t, http.StatusOK, "Collection, 1 report")
	at, hearing := firstHearing(t, root)
	hearing.want(t, http.StatusOK, "What stands below its title")
	escaped(t, "the hearing", hearing)
	if n := hearing.Find(`select[name=measure] option[value=sensitive]`).Length(); n != 0 {
		t.Error("a collection can be marked as sensitive")
	}
	root.post(at, hearing.fill(t, at, map[string]string{"measure": "hidden", "reason": "Be kind."})).leads(t, "/admin/moderation/reports")
	look(false)
	root.get(at).want(t, http.StatusOK, "taken down")
	visitor.get("/report?at="+url.QueryEscape(page)).want(t, http.StatusOK, "Nothing hangs at this address")

	owner.get("/studio/"+slug+"/collections").want(t, http.StatusOK, "taken down by moderators")
	owner.get(desk).want(t, http.StatusOK, "The moderators took this collection down.")
	words := owner.get(desk)
	owner.post(desk, words.fill(t, desk, map[string]string{"title": "Wreckers", "shown": "on"})).leads(t, desk)
	look(false)
	list := "/studio/" + slug + "/reports"
	read := owner.get(list)
	read.want(t, http.StatusOK, "Be kind.")
	if read.Find(`a[href="`+desk+`"]`).Length() != 1 {
		t.Error("the decision does not lead to the collection")
	}
	action, _ := read.Find(`form[action^="` + list + `/"]`).Attr("action")
	owner.post(action, read.fill(t, action, map[string]string{"words": "They are boats."})).leads(t, list)
	hearing = root.get(at)
	rule, _ := hearing.Find(`form[action*="/answers/"]`).Attr("action")
	root.post(rule, hearing.fill(t, rule, map[string]string{"outcome": "lifted", "answer": "So they are."})).leads(t, "/admin/moderation/answers")
	look(true)
	if n := g.Count(t, "select count(*) from studio_audit where subject = $1 and action in ('moderation.hidden', 'moderation.appeal_lifted')", "collection:"+shelf.PublicID); n != 2 {
		t.Errorf("%d entries in the audit", n)
	}
}
