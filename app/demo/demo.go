package demo

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/analytics"
	"vitrine/app/demo/catalog"
	"vitrine/app/engagement"
	"vitrine/app/engagement/carry"
	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/notifications/notices"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/collections"
)

// Wanted asks for the demo data. Since tells one filling from another: one that
// was ended has nothing to do with one that was begun later.
type Wanted struct {
	Since time.Time `json:"since"`
}

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
	DB          *db.DB
	Outbox      *bus.Outbox
	Accounts    *accounts.Service
	Studios     *studios.Service
	Media       *media.Service
	Works       *works.Service
	Collections *collections.Service
	Engage      *engagement.Service
	Notices     *notices.Service
	Views       *analytics.Service
	Calendar    *Calendar
	Catalogue   []catalog.Work // what is brought in; catalog.Works() when nil
	Temp        string         // where drawings and films are made
	Log         *slog.Logger   // slog.Default when nil
}

// Service fills and empties.
type Service struct {
	Config
	past *carry.Service
	all  func() []catalog.Work
	mu   sync.Mutex
	busy *filler // the filling that runs in this process; nil when none does
}

// New makes the service.
func New(c Config) *Service {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	s := &Service{Config: c, past: carry.New(c.DB, c.Works), all: sync.OnceValue(catalog.Works)}
	if c.Catalogue != nil {
		s.all = func() []catalog.Work { return c.Catalogue }
	}
	return s
}

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

// standing is the row of the demo data; the zero value when it never was.
type standing struct {
	State      string
	StartedAt  time.Time
	Generation int
}

// hold reads where the demo data stands and keeps other changes of it waiting.
func hold(tx db.Tx) (row standing, err error) {
	err = tx.SQL().Raw("select state, started_at, generation from demo for update").Scan(&row).Error
	return row, err
}

// Standing is where the demo data stands, for people.
type Standing struct {
	State   string
	Studios int
	Works   int // that are there already, or still
	Of      int // works when it is full
}

// Standing tells how far the demo data is. One query.
func (s *Service) Standing(ctx context.Context) (out Standing, err error) {
	defer fault.Wrap(&err, "demo.Standing")
	err = s.DB.Read(ctx).SQL(ctx).Raw(`select state, (select count(*) from demo_studios) as studios,
		(select count(*) from demo_studios d join works w on w.studio_id = d.studio_id) as works from demo`).Scan(&out).Error
	out.Of = len(s.all())
	return out, err
}

// StartOnEmpty asks for the demo data when the installation has nobody yet and
// never had demo data, once more for a filling that the last process left behind,
// and for what a demo lacks that an earlier version filled. It is called at every
// start.
func (s *Service) StartOnEmpty(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "demo.StartOnEmpty")
	return s.DB.Transact(ctx, func(tx db.Tx) error {
		now, err := hold(tx)
		if err != nil {
			return err
		}
		if now.State == Filling {
			// Its task comes back by itself, unless it is dead.
			return s.Outbox.Publish(ctx, tx, Wanted{Since: now.StartedAt})
		}
		if now.State == Full && now.Generation < generation {
			return s.Outbox.Publish(ctx, tx, Outgrown{Since: now.StartedAt})
		}
		if now.State != "" {
			return nil
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
	return s.Outbox.Publish(ctx, tx, Wanted{Since: tx.Now()})
}

// OnSetupCompleted follows the tick on the setup form: it keeps or begins the
// demo data, or takes away what is there.
func (s *Service) OnSetupCompleted(ctx context.Context, env bus.Envelope) (err error) {
	defer fault.Wrap(&err, "demo.OnSetupCompleted")
	ev, err := bus.Decode[accounts.SetupCompleted](env)
	if err != nil {
		return err
	}
	return s.DB.Transact(ctx, func(tx db.Tx) error {
		// An event that comes twice must not undo what people chose since.
		if first, err := bus.Once(ctx, tx, env.ID, "demo.follow_setup"); err != nil || !first {
			return err
		}
		if ev.Demo {
			return s.fill(ctx, tx)
		}
		return s.remove(ctx, tx)
	})
}

// Fill asks for the demo data. The caller has checked that the person is an
// admin of the installation. Nothing happens when it is there or on its way.
// Conflict while the former one is being taken away. Idempotent by key.
func (s *Service) Fill(ctx context.Context, admin uuid.UUID, key string) (err error) {
	defer fault.Wrap(&err, "demo.Fill")
	return s.DB.Transact(ctx, func(tx db.Tx) error {
		if _, repeated, err := idem.Claim(ctx, tx, "demo.fill:"+admin.String(), key); err != nil || repeated {
			return err
		}
		return s.fill(ctx, tx)
	})
}

func (s *Service) fill(ctx context.Context, tx db.Tx) error {
	now, err := hold(tx)
	switch {
	case err != nil || now.State == Filling || now.State == Full:
		return err
	case now.State == Removing:
		return fault.New(fault.Conflict, "The former demo works are still being taken away. Try again in a moment.")
	}
	return s.want(ctx, tx)
}

// Remove takes the demo data away: at the commit its works are gone from every
// page; files, studios and people follow within seconds. The caller has checked
// that the person is an admin of the installation. Nothing happens when there is
// none. Idempotent by key.
func (s *Service) Remove(ctx context.Context, admin uuid.UUID, key string) (err error) {
	defer fault.Wrap(&err, "demo.Remove")
	return s.DB.Transact(ctx, func(tx db.Tx) error {
		if _, repeated, err := idem.Claim(ctx, tx, "demo.remove:"+admin.String(), key); err != nil || repeated {
			return err
		}
		return s.remove(ctx, tx)
	})
}

func (s *Service) remove(ctx context.Context, tx db.Tx) error {
	now, err := hold(tx)
	if err != nil || now.State != Filling && now.State != Full {
		return err
	}
	if err := tx.SQL().Exec("update demo set state = ?", Removing).Error; err != nil {
		return err
	}
	var theirs []uuid.UUID
	if err := tx.SQL().Raw("select studio_id from demo_studios order by studio_id").Scan(&theirs).Error; err != nil {
		return err
	}
	if err := s.Works.Withdraw(ctx, tx, theirs); err != nil {
		return err
	}
	return s.Outbox.Publish(ctx, tx, Unwanted{})
}
