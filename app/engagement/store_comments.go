package engagement

import (
	"context"
	"database/sql"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/works"
)

// row is a comment as it is stored.
type row struct {
	ID       uuid.UUID
	PublicID string
	StudioID uuid.UUID
	WorkID   uuid.UUID
	UserID   uuid.UUID
	ParentID *uuid.UUID
	Body     string
	ByMember bool
	Hidden   bool
}

const rowColumns = `id, public_id, studio_id, work_id, user_id, parent_id, body, by_member, hidden`

func studioOfComment(ctx context.Context, r db.Reader, publicID string) (uuid.UUID, error) {
	if !id.ValidPublic(publicID) {
		return uuid.Nil, errNoComment
	}
	found, err := db.One[row](r.SQL(ctx).Raw(`select studio_id from comments where public_id = ? and deleted_at is null`, publicID))
	if db.NotFound(err) {
		return uuid.Nil, errNoComment
	}
	return found.StudioID, err
}

// holdComment keeps everybody else from the comment, and replies from hanging on
// it.
func holdComment(tx db.Tx, studioID uuid.UUID, publicID string) (row, error) {
	c, err := db.One[row](tx.SQL().Raw(`select `+rowColumns+` from comments where studio_id = ? and public_id = ? and deleted_at is null for update`, studioID, publicID))
	if db.NotFound(err) {
		return c, errNoComment
	}
	return c, err
}

// holdParent finds the comment that a reply hangs on and keeps it until the end:
// the one that is named, or the one above it when that is a reply.
func holdParent(tx db.Tx, workID uuid.UUID, publicID string) (*uuid.UUID, error) {
	gone := fault.New(fault.Conflict, "The comment that you reply to is not here any more. What you wrote can stand by itself.")
	if !id.ValidPublic(publicID) {
		return nil, gone
	}
	const live = ` and deleted_at is null and not hidden for share`
	c, err := db.One[row](tx.SQL().Raw(`select `+rowColumns+` from comments where work_id = ? and public_id = ?`+live, workID, publicID))
	if err == nil && c.ParentID != nil {
		// The place above stays as long as this reply hangs on it, whatever
		// became of its words.
		return c.ParentID, nil
	}
	if db.NotFound(err) {
		return nil, gone
	}
	return &c.ID, err
}

func isLocked(tx db.Tx, workID uuid.UUID) (locked bool, err error) {
	err = tx.SQL().Raw(`select exists (select from comment_locks where work_id = ?)`, workID).Scan(&locked).Error
	return locked, err
}

func setLock(tx db.Tx, w works.Work, on bool) error {
	if !on {
		return tx.SQL().Exec(`delete from comment_locks where work_id = ?`, w.ID).Error
	}
	return tx.SQL().Exec(`insert into comment_locks (work_id, studio_id, locked_at) values (?, ?, ?) on conflict do nothing`, w.ID, w.StudioID, tx.Now()).Error
}

// insertComment stores the comment with its author's name and counts it.
func insertComment(tx db.Tx, c row, author string) error {
	return tx.SQL().Exec(`
		with made as (insert into comments (id, public_id, studio_id, work_id, user_id, parent_id, body, by_member, created_at)
			values (@id, @public, @studio, @work, @user, @parent, @body, @member, @now) returning work_id),
		named as (insert into commenters (user_id, name) values (@user, @author) on conflict do nothing),
		counter as (insert into work_counters (work_id, studio_id) select work_id, @studio from made on conflict do nothing)
		insert into counter_changes (studio_id, work_id, comments) select @studio, work_id, 1 from made`,
		sql.Named("id", c.ID), sql.Named("public", c.PublicID), sql.Named("studio", c.StudioID), sql.Named("work", c.WorkID), sql.Named("user", c.UserID),
		sql.Named("parent", c.ParentID), sql.Named("body", c.Body), sql.Named("member", c.ByMember), sql.Named("now", tx.Now()), sql.Named("author", author)).Error
}

func updateBody(tx db.Tx, c row) error {
	return tx.SQL().Exec(`update comments set body = ?, edited_at = ?, version = version + 1 where id = ?`, c.Body, tx.Now(), c.ID).Error
}

// note changes how many comments of a work are shown.
func note(tx db.Tx, c row, by int) error {
	return tx.SQL().Exec(`insert into counter_changes (studio_id, work_id, comments) values (?, ?, ?)`, c.StudioID, c.WorkID, by).Error
}

func hideComment(tx db.Tx, c row, on bool) error {
	if err := tx.SQL().Exec(`update comments set hidden = ?, version = version + 1 where id = ?`, on, c.ID).Error; err != nil {
		return err
	}
	if on {
		return note(tx, c, -1)
	}
	return note(tx, c, 1)
}

// deleteComment removes a comment that is held. One with replies keeps its place;
// a place whose last reply goes, goes too.
func deleteComment(tx db.Tx, c row) error {
	res := tx.SQL().Exec(`delete from comments c where c.id = ? and not exists (select from comments r where r.parent_id = c.id)`, c.ID)
	if res.Error != nil {
		return res.Error
	}
	if res.RowsAffected == 0 {
		err := tx.SQL().Exec(`update comments set body = '', deleted_at = ?, version = version + 1 where id = ?`, tx.Now(), c.ID).Error
		if err != nil {
			return err
		}
	}
	if c.ParentID != nil {
		err := tx.SQL().Exec(`delete from comments c where c.id = ? and c.deleted_at is not null
			and not exists (select from comments r where r.parent_id = c.id)`, *c.ParentID).Error
		if err != nil {
			return err
		}
	}
	if c.Hidden {
		return nil // it is not counted
	}
	return note(tx, c, -1)
}
