package glass

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"vitrine/app/platform/telemetry"
)

var reading = Reading{
	Route: "GET /t/:tag", Total: 20 * time.Millisecond, DB: 8 * time.Millisecond, Queries: 3, Rows: 61, Rendering: 2 * time.Millisecond,
	CPU: 4 * time.Millisecond, CPUKnown: true,
	Statements: []telemetry.Statement{
		{SQL: "begin", Took: time.Millisecond, Control: true}, {SQL: `select '<i>'`, Took: 6 * time.Millisecond, Rows: 60},
		{SQL: "select 2", Took: time.Millisecond, Rows: 1, Failed: true},
	},
}

func TestCost(t *testing.T) {
	t.Parallel()
	m := Machine{Name: "t4g.large", CPUs: 2, Hourly: 0.0672}
	// 12 ms of one of two CPUs, each 0.0336 dollars an hour.
	cost, known := reading.Cost(m)
	if want := 0.012 * 0.0336 / 3600; !known || math.Abs(cost-want) > want/1e9 {
		t.Errorf("the cost is %g, want %g", cost, want)
	}
	if _, known := reading.Cost(Machine{}); known {
		t.Error("a machine without a price has a cost")
	}
	unknown := reading
	unknown.CPUKnown = false
	if _, known := unknown.Cost(m); known {
		t.Error("a page whose CPU time is not known has a cost")
	}
	if got := formula(reading, m); !strings.HasPrefix(got, "Cost = (CPU 4.00 ms + database 8.00 ms) × 9.33 µ$ for a CPU second: a t4g.large has 2 CPUs for $0.0672 an hour") {
		t.Errorf("the formula reads %q", got)
	}
}

// The parts of the bar fill it, whatever was measured.
func TestSpans(t *testing.T) {
	t.Parallel()
	for _, r := range []Reading{reading, {}, {Total: time.Second}, {Total: time.Millisecond, DB: time.Second, Rendering: time.Second}} {
		sum := 0.0
		for _, s := range r.spans() {
			wide, err := strconv.ParseFloat(s.wide, 64)
			if err != nil || wide < 0 {
				t.Fatalf("a part of %s: %v", s.wide, err)
			}
			sum += wide
		}
		if r.Total > 0 && math.Abs(sum-1000) > 0.5 {
			t.Errorf("the parts of %+v are %g wide", r, sum)
		}
	}
}

func TestPanel(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	box := Box{Setup: Setup{Tier: "1k", Switches: []Switch{{Name: "CACHE", Value: "off", URL: "/x"}}}, Next: `/t/x?a="b"`, Measure: func() Reading { return reading }}
	if err := box.Panel().Render(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"<b>20.0</b>", "3 queries, 61 rows", "select &#39;&lt;i&gt;&#39;", "failed", "And 1 statement that begins or ends a transaction, 1.00 ms.",
		"1 more statement is counted and not shown.", "the cache is off at this tier", `value="/t/x?a=&#34;b&#34;"`,
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the panel lacks %q:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "Cost") {
		t.Error("a cost without a price")
	}
}
