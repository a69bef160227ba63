package closing

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// one reads the first row; NotFound when there is none.
func one[T any](ctx context.Context, r db.Reader, query string, args ...any) (row T, err error) {
	res := r.SQL(ctx).Raw(query, args...).Scan(&row)
	if res.Error == nil && res.RowsAffected == 0 {
		return row, fault.New(fault.NotFound, "This person is not here any more.")
	}
	return row, res.Error
}

// closingBatch is how many accounts one round tells or lists.
const closingBatch = 200

func closingOf(ctx context.Context, r db.Reader, userID uuid.UUID) (*time.Time, error) {
	row, err := one[struct{ ClosingAt *time.Time }](ctx, r, `select closing_at from users where id = ?`, userID)
	return row.ClosingAt, err
}

// holdAdmins locks every administrator, tells whether the person is one, and
// counts the others who stay.
func holdAdmins(tx db.Tx, userID uuid.UUID) (runs bool, others int, err error) {
	var list []struct {
		ID    uuid.UUID
		Stays bool
	}
	err = tx.SQL().Raw(`select id, closing_at is null and suspended_at is null as stays from users where admin order by id for update`).Scan(&list).Error
	for _, a := range list {
		if a.ID == userID {
			runs = true
		} else if a.Stays {
			others++
		}
	}
	return runs, others, err
}

func setClosing(tx db.Tx, userID uuid.UUID, at time.Time) (began bool, err error) {
	res := tx.SQL().Exec(`update users set closing_asked_at = ?, closing_at = ?, closing_warned_at = null, updated_at = ?, version = version + 1
		where id = ? and closing_at is null`, tx.Now(), at, tx.Now(), userID)
	return res.RowsAffected == 1, res.Error
}

func clearClosing(tx db.Tx, userID uuid.UUID) (kept bool, err error) {
	res := tx.SQL().Exec(`update users set closing_asked_at = null, closing_at = null, closing_warned_at = null, updated_at = ?, version = version + 1
		where id = ? and closing_at is not null`, tx.Now(), userID)
	return res.RowsAffected == 1, res.Error
}

func warnClosing(tx db.Tx, until time.Time) (list []Asked, err error) {
	err = tx.SQL().Raw(`update users set closing_warned_at = ? where id in (
			select id from users where closing_at <= ? and closing_warned_at is null order by closing_at limit ?)
		returning id as user_id, closing_at as at`, tx.Now(), until, closingBatch).Scan(&list).Error
	return list, err
}

func due(ctx context.Context, r db.Reader, now time.Time, limit int) (ids []uuid.UUID, err error) {
	err = r.SQL(ctx).Raw(`select id from users where closing_at <= ? order by closing_at limit ?`, now, limit).Scan(&ids).Error
	return ids, err
}

func erasureOf(ctx context.Context, r db.Reader, userID uuid.UUID, now time.Time) (e Erasure, ok bool, err error) {
	row, err := one[struct{ Name string }](ctx, r, `select name from users where id = ? and closing_at <= ?`, userID, now)
	if fault.Is(err, fault.NotFound) {
		return e, false, nil
	}
	if err != nil {
		return e, false, err
	}
	e = Erasure{UserID: userID, Name: row.Name}
	e.Keys, err = keysOf(ctx, r, userID)
	return e, err == nil, err
}

// keysOf leaves out addresses that were only wished for: they may be anybody's.
func keysOf(ctx context.Context, r db.Reader, userID uuid.UUID) (keys []string, err error) {
	err = r.SQL(ctx).Raw(`select email_key from users where id = ? union select old_key from address_changes where user_id = ?`, userID, userID).Scan(&keys).Error
	return keys, err
}

func eraseUser(ctx context.Context, tx db.Tx, of Erasure) (erased bool, err error) {
	res := tx.SQL().Exec(`delete from users where id = ? and closing_at <= ?`, of.UserID, tx.Now())
	if res.Error != nil {
		return false, res.Error
	}
	if res.RowsAffected == 0 {
		if _, err := closingOf(ctx, tx.Reader(), of.UserID); fault.Is(err, fault.NotFound) {
			return false, nil
		}
		return false, fault.New(fault.Conflict, "The account is kept after all.")
	}
	if err := tx.SQL().Exec(`delete from throttles where strpos(bucket, ?) > 0`, of.UserID.String()).Error; err != nil {
		return false, err
	}
	return true, tx.SQL().Exec(`delete from signups where email_key in ?`, of.Keys).Error
}

func exported(ctx context.Context, r db.Reader, userID uuid.UUID) (a Account, sessions []Session, tokens []Token, err error) {
	a, err = one[Account](ctx, r, `select u.id, u.email, u.name, u.admin, u.verified_at, u.created_at, u.password_set_at, u.closing_at,
		(select confirmed_at from second_factors f where f.user_id = u.id) as second_factor_at from users u where u.id = ?`, userID)
	if err != nil {
		return a, nil, nil, err
	}
	a.FormerAddresses = []string{}
	if err := r.SQL(ctx).Raw(`select distinct old_email from address_changes where user_id = ? and confirmed_at is not null and old_email <> ? order by 1`,
		userID, a.Email).Scan(&a.FormerAddresses).Error; err != nil {
		return a, nil, nil, err
	}
	if err := r.SQL(ctx).Raw(`select device, created_at, seen_at, expires_at from sessions where user_id = ? order by created_at, id`, userID).Scan(&sessions).Error; err != nil {
		return a, nil, nil, err
	}
	err = r.SQL(ctx).Raw(`select public_id, name, scopes, studio_id, created_at, expires_at, used_at from api_tokens where user_id = ? order by created_at, id`, userID).Scan(&tokens).Error
	return a, sessions, tokens, err
}
