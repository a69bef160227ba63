package studios

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/fault"
)

// Directory is the studios that are open to the public in the order of their
// ids, from one id on and below another, limit of them at most; uuid.Nil for the
// second is no end. One query.
func (s *Service) Directory(ctx context.Context, from, below uuid.UUID, limit int) (list []Studio, err error) {
	defer fault.Wrap(&err, "studios.Directory(%s)", from)
	where, args := "", []any{from}
	if below != uuid.Nil {
		where, args = " and s.id < ?", append(args, below)
	}
	err = s.db.Read(ctx).SQL(ctx).Raw("select "+columns+" from studios s where s.id >= ? and s.suspended_at is null and s.closing_at is null"+where+" order by s.id limit ?",
		append(args, limit)...).Scan(&list).Error
	return list, err
}
