// Package brief finds works of a studio by their ids for lists that others keep,
// such as statistics. It is apart from package works, whose use cases are those
// of people, but keeps to its table.
package brief

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
	"vitrine/app/works"
)

// Of finds works of a studio in any state, within a transaction in its scope.
// Works that are gone are missing. One query.
func Of(ctx context.Context, r db.Reader, studioID uuid.UUID, ids []uuid.UUID) (map[uuid.UUID]works.Work, error) {
	found := make(map[uuid.UUID]works.Work, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	var rows []works.Work
	if err := r.SQL(ctx).Raw(`select * from works where studio_id = ? and id in ?`, studioID, ids).Scan(&rows).Error; err != nil {
		return nil, err
	}
	for _, w := range rows {
		found[w.ID] = w
	}
	return found, nil
}
