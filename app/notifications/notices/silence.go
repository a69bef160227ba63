package notices

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// Silence lets people hear nothing but what a moderator decided, on no page and
// by no mail: for people of the demo data, whose letters nobody reads.
func (s *Service) Silence(_ context.Context, tx db.Tx, userIDs ...uuid.UUID) (err error) {
	defer fault.Wrap(&err, "notices.Silence(%d)", len(userIDs))
	for _, userID := range userIDs {
		for _, k := range Kinds {
			if k.Fixed() {
				continue
			}
			if err := saveSetting(tx, setting{UserID: userID, Kind: k}); err != nil {
				return err
			}
		}
	}
	return nil
}
