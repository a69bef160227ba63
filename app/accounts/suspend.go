package accounts

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/db"
	"vitrine/app/platform/text"
)

// ReasonLimit is the longest reason of a suspension, in characters.
const ReasonLimit = 1000

// Suspended is in the chain of the Forbidden that a suspended person gets
// instead of a session: the page says why.
type Suspended struct {
	Reason string
	Since  time.Time
}

// Error says it for logs, without the reason.
func (s *Suspended) Error() string {
	return fmt.Sprintf("suspended since %s", s.Since.Format(time.RFC3339))
}

func (s *Suspended) fault() error {
	return fault.Caused(fault.Forbidden, "This account is suspended. The reason given: "+s.Reason, s)
}

// mustStand refuses a suspended person.
func (s *Service) mustStand(ctx context.Context, tx db.Tx, userID uuid.UUID) error {
	st, err := standingOf(ctx, tx.Reader(), userID)
	if err != nil || st.SuspendedAt == nil {
		return err
	}
	return (&Suspended{Reason: st.Reason, Since: *st.SuspendedAt}).fault()
}

// Standing is what others must know of a person before they let them act.
type Standing struct {
	Name        string
	CreatedAt   time.Time
	Admin       bool // of this installation
	SuspendedAt *time.Time
	Reason      string
	ClosingAt   *time.Time // when the account ends; nil while nobody asked for that
}

// Standing reads it with a reader of the caller, who may be in a transaction.
// NotFound when there is no such person.
func (s *Service) Standing(ctx context.Context, r db.Reader, userID uuid.UUID) (out Standing, err error) {
	defer fault.Wrap(&err, "accounts.Standing(%s)", userID)
	out, err = standingOf(ctx, r, userID)
	if db.NotFound(err) {
		return out, errNoUser
	}
	return out, err
}

var errNoUser = fault.New(fault.NotFound, "There is no such person. The account may have been deleted.")

// CheckReason cleans the reason of a suspension. Invalid names the field reason.
func CheckReason(reason string) (string, error) {
	reason = text.Block(reason)
	switch {
	case text.Blank(reason):
		return "", fault.Field("reason", "Give a reason. The person reads it.")
	case text.Length(reason) > ReasonLimit:
		return "", fault.Field("reason", fmt.Sprintf("%d characters at most; these are %d.", ReasonLimit, text.Length(reason)))
	}
	return reason, nil
}

// Suspend shuts a person out in a transaction of the caller: none of their
// sessions lets them in from its commit on, and nobody can sign in. The caller
// has checked that by runs this installation. Somebody who is suspended already
// stays so, for the first reason, and changed is false.
//
// Forbidden for oneself and for the last administrator who is not suspended.
func (s *Service) Suspend(ctx context.Context, tx db.Tx, userID, by uuid.UUID, reason string) (changed bool, err error) {
	defer fault.Wrap(&err, "accounts.Suspend(%s)", userID)
	if reason, err = CheckReason(reason); err != nil {
		return false, err
	}
	if userID == by {
		return false, fault.New(fault.Forbidden, "You cannot suspend yourself. Another administrator can.")
	}
	admins, err := holdAdmins(tx)
	if err != nil {
		return false, err
	}
	if len(admins) == 1 && admins[0] == userID {
		return false, fault.New(fault.Forbidden, "This is the last administrator. Without one nobody could undo it.")
	}
	s.recent.DropWith(tx, userID)
	if changed, err = suspendUser(tx, userID, reason); err != nil || !changed {
		if err == nil {
			_, err = s.Standing(ctx, tx.Reader(), userID)
		}
		return false, err
	}
	if err := audit.Write(ctx, tx, audit.Entry{ActorID: by, Action: "accounts.suspended", Subject: audit.Subject("user", userID), Note: reason}); err != nil {
		return false, err
	}
	return true, s.outbox.Publish(ctx, tx, UserSuspended{UserID: userID})
}

// Reinstate lets a person in again. Sessions from before are over: they sign in
// anew. The caller has checked that by runs this installation. Somebody who is
// not suspended is no error, and changed is false.
func (s *Service) Reinstate(ctx context.Context, tx db.Tx, userID, by uuid.UUID) (changed bool, err error) {
	defer fault.Wrap(&err, "accounts.Reinstate(%s)", userID)
	s.recent.DropWith(tx, userID)
	if changed, err = restoreUser(tx, userID); err != nil || !changed {
		if err == nil {
			_, err = s.Standing(ctx, tx.Reader(), userID)
		}
		return false, err
	}
	if err := deleteSessionsOf(tx, userID); err != nil {
		return false, err
	}
	if err := audit.Write(ctx, tx, audit.Entry{ActorID: by, Action: "accounts.reinstated", Subject: audit.Subject("user", userID)}); err != nil {
		return false, err
	}
	return true, s.outbox.Publish(ctx, tx, UserReinstated{UserID: userID})
}

// UserSuspended tells that a person was shut out.
type UserSuspended struct {
	UserID uuid.UUID `json:"user_id"`
}

// EventName names the event.
func (UserSuspended) EventName() string { return "accounts.suspended.v1" }

// UserReinstated tells that a person may come in again.
type UserReinstated struct {
	UserID uuid.UUID `json:"user_id"`
}

// EventName names the event.
func (UserReinstated) EventName() string { return "accounts.reinstated.v1" }

// Entry is a person in the list for administrators.
type Entry struct {
	User
	SuspendedAt     *time.Time
	SuspendedReason string
}

// Search narrows the list of people.
type Search struct {
	Text      string // the beginning of an address or a name; empty for all
	Suspended bool   // these alone
}

// PerPage is how many people a page of the list holds.
const PerPage = 50

// Place is where a page of the list begins: behind that person.
type Place struct {
	At time.Time
	ID uuid.UUID
}

// Find lists people, the newest first, for administrators of the installation.
// next is the zero value on the last page. One query.
func (s *Service) Find(ctx context.Context, search Search, from Place) (list []Entry, next Place, err error) {
	defer fault.Wrap(&err, "accounts.Find")
	search.Text = strings.ToLower(text.Line(search.Text))
	list, err = findUsers(ctx, s.db.Read(ctx), search, from, PerPage+1)
	if len(list) > PerPage {
		list = list[:PerPage]
		next = Place{At: list[PerPage-1].CreatedAt, ID: list[PerPage-1].ID}
	}
	return list, next, err
}

// Dossier is what administrators see of one person.
type Dossier struct {
	Entry
	Sessions int // browsers in which they are signed in
}

// Dossier reads it. NotFound when there is no such person.
func (s *Service) Dossier(ctx context.Context, userID uuid.UUID) (out Dossier, err error) {
	defer fault.Wrap(&err, "accounts.Dossier(%s)", userID)
	out, err = dossierOf(ctx, s.db.Read(ctx), userID, s.clock())
	if db.NotFound(err) {
		return out, errNoUser
	}
	return out, err
}
