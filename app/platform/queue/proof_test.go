package queue_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/hibiken/asynq"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/child"
	"vitrine/app/platform/db"
	"vitrine/app/platform/queue"
	"vitrine/app/platform/redistest"
)

// asWorker makes the test binary a worker, which can be killed.
const asWorker = "VITRINE_TEST_QUEUE_WORKER"

func TestMain(m *testing.M) {
	if os.Getenv(asWorker) == "" {
		os.Exit(m.Run())
	}
	if err := beWorker(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func beWorker() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	d, err := db.Open(db.Config{URL: os.Getenv("WORKER_URL"), MaxConns: 8, WaitTimeout: time.Minute})
	if err != nil {
		return err
	}
	shop := shop{db: d, letters: os.Getenv("LETTERS")}
	q, err := queue.Open(queue.Config{
		Kind: os.Getenv(asWorker), DB: d, Outbox: bus.NewOutbox(), RedisURL: os.Getenv("REDIS_URL"), Subscriptions: shop.subscriptions(),
		Drain: 5 * time.Second, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		return err
	}
	return errors.Join(q.Run(ctx), d.Close())
}

// sale is an event of one of four kinds.
type sale struct {
	Kind string
}

func (s sale) EventName() string { return "shop." + s.Kind + ".v1" }

// shop reacts in every way there is: at once and later, in the database and
// outside, quickly and slowly, and not at the first try.
type shop struct {
	db      *db.DB
	letters string
}

func (s shop) subscriptions() []queue.Subscription {
	return []queue.Subscription{
		{Event: "shop.sold.v1", Name: "stock", Queue: queue.Critical, Handle: s.effect("stock")},
		{Event: "shop.sold.v1", Name: "letter", Queue: queue.Critical, Priority: 5, Handle: s.letter},
		{Event: "shop.shown.v1", Name: "index", Queue: queue.Default, Handle: s.effect("index")},
		{Event: "shop.shown.v1", Name: "flaky", Queue: queue.Default, Priority: -5, Handle: s.flaky},
		{Event: "shop.filmed.v1", Name: "encode", Queue: queue.Media, Handle: s.slow},
		{Event: "shop.counted.v1", Name: "count", Queue: queue.Bulk, Handle: s.effect("count")},
	}
}

func (s shop) effect(subscriber string) func(context.Context, bus.Envelope) error {
	return func(ctx context.Context, env bus.Envelope) error {
		return s.db.Transact(ctx, func(tx db.Tx) error {
			first, err := bus.Once(ctx, tx, env.ID, subscriber)
			if err != nil || !first {
				return err
			}
			return tx.SQL().Exec("insert into effects values (?, ?, ?)", env.ID, subscriber, fmt.Sprintf(`{"attempt": %d}`, env.Attempt)).Error
		})
	}
}

func (s shop) flaky(ctx context.Context, env bus.Envelope) error {
	if env.Attempt == 1 {
		return errors.New("not at the first try")
	}
	return s.effect("flaky")(ctx, env)
}

// slow is interrupted as a film is.
func (s shop) slow(ctx context.Context, env bus.Envelope) error {
	timer := time.NewTimer(30 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
	}
	return s.effect("encode")(ctx, env)
}

// letter leaves the house: what is written cannot be taken back.
func (s shop) letter(_ context.Context, env bus.Envelope) error {
	f, err := os.OpenFile(s.letters, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(f, env.ID)
	return errors.Join(err, f.Close())
}

// The proof: so many events of each of four kinds, while workers are killed and
// Redis is emptied.
const (
	perKind = 500
	kills   = 10
	workers = 3
)

// TestProof publishes 2,000 events of mixed kinds while Redis is flushed twice
// and workers are killed ten times: every effect in the database is there exactly
// once, every letter was sent at least once, and what was slow was not charged
// for the deaths of others.
func TestProof(t *testing.T) {
	p := newProof(t, "asynq")
	var running []*child.Process
	for range workers {
		running = append(running, p.worker())
	}
	for round := 1; round <= kills; round++ {
		p.publish(perKind / kills)
		until(t, "work goes on", func() bool { return p.count("effects") >= 120*round })
		running[round%workers].Kill()
		running[round%workers] = p.worker()
		if round == 3 || round == 7 {
			p.redis.Flush()
		}
	}
	deadline := time.Now().Add(3 * time.Minute)
	for p.count("tasks")+p.count("outbox where sent_at is null") > 0 {
		if time.Now().After(deadline) {
			t.Fatalf("%d tasks and %d events are left\n%s", p.count("tasks"), p.count("outbox where sent_at is null"), p.left())
		}
		until(t, "a task ends", p.progress())
	}
	for _, w := range running {
		if status, err := w.Stop(syscall.SIGTERM, time.Minute); status != 0 || err != nil {
			t.Errorf("a worker ended with %d, %v\n%s", status, err, w.Log())
		}
	}
	p.verify()
}

type proof struct {
	*house
	letters string
	env     []string
	log     string
}

func newProof(t *testing.T, kind string) *proof {
	p := &proof{house: newHouse(t, kind)}
	p.redis = redistest.New(t)
	dir := t.TempDir()
	p.letters, p.log = filepath.Join(dir, "letters"), filepath.Join(dir, "log")
	p.env = append(os.Environ(), asWorker+"="+kind, "WORKER_URL="+p.db.WorkerURL, "REDIS_URL="+p.redis.URL, "LETTERS="+p.letters)
	return p
}

func (p *proof) worker() *child.Process {
	p.t.Helper()
	w, err := child.Start(child.Config{Path: os.Args[0], Env: p.env, Log: p.log})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(w.Kill)
	return w
}

func (p *proof) publish(each int) {
	p.t.Helper()
	var events []bus.Event
	for range each {
		events = append(events, sale{"sold"}, sale{"shown"}, sale{"filmed"}, sale{"counted"})
	}
	p.house.publish(events...)
}

// progress tells, each time it is asked, whether less is left than at first.
func (p *proof) progress() func() bool {
	before := p.count("tasks") + p.count("outbox where sent_at is null")
	return func() bool { return p.count("tasks")+p.count("outbox where sent_at is null") < before }
}

func (p *proof) left() string {
	var out string
	err := p.db.Owner.QueryRow("select coalesce(json_agg(t), '[]')::text from (select subscriber, state, attempts, takeovers, run_at, leased_until, last_error from tasks limit 20) t").Scan(&out)
	if err != nil {
		return err.Error()
	}
	return out
}

func (p *proof) verify() {
	t := p.t
	t.Helper()
	for _, subscriber := range []string{"stock", "index", "flaky", "encode", "count"} {
		all := p.count("effects where subscriber = $1", subscriber)
		distinct := p.count("(select distinct event_id from effects where subscriber = $1) d", subscriber)
		if all != perKind || distinct != perKind {
			t.Errorf("%s: %d effects for %d events; %d were published", subscriber, all, distinct, perKind)
		}
	}
	if n := p.count("effects where subscriber <> 'flaky' and cast(payload->>'attempt' as int) > 1"); n != 0 {
		t.Errorf("%d tasks paid for the deaths of others", n)
	}
	raw, err := os.ReadFile(p.letters)
	if err != nil {
		t.Fatal(err)
	}
	sent := map[string]int{}
	for line := range strings.FieldsSeq(string(raw)) {
		sent[line]++
	}
	var sold []uuid.UUID
	var ids string
	if err := p.db.Owner.QueryRow("select json_agg(id)::text from outbox where event = 'shop.sold.v1'").Scan(&ids); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(ids), &sold); err != nil {
		t.Fatal(err)
	}
	missing := 0
	for _, id := range sold {
		if sent[id.String()] == 0 {
			missing++
		}
	}
	if len(sold) != perKind || missing != 0 {
		t.Errorf("%d of %d letters were not sent", missing, len(sold))
	}
	t.Logf("%d letters for %d events", len(strings.Fields(string(raw))), len(sold))
	p.nothingAside()
}

// nothingAside holds asynq to keeping no dead letters of its own.
func (p *proof) nothingAside() {
	p.t.Helper()
	look := asynq.NewInspectorFromRedisClient(p.redis.Client())
	lanes, err := look.Queues()
	if err != nil {
		p.t.Fatal(err)
	}
	for _, lane := range lanes {
		info, err := look.GetQueueInfo(lane)
		if err != nil || info.Archived+info.Completed > 0 {
			p.t.Errorf("%s: %+v, %v", lane, info, err)
		}
	}
}
