package notices

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// Read marks a notice of a person as read. One that is read already, or of
// somebody else, stays as it is.
func (s *Service) Read(ctx context.Context, userID, noticeID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "notices.Read(%s)", noticeID)
	return s.read(ctx, userID, func(tx db.Tx) error {
		return tx.SQL().Exec(`update notices set read_at = ? where id = ? and user_id = ? and read_at is null`, tx.Now(), noticeID, userID).Error
	})
}

// ReadAll marks what a person could see on the page as read: up to the newest
// notice that it showed, on its shelf. What came in since then stays unread.
func (s *Service) ReadAll(ctx context.Context, userID uuid.UUID, shelf Shelf, until time.Time) (err error) {
	defer fault.Wrap(&err, "notices.ReadAll(%s)", userID)
	return s.read(ctx, userID, func(tx db.Tx) error {
		return tx.SQL().Exec(`update notices set read_at = ? where user_id = ? and read_at is null and on_page and updated_at <= ? and (? = '' or shelf = ?)`,
			tx.Now(), userID, until, shelf, shelf).Error
	})
}

func (s *Service) read(ctx context.Context, userID uuid.UUID, mark func(tx db.Tx) error) error {
	if err := s.DB.Transact(ctx, mark); err != nil {
		return err
	}
	s.ring(ctx, []uuid.UUID{userID})
	return nil
}

// number writes a count with a narrow space between thousands.
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
