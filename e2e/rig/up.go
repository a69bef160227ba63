package rig

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"vitrine/app/platform/logtest"
)

// directories of the topologies of tests, in the temporary directory.
const directories = "vitrine-rig-"

// inUse is the file in such a directory that its process holds locked.
const inUse = "in-use"

var sweepOnce sync.Once

// Up runs a topology for a test, with data that is worth nothing and without
// limits or demo, and ends it with the test. Dir, Binary and Throwaway of the
// plan are its own.
func Up(t *testing.T, plan Plan) *Topology {
	t.Helper()
	sweepOnce.Do(sweep)
	plan.Dir, plan.Binary, plan.Throwaway = directory(t), Binary(t), true
	plan.Env = slices.Concat(unlimited, []string{"DEMO=off"}, plan.Env)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	top, err := Run(ctx, plan)
	if err != nil {
		t.Fatalf("the topology of %s does not run: %v", plan.Tier, err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("what the processes wrote:\n%s", top.Unusual())
		}
		if err := top.Stop(); err != nil {
			t.Errorf("the topology did not end well: %v", err)
		}
		for _, s := range slices.Concat(top.Processes, top.next) {
			if _, race, found := strings.Cut(s.Log(), "WARNING: DATA RACE"); found {
				t.Errorf("%s has a data race:%.4000s", s.Name, race)
			}
		}
	})
	return top
}

// directory makes one that PostgreSQL's user can reach, and removes it when the
// test ends. One that a killed test leaves is removed by the next.
func directory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", directories)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // see above
		t.Fatal(err)
	}
	held, err := hold(filepath.Join(dir, inUse))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
		_ = held.Close()
	})
	return dir
}

// hold locks a file for as long as this process lives or the file is open.
func hold(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// sweep removes the directories of tests that were killed. Their servers ended
// with them.
func sweep() {
	found, err := filepath.Glob(filepath.Join(os.TempDir(), directories+"*"))
	if err != nil {
		return
	}
	for _, dir := range found {
		// One that has just been made is not held yet.
		if info, err := os.Stat(dir); err != nil || time.Since(info.ModTime()) < time.Minute {
			continue
		}
		if held, err := hold(filepath.Join(dir, inUse)); err == nil {
			_ = os.RemoveAll(dir)
			_ = held.Close()
		}
	}
}

// Site is the topology as those see it who come through its public address.
func (t *Topology) Site(tb *testing.T) *Site {
	_, token, _ := strings.Cut(t.SetupLink(), "?token=")
	return &Site{t: tb, URL: t.URL, Token: token, log: &logtest.Log{}}
}

// Process is one process of Vitrine, past the balancer.
func (t *Topology) Process(tb *testing.T, s *Server) *Site {
	return &Site{t: tb, URL: "http://" + s.Address, Admin: s.Admin, log: &logtest.Log{}}
}

// Eventually waits for a condition, and fails the test when it does not come.
func (t *Topology) Eventually(tb *testing.T, what string, ok func() bool) {
	tb.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); !ok(); <-tick.C {
		if time.Now().After(deadline) {
			tb.Fatalf("waited %s for: %s", patience, what)
		}
	}
}

// AwaitTrust waits until the balancer, which passes over who has failed for some
// seconds, asks a web process again.
func (t *Topology) AwaitTrust(tb *testing.T, web *Server) {
	tb.Helper()
	site := t.Site(tb)
	asked := func() string {
		return t.Process(tb, web).Metric(`vitrine_http_requests_total{method="GET",route="/explore",status="200"}`)
	}
	before := asked()
	t.Eventually(tb, web.Name+" to be asked by the balancer", func() bool {
		site.Status("/explore")
		return asked() != before
	})
}
