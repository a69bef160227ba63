package studios

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

// closingBatch is how many studios one round tells or lists.
const closingBatch = 200

func setClosing(tx db.Tx, actor, studioID uuid.UUID, at time.Time) (began bool, err error) {
	res := tx.SQL().Exec(`update studios set closing_asked_at = ?, closing_at = ?, closing_by = ?, closing_warned_at = null, updated_at = ?, version = version + 1
		where id = ? and closing_at is null`, tx.Now(), at, actor, tx.Now(), studioID)
	return res.RowsAffected == 1, res.Error
}

func clearClosing(tx db.Tx, studioID uuid.UUID) (kept bool, err error) {
	res := tx.SQL().Exec(`update studios set closing_asked_at = null, closing_at = null, closing_by = null, closing_warned_at = null, updated_at = ?, version = version + 1
		where id = ? and closing_at is not null`, tx.Now(), studioID)
	return res.RowsAffected == 1, res.Error
}

func endsAt(tx db.Tx, studioID uuid.UUID) (*time.Time, error) {
	row, err := db.One[struct{ ClosingAt *time.Time }](tx.SQL().Raw(`select closing_at from studios where id = ?`, studioID))
	if db.NotFound(err) {
		return nil, nil //nolint:nilnil // whoever asks finds out by themselves
	}
	return row.ClosingAt, err
}

func ownedBy(ctx context.Context, r db.Reader, userID uuid.UUID) (out []Owned, err error) {
	err = r.SQL(ctx).Raw(`select s.id as studio_id, s.slug, s.name, s.personal_of is not distinct from m.user_id as personal, s.closing_at, s.closing_by
		from memberships m join studios s on s.id = m.studio_id where m.user_id = ? and m.role = 'owner'
		order by personal desc, lower(s.name), s.id`, userID).Scan(&out).Error
	return out, err
}

func countOthers(ctx context.Context, r db.Reader, studioID, userID uuid.UUID) (n int, err error) {
	err = r.SQL(ctx).Raw(`select count(*) from memberships where studio_id = ? and user_id <> ?`, studioID, userID).Scan(&n).Error
	return n, err
}

// ending is a studio whose members are told. Quiet: its owner leaves altogether
// and is told of that instead.
type ending struct {
	StudioID uuid.UUID
	At       time.Time
	By       *uuid.UUID
	Quiet    bool
}

func warnClosing(tx db.Tx, until time.Time) (list []ending, err error) {
	err = tx.SQL().Raw(`update studios set closing_warned_at = ? where id in (
			select id from studios where closing_at <= ? and closing_warned_at is null order by closing_at limit ?)
		returning id as studio_id, closing_at as at, closing_by as by, personal_of is not null as quiet`, tx.Now(), until, closingBatch).Scan(&list).Error
	return list, err
}

func dueToClose(ctx context.Context, r db.Reader, now time.Time, limit int) (ids []uuid.UUID, err error) {
	err = r.SQL(ctx).Raw(`select id from studios where closing_at <= ? order by closing_at limit ?`, now, limit).Scan(&ids).Error
	return ids, err
}

// slugHash is what stays of an address whose studio is gone.
func slugHash(slug string) []byte {
	sum := sha256.Sum256([]byte("vitrine slug " + slug))
	return sum[:]
}

// tombstone tells whether the address belonged to a studio that is gone.
func tombstone(tx db.Tx, slug string) (bool, error) {
	return db.One[bool](tx.SQL().Raw(`select exists (select from closed_slugs where hash = ?)`, slugHash(slug)))
}

func eraseStudio(tx db.Tx, studioID uuid.UUID) (erased bool, err error) {
	var slugs []string
	if err := tx.SQL().Raw(`select slug from studio_slugs where studio_id = ?`, studioID).Scan(&slugs).Error; err != nil {
		return false, err
	}
	for _, slug := range slugs {
		if err := tx.SQL().Exec(`insert into closed_slugs (closed_at, hash) values (?, ?) on conflict do nothing`, tx.Now(), slugHash(slug)).Error; err != nil {
			return false, err
		}
	}
	res := tx.SQL().Exec(`delete from studios where id = ?`, studioID)
	return res.RowsAffected == 1, res.Error
}

