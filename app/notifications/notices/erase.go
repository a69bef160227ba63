package notices

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// Forget removes notices whose newest part is older than Keep, at most 5,000, and
// says how many.
func (s *Service) Forget(_ context.Context, tx db.Tx) (int64, error) {
	res := tx.SQL().Exec(`delete from notices where id in (select id from notices where updated_at < ? limit 5000)`, tx.Now().Add(-Keep))
	return res.RowsAffected, res.Error
}

// EraseStudio removes what was told of a studio.
func (s *Service) EraseStudio(_ context.Context, tx db.Tx, studioID uuid.UUID) error {
	return tx.SQL().Exec(`delete from notices where studio_id = ?`, studioID).Error
}

// EraseUser removes what a person was told, what they chose, and their name from
// what others were told.
func (s *Service) EraseUser(_ context.Context, tx db.Tx, userID uuid.UUID) error {
	for _, query := range []string{
		`delete from notices where user_id = ?`, `delete from notice_settings where user_id = ?`, `delete from notice_hours where user_id = ?`,
		`delete from notice_parts where user_id = ?`,
	} {
		if err := tx.SQL().Exec(query, userID).Error; err != nil {
			return err
		}
	}
	var ids []uuid.UUID
	if err := tx.SQL().Raw(`delete from notice_parts where actor_id = ? returning notice_id`, userID).Scan(&ids).Error; err != nil || len(ids) == 0 {
		return err
	}
	_, err := recount(tx, ids)
	return err
}

// Exported is a notice in a person's archive.
type Exported struct {
	Kind Kind      `json:"kind"`
	Text string    `json:"text"`
	Link string    `json:"link"`
	At   time.Time `json:"at"`
	Read bool      `json:"read"`
}

// Chosen is what a person chose to hear of a kind, in their archive.
type Chosen struct {
	Kind  Kind `json:"kind"`
	Page  bool `json:"page"`
	Mail  bool `json:"mail"`
	Daily bool `json:"daily"`
}

// Export gives what a person was told, the newest first, and what they chose.
func (s *Service) Export(ctx context.Context, userID uuid.UUID, put func(Exported) error) (chosen []Chosen, err error) {
	defer fault.Wrap(&err, "notices.Export(%s)", userID)
	for from := (Place{}); ; {
		page, err := s.List(ctx, userID, All, from)
		if err != nil {
			return nil, err
		}
		for _, l := range page.Lines {
			if err := put(Exported{Kind: l.Kind, Text: l.Words.String(), Link: l.Path, At: l.At, Read: !l.Unread}); err != nil {
				return nil, err
			}
		}
		if from = page.Next; from.At.IsZero() {
			break
		}
	}
	set, err := s.Settings(ctx, userID)
	for _, k := range Kinds {
		c := set.Channels[k]
		chosen = append(chosen, Chosen{k, c.Page, c.Mail, c.Daily})
	}
	return chosen, err
}
