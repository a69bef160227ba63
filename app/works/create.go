package works

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
)

// Whole is a work as a program hands it over in one piece.
type Whole struct {
	Edit  Edit        // what Items says of files that are not in Media is passed over
	Media []uuid.UUID // files of the studio that are there already, in order
	State State       // draft, scheduled or published
	// PublishAt is when a scheduled work opens; with any other state it is passed over.
	PublishAt time.Time
}

// ErrKeyReused is in the chain of the Invalid that Create returns when the key
// has made another work than the one that is asked for.
var ErrKeyReused = errors.New("the key belongs to another work")

// Create makes a work in one transaction, files, words and state together.
// Idempotent by key: again tells that the work was made before and is returned
// as it is by now. NotFound then means that it was deleted since.
//
// Invalid names the fields of Edit, FieldFiles, FileField for one file, and
// FieldWhen. A published work needs a file that is usable already; a scheduled
// one opens at its time or as soon as the first file is.
func (s *Service) Create(ctx context.Context, a Actor, n Whole, key string) (w Work, again bool, err error) {
	defer fault.Wrap(&err, "works.Create(%s)", a.StudioID)
	print, err := n.print(a.StudioID)
	if err != nil {
		return w, false, err
	}
	first, scope := false, "works.create_print:"+a.UserID.String()
	w, err = s.change(ctx, a, Target{CreationKey: idem.NewKey()}, nil, "create", key, func(c *change) error {
		first = true
		if _, _, err := idem.Claim(ctx, c.tx, scope, key); err != nil {
			return err
		}
		if err := idem.Finish(ctx, c.tx, scope, key, print); err != nil {
			return err
		}
		return c.create(n)
	})
	if first || err != nil && !fault.Is(err, fault.NotFound) {
		return w, false, err
	}
	prior, known, perr := s.printOf(ctx, scope, key)
	switch {
	case perr != nil:
		return Work{}, false, perr
	case !known:
		return w, false, err
	case prior != print:
		return Work{}, false, fault.Caused(fault.Invalid, "This key was used for another work. A new work needs a new key; the same work sent again needs the same words.", ErrKeyReused)
	}
	return w, true, err
}

// printOf reads which body a key was used with.
func (s *Service) printOf(ctx context.Context, scope, key string) (print string, known bool, err error) {
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		if print, known, err = idem.Claim(ctx, tx, scope, key); err == nil && !known {
			err = errNotClaimed // leaves no row behind
		}
		return err
	})
	if errors.Is(err, errNotClaimed) {
		err = nil
	}
	return print, known, err
}

var errNotClaimed = errors.New("the key has made nothing")

// print tells two bodies apart, whatever the order and space in them.
func (n Whole) print(studioID uuid.UUID) (string, error) {
	n.PublishAt = n.PublishAt.UTC()
	raw, err := json.Marshal(struct {
		Studio uuid.UUID
		Whole
	}{studioID, n})
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), err
}

// create fills an empty draft.
func (c *change) create(n Whole) error {
	if err := c.hang(n.Media); err != nil {
		return err
	}
	if err := c.save(n.Edit); err != nil {
		return err
	}
	switch n.State {
	case StateDraft:
		return nil
	case StatePublished:
		if err := c.mustBeReady(); err != nil {
			return err
		}
		return c.publish()
	case StateScheduled:
		at, zone, err := When{Local: n.PublishAt.UTC().Format("2006-01-02T15:04:05"), Zone: "UTC"}.parse(c.tx.Now())
		if err != nil {
			return err
		}
		if len(c.items) == 0 {
			return fault.Field(FieldFiles, "A scheduled work needs a photo or a film. Upload it first and name it here.")
		}
		c.work.State, c.work.PublishAt, c.work.PublishZone = StateScheduled, &at, zone
		return nil
	default:
		return fault.Field("state", "A work can be made as draft, scheduled or published.")
	}
}

// mustBeReady says for a program what mustShow says for a form.
func (c *change) mustBeReady() error {
	usable, err := c.s.files.Usable(c.ctx, c.tx.Reader(), c.work.StudioID, mediaIDs(c.items))
	if err != nil || len(usable) > 0 {
		return err
	}
	if len(c.items) == 0 {
		return fault.Field(FieldFiles, "A published work needs a photo or a film. Upload it first and name it here.")
	}
	return fault.Field(FieldFiles, "None of these files can be shown yet. Ask for them until one is usable, or schedule the work: it opens as soon as one is.")
}

// hang puts files of the studio into the work, in order.
func (c *change) hang(wanted []uuid.UUID) error {
	found, err := c.s.files.ByIDs(c.ctx, c.tx.Reader(), c.work.StudioID, wanted)
	if err != nil {
		return err
	}
	files := make(map[uuid.UUID]media.Media, len(found))
	for _, f := range found {
		files[f.ID] = f
	}
	bad := map[string]string{}
	for i, mediaID := range wanted {
		f, ok := files[mediaID]
		switch {
		case !ok:
			bad[FileField(i)] = "The studio has no such file. Upload it, and name the id of the answer."
		case f.State == media.StateFailed:
			bad[FileField(i)] = "This file cannot be shown: " + f.Failure
		case f.State == media.StateDuplicate:
			bad[FileField(i)] = "The studio has these bytes already. Name the file that its duplicate_of names."
		case c.find(mediaID) >= 0:
			bad[FileField(i)] = "This file is in the list twice."
		default:
			if err := c.add(mediaID, f.Filename); err != nil {
				return err
			}
		}
	}
	return fault.Fields(bad)
}

// FileField names the field of the file at a place of Whole.Media.
func FileField(i int) string { return fmt.Sprintf("%s/%d", FieldFiles, i) }