// ForgetSlugs frees the addresses of studios that are gone for long enough, at
// most 5,000, and says how many.
func (s *Service) ForgetSlugs(_ context.Context, tx db.Tx) (int64, error) {
	res := tx.SQL().Exec(`delete from closed_slugs where hash in (
		select hash from closed_slugs where closed_at < ? order by closed_at limit 5000)`, tx.Now().Add(-KeepClosedSlug))
	return res.RowsAffected, res.Error
}

// eraseMember removes the person's memberships and the invitations by and to
// them, and gives the heir of each studio that was theirs. The order of the two
// statements matters: a studio has one owner at most.
func eraseMember(tx db.Tx, userID uuid.UUID, keys []string) (heirs map[uuid.UUID]uuid.UUID, err error) {
	var owned []uuid.UUID
	if err := tx.SQL().Raw(`select studio_id from memberships where user_id = ? and role = 'owner' order by studio_id`, userID).Scan(&owned).Error; err != nil {
		return nil, err
	}
	heirs = map[uuid.UUID]uuid.UUID{}
	for _, studioID := range owned {
		if _, err := holdStudio(tx, studioID); err != nil {
			return nil, err
		}
	}
	if err := tx.SQL().Exec(`delete from memberships where user_id = ?`, userID).Error; err != nil {
		return nil, err
	}
	for _, studioID := range owned {
		var heir []uuid.UUID
		err := tx.SQL().Raw(`update memberships set role = 'owner', updated_at = ?, version = version + 1 where studio_id = ? and user_id = (
			select user_id from memberships where studio_id = ? order by case role when 'admin' then 1 when 'editor' then 2 else 3 end, created_at, user_id limit 1)
			returning user_id`, tx.Now(), studioID, studioID).Scan(&heir).Error
		if err != nil {
			return nil, err
		}
		if len(heir) == 1 {
			heirs[studioID] = heir[0]
		}
	}
	if err := tx.SQL().Exec(`update studios set personal_of = null where personal_of = ?`, userID).Error; err != nil {
		return nil, err
	}
	if err := tx.SQL().Exec(`update invitations set invited_by = ? where invited_by = ?`, uuid.Nil, userID).Error; err != nil {
		return nil, err
	}
	return heirs, tx.SQL().Exec(`delete from invitations where joined_by = ? or email_key in ?`, userID, keys).Error
}

// raiseTombstone lets the studio that is restored have its address again.
func raiseTombstone(tx db.Tx, slug string) error {
	return tx.SQL().Exec(`delete from closed_slugs where hash = ?`, slugHash(slug)).Error
}

func exported(ctx context.Context, r db.Reader, studioID uuid.UUID) (st ExportedStudio, members []Member, invitations []ExportedInvitation, err error) {
	st, err = db.One[ExportedStudio](r.SQL(ctx).Raw(`select id, slug, name, description, location, time_zone, noai, personal_of is not null as personal, created_at, closing_at
		from studios where id = ?`, studioID))
	if db.NotFound(err) {
		return st, nil, nil, errNoStudio
	}
	if err != nil {
		return st, nil, nil, err
	}
	st.FormerSlugs = []string{}
	if err := r.SQL(ctx).Raw(`select slug from studio_slugs where studio_id = ? and slug <> ? order by since, slug`, studioID, st.Slug).Scan(&st.FormerSlugs).Error; err != nil {
		return st, nil, nil, err
	}
	if members, err = membersOf(ctx, r, studioID); err != nil {
		return st, nil, nil, err
	}
	err = r.SQL(ctx).Raw(`select email, role, invited_by, created_at, expires_at, ended_at, ended_as from invitations where studio_id = ? order by created_at, id`, studioID).Scan(&invitations).Error
	return st, members, invitations, err
}
