package engagement

import (
	"database/sql"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
	"vitrine/app/works"
)

// A mark, its counter's row and the change of the counter are one statement: the
// change is written if and only if the mark was not there.

func insertLike(tx db.Tx, userID uuid.UUID, w works.Work) (made bool, err error) {
	return changed(tx, `
		with made as (insert into likes (work_id, user_id, studio_id, created_at) values (@work, @user, @studio, @now) on conflict do nothing returning work_id),
		counter as (insert into work_counters (work_id, studio_id) select work_id, @studio from made on conflict do nothing),
		noted as (insert into counter_changes (studio_id, work_id, likes) select @studio, work_id, 1 from made)
		select exists (select from made)`, onWorkArgs(tx, userID, w)...)
}

func deleteLike(tx db.Tx, userID uuid.UUID, w works.Work) (gone bool, err error) {
	return changed(tx, `
		with gone as (delete from likes where work_id = @work and user_id = @user returning work_id),
		noted as (insert into counter_changes (studio_id, work_id, likes) select @studio, work_id, -1 from gone)
		select exists (select from gone)`, onWorkArgs(tx, userID, w)...)
}

func onWorkArgs(tx db.Tx, userID uuid.UUID, w works.Work) []any {
	return []any{sql.Named("work", w.ID), sql.Named("user", userID), sql.Named("studio", w.StudioID), sql.Named("now", tx.Now())}
}

func changed(tx db.Tx, statement string, args ...any) (did bool, err error) {
	err = tx.SQL().Raw(statement, args...).Scan(&did).Error
	return did, err
}

func insertBookmark(tx db.Tx, userID uuid.UUID, w works.Work) error {
	return tx.SQL().Exec(`insert into bookmarks (user_id, work_id, studio_id, created_at) values (?, ?, ?, ?) on conflict do nothing`,
		userID, w.ID, w.StudioID, tx.Now()).Error
}

func deleteBookmark(tx db.Tx, userID uuid.UUID, w works.Work) error {
	return tx.SQL().Exec(`delete from bookmarks where user_id = ? and work_id = ?`, userID, w.ID).Error
}

func insertFollow(tx db.Tx, userID, studioID uuid.UUID) (made bool, err error) {
	return changed(tx, `
		with made as (insert into follows (user_id, studio_id, created_at) values (@user, @studio, @now) on conflict do nothing returning studio_id),
		counter as (insert into studio_counters (studio_id) select studio_id from made on conflict do nothing),
		noted as (insert into counter_changes (studio_id, followers) select studio_id, 1 from made)
		select exists (select from made)`, sql.Named("user", userID), sql.Named("studio", studioID), sql.Named("now", tx.Now()))
}

func deleteFollow(tx db.Tx, userID, studioID uuid.UUID) (gone bool, err error) {
	return changed(tx, `
		with gone as (delete from follows where user_id = @user and studio_id = @studio returning studio_id),
		noted as (insert into counter_changes (studio_id, followers) select studio_id, -1 from gone)
		select exists (select from gone)`, sql.Named("user", userID), sql.Named("studio", studioID))
}
