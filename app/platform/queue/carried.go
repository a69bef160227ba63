package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"vitrine/app/platform/redisdb"
)

// How the carrier is asked. It keeps no connection that waits: asynq asks again
// and again, so the interval is what an idle worker costs, and how long a task
// waits that finds one.
const (
	pull       = 100 * time.Millisecond // while there is nothing to do
	forward    = time.Second            // for tickets whose time has come
	redisTime  = time.Second            // of one command
	askTime    = 300 * time.Millisecond // for the question whether Redis is there
	pace       = 200 * time.Millisecond // after a command that failed
	carrierEnd = 3 * time.Second        // for asynq to put its affairs in order
)

// carried keeps its tasks in PostgreSQL as inline does, and has them carried by
// asynq: for each row there is a ticket in Redis, which names the row and holds
// nothing else. Whoever is handed a ticket leases its row, works it off, and
// writes how it ended into the row; the ticket goes when the row is gone. So a
// ticket may be lost, late or there twice, and Redis holds nothing that is not in
// PostgreSQL.
//
// Tickets that are lost are written again (sweep). While Redis is away, tasks are
// found as inline finds them.
type carried struct {
	*inline
	redis   *redis.Client
	client  atomic.Pointer[asynq.Client]
	again   counter
	away    atomic.Bool
	hurry   atomic.Bool // somebody knows of a row without a ticket
	closing bool        // guarded by mu

	look signal

	// Of the loop that asks, alone.
	swept  time.Time
	cursor uuid.UUID
}

func newCarried(c Config) (*carried, error) {
	o, err := redisdb.Options(c.RedisURL)
	if err != nil {
		return nil, err
	}
	o.PoolSize, o.MinIdleConns = 20, 0
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.PoolTimeout = redisTime, redisTime, redisTime, 2*redisTime
	o.ContextTimeoutEnabled = true
	o.MaxRetries = 1
	o.DialerRetries = 1
	q := &carried{inline: newInline(c), redis: redis.NewClient(o), look: make(signal, 1)}
	q.redis.AddHook(pacer{})
	q.renew()
	q.again = newCounter(c.Metrics)
	c.Metrics.MustRegister(redisdb.Watch("tasks", q.redis, q.away.Load))
	q.offer = q.handOut
	return q, nil
}

// renew forgets what the client believes that Redis knows: it names a queue to
// Redis once, and an emptied Redis has not heard of it.
func (q *carried) renew() { q.client.Store(asynq.NewClientFromRedisClient(q.redis)) }

func (q *carried) Run(ctx context.Context) error {
	var servers []*asynq.Server
	err := q.run(ctx, q.find, func(work context.Context) (stop func()) {
		var looking sync.WaitGroup
		go q.listen(ctx)
		looking.Go(func() {
			q.loop(ctx, "asking Redis", poll, q.look, func(ctx context.Context) error { return q.ask(ctx, work) })
		})
		servers = q.serveAll(work)
		return func() {
			looking.Wait() // ctx has ended
			q.mu.Lock()
			q.closing = true
			q.mu.Unlock()
			each(servers, (*asynq.Server).Stop, redisTime)
		}
	})
	// A Redis that does not answer must not hold the end up.
	each(servers, (*asynq.Server).Shutdown, carrierEnd)
	return errors.Join(err, q.redis.Close())
}

// each does the same with all servers at once and waits for them, but no longer
// than that.
func each(servers []*asynq.Server, do func(*asynq.Server), limit time.Duration) {
	var all sync.WaitGroup
	for _, s := range servers {
		all.Go(func() { do(s) })
	}
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	waits(done, limit)
}

// serveAll starts one asynq server for each queue, so that each has a
// concurrency of its own, as inline has it.
func (q *carried) serveAll(work context.Context) (out []*asynq.Server) {
	for queue, n := range q.Concurrency {
		s := asynq.NewServerFromRedisClient(q.redis, asynq.Config{
			Concurrency:              n,
			Queues:                   lanesOf(queue),
			StrictPriority:           inOrder(queue),
			BaseContext:              func() context.Context { return work },
			TaskCheckInterval:        pull,
			DelayedTaskCheckInterval: forward,
			ShutdownTimeout:          time.Millisecond, // handlers have ended before, see run
			JanitorInterval:          time.Hour,        // nothing is kept that it would remove
			IsFailure:                func(error) bool { return false },
			RetryDelayFunc:           delay,
			Logger:                   murmur{q.Log},
			LogLevel:                 asynq.WarnLevel,
		})
		err := s.Start(asynq.HandlerFunc(func(ctx context.Context, t *asynq.Task) error { return q.present(ctx, work, t) }))
		if err != nil {
			q.Log.LogAttrs(work, slog.LevelError, "A queue's carrier did not start; its tasks are found without it", slog.String("queue", queue), slog.Any("error", err))
			continue
		}
		out = append(out, s)
	}
	return out
}

// find finds tasks without tickets while Redis is away.
func (q *carried) find(ctx, work context.Context) error {
	if !q.away.Load() {
		return nil
	}
	return q.dispatch(ctx, work)
}

// filled is the sign in Redis that it holds tickets. An emptied one has none, and
// whoever sets it again writes all tickets.
const filled = "vitrine:tasks:filled"

// ask finds out whether Redis is there and still knows what it was told.
func (q *carried) ask(ctx, work context.Context) error {
	asking, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	emptied, err := q.redis.SetNX(asking, filled, 1, 0).Result()
	q.away.Store(err != nil)
	switch {
	case err != nil:
		q.ready.set()
		return fmt.Errorf("what carries tasks is away; they are found in PostgreSQL: %w", err)
	case emptied:
		q.renew()
		return q.sweepAll(ctx, work)
	case q.hurry.CompareAndSwap(true, false):
		return q.sweepAll(ctx, work)
	}
	return q.sweep(ctx, work)
}

func (q *carried) Replay(ctx context.Context, taskID uuid.UUID) error {
	err := q.inline.Replay(ctx, taskID)
	if err == nil {
		q.hurry.Store(true)
		q.look.set()
	}
	return err
}

// pacer makes a command that failed take its time: asynq asks for the next task
// in a loop that does not wait after an error.
type pacer struct{}

func (pacer) DialHook(next redis.DialHook) redis.DialHook { return next }

func (pacer) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := next(ctx, cmd)
		rest(ctx, err)
		return err
	}
}

func (pacer) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		err := next(ctx, cmds)
		rest(ctx, err)
		return err
	}
}

// rest waits after what is neither success nor an ordinary answer: a script that
// Redis does not know yet is sent with the next command.
func rest(ctx context.Context, err error) {
	if err == nil || errors.Is(err, redis.Nil) || redis.HasErrorPrefix(err, "NOSCRIPT") {
		return
	}
	timer := time.NewTimer(pace)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// murmur keeps what asynq says about Redis for those who look closely: that Redis
// is away is said once, by the loop that asks.
type murmur struct{ log *slog.Logger }

func (m murmur) say(args []any) { m.log.Debug("asynq", slog.String("says", fmt.Sprint(args...))) }

func (m murmur) Debug(args ...any) { m.say(args) }
func (m murmur) Info(args ...any)  { m.say(args) }
func (m murmur) Warn(args ...any)  { m.say(args) }
func (m murmur) Error(args ...any) { m.say(args) }
func (m murmur) Fatal(args ...any) { m.say(args) }
