package media

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

// Unsettled gives the studio's files that are on their way or that need
// somebody, the newest first, without renditions. One query.
func (s *Service) Unsettled(ctx context.Context, r db.Reader, studioID uuid.UUID, limit int) (rows []Media, err error) {
	err = r.SQL(ctx).Raw(`select * from media where studio_id = ? and deleted_at is null
		and state in ('uploading', 'checking', 'processing', 'failed', 'duplicate') order by updated_at desc, id desc limit ?`, studioID, limit).Scan(&rows).Error
	return rows, err
}
