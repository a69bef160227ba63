package moderation

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

const columns = "id, studio_id, work_id, asked_by, round, state, score, findings, asked_at, decided_at, decided_by, note"

func reviewByID(ctx context.Context, r db.Reader, reviewID uuid.UUID) (Review, error) {
	return db.One[Review](r.SQL(ctx).Raw("select "+columns+" from reviews where id = ?", reviewID))
}

// holdReview reads a review and keeps other decisions waiting.
func holdReview(tx db.Tx, reviewID uuid.UUID) (Review, error) {
	return db.One[Review](tx.SQL().Raw("select "+columns+" from reviews where id = ? for update", reviewID))
}

func latestOf(ctx context.Context, r db.Reader, studioID, workID uuid.UUID) (Review, error) {
	return db.One[Review](r.SQL(ctx).Raw("select "+columns+" from reviews where studio_id = ? and work_id = ? order by asked_at desc, id desc limit 1", studioID, workID))
}

// approvedIn gives what moderators have seen and approved in a work.
func approvedIn(ctx context.Context, r db.Reader, studioID, workID uuid.UUID) (all []Finding, err error) {
	var rows []struct{ Findings findings }
	err = r.SQL(ctx).Raw("select findings from reviews where studio_id = ? and work_id = ? and state = 'approved'", studioID, workID).Scan(&rows).Error
	for _, row := range rows {
		all = append(all, row.Findings...)
	}
	return all, err
}

// earlierOf lists the other reviews of the work, the newest first.
func earlierOf(ctx context.Context, r db.Reader, of Review) (out []Review, err error) {
	err = r.SQL(ctx).Raw("select "+columns+" from reviews where studio_id = ? and work_id = ? and id <> ? and state <> 'withdrawn' order by asked_at desc, id desc limit 10",
		of.StudioID, of.WorkID, of.ID).Scan(&out).Error
	return out, err
}

func insertReview(tx db.Tx, r Review) error {
	return tx.SQL().Exec(`insert into reviews (id, studio_id, work_id, asked_by, round, score, findings, asked_at) values (?, ?, ?, ?, ?, ?, cast(? as jsonb), ?)`,
		r.ID, r.StudioID, r.WorkID, r.AskedBy, r.Round, r.Score, r.Findings.text(), tx.Now()).Error
}

// refresh writes what the words of a work that waits look like by now.
func refresh(tx db.Tx, reviewID uuid.UUID, found findings, score int) error {
	return tx.SQL().Exec(`update reviews set score = ?, findings = cast(? as jsonb) where id = ? and state = 'waiting'`, score, found.text(), reviewID).Error
}

func updateReview(tx db.Tx, r Review) error {
	return tx.SQL().Exec(`update reviews set state = ?, decided_at = ?, decided_by = ?, note = ? where id = ?`, r.State, r.DecidedAt, r.DecidedBy, r.Note, r.ID).Error
}

func withdraw(tx db.Tx, studioID, workID uuid.UUID) error {
	return tx.SQL().Exec(`update reviews set state = 'withdrawn' where studio_id = ? and work_id = ? and state = 'waiting'`, studioID, workID).Error
}

func waitingPage(ctx context.Context, r db.Reader, from Place, limit int) (out []Review, err error) {
	where, args := "", []any{}
	if from.ID != uuid.Nil {
		where, args = " and (asked_at, id) > (?, ?)", []any{from.At, from.ID}
	}
	err = r.SQL(ctx).Raw("select "+columns+" from reviews where state = 'waiting'"+where+" order by asked_at, id limit ?", append(args, limit)...).Scan(&out).Error
	return out, err
}

func decidedPage(ctx context.Context, r db.Reader, from Place, limit int) (out []Review, err error) {
	where, args := "", []any{}
	if from.ID != uuid.Nil {
		where, args = " and (decided_at, id) < (?, ?)", []any{from.At, from.ID}
	}
	err = r.SQL(ctx).Raw("select "+columns+" from reviews where state in ('approved', 'refused')"+where+" order by decided_at desc, id desc limit ?", append(args, limit)...).Scan(&out).Error
	return out, err
}

func countWaiting(ctx context.Context, r db.Reader) (n int, err error) {
	err = r.SQL(ctx).Raw("select count(*) from reviews where state = 'waiting'").Scan(&n).Error
	return n, err
}

// anyReview tells whether moderators were asked about one of the works, and may
// still have to look: a question that was taken back is none.
func anyReview(ctx context.Context, r db.Reader, studioID uuid.UUID, workIDs []uuid.UUID) (ok bool, err error) {
	err = r.SQL(ctx).Raw("select exists (select from reviews where studio_id = ? and work_id in ? and state <> 'withdrawn')", studioID, workIDs).Scan(&ok).Error
	return ok, err
}

// leavePrint remembers who wrote a text and counts the others who did since.
func leavePrint(tx db.Tx, hash []byte, userID uuid.UUID, since time.Time) (others int, err error) {
	if err := tx.SQL().Exec(`insert into post_prints (user_id, hash, at) values (?, ?, ?) on conflict do nothing`, userID, hash, tx.Now()).Error; err != nil {
		return 0, err
	}
	err = tx.SQL().Raw(`select count(*) from (select from post_prints where hash = ? and user_id <> ? and at > ? limit 20) o`, hash, userID, since).Scan(&others).Error
	return others, err
}

func forgetPrints(tx db.Tx, before time.Time) (int64, error) {
	res := tx.SQL().Exec(`delete from post_prints where (hash, user_id) in (select hash, user_id from post_prints where at < ? limit 5000)`, before)
	return res.RowsAffected, res.Error
}
