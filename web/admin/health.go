package admin

import (
	"context"
	"net/http"
	"sync"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/dbstat"
	"vitrine/app/platform/errlog"
	"vitrine/app/platform/queue"
	"vitrine/app/platform/telemetry"
	"vitrine/web/site"
)

// databasePatience bounds all questions of a page to the database together,
// where the page comes in any case: with what is known by then.
const databasePatience = 4 * time.Second

// How long the lists of this page are.
const (
	slowestShown    = 10
	statementsShown = 10
	tablesShown     = 10
	indexesShown    = 10
)

// measured is everything that the health page tells.
type measured struct {
	now     time.Time
	state   string
	parts   []telemetry.Part
	pools   []telemetry.Pool
	process telemetry.Process
	disk    telemetry.Disk
	diskErr error
	slowest []telemetry.SlowStatement
	errors  errlog.Standing

	// From the database; away says why they are missing.
	away       error
	queue      queue.Stats
	server     dbstat.Server
	counting   dbstat.Counting
	statements []dbstat.Statement
	whole      []dbstat.Table
	unused     []dbstat.Index
	unusedAll  int64
	openErrors int64
}

// ShowHealth is GET /admin. What the process knows by itself is shown whatever
// the database does; it answers 200 in any case, since whoever looks wants to see.
func (p *Pages) ShowHealth(c *site.Context) error {
	m := p.measure(c.Ctx())
	return c.Render(http.StatusOK, healthPage(p.base(c, "Health"), m))
}

func (p *Pages) measure(ctx context.Context) measured {
	m := measured{
		now: p.Now(), state: p.Health.State(), pools: p.Metrics.Pools(), errors: p.Errors.Standing(),
		process: telemetry.MeasureProcess(p.Version, p.Began, p.Now()),
	}
	if p.Traces != nil {
		m.slowest = p.Traces.Slowest.Top(slowestShown)
	}
	m.disk, m.diskErr = telemetry.MeasureDisk(p.DataDir)
	var checking sync.WaitGroup // a part that hangs takes a second
	checking.Go(func() { m.parts = p.Health.Parts(ctx) })
	m.away = p.ask(ctx, &m)
	checking.Wait()
	return m
}

// ask puts one question after the other to the database and stops at the first
// that is not answered.
func (p *Pages) ask(ctx context.Context, m *measured) (err error) {
	ctx, cancel := context.WithTimeout(ctx, databasePatience)
	defer cancel()
	for _, question := range []func() error{
		func() (err error) { m.queue, err = p.Queue.Stats(ctx); return err },
		func() (err error) { m.openErrors, _, err = p.Errors.Counts(ctx); return err },
		func() (err error) { m.server, err = p.Database.Server(ctx); return err },
		func() (err error) {
			m.counting, m.statements, err = p.Database.Statements(ctx, statementsShown)
			return err
		},
		func() (err error) { m.whole, err = p.Database.ReadWhole(ctx, tablesShown); return err },
		func() (err error) { m.unused, m.unusedAll, err = p.Database.Unused(ctx, indexesShown); return err },
	} {
		if err := question(); err != nil {
			return err
		}
	}
	return nil
}

// awayWords says what a failed question means.
func (m measured) awayWords() string {
	if fault.Is(m.away, fault.Unavailable) {
		return "PostgreSQL does not answer, so this page shows what the process knows by itself. Look at the server first: is it running, is its disk full, are all of its connections taken?"
	}
	return "PostgreSQL answered with an error, so some of this page is missing: " + errlog.Redact(m.away.Error())
}
