package admin

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"vitrine/app/platform/dbstat"
	"vitrine/app/platform/errlog"
	"vitrine/app/platform/queue"
	"vitrine/app/platform/telemetry"
	"vitrine/web/ui"
)

// From when on a figure is worth a word.
const (
	lateOutbox = time.Minute
	lateTask   = 5 * time.Minute
	lowDisk    = 10 // per cent free
	lowHits    = 0.95
	longTx     = time.Minute
)

// lamp is one part and whether it works.
type lamp struct {
	name, note string
	badge      ui.Badge
}

func (m measured) lamps() []lamp {
	out := []lamp{{"This process", stateWords(m.state), good(m.state == telemetry.Ready, "Serves", "Does not serve")}}
	for _, p := range m.parts {
		note := "answered in " + millis(p.MS)
		if p.Why != nil {
			note = errlog.Redact(p.Why.Error())
		}
		out = append(out, lamp{p.Name, note, good(p.OK, "Works", "Does not work")})
	}
	return append(out, m.outboxLamp(), m.diskLamp())
}

func stateWords(state string) string {
	switch state {
	case telemetry.Ready:
		return "takes requests"
	case telemetry.Draining:
		return "is ending: requests in flight finish, no new ones come"
	default:
		return "is starting, and waits for the database to be brought up to date"
	}
}

func good(ok bool, yes, no string) ui.Badge {
	if ok {
		return ui.Badge{State: ui.Ready, Label: yes}
	}
	return ui.Badge{State: ui.Failed, Label: no}
}

func (m measured) outboxLamp() lamp {
	o := m.queue.Outbox
	switch {
	case m.away != nil:
		return lamp{"outbox", "not known without the database", ui.Badge{Label: "Not known"}}
	case o.Oldest > lateOutbox:
		return lamp{"outbox", fmt.Sprintf("%s wait, the oldest for %s: does a process with jobs run?", ui.Count(int(o.Due), "event", "events"), span(o.Oldest)), good(false, "", "Late")}
	case o.Due == 0:
		return lamp{"outbox", "nothing waits", good(true, "Works", "")}
	}
	return lamp{"outbox", fmt.Sprintf("%s wait, the oldest for %s", ui.Count(int(o.Due), "event", "events"), span(o.Oldest)), good(true, "Works", "")}
}

func (m measured) diskLamp() lamp {
	if m.diskErr != nil {
		return lamp{"disk", errlog.Redact(m.diskErr.Error()), good(false, "", "Not known")}
	}
	free := m.freePercent()
	note := fmt.Sprintf("%s of %s free, %d %%", ui.Bytes(m.disk.Free), ui.Bytes(m.disk.Total), free)
	if free < lowDisk {
		note += ". Make room now: with a full disk PostgreSQL stops and uploads fail"
	}
	return lamp{"disk", note, good(free >= lowDisk, "Has room", "Nearly full")}
}

func (m measured) freePercent() int {
	if m.disk.Total == 0 {
		return 0
	}
	return int(m.disk.Free * 100 / m.disk.Total)
}

func (m measured) figures() ui.Stats {
	out := ui.Stats{
		{Label: "Memory", Value: ui.Bytes(m.process.Resident), Note: ui.Bytes(m.process.Heap) + " of it values of Go"},
		{Label: "Goroutines", Value: ui.Thousands(m.process.Goroutines), Note: ui.Count(m.process.CPUs, "processor", "processors")},
		{Label: "Runs for", Value: span(m.process.Uptime), Note: "version " + shortVersion(m.process.Version)},
	}
	if m.away != nil {
		return append(out, ui.Stat{Label: "Errors in memory", Value: ui.Thousands(m.errors.Waiting), Note: "not written yet"})
	}
	var waiting, dead int64
	for _, q := range m.queue.Queues {
		waiting += q.Due + q.Later
		dead += q.Dead
	}
	return append(out,
		ui.Stat{Label: "Tasks", Value: number(waiting), Note: number(dead) + " failed for good"},
		ui.Stat{Label: "Open errors", Value: number(m.openErrors), Note: number(m.errors.Dropped) + " only counted"},
	)
}

func shortVersion(v string) string {
	if len(v) > 12 {
		return v[:12]
	}
	return v
}

