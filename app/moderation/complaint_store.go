package moderation

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
)

const complaintColumns = `id, kind, subject_id, studio_id, work_id, public_id, author_id, title, anchor, quote, claimant, claim, reports, state, opened_at, decided_at, decided_by, note`

// openComplaint finds the complaint about something that waits, or makes one.
// The row is locked until the end.
func openComplaint(tx db.Tx, s Subject) (uuid.UUID, error) {
	row, err := db.One[struct{ ID uuid.UUID }](tx.SQL().Raw(`insert into complaints (id, studio_id, kind, subject_id, work_id, public_id, author_id, title, anchor, quote, opened_at)
		values (@id, @studio, @kind, @subject, @work, @public, @author, @title, @anchor, @quote, @now)
		on conflict (kind, subject_id) where state = 'open' do update set reports = complaints.reports returning id`,
		sql.Named("studio", s.StudioID), sql.Named("kind", s.Kind), sql.Named("subject", s.SubjectID), sql.Named("work", s.WorkID), sql.Named("public", s.PublicID),
		sql.Named("author", s.AuthorID), sql.Named("title", s.Title), sql.Named("anchor", s.Anchor), sql.Named("quote", s.Quote), sql.Named("now", tx.Now()), sql.Named("id", id.New())))
	return row.ID, err
}

// insertReport says whether it is the person's first about the complaint.
func insertReport(tx db.Tx, reportID, studioID, complaintID uuid.UUID, who reporter, ground Ground, words string) (first bool, err error) {
	var member *uuid.UUID
	if who.memberID != uuid.Nil {
		member = &who.memberID
	}
	res := tx.SQL().Exec(`insert into reports (id, studio_id, complaint_id, reporter_id, email, reporter_key, ground, words, at)
		values (@id, @studio, @complaint, @member, @email, @key, @ground, @words, @now) on conflict do nothing`,
		sql.Named("id", reportID), sql.Named("studio", studioID), sql.Named("complaint", complaintID), sql.Named("member", member), sql.Named("email", who.email),
		sql.Named("key", who.key), sql.Named("ground", ground), sql.Named("words", words), sql.Named("now", tx.Now()))
	return res.RowsAffected == 1, res.Error
}

func countReport(tx db.Tx, complaintID uuid.UUID) error {
	return tx.SQL().Exec(`update complaints set reports = reports + 1 where id = ?`, complaintID).Error
}

func setClaim(tx db.Tx, complaintID uuid.UUID, claimant, claim string) error {
	return tx.SQL().Exec(`update complaints set claimant = ?, claim = ? where id = ?`, claimant, claim, complaintID).Error
}

