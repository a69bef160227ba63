package archive

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts/closing"
	"vitrine/app/fault"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/db"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// FieldConfirm is the field in which people type what they end.
const FieldConfirm = "confirm"

// Leaving is what a person who leaves should know.
type Leaving struct {
	At     *time.Time      // when the account ends; nil while nobody asked for that
	Alone  []studios.Owned // studios that end with the account
	Shared []studios.Owned // studios with other members, which keep the account from ending
}

// Leaving tells what would happen if a person left now, or will.
func (s *Service) Leaving(ctx context.Context, userID uuid.UUID) (l Leaving, err error) {
	defer fault.Wrap(&err, "archive.Leaving(%s)", userID)
	if l.At, err = s.Accounts.At(ctx, userID); err != nil {
		return l, err
	}
	owned, err := s.Studios.OwnedBy(ctx, userID)
	for _, o := range owned {
		if o.Others > 0 && o.ClosingAt == nil {
			l.Shared = append(l.Shared, o)
		} else {
			l.Alone = append(l.Alone, o)
		}
	}
	return l, err
}

// CloseAccount asks for the end of a person's account after closing.Grace, and
// with it of the studios that are theirs alone, which are on no page from the
// commit on. typed is the address of the account, as a confirmation. It may be
// repeated. Invalid names the field FieldConfirm; Conflict names the studios
// that must be handed on or ended first, and is also what the only administrator
// of the installation gets.
func (s *Service) CloseAccount(ctx context.Context, userID uuid.UUID, email, typed string) (at time.Time, err error) {
	defer fault.Wrap(&err, "archive.CloseAccount(%s)", userID)
	if !strings.EqualFold(strings.TrimSpace(typed), strings.TrimSpace(email)) {
		return at, fault.Field(FieldConfirm, "This is not the address of your account. Type it as it stands above.")
	}
	l, err := s.Leaving(ctx, userID)
	if err != nil {
		return at, err
	}
	if len(l.Shared) > 0 {
		return at, shared(l.Shared)
	}
	err = s.DB.Transact(ctx, func(tx db.Tx) error {
		if at, err = s.Accounts.Begin(ctx, tx, userID); err != nil {
			return err
		}
		for _, o := range l.Alone {
			if err := tx.Scope(o.StudioID); err != nil {
				return err
			}
			if err := s.closeStudio(ctx, tx, userID, o.StudioID, at, true); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, audit.Entry{ActorID: userID, Action: "accounts.closing_asked", Note: "The account ends on " + day(at) + "."})
	})
	return at, err
}

// shared says which studios a person cannot leave behind.
func shared(list []studios.Owned) error {
	names := make([]string, len(list))
	for i, o := range list {
		names[i] = "“" + o.Name + "”"
	}
	return fault.Newf(fault.Conflict, "Others belong to %s. Hand ownership on, or delete the studio, before you delete your account.", strings.Join(names, ", "))
}

// closeStudio ends a studio and hides its works, in its scope.
func (s *Service) closeStudio(ctx context.Context, tx db.Tx, actor, studioID uuid.UUID, at time.Time, quiet bool) error {
	if _, err := s.Studios.BeginClosing(ctx, tx, actor, studioID, at, quiet); err != nil {
		return err
	}
	return s.Works.HideStudio(ctx, tx, studioID, works.HiddenByClosing)
}

// KeepAccount keeps an account that was to end, with the studios that were to
// end with it. It may be repeated; kept is false when there was nothing to keep.
func (s *Service) KeepAccount(ctx context.Context, userID uuid.UUID) (kept bool, err error) {
	defer fault.Wrap(&err, "archive.KeepAccount(%s)", userID)
	at, err := s.Accounts.At(ctx, userID)
	if err != nil || at == nil {
		return false, err
	}
	owned, err := s.Studios.OwnedBy(ctx, userID)
	if err != nil {
		return false, err
	}
	err = s.DB.Transact(ctx, func(tx db.Tx) error {
		if kept, err = s.Accounts.Keep(ctx, tx, userID); err != nil || !kept {
			return err
		}
		for _, o := range owned {
			if o.ClosingAt == nil || o.ClosingBy == nil || *o.ClosingBy != userID || !o.ClosingAt.Equal(*at) {
				continue // it was to end for a reason of its own
			}
			if err := tx.Scope(o.StudioID); err != nil {
				return err
			}
			if err := s.keepStudio(ctx, tx, userID, o.StudioID); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, audit.Entry{ActorID: userID, Action: "accounts.closing_ended", Note: "The account is kept."})
	})
	return kept, err
}

func (s *Service) keepStudio(ctx context.Context, tx db.Tx, actor, studioID uuid.UUID) error {
	kept, err := s.Studios.EndClosing(ctx, tx, actor, studioID)
	if err != nil || !kept {
		return err
	}
	return s.Works.ShowStudio(ctx, tx, studioID, works.HiddenByClosing)
}

// CloseStudio asks for the end of a studio after closing.Grace on behalf of its
// owner; from the commit on it is on no page. typed is the studio's address. It
// may be repeated. Invalid names the field FieldConfirm; Conflict for somebody's
// own studio, which ends with their account; Forbidden or NotFound for all but
// the owner.
func (s *Service) CloseStudio(ctx context.Context, actor, studioID uuid.UUID, typed string) (at time.Time, err error) {
	defer fault.Wrap(&err, "archive.CloseStudio(%s)", studioID)
	st, err := s.Studios.ByID(ctx, studioID)
	if err != nil {
		return at, err
	}
	if st.PersonalOf != nil {
		return at, fault.New(fault.Conflict, "This is somebody's own studio, as everybody has one. It is deleted with their account.")
	}
	if !strings.EqualFold(strings.TrimPrefix(strings.TrimSpace(typed), "@"), st.Slug) {
		return at, fault.Field(FieldConfirm, "This is not the address of the studio. Type it as it stands above.")
	}
	err = s.DB.Tenant(ctx, studioID, func(tx db.Tx) error {
		at = tx.Now().Add(closing.Grace)
		return s.closeStudio(ctx, tx, actor, studioID, at, false)
	})
	return at, err
}

// KeepStudio keeps a studio that was to end, on behalf of its owner. It may be
// repeated. Conflict while the owner's whole account is to end; Forbidden or
// NotFound for all but the owner.
func (s *Service) KeepStudio(ctx context.Context, actor, studioID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "archive.KeepStudio(%s)", studioID)
	leaves, err := s.Accounts.At(ctx, actor)
	if err != nil {
		return err
	}
	if leaves != nil {
		return fault.New(fault.Conflict, "Your account is to be deleted, and the studio with it. Keep your account first.")
	}
	return s.DB.Tenant(ctx, studioID, func(tx db.Tx) error { return s.keepStudio(ctx, tx, actor, studioID) })
}
