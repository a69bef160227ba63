package works

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
)

// What the JSON API reads that no page does.

// One is a published work, or an unlisted one for whoever knows its id, without
// its neighbours. One query; an unlisted work takes one more. NotFound for
// everything else, hidden works among them.
func (s *Service) One(ctx context.Context, publicID string) (p Page, err error) {
	defer fault.Wrap(&err, "works.One(%s)", publicID)
	if !id.ValidPublic(publicID) {
		return Page{}, fault.New(fault.NotFound, "")
	}
	p, unlistedIn, err := publicPage(ctx, s.db.Read(ctx), publicID)
	if err != nil || unlistedIn == uuid.Nil {
		return p, err
	}
	err = s.db.TenantRead(ctx, unlistedIn, func(r db.Reader) error {
		p, err = unlistedPage(ctx, r, unlistedIn, publicID)
		return err
	})
	return p, err
}

// StudioOf tells which studio a work of any state belongs to, for a member whose
// right to see it is asked next. NotFound when there is no such work. One query.
func (s *Service) StudioOf(ctx context.Context, publicID string) (studioID uuid.UUID, err error) {
	defer fault.Wrap(&err, "works.StudioOf(%s)", publicID)
	var found uuid.NullUUID
	if !id.ValidPublic(publicID) {
		return uuid.Nil, fault.New(fault.NotFound, "")
	}
	if err := s.db.Read(ctx).SQL(ctx).Raw("select work_studio(?)", publicID).Scan(&found).Error; err != nil {
		return uuid.Nil, err
	}
	if !found.Valid {
		return uuid.Nil, fault.New(fault.NotFound, "")
	}
	return found.UUID, nil
}

// Seen reads a work that somebody outside its studio can see now, by its public
// id or its own, in a transaction of the caller in the studio's scope, and keeps
// it from being deleted until the end. NotFound for all others.
func (s *Service) Seen(tx db.Tx, studioID uuid.UUID, publicID string, workID uuid.UUID) (Work, error) {
	column, value := "public_id", any(publicID)
	if workID != uuid.Nil {
		column, value = "id", workID
	}
	return one[Work](tx.SQL().Raw("select * from works where studio_id = ? and "+column+" = ? and state in ('published', 'unlisted') and not hidden for key share", studioID, value))
}

// Any is Seen for a work of whatever state, for whoever takes back what they did.
func (s *Service) Any(tx db.Tx, studioID uuid.UUID, publicID string) (Work, error) {
	return one[Work](tx.SQL().Raw("select * from works where studio_id = ? and public_id = ? for key share", studioID, publicID))
}

// Own is a work of any state with its files, as its studio sees it. Whoever calls
// has checked that the person belongs to the studio. At most four queries.
func (s *Service) Own(ctx context.Context, studioID uuid.UUID, publicID string) (p Page, files map[uuid.UUID]media.Media, err error) {
	defer fault.Wrap(&err, "works.Own(%s)", publicID)
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		if p.Work, p.Items, err = ownPage(ctx, r, studioID, Target{PublicID: publicID}); err != nil {
			return err
		}
		list, err := s.files.ByIDs(ctx, r, studioID, mediaIDs(p.Items))
		files = make(map[uuid.UUID]media.Media, len(list))
		for _, f := range list {
			files[f.ID] = f
		}
		return err
	})
	return p, files, err
}

// OfState is a studio's works of one state, the last changed first, with the
// pictures of their covers by id. Whoever calls has checked that the person
// belongs to the studio. Two queries.
func (s *Service) OfState(ctx context.Context, studioID uuid.UUID, state State, from Cursor, limit int) (list []Work, next Cursor, covers map[uuid.UUID]media.Picture, err error) {
	defer fault.Wrap(&err, "works.OfState(%s, %s)", studioID, state)
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		if list, next, err = listState(ctx, r, studioID, state, from, limit); err != nil {
			return err
		}
		covers, err = s.files.StudioPictures(ctx, r, studioID, coversOf(list))
		return err
	})
	return list, next, covers, err
}

// File is a file of the studio, in a work or in none. NotFound when it is not
// there. Whoever calls has checked that the person belongs to the studio. At
// most two queries.
func (s *Service) File(ctx context.Context, studioID, mediaID uuid.UUID) (m media.Media, err error) {
	defer fault.Wrap(&err, "works.File(%s)", mediaID)
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		list, err := s.files.ByIDs(ctx, r, studioID, []uuid.UUID{mediaID})
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return fault.New(fault.NotFound, "This file is not here any more.")
		}
		m = list[0]
		return nil
	})
	return m, err
}

// Discard deletes a file that no work holds, and its room is free again. Any
// editor of the studio may. Conflict when a work holds it, NotFound when it is
// gone.
func (s *Service) Discard(ctx context.Context, a Actor, mediaID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "works.Discard(%s)", mediaID)
	return s.db.Tenant(ctx, a.StudioID, func(tx db.Tx) error {
		if err := a.lock(ctx, tx); err != nil {
			return err
		}
		list, err := s.files.ByIDs(ctx, tx.Reader(), a.StudioID, []uuid.UUID{mediaID})
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return fault.New(fault.NotFound, "This file is not here any more.")
		}
		holders, err := holdersOf(ctx, tx.Reader(), a.StudioID, []uuid.UUID{mediaID})
		if err != nil {
			return err
		}
		if _, held := holders[mediaID]; held {
			return fault.New(fault.Conflict, "A work holds this file. Take it out of the work, or delete the work.")
		}
		return s.files.Delete(ctx, tx, a.StudioID, []uuid.UUID{mediaID})
	})
}
