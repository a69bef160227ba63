package archive

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

const exportColumns = `id, kind, subject_id, asked_by, state, files, files_done, bytes, asked_at, ready_at, expires_at`

func insertExport(tx db.Tx, e Export) (made bool, err error) {
	res := tx.SQL().Exec(`insert into exports (id, kind, subject_id, asked_by, asked_at, expires_at) values (?, ?, ?, ?, ?, ?) on conflict do nothing`,
		e.ID, e.Kind, e.SubjectID, e.AskedBy, e.AskedAt, e.ExpiresAt)
	return res.RowsAffected == 1, res.Error
}

func lastExport(ctx context.Context, r db.Reader, of Subject) (e Export, ok bool, err error) {
	res := r.SQL(ctx).Raw(`select `+exportColumns+` from exports where kind = ? and subject_id = ? order by asked_at desc limit 1`, of.Kind, of.ID).Scan(&e)
	return e, res.RowsAffected == 1, res.Error
}

func exportByID(ctx context.Context, r db.Reader, exportID uuid.UUID) (e Export, ok bool, err error) {
	res := r.SQL(ctx).Raw(`select `+exportColumns+` from exports where id = ?`, exportID).Scan(&e)
	return e, res.RowsAffected == 1, res.Error
}

func exportsOf(ctx context.Context, r db.Reader, of Subject) (ids []uuid.UUID, err error) {
	err = r.SQL(ctx).Raw(`select id from exports where kind = ? and subject_id = ?`, of.Kind, of.ID).Scan(&ids).Error
	return ids, err
}

func expiredExports(ctx context.Context, r db.Reader, now time.Time, limit int) (ids []uuid.UUID, err error) {
	err = r.SQL(ctx).Raw(`select id from exports where expires_at <= ? order by expires_at limit ?`, now, limit).Scan(&ids).Error
	return ids, err
}

func deleteExport(tx db.Tx, exportID uuid.UUID) error {
	return tx.SQL().Exec(`delete from exports where id = ?`, exportID).Error
}

func volumesOf(ctx context.Context, r db.Reader, exportID uuid.UUID) (list []Volume, err error) {
	err = r.SQL(ctx).Raw(`select export_id, number, file_count, bytes, sha256, made_at from export_volumes where export_id = ? order by number`, exportID).Scan(&list).Error
	return list, err
}

// planned is a file that a volume holds.
type planned struct {
	ID    uuid.UUID `json:"id"`
	Path  string    `json:"path"`
	Bytes int64     `json:"bytes"`
}

func planOf(ctx context.Context, r db.Reader, exportID uuid.UUID, number int) (plan []planned, err error) {
	var raw string
	if err := r.SQL(ctx).Raw(`select cast(plan as text) from export_volumes where export_id = ? and number = ?`, exportID, number).Scan(&raw).Error; err != nil {
		return nil, err
	}
	err = json.Unmarshal([]byte(raw), &plan)
	return plan, err
}

// storePlan decides what stands in which volume, once.
func storePlan(tx db.Tx, exportID uuid.UUID, volumes [][]planned) error {
	files, bytes := 0, int64(0)
	for i, plan := range volumes {
		raw, err := json.Marshal(plan)
		if err != nil {
			return err
		}
		if err := tx.SQL().Exec(`insert into export_volumes (export_id, number, plan, file_count) values (?, ?, cast(? as jsonb), ?)`,
			exportID, i+1, string(raw), len(plan)).Error; err != nil {
			return err
		}
		files += len(plan)
		for _, p := range plan {
			bytes += p.Bytes
		}
	}
	return tx.SQL().Exec(`update exports set state = 'working', files = ?, files_done = 0, bytes = ? where id = ?`, files, bytes, exportID).Error
}

func storeVolume(tx db.Tx, v Volume) error {
	return tx.SQL().Exec(`update export_volumes set bytes = ?, sha256 = ?, made_at = ? where export_id = ? and number = ?`,
		v.Bytes, v.SHA256, tx.Now(), v.ExportID, v.Number).Error
}

