package collections

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/works"
)

const columns = `c.id, c.studio_id, c.public_id, c.title, c.slug, c.about, c.wanted, c.hidden, c.shown, c.cover_id, c.created_at, c.updated_at, c.version`

const cardColumns = `w.id, w.studio_id, w.public_id, w.slug, w.title, w.lang, w.sensitive, w.year, w.cover_id, w.cover_alt, w.cover_focal,
	w.media_count, w.published_at, w.updated_at, w.version`

// public repeats the policy's test, so that a handle that sees more shows no more.
const public = ` w.state = 'published' and not w.hidden `

// cover finds the work on the cover of c: the chosen one if it can be seen, else
// the first that can. Nothing that is covered itself is a cover.
func cover(seen string) string {
	one := `select w.cover_id, w.cover_alt, w.cover_focal from works w where w.cover_id is not null and not w.sensitive and ` + seen
	return ` left join lateral (select * from (
		(select 0 as rank, 0 as position, x.* from (` + one + ` and w.studio_id = c.studio_id and w.id = c.cover_id) x)
		union all
		(select 1, m.position, x.* from collection_works m cross join lateral (` + one + ` and w.id = m.work_id) x
			where m.collection_id = c.id order by m.position limit 1)) both_of order by rank limit 1) pic on true `
}

const coverColumns = `, pic.cover_id as pic_media_id, coalesce(pic.cover_alt, '') as pic_alt, coalesce(pic.cover_focal, 0) as pic_focal `

func shown(ctx context.Context, r db.Reader, publicID string) (Collection, int, error) {
	var row struct {
		Collection `gorm:"embedded"`
		Works      int
	}
	err := r.SQL(ctx).Raw(`select `+columns+`, (select count(*) from collection_works m join works w on w.id = m.work_id where m.collection_id = c.id and `+public+`) as works
		from collections c where c.public_id = ? and c.shown`, publicID).Scan(&row).Error
	if err == nil && row.Works == 0 {
		return Collection{}, 0, Gone()
	}
	return row.Collection, row.Works, err
}

func hanging(ctx context.Context, r db.Reader, collectionID uuid.UUID, from, limit int) (cards []works.Card, next int, err error) {
	var rows []struct {
		works.Card `gorm:"embedded"`
		Position   int
	}
	err = r.SQL(ctx).Raw(`select `+cardColumns+`, m.position from collection_works m join works w on w.id = m.work_id
		where m.collection_id = ? and m.position >= ? and `+public+` order by m.position limit ?`, collectionID, from, limit+1).Scan(&rows).Error
	for i, row := range rows {
		if i == limit {
			return cards, row.Position, err
		}
		cards = append(cards, row.Card)
	}
	return cards, 0, err
}

// shelf reads the count in a row of its own, which is there without collections.
func shelf(ctx context.Context, r db.Reader, studioID uuid.UUID, limit int) (list []Listed, count int, err error) {
	var rows []struct {
		Listed `gorm:"embedded"`
		Public int
	}
	err = r.SQL(ctx).Raw(`select n.public, l.* from (select count(*) as public from works w where w.studio_id = @studio and `+public+`) n
		left join lateral (select `+columns+coverColumns+` from collections c `+cover(public)+`
			where c.studio_id = @studio and c.shown and exists (select from collection_works m join works w on w.id = m.work_id where m.collection_id = c.id and `+public+`)
			order by c.created_at desc, c.id desc limit @limit) l on true`, sql.Named("studio", studioID), sql.Named("limit", limit)).Scan(&rows).Error
	for _, row := range rows {
		count = row.Public
		if row.ID != uuid.Nil {
			list = append(list, row.Listed)
		}
	}
	return list, count, err
}

func all(ctx context.Context, r db.Reader, studioID uuid.UUID) (list []Listed, err error) {
	err = r.SQL(ctx).Raw(`select `+columns+coverColumns+`, (select count(*) from collection_works m where m.collection_id = c.id) as works
		from collections c `+cover("true")+` where c.studio_id = ? order by c.created_at desc, c.id desc`, studioID).Scan(&list).Error
	return list, err
}

func own(ctx context.Context, r db.Reader, studioID uuid.UUID, publicID string) (Collection, error) {
	c, err := db.One[Collection](r.SQL(ctx).Raw(`select `+columns+` from collections c where c.studio_id = ? and c.public_id = ?`, studioID, publicID))
	if db.NotFound(err) {
		return c, Gone()
	}
	return c, err
}

// Members reads the works of a collection in its order, in any state. The reader
// is in the studio's scope; who may see them is the caller's to decide.
func Members(ctx context.Context, r db.Reader, studioID, collectionID uuid.UUID) (list []Member, err error) {
	err = r.SQL(ctx).Raw(`select w.*, m.position from collection_works m join works w on w.studio_id = m.studio_id and w.id = m.work_id
		where m.studio_id = ? and m.collection_id = ? order by m.position`, studioID, collectionID).Scan(&list).Error
	return list, err
}

// ByID reads a collection in the studio's scope. NotFound when it is gone.
func ByID(ctx context.Context, r db.Reader, studioID, collectionID uuid.UUID) (Collection, error) {
	c, err := db.One[Collection](r.SQL(ctx).Raw(`select `+columns+` from collections c where c.studio_id = ? and c.id = ?`, studioID, collectionID))
	if db.NotFound(err) {
		return c, Gone()
	}
	return c, err
}

