package sitemap

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/studios"
)

// public repeats the policies' test, so that a handle that sees more lists no more.
const public = ` w.state = 'published' and not w.hidden `

func pagesOf(ctx context.Context, r db.Reader) (pages []Page, err error) {
	err = r.SQL(ctx).Raw(`select kind, number, from_at, from_id, urls, changed_at from sitemap_pages order by kind, number`).Scan(&pages).Error
	return pages, err
}

// bounds gives where a page begins and where the next one does; that one is the
// zero value after the last.
func bounds(ctx context.Context, r db.Reader, kind Kind, number int) (from, to Page, err error) {
	var rows []Page
	err = r.SQL(ctx).Raw(`select kind, number, from_at, from_id, urls, changed_at from sitemap_pages where kind = ? and number in (?, ?) order by number`, string(kind), number, number+1).Scan(&rows).Error
	if err != nil {
		return from, to, err
	}
	if len(rows) == 0 || rows[0].Number != number {
		return from, to, fault.New(fault.NotFound, "The sitemap has no such page.")
	}
	if len(rows) == 2 {
		to = rows[1]
	}
	return rows[0], to, nil
}

func worksBetween(ctx context.Context, r db.Reader, from, to Page) (list []Entry, err error) {
	where, args := "", []any{from.FromAt, from.FromID}
	if to.FromID != uuid.Nil {
		where, args = " and (w.published_at, w.id) < (?, ?)", append(args, to.FromAt, to.FromID)
	}
	err = r.SQL(ctx).Raw(`select w.studio_id, w.slug, w.public_id, w.updated_at as changed_at from works w where `+public+` and (w.published_at, w.id) >= (?, ?)`+where+`
		order by w.published_at, w.id limit ?`, append(args, 2*PerPage)...).Scan(&list).Error
	return list, err
}

// seen is that somebody can see a work of the collection c.
const seen = ` exists (select from collection_works m join works w on w.id = m.work_id where m.collection_id = c.id and ` + public + `) `

func collectionsBetween(ctx context.Context, r db.Reader, from, to Page) (list []Entry, err error) {
	where, args := "", []any{from.FromID}
	if to.FromID != uuid.Nil {
		where, args = " and c.id < ?", append(args, to.FromID)
	}
	err = r.SQL(ctx).Raw(`select c.studio_id, c.slug, c.public_id, c.updated_at as changed_at from collections c where c.shown and c.id >= ?`+where+` and `+seen+`
		order by c.id limit ?`, append(args, 2*PerPage)...).Scan(&list).Error
	return list, err
}

// showing are those of the studios that show a work, with its last change.
func showing(ctx context.Context, r db.Reader, list []studios.Studio) (out []Entry, err error) {
	if len(list) == 0 {
		return nil, nil
	}
	ids := make([]string, len(list))
	for i, st := range list {
		ids[i] = st.ID.String()
	}
	err = r.SQL(ctx).Raw(`select s.id as studio_id, l.updated_at as changed_at from unnest(cast(? as uuid[])) with ordinality s (id, n)
		cross join lateral (select w.updated_at from works w where w.studio_id = s.id and `+public+` order by w.published_at desc, w.id desc limit 1) l order by s.n`,
		"{"+strings.Join(ids, ",")+"}").Scan(&out).Error
	slugs := make(map[uuid.UUID]string, len(list))
	for _, st := range list {
		slugs[st.ID] = st.Slug
	}
	for i := range out {
		out[i].Slug = slugs[out[i].StudioID]
	}
	return out, err
}

// place is a row in the order of a kind.
type place struct {
	At        time.Time
	ID        uuid.UUID
	ChangedAt time.Time
}

func placesAfter(ctx context.Context, r db.Reader, kind Kind, after Page) (rows []place, err error) {
	query := `select w.published_at as at, w.id, w.updated_at as changed_at from works w where ` + public + ` and (w.published_at, w.id) > (?, ?) order by w.published_at, w.id limit ?`
	args := []any{after.FromAt, after.FromID, PerPage}
	if kind == Collections {
		query = `select c.created_at as at, c.id, c.updated_at as changed_at from collections c where c.shown and c.id > ? and ` + seen + ` order by c.id limit ?`
		args = args[1:]
	}
	err = r.SQL(ctx).Raw(query, args...).Scan(&rows).Error
	return rows, err
}

// store replaces the table: a few hundred rows at a million works.
func store(tx db.Tx, pages []Page) error {
	if err := tx.SQL().Exec(`delete from sitemap_pages`).Error; err != nil {
		return err
	}
	for _, p := range pages {
		if err := tx.SQL().Exec(`insert into sitemap_pages (kind, number, from_at, from_id, urls, changed_at) values (?, ?, ?, ?, ?, ?)`,
			string(p.Kind), p.Number, p.FromAt, p.FromID, p.URLs, p.ChangedAt).Error; err != nil {
			return err
		}
	}
	return nil
}
