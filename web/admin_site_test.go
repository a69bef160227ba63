package web_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"vitrine/app/accounts"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/errlog"
	"vitrine/app/platform/queue"
	"vitrine/app/studios"
	"vitrine/jobs"
	"vitrine/web/admin"
)

// adminServices are what the pages of administrators ask, on a handle of the
// worker's role.
func (s *site) adminServices(t *testing.T, d *db.DB, outbox *bus.Outbox, log *slog.Logger) admin.Services {
	t.Helper()
	out := admin.Over(d, outbox, clock.System)
	var err error
	out.Studios, err = studios.New(studios.Config{DB: d, Outbox: outbox})
	must(t, err)
	out.Accounts, err = accounts.New(accounts.Config{DB: d, Outbox: outbox, Studios: out.Studios, Secret: strings.Repeat("secret", 6),
		Hashing: accounts.Hashing{Memory: 64, Passes: 1, Wait: 30 * time.Second}})
	must(t, err)
	out.Errors, err = errlog.New(errlog.Config{DB: d, Version: "abcdef123456", Log: log})
	must(t, err)
	out.Health, out.Metrics, out.Traces = s.Health, s.Metrics, s.Traces
	out.DataDir, out.Version, out.Began = t.TempDir(), "abcdef123456", time.Now()
	out.Firings = func(ctx context.Context) ([]queue.Firing, error) {
		return jobs.Timetable(ctx, d.Read(ctx), time.Now(), jobs.Schedules())
	}
	return out
}
