package media

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// ByIDs gives files of the studio in the order of ids, with their renditions
// and, while they arrive, their uploads. Deleted and foreign ones are left out.
// At most three queries.
//
// Where files are found by their ids, their studio is compared by "is not
// distinct from", which no index serves. With "=", a prepared statement's plan
// reads all files of the studio, as if each studio had the mean number.
func (s *Service) ByIDs(ctx context.Context, r db.Reader, studioID uuid.UUID, ids []uuid.UUID) ([]Media, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []Media
	err := r.SQL(ctx).Raw(`select * from media where studio_id is not distinct from ? and id in ? and deleted_at is null`, studioID, ids).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	if err := fill(ctx, r, studioID, rows); err != nil {
		return nil, err
	}
	byID := make(map[uuid.UUID]Media, len(rows))
	for _, m := range rows {
		byID[m.ID] = m
	}
	out := make([]Media, 0, len(rows))
	for _, id := range ids {
		if m, ok := byID[id]; ok {
			out = append(out, m)
			delete(byID, id)
		}
	}
	return out, nil
}

// fill adds renditions and uploads to the rows.
func fill(ctx context.Context, r db.Reader, studioID uuid.UUID, rows []Media) error {
	at := map[uuid.UUID]*Media{}
	var arriving, made []uuid.UUID
	for i := range rows {
		at[rows[i].ID] = &rows[i]
		if rows[i].State == StateUploading {
			arriving = append(arriving, rows[i].ID)
		} else {
			made = append(made, rows[i].ID)
		}
	}
	if len(made) > 0 {
		var list []Rendition
		if err := r.SQL(ctx).Raw(`select * from renditions where studio_id is not distinct from ? and media_id in ? order by media_id, width, name`, studioID, made).Scan(&list).Error; err != nil {
			return err
		}
		for _, x := range list {
			at[x.MediaID].Renditions = append(at[x.MediaID].Renditions, x)
		}
	}
	if len(arriving) > 0 {
		var list []Upload
		if err := r.SQL(ctx).Raw(`select * from uploads where studio_id is not distinct from ? and id in ?`, studioID, arriving).Scan(&list).Error; err != nil {
			return err
		}
		for _, u := range list {
			at[u.ID].Upload = &u
		}
	}
	return nil
}

const pictureColumns = `id, kind, width, height, duration_ms, has_audio, tone, credit, copyright, served, version`

// Pictures gives what public pages need of media that a public work shows; the
// others are left out, whoever asks. One query.
func (s *Service) Pictures(ctx context.Context, r db.Reader, ids []uuid.UUID) (map[uuid.UUID]Picture, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []Picture
	if err := r.SQL(ctx).Raw(`select `+pictureColumns+` from media where id in ? and exposed`, ids).Scan(&rows).Error; err != nil {
		return nil, err
	}
	for i := range rows {
		rows[i].Host = s.public // the others are for members, whose cookie goes to the site alone
	}
	return byID(rows), nil
}

// StudioPictures is Pictures for members: whatever has a size, public or not.
func (s *Service) StudioPictures(ctx context.Context, r db.Reader, studioID uuid.UUID, ids []uuid.UUID) (map[uuid.UUID]Picture, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []Picture
	err := r.SQL(ctx).Raw(`select `+pictureColumns+` from media where studio_id is not distinct from ? and id in ? and usable and deleted_at is null`, studioID, ids).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	return byID(rows), nil
}

// AnyPictures is StudioPictures across studios, for moderators. It needs the
// worker's handle.
func (s *Service) AnyPictures(ctx context.Context, r db.Reader, ids []uuid.UUID) (map[uuid.UUID]Picture, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []Picture
	err := r.SQL(ctx).Raw(`select `+pictureColumns+` from media where id in ? and usable and deleted_at is null`, ids).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	return byID(rows), nil
}

func byID(rows []Picture) map[uuid.UUID]Picture {
	out := make(map[uuid.UUID]Picture, len(rows))
	for _, p := range rows {
		out[p.ID] = p
	}
	return out
}

// Usable tells which of the studio's files have a first size.
func (s *Service) Usable(ctx context.Context, r db.Reader, studioID uuid.UUID, mediaIDs []uuid.UUID) (map[uuid.UUID]bool, error) {
	out := make(map[uuid.UUID]bool, len(mediaIDs))
	if len(mediaIDs) == 0 {
		return out, nil
	}
	var ids []uuid.UUID
	err := r.SQL(ctx).Raw(`select id from media where studio_id is not distinct from ? and id in ? and usable and deleted_at is null`, studioID, mediaIDs).Scan(&ids).Error
	for _, id := range ids {
		out[id] = true
	}
	return out, err
}

// Cursor is where a page of the library ended; the zero value is its start.
type Cursor struct {
	CreatedAt time.Time
	ID        uuid.UUID
}

// OfStudio pages through the studio's library, newest first, without renditions.
func (s *Service) OfStudio(ctx context.Context, r db.Reader, studioID uuid.UUID, after Cursor, limit int) ([]Media, error) {
	var rows []Media
	q := `select * from media where studio_id = ? and deleted_at is null order by created_at desc, id desc limit ?`
	args := []any{studioID, limit}
	if after.ID != uuid.Nil {
		q = `select * from media where studio_id = ? and deleted_at is null and (created_at, id) < (?, ?) order by created_at desc, id desc limit ?`
		args = []any{studioID, after.CreatedAt, after.ID, limit}
	}
	return rows, r.SQL(ctx).Raw(q, args...).Scan(&rows).Error
}

// Usage tells what the studio stores. A studio that never uploaded anything has
// the default limit.
func (s *Service) Usage(ctx context.Context, r db.Reader, studioID uuid.UUID) (Usage, error) {
	u := Usage{Limit: DefaultLimit}
	err := r.SQL(ctx).Raw(`select used, reserved, byte_limit from storage_usage where studio_id = ?`, studioID).Scan(&u).Error
	return u, err
}

// Uploading tells whether anybody has sent bytes within the last half minute.
// Background work pauses meanwhile.
func (s *Service) Uploading(ctx context.Context) (active bool, err error) {
	err = s.db.Read(ctx).SQL(ctx).Raw(`select uploads_since(?)`, s.clock().Add(-30*time.Second)).Scan(&active).Error
	return active, err
}

// lock reads a media's row for a change. NotFound when it is gone.
func lock(tx db.Tx, studioID, mediaID uuid.UUID) (Media, error) {
	var m Media
	err := tx.SQL().Raw(`select * from media where studio_id = ? and id = ? and deleted_at is null for update`, studioID, mediaID).Take(&m).Error
	if db.NotFound(err) {
		return m, fault.New(fault.NotFound, "This file is not here any more.")
	}
	return m, err
}

// save writes a locked row back whole and counts its version up.
func save(tx db.Tx, m *Media) error {
	m.Version++
	m.UpdatedAt = tx.Now()
	return tx.SQL().Model(m).Select("*").Omit("id", "studio_id", "created_at").Where("studio_id = ?", m.StudioID).Updates(m).Error
}
