package main

import (
	"context"
	"time"

	"vitrine/bench/traffic"
)

// sample is the state of the process and the database at one moment of a soak.
type sample struct {
	at          time.Duration
	megabytes   float64 // resident, of the vitrine process
	goroutines  float64
	files       float64 // open file descriptors
	connections int     // of the product to PostgreSQL
	dead, live  int64   // rows of all tables, as PostgreSQL estimates them
	backlog     int     // events and tasks that wait
}

// soak runs the mix in open loop for a long time and takes a sample each
// minute: what grows from beginning to end is a leak.
func (h *house) soak(ctx context.Context, next func() traffic.Visit, rate float64) (out []sample, kinds *traffic.Report, err error) {
	say("Soaking at %.0f/s for %s.", rate, h.conf.soak)
	began := time.Now()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		kinds, err = openLoop(ctx, rate, h.conf.soak, next)
	}()
	every := time.NewTicker(min(time.Minute, h.conf.soak/8))
	defer every.Stop()
	for {
		s, err := h.sample(ctx, time.Since(began))
		if err != nil {
			cancel() // half an hour without samples tells nothing
			<-done
			return out, kinds, err
		}
		say("%.0f MB, %.0f goroutines, %.0f files, %d connections, %d dead rows, %d waiting", s.megabytes, s.goroutines, s.files, s.connections, s.dead, s.backlog)
		out = append(out, s)
		select {
		case <-done:
			return out, kinds, ctx.Err()
		case <-every.C:
		}
	}
}

func (h *house) sample(ctx context.Context, at time.Duration) (s sample, err error) {
	s.at = at
	n, err := h.resident()
	if err != nil {
		return s, err
	}
	s.megabytes = float64(n) / (1 << 20)
	for name, into := range map[string]*float64{"go_goroutines": &s.goroutines, "process_open_fds": &s.files} {
		values, err := h.counters(ctx, name)
		if err != nil {
			return s, err
		}
		*into = values[""]
	}
	if err := h.owner.Scan(ctx, &s.connections, "select count(*) from pg_stat_activity where usename like 'vitrine_%'"); err != nil {
		return s, err
	}
	if err := h.owner.Scan(ctx, &s.dead, "select sum(n_dead_tup)::bigint from pg_stat_user_tables"); err != nil {
		return s, err
	}
	if err := h.owner.Scan(ctx, &s.live, "select sum(n_live_tup)::bigint from pg_stat_user_tables"); err != nil {
		return s, err
	}
	err = h.owner.Scan(ctx, &s.backlog, "select (select count(*) from outbox where sent_at is null) + (select count(*) from tasks where state = 'ready')")
	return s, err
}
