package moderation

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

const (
	actionColumns = `id, complaint_id, kind, subject_id, studio_id, work_id, public_id, author_id, title, anchor, quote, action, reason, acted_by, acted_at, lifted_at`
	appealColumns = `action_id, studio_id, by_id, words, at, outcome, answer, answered_by, answered_at`
)

func insertAction(tx db.Tx, a Action) error {
	return tx.SQL().Exec(`insert into moderation_actions (id, complaint_id, kind, subject_id, studio_id, work_id, public_id, author_id, title, anchor, quote, action, reason, acted_by, acted_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.ID, a.ComplaintID, a.Kind, a.SubjectID, a.StudioID, a.WorkID, a.PublicID, a.AuthorID, a.Title, a.Anchor, a.Quote, a.Measure, a.Reason, a.ActedBy, a.ActedAt).Error
}

func markLifted(tx db.Tx, a Action) error {
	return tx.SQL().Exec(`update moderation_actions set lifted_at = ? where studio_id = ? and id = ?`, tx.Now(), a.StudioID, a.ID).Error
}

// standing tells whether another action of the same kind about the same thing is
// in force. A suspension is about the studio, whatever was reported.
func standing(tx db.Tx, a Action) (more bool, err error) {
	err = tx.SQL().Raw(`select exists (select from moderation_actions where studio_id = ? and action = ? and lifted_at is null and (subject_id = ? or action = 'suspended'))`,
		a.StudioID, a.Measure, a.SubjectID).Scan(&more).Error
	return more, err
}

func actionByID(ctx context.Context, r db.Reader, actionID uuid.UUID) (Action, error) {
	return db.One[Action](r.SQL(ctx).Raw(`select `+actionColumns+` from moderation_actions where id = ?`, actionID))
}

func actionsByIDs(ctx context.Context, r db.Reader, ids []uuid.UUID) (found map[uuid.UUID]Action, err error) {
	var rows []Action
	err = r.SQL(ctx).Raw(`select `+actionColumns+` from moderation_actions where id in ?`, ids).Scan(&rows).Error
	found = make(map[uuid.UUID]Action, len(rows))
	for _, a := range rows {
		found[a.ID] = a
	}
	return found, err
}

func actionsOfComplaint(ctx context.Context, r db.Reader, studioID, complaintID uuid.UUID) (list []Action, err error) {
	err = r.SQL(ctx).Raw(`select `+actionColumns+` from moderation_actions where studio_id = ? and complaint_id = ? order by acted_at, id limit 20`, studioID, complaintID).Scan(&list).Error
	return list, err
}

// actionsOfSubject lists what was done about the same thing, the newest first.
func actionsOfSubject(ctx context.Context, r db.Reader, sub Subject) (list []Action, err error) {
	err = r.SQL(ctx).Raw(`select `+actionColumns+` from moderation_actions where studio_id = ? and subject_id = ? order by acted_at desc, id desc limit 20`,
		sub.StudioID, sub.SubjectID).Scan(&list).Error
	return list, err
}

// actionsInStudio lists what the studio answers for.
func actionsInStudio(ctx context.Context, r db.Reader, studioID uuid.UUID, from Place, limit int) ([]Action, error) {
	return actionsPage(ctx, r, "studio_id = ? and author_id = ?", []any{studioID, uuid.Nil}, from, limit)
}

func actionsOfAuthor(ctx context.Context, r db.Reader, userID uuid.UUID, from Place, limit int) ([]Action, error) {
	return actionsPage(ctx, r, "author_id = ?", []any{userID}, from, limit)
}

func actionsPage(ctx context.Context, r db.Reader, where string, args []any, from Place, limit int) (list []Action, err error) {
	if from.ID != uuid.Nil {
		where, args = where+" and (acted_at, id) < (?, ?)", append(args, from.At, from.ID)
	}
	err = r.SQL(ctx).Raw(`select `+actionColumns+` from moderation_actions where `+where+` order by acted_at desc, id desc limit ?`, append(args, limit)...).Scan(&list).Error
	return list, err
}

// insertAppeal says whether it is the first answer to the action.
func insertAppeal(tx db.Tx, a Action, form Answer) (first bool, err error) {
	res := tx.SQL().Exec(`insert into appeals (action_id, studio_id, by_id, words, at) values (?, ?, ?, ?, ?) on conflict do nothing`,
		a.ID, a.StudioID, form.UserID, form.Words, tx.Now())
	return res.RowsAffected == 1, res.Error
}

func appealOf(ctx context.Context, r db.Reader, studioID, actionID uuid.UUID) (Appeal, error) {
	return db.One[Appeal](r.SQL(ctx).Raw(`select `+appealColumns+` from appeals where studio_id = ? and action_id = ?`, studioID, actionID))
}

func appealsOf(ctx context.Context, r db.Reader, actions []Action) (found map[uuid.UUID]Appeal, err error) {
	ids := make([]uuid.UUID, len(actions))
	for i, a := range actions {
		ids[i] = a.ID
	}
	var rows []Appeal
	err = r.SQL(ctx).Raw(`select `+appealColumns+` from appeals where action_id in ?`, ids).Scan(&rows).Error
	found = make(map[uuid.UUID]Appeal, len(rows))
	for _, a := range rows {
		found[a.ActionID] = a
	}
	return found, err
}

func holdAppeal(tx db.Tx, actionID uuid.UUID) (Appeal, error) {
	return db.One[Appeal](tx.SQL().Raw(`select `+appealColumns+` from appeals where action_id = ? for update`, actionID))
}

func decideAppeal(tx db.Tx, actionID uuid.UUID, form Ruling) error {
	return tx.SQL().Exec(`update appeals set outcome = ?, answer = ?, answered_by = ?, answered_at = ? where action_id = ?`,
		form.Outcome, form.Reason, form.Moderator, tx.Now(), actionID).Error
}

func waitingAppeals(ctx context.Context, r db.Reader, from Place, limit int) (list []Appeal, err error) {
	where, args := "", []any{}
	if from.ID != uuid.Nil {
		where, args = " and (at, action_id) > (?, ?)", []any{from.At, from.ID}
	}
	err = r.SQL(ctx).Raw(`select `+appealColumns+` from appeals where outcome = 'waiting'`+where+` order by at, action_id limit ?`, append(args, limit)...).Scan(&list).Error
	return list, err
}
