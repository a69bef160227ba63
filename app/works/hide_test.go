package works

import (
	"testing"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
)

// hide sets or lifts a reason, as moderation does.
func (w *world) hide(work Work, reason Hiding, on bool) {
	w.t.Helper()
	w.must(w.App.Tenant(ctx(), work.StudioID, func(tx db.Tx) error {
		return w.app.SetHidden(ctx(), tx, work.StudioID, work.ID, reason, on)
	}))
}

func TestSetHidden(t *testing.T) {
	w := newWorld(t)
	work := w.published(w.ours, "Low Water", "tide")
	w.hide(work, HiddenByModeration, true)
	if _, err := w.app.ByPublicID(ctx(), work.PublicID); !fault.Is(err, fault.NotFound) || w.exposed(*work.CoverID) {
		t.Fatalf("a hidden work can be seen: %v", err)
	}
	// The studio cannot bring it back by publishing again or by its link.
	for _, i := range []int{2, 0} {
		_, err := acts[i].do(w, Target{PublicID: work.PublicID}, idem.NewKey())
		w.must(err)
		if _, err := w.app.ByPublicID(ctx(), work.PublicID); !fault.Is(err, fault.NotFound) || w.exposed(*work.CoverID) {
			t.Fatal("a hidden work can be seen again")
		}
	}
	// Another reason is lifted for itself.
	w.hide(work, HiddenForReview, true)
	w.hide(work, HiddenByModeration, false)
	if _, err := w.app.ByPublicID(ctx(), work.PublicID); !fault.Is(err, fault.NotFound) {
		t.Fatal("a work with a second reason can be seen")
	}
	w.hide(work, HiddenForReview, false)
	if _, err := w.app.ByPublicID(ctx(), work.PublicID); err != nil || !w.exposed(*work.CoverID) {
		t.Fatal(err)
	}
}

// A studio's works go and come back in one transaction, walls, tags, files and
// all; what was hidden for another reason stays so, and drafts stay drafts.
func TestHideStudio(t *testing.T) {
	w := newWorld(t)
	first, second := w.published(w.ours, "Low Water", "tide, Été"), w.published(w.ours, "High Water", "tide")
	other := w.published(w.theirs, "Kammermusik", "tide")
	draft, files := w.draft(w.ours, "Draft", 1)
	link, err := w.app.Unlist(ctx(), w.ours, Target{PublicID: w.published(w.ours, "Link", "").PublicID}, nil, idem.NewKey())
	w.must(err)
	w.hide(second, HiddenByModeration, true)
	told := w.events("works.unpublished.v1")

	turn := func(do func(tx db.Tx) error) {
		t.Helper()
		for range 2 { // it may be repeated
			w.must(w.App.Tenant(ctx(), w.ours.StudioID, do))
		}
	}
	turn(func(tx db.Tx) error { return w.app.HideStudio(ctx(), tx, w.ours.StudioID, HiddenBySuspension) })
	for _, gone := range []Work{first, second, link} {
		if _, err := w.app.ByPublicID(ctx(), gone.PublicID); !fault.Is(err, fault.NotFound) || w.exposed(*gone.CoverID) {
			t.Errorf("%s can be seen: %v", gone.Title, err)
		}
	}
	if wall, err := w.app.Latest(ctx(), Cursor{}, 10); err != nil || len(wall.Cards) != 1 || wall.Cards[0].ID != other.ID {
		t.Errorf("the wall shows %v, %v", wall.Cards, err)
	}
	if n := w.Count(t, "select count(*) from work_tags"); n != 1 {
		t.Errorf("%d tags hang, and the other studio has one", n)
	}
	if w.events("works.studio_hidden.v1") != 1 || w.events("works.unpublished.v1") != told {
		t.Error("the studio was not told of once and alone")
	}
	// What somebody publishes there meanwhile stays hidden.
	if _, err := w.app.Publish(ctx(), w.ours, draft, nil, idem.NewKey()); err != nil || w.exposed(files[0]) {
		t.Errorf("a draft of a hidden studio can be published: %v", err)
	}

	turn(func(tx db.Tx) error { return w.app.ShowStudio(ctx(), tx, w.ours.StudioID, HiddenBySuspension) })
	for _, back := range []Work{first, link} {
		if _, err := w.app.ByPublicID(ctx(), back.PublicID); err != nil || !w.exposed(*back.CoverID) {
			t.Errorf("%s did not come back: %v", back.Title, err)
		}
	}
	if _, err := w.app.ByPublicID(ctx(), second.PublicID); !fault.Is(err, fault.NotFound) || w.exposed(*second.CoverID) {
		t.Errorf("what moderation hid came back with its studio: %v", err)
	}
	if wall, _, err := w.app.LatestTagged(ctx(), "ete", Cursor{}, 10); err != nil || len(wall.Cards) != 1 {
		t.Errorf("the tag shows %v, %v", wall.Cards, err)
	}
	if w.events("works.studio_shown.v1") != 1 {
		t.Error("the return was not told once")
	}
}

