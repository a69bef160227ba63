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

func updatePerson(tx db.Tx, userID uuid.UUID, name string, shut bool) error {
	return tx.SQL().Exec(`update commenters set name = ?, shut = ? where user_id = ? and (name, shut) <> (?, ?)`, name, shut, userID, name, shut).Error
}

func erasePerson(tx db.Tx, userID uuid.UUID) error {
	user, now := sql.Named("user", userID), sql.Named("now", tx.Now())
	for _, statement := range []string{
		`with gone as (delete from likes where user_id = @user returning studio_id, work_id)
			insert into counter_changes (studio_id, work_id, likes) select studio_id, work_id, -1 from gone`,
		`with gone as (delete from follows where user_id = @user returning studio_id)
			insert into counter_changes (studio_id, followers) select studio_id, -1 from gone`,
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
			return err
		}
	}
	return nil
}

func eraseStudio(tx db.Tx, studioID uuid.UUID) error {
	return tx.SQL().Exec(`delete from counter_changes where studio_id = ?`, studioID).Error
}
