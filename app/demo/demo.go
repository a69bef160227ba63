package demo

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// Wanted asks for the demo data.
type Wanted struct{}

// EventName names the event.
func (Wanted) EventName() string { return "demo.wanted.v1" }

// EventPriority lets everything that people wait for go first.
func (Wanted) EventPriority() int { return -20 }

// Unwanted asks to take the demo data away.
type Unwanted struct{}

// EventName names the event.
func (Unwanted) EventName() string { return "demo.unwanted.v1" }

// The states of the demo data. The zero value means that it never was.
const (
	Filling  = "filling"
	Full     = "full"
	Removing = "removing"
	Removed  = "removed"
)

// Config of the service. All services stand on the worker's handle; Works on one
// whose clock is Calendar.Now, so that works can be dated back.
type Config struct {
	DB       *db.DB
	Outbox   *bus.Outbox
	Accounts *accounts.Service
	Studios  *studios.Service
	Media    *media.Service
	Works    *works.Service
	Calendar *Calendar
	Temp     string // where drawings and films are made
	Log      *slog.Logger
}

// Service fills and empties.
type Service struct{ Config }

// New makes the service.
func New(c Config) *Service { return &Service{Config: c} }

// Calendar is the clock of works that are dated back.
type Calendar struct{ at atomic.Pointer[time.Time] }

// Now is the date that was set, or the present.
func (c *Calendar) Now() time.Time {
	if t := c.at.Load(); t != nil {
		return *t
	}
	return clock.System()
}

func (c *Calendar) set(t time.Time) { c.at.Store(&t) }
func (c *Calendar) present()        { c.at.Store(nil) }

// status reads where the demo data stands.
func status(tx db.Tx) (state string, startedAt time.Time, err error) {
	var row struct {
		State     string
		StartedAt time.Time
	}
	err = tx.SQL().Raw("select state, started_at from demo for update").Scan(&row).Error
	return row.State, row.StartedAt, err
}

// State tells where the demo data stands; empty when it never was.
func (s *Service) State(ctx context.Context) (state string, err error) {
	err = s.DB.Read(ctx).SQL(ctx).Raw("select state from demo").Scan(&state).Error
	return state, err
}

// StartOnEmpty asks for the demo data when the installation has nobody yet and
// never had demo data. It is called at every start.
func (s *Service) StartOnEmpty(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "demo.StartOnEmpty")
	return s.DB.Transact(ctx, func(tx db.Tx) error {
		state, _, err := status(tx)
		if err != nil || state != "" {
			return err
		}
		var used bool
		if err := tx.SQL().Raw("select exists (select from users)").Scan(&used).Error; err != nil || used {
			return err
		}
		return s.want(ctx, tx)
	})
}

func (s *Service) want(ctx context.Context, tx db.Tx) error {
	err := tx.SQL().Exec(`insert into demo (state, started_at) values (?, ?)
		on conflict (single) do update set state = excluded.state, started_at = excluded.started_at`, Filling, tx.Now()).Error
	if err != nil {
		return err
	}
	return s.Outbox.Publish(ctx, tx, Wanted{})
}

// OnSetupCompleted follows the tick on the setup form: it keeps or begins the
// demo data, or takes away what is there.
func (s *Service) OnSetupCompleted(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[accounts.SetupCompleted](env)
	if err != nil {
		return err
	}
	if !ev.Demo {
		return s.Remove(ctx)
	}
	return s.DB.Transact(ctx, func(tx db.Tx) error {
		state, _, err := status(tx)
		if err != nil || state == Filling || state == Full {
			return err
		}
		return s.want(ctx, tx)
	})
}

// Remove asks to take the demo data away; it vanishes within seconds. Nothing
// happens when there is none.
func (s *Service) Remove(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "demo.Remove")
	return s.DB.Transact(ctx, func(tx db.Tx) error {
		state, _, err := status(tx)
		if err != nil || state != Filling && state != Full {
			return err
		}
		if err := tx.SQL().Exec("update demo set state = ?", Removing).Error; err != nil {
			return err
		}
		return s.Outbox.Publish(ctx, tx, Unwanted{})
	})
}
