package moderation

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/collections"
)

// Hearing is a complaint with everything that a moderator needs to decide.
type Hearing struct {
	Complaint
	Told     []Told
	Claims   []Claim
	Actions  []ActionWithAppeal // about the same thing, the newest first
	Studio   studios.Studio
	Work     works.Work // zero when it is gone, or it is about no work
	Bench    works.Bench
	Shelf    collections.Collection // when it is about one and it is still there
	Pictures map[uuid.UUID]media.Picture
	People   map[uuid.UUID]accounts.User // who reported, wrote and decided
}

// Hearing reads it. NotFound when there is no such complaint. It needs the
// worker's handle.
func (s *Service) Hearing(ctx context.Context, complaintID uuid.UUID) (h Hearing, err error) {
	defer fault.Wrap(&err, "moderation.Hearing(%s)", complaintID)
	if h.Complaint, err = s.complaint(ctx, complaintID); err != nil {
		return h, err
	}
	r := s.db.Read(ctx)
	if h.Told, err = toldOf(ctx, r, h.Complaint); err != nil {
		return h, err
	}
	if h.Claims, err = claimsOf(ctx, r, complaintID); err != nil {
		return h, err
	}
	rows, err := actionsOfSubject(ctx, r, h.Subject)
	if h.Actions, _, err = answered(ctx, r, rows, err); err != nil {
		return h, err
	}
	if h.Studio, err = s.studios.ByID(ctx, h.StudioID); err != nil {
		return h, err
	}
	if err := s.exhibit(ctx, &h); err != nil {
		return h, err
	}
	h.People, err = s.accounts.ByIDs(ctx, h.involved())
	return h, err
}

// exhibit reads the work or the collection that it is about, or the work that the
// comment stands under.
func (s *Service) exhibit(ctx context.Context, h *Hearing) error {
	if h.Kind == OfCollection {
		c, err := collections.ByID(ctx, s.db.Read(ctx), h.StudioID, h.SubjectID)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		h.Shelf = c
		return err
	}
	if h.WorkID == nil {
		return nil
	}
	found, _, err := s.works.AnyByIDs(ctx, []uuid.UUID{*h.WorkID})
	if err != nil || found[*h.WorkID].ID == uuid.Nil {
		return err
	}
	h.Work = found[*h.WorkID]
	if h.Kind != OfWork {
		return nil
	}
	if h.Bench, err = s.works.Bench(ctx, h.StudioID, works.Target{PublicID: h.Work.PublicID}); err != nil {
		return err
	}
	h.Pictures, err = s.works.PicturesOf(ctx, h.Bench)
	return err
}

func (h Hearing) involved() (ids []uuid.UUID) {
	add := func(who *uuid.UUID) {
		if who != nil && *who != uuid.Nil {
			ids = append(ids, *who)
		}
	}
	add(&h.AuthorID)
	add(h.DecidedBy)
	for _, t := range h.Told {
		add(t.ReporterID)
	}
	for _, a := range h.Actions {
		add(&a.ActedBy)
		if a.Appeal != nil {
			add(&a.Appeal.ByID)
			add(a.Appeal.AnsweredBy)
		}
	}
	return ids
}

// ActedOn tells whether moderators acted on a complaint. NotFound when it is
// gone. It needs the worker's handle.
func (s *Service) ActedOn(ctx context.Context, complaintID uuid.UUID) (acted bool, err error) {
	defer fault.Wrap(&err, "moderation.ActedOn(%s)", complaintID)
	c, err := s.complaint(ctx, complaintID)
	return c.Stage == Acted, err
}
