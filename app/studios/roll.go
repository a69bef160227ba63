package studios

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/keyset"
)

// Seat is a place in a studio's roll; the zero value is before everybody.
type Seat struct {
	Rank int // 1 is the owner
	At   time.Time
	ID   uuid.UUID
}

// rankBits is where the rank begins in what a link holds: microseconds are below.
const rankBits = 56

// String writes it for a link. It is empty for the beginning.
func (s Seat) String() string {
	return keyset.Encode(uint64(s.Rank)<<rankBits|uint64(s.At.UnixMicro()), s.ID) //nolint:gosec // both are positive
}

// ParseSeat reads what String wrote; anything else is the beginning.
func ParseSeat(s string) Seat {
	order, id, ok := keyset.Decode(s)
	if !ok {
		return Seat{}
	}
	return Seat{Rank: int(order >> rankBits), At: time.UnixMicro(int64(order & (1<<rankBits - 1))).UTC(), ID: id} //nolint:gosec // 8 and 56 bits
}

// Roll lists who belongs to a studio, a page at a time: the owner, then admins,
// editors and viewers, each in the order of joining. The caller has checked that
// the viewer may see them. next is the beginning after the last page.
func (s *Service) Roll(ctx context.Context, studioID uuid.UUID, from Seat, limit int) (out []Member, next Seat, err error) {
	defer fault.Wrap(&err, "studios.Roll(%s)", studioID)
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		out, next, err = rollOf(ctx, r, studioID, from, limit)
		return err
	})
	return out, next, err
}
