package studios

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
)

// lockMembers lets one change of a studio's members happen at a time. Rows that
// refer to the studio can be written meanwhile: "for update" would make them
// wait, and a writer that holds its role would then wait for whoever takes it.
func lockMembers(tx db.Tx, studioID uuid.UUID) error {
	return tx.SQL().Exec(`select 1 from studios where id = ? for no key update`, studioID).Error
}

// holdRole reads the role and keeps it from being changed.
func holdRole(tx db.Tx, studioID, userID uuid.UUID) (Role, error) {
	role, err := db.One[string](tx.SQL().Raw(`select role from memberships where studio_id = ? and user_id = ? for share`, studioID, userID))
	if db.NotFound(err) {
		return None, nil
	}
	return Role(role), err
}

func updateRole(tx db.Tx, studioID, userID uuid.UUID, to Role) error {
	return tx.SQL().Exec(`update memberships set role = ?, updated_at = ?, version = version + 1 where studio_id = ? and user_id = ?`,
		to, tx.Now(), studioID, userID).Error
}

func deleteMember(tx db.Tx, studioID, userID uuid.UUID) error {
	return tx.SQL().Exec(`delete from memberships where studio_id = ? and user_id = ?`, studioID, userID).Error
}

func countMembers(ctx context.Context, r db.Reader, studioID uuid.UUID) (int64, error) {
	return db.One[int64](r.SQL(ctx).Raw(`select count(*) from memberships where studio_id = ?`, studioID))
}

// claim takes an idempotency key for what a person does in a studio.
func claim(ctx context.Context, tx db.Tx, action string, studioID, actor uuid.UUID, key string) (prior string, repeated bool, err error) {
	return idem.Claim(ctx, tx, action+":"+studioID.String()+":"+actor.String(), key)
}

const invitationColumns = `id, studio_id, email, email_key, role, invited_by, created_at, sent_at, sends, expires_at, ended_at, ended_as, joined_by`

func insertInvitation(tx db.Tx, v Invitation) error {
	return tx.SQL().Exec(`insert into invitations (id, studio_id, email, email_key, role, invited_by, created_at, sent_at, expires_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		v.ID, v.StudioID, v.Email, v.EmailKey, v.Role, v.InvitedBy, tx.Now(), tx.Now(), tx.Now().Add(InvitationLife)).Error
}

// openInvitations lists what has not ended, newest first, expired ones included.
func openInvitations(ctx context.Context, r db.Reader, studioID uuid.UUID) (out []Invitation, err error) {
	err = r.SQL(ctx).Raw(`select `+invitationColumns+` from invitations where studio_id = ? and ended_at is null
		order by created_at desc, id desc limit ?`, studioID, 2*openLimit).Scan(&out).Error
	return out, err
}

func invitationByID(ctx context.Context, r db.Reader, studioID, invitationID uuid.UUID) (Invitation, error) {
	return db.One[Invitation](r.SQL(ctx).Raw(`select `+invitationColumns+` from invitations where studio_id = ? and id = ?`, studioID, invitationID))
}

func invitationTo(ctx context.Context, r db.Reader, studioID uuid.UUID, key string) (Invitation, error) {
	return db.One[Invitation](r.SQL(ctx).Raw(`select `+invitationColumns+` from invitations where studio_id = ? and email_key = ? and ended_at is null`, studioID, key))
}

func invitationByLink(ctx context.Context, r db.Reader, studioID uuid.UUID, hash []byte) (Invitation, error) {
	return db.One[Invitation](r.SQL(ctx).Raw(`select `+invitationColumns+` from invitations
		where studio_id = ? and id = (select invitation_id from invitation_links where studio_id = ? and hash = ?)`, studioID, studioID, hash))
}

// studioOfLink asks the database, which alone sees every studio's links; nil
// when there is no such link.
func studioOfLink(ctx context.Context, r db.Reader, hash []byte) (uuid.UUID, error) {
	var found *uuid.UUID
	if err := r.SQL(ctx).Raw(`select invited_studio(@link)`, sql.Named("link", hash)).Row().Scan(&found); err != nil || found == nil {
		return uuid.Nil, err
	}
	return *found, nil
}

func insertInvitationLink(tx db.Tx, v Invitation, hash []byte) error {
	return tx.SQL().Exec(`insert into invitation_links (hash, studio_id, invitation_id, created_at) values (@hash, @studio, @invitation, @now)`,
		sql.Named("hash", hash), sql.Named("studio", v.StudioID), sql.Named("invitation", v.ID), sql.Named("now", tx.Now())).Error
}

func sendInvitation(tx db.Tx, v Invitation) error {
	return tx.SQL().Exec(`update invitations set sent_at = ?, sends = sends + 1, expires_at = ? where studio_id = ? and id = ?`,
		tx.Now(), tx.Now().Add(InvitationLife), v.StudioID, v.ID).Error
}

func endInvitation(tx db.Tx, v Invitation, as string, joinedBy *uuid.UUID) error {
	return tx.SQL().Exec(`update invitations set ended_at = ?, ended_as = ?, joined_by = ? where studio_id = ? and id = ? and ended_at is null`,
		tx.Now(), as, joinedBy, v.StudioID, v.ID).Error
}

func endInvitationsOf(tx db.Tx, studioID, userID uuid.UUID) error {
	return tx.SQL().Exec(`update invitations set ended_at = ?, ended_as = 'withdrawn' where studio_id = ? and invited_by = ? and ended_at is null`,
		tx.Now(), studioID, userID).Error
}

// sent is how many invitations were sent lately, as its limits count them.
type sent struct {
	Open      int // by the studio, that can still be accepted
	Hour      int // by the studio, in the last hour
	ToAddress int // by the studio, to one address, in the last day
}

func countSent(ctx context.Context, r db.Reader, studioID uuid.UUID, key string, now time.Time) (sent, error) {
	return db.One[sent](r.SQL(ctx).Raw(`select
		(select count(*) from invitations where studio_id = @studio and ended_at is null and expires_at > @now) as open,
		count(*) filter (where sent_at > @hour) as hour,
		coalesce(sum(sends) filter (where email_key = @key), 0) as to_address
		from invitations where studio_id = @studio and sent_at > @day`,
		sql.Named("studio", studioID), sql.Named("key", key), sql.Named("now", now), sql.Named("hour", now.Add(-time.Hour)), sql.Named("day", now.Add(-24*time.Hour))))
}

// countSentBy counts what a person sent in all studios since then, in that
// person's scope. A mail that was sent again counts for who sent it first.
func countSentBy(ctx context.Context, r db.Reader, userID uuid.UUID, since time.Time) (int64, error) {
	return db.One[int64](r.SQL(ctx).Raw(`select count(*) from invitations where invited_by = ? and sent_at > ?`, userID, since))
}

func forgetInvitations(tx db.Tx, before time.Time) (int64, error) {
	res := tx.SQL().Exec(`delete from invitations where id in (select id from invitations where coalesce(ended_at, expires_at) < ? limit 5000)`, before)
	return res.RowsAffected, res.Error
}

// Governs tells whether one of the people owns or administers a studio, in a
// transaction in its scope or of the worker's role.
func Governs(tx db.Tx, studioID uuid.UUID, people []uuid.UUID) (governs bool, err error) {
	if len(people) == 0 {
		return false, nil
	}
	err = tx.SQL().Raw(`select exists (select from memberships where studio_id = ? and user_id in ? and role in ('owner', 'admin'))`, studioID, people).Scan(&governs).Error
	return governs, err
}