func insertTakedown(tx db.Tx, takedownID uuid.UUID, number string, complaintID uuid.UUID, emailKey string, t Takedown) error {
	var member *uuid.UUID
	if t.MemberID != uuid.Nil {
		member = &t.MemberID
	}
	return tx.SQL().Exec(`insert into takedowns (id, number, studio_id, complaint_id, reporter_id, page, name, holder, email, email_key, contact, owned, statement, signature, sworn, at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		takedownID, number, t.Subject.StudioID, complaintID, member, t.Page, t.Name, t.Holder, t.Email, emailKey, t.Contact, t.Owned, t.Statement, t.Signature, t.Sworn, tx.Now()).Error
}

const claimColumns = `id, number, studio_id, complaint_id, page, name, holder, email, email_key, contact, owned, statement, signature, at`

func claimByID(ctx context.Context, r db.Reader, takedownID uuid.UUID) (Claim, error) {
	return db.One[Claim](r.SQL(ctx).Raw(`select `+claimColumns+` from takedowns where id = ?`, takedownID))
}

func claimsOf(ctx context.Context, r db.Reader, complaintID uuid.UUID) (list []Claim, err error) {
	err = r.SQL(ctx).Raw(`select `+claimColumns+` from takedowns where complaint_id = ? order by at, id limit 50`, complaintID).Scan(&list).Error
	return list, err
}

func complaintByID(ctx context.Context, r db.Reader, complaintID uuid.UUID) (Complaint, error) {
	return db.One[Complaint](r.SQL(ctx).Raw(`select `+complaintColumns+` from complaints where id = ?`, complaintID))
}

func holdComplaint(tx db.Tx, complaintID uuid.UUID) (Complaint, error) {
	return db.One[Complaint](tx.SQL().Raw(`select `+complaintColumns+` from complaints where id = ? for update`, complaintID))
}

func decideComplaint(tx db.Tx, complaintID uuid.UUID, to Stage, by uuid.UUID, note string) error {
	return tx.SQL().Exec(`update complaints set state = ?, decided_at = ?, decided_by = ?, note = ? where id = ?`, to, tx.Now(), by, note, complaintID).Error
}

func openComplaints(ctx context.Context, r db.Reader, from Place, limit int) (list []Complaint, err error) {
	where, args := "", []any{}
	if from.ID != uuid.Nil {
		where, args = " and (opened_at, id) > (?, ?)", []any{from.At, from.ID}
	}
	err = r.SQL(ctx).Raw(`select `+complaintColumns+` from complaints where state = 'open'`+where+` order by opened_at, id limit ?`, append(args, limit)...).Scan(&list).Error
	return list, err
}

func settledComplaints(ctx context.Context, r db.Reader, from Place, limit int) (list []Complaint, err error) {
	where, args := "", []any{}
	if from.ID != uuid.Nil {
		where, args = " and (decided_at, id) < (?, ?)", []any{from.At, from.ID}
	}
	err = r.SQL(ctx).Raw(`select `+complaintColumns+` from complaints where state <> 'open'`+where+` order by decided_at desc, id desc limit ?`, append(args, limit)...).Scan(&list).Error
	return list, err
}

// claimedIn lists what rights holders claim of a studio's works.
func claimedIn(ctx context.Context, r db.Reader, studioID uuid.UUID) (list []Complaint, err error) {
	err = r.SQL(ctx).Raw(`select `+complaintColumns+` from complaints where studio_id = ? and claim <> '' order by opened_at desc, id desc limit 20`, studioID).Scan(&list).Error
	return list, err
}

func loadOf(ctx context.Context, r db.Reader) (Load, error) {
	return db.One[Load](r.SQL(ctx).Raw(`select (select count(*) from reviews where state = 'waiting') as posts,
		(select count(*) from complaints where state = 'open') as complaints, (select count(*) from appeals where outcome = 'waiting') as appeals`))
}

// toldOf lists the reports of a complaint, the oldest first.
func toldOf(ctx context.Context, r db.Reader, c Complaint) (list []Told, err error) {
	err = r.SQL(ctx).Raw(`select reporter_id, email, ground, words, at from reports where studio_id = ? and complaint_id = ? order by at, id limit 50`, c.StudioID, c.ID).Scan(&list).Error
	return list, err
}

// reportersOf lists who reported, the earliest first. reporter_key is a digest of
// the same address that email_key is.
func reportersOf(ctx context.Context, r db.Reader, o Result, from Place, limit int) (list []Reporter, err error) {
	err = r.SQL(ctx).Raw(`select id, reporter_id as member_id, email, at from reports r where studio_id = @studio and complaint_id = @complaint and (at, id) > (@at, @id)
			and (reporter_id is not null or not exists (select from takedowns t where t.complaint_id = r.complaint_id and sha256(convert_to(t.email_key, 'UTF8')) = r.reporter_key))
		order by at, id limit @limit`,
		sql.Named("studio", o.StudioID), sql.Named("complaint", o.ComplaintID), sql.Named("at", from.At), sql.Named("id", from.ID), sql.Named("limit", limit)).Scan(&list).Error
	return list, err
}

func anyComplaint(ctx context.Context, r db.Reader, studioID uuid.UUID, workIDs []uuid.UUID) (ok bool, err error) {
	err = r.SQL(ctx).Raw(`select exists (select from complaints where studio_id = ? and subject_id in ?)`, studioID, workIDs).Scan(&ok).Error
	return ok, err
}

func forgetReports(tx db.Tx, before time.Time) (int64, error) {
	res := tx.SQL().Exec(`delete from reports where id in (select id from reports where at < ? limit 5000)`, before)
	return res.RowsAffected, res.Error
}

func forgetTakedowns(tx db.Tx, before time.Time) (int64, error) {
	res := tx.SQL().Exec(`delete from takedowns where id in (select id from takedowns where at < ? limit 5000)`, before)
	return res.RowsAffected, res.Error
}

func eraseFromClaims(tx db.Tx, studioID uuid.UUID) error {
	return tx.SQL().Exec(`update takedowns set studio_id = ?, complaint_id = ?, page = '' where studio_id = ?`, uuid.Nil, uuid.Nil, studioID).Error
}

// erasePerson takes a person off everything of this kind.
func erasePerson(tx db.Tx, userID uuid.UUID) error {
	for _, statement := range []string{
		`delete from reports where reporter_id = @who`,
		`update takedowns set reporter_id = null where reporter_id = @who`,
		`update complaints set author_id = @nobody, quote = '' where author_id = @who`,
		`update complaints set decided_by = @nobody where decided_by = @who`,
		`update moderation_actions set author_id = @nobody, quote = '' where author_id = @who`,
		`update moderation_actions set acted_by = @nobody where acted_by = @who`,
		`update appeals set by_id = @nobody, words = 'The account is gone, and its answer with it.' where by_id = @who`,
		`update appeals set answered_by = @nobody where answered_by = @who`,
	} {
		if err := tx.SQL().Exec(statement, sql.Named("who", userID), sql.Named("nobody", uuid.Nil)).Error; err != nil {
			return err
		}
	}
	return nil
}
