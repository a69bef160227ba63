package works

import (
	"testing"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
)

// TestActor_roleTakenAway: the request began when the person was an editor. By
// the time it writes they are not, and nothing is written.
func TestActor_roleTakenAway(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change string
		kind   fault.Kind
	}{
		"removed":      {"delete from memberships where user_id = $1", fault.NotFound},
		"a viewer now": {"update memberships set role = 'viewer' where user_id = $1", fault.Forbidden},
		"in another":   {"update memberships set studio_id = (select studio_id from memberships where user_id <> $1 limit 1) where user_id = $1", fault.NotFound},
		"never let in": {"update memberships set user_id = gen_random_uuid() where user_id = $1", fault.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			work := w.published(w.ours, "Open ridge", "ridge")
			target, fresh := Target{PublicID: work.PublicID}, Target{CreationKey: idem.NewKey()}
			file := w.file(w.ours, true)
			trace := func() (out [4]int) {
				for i, table := range []string{"works", "work_media", "outbox", "idempotency_keys"} {
					out[i] = w.Count(t, "select count(*) from "+table)
				}
				return out
			}
			var version int64
			w.Row(t, "select version from works where public_id = $1", work.PublicID)(&version)
			w.Exec(t, c.change, w.ours.UserID)
			before := trace()
			a, key := w.ours, idem.NewKey
			if a.Role != studios.Editor {
				t.Fatal("the request began with another role")
			}
			e := edit("Changed")
			do := map[string]func() error{
				"save":      func() error { _, err := w.app.Save(ctx(), a, target, e); return err },
				"save new":  func() error { _, err := w.app.Save(ctx(), a, fresh, e); return err },
				"draft":     func() error { _, err := w.app.EnsureDraft(ctx(), a, key()); return err },
				"publish":   func() error { _, err := w.app.Publish(ctx(), a, target, &e, key()); return err },
				"unlist":    func() error { _, err := w.app.Unlist(ctx(), a, target, nil, key()); return err },
				"archive":   func() error { _, err := w.app.Archive(ctx(), a, target, nil, key()); return err },
				"unpublish": func() error { _, err := w.app.Unpublish(ctx(), a, target, nil, key()); return err },
				"schedule": func() error {
					_, err := w.app.Schedule(ctx(), a, target, nil, When{Local: "2099-01-01T10:00", Zone: "UTC"}, key())
					return err
				},
				"add":    func() error { _, err := w.app.AddMedia(ctx(), a, target, nil, file, key()); return err },
				"remove": func() error { _, err := w.app.RemoveMedia(ctx(), a, target, nil, *work.CoverID, key()); return err },
				"replace": func() error {
					_, err := w.app.ReplaceMedia(ctx(), a, target, nil, *work.CoverID, file, key())
					return err
				},
				"move": func() error { _, err := w.app.Move(ctx(), a, target, nil, *work.CoverID, 1, key()); return err },
				"reorder": func() error {
					_, err := w.app.Reorder(ctx(), a, target, nil, []uuid.UUID{*work.CoverID}, key())
					return err
				},
				"create": func() error {
					_, _, err := w.app.Create(ctx(), a, Whole{Edit: e, State: StateDraft}, key())
					return err
				},
				"delete": func() error { return w.app.Delete(ctx(), a, target, key()) },
			}
			for what, fn := range do {
				if err := fn(); !fault.Is(err, c.kind) {
					t.Errorf("%s: %v, want %s", what, err, c.kind)
				}
			}
			var now int64
			w.Row(t, "select version from works where public_id = $1", work.PublicID)(&now)
			if after := trace(); after != before || now != version {
				t.Errorf("rows %v became %v, version %d became %d", before, after, version, now)
			}
		})
	}
}
