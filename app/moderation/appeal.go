package moderation

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/db"
	"vitrine/app/platform/text"
	"vitrine/app/studios"
)

// Outcome is what became of an answer.
type Outcome string

// The outcomes.
const (
	NotYet  Outcome = "waiting"
	Kept    Outcome = "kept"    // the action stands
	Lifted  Outcome = "lifted"  // it is taken back
	Changed Outcome = "changed" // another action takes its place, which can be answered again
)

// Appeal is an author's answer to an action.
type Appeal struct {
	ActionID   uuid.UUID
	StudioID   uuid.UUID
	ByID       uuid.UUID
	Words      string
	At         time.Time
	Outcome    Outcome
	Answer     string // of the moderators
	AnsweredBy *uuid.UUID
	AnsweredAt *time.Time
}

// Answer is the form of an author.
type Answer struct {
	ActionID uuid.UUID
	StudioID uuid.UUID // uuid.Nil: the answer of whoever wrote a comment
	UserID   uuid.UUID
	Words    string
}

var (
	errNoAction = fault.New(fault.NotFound, "There is no such decision, or it is not yours to answer.")
	errAnswered = fault.New(fault.Conflict, "This decision has been answered already, which can be done once.")
)

// Answer lets the author of what moderators acted on say why they are wrong,
// once for each action: an editor of the studio, or whoever wrote the comment.
// A suspended studio may answer too. The same words again change nothing.
//
// Invalid names the field words; NotFound for the actions of others; Conflict
// when it was answered, or is lifted.
func (s *Service) Answer(ctx context.Context, form Answer) (err error) {
	defer fault.Wrap(&err, "moderation.Answer(%s)", form.ActionID)
	form.Words = text.Block(form.Words)
	bad := map[string]string{}
	check(bad, "words", form.Words, WordsLimit, "Say why you think that the decision is wrong.")
	if err := fault.Fields(bad); err != nil {
		return err
	}
	studioID, err := s.studioToAnswerIn(ctx, form)
	if err != nil {
		return err
	}
	return s.db.Tenant(ctx, studioID, func(tx db.Tx) error {
		a, err := actionByID(ctx, tx.Reader(), form.ActionID)
		if err != nil || form.StudioID == uuid.Nil != (a.AuthorID == form.UserID) || form.StudioID != uuid.Nil && a.AuthorID != uuid.Nil {
			return noAction(err)
		}
		if form.StudioID != uuid.Nil {
			if err := studios.Hold(ctx, tx, studioID, form.UserID, studios.AnswerReports); err != nil {
				return err
			}
		}
		if a.LiftedAt != nil {
			return fault.New(fault.Conflict, "This decision was taken back, so there is nothing to answer.")
		}
		first, err := insertAppeal(tx, a, form)
		if err != nil || first {
			return err
		}
		prior, err := appealOf(ctx, tx.Reader(), a.StudioID, a.ID)
		if err == nil && (prior.ByID != form.UserID || prior.Words != form.Words) {
			return errAnswered
		}
		return err
	})
}

// noAction hides why there is none.
func noAction(err error) error {
	if err == nil || db.NotFound(err) {
		return errNoAction
	}
	return err
}

// studioToAnswerIn is the scope in which the action is: the author of a comment
// belongs to no studio, and sees the action as its author alone.
func (s *Service) studioToAnswerIn(ctx context.Context, form Answer) (studioID uuid.UUID, err error) {
	if form.StudioID != uuid.Nil {
		return form.StudioID, nil
	}
	err = s.db.MemberRead(ctx, form.UserID, func(r db.Reader) error {
		a, err := actionByID(ctx, r, form.ActionID)
		studioID = a.StudioID
		if db.NotFound(err) {
			return errNoAction
		}
		return err
	})
	return studioID, err
}

// Ruling is what moderators decide about an answer.
type Ruling struct {
	ActionID  uuid.UUID
	Moderator uuid.UUID
	Outcome   Outcome
	Measure   Measure // instead, for Changed
	Reason    string  // the author reads it
}

// AppealDecided tells that moderators have decided about an answer. One that
// became another action is told by ActionTaken.
type AppealDecided struct {
	ActionID uuid.UUID `json:"action_id"`
	StudioID uuid.UUID `json:"studio_id"`
}

// EventName names the event.
func (AppealDecided) EventName() string { return "moderation.appeal_decided.v1" }

// Rule decides about an answer: the action stays, is taken back, or another one
// takes its place, which the author can answer again. The caller has checked that
// the moderator runs this installation; it needs the worker's handle. The same
// decision a second time changes nothing.
//
// Invalid names the fields outcome, measure and answer. Conflict when somebody
// else decided otherwise.
func (s *Service) Rule(ctx context.Context, form Ruling) (err error) {
	defer fault.Wrap(&err, "moderation.Rule(%s, %s)", form.ActionID, form.Outcome)
	a, err := actionByID(ctx, s.db.Read(ctx), form.ActionID)
	if err != nil {
		return noAction(err)
	}
	if form, err = form.clean(a); err != nil {
		return err
	}
	return s.db.Tenant(ctx, a.StudioID, func(tx db.Tx) error {
		if err := s.works.Hold(tx, a.StudioID); err != nil {
			return err
		}
		ap, err := holdAppeal(tx, a.ID)
		if err != nil {
			return noAction(err)
		}
		if ap.Outcome != NotYet {
			if ap.Outcome == form.Outcome {
				return nil
			}
			return fault.New(fault.Conflict, "Somebody else decided about this answer a moment before you. Look at what they did.")
		}
		return s.rule(ctx, tx, a, form)
	})
}