// lockStudio lets one change of a studio's collections happen at a time.
func lockStudio(tx db.Tx, studioID uuid.UUID) error {
	return tx.SQL().Exec("select pg_advisory_xact_lock(hashtextextended(?, 7))", studioID.String()).Error
}

func count(tx db.Tx, studioID uuid.UUID) (n int, err error) {
	err = tx.SQL().Raw(`select count(*) from collections where studio_id = ?`, studioID).Scan(&n).Error
	return n, err
}

func insert(tx db.Tx, c Collection) error {
	return tx.SQL().Exec(`insert into collections (id, studio_id, public_id, title, slug, about, wanted, created_at, updated_at, version) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.ID, c.StudioID, c.PublicID, c.Title, c.Slug, c.About, c.Wanted, c.CreatedAt, c.UpdatedAt, c.Version).Error
}

// save writes the row. The version counts changes of the words alone, so that
// moving works about never turns an open form stale.
func save(tx db.Tx, c *Collection, words bool) error {
	if words {
		c.Version++
	}
	c.UpdatedAt = tx.Now()
	return tx.SQL().Exec(`update collections set title = ?, slug = ?, about = ?, wanted = ?, cover_id = ?, updated_at = ?, version = ? where studio_id = ? and id = ?`,
		c.Title, c.Slug, c.About, c.Wanted, c.CoverID, c.UpdatedAt, c.Version, c.StudioID, c.ID).Error
}

func hide(tx db.Tx, studioID, collectionID uuid.UUID, on bool) (changed bool, err error) {
	res := tx.SQL().Exec(`update collections set hidden = ?, updated_at = ? where studio_id = ? and id = ? and hidden <> ?`, on, tx.Now(), studioID, collectionID, on)
	return res.RowsAffected > 0, res.Error
}

func remove(tx db.Tx, c Collection) error {
	return tx.SQL().Exec(`delete from collections where studio_id = ? and id = ?`, c.StudioID, c.ID).Error
}

func orderOf(tx db.Tx, c Collection) (ids []uuid.UUID, err error) {
	err = tx.SQL().Raw(`select work_id from collection_works where studio_id = ? and collection_id = ? order by position`, c.StudioID, c.ID).Scan(&ids).Error
	return ids, err
}

// idsOf finds works of the studio by their public ids, in the order of those.
func idsOf(tx db.Tx, studioID uuid.UUID, publicIDs []string) ([]uuid.UUID, error) {
	if len(publicIDs) == 0 {
		return nil, nil
	}
	if len(publicIDs) > MaxWorks {
		publicIDs = publicIDs[:MaxWorks]
	}
	var rows []struct {
		ID       uuid.UUID
		PublicID string
	}
	err := tx.SQL().Raw(`select id, public_id from works where studio_id = ? and public_id in ?`, studioID, publicIDs).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	by := map[string]uuid.UUID{}
	for _, row := range rows {
		by[row.PublicID] = row.ID
	}
	var ids []uuid.UUID
	for _, p := range publicIDs {
		if found, ok := by[p]; ok {
			ids = append(ids, found)
			delete(by, p)
		}
	}
	return ids, nil
}

// store writes the order whole: at most MaxWorks rows.
func store(tx db.Tx, c Collection, order []uuid.UUID) error {
	list := "{" + strings.Join(uuid.UUIDs(order).Strings(), ",") + "}"
	if err := tx.SQL().Exec(`delete from collection_works where studio_id = ? and collection_id = ? and work_id <> all(cast(? as uuid[]))`, c.StudioID, c.ID, list).Error; err != nil {
		return err
	}
	return tx.SQL().Exec(`insert into collection_works as m (studio_id, collection_id, work_id, position)
		select ?, ?, u.id, u.n - 1 from unnest(cast(? as uuid[])) with ordinality as u (id, n)
		on conflict on constraint collection_works_pkey do update set position = excluded.position where m.position <> excluded.position`, c.StudioID, c.ID, list).Error
}

// freeID is the id of the archive, or one that follows from it when that is
// another studio's or none at all.
func freeID(tx db.Tx, studioID uuid.UUID, wanted string) (string, error) {
	taken := false
	if id.ValidPublic(wanted) {
		err := tx.SQL().Raw(`select exists (select from collections where public_id = ? and studio_id <> ?)`, wanted, studioID).Scan(&taken).Error
		if err != nil || !taken {
			return wanted, err
		}
	}
	sum := sha256.Sum256([]byte(studioID.String() + wanted))
	out := make([]byte, id.PublicLength)
	for i := range out {
		out[i] = alphabet[int(sum[i])%len(alphabet)]
	}
	return string(out), nil
}

// alphabet is that of public ids.
const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// restore inserts a collection unless its public id is taken already.
func restore(_ context.Context, tx db.Tx, c Collection, createdAt time.Time, order []uuid.UUID) error {
	c.ID = id.New()
	res := tx.SQL().Exec(`insert into collections (id, studio_id, public_id, title, slug, about, wanted, hidden, cover_id, created_at, updated_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict on constraint collections_public_id do nothing`,
		c.ID, c.StudioID, c.PublicID, c.Title, c.Slug, c.About, c.Wanted, c.Hidden, c.CoverID, createdAt, tx.Now())
	if res.Error != nil || res.RowsAffected == 0 || len(order) == 0 {
		return res.Error
	}
	return store(tx, c, order)
}
