package works

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// after is the part of a keyset query that starts behind a cursor.
func after(c Cursor) (where string, args []any) {
	if c.ID == uuid.Nil {
		return "", nil
	}
	return " and (w.published_at, w.id) < (?, ?) ", []any{c.At, c.ID}
}

// wallOf turns one row more than a page into a page and its next cursor.
func wallOf(cards []Card, limit int) Wall {
	if len(cards) <= limit {
		return Wall{Cards: cards}
	}
	cards = cards[:limit]
	last := cards[limit-1]
	return Wall{Cards: cards, Next: Cursor{At: last.PublishedAt, ID: last.ID}}
}

func latest(ctx context.Context, r db.Reader, from Cursor, limit int) (Wall, error) {
	var cards []Card
	where, args := after(from)
	err := r.SQL(ctx).Raw("select "+cardColumns+" from works w where "+public+where+
		"order by w.published_at desc, w.id desc limit ?", append(args, limit+1)...).Scan(&cards).Error
	return wallOf(cards, limit), err
}

func latestOf(ctx context.Context, r db.Reader, studioID uuid.UUID, from Cursor, limit int) (Wall, error) {
	var cards []Card
	where, args := after(from)
	err := r.SQL(ctx).Raw("select "+cardColumns+" from works w where w.studio_id = ? and "+public+where+
		"order by w.published_at desc, w.id desc limit ?", append(append([]any{studioID}, args...), limit+1)...).Scan(&cards).Error
	return wallOf(cards, limit), err
}

// latestAmong asks each studio for its newest work alone, one probe of the index
// each, and then for more those whose newest is among the newest: whatever is on
// the page is of one of these.
func latestAmong(ctx context.Context, r db.Reader, studioIDs []uuid.UUID, from Cursor, limit, each int) (Wall, error) {
	var cards []Card
	where, later := after(from)
	args := append(append([]any{db.Array(studioIDs)}, later...), limit+1)
	args = append(append(args, later...), min(each, limit+1), limit+1)
	err := r.SQL(ctx).Raw(`
		with heads as (
			select h.* from unnest(cast(? as uuid[])) s (id) cross join lateral (
				select w.studio_id, w.published_at, w.id from works w where w.studio_id = s.id and `+public+where+`
				order by w.published_at desc, w.id desc limit 1) h
			order by h.published_at desc, h.id desc limit ?)
		select `+cardColumns+` from heads h cross join lateral (
			select * from works w where w.studio_id = h.studio_id and `+public+where+` order by w.published_at desc, w.id desc limit ?) w
		order by w.published_at desc, w.id desc limit ?`, args...).Scan(&cards).Error
	return wallOf(cards, limit), err
}

func latestTagged(ctx context.Context, r db.Reader, slug string, from Cursor, limit int) (Wall, string, error) {
	var rows []struct {
		Card  `gorm:"embedded"`
		Label string
	}
	where, args := "", []any{slug}
	if from.ID != uuid.Nil {
		where, args = " and (t.published_at, t.work_id) < (?, ?) ", append(args, from.At, from.ID)
	}
	err := r.SQL(ctx).Raw("select "+cardColumns+`, g.label from work_tags t join tags g on g.slug = t.tag_slug join works w on w.id = t.work_id
		where t.tag_slug = ? and `+public+where+"order by t.published_at desc, t.work_id desc limit ?", append(args, limit+1)...).Scan(&rows).Error
	if err != nil {
		return Wall{}, "", err
	}
	if len(rows) == 0 {
		return Wall{}, "", fault.New(fault.NotFound, "No work carries this tag at the moment.")
	}
	cards := make([]Card, len(rows))
	for i := range rows {
		cards[i] = rows[i].Card
	}
	return wallOf(cards, limit), rows[0].Label, nil
}

func countOf(ctx context.Context, r db.Reader, studioID uuid.UUID) (n int, err error) {
	err = r.SQL(ctx).Raw("select count(*) from works w where w.studio_id = ? and "+public, studioID).Scan(&n).Error
	return n, err
}

func cardsByID(ctx context.Context, r db.Reader, ids []uuid.UUID) (map[uuid.UUID]Card, error) {
	var cards []Card
	err := r.SQL(ctx).Raw("select "+cardColumns+" from works w where w.id in ? and "+public, ids).Scan(&cards).Error
	found := make(map[uuid.UUID]Card, len(cards))
	for _, c := range cards {
		found[c.ID] = c
	}
	return found, err
}

// recent is among how many of the newest works the shelves look for studios.
const recent = 400

func shelvesOf(ctx context.Context, r db.Reader, limit int) ([]Shelf, error) {
	var rows []struct {
		Card  `gorm:"embedded"`
		Works int
	}
	err := r.SQL(ctx).Raw(`
		with newest as (select w.studio_id, w.published_at from works w where `+public+` order by w.published_at desc, w.id desc limit ?),
		recent as (select studio_id, max(published_at) as latest from newest group by studio_id order by latest desc, studio_id limit ?)
		select `+cardColumns+`, (select count(*) from works w where w.studio_id = s.studio_id and `+public+`) as works
		from recent s cross join lateral (
			select * from works w where w.studio_id = s.studio_id and `+public+` order by w.published_at desc, w.id desc limit 3) w
		order by s.latest desc, s.studio_id, w.published_at desc, w.id desc`, recent, limit).Scan(&rows).Error
	var shelves []Shelf
	for _, row := range rows {
		if n := len(shelves); n == 0 || shelves[n-1].StudioID != row.StudioID {
			shelves = append(shelves, Shelf{StudioID: row.StudioID, Works: row.Works})
		}
		last := &shelves[len(shelves)-1]
		last.Cards = append(last.Cards, row.Card)
	}
	return shelves, err
}

// snapshot locks for share: it waits for a change that is under way, and a
// change that comes later waits for it.
func snapshot(tx db.Tx, workID uuid.UUID) (snap Snapshot, ok bool, err error) {
	res := tx.SQL().Raw("select "+cardColumns+", w.tags, w.story from works w where w.id = ? and "+public+" for share", workID).Scan(&snap)
	return snap, res.RowsAffected == 1, res.Error
}
