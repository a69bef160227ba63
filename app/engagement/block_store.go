package engagement

import (
	"context"
	"database/sql"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

// insertShun says whether it was not there.
func insertShun(tx db.Tx, userID uuid.UUID, how Shun, subjectID uuid.UUID) (made bool, err error) {
	if how == Block {
		res := tx.SQL().Exec(`insert into blocks (blocker_id, blocked_id, created_at) values (?, ?, ?) on conflict do nothing`, userID, subjectID, tx.Now())
		return res.RowsAffected == 1, res.Error
	}
	res := tx.SQL().Exec(`insert into mutes (user_id, kind, subject_id, created_at) values (?, ?, ?, ?) on conflict do nothing`, userID, how.kind(), subjectID, tx.Now())
	return res.RowsAffected == 1, res.Error
}

func deleteShun(tx db.Tx, userID uuid.UUID, how Shun, subjectID uuid.UUID) error {
	if how == Block {
		return tx.SQL().Exec(`delete from blocks where blocker_id = ? and blocked_id = ?`, userID, subjectID).Error
	}
	return tx.SQL().Exec(`delete from mutes where user_id = ? and kind = ? and subject_id = ?`, userID, how.kind(), subjectID).Error
}

func countShunned(tx db.Tx, userID uuid.UUID, how Shun) (n int, err error) {
	if how == Block {
		err = tx.SQL().Raw(`select count(*) from blocks where blocker_id = ?`, userID).Scan(&n).Error
	} else {
		err = tx.SQL().Raw(`select count(*) from mutes where user_id = ? and kind = ?`, userID, how.kind()).Scan(&n).Error
	}
	return n, err
}

// shunnedBy reads a page of each table by its index; the outer order has two
// pages to sort.
func shunnedBy(ctx context.Context, r db.Reader, userID uuid.UUID, from ShunPlace, limit int) (list []Shunned, err error) {
	blocks, mutes := "", ""
	if from.ID != uuid.Nil {
		blocks, mutes = " and (created_at, blocked_id) < (@at, @id)", " and (created_at, subject_id) < (@at, @id)"
	}
	err = r.SQL(ctx).Raw(`select * from (
		(select 'block' as how, blocked_id as subject_id, created_at from blocks where blocker_id = @me`+blocks+` order by created_at desc, blocked_id desc limit @limit)
		union all
		(select 'mute_' || kind, subject_id, created_at from mutes where user_id = @me`+mutes+` order by created_at desc, subject_id desc limit @limit)) s
		order by created_at desc, subject_id desc limit @limit`,
		sql.Named("me", userID), sql.Named("at", from.At), sql.Named("id", from.ID), sql.Named("limit", limit)).Scan(&list).Error
	return list, err
}

func deafAmong(ctx context.Context, r db.Reader, memberIDs []uuid.UUID, actorID, studioID uuid.UUID) (ids []uuid.UUID, err error) {
	err = r.SQL(ctx).Raw(`select user_id from mutes where user_id in @members and kind = 'studio' and subject_id = @studio
		union select user_id from mutes where user_id in @members and kind = 'person' and subject_id = @actor
		union select blocker_id from blocks where blocker_id in @members and blocked_id = @actor
		union select blocked_id from blocks where blocker_id = @actor and blocked_id in @members`,
		sql.Named("members", memberIDs), sql.Named("studio", studioID), sql.Named("actor", actorID)).Scan(&ids).Error
	return ids, err
}

// blockersOf gives those who have blocked a person.
func blockersOf(tx db.Tx, userID uuid.UUID) (ids []uuid.UUID, err error) {
	err = tx.SQL().Raw(`select blocker_id from blocks where blocked_id = ?`, userID).Scan(&ids).Error
	return ids, err
}

// isApart tells whether a person and the author of a comment are.
func isApart(tx db.Tx, userID uuid.UUID, comment string) (apart bool, err error) {
	err = tx.SQL().Raw(`select exists (select from comments c join blocks b
		on (b.blocker_id = @me and b.blocked_id = c.user_id) or (b.blocker_id = c.user_id and b.blocked_id = @me) where c.public_id = @comment)`,
		sql.Named("me", userID), sql.Named("comment", comment)).Scan(&apart).Error
	return apart, err
}

// holdBlock tells whether a block stands, and keeps it until the end.
func holdBlock(tx db.Tx, blockerID, blockedID uuid.UUID) (stands bool, err error) {
	err = tx.SQL().Raw(`select exists (select from blocks where blocker_id = ? and blocked_id = ? for share)`, blockerID, blockedID).Scan(&stands).Error
	return stands, err
}

// deleteFollows ends what a person follows of some studios, and counts it.
func deleteFollows(tx db.Tx, userID uuid.UUID, studioIDs []uuid.UUID) (left []uuid.UUID, err error) {
	err = tx.SQL().Raw(`
		with gone as (delete from follows where user_id = ? and studio_id = any(cast(? as uuid[])) returning studio_id),
		noted as (insert into counter_changes (studio_id, followers) select studio_id, -1 from gone)
		select studio_id from gone`, userID, db.Array(studioIDs)).Scan(&left).Error
	return left, err
}

// liked is a like of a work.
type liked struct{ WorkID, StudioID uuid.UUID }

// deleteLikes takes back likes of a person in some studios, and counts it.
func deleteLikes(tx db.Tx, userID uuid.UUID, studioIDs []uuid.UUID, limit int) (unliked []liked, err error) {
	err = tx.SQL().Raw(`
		with gone as (delete from likes where user_id = @user and work_id in (
				select work_id from likes where user_id = @user and studio_id = any(cast(@studios as uuid[])) order by created_at desc, work_id desc limit @limit)
			returning work_id, studio_id),
		noted as (insert into counter_changes (studio_id, work_id, likes) select studio_id, work_id, -1 from gone)
		select work_id, studio_id from gone`,
		sql.Named("user", userID), sql.Named("studios", db.Array(studioIDs)), sql.Named("limit", limit)).Scan(&unliked).Error
	return unliked, err
}
