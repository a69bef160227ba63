package admin

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/moderation"
	"vitrine/app/notifications"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbstat"
	"vitrine/app/platform/errlog"
	"vitrine/app/platform/queue"
	"vitrine/app/platform/telemetry"
	"vitrine/app/studios"
)

// Services are what the pages of administrators ask. All of them stand on a
// handle of their own, of the worker's role, which sees every studio.
type Services struct {
	Accounts   *accounts.Service
	Studios    *studios.Service
	Moderation *moderation.Service // on the jobs' handle: hiding a large studio takes its time
	Health     *telemetry.Health
	Metrics    *telemetry.Metrics
	Traces     *telemetry.Traces // whose slow statements are shown; nil shows none
	Errors     *errlog.Log
	Queue      *queue.Desk
	Mails      *notifications.Desk
	Database   dbstat.DB
	Audit      func(ctx context.Context, f audit.Filter, before uuid.UUID, limit int) ([]audit.Row, error)
	Firings    func(ctx context.Context) ([]queue.Firing, error) // the timetable
	DataDir    string
	Version    string
	Began      time.Time // of the process
}

// Over makes what needs nothing but the handle.
func Over(d *db.DB, outbox *bus.Outbox, now clock.Clock) Services {
	return Services{
		Queue: queue.NewDesk(d, now), Mails: notifications.NewDesk(d, outbox, now), Database: dbstat.New(d),
		Audit: func(ctx context.Context, f audit.Filter, before uuid.UUID, limit int) ([]audit.Row, error) {
			return audit.All(ctx, d.Read(ctx), f, before, limit)
		},
	}
}
