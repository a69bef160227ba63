package studios

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

const columns = "s.id, s.slug, s.name, s.description, s.location, s.time_zone, s.noai, s.placement, s.personal_of, s.demo, s.closing_at, s.suspended_at, s.created_at, s.version"

func studioBySlug(ctx context.Context, r db.Reader, slug string) (Studio, error) {
	return db.One[Studio](r.SQL(ctx).Raw("select "+columns+" from studio_slugs n join studios s on s.id = n.studio_id where n.slug = ?", slug))
}

func studioByID(ctx context.Context, r db.Reader, studioID uuid.UUID) (Studio, error) {
	return db.One[Studio](r.SQL(ctx).Raw("select "+columns+" from studios s where s.id = ?", studioID))
}

func studiosByIDs(ctx context.Context, r db.Reader, ids []uuid.UUID) (map[uuid.UUID]Studio, error) {
	out := make(map[uuid.UUID]Studio, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var rows []Studio
	if err := r.SQL(ctx).Raw("select "+columns+" from studios s where s.id in ?", ids).Scan(&rows).Error; err != nil {
		return nil, err
	}
	for _, st := range rows {
		out[st.ID] = st
	}
	return out, nil
}

// holdStudio reads the studio and keeps other changes waiting.
func holdStudio(tx db.Tx, studioID uuid.UUID) (Studio, error) {
	return db.One[Studio](tx.SQL().Raw("select "+columns+" from studios s where s.id = ? for update", studioID))
}

// insertStudio makes the studio; its slug was taken before.
func insertStudio(tx db.Tx, st Studio) error {
	return tx.SQL().Exec(`insert into studios (id, slug, name, description, location, time_zone, noai, placement, personal_of, created_at, updated_at, version)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		st.ID, st.Slug, st.Name, st.Description, st.Location, st.TimeZone, st.NoAI, st.Placement, st.PersonalOf, st.CreatedAt, st.CreatedAt, st.Version).Error
}

func markDemo(tx db.Tx, studioID uuid.UUID) error {
	return tx.SQL().Exec(`update studios set demo = true where id = ?`, studioID).Error
}

// takeSlug gives the studio a slug, a former one of its own included, and tells
// false when it belongs or belonged to another.
func takeSlug(tx db.Tx, studioID uuid.UUID, slug string) (bool, error) {
	if closed, err := tombstone(tx, slug); err != nil || closed {
		return false, err
	}
	res := tx.SQL().Exec(`insert into studio_slugs as n (slug, studio_id, since) values (?, ?, ?)
		on conflict (slug) do update set since = excluded.since where n.studio_id = excluded.studio_id`, slug, studioID, tx.Now())
	return res.RowsAffected == 1, res.Error
}

// countSlugs counts the slugs that a studio has and had.
func countSlugs(ctx context.Context, r db.Reader, studioID uuid.UUID) (int64, error) {
	return db.One[int64](r.SQL(ctx).Raw(`select count(*) from studio_slugs where studio_id = ?`, studioID))
}

func updateStudio(tx db.Tx, st Studio) error {
	return tx.SQL().Exec(`update studios set slug = ?, name = ?, description = ?, location = ?, time_zone = ?, noai = ?, version = ?, updated_at = ? where id = ?`,
		st.Slug, st.Name, st.Description, st.Location, st.TimeZone, st.NoAI, st.Version, tx.Now(), st.ID).Error
}

func insertMember(tx db.Tx, studioID, userID uuid.UUID, role Role) error {
	return tx.SQL().Exec(`insert into memberships (studio_id, user_id, role, created_at, updated_at) values (?, ?, ?, ?, ?)`,
		studioID, userID, role, tx.Now(), tx.Now()).Error
}

func membershipsOf(ctx context.Context, r db.Reader, userID uuid.UUID) (out []Membership, err error) {
	err = r.SQL(ctx).Raw(`select s.id as studio_id, s.slug, s.name, m.role, s.time_zone, s.personal_of is not distinct from m.user_id as personal, s.closing_at,
			s.suspended_at, s.suspended_reason
		from memberships m join studios s on s.id = m.studio_id where m.user_id = ?
		order by personal desc, lower(s.name), s.id`, userID).Scan(&out).Error
	return out, err
}

func roleOf(ctx context.Context, r db.Reader, studioID, userID uuid.UUID) (Role, error) {
	// A string and not a Role: gorm counts no row for a named basic type.
	role, err := db.One[string](r.SQL(ctx).Raw(`select role from memberships where studio_id = ? and user_id = ?`, studioID, userID))
	if db.NotFound(err) {
		return None, nil
	}
	return Role(role), err
}

// countOwned counts the studios of a person, in that person's scope.
func countOwned(ctx context.Context, r db.Reader, userID uuid.UUID) (int64, error) {
	return db.One[int64](r.SQL(ctx).Raw(`select count(*) from memberships where user_id = ? and role = 'owner'`, userID))
}

func rollOf(ctx context.Context, r db.Reader, studioID uuid.UUID, from Seat, limit int) (out []Member, next Seat, err error) {
	var rows []struct {
		Member `gorm:"embedded"`
		Rank   int
	}
	err = r.SQL(ctx).Raw(`select user_id, role, created_at as joined_at, rank from memberships
		where studio_id = ? and (rank, created_at, user_id) > (?, ?, ?) order by rank, created_at, user_id limit ?`,
		studioID, from.Rank, from.At, from.ID, limit+1).Scan(&rows).Error
	for i, row := range rows {
		if i == limit {
			last := rows[limit-1]
			return out, Seat{Rank: last.Rank, At: last.JoinedAt, ID: last.UserID}, err
		}
		out = append(out, row.Member)
	}
	return out, next, err
}

func membersOf(ctx context.Context, r db.Reader, studioID uuid.UUID) (out []Member, err error) {
	err = r.SQL(ctx).Raw(`select user_id, role, created_at as joined_at from memberships where studio_id = ? order by created_at, user_id`, studioID).Scan(&out).Error
	return out, err
}
