package moving

import (
	"context"

	"vitrine/app/platform/db"
)

// originalsAfter reads on in the order of ids; the primary key is its index.
func originalsAfter(ctx context.Context, r db.Reader, last object) (list []object, err error) {
	err = r.SQL(ctx).Raw(`select id as media_id, studio_id, state, 'original/' || id as key, store, bytes, sha256
		from media where id > ? and deleted_at is null order by id limit ?`, last.MediaID, batch).Scan(&list).Error
	return list, err
}

// renditionsAfter reads on in the order of the primary key.
func renditionsAfter(ctx context.Context, r db.Reader, last object) (list []object, err error) {
	err = r.SQL(ctx).Raw(`select media_id, studio_id, name, key, store, bytes, sha256
		from renditions where (media_id, name) > (?, ?) order by media_id, name limit ?`, last.MediaID, last.Name, batch).Scan(&list).Error
	return list, err
}

// rename makes a row name another store, if it still names the one that was
// read, and tells whether there is such a row at all.
func rename(ctx context.Context, d *db.DB, o object, to string) (changed, there bool, err error) {
	err = d.Tenant(ctx, o.StudioID, func(tx db.Tx) error {
		q, look := `update media set store = ? where id = ? and ? = '' and store = ? and deleted_at is null and state not in ('checking', 'processing')`,
			`select exists (select from media where id = ? and ? = '')`
		if o.Name != "" {
			q, look = `update renditions set store = ? where media_id = ? and name = ? and store = ?`,
				`select exists (select from renditions where media_id = ? and name = ?)`
		}
		res := tx.SQL().Exec(q, to, o.MediaID, o.Name, o.Store)
		if changed = res.RowsAffected == 1; res.Error != nil || changed {
			return res.Error
		}
		return tx.SQL().Raw(look, o.MediaID, o.Name).Scan(&there).Error
	})
	return changed, there, err
}
