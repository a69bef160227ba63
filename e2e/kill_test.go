package e2e

import (
	"net/url"
	"testing"

	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/e2e/rig"
)

// The process is killed after the commits of a publication and of a sign-up,
// and before anything of them was delivered: the relay is held back by a lock on
// the table that it writes to. After the restart each effect is there, once.
func TestKill_betweenCommitAndDelivery(t *testing.T) {
	t.Parallel()
	d := dbtest.NewEmpty(t)
	site := rig.New(t, "DEMO=off", "DATABASE_URL="+d.OwnerURL, "SECRET="+dbtest.Secret).Start()
	owner := site.Visit()
	owner.SetUp("owner@studio.example", password, "Harbour & Field")
	compose := owner.Get("/studio/harbour-field/new")
	compose = owner.SubmitFiles(compose, "#compose", url.Values{"intent": {"upload"}, "title": {workTitle}, "tags": {"harbour"}},
		[]rig.File{{Field: "files", Name: "harbour.jpg", Content: mediatest.JPEG(t, 800, 600)}})
	compose = owner.Await(compose.Path, "the file to be ready", func(p *rig.Page) bool { return p.Find(`[data-file][data-state="ready"]`).Length() == 1 })
	d.Await(t, "select not exists (select from outbox where sent_at is null) and not exists (select from tasks)")

	lock, err := d.Owner.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.Rollback() }()
	if _, err := lock.Exec("lock table tasks in share row exclusive mode"); err != nil {
		t.Fatal(err)
	}
	work := owner.Submit(compose, "#compose", url.Values{"intent": {"publish"}})
	if work.Status != 200 {
		t.Fatalf("publishing answered %s", work)
	}
	stranger := site.Visit()
	if p := stranger.Submit(stranger.Get("/signup"), "main form", url.Values{"name": {"Ines Okafor"}, "email": {"ines@studio.example"}, "password": {password}}); p.Status != 200 {
		t.Fatalf("the sign-up answered %s", p)
	}
	if n := d.Count(t, "select count(*) from outbox where sent_at is null"); n < 2 {
		t.Fatalf("%d events wait, want at least 2: the test holds nothing back", n)
	}
	site.Kill()
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	if n := d.Count(t, "select count(*) from search_documents") + d.Count(t, "select count(*) from mails"); n != 0 {
		t.Fatalf("%d effects are there before the restart", n)
	}

	site.Start()
	d.Await(t, "select exists (select from search_documents) and exists (select from mails where state = 'sent')")
	d.Await(t, "select not exists (select from outbox where sent_at is null) and not exists (select from tasks)")
	for query, want := range map[string]int{
		"select count(*) from search_documents": 1, "select count(*) from mails": 1, "select count(*) from works where state = 'published'": 1,
		"select count(*) from work_tags": 1,
		// Each rendition once, in the table and in the ledger.
		"select count(*) - count(distinct (media_id, name)) from renditions":                                         0,
		"select (select count(*) from renditions) - (select count(*) from storage_ledger where entry = 'rendition')": 0,
	} {
		if got := d.Count(t, query); got != want {
			t.Errorf("%s: got %d, want %d", query, got, want)
		}
	}
	if p := site.Visit().Get("/search?q=harbour"); p.Find(`a[href="`+work.Path+`"]`).Length() == 0 {
		t.Errorf("search does not find %s:\n%s", work.Path, p)
	}
}
