package audit

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

// somebody is who stands in the entries of others in the place of a person who
// has left.
var somebody = "user:" + uuid.Nil.String()

// Erase takes a person out of all entries. What they did to themselves goes;
// what they did in studios of others, and what administrators did to them,
// stays without their id, and without the note if that names them. It needs the
// worker's role.
func Erase(_ context.Context, tx db.Tx, userID uuid.UUID, name string) error {
	me := Subject("user", userID)
	if err := tx.SQL().Exec(`delete from audit where actor_id = ? and (subject = '' or subject = ?)`, userID, me).Error; err != nil {
		return err
	}
	for _, table := range []string{"audit", "studio_audit"} {
		if err := tx.SQL().Exec(`update `+table+` set
			actor_id = case when actor_id = ? then cast(? as uuid) else actor_id end,
			subject = case when subject = ? then ? else subject end,
			note = case when strpos(note, ?) > 0 or strpos(note, ?) > 0 then '' else note end
			where actor_id = ? or subject = ?`, userID, uuid.Nil, me, somebody, name, userID.String(), userID, me).Error; err != nil {
			return err
		}
	}
	return nil
}

// EraseStudio takes a studio that is gone out of what administrators did to it.
// Its own entries went with its row. It needs the worker's role.
func EraseStudio(_ context.Context, tx db.Tx, studioID uuid.UUID, name string) error {
	me := Subject("studio", studioID)
	return tx.SQL().Exec(`update audit set subject = 'studio:' || ?, note = case when strpos(note, ?) > 0 then '' else note end where subject = ?`,
		uuid.Nil.String(), name, me).Error
}