// storeProgress tells how many files are in. It is false when the export is not
// wanted any more.
func storeProgress(tx db.Tx, exportID uuid.UUID, done int) (wanted bool, err error) {
	res := tx.SQL().Exec(`update exports set files_done = least(files, ?) where id = ? and state = 'working'`, done, exportID)
	return res.RowsAffected == 1, res.Error
}

func storeReady(tx db.Tx, exportID uuid.UUID) (first bool, err error) {
	res := tx.SQL().Exec(`update exports set state = 'ready', files_done = files, ready_at = ?, expires_at = ? where id = ? and state = 'working'`,
		tx.Now(), tx.Now().Add(KeepArchive), exportID)
	return res.RowsAffected == 1, res.Error
}

func storeFailed(tx db.Tx, exportID uuid.UUID) error {
	return tx.SQL().Exec(`update exports set state = 'failed' where id = ? and state in ('waiting', 'working')`, exportID).Error
}

// importRow is what an archive has become.
type importRow struct {
	StudioID uuid.UUID
	OwnerID  uuid.UUID
}

func importOf(ctx context.Context, r db.Reader, source uuid.UUID) (row importRow, err error) {
	err = r.SQL(ctx).Raw(`select studio_id, owner_id from imports where source_studio = ?`, source).Scan(&row).Error
	return row, err
}

func insertImport(tx db.Tx, source, studioID, owner uuid.UUID) error {
	return tx.SQL().Exec(`insert into imports (source_studio, studio_id, owner_id, begun_at) values (?, ?, ?, ?)`, source, studioID, owner, tx.Now()).Error
}

func importedMedia(ctx context.Context, r db.Reader, studioID uuid.UUID) (map[uuid.UUID]uuid.UUID, error) {
	var rows []struct{ SourceID, MediaID uuid.UUID }
	err := r.SQL(ctx).Raw(`select source_id, media_id from imported_media where studio_id = ?`, studioID).Scan(&rows).Error
	out := make(map[uuid.UUID]uuid.UUID, len(rows))
	for _, x := range rows {
		out[x.SourceID] = x.MediaID
	}
	return out, err
}

func insertImportedMedia(tx db.Tx, studioID, source, mediaID uuid.UUID) error {
	return tx.SQL().Exec(`insert into imported_media (studio_id, source_id, media_id) values (?, ?, ?)
		on conflict (studio_id, source_id) do update set media_id = excluded.media_id`, studioID, source, mediaID).Error
}

// importedWork is what a work has become; empty when nothing yet.
func importedWork(tx db.Tx, studioID uuid.UUID, source string) (publicID string, done bool, err error) {
	var row struct {
		PublicID string
		Done     bool
	}
	err = tx.SQL().Raw(`select public_id, done_at is not null as done from imported_works where studio_id = ? and source_id = ?`, studioID, source).Scan(&row).Error
	return row.PublicID, row.Done, err
}

// importedWorks are the public ids of the works of an archive here, by those there.
func importedWorks(ctx context.Context, r db.Reader, studioID uuid.UUID) (map[string]string, error) {
	var rows []struct{ SourceID, PublicID string }
	err := r.SQL(ctx).Raw(`select source_id, public_id from imported_works where studio_id = ?`, studioID).Scan(&rows).Error
	out := make(map[string]string, len(rows))
	for _, row := range rows {
		out[row.SourceID] = row.PublicID
	}
	return out, err
}

func insertImportedWork(tx db.Tx, studioID uuid.UUID, source, publicID string) error {
	return tx.SQL().Exec(`insert into imported_works (studio_id, source_id, public_id) values (?, ?, ?)`, studioID, source, publicID).Error
}

func finishImportedWork(tx db.Tx, studioID uuid.UUID, source string) error {
	return tx.SQL().Exec(`update imported_works set done_at = ? where studio_id = ? and source_id = ?`, tx.Now(), studioID, source).Error
}