func (r Ruling) clean(a Action) (Ruling, error) {
	r.Reason = text.Block(r.Reason)
	bad := map[string]string{}
	check(bad, "answer", r.Reason, NoteLimit, "Give a reason. The author reads it.")
	switch r.Outcome {
	case Kept, Lifted:
	case Changed:
		if _, err := reasoned(a.Kind, r.Measure, r.Reason, "answer"); fault.FieldsOf(err)["measure"] != "" || r.Measure == Dismiss || r.Measure == a.Measure {
			bad["measure"] = "Choose another measure than the one that stands."
		}
	default:
		bad["outcome"] = "Choose what becomes of the decision."
	}
	return r, fault.Fields(bad)
}

func (s *Service) rule(ctx context.Context, tx db.Tx, a Action, form Ruling) error {
	if err := decideAppeal(tx, a.ID, form); err != nil {
		return err
	}
	if form.Outcome == Changed {
		// First the one, then the other: nothing is open in between.
		if err := s.take(ctx, tx, a.ComplaintID, a.Subject, form.Measure, form.Moderator, form.Reason); err != nil {
			return err
		}
	}
	if form.Outcome != Kept {
		if err := s.lift(ctx, tx, a, form.Moderator); err != nil {
			return err
		}
	}
	entry := audit.Entry{ActorID: form.Moderator, StudioID: a.StudioID, Action: "moderation.appeal_" + string(form.Outcome), Subject: a.named(), Note: form.Reason}
	if err := audit.Write(ctx, tx, entry); err != nil || form.Outcome == Changed {
		return err
	}
	return s.outbox.Publish(ctx, tx, AppealDecided{ActionID: a.ID, StudioID: a.StudioID})
}

// ActionWithAppeal is an action with what its author answered, if they did.
type ActionWithAppeal struct {
	Action
	Appeal *Appeal
}

// Answerable tells whether the author may still answer.
func (d ActionWithAppeal) Answerable() bool { return d.Appeal == nil && d.LiftedAt == nil }

// Appeals is a page of the answers that wait, the oldest first; next is the zero
// value on the last page. It needs the worker's handle. Two queries.
func (s *Service) Appeals(ctx context.Context, from Place) (list []ActionWithAppeal, next Place, err error) {
	defer fault.Wrap(&err, "moderation.Appeals")
	waiting, err := waitingAppeals(ctx, s.db.Read(ctx), from, PerPage+1)
	waiting, next, err = paged(waiting, err, func(a Appeal) Place { return Place{a.At, a.ActionID} })
	if err != nil || len(waiting) == 0 {
		return nil, next, err
	}
	ids := make([]uuid.UUID, len(waiting))
	for i, a := range waiting {
		ids[i] = a.ActionID
	}
	actions, err := actionsByIDs(ctx, s.db.Read(ctx), ids)
	if err != nil {
		return nil, next, err
	}
	for _, ap := range waiting {
		if a, ok := actions[ap.ActionID]; ok {
			list = append(list, ActionWithAppeal{a, &ap})
		}
	}
	return list, next, nil
}

// ActionByID finds an action with its answer. NotFound when there is none. It
// needs the worker's handle. Two queries.
func (s *Service) ActionByID(ctx context.Context, actionID uuid.UUID) (out ActionWithAppeal, err error) {
	defer fault.Wrap(&err, "moderation.ActionByID(%s)", actionID)
	if out.Action, err = actionByID(ctx, s.db.Read(ctx), actionID); err != nil {
		return out, noAction(err)
	}
	ap, err := appealOf(ctx, s.db.Read(ctx), out.StudioID, out.ID)
	if err == nil {
		out.Appeal = &ap
	}
	if db.NotFound(err) {
		err = nil
	}
	return out, err
}

// ActionsIn is a page of what moderators did about a studio and its works, the
// newest first, for its members; next is the zero value on the last page. Two
// queries.
func (s *Service) ActionsIn(ctx context.Context, studioID uuid.UUID, from Place) (list []ActionWithAppeal, next Place, err error) {
	defer fault.Wrap(&err, "moderation.ActionsIn(%s)", studioID)
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		rows, err := actionsInStudio(ctx, r, studioID, from, PerPage+1)
		list, next, err = answered(ctx, r, rows, err)
		return err
	})
	return list, next, err
}

// ActionsAbout is the same of what a person wrote below works.
func (s *Service) ActionsAbout(ctx context.Context, userID uuid.UUID, from Place) (list []ActionWithAppeal, next Place, err error) {
	defer fault.Wrap(&err, "moderation.ActionsAbout(%s)", userID)
	err = s.db.MemberRead(ctx, userID, func(r db.Reader) error {
		rows, err := actionsOfAuthor(ctx, r, userID, from, PerPage+1)
		list, next, err = answered(ctx, r, rows, err)
		return err
	})
	return list, next, err
}

// answered puts the answers beside the actions.
func answered(ctx context.Context, r db.Reader, rows []Action, err error) (list []ActionWithAppeal, next Place, _ error) {
	rows, next, err = paged(rows, err, func(a Action) Place { return Place{a.ActedAt, a.ID} })
	if err != nil || len(rows) == 0 {
		return nil, next, err
	}
	appeals, err := appealsOf(ctx, r, rows)
	for _, a := range rows {
		one := ActionWithAppeal{Action: a}
		if ap, ok := appeals[a.ID]; ok {
			one.Appeal = &ap
		}
		list = append(list, one)
	}
	return list, next, err
}

// ClaimsIn are the complaints of rights holders that a studio hears of, the
// newest first, up to 20.
func (s *Service) ClaimsIn(ctx context.Context, studioID uuid.UUID) (list []Complaint, err error) {
	defer fault.Wrap(&err, "moderation.ClaimsIn(%s)", studioID)
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		list, err = claimedIn(ctx, r, studioID)
		return err
	})
	return list, err
}
