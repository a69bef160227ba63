package media

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
)

// DefaultLimit is what a studio may store until billing says otherwise, in
// bytes; the column's default says the same.
const DefaultLimit = 5_000_000_000

// The two accounts of a studio: what is promised to uploads under way, and what
// is stored.
const (
	accountReserved = "reserved"
	accountUsed     = "used"
)

// The kinds of entry.
const (
	entryReserve    = "reserve"
	entryOriginal   = "original"
	entryRendition  = "rendition"
	entryRelease    = "release"
	entryCorrection = "correction"
)

// reserve promises room for a file that is about to arrive, or refuses it. The
// row of the studio's usage is locked from here to the commit, so two uploads
// cannot be promised the same room.
func reserve(tx db.Tx, m Media) error {
	if err := tx.SQL().Exec(`insert into storage_usage (studio_id, updated_at) values (?, ?) on conflict do nothing`, m.StudioID, tx.Now()).Error; err != nil {
		return err
	}
	res := tx.SQL().Exec(`update storage_usage set reserved = reserved + ?, updated_at = ?
		where studio_id = ? and used + reserved + ? <= byte_limit`, m.Bytes, tx.Now(), m.StudioID, m.Bytes)
	if res.Error != nil {
		return res.Error
	}
	if res.RowsAffected == 0 {
		var u Usage
		if err := tx.SQL().Raw(`select used, reserved, byte_limit from storage_usage where studio_id = ?`, m.StudioID).Scan(&u).Error; err != nil {
			return err
		}
		return fault.Newf(fault.Invalid, "%s needs %s and your studio has %s left. Make room, or choose a smaller file.",
			m.Filename, inBytes(m.Bytes), inBytes(u.Left()))
	}
	_, err := write(tx, m.StudioID, m.ID, accountReserved, entryReserve, "", m.Bytes)
	return err
}

// book writes an entry and moves the studio's usage by it, once: an entry that
// is there already moves nothing.
func book(tx db.Tx, studioID, mediaID uuid.UUID, account, kind, name string, bytes int64) error {
	first, err := write(tx, studioID, mediaID, account, kind, name, bytes)
	if err != nil || !first {
		return err
	}
	used, reserved := bytes, int64(0)
	if account == accountReserved {
		used, reserved = 0, bytes
	}
	return tx.SQL().Exec(`insert into storage_usage (studio_id, used, reserved, updated_at) values (?, greatest(0, ?::bigint), greatest(0, ?::bigint), ?)
		on conflict (studio_id) do update set used = storage_usage.used + ?, reserved = storage_usage.reserved + ?, updated_at = excluded.updated_at`,
		studioID, used, reserved, tx.Now(), used, reserved).Error
}

func write(tx db.Tx, studioID, mediaID uuid.UUID, account, kind, name string, bytes int64) (first bool, err error) {
	res := tx.SQL().Exec(`insert into storage_ledger (id, studio_id, media_id, account, entry, name, bytes, created_at)
		values (?, ?, ?, ?, ?, ?, ?, ?) on conflict on constraint storage_ledger_once do nothing`,
		id.New(), studioID, mediaID, account, kind, name, bytes, tx.Now())
	return res.RowsAffected == 1, res.Error
}

// balance is what the ledger says of one media on one account.
func balance(tx db.Tx, studioID, mediaID uuid.UUID, account string) (sum int64, err error) {
	err = tx.SQL().Raw(`select coalesce(sum(bytes), 0) from storage_ledger where studio_id = ? and media_id = ? and account = ?`,
		studioID, mediaID, account).Scan(&sum).Error
	return sum, err
}

// release gives back whatever a media still holds on both accounts.
func release(tx db.Tx, studioID, mediaID uuid.UUID) error {
	for _, account := range []string{accountReserved, accountUsed} {
		sum, err := balance(tx, studioID, mediaID, account)
		if err != nil {
			return err
		}
		if sum == 0 {
			continue
		}
		if err := book(tx, studioID, mediaID, account, entryRelease, "", -sum); err != nil {
			return fmt.Errorf("releasing %d bytes of %s: %w", sum, mediaID, err)
		}
	}
	return nil
}

// SetLimit changes what a studio may store, in bytes. Only billing calls it.
// What is stored already stays, even above the limit.
func (s *Service) SetLimit(_ context.Context, tx db.Tx, studioID uuid.UUID, bytes int64) error {
	return tx.SQL().Exec(`insert into storage_usage (studio_id, byte_limit, updated_at) values (?, ?, ?)
		on conflict (studio_id) do update set byte_limit = excluded.byte_limit, updated_at = excluded.updated_at`, studioID, bytes, tx.Now()).Error
}

// correct moves an account to what the rows say and writes down by how much.
func correct(tx db.Tx, studioID uuid.UUID, account string, by int64) error {
	if err := tx.SQL().Exec(`insert into storage_ledger (id, studio_id, account, entry, bytes, created_at) values (?, ?, ?, ?, ?, ?)`,
		id.New(), studioID, account, entryCorrection, by, tx.Now()).Error; err != nil {
		return err
	}
	used, reserved := by, int64(0)
	if account == accountReserved {
		used, reserved = 0, by
	}
	return tx.SQL().Exec(`update storage_usage set used = used + ?, reserved = reserved + ?, updated_at = ? where studio_id = ?`,
		used, reserved, tx.Now(), studioID).Error
}
