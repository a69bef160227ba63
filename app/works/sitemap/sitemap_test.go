package sitemap_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/studios"
	"vitrine/app/works/sitemap"
)

func ctx() context.Context { return db.Guard(context.Background()) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func serviceOn(t *testing.T, d *db.DB) *sitemap.Service {
	t.Helper()
	st, err := studios.New(studios.Config{DB: d, Outbox: bus.NewOutbox()})
	must(t, err)
	return sitemap.New(d, st)
}

// Twelve thousand works of one hundred studios, some of which nobody may see: all
// that can be seen are listed, each once, whatever happens between the job and
// the question.
func TestSitemap_everythingPublicOnce(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	d.Exec(t, `insert into studios (id, slug, name, created_at, updated_at, suspended_at, suspended_reason)
		select gen_random_uuid(), 'studio-' || n, 'Studio', now(), now(), case when n = 7 then now() end, case when n = 7 then 'spam' else '' end from generate_series(1, 101) n`)
	d.Exec(t, `insert into works (id, studio_id, public_id, creation_key, state, hidden, hidden_for, title, slug, media_count, published_at, created_by, created_at, updated_at)
		select gen_random_uuid(), s.id, left(md5(s.id::text || n), 12), 'key-' || n, case when n = 3 then 'draft' when n = 4 then 'unlisted' else 'published' end, n = 5, case when n = 5 then 1 else 0 end,
			'Work', 'work', 1, now() - (n % 7) * interval '1 minute', s.id, now(), now()
		from studios s, generate_series(1, 123) n where s.slug <> 'studio-101' and s.slug <> 'studio-7'`)
	d.Exec(t, `insert into collections (id, studio_id, public_id, title, slug, wanted, created_at, updated_at)
		select gen_random_uuid(), id, 'c' || slug, 'c', 'c', slug <> 'studio-2', now(), now() from studios where slug in ('studio-1', 'studio-2', 'studio-3')`)
	d.Exec(t, `insert into collection_works (studio_id, collection_id, work_id, position)
		select c.studio_id, c.id, (select w.id from works w where w.studio_id = c.studio_id and w.state = 'published' and not w.hidden limit 1), 0 from collections c where c.public_id <> 'cstudio-3'`)
	s := serviceOn(t, d.App)
	pages, err := s.Index(ctx())
	must(t, err)
	if len(pages) != 0 {
		t.Fatalf("before the job there are %d pages", len(pages))
	}
	for range 2 {
		must(t, serviceOn(t, d.Worker).Rebuild(ctx()))
	}
	// Published since: on the last page. Taken down since: on none.
	d.Exec(t, `update works set published_at = now() + interval '1 minute' where id in (select id from works where state = 'published' and not hidden limit 3)`)
	d.Exec(t, `update works set hidden = true, hidden_for = 1 where id in (select id from works where state = 'published' and not hidden
		and id not in (select work_id from collection_works) limit 5)`) // a collection goes with its only work
	pages, err = s.Index(ctx())
	must(t, err)
	found := map[sitemap.Kind]map[string]bool{sitemap.Works: {}, sitemap.Studios: {}, sitemap.Collections: {}}
	for _, p := range pages {
		list, err := s.Entries(ctx(), p.Kind, p.Number)
		must(t, err)
		if len(list) > 2*sitemap.PerPage {
			t.Errorf("%s %d lists %d", p.Kind, p.Number, len(list))
		}
		for _, e := range list {
			key := e.Slug + e.PublicID
			if found[p.Kind][key] || e.StudioID == uuid.Nil || e.ChangedAt.IsZero() {
				t.Errorf("%s %d lists %+v once more, or badly", p.Kind, p.Number, e)
			}
			found[p.Kind][key] = true
		}
	}
	want := d.Count(t, "select count(*) from works where state = 'published' and not hidden")
	if len(found[sitemap.Works]) != want || len(pages) < 5 {
		t.Errorf("%d works are listed on %d pages, and there are %d", len(found[sitemap.Works]), len(pages), want)
	}
	if got := found[sitemap.Studios]; len(got) != 99 || got["studio-7"] || got["studio-101"] {
		t.Errorf("%d studios are listed", len(got))
	}
	if got := found[sitemap.Collections]; len(got) != 1 || !got["ccstudio-1"] {
		t.Errorf("the collections are %v", got)
	}
	if _, err := s.Entries(ctx(), sitemap.Works, 99); err == nil {
		t.Error("there is a page 99")
	}
}
