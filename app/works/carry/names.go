package carry

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"vitrine/app/fault"
)

// PublicIDs gives the public ids of works of a studio, in any state; ids without
// a work there are missing. One query.
func (s *Service) PublicIDs(ctx context.Context, studioID uuid.UUID, ids []uuid.UUID) (out map[uuid.UUID]string, err error) {
	defer fault.Wrap(&err, "carry.PublicIDs(%d)", len(ids))
	out = make(map[uuid.UUID]string, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var rows []struct {
		ID       uuid.UUID
		PublicID string
	}
	err = s.db.Read(ctx).SQL(ctx).Raw(`select id, public_id from works where studio_id = ? and id = any(cast(? as uuid[]))`, studioID, "{"+strings.Join(uuid.UUIDs(ids).Strings(), ",")+"}").Scan(&rows).Error
	for _, row := range rows {
		out[row.ID] = row.PublicID
	}
	return out, err
}
