package e2e

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"vitrine/e2e/rig"
)

// What each change under load took, and what became of those who used the site
// meanwhile, goes to a file when one is named:
//
//	go test ./e2e -run 'TestRollout_(deploys|switches)' -count=1 -parallel 1 -timeout 30m -v -args -rollout.report=rollout.md
var rolloutReport = flag.String("rollout.report", "", "file to which each test of changes under load adds what it saw")

// mostOfAChange is how long one may take on any machine. A quiet one needs two
// seconds; what is left is for one that does much else.
const mostOfAChange = 2 * time.Minute

// change is what one took: until all new processes were ready; while they were
// asked beside the old ones, in which a test does its own things; and from then
// until the old ones had ended.
type change struct {
	ready, beside, ended time.Duration
	writes               int // that were made meanwhile, and seen on the next page
}

// changes is what a report holds.
type changes struct{ rows strings.Builder }

func (o *changes) add(name string, took change, seen tally) {
	fmt.Fprintf(&o.rows, "| %s | %.1f | %.1f | %.1f | %d | %d | %d | %.0f |\n", name, took.ready.Seconds(), took.beside.Seconds(), took.ended.Seconds(),
		took.writes, seen.pages, seen.failed, float64(seen.slowest().Milliseconds()))
}

// write ends the crowd, so that all of it is counted, and adds the table to the
// report, if there is one.
func (o *changes) write(t *testing.T, c *crowd, what string) {
	t.Helper()
	c.leave()
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		t.Fatal(err)
	}
	product := ""
	if rig.Raced {
		product = ", the product and the test under the race detector"
	}
	text := fmt.Sprintf("### %s\n| change | new ones ready after s | both asked for s | old ones ended after s | writes | pages | failed | slowest page ms |\n|---|---|---|---|---|---|---|---|\n%s\n"+
		"In all, the time between changes included: %d pages asked for, %d sockets handed over, %d parts of uploads cut, %d failures. %d processors, load average %s%s.\n\n",
		what, o.rows.String(), c.asked.Load(), c.handed.Load(), c.cut.Load(), len(c.wrong), runtime.NumCPU(), strings.Join(strings.Fields(string(load))[:3], " "), product)
	t.Logf("\n%s", text)
	if *rolloutReport == "" {
		return
	}
	f, err := os.OpenFile(*rolloutReport, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = f.WriteString(text)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}