func (m measured) poolGrid() Grid {
	g := Grid{Caption: "Pools of connections", Columns: []Column{{Label: "Pool"}, {Label: "In use", Number: true}, {Label: "Idle", Number: true}, {Label: "At most", Number: true}, {Label: "Waits", Number: true}, {Label: "Waited", Number: true}},
		Empty: "This process has no pools."}
	for _, p := range m.pools {
		row := []Cell{text(p.Name), text(strconv.Itoa(p.InUse)), text(strconv.Itoa(p.Idle)), text(strconv.Itoa(p.Max)), count(p.Waits), text(span(p.Waited))}
		if p.Max > 0 && p.InUse >= p.Max {
			row[1].Note = "all of them"
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

func queueGrid(s queue.Stats) Grid {
	g := Grid{Caption: "Queues", Columns: []Column{{Label: "Queue"}, {Label: "Due", Number: true}, {Label: "Running", Number: true}, {Label: "Later", Number: true}, {Label: "Failed for good", Number: true}, {Label: "Oldest waits", Number: true}}}
	for _, q := range append([]queue.Depth{s.Outbox}, s.Queues...) {
		oldest := text("-")
		if q.Due > 0 {
			oldest = text(span(q.Oldest))
		}
		if q.Oldest > lateTask {
			oldest.Note = "late"
		}
		g.Rows = append(g.Rows, []Cell{text(q.Name), count(max(0, q.Due-q.Running)), count(q.Running), count(q.Later), count(q.Dead), oldest})
	}
	return g
}

func (m measured) serverFacts() ui.Facts {
	s := m.server
	facts := ui.Facts{
		{Term: "Version", Value: "PostgreSQL " + firstWord(s.Version) + ", for " + span(m.now.Sub(s.Started))},
		{Term: "Size", Value: ui.Bytes(s.Bytes)},
		{Term: "Connections", Value: fmt.Sprintf("%d of %d, to all databases of the server", s.Connections, s.MaxConnections)},
		{Term: "In memory", Value: fmt.Sprintf("%.1f %% of the blocks that were asked for", s.CacheHits*100)},
		{Term: "Transactions", Value: "none is open for long"},
		{Term: "Deadlocks", Value: number(s.Deadlocks)},
	}
	if s.CacheHits < lowHits {
		facts[3].Value += ". Below 95 % the working set does not fit: give PostgreSQL more shared_buffers, or the machine more memory"
	}
	if s.LongestTx > longTx {
		facts[4].Value = "one is open for " + span(s.LongestTx) + ", which keeps dead rows from being cleaned up: find it in pg_stat_activity"
	}
	return facts
}

func (m measured) slowestGrid() Grid {
	g := Grid{Caption: "Slow statements by route", Columns: []Column{{Label: "Route"}, {Label: "Statement"}, {Label: "Times", Number: true}, {Label: "In all", Number: true}, {Label: "Longest", Number: true}, {Label: "Last"}},
		Empty: "No statement took 100 ms or longer since this process started."}
	for _, s := range m.slowest {
		route := text(s.Route)
		if s.Route == "none" {
			route = text("in the background")
		}
		g.Rows = append(g.Rows, []Cell{route, {Text: s.SQL, Code: true}, count(s.Count), text(span(s.Total)), text(span(s.Max)), ago(s.Last, m.now)})
	}
	return g
}

func (m measured) statementGrid() Grid {
	g := Grid{Caption: "Statements that took most time", Columns: []Column{{Label: "Statement"}, {Label: "Calls", Number: true}, {Label: "Rows", Number: true}, {Label: "Mean", Number: true}, {Label: "Longest", Number: true}, {Label: "In all", Number: true}},
		Empty: "Nothing was counted yet."}
	for _, s := range m.statements {
		g.Rows = append(g.Rows, []Cell{{Text: telemetry.Shorten(s.Query), Code: true}, count(s.Calls), count(s.RowCount), text(millis(s.MeanMS)), text(millis(s.MaxMS)), text(millis(s.TotalMS))})
	}
	return g
}

// countingWords say how to switch the counting of statements on, empty when it is.
func (m measured) countingWords() string {
	switch m.counting {
	case dbstat.NoExtension:
		return "This database does not count its statements. Let the server preload the library (shared_preload_libraries = 'pg_stat_statements', which needs a restart; managed databases have a parameter for it), then run as an administrator of the database: create extension pg_stat_statements."
	case dbstat.NoLibrary:
		return "The extension pg_stat_statements is installed, but the server does not preload its library, so nothing is counted. Set shared_preload_libraries = 'pg_stat_statements' and restart PostgreSQL."
	case dbstat.NoRight:
		return "Statements are counted, but the owner of Vitrine's tables may not read the texts of other roles. As an administrator of the database, run: grant pg_read_all_stats to that role."
	}
	return ""
}

func (m measured) wholeGrid() Grid {
	g := Grid{Caption: "Tables that are read from end to end", Columns: []Column{{Label: "Table"}, {Label: "Times", Number: true}, {Label: "Rows each", Number: true}, {Label: "Rows now", Number: true}, {Label: "Size", Number: true}},
		Empty: "No table of size is read from end to end: each question finds its index."}
	for _, t := range m.whole {
		g.Rows = append(g.Rows, []Cell{text(t.Name), count(t.SeqScans), count(t.ScanRows), count(t.Rows), text(ui.Bytes(t.Bytes))})
	}
	return g
}

func (m measured) unusedGrid() Grid {
	g := Grid{Caption: "Indexes that nobody used", Columns: []Column{{Label: "Index"}, {Label: "Table"}, {Label: "Size", Number: true}}, Empty: "Each index was used."}
	for _, i := range m.unused {
		g.Rows = append(g.Rows, []Cell{text(i.Name), text(i.Table), text(ui.Bytes(i.Bytes))})
	}
	return g
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}

// since says from when on PostgreSQL has counted.
func (m measured) since() string {
	if m.server.Since == nil {
		return "since the database was made"
	}
	return "for " + span(m.now.Sub(*m.server.Since))
}
