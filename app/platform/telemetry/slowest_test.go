package telemetry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
)

func TestSlowest(t *testing.T) {
	t.Parallel()
	var s Slowest
	now := time.Now()
	for i := range 3 {
		s.Add("/explore", "select 1 where a in ($1, $2"+strings.Repeat(", $3", i)+")", time.Duration(i+1)*time.Second, now.Add(time.Duration(i)))
	}
	s.Add("/", "select 2", 4*time.Second, now)
	top := s.Top(10)
	if len(top) != 2 || top[0].Count != 3 || top[0].Total != 6*time.Second || top[0].Max != 3*time.Second || top[0].SQL != "select 1 where a in ($…)" || top[0].Route != "/explore" {
		t.Errorf("%+v", top)
	}
	for i := range 3 * maxSlowest {
		s.Add("/", fmt.Sprintf("select x%c%d", 'a', i), time.Second, now)
	}
	if top := s.Top(10000); len(top) != maxSlowest || top[0].Route != "/explore" {
		t.Errorf("%d are remembered, first %+v", len(top), top[0])
	}
	var none *Slowest
	none.Add("/", "select 1", time.Second, now)
	if none.Top(1) != nil {
		t.Error("nothing remembers")
	}
}

// TestSlowest_traced: what the tracer finds slow is in the list with its route.
func TestSlowest_traced(t *testing.T) {
	t.Parallel()
	var s Slowest
	d := traced(t, QueryTracer{Log: slog.New(slog.DiscardHandler), Slow: time.Nanosecond, Slowest: &s})
	ctx, _ := Begin(t.Context(), "/t/:tag")
	err := d.Transact(ctx, func(tx db.Tx) error { return tx.SQL().Exec("select 'secret' where 1 = ?", 1).Error })
	if err != nil {
		t.Fatal(err)
	}
	for _, top := range s.Top(10) {
		if top.Route == "/t/:tag" && top.SQL == "select '…' where 1 = $1" {
			return
		}
	}
	t.Errorf("%+v", s.Top(10))
}

func TestProcess(t *testing.T) {
	t.Parallel()
	now := time.Now()
	p := MeasureProcess("abc", now.Add(-time.Hour), now)
	if p.Uptime != time.Hour || p.Resident < 1<<20 || p.Heap < 1000 || p.Goroutines < 2 || p.CPUs < 1 || p.Version != "abc" {
		t.Errorf("%+v", p)
	}
	d, err := MeasureDisk(t.TempDir())
	if err != nil || d.Total < 1<<20 || d.Free > d.Total || d.Free < 0 {
		t.Errorf("%+v, %v", d, err)
	}
	if _, err := MeasureDisk("/nowhere/at/all"); err == nil {
		t.Error("a directory that is not there has room")
	}
	m := NewMetrics()
	m.WatchPool("app", dbtest.New(t).App.Pool())
	if pools := m.Pools(); len(pools) != 1 || pools[0].Name != "app" || pools[0].Max != 20 {
		t.Errorf("%+v", pools)
	}
}

func TestHealth_why(t *testing.T) {
	t.Parallel()
	h := NewHealth(slog.New(slog.DiscardHandler), Check{"files", func(context.Context) error { return errors.New("the disk is away") }})
	if p := h.Parts(t.Context()); p[0].OK || p[0].Why == nil || p[0].Why.Error() != "the disk is away" {
		t.Errorf("%+v", p)
	}
}
