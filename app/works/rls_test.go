package works

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
)

// secretive makes a draft, a scheduled, an archived, an unlisted and a hidden
// work of a studio, all with the same private words.
func (w *world) secretive(a Actor) (all []Work) {
	w.t.Helper()
	for i := range 5 {
		t, _ := w.draft(a, "Secret", 1)
		e := edit("Secret")
		e.Edition, e.Tags, e.Story = 1, "secret", "Secret"
		work, err := w.app.Save(ctx(), a, t, e)
		w.must(err)
		switch i {
		case 1:
			work, err = w.app.Schedule(ctx(), a, t, nil, soon(1e13), idem.NewKey())
		case 2:
			work, err = w.app.Archive(ctx(), a, t, nil, idem.NewKey())
		case 3:
			work, err = w.app.Unlist(ctx(), a, t, nil, idem.NewKey())
		case 4:
			work, err = w.app.Publish(ctx(), a, t, nil, idem.NewKey())
			w.must(err)
			w.hide(work, HiddenByModeration, true)
		}
		w.must(err)
		all = append(all, work)
	}
	return all
}

// Every read of the store, by nobody and by another studio, sees nothing that is
// not public; and what forgets to name the studio is held by the database.
func TestRLS_reads(t *testing.T) {
	w := newWorld(t)
	secrets := w.secretive(w.ours)
	reads := map[string]func(ctx context.Context, r db.Reader) int{
		"latest": func(ctx context.Context, r db.Reader) int { x, _ := latest(ctx, r, Cursor{}, 10); return len(x.Cards) },
		"latestOf": func(ctx context.Context, r db.Reader) int {
			x, _ := latestOf(ctx, r, w.ours.StudioID, Cursor{}, 10)
			return len(x.Cards)
		},
		"tagged": func(ctx context.Context, r db.Reader) int {
			x, _, _ := latestTagged(ctx, r, "secret", Cursor{}, 10)
			return len(x.Cards)
		},
		"count":   func(ctx context.Context, r db.Reader) int { n, _ := countOf(ctx, r, w.ours.StudioID); return n },
		"shelves": func(ctx context.Context, r db.Reader) int { x, _ := shelvesOf(ctx, r, 10); return len(x) },
		"states": func(ctx context.Context, r db.Reader) int {
			x, _ := countStates(ctx, r, w.ours.StudioID)
			return len(x)
		},
		"listState": func(ctx context.Context, r db.Reader) int {
			x, _, _ := listState(ctx, r, w.ours.StudioID, StateDraft, Cursor{}, 10)
			return len(x)
		},
		"byID": func(ctx context.Context, r db.Reader) int {
			var ids []uuid.UUID
			for _, s := range secrets {
				ids = append(ids, s.ID)
			}
			x, _ := cardsByID(ctx, r, ids)
			return len(x)
		},
		"holders": func(ctx context.Context, r db.Reader) int {
			x, _ := holdersOf(ctx, r, w.ours.StudioID, []uuid.UUID{*secrets[0].CoverID, *secrets[3].CoverID})
			return len(x)
		},
		"pages": func(ctx context.Context, r db.Reader) (n int) {
			for _, s := range secrets {
				if _, _, err := ownPage(ctx, r, s.StudioID, Target{PublicID: s.PublicID}); err == nil {
					n++
				}
				if _, err := unlistedPage(ctx, r, s.StudioID, s.PublicID); err == nil {
					n++
				}
				if p, _, err := publicPage(ctx, r, s.PublicID); err == nil && p.Work.ID != uuid.Nil {
					n++
				}
				if _, err := storedWork(r, ctx, s.StudioID, s.PublicID); err == nil {
					n++
				}
			}
			return n
		},
		"everything": func(ctx context.Context, r db.Reader) (n int) {
			var works, items int
			r.SQL(ctx).Raw("select count(*) from works").Scan(&works)
			r.SQL(ctx).Raw("select count(*) from work_media").Scan(&items)
			return works + items
		},
	}
	for name, read := range reads {
		if n := read(ctx(), w.App.Read(ctx())); n != 0 {
			t.Errorf("%s by nobody: %d", name, n)
		}
		w.must(w.App.TenantRead(ctx(), w.theirs.StudioID, func(r db.Reader) error {
			if n := read(ctx(), r); n != 0 {
				t.Errorf("%s by another studio: %d", name, n)
			}
			return nil
		}))
	}
	// The link of the unlisted one is all that opens anything.
	for i, s := range secrets {
		p, err := w.app.ByPublicID(ctx(), s.PublicID)
		if i == 3 {
			if err != nil || p.Work.Title != "Secret" || len(p.Items) != 1 || len(p.Near) != 0 {
				t.Errorf("the unlisted work by its link: %v", err)
			}
			continue
		}
		wantKind(t, err, fault.NotFound)
	}
	w.hide(secrets[3], HiddenByModeration, true)
	_, err := w.app.ByPublicID(ctx(), secrets[3].PublicID)
	wantKind(t, err, fault.NotFound)
}

