package works

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/db"
	"vitrine/app/platform/text"
	"vitrine/app/works/naming"
)

// AttachMedia puts a file at the end of the work of a creation key, in the
// transaction in which the file's row is made: an upload that has begun is in
// the work. The draft is made when the key is new, and its title guessed from
// the first file's name when nobody has typed one.
//
// Whoever calls has checked that the person may edit and has scoped tx to the
// studio. Attaching the same file twice does nothing. Invalid when the work
// holds MaxFiles already.
func (s *Service) AttachMedia(ctx context.Context, tx db.Tx, studioID, userID uuid.UUID, creationKey string, mediaID uuid.UUID, filename string) (err error) {
	defer fault.Wrap(&err, "works.AttachMedia(%s, %s)", creationKey, mediaID)
	c, err := s.open(ctx, tx, Actor{UserID: userID, StudioID: studioID}, Target{CreationKey: creationKey})
	if err != nil {
		return err
	}
	if err := c.add(mediaID, filename); err != nil {
		return err
	}
	return c.commit()
}

// EnsureDraft gives the work of a creation key and makes it when the key is new.
func (s *Service) EnsureDraft(ctx context.Context, a Actor, creationKey string) (w Work, err error) {
	defer fault.Wrap(&err, "works.EnsureDraft(%s)", creationKey)
	return s.change(ctx, a, Target{CreationKey: creationKey}, nil, "draft", "", func(*change) error { return nil })
}

// AddMedia puts a file that the studio has already at the end of a work.
// NotFound when the studio has no such file.
func (s *Service) AddMedia(ctx context.Context, a Actor, t Target, e *Edit, mediaID uuid.UUID, key string) (w Work, err error) {
	defer fault.Wrap(&err, "works.AddMedia(%s, %s)", t.PublicID, mediaID)
	return s.change(ctx, a, t, e, "add", key, func(c *change) error {
		file, err := c.mustOwn(mediaID)
		if err != nil {
			return err
		}
		return c.add(mediaID, file.Filename)
	})
}

func (c *change) add(mediaID uuid.UUID, filename string) error {
	if c.find(mediaID) >= 0 {
		return nil
	}
	if len(c.items) >= MaxFiles {
		return fault.Field(FieldFiles, fmt.Sprintf("A work holds %d files at most. Publish this one and start another for the rest.", MaxFiles))
	}
	c.items = append(c.items, Item{MediaID: mediaID, Position: len(c.items), Filename: naming.Cut(text.Line(filename), 255)})
	if c.work.Title == "" && filename != "" {
		c.work.Title, c.work.TitleGuessed = naming.Guess(filename, MaxTitle), true
	}
	return nil
}

// mustOwn refuses a file that is not the studio's.
func (c *change) mustOwn(mediaID uuid.UUID) (media.Media, error) {
	found, err := c.s.files.ByIDs(c.ctx, c.tx.Reader(), c.work.StudioID, []uuid.UUID{mediaID})
	if err != nil {
		return media.Media{}, err
	}
	if len(found) == 0 {
		return media.Media{}, fault.New(fault.NotFound, "This file is not in your studio any more. Upload it again.")
	}
	return found[0], nil
}
