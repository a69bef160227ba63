package works

import (
	"context"
	"database/sql"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// itemsColumn reads a work's pictures in the query of the work.
const itemsColumn = `coalesce((select json_agg(json_build_object('media_id', m.media_id, 'position', m.position, 'filename', m.filename,
	'alt', m.alt, 'caption', m.caption, 'focal', m.focal, 'replaces', m.replaces) order by m.position)
	from work_media m where m.work_id = w.id), '[]') as items`

// withinColumn reads the collections that are shown and hold the work, the same way.
const withinColumn = `coalesce((select json_agg(json_build_object('public_id', c.public_id, 'slug', c.slug, 'title', c.title) order by c.created_at desc)
	from collection_works m join collections c on c.id = m.collection_id and c.shown where m.work_id = w.id), '[]') as within`

type workRow struct {
	Work  `gorm:"embedded"`
	Items Items
}

// publicPage reads a published work, or tells in which studio an unlisted one of
// that id is. The second is asked only when the first is not there.
func publicPage(ctx context.Context, r db.Reader, publicID string) (p Page, unlistedIn uuid.UUID, err error) {
	var row struct {
		Work       `gorm:"embedded"`
		Items      Items
		Within     Within
		UnlistedIn uuid.NullUUID
	}
	res := r.SQL(ctx).Raw(`
		select w.*, `+itemsColumn+`, `+withinColumn+`, case when w.id is null then unlisted_work_studio(?) end as unlisted_in
		from (values (1)) one (n) left join works w on w.public_id = ? and `+public, publicID, publicID).Scan(&row)
	switch {
	case res.Error != nil:
		return Page{}, uuid.Nil, res.Error
	case row.UnlistedIn.Valid:
		return Page{}, row.UnlistedIn.UUID, nil
	case row.ID == uuid.Nil:
		return Page{}, uuid.Nil, fault.New(fault.NotFound, "")
	}
	return Page{Work: row.Work, Items: row.Items, Within: row.Within}, uuid.Nil, nil
}

func unlistedPage(ctx context.Context, r db.Reader, studioID uuid.UUID, publicID string) (Page, error) {
	row, err := one[workRow](r.SQL(ctx).Raw(`
		select w.*, `+itemsColumn+` from works w
		where w.studio_id = ? and w.public_id = ? and w.state = 'unlisted' and not w.hidden`, studioID, publicID))
	return Page{Work: row.Work, Items: row.Items}, err
}

func ownPage(ctx context.Context, r db.Reader, studioID uuid.UUID, t Target) (Work, []Item, error) {
	column, value := "public_id", t.PublicID
	if value == "" {
		column, value = "creation_key", t.CreationKey
	}
	row, err := one[workRow](r.SQL(ctx).Raw(
		"select w.*, "+itemsColumn+" from works w where w.studio_id = ? and w."+column+" = ?", studioID, value))
	return row.Work, row.Items, err
}

// near is how many works hang beside one; perTag among how many of each tag's
// newest they are chosen.
const (
	near   = 6
	perTag = 40
)

// relatives fills in the neighbours in the studio and the works with the most
// tags in common.
func relatives(ctx context.Context, r db.Reader, p *Page) error {
	w := p.Work
	slugs := []string{""} // an empty list is no SQL
	for _, label := range w.Tags {
		slugs = append(slugs, TagSlug(label))
	}
	var rows []struct {
		Card  `gorm:"embedded"`
		Place string
	}
	err := r.SQL(ctx).Raw(`
		(select 'earlier' as place, `+cardColumns+` from works w where w.studio_id = @studio and `+public+`
			and (w.published_at, w.id) < (@at, @id) order by w.published_at desc, w.id desc limit 1)
		union all
		(select 'later', `+cardColumns+` from works w where w.studio_id = @studio and `+public+`
			and (w.published_at, w.id) > (@at, @id) order by w.published_at, w.id limit 1)
		union all
		(select 'near', `+cardColumns+` from (
			select t.work_id, count(*) as common, max(t.published_at) as latest
			from (select distinct slug from tags where slug in @slugs) wanted
			cross join lateral (select work_id, published_at from work_tags where tag_slug = wanted.slug and work_id <> @id
				order by published_at desc, work_id desc limit @pertag) t
			group by t.work_id order by common desc, latest desc, t.work_id limit @near) n
			join works w on w.id = n.work_id and `+public+` order by n.common desc, n.latest desc, w.id)`,
		sql.Named("studio", w.StudioID), sql.Named("at", w.PublishedAt), sql.Named("id", w.ID), sql.Named("slugs", slugs), sql.Named("pertag", perTag), sql.Named("near", near)).Scan(&rows).Error
	for i := range rows {
		switch card := rows[i].Card; rows[i].Place {
		case "earlier":
			p.Earlier = &card
		case "later":
			p.Later = &card
		default:
			p.Near = append(p.Near, card)
		}
	}
	return err
}

func countStates(ctx context.Context, r db.Reader, studioID uuid.UUID) (map[State]int, error) {
	var rows []struct {
		State State
		N     int
	}
	err := r.SQL(ctx).Raw("select state, count(*) as n from works where studio_id = ? group by state", studioID).Scan(&rows).Error
	counts := map[State]int{}
	for _, row := range rows {
		counts[row.State] = row.N
	}
	return counts, err
}

func listState(ctx context.Context, r db.Reader, studioID uuid.UUID, state State, from Cursor, limit int) (list []Work, next Cursor, err error) {
	where, args := "", []any{studioID, state}
	if from.ID != uuid.Nil {
		where, args = " and (updated_at, id) < (?, ?)", append(args, from.At, from.ID)
	}
	err = r.SQL(ctx).Raw("select * from works where studio_id = ? and state = ?"+where+" order by updated_at desc, id desc limit ?",
		append(args, limit+1)...).Scan(&list).Error
	if len(list) > limit {
		list = list[:limit]
		next = Cursor{At: list[limit-1].UpdatedAt, ID: list[limit-1].ID}
	}
	return list, next, err
}

func holdersOf(ctx context.Context, r db.Reader, studioID uuid.UUID, mediaIDs []uuid.UUID) (map[uuid.UUID]Work, error) {
	var rows []struct {
		Work    `gorm:"embedded"`
		MediaID uuid.UUID
	}
	err := r.SQL(ctx).Raw(`
		select distinct on (m.media_id) w.*, m.media_id from work_media m join works w on w.studio_id = m.studio_id and w.id = m.work_id
		where m.studio_id = ? and m.media_id in ? order by m.media_id, w.updated_at desc`, studioID, mediaIDs).Scan(&rows).Error
	holders := map[uuid.UUID]Work{}
	for _, row := range rows {
		holders[row.MediaID] = row.Work
	}
	return holders, err
}
