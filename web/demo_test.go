package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/demo"
	"vitrine/app/media"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// withDemo gives the site the demo data as the product has it.
func (g *gallery) withDemo(t *testing.T) {
	t.Helper()
	g.server.Demo = demo.New(demo.Config{DB: g.Worker, Outbox: bus.NewOutbox(), Media: g.jobs, Works: works.New(g.Worker, bus.NewOutbox(), g.jobs), Calendar: &demo.Calendar{}})
}

// admin is the browser of who set the site up.
func (s *site) admin(t *testing.T) *browser {
	t.Helper()
	token, err := s.Accounts.PrepareSetup(t.Context())
	must(t, err)
	b := s.browser(t)
	page := b.get("/setup?token=" + url.QueryEscape(token))
	b.post("/setup", page.fill(t, "/setup", map[string]string{"email": "ines@harbour.example", "password": password, "studio": "Harbour"})).leads(t, "/studio/harbour")
	return b
}

// shown makes a published work in a studio of the demo data.
func (g *gallery) shown(t *testing.T) (studio string, path string) {
	t.Helper()
	owner := uuid.New()
	var st studios.Studio
	must(t, g.Worker.Transact(t.Context(), func(tx db.Tx) (err error) {
		if err = g.Accounts.Provision(t.Context(), tx, []accounts.Person{{ID: owner, Email: "kiln@demo.example", Name: "Kiln"}}); err != nil {
			return err
		}
		st, err = g.Studios.FoundDemo(t.Context(), tx, owner, "Kiln and Loom")
		return err
	}))
	g.Exec(t, "insert into demo_studios (slug, studio_id, owner_id) values ('kiln-and-loom', $1, $2)", st.ID, owner)
	g.Exec(t, "insert into demo (state, started_at) values ('filling', now())")
	a := works.Actor{UserID: owner, StudioID: st.ID, Role: studios.Owner}
	target := works.Target{CreationKey: idem.NewKey()}
	edit := works.Edit{Title: "Four Shafts", Tags: "weave", NoAI: true, FormKey: "test"}
	_, err := g.Works.AddMedia(t.Context(), a, target, &edit, g.picture(t, st.ID, mediatest.JPEG(t, 700, 500)), idem.NewKey())
	must(t, err)
	w, err := g.Works.Publish(t.Context(), a, target, nil, idem.NewKey())
	must(t, err)
	return "/@" + st.Slug, "/@" + st.Slug + "/" + w.Slug + "-" + w.PublicID
}

func TestDemo_markedAndRemovedByTheAdmin(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	g.withDemo(t)
	admin, visitor := g.admin(t), g.browser(t)
	member := g.member(t, "Teresa Lima", "teresa@example.org")
	admin.get("/studio/harbour").want(t, http.StatusOK, "Fill with demo works")
	studio, work := g.shown(t)

	visitor.get(studio).want(t, http.StatusOK, "Demo: this studio came with the house")
	facts := visitor.get(work)
	facts.want(t, http.StatusOK, "Four Shafts")
	if mark := facts.Find("aside dt").FilterFunction(func(_ int, s *goquery.Selection) bool { return s.Text() == "Demo" }); mark.Length() != 1 {
		t.Errorf("the facts of the work carry %d marks", mark.Length())
	}
	visitor.get("/@harbour").want(t, http.StatusOK, "Harbour")
	if text := visitor.get("/@harbour").text(); strings.Contains(text, "Demo") {
		t.Errorf("a person's studio is marked: %s", text)
	}

	desk := admin.get("/studio/harbour")
	desk.want(t, http.StatusOK, "One demo studio hangs here, 1 of 400 works so far.")
	if own, _ := g.studioOf(t, "teresa@example.org"); strings.Contains(member.get("/studio/"+own).text(), "Demo works") {
		t.Error("a member who runs nothing sees the notice")
	}
	form := desk.fill(t, "/demo/remove", nil)
	member.post("/demo/remove", form).want(t, http.StatusForbidden, "Only those who run this site can do this.")
	if v := visitor.post("/demo/remove", form); v.status != http.StatusUnauthorized {
		t.Errorf("a visitor got %d", v.status)
	}
	visitor.get(work).want(t, http.StatusOK, "Four Shafts")

	for range 2 { // the second one is the double click
		admin.post("/demo/remove", form).leads(t, "/studio")
	}
	for path, want := range map[string]int{work: http.StatusNotFound, "/t/weave": http.StatusNotFound, studio: http.StatusOK, "/explore": http.StatusOK, "/": http.StatusOK, "/search?q=shafts": http.StatusOK} {
		v := visitor.get(path)
		if v.status != want || strings.Contains(v.text(), "Four Shafts") {
			t.Errorf("%s still shows it: %d", path, v.status)
		}
	}
	after := admin.get("/studio/harbour")
	after.want(t, http.StatusOK, "The demo works are gone from every page.")
	if n := g.Count(t, "select count(*) from outbox where event = 'demo.unwanted.v1'"); n != 1 {
		t.Errorf("it was told %d times", n)
	}
	again := url.Values{"idempotency_key": {idem.NewKey()}}
	admin.post("/demo/fill", again).leads(t, "/studio")
	admin.get("/studio/harbour").want(t, http.StatusOK, "The former demo works are still being taken away.")
	g.Exec(t, "update demo set state = 'removed'")
	g.Exec(t, "delete from demo_studios")
	empty := admin.get("/studio/harbour")
	admin.post("/demo/fill", empty.fill(t, "/demo/fill", nil)).leads(t, "/studio")
	admin.get("/studio/harbour").want(t, http.StatusOK, "Demo studios are moving in.")
	admin.post("/demo/fill", url.Values{}).want(t, http.StatusUnprocessableEntity, "lost its key")
}

