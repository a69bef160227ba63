package carry

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/works"
)

const columns = `id, public_id, state, hidden_for, title, title_guessed, slug, story, credits, licence, year, sensitive, ai_made, noai, lang, tags,
	publish_at, publish_zone, published_at, created_by, created_at, updated_at`

// row is a work as it is stored.
type row struct {
	Key       uuid.UUID `gorm:"column:id"`
	PublicID  string
	HiddenFor works.Hiding
	Work      `gorm:"embedded"`
}

func exported(ctx context.Context, r db.Reader, studioID, after uuid.UUID) (list []Work, last uuid.UUID, err error) {
	var rows []row
	if err := r.SQL(ctx).Raw(`select `+columns+` from works where studio_id = ? and id > ? order by id limit ?`, studioID, after, page).Scan(&rows).Error; err != nil || len(rows) == 0 {
		return nil, after, err
	}
	ids, at := make([]uuid.UUID, len(rows)), map[uuid.UUID]int{}
	for i, x := range rows {
		w := x.Work
		w.ID, w.Media, w.Hidden = x.PublicID, []Item{}, []string{}
		for _, reason := range reasons {
			if x.HiddenFor.Has(reason.why) {
				w.Hidden = append(w.Hidden, reason.word)
			}
		}
		list, ids[i], at[x.Key] = append(list, w), x.Key, i
	}
	var items []struct {
		WorkID uuid.UUID
		Item   `gorm:"embedded"`
	}
	err = r.SQL(ctx).Raw(`select work_id, media_id as id, filename, alt, caption, focal from work_media where studio_id = ? and work_id in ? order by work_id, position`,
		studioID, ids).Scan(&items).Error
	for _, item := range items {
		w := &list[at[item.WorkID]]
		w.Media = append(w.Media, item.Item)
	}
	return list, ids[len(ids)-1], err
}

func begin(tx db.Tx, studioID, owner uuid.UUID, w Work) (publicID string, err error) {
	free := false
	if id.ValidPublic(w.ID) {
		if err := tx.SQL().Raw(`select not exists (select from works where public_id = ?)`, w.ID).Scan(&free).Error; err != nil {
			return "", err
		}
	}
	publicID = w.ID
	if !free {
		publicID = id.Public()
	}
	if err := tx.SQL().Exec(`insert into works (id, studio_id, public_id, creation_key, created_by, created_at, updated_at, published_at, edition)
		values (?, ?, ?, ?, ?, ?, ?, ?, 0) on conflict on constraint works_creation do nothing`,
		id.New(), studioID, publicID, CreationKey(w.ID), owner, w.CreatedAt, tx.Now(), w.PublishedAt).Error; err != nil {
		return "", err
	}
	err = tx.SQL().Raw(`select public_id from works where studio_id = ? and creation_key = ?`, studioID, CreationKey(w.ID)).Scan(&publicID).Error
	return publicID, err
}

// eraseBatch keeps the locks of one transaction few.
const eraseBatch = 500

func erase(tx db.Tx, studioID uuid.UUID) (int64, error) {
	var ids []uuid.UUID
	if err := tx.SQL().Raw(`select id from works where studio_id = ? order by id limit ? for update`, studioID, eraseBatch).Scan(&ids).Error; err != nil || len(ids) == 0 {
		return 0, err
	}
	res := tx.SQL().Exec(`delete from works where studio_id = ? and id in ?`, studioID, ids)
	return res.RowsAffected, res.Error
}

// dropTags removes tags that no work carries. Hidden works have no rows in
// work_tags and get them back when they are shown again, so theirs stay.
func dropTags(tx db.Tx) error {
	var unused []string
	if err := tx.SQL().Raw(`select slug from tags t where not exists (select from work_tags w where w.tag_slug = t.slug)`).Scan(&unused).Error; err != nil || len(unused) == 0 {
		return err
	}
	var labels []string
	if err := tx.SQL().Raw(`select distinct l.label from works w cross join lateral jsonb_array_elements_text(w.tags) as l (label)
		where w.state = 'published' and w.hidden`).Scan(&labels).Error; err != nil {
		return err
	}
	held := map[string]bool{}
	for _, label := range labels {
		held[works.TagSlug(label)] = true
	}
	unused = slices.DeleteFunc(unused, func(slug string) bool { return held[slug] })
	if len(unused) == 0 {
		return nil
	}
	return tx.SQL().Exec(`delete from tags t where slug in ? and not exists (select from work_tags w where w.tag_slug = t.slug)`, unused).Error
}
