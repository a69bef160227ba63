package analytics

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
)

// Report is a studio's statistics as files and as a page to print, as they were
// when it was made.
type Report struct {
	StudioID  uuid.UUID
	ID        uuid.UUID
	AskedBy   uuid.UUID
	Days      int
	State     ReportState
	Percent   int // that is made
	AskedAt   time.Time
	ReadyAt   *time.Time
	ExpiresAt time.Time
}

// ReportState is how far a report has come.
type ReportState string

// The states. One that has expired is gone.
const (
	Waiting ReportState = "waiting"
	Working ReportState = "working"
	Ready   ReportState = "ready"
	Failed  ReportState = "failed"
)

// Busy tells whether it is still being made.
func (r Report) Busy() bool { return r.State == Waiting || r.State == Working }

// The files of a report. The page is JSON, which web draws.
const (
	DaysFile    = "days.csv"
	WorksFile   = "works.csv"
	SourcesFile = "sources.csv"
	pageFile    = "page.json"
)

// keepUnmade is how long a report may wait to be made.
const keepUnmade = 7 * 24 * time.Hour

// Ask asks for a report of the days of a range, for any member of the studio, and
// gives its id. Conflict while one is being made; a form that was sent twice asks
// once. NotFound for strangers.
func (s *Service) Ask(ctx context.Context, actor, studioID uuid.UUID, over Range, key string) (reportID uuid.UUID, err error) {
	defer fault.Wrap(&err, "analytics.Ask(%s)", studioID)
	err = s.DB.Tenant(ctx, studioID, func(tx db.Tx) error {
		if err := studios.Hold(ctx, tx, studioID, actor, studios.SeeStudio); err != nil {
			return err
		}
		scope := "analytics.report:" + studioID.String() + ":" + actor.String()
		prior, repeated, err := idem.Claim(ctx, tx, scope, key)
		if err != nil {
			return err
		}
		if repeated {
			reportID, err = uuid.Parse(prior)
			return err
		}
		r := Report{StudioID: studioID, ID: id.New(), AskedBy: actor, Days: int(over), AskedAt: tx.Now(), ExpiresAt: tx.Now().Add(keepUnmade)}
		made, err := insertReport(tx, r)
		if err != nil {
			return err
		}
		if !made {
			return fault.New(fault.Conflict, "A report is being made already. Wait a moment until it is ready.")
		}
		reportID = r.ID
		if err := idem.Finish(ctx, tx, scope, key, reportID.String()); err != nil {
			return err
		}
		return s.Outbox.Publish(ctx, tx, ReportAsked{StudioID: studioID, ReportID: reportID})
	})
	return reportID, err
}

var noReport = fault.New(fault.NotFound, "This report is not here any more. Reports are kept for 7 days; ask for a new one.")

// Report finds a report of a studio. NotFound when it has expired. The caller has
// checked that the viewer belongs to the studio.
func (s *Service) Report(ctx context.Context, studioID, reportID uuid.UUID) (out Report, err error) {
	defer fault.Wrap(&err, "analytics.Report(%s)", reportID)
	err = s.DB.TenantRead(ctx, studioID, func(r db.Reader) error {
		out, err = reportByID(ctx, r, studioID, reportID)
		return err
	})
	if err == nil && !out.ExpiresAt.After(s.Clock()) {
		return Report{}, noReport
	}
	return out, err
}

// LastReport finds the newest report of a studio; ok is false when there is none.
func (s *Service) LastReport(ctx context.Context, studioID uuid.UUID) (out Report, ok bool, err error) {
	defer fault.Wrap(&err, "analytics.LastReport(%s)", studioID)
	err = s.DB.TenantRead(ctx, studioID, func(r db.Reader) error {
		out, ok, err = lastReport(ctx, r, studioID)
		return err
	})
	return out, ok && out.ExpiresAt.After(s.Clock()), err
}

