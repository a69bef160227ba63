// Package glass draws the glass box: how the page that somebody looks at was
// made, with every number linked to the decision behind it.
package glass

import (
	"fmt"
	"strconv"
	"time"

	"vitrine/app/platform/telemetry"
)

// Setup is what an installation says of itself.
type Setup struct {
	Tier     string
	Switches []Switch
	Machine  Machine
}

// Switch is one line of tier.env, and the path of its decision.
type Switch struct{ Name, Value, URL string }

// find gives a switch by its name.
func (s Setup) find(name string) Switch {
	for _, sw := range s.Switches {
		if sw.Name == name {
			return sw
		}
	}
	return Switch{Name: name}
}

// Machine is what the tier runs on; one without a price shows no cost.
type Machine struct {
	Name   string
	CPUs   int
	Hourly float64 // US dollars
}

// PerSecond is the price of one CPU for one second, in US dollars.
func (m Machine) PerSecond() float64 {
	if m.CPUs == 0 {
		return 0
	}
	return m.Hourly / float64(m.CPUs) / 3600
}

// The decisions that the numbers are linked to.
const (
	aboutGlass = "/docs/adr/0030-the-glass-box"
	aboutReads = "/docs/adr/0004-reads-and-writes-apart"
	aboutPages = "/docs/adr/0007-server-rendered"
)

// Reading is what was measured until the panel is drawn, which is last.
type Reading struct {
	Route      string
	Total      time.Duration
	DB         time.Duration // waited for statements
	Queries    int64         // without transaction control
	Rows       int64
	Rendering  time.Duration
	CPU        time.Duration // of the request's thread
	CPUKnown   bool
	Statements []telemetry.Statement
	Layers     []telemetry.Layer
	Kept       Kept
}

// Kept is what the cache of pages has to do with this one.
type Kept struct {
	Page bool          // visitors get it as it is kept
	From string        // what this reader got: "hit", "miss", "shared", "skipped"; empty when the cache was not asked, as for members
	Age  time.Duration // of a hit, since its making began
}

// Cost is what the page cost in US dollars: its CPU time, and the time that it
// waited for the database, as if all of that had been CPU time on the same
// machine. It is a bound from above. False when a part of it is not known.
func (r Reading) Cost(m Machine) (float64, bool) {
	price := m.PerSecond()
	return price * (r.CPU + r.DB).Seconds(), price > 0 && r.CPUKnown
}

// rest is what is neither database nor rendering.
func (r Reading) rest() time.Duration { return max(0, r.Total-r.DB-r.Rendering) }

// control adds up the statements that only begin and end transactions.
func (r Reading) control() (n int, took time.Duration) {
	for _, s := range r.Statements {
		if s.Control {
			n++
			took += s.Took
		}
	}
	return n, took
}

// own are the statements that ask or change something.
func (r Reading) own() (out []telemetry.Statement) {
	for _, s := range r.Statements {
		if !s.Control {
			out = append(out, s)
		}
	}
	return out
}

// left is how many statements are counted and not shown.
func (r Reading) left() int64 { return r.Queries - int64(len(r.own())) }

// Box is the panel of one answer.
type Box struct {
	Setup   Setup
	Next    string // the address to come back to
	Measure func() Reading
}

// span is a part of the bar, in thousandths of its width.
type span struct {
	class    string
	at, wide string
}

// spans divides the bar as the time was divided.
func (r Reading) spans() []span {
	total := max(r.Total, r.DB+r.Rendering, 1)
	at := 0.0
	var out []span
	for _, p := range []struct {
		class string
		took  time.Duration
	}{{"db", r.DB}, {"made", r.Rendering}, {"rest", r.rest()}} {
		wide := 1000 * float64(p.took) / float64(total)
		out = append(out, span{p.class, decimals(at, 1), decimals(wide, 1)})
		at += wide
	}
	return out
}

// share is a statement's part of the database's time, in percent.
func (r Reading) share(s telemetry.Statement) string {
	return decimals(100*float64(s.Took)/float64(max(r.DB, 1)), 1)
}

// millis writes a duration in milliseconds, with three digits that matter.
func millis(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	switch {
	case ms < 10:
		return decimals(ms, 2)
	case ms < 100:
		return decimals(ms, 1)
	}
	return decimals(ms, 0)
}

func decimals(f float64, n int) string { return strconv.FormatFloat(f, 'f', n, 64) }

func plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.FormatInt(n, 10) + " " + many
}

// micro writes millionths of a dollar.
func micro(dollars float64) string { return decimals(dollars*1e6, 3) }

// formula is how the cost was reckoned, with its numbers.
func formula(r Reading, m Machine) string {
	return fmt.Sprintf("Cost = (CPU %s ms + database %s ms) × %s µ$ for a CPU second: a %s has %d CPUs for $%s an hour, on demand. Waiting for the database is reckoned as computing, so this is a bound from above.",
		millis(r.CPU), millis(r.DB), decimals(m.PerSecond()*1e6, 2), m.Name, m.CPUs, strconv.FormatFloat(m.Hourly, 'f', -1, 64))
}
