package studios

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"vitrine/app/fault"
)

// Zones gives the time zones of people: those of their own studios. Who has none
// is missing, and lives by UTC. One query.
func (s *Service) Zones(ctx context.Context, people []uuid.UUID) (out map[uuid.UUID]string, err error) {
	defer fault.Wrap(&err, "studios.Zones(%d)", len(people))
	var rows []struct {
		PersonalOf uuid.UUID
		TimeZone   string
	}
	err = s.db.Read(ctx).SQL(ctx).Raw(`select personal_of, time_zone from studios where personal_of = any(cast(? as uuid[]))`,
		"{"+strings.Join(uuid.UUIDs(people).Strings(), ",")+"}").Scan(&rows).Error
	out = map[uuid.UUID]string{}
	for _, r := range rows {
		out[r.PersonalOf] = r.TimeZone
	}
	return out, err
}