// TestBulk_isServed makes a large set in small, twice, and walks it as visitors
// and members do.
func TestBulk_isServed(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	pool, err := demo.Pool(t.Context(), g.blobs, g.tools, t.TempDir(), 3)
	must(t, err)
	grow := func(s *site, works, members int) {
		t.Helper()
		owner, err := db.ConnectOwner(t.Context(), s.OwnerURL)
		must(t, err)
		defer func() { _ = owner.Close(t.Context()) }()
		must(t, demo.Bulk(t.Context(), owner, pool, demo.BulkConfig{Works: works, Members: members, Follows: 8 * members, Likes: works, Comments: works / 5, Password: "!", Say: t.Logf}))
	}
	// What each table holds, without what depends on when it was made.
	sum := func(s *site) (out string) {
		t.Helper()
		s.Row(t, `select string_agg(md5, ' ') from (
			select md5(string_agg(id::text || public_id || studio_id || title || published_at || tags, ',' order by id)) from works
			union all select md5(string_agg(id::text || email || name, ',' order by id)) from users
			union all select md5(string_agg(media_id::text || name || sha256 || key, ',' order by media_id, name)) from renditions
			union all select md5(string_agg(work_id::text || tag_slug, ',' order by work_id, tag_slug)) from work_tags
			union all select md5(string_agg(work_id::text || title || document::text || version, ',' order by work_id)) from search_documents
			union all select md5(string_agg(user_id::text || studio_id || created_at, ',' order by user_id, studio_id)) from follows
			union all select md5(string_agg(studio_id::text || used || reserved, ',' order by studio_id)) from storage_usage) x (md5)`)(&out)
		return out
	}
	// Likes and comments are spread over the works that there are, so that they
	// alone depend on the way.
	acts := func() (out string) {
		g.Row(t, `select concat((select md5(string_agg(work_id::text || user_id || studio_id || created_at, ',' order by work_id, user_id)) from likes),
			(select md5(string_agg(public_id || work_id || user_id || body || created_at, ',' order by id)) from comments))`)(&out)
		return out
	}
	grow(g.site, 300, 50)
	first, done := sum(g.site), acts()
	grow(g.site, 300, 50)
	if again := sum(g.site); again != first || acts() != done {
		t.Error("the same set again changed something")
	}
	grow(g.site, 500, 50)
	other := newSite(t)
	grow(other, 500, 50)
	if grown := sum(g.site); grown != sum(other) {
		t.Error("grown in steps, the set is another than made at once")
	}
	for query, want := range map[string]int{
		"works where state = 'published'": 500, "users": 50, "studios": 50, "media where exposed and usable": 500, "search_documents": 500,
		"likes l where not exists (select from works w where w.id = l.work_id)": 0, "comments c where not exists (select from works w where w.id = c.work_id)": 0,
		"works w where not exists (select from studios s where s.id = w.studio_id)":       0,
		"renditions r where not exists (select from media m where m.id = r.media_id)":     0,
		"work_tags t where not exists (select from tags g where g.slug = t.tag_slug)":     0,
		"memberships m where not exists (select from users u where u.id = m.user_id)":     0,
		"storage_usage where used > 0 and reserved <> 0 or used > byte_limit or used < 0": 0,
	} {
		if n := g.Count(t, "select count(*) from "+query); n != want {
			t.Errorf("%d of %s, want %d", n, query, want)
		}
	}
	g.walkBulk(t)
	g.deleteOneOfBulk(t)
	g.reconcileBulk(t)
	// The set grows over the hole.
	grow(g.site, 510, 50)
	if n := g.Count(t, "select count(*) from works"); n != 509 {
		t.Errorf("%d works after growing over a deleted one", n)
	}
	if n := g.Count(t, "select count(*) from likes l where not exists (select from works w where w.id = l.work_id)"); n != 0 {
		t.Errorf("%d likes of a work that is gone", n)
	}
}

