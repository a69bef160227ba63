package works

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

const gone = "This work is not here any more. Somebody may have deleted it."

// insertDraft makes the row unless the studio has one of that creation key.
func insertDraft(tx db.Tx, w Work) (created bool, err error) {
	res := tx.SQL().Exec(`
		insert into works (id, studio_id, public_id, creation_key, created_by, created_at, updated_at, edition)
		values (?, ?, ?, ?, ?, ?, ?, 0)
		on conflict on constraint works_creation do nothing`,
		w.ID, w.StudioID, w.PublicID, w.CreationKey, w.CreatedBy, tx.Now(), tx.Now())
	return res.RowsAffected == 1, res.Error
}

// one reads exactly one row; NotFound otherwise.
func one[T any](q *gorm.DB) (row T, err error) {
	err = q.Take(&row).Error
	if db.NotFound(err) {
		return row, fault.New(fault.NotFound, gone)
	}
	return row, err
}

func lockedWork(tx db.Tx, studioID uuid.UUID, publicID string) (Work, error) {
	return one[Work](tx.SQL().Raw("select * from works where studio_id = ? and public_id = ? for update", studioID, publicID))
}

func lockedByKey(tx db.Tx, studioID uuid.UUID, key string) (Work, error) {
	return one[Work](tx.SQL().Raw("select * from works where studio_id = ? and creation_key = ? for update", studioID, key))
}

func lockedByID(tx db.Tx, studioID, workID uuid.UUID) (Work, error) {
	return one[Work](tx.SQL().Raw("select * from works where studio_id = ? and id = ? for update", studioID, workID))
}

func storedWork(r db.Reader, ctx context.Context, studioID uuid.UUID, publicID string) (Work, error) { //nolint:revive // the reader leads in stores
	return one[Work](r.SQL(ctx).Raw("select * from works where studio_id = ? and public_id = ?", studioID, publicID))
}

// updateWork writes everything that a use case may change.
func updateWork(tx db.Tx, w Work) error {
	return tx.SQL().Exec(`
		update works set state = ?, hidden = ?, hidden_for = ?, title = ?, title_guessed = ?, slug = ?, story = ?, credits = ?, licence = ?,
			year = ?, sensitive = ?, sensitive_held = ?, ai_made = ?, noai = ?, lang = ?, tags = ?, cover_id = ?, cover_alt = ?, cover_focal = ?,
			media_count = ?, publish_at = ?, publish_zone = ?, published_at = ?, updated_at = ?, version = ?, edition = ?, form_key = ?
		where studio_id = ? and id = ?`,
		w.State, w.Hidden, w.HiddenFor, w.Title, w.TitleGuessed, w.Slug, w.Story, w.Credits, w.Licence,
		w.Year, w.Sensitive, w.SensitiveHeld, w.AIMade, w.NoAI, w.Lang, w.Tags, w.CoverID, w.CoverAlt, w.CoverFocal,
		w.MediaCount, w.PublishAt, w.PublishZone, w.PublishedAt, w.UpdatedAt, w.Version, w.Edition, w.FormKey,
		w.StudioID, w.ID).Error
}

func deleteWork(tx db.Tx, w Work) error {
	return tx.SQL().Exec("delete from works where studio_id = ? and id = ?", w.StudioID, w.ID).Error
}

func itemsOf(tx db.Tx, workID uuid.UUID) (items []Item, err error) {
	err = tx.SQL().Raw(`select media_id, position, filename, alt, caption, focal, replaces from work_media where work_id = ? order by position`, workID).Scan(&items).Error
	return items, err
}

// storeItems makes the stored pictures those of the list, in its order. The
// unique positions are checked at the commit, so any order can follow any other.
func storeItems(tx db.Tx, w Work, items []Item) error {
	list, err := json.Marshal(items)
	if err != nil {
		return err
	}
	if items == nil {
		list = []byte("[]")
	}
	err = tx.SQL().Exec(`
		delete from work_media where studio_id = ? and work_id = ?
		and media_id not in (select i.media_id from jsonb_to_recordset(?::jsonb) as i (media_id uuid))`,
		w.StudioID, w.ID, string(list)).Error
	if err != nil {
		return err
	}
	return tx.SQL().Exec(`
		insert into work_media (studio_id, work_id, media_id, position, filename, alt, caption, focal, replaces)
		select ?, ?, i.media_id, i.position, i.filename, i.alt, i.caption, i.focal, i.replaces
		from jsonb_to_recordset(?::jsonb) as i (media_id uuid, position int, filename text, alt text, caption text, focal smallint, replaces uuid)
		on conflict (work_id, media_id) do update set position = excluded.position, alt = excluded.alt,
			caption = excluded.caption, focal = excluded.focal, replaces = excluded.replaces`,
		w.StudioID, w.ID, string(list)).Error
}

func dropTags(tx db.Tx, workID uuid.UUID) error {
	return tx.SQL().Exec("delete from work_tags where work_id = ?", workID).Error
}

// storeTags makes the public tag rows of a work those of its labels. The first
// studio that uses a tag decides how it is written.
func storeTags(tx db.Tx, w Work) error {
	if err := dropTags(tx, w.ID); err != nil {
		return err
	}
	if len(w.Tags) == 0 {
		return nil
	}
	type row struct {
		Slug  string `json:"slug"`
		Label string `json:"label"`
	}
	rows := make([]row, len(w.Tags))
	for i, label := range w.Tags {
		rows[i] = row{TagSlug(label), label}
	}
	list, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	// In one order, so that two works with the same new tags do not wait for
	// one another crosswise.
	err = tx.SQL().Exec(`
		insert into tags (slug, label)
		select t.slug, t.label from jsonb_to_recordset(?::jsonb) as t (slug text, label text) order by t.slug
		on conflict do nothing`, string(list)).Error
	if err != nil {
		return err
	}
	return tx.SQL().Exec(`
		insert into work_tags (tag_slug, published_at, work_id)
		select t.slug, ?, ? from jsonb_to_recordset(?::jsonb) as t (slug text)`, w.PublishedAt, w.ID, string(list)).Error
}

// elsewhere tells which files another work of the studio holds, and which of
// those works can be seen.
func elsewhere(tx db.Tx, w Work, mediaIDs []uuid.UUID) (shown, held map[uuid.UUID]bool, err error) {
	var rows []struct {
		MediaID uuid.UUID
		Shown   bool
	}
	err = tx.SQL().Raw(`
		select m.media_id, bool_or(o.state in ('published', 'unlisted') and not o.hidden) as shown
		from work_media m join works o on o.studio_id = m.studio_id and o.id = m.work_id
		where m.studio_id = ? and m.media_id in ? and m.work_id <> ?
		group by m.media_id`, w.StudioID, mediaIDs, w.ID).Scan(&rows).Error
	shown, held = map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	for _, r := range rows {
		held[r.MediaID], shown[r.MediaID] = true, r.Shown
	}
	return shown, held, err
}
