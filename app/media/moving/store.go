package moving

import (
	"context"
	"database/sql"

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

// rename makes a row name another store, if it still names the object and the
// store that were read. needed tells whether any row names the object at all,
// wherever: then nobody may remove it.
func rename(ctx context.Context, d *db.DB, o object, to string) (changed, needed bool, err error) {
	err = d.Tenant(ctx, o.StudioID, func(tx db.Tx) error {
		q, look := `update media set store = @to where id = @media and store = @from and deleted_at is null and state not in ('checking', 'processing')`,
			`select exists (select from media where id = @media)`
		if o.Name != "" {
			q, look = `update renditions set store = @to where media_id = @media and name = @name and key = @key and store = @from`,
				`select exists (select from renditions where key = @key)` // rarely asked: no index is kept for it
		}
		args := []any{sql.Named("to", to), sql.Named("media", o.MediaID), sql.Named("name", o.Name), sql.Named("key", o.Key), sql.Named("from", o.Store)}
		res := tx.SQL().Exec(q, args...)
		if changed = res.RowsAffected == 1; res.Error != nil || changed {
			return res.Error
		}
		return tx.SQL().Raw(look, args...).Scan(&needed).Error
	})
	return changed, needed, err
}