// Nobody writes into another studio, not even with a statement that forgets it.
func TestRLS_writes(t *testing.T) {
	w := newWorld(t)
	work := w.published(w.ours, "Ours", "tide")
	target := Target{PublicID: work.PublicID}
	for name, do := range map[string]func(a Actor) error{
		"save":    func(a Actor) error { _, err := w.app.Save(ctx(), a, target, edit("Theirs")); return err },
		"publish": func(a Actor) error { _, err := w.app.Publish(ctx(), a, target, nil, idem.NewKey()); return err },
		"archive": func(a Actor) error { _, err := w.app.Archive(ctx(), a, target, nil, idem.NewKey()); return err },
		"remove": func(a Actor) error {
			_, err := w.app.RemoveMedia(ctx(), a, target, nil, *work.CoverID, idem.NewKey())
			return err
		},
		"bench": func(a Actor) error { _, err := w.app.Bench(ctx(), a.StudioID, target); return err },
	} {
		if err := do(w.theirs); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s of another studio's work: %v", name, err)
		}
	}
	w.must(w.app.Delete(ctx(), w.theirs, target, idem.NewKey())) // as if it were gone already
	statements := []string{
		"update works set title = 'theirs'", "delete from works", "update works set hidden = true where state = 'published'",
		"update work_media set alt = 'theirs'", "delete from work_media",
	}
	for scope, run := range map[string]func(fn func(tx db.Tx) error) error{
		"another studio": func(fn func(tx db.Tx) error) error { return w.App.Tenant(ctx(), w.theirs.StudioID, fn) },
		"nobody":         func(fn func(tx db.Tx) error) error { return w.App.Transact(ctx(), fn) },
	} {
		for _, sql := range statements {
			w.must(run(func(tx db.Tx) error {
				res := tx.SQL().Exec(sql)
				if res.RowsAffected != 0 {
					t.Errorf("%s as %s reached %d rows", sql, scope, res.RowsAffected)
				}
				return res.Error
			}))
		}
		err := run(func(tx db.Tx) error {
			_, err := insertDraft(tx, Work{ID: uuid.New(), StudioID: w.ours.StudioID, PublicID: "abcdefghijkm", CreationKey: idem.NewKey(), CreatedBy: w.theirs.UserID})
			return err
		})
		if err == nil {
			t.Errorf("%s made a work in our studio", scope)
		}
	}
	if n := w.Count(t, "select count(*) from works where title = 'Ours' and state = 'published'"); n != 1 {
		t.Fatal("the work has changed")
	}
	// No row can point across studios, whatever the code says.
	foreign := w.file(w.theirs, true)
	_, err := w.Owner.ExecContext(t.Context(), `insert into work_media (studio_id, work_id, media_id, position) values ($1, $2, $3, 9)`, w.ours.StudioID, work.ID, foreign)
	if err == nil {
		t.Fatal("a work holds another studio's file")
	}
}
