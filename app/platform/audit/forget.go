package audit

import (
	"context"
	"time"

	"vitrine/app/platform/db"
)

// Keep is how long entries are kept.
const Keep = 2 * 365 * 24 * time.Hour

// forgetBatch is how many entries of each table one call of Forget removes.
const forgetBatch = 2500

// Forget removes entries older than Keep, a batch of them, and says how many; the
// retention job repeats it until none are left. Ids grow with time, so the oldest
// entries are the first of the table.
func Forget(_ context.Context, tx db.Tx) (int64, error) {
	var total int64
	for _, table := range []string{"audit", "studio_audit"} {
		res := tx.SQL().Exec(`delete from `+table+` where id in (
			select id from (select id, at from `+table+` order by id limit ?) oldest where at < ?)`, forgetBatch, tx.Now().Add(-Keep))
		if res.Error != nil {
			return total, res.Error
		}
		total += res.RowsAffected
	}
	return total, nil
}