// bulkWork is the n-th work of the set.
func (g *gallery) bulkWork(t *testing.T, n int) (path, picture, title string, studio, mediaID uuid.UUID) {
	t.Helper()
	g.Row(t, `select '/@' || s.slug || '/' || w.slug || '-' || w.public_id, '/m/' || r.media_id || '/' || r.name, w.title, s.id, w.cover_id from works w
		join studios s on s.id = w.studio_id join renditions r on r.media_id = w.cover_id and r.width = 640 and r.format = 'webp' where w.creation_key = $1`, fmt.Sprintf("bulk-%d", n))(&path, &picture, &title, &studio, &mediaID)
	return path, picture, title, studio, mediaID
}

func (g *gallery) walkBulk(t *testing.T) {
	t.Helper()
	b := g.browser(t)
	path, picture, title, _, _ := g.bulkWork(t, 7)
	var tag, slug string
	g.Row(t, "select tag_slug from work_tags group by 1 order by count(*) desc limit 1")(&tag)
	g.Row(t, "select slug from studios order by slug limit 1")(&slug)
	for _, page := range []string{"/", "/explore", "/t/" + url.PathEscape(tag), "/search?q=" + url.QueryEscape(title), "/@" + slug, "/explore/feed.atom", path} {
		if v := b.get(page); v.status != http.StatusOK {
			t.Errorf("%s: %d\n%.300s", page, v.status, v.text())
		}
	}
	b.get(path).want(t, http.StatusOK, title)
	b.get("/search?q="+url.QueryEscape(title)).want(t, http.StatusOK, title)
	if v := b.get(picture); v.status != http.StatusOK || v.header.Get("Content-Type") != "image/webp" || len(v.body) < 1000 {
		t.Errorf("%s: %d, %d bytes", picture, v.status, len(v.body))
	}
	if older := b.get("/explore").Find(`a[rel=next], nav a[href^="/explore?after="]`); older.Length() == 0 {
		t.Error("explore has no second page")
	}
}

// deleteOneOfBulk deletes a work whose pictures others show too.
func (g *gallery) deleteOneOfBulk(t *testing.T) {
	t.Helper()
	b := g.browser(t)
	path, picture, _, studio, mediaID := g.bulkWork(t, 10)
	_, twin, _, _, _ := g.bulkWork(t, 13) // three pictures in turn: the same as of the tenth
	publicID := path[strings.LastIndexByte(path, '-')+1:]
	a := works.Actor{UserID: g.ownerOf(t, studio), StudioID: studio, Role: studios.Owner}
	must(t, g.Works.Delete(t.Context(), a, works.Target{PublicID: publicID}, idem.NewKey()))
	must(t, g.jobs.OnDeleted(t.Context(), envelope(t, media.Deleted{Fact: media.Fact{StudioID: studio, MediaID: mediaID}})))
	if n := g.Count(t, "select count(*) from media where id = $1", mediaID); n != 0 {
		t.Fatal("the file was not deleted")
	}
	for page, want := range map[string]int{path: http.StatusNotFound, picture: http.StatusNotFound, twin: http.StatusOK} {
		if v := b.get(page); v.status != want {
			t.Errorf("%s: %d, want %d", page, v.status, want)
		}
	}
}

// reconcileBulk runs the nightly account, which must leave the pool alone.
func (g *gallery) reconcileBulk(t *testing.T) {
	t.Helper()
	must(t, g.jobs.Reconcile(t.Context()))
	if n := g.Count(t, "select count(distinct studio_id) from storage_ledger where entry = 'correction'"); n > 1 {
		t.Errorf("the accounts of %d studios were wrong; only the one that lost a work may be", n)
	}
	_, picture, _, _, _ := g.bulkWork(t, 13)
	if v := g.browser(t).get(picture); v.status != http.StatusOK {
		t.Errorf("after reconciling, %s: %d", picture, v.status)
	}
}
