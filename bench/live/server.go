package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"vitrine/app/accounts"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/live"
	"vitrine/app/platform/pgserver"
	"vitrine/app/platform/telemetry"
	"vitrine/app/studios"
	pages "vitrine/web/live"
	"vitrine/web/site"
	"vitrine/web/wire"
)

const secret = "nobody's, since this house is gone in a minute"

// house is the server that is measured.
type house struct {
	dir     string
	pg      *pgserver.Server
	handle  *db.DB
	server  *http.Server
	live    *pages.Pages
	hub     live.Hub
	members []uuid.UUID
	url     string
}

// open starts PostgreSQL with as many members as there are connections, each
// with a session, and the server.
func open(ctx context.Context, c config) (_ *house, err error) {
	h := &house{}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close(ctx))
		}
	}()
	if h.dir, err = os.MkdirTemp("", "vitrine-live-"); err != nil {
		return nil, err
	}
	if err := os.Chmod(h.dir, 0o755); err != nil { //nolint:gosec // PostgreSQL may run as another user
		return nil, err
	}
	if h.pg, err = pgserver.Start(ctx, pgserver.Config{Dir: filepath.Join(h.dir, "postgres"), DieWithParent: true}); err != nil {
		return nil, err
	}
	if _, err := h.pg.EnsureDatabase(ctx, "vitrine"); err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx, h.pg.URL("vitrine"), secret); err != nil {
		return nil, err
	}
	if err := h.settle(ctx, c.connections); err != nil {
		return nil, err
	}
	err = h.serve(ctx)
	return h, err
}

// token is a member's session, as the cookie holds it.
func token(n int) string { return fmt.Sprintf("%043d", n) }

// settle makes the members.
func (h *house) settle(ctx context.Context, members int) error {
	owner, err := db.ConnectOwner(ctx, h.pg.URL("vitrine"))
	if err != nil {
		return err
	}
	defer func() { _ = owner.Close(ctx) }()
	for n := range members {
		id := uuid.New()
		h.members = append(h.members, id)
		email := fmt.Sprintf("page-%d@bench.example", n)
		if err := owner.Exec(ctx, `insert into users (id, email, email_key, name, password_hash, password_set_at, verified_at, created_at, updated_at) values ($1, $2, $2, 'Page', '!', now(), now(), now(), now())`, id, email); err != nil {
			return err
		}
		if err := owner.Exec(ctx, `insert into sessions (id, user_id, hash, created_at, seen_at, expires_at) values ($1, $2, sha256(convert_to($3, 'UTF8')), now(), now(), now() + interval '1 day')`,
			uuid.New(), id, token(n)); err != nil {
			return err
		}
	}
	return nil
}

// serve opens the port with the two routes of live pages, as the route table has
// them; limits are left out, because the pages of a measurement come at once.
func (h *house) serve(ctx context.Context) (err error) {
	at, err := db.RoleURL(h.pg.URL("vitrine"), db.RoleApp, secret)
	if err != nil {
		return err
	}
	if h.handle, err = db.Open(db.Config{URL: at, MaxConns: 20}); err != nil {
		return err
	}
	outbox := bus.NewOutbox()
	st, err := studios.New(studios.Config{DB: h.handle, Outbox: outbox})
	if err != nil {
		return err
	}
	people, err := accounts.New(accounts.Config{DB: h.handle, Outbox: outbox, Studios: st, Secret: secret})
	if err != nil {
		return err
	}
	st.AskAbout(people)
	if h.hub, err = live.Open(live.Config{Kind: live.KindMemory}); err != nil {
		return err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	h.url = "http://" + l.Addr().String()
	base, err := url.Parse(h.url)
	if err != nil {
		return err
	}
	streams := func(string) bool { return true }
	on := site.New(site.Config{BaseURL: base, Log: slog.New(slog.DiscardHandler), Streams: streams, Accounts: people, Studios: st, Metrics: telemetry.NewMetrics(), Places: site.PlacesFor(20), Live: h.hub})
	h.live = pages.New(on, pages.Config{Hub: h.hub, Standing: people.StandingSessions})
	e := wire.New(wire.Config{Streams: streams, Failed: func(x *wire.Exchange, err error) { on.ServeError(on.Context(x), err) }})
	r := on.Router(e).Group(on.Observe, on.RecoverPanic, on.Harden, on.Admit(site.Pages), on.InTime, on.SignedIn)
	r.Get("/live", h.live.Socket)
	r.Get("/live/poll", h.live.Poll)
	go h.live.Run(ctx)
	h.server = &http.Server{Handler: e, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = h.server.Serve(l) }()
	return nil
}

// notice is what is published: when, and the how manieth.
type notice struct {
	N  int   `json:"n"`
	At int64 `json:"at"` // nanoseconds
}

// tell publishes every notice to every member, and gives the mean time of one.
func (h *house) tell(ctx context.Context, c config) (each time.Duration, err error) {
	tick := time.NewTicker(c.every)
	defer tick.Stop()
	for n := range c.notices {
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-tick.C:
		}
		began := time.Now()
		for _, member := range h.members {
			if err := h.hub.Publish(ctx, member, "notice", notice{N: n, At: time.Now().UnixNano()}); err != nil {
				return 0, err
			}
		}
		each += time.Since(began)
	}
	return each / time.Duration(max(1, c.notices)), nil
}

// sockets is how many connections the server says that it holds.
func (h *house) sockets() int {
	r := prometheus.NewRegistry()
	r.MustRegister(h.live)
	families, err := r.Gather()
	if err != nil {
		return -1
	}
	for _, f := range families {
		if f.GetName() == "vitrine_live_sockets" {
			return int(f.GetMetric()[0].GetGauge().GetValue())
		}
	}
	return -1
}

// emptied waits for the connections to be gone, and gives how many are not.
func (h *house) emptied(ctx context.Context) int {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for h.sockets() > 0 {
		select {
		case <-ctx.Done():
			return h.sockets()
		case <-tick.C:
		}
	}
	return h.sockets()
}

// close ends everything and removes it.
func (h *house) close(ctx context.Context) error {
	var errs []error
	if h.server != nil {
		errs = append(errs, h.server.Close())
	}
	if h.handle != nil {
		errs = append(errs, h.handle.Close())
	}
	if h.pg != nil {
		errs = append(errs, h.pg.Stop(context.WithoutCancel(ctx)))
	}
	return errors.Join(append(errs, os.RemoveAll(h.dir))...)
}

// memory of this process, in bytes.
type memory struct {
	goes     int64 // Go's heap and stacks that are in use
	resident int64
}

// measured collects what is no longer used first.
func measured() (m memory) {
	runtime.GC()
	debug.FreeOSMemory()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	m.goes = int64(s.HeapInuse + s.StackInuse) //nolint:gosec // far below
	raw, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			m.resident = kb << 10
		}
	}
	return m
}

// cpu is the processor time that this process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
