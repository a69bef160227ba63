package links

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/works"
)

const columns = `l.id, l.studio_id, l.work_id, l.collection_id, l.note, l.password, l.expires_at, l.revoked_at, l.used_at, l.created_by, l.created_at`

// opened is a link as it is found by its address.
type opened struct {
	Link     `gorm:"embedded"`
	PublicID string // of the work
	Hidden   bool   // the work or the collection is
}

// studioOf asks behind the policies which studio holds a link.
func studioOf(ctx context.Context, r db.Reader, hash []byte) (uuid.UUID, error) {
	var row struct{ Studio uuid.NullUUID }
	if err := r.SQL(ctx).Raw(`select shared_studio(@link) as studio`, sql.Named("link", hash)).Scan(&row).Error; err != nil {
		return uuid.Nil, err
	}
	if !row.Studio.Valid {
		return uuid.Nil, fault.New(fault.NotFound, noLink)
	}
	return row.Studio.UUID, nil
}

func linkByHash(ctx context.Context, r db.Reader, studioID uuid.UUID, hash []byte) (opened, error) {
	row, err := db.One[opened](r.SQL(ctx).Raw(`select `+columns+`, coalesce(w.public_id, '') as public_id, coalesce(w.hidden, c.hidden, false) as hidden
		from share_links l left join works w on w.studio_id = l.studio_id and w.id = l.work_id
		left join collections c on c.studio_id = l.studio_id and c.id = l.collection_id where l.studio_id = ? and l.hash = ?`, studioID, hash))
	if db.NotFound(err) {
		return row, fault.New(fault.NotFound, noLink)
	}
	return row, err
}

func linkByID(tx db.Tx, studioID, linkID uuid.UUID) (Link, error) {
	l, err := db.One[Link](tx.SQL().Raw(`select `+columns+` from share_links l where l.studio_id = ? and l.id = ? for update`, studioID, linkID))
	if db.NotFound(err) {
		return l, fault.New(fault.NotFound, "There is no such link any more. Open the list again.")
	}
	return l, err
}

// target finds what a new link leads to.
func target(tx db.Tx, studioID uuid.UUID, w Wish) (workID, collectionID *uuid.UUID, err error) {
	table, publicID := "works", w.Work
	if w.Collection != "" {
		table, publicID = "collections", w.Collection
	}
	found, err := db.One[struct{ ID uuid.UUID }](tx.SQL().Raw(`select id from `+table+` where studio_id = ? and public_id = ?`, studioID, publicID))
	switch {
	case db.NotFound(err):
		return nil, nil, fault.New(fault.NotFound, "What the link should lead to is not here any more.")
	case err != nil:
		return nil, nil, err
	case w.Collection != "":
		return nil, &found.ID, nil
	}
	return &found.ID, nil, nil
}

func countLive(tx db.Tx, studioID uuid.UUID) (n int, err error) {
	err = tx.SQL().Raw(`select count(*) from share_links where studio_id = ? and revoked_at is null and (expires_at is null or expires_at > ?)`, studioID, tx.Now()).Scan(&n).Error
	return n, err
}

func insert(tx db.Tx, l Link, hash []byte) error {
	return tx.SQL().Exec(`insert into share_links (id, studio_id, hash, work_id, collection_id, note, password, expires_at, created_by, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		l.ID, l.StudioID, hash, l.WorkID, l.CollectionID, l.Note, l.Password, l.ExpiresAt, l.CreatedBy, l.CreatedAt).Error
}

func revoke(tx db.Tx, l Link) error {
	return tx.SQL().Exec(`update share_links set revoked_at = ? where studio_id = ? and id = ? and revoked_at is null`, tx.Now(), l.StudioID, l.ID).Error
}

func used(tx db.Tx, l Link) error {
	return tx.SQL().Exec(`update share_links set used_at = ? where studio_id = ? and id = ? and (used_at is null or used_at < ?)`,
		tx.Now(), l.StudioID, l.ID, tx.Now().Add(-usedEvery)).Error
}

func listed(ctx context.Context, r db.Reader, studioID uuid.UUID, from works.Cursor, limit int) (list []Listed, next works.Cursor, err error) {
	where, args := "", []any{studioID}
	if from.ID != uuid.Nil {
		where, args = " and (l.created_at, l.id) < (?, ?)", append(args, from.At, from.ID)
	}
	err = r.SQL(ctx).Raw(`select `+columns+`, coalesce(w.public_id, c.public_id) as public_id, coalesce(w.title, c.title) as title, coalesce(w.lang, '') as lang, coalesce(w.state, '') as state
		from share_links l left join works w on w.studio_id = l.studio_id and w.id = l.work_id
		left join collections c on c.studio_id = l.studio_id and c.id = l.collection_id
		where l.studio_id = ?`+where+` order by l.created_at desc, l.id desc limit ?`, append(args, limit+1)...).Scan(&list).Error
	if len(list) > limit {
		list = list[:limit]
		next = works.Cursor{At: list[limit-1].CreatedAt, ID: list[limit-1].ID}
	}
	return list, next, err
}

// liveOf are the links to a work that have not ended.
func liveOf(ctx context.Context, r db.Reader, studioID, workID uuid.UUID, now time.Time, limit int) (list []Link, err error) {
	err = r.SQL(ctx).Raw(`select `+columns+` from share_links l where l.studio_id = ? and l.work_id = ? and l.revoked_at is null and (l.expires_at is null or l.expires_at > ?)
		order by l.created_at desc, l.id desc limit ?`, studioID, workID, now, limit).Scan(&list).Error
	return list, err
}

func holds(ctx context.Context, r db.Reader, collectionID, workID uuid.UUID) (found bool, err error) {
	err = r.SQL(ctx).Raw(`select exists (select from collection_works where collection_id = ? and work_id = ?)`, collectionID, workID).Scan(&found).Error
	return found, err
}

// shows tells whether a file is in a work that the link shows.
func shows(ctx context.Context, r db.Reader, l Link, mediaID uuid.UUID) (found bool, err error) {
	err = r.SQL(ctx).Raw(`select exists (select from work_media m join works w on w.studio_id = m.studio_id and w.id = m.work_id
		where m.studio_id = ? and m.media_id = ? and not w.hidden
			and (w.id = ? or exists (select from collection_works c where c.collection_id = ? and c.work_id = w.id)))`, l.StudioID, mediaID, l.WorkID, l.CollectionID).Scan(&found).Error
	return found, err
}

// perState is how many works of each state a form offers.
const perState = 15

func targets(ctx context.Context, r db.Reader, studioID uuid.UUID, publicID string) (list []Target, err error) {
	err = r.SQL(ctx).Raw(`(select public_id, title, '' as state from collections where studio_id = @studio order by created_at desc, id desc)
		union all
		(select public_id, title, state from works where studio_id = @studio and public_id = @chosen)
		union all
		(select w.public_id, w.title, w.state from unnest(array['draft', 'scheduled', 'unlisted', 'published']) with ordinality s (state, n)
			cross join lateral (select * from works where studio_id = @studio and state = s.state and public_id <> @chosen order by updated_at desc, id desc limit @most) w
			order by s.n, w.updated_at desc, w.id desc)`,
		sql.Named("studio", studioID), sql.Named("chosen", publicID), sql.Named("most", perState)).Scan(&list).Error
	return list, err
}