// A studio with 10,000 works and files is hidden, and shown again, well within
// the minute that a task has.
func TestHideStudio_tenThousand(t *testing.T) {
	w := newWorld(t)
	const many = 10_000
	w.Exec(t, `insert into tags values ('sea', 'Sea')`)
	w.Exec(t, `insert into media (id, studio_id, state, usable, exposed, kind, filename, bytes, width, height, created_by, created_at, updated_at)
		select md5('m' || i)::uuid, $1, 'ready', true, true, 'image', 'a.jpg', 1, 16, 9, $2, now(), now() from generate_series(1, $3::int) i`, w.ours.StudioID, w.ours.UserID, many)
	w.Exec(t, `insert into works (id, studio_id, public_id, creation_key, created_by, created_at, updated_at, state, published_at, tags, media_count, cover_id)
		select md5('w' || i)::uuid, $1, 'p' || i, 'k' || i, $2, now(), now(), 'published', now() - i * interval '1 s', '["Sea"]', 1, md5('m' || i)::uuid
		from generate_series(1, $3::int) i`, w.ours.StudioID, w.ours.UserID, many)
	w.Exec(t, `insert into work_media (studio_id, work_id, media_id, position) select studio_id, id, cover_id, 0 from works`)
	w.Exec(t, `insert into work_tags select 'sea', published_at, id from works`)
	w.Exec(t, `analyze`)
	seen := func(want int) {
		t.Helper()
		for _, q := range []string{"select count(*) from works where not hidden", "select count(*) from media where exposed", "select count(*) from work_tags"} {
			if n := w.Count(t, q); n != want {
				t.Errorf("%s: %d, not %d", q, n, want)
			}
		}
	}
	turn := func(do func(tx db.Tx) error, public int) time.Duration {
		t.Helper()
		start := time.Now()
		w.must(w.Worker.Tenant(ctx(), w.ours.StudioID, do))
		took := time.Since(start)
		seen(public)
		return took
	}
	const most = 30 * time.Second
	for tries := 1; ; tries++ { // others use the machine, too
		hid := turn(func(tx db.Tx) error { return w.worker.HideStudio(ctx(), tx, w.ours.StudioID, HiddenByClosing) }, 0)
		shown := turn(func(tx db.Tx) error { return w.worker.ShowStudio(ctx(), tx, w.ours.StudioID, HiddenByClosing) }, many)
		t.Logf("10,000 works were hidden in %s and shown in %s", hid, shown)
		if n := w.Count(t, "select count(*) from outbox"); n != 2*tries {
			t.Errorf("%d events", n)
		}
		if hid+shown <= most {
			break
		}
		if tries == 3 {
			t.Fatalf("that took %s", hid+shown)
		}
	}
}

// The database holds the two columns together.
func TestHidden_constraint(t *testing.T) {
	w := newWorld(t)
	work := w.published(w.ours, "Low Water", "")
	for _, set := range []string{"hidden = true", "hidden_for = 1", "hidden = true, hidden_for = 32"} {
		if _, err := w.Owner.ExecContext(t.Context(), "update works set "+set+" where id = $1", work.ID); err == nil {
			t.Errorf("%s went through", set)
		}
	}
}