// File sends a file of a report that is ready, a part at a time. NotFound when
// there is none; an error of send ends it.
func (s *Service) File(ctx context.Context, r Report, name string, send func(part []byte) error) (err error) {
	defer fault.Wrap(&err, "analytics.File(%s, %s)", r.ID, name)
	if r.State != Ready {
		return noReport
	}
	for number := 1; ; number++ {
		var part []byte
		err := s.DB.TenantRead(ctx, r.StudioID, func(rd db.Reader) (err error) {
			part, err = partOf(ctx, rd, r, name, number)
			return err
		})
		switch {
		case db.NotFound(err) && number > 1:
			return nil
		case db.NotFound(err):
			return noReport
		case err != nil:
			return err
		}
		if err := send(part); err != nil {
			return err
		}
	}
}

func insertReport(tx db.Tx, r Report) (made bool, err error) {
	res := tx.SQL().Exec(`insert into stat_reports (studio_id, id, asked_by, days, asked_at, expires_at) values (?, ?, ?, ?, ?, ?) on conflict do nothing`,
		r.StudioID, r.ID, r.AskedBy, r.Days, r.AskedAt, r.ExpiresAt)
	return res.RowsAffected == 1, res.Error
}

const reportColumns = `studio_id, id, asked_by, days, state, percent, asked_at, ready_at, expires_at`

func reportByID(ctx context.Context, r db.Reader, studioID, reportID uuid.UUID) (Report, error) {
	out, err := db.One[Report](r.SQL(ctx).Raw(`select `+reportColumns+` from stat_reports where studio_id = ? and id = ?`, studioID, reportID))
	if db.NotFound(err) {
		return out, noReport
	}
	return out, err
}

func lastReport(ctx context.Context, r db.Reader, studioID uuid.UUID) (Report, bool, error) {
	out, err := db.One[Report](r.SQL(ctx).Raw(`select `+reportColumns+` from stat_reports where studio_id = ? order by asked_at desc limit 1`, studioID))
	if db.NotFound(err) {
		return out, false, nil
	}
	return out, err == nil, err
}

func partOf(ctx context.Context, r db.Reader, of Report, name string, number int) ([]byte, error) {
	row, err := db.One[struct{ Content []byte }](r.SQL(ctx).Raw(`select content from stat_report_parts where studio_id = ? and report_id = ? and name = ? and number = ?`,
		of.StudioID, of.ID, name, number))
	return row.Content, err
}

func insertPart(tx db.Tx, of Report, name string, number int, content []byte) error {
	return tx.SQL().Exec(`insert into stat_report_parts (studio_id, report_id, name, number, content) values (?, ?, ?, ?, ?)`, of.StudioID, of.ID, name, number, content).Error
}

// beginReport clears what a former attempt left. wanted is false when the report
// is gone or made.
func beginReport(tx db.Tx, of Report) (wanted bool, err error) {
	if err := tx.SQL().Exec(`delete from stat_report_parts where studio_id = ? and report_id = ?`, of.StudioID, of.ID).Error; err != nil {
		return false, err
	}
	return storePercent(tx, of, 0)
}

func storePercent(tx db.Tx, of Report, percent int) (wanted bool, err error) {
	res := tx.SQL().Exec(`update stat_reports set state = 'working', percent = ? where studio_id = ? and id = ? and state in ('waiting', 'working')`, percent, of.StudioID, of.ID)
	return res.RowsAffected == 1, res.Error
}

func storeReady(tx db.Tx, of Report) error {
	return tx.SQL().Exec(`update stat_reports set state = 'ready', percent = 100, ready_at = ?, expires_at = ? where studio_id = ? and id = ? and state = 'working'`,
		tx.Now(), tx.Now().Add(KeepReport), of.StudioID, of.ID).Error
}

func storeFailed(tx db.Tx, of Report) error {
	return tx.SQL().Exec(`update stat_reports set state = 'failed' where studio_id = ? and id = ? and state in ('waiting', 'working')`, of.StudioID, of.ID).Error
}
