package engagement

import (
	"database/sql"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

// insertPerson makes sure of the row, and holds it.
func insertPerson(tx db.Tx, userID uuid.UUID, name string) error {
	return tx.SQL().Exec(`insert into commenters (user_id, name) values (?, ?) on conflict (user_id) do update set name = commenters.name`, userID, name).Error
}

func updatePerson(tx db.Tx, userID uuid.UUID, name string, shut bool) (changed bool, err error) {
	res := tx.SQL().Exec(`update commenters set name = ?, shut = ? where user_id = ? and (name, shut) <> (?, ?)`, name, shut, userID, name, shut)
	return res.RowsAffected > 0, res.Error
}

// spokenBelow gives the works below which a person wrote something.
func spokenBelow(tx db.Tx, userID uuid.UUID) (workIDs []uuid.UUID, err error) {
	err = tx.SQL().Raw(`select distinct work_id from comments where user_id = ?`, userID).Scan(&workIDs).Error
	return workIDs, err
}

// erasePerson gives the works that were liked and the studios that were followed.
func erasePerson(tx db.Tx, userID uuid.UUID) (liked, followed []uuid.UUID, err error) {
	user, now := sql.Named("user", userID), sql.Named("now", tx.Now())
	err = tx.SQL().Raw(`with gone as (delete from likes where user_id = @user returning studio_id, work_id),
		noted as (insert into counter_changes (studio_id, work_id, likes) select studio_id, work_id, -1 from gone)
		select work_id from gone`, user).Scan(&liked).Error
	if err != nil {
		return nil, nil, err
	}
	err = tx.SQL().Raw(`with gone as (delete from follows where user_id = @user returning studio_id),
		noted as (insert into counter_changes (studio_id, followers) select studio_id, -1 from gone)
		select studio_id from gone`, user).Scan(&followed).Error
	if err != nil {
		return nil, nil, err
	}
	for _, statement := range []string{
		`delete from bookmarks where user_id = @user`,
		`insert into counter_changes (studio_id, work_id, comments)
			select studio_id, work_id, -1 from comments where user_id = @user and deleted_at is null and not hidden`,
		// Replies first: the places above them may go then.
		`delete from comments where user_id = @user and parent_id is not null`,
		`delete from comments c where c.user_id = @user and not exists (select from comments r where r.parent_id = c.id)`,
		`update comments set user_id = '00000000-0000-0000-0000-000000000000', body = '', deleted_at = coalesce(deleted_at, @now), version = version + 1
			where user_id = @user`,
		`delete from commenters where user_id = @user`,
	} {
		if err := tx.SQL().Exec(statement, user, now).Error; err != nil {
			return nil, nil, err
		}
	}
	return liked, followed, nil
}

func eraseStudio(tx db.Tx, studioID uuid.UUID) error {
	return tx.SQL().Exec(`delete from counter_changes where studio_id = ?`, studioID).Error
}
