package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"vitrine/app/accounts"
	"vitrine/app/engagement"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/collections"
	"vitrine/app/works/links"
)

// surface is a place in which a work can be seen by people outside its studio.
type surface struct {
	by   *browser
	path string
	sign string // what is there while the work is
}

// A work that moderators take down is gone from every place at once, before any
// job has run and whatever was kept of it; taken back, it is in all of them again.
func TestHidden_everywhere(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	owner, fan, root := g.member(t, "Teresa Lima", "teresa@example.org"), g.member(t, "Finn Fan", "finn@example.org"), g.root(t)
	slug, studioID := g.studioOf(t, "teresa@example.org")
	here, edit, picture := g.hang(t, owner, slug, "Quicksilver", "A tidal flat.")
	fresh := owner.get("/studio/" + slug + "/new").location
	owner.send(fresh, owner.get(fresh).composed(t, map[string]string{"title": "Low Water", "intent": "upload"}), map[string][]byte{"low.jpg": mediatest.JPEG(t, 640, 400)}).leads(t, fresh+"#files")
	g.process(t)
	beside := owner.send(fresh, owner.get(fresh).composed(t, map[string]string{"intent": "publish"}), nil).location
	id := edit[len(edit)-12:]
	owner.send(edit, owner.get(edit).composed(t, map[string]string{"tags": "estuary", "intent": "save"}), nil).leads(t, edit)

	a := works.Actor{UserID: g.userOf(t, "teresa@example.org"), StudioID: studioID, Role: studios.Owner}
	shelf, err := g.Collections.Create(t.Context(), a, collections.Words{Title: "Tides", Shown: true}, idem.NewKey())
	must(t, err)
	_, err = g.Collections.Add(t.Context(), a, shelf.PublicID, []string{id})
	must(t, err)
	one, err := g.Links.Make(t.Context(), a, links.Wish{Work: id, Days: links.Days[0]}, idem.NewKey())
	must(t, err)
	many, err := g.Links.Make(t.Context(), a, links.Wish{Collection: shelf.PublicID, Days: links.Days[0]}, idem.NewKey())
	must(t, err)
	for _, act := range []string{"/@" + slug + "/follow", here + "/like", here + "/bookmark"} {
		fan.post(act, url.Values{}).leads(t, fan.post(act, url.Values{}).location)
	}
	var said string
	fan.post(here+"/comments", url.Values{"body": {"Well hung."}, "idempotency_key": {idem.NewKey()}})
	g.Row(t, "select public_id from comments where body = 'Well hung.'")(&said)
	owner.post(here+"/comments", url.Values{"body": {"Thank you."}, "parent": {said}, "idempotency_key": {idem.NewKey()}})
	g.catchUp(t)

	visitor, bearer := g.browser(t), g.browser(t)
	file := picture[len("/m/") : len("/m/")+36]
	places := []surface{
		{visitor, here, id}, {visitor, "/", file}, {visitor, "/explore", id}, {visitor, "/explore/popular", id}, {visitor, "/leaderboard", id},
		{visitor, "/t/estuary", id}, {visitor, "/search?q=quicksilver", id}, {visitor, "/search?tag=estuary", id}, {visitor, "/@" + slug, id},
		{visitor, beside, id}, {visitor, "/@" + slug + "/c/" + shelf.Slug + "-" + shelf.PublicID, id}, {visitor, "/@" + slug + "/c", file},
		{visitor, "/s/" + g.Links.Plain(one.ID), file}, {visitor, "/s/" + g.Links.Plain(many.ID), file}, {visitor, "/s/" + g.Links.Plain(one.ID) + picture, ""},
		{visitor, "/embed/" + id, file}, {visitor, "/oembed?url=" + url.QueryEscape("http://vitrine.test"+here), "Quicksilver"},
		{visitor, "/explore/feed.atom", id}, {visitor, "/t/estuary/feed.atom", id}, {visitor, "/@" + slug + "/feed.atom", id}, {visitor, "/sitemap-works-1.xml", id},
		{visitor, here + "/comments", "Well hung."}, {visitor, here + "/comments/" + said, "Well hung."},
		{visitor, picture, ""}, {visitor, strings.Replace(picture, ".jpg", ".webp", 1), ""},
		{fan, "/feed", id}, {fan, "/", id}, {fan, "/me/bookmarks", id}, {fan, "/notifications", "Quicksilver"}, {fan, here, id},
		{bearer, "/api/v1/search?q=quicksilver", id}, {bearer, "/api/v1/works/" + id, id}, {bearer, "/api/v1/works", id},
	}
	token := accounts.NewToken{Key: idem.NewKey(), Name: "test", Days: 1, Scopes: []string{string(accounts.Scopes[0])}}
	for _, scope := range accounts.Scopes[1:] {
		token.Scopes = append(token.Scopes, string(scope))
	}
	plain, _, err := g.Accounts.MakeToken(t.Context(), g.userOf(t, "finn@example.org"), token)
	must(t, err)
	bearer.header.Set("Authorization", "Bearer "+plain)
	look := func(want bool) {
		t.Helper()
		for _, p := range places {
			v := p.by.get(p.path)
			there := v.status == http.StatusOK && strings.Contains(v.body, p.sign)
			if there != want {
				t.Errorf("%s shows the work: %t, want %t (%d)", p.path, there, want, v.status)
			}
			if !want && (strings.Contains(v.body, id+`"`) || strings.Contains(v.body, file)) && v.status == http.StatusOK {
				t.Errorf("%s still leads to the work", p.path)
			}
		}
	}
	look(true)

	form := visitor.get("/report?at=" + url.QueryEscape(here))
	visitor.post("/report", form.fill(t, "/report", map[string]string{"ground": "rights", "email": "v@example.org"})).leads(t, "/report")
	at, hearing := firstHearing(t, root)
	began := time.Now()
	root.post(at, hearing.fill(t, at, map[string]string{"measure": "hidden", "reason": "Not theirs."})).leads(t, "/admin/moderation/reports")
	if took := time.Since(began); took > time.Second {
		t.Logf("the decision itself took %s on this machine", took)
	}
	look(false)
	g.catchUp(t) // what jobs derive does not bring it back
	look(false)

	list := "/studio/" + slug + "/reports"
	page := owner.get(list)
	action, _ := page.Find(`form[action^="` + list + `/"]`).Attr("action")
	owner.post(action, page.fill(t, action, map[string]string{"words": "It is ours."})).leads(t, list)
	hearing = root.get(at)
	rule, _ := hearing.Find(`form[action*="/answers/"]`).Attr("action")
	root.post(rule, hearing.fill(t, rule, map[string]string{"outcome": "lifted", "answer": "It is theirs."})).leads(t, "/admin/moderation/answers")
	g.catchUp(t)
	look(true)
}

// catchUp does what jobs do with what has happened: search, names of studios,
// notices, charts, sitemap.
func (g *gallery) catchUp(t *testing.T) {
	t.Helper()
	worker := g.services(t, g.Worker, bus.NewOutbox(), nil)
	handlers := map[string]func(context.Context, bus.Envelope) error{
		engagement.Commented{}.EventName(): worker.Notices.OnCommented, engagement.Liked{}.EventName(): worker.Notices.OnLiked,
		works.Unpublished{}.EventName(): worker.Notices.OnUnpublished,
	}
	for _, env := range g.happened(t) {
		if handle := handlers[env.Name]; handle != nil {
			must(t, handle(t.Context(), env))
		}
	}
	_, err := worker.Engagement.Fold(t.Context())
	must(t, err)
	must(t, worker.Ranking.Make(t.Context()))
	must(t, worker.Sitemap.Rebuild(t.Context()))
	g.index(t)
}
