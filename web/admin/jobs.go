package admin

import (
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/errlog"
	"vitrine/app/platform/queue"
	"vitrine/web/page"
	"vitrine/web/site"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// jobsView is what the page of jobs shows.
type jobsView struct {
	now        time.Time
	stats      queue.Stats
	firings    []queue.Firing
	retried    []queue.Retried
	kinds      []queue.DeadKind
	dead       []queue.Task
	subscriber string // of which dead alone are shown
	older      string
}

// retriedShown is how many of the tasks that are tried again are listed.
const retriedShown = 20

// ShowJobs is GET /admin/jobs?subscriber=&before=: what waits, what happens by
// the clock, and what failed for good.
func (p *Pages) ShowJobs(c *site.Context) error {
	v := jobsView{now: p.Now(), subscriber: c.Query("subscriber")}
	before, err := uuid.Parse(c.Query("before"))
	if err != nil {
		before = uuid.Nil
	}
	ctx := c.Ctx()
	for _, ask := range []func() error{
		func() (err error) { v.stats, err = p.Queue.Stats(ctx); return err },
		func() (err error) { v.firings, err = p.Firings(ctx); return err },
		func() (err error) { v.retried, err = p.Queue.Retried(ctx, retriedShown); return err },
		func() (err error) { v.kinds, err = p.Queue.DeadKinds(ctx); return err },
		func() (err error) { v.dead, err = p.Queue.Dead(ctx, v.subscriber, before, perPage+1); return err },
	} {
		if err := ask(); err != nil {
			return err
		}
	}
	if len(v.dead) > perPage {
		v.dead = v.dead[:perPage]
		v.older = "/admin/jobs?" + url.Values{"subscriber": {v.subscriber}, "before": {v.dead[perPage-1].ID.String()}}.Encode()
	}
	return c.Render(http.StatusOK, jobsPage(p.base(c, "Jobs"), v))
}

// ShowDead is GET /admin/jobs/{task}: one task that failed for good.
func (p *Pages) ShowDead(c *site.Context) error {
	return p.deadTask(c, http.StatusOK, views.Refusal{}, "")
}

// deadTask shows the task, with the form to drop it as it was sent.
func (p *Pages) deadTask(c *site.Context, status int, refused views.Refusal, reason string) error {
	taskID, err := idOf(c, "task")
	if err != nil {
		return err
	}
	task, err := p.Queue.Task(c.Ctx(), taskID)
	if err != nil {
		return err
	}
	return c.Render(status, deadPage(p.base(c, "A task that failed"), deadView{task, p.Now(), reason, refused.Fields["reason"]}))
}

// ReplayDead is POST /admin/jobs/{task}/replay.
func (p *Pages) ReplayDead(c *site.Context) error {
	viewer, err := c.RequireViewer()
	if err != nil {
		return err
	}
	taskID, err := idOf(c, "task")
	if err != nil {
		return err
	}
	return done(c, p.Queue.Replay(c.Ctx(), viewer.UserID, taskID), "/admin/jobs", "The task is tried again within seconds, with all its attempts ahead of it.")
}

// ReplayKind is POST /admin/jobs/replay: all dead tasks of a subscriber to an
// event.
func (p *Pages) ReplayKind(c *site.Context) error {
	viewer, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	n, err := p.Queue.ReplayKind(c.Ctx(), viewer.UserID, c.Form("event"), c.Form("subscriber"))
	said := ui.Count(int(n), "task is", "tasks are") + " tried again within seconds."
	if n == 0 && err == nil {
		err = fault.New(fault.Conflict, "None of these tasks can be tried again: somebody was faster, or their events are older than 30 days.")
	}
	return done(c, err, "/admin/jobs", said)
}

// DropDead is POST /admin/jobs/{task}/drop, with a reason.
func (p *Pages) DropDead(c *site.Context) error {
	viewer, err := c.RequireViewer()
	if err != nil {
		return err
	}
	taskID, err := idOf(c, "task")
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	err = p.Queue.Drop(c.Ctx(), viewer.UserID, taskID, c.Form("reason"))
	if fault.Is(err, fault.Invalid) {
		refused, status, err := c.Refused(err)
		if err != nil {
			return err
		}
		return p.deadTask(c, status, refused, c.Form("reason"))
	}
	return done(c, err, "/admin/jobs", "The task is gone. The audit has your reason.")
}

// done answers an act: what it did, or, when somebody was faster, that.
func done(c *site.Context, err error, to, said string) error {
	switch {
	case fault.Is(err, fault.NotFound), fault.Is(err, fault.Conflict):
		c.Flash(page.Warn, fault.MessageOf(err))
	case err != nil:
		return err
	default:
		c.Flash(page.Good, said)
	}
	return c.SeeOther(to)
}

func (v jobsView) timetable() Grid {
	g := Grid{Caption: "Schedule", Columns: []Column{{Label: "Job"}, {Label: "Each"}, {Label: "Last"}, {Label: "Next"}}, Empty: "Nothing happens by the clock."}
	for _, f := range v.firings {
		last := text("not yet")
		if f.Last != nil {
			last = ago(*f.Last, v.now)
		}
		if f.Last != nil && v.now.Sub(*f.Last) > 2*f.Every {
			last.Note = "Late: does a process with jobs run?"
		}
		g.Rows = append(g.Rows, []Cell{text(f.Name), text(each(f.Every)), last, ago(f.Next, v.now)})
	}
	return g
}

// each writes a period: "minute", "2 min", "hour", "day".
func each(d time.Duration) string {
	switch d {
	case time.Minute:
		return "minute"
	case time.Hour:
		return "hour"
	case 24 * time.Hour:
		return "day"
	}
	return span(d)
}

func (v jobsView) retriedGrid() Grid {
	g := Grid{Caption: "Tried again", Columns: []Column{{Label: "Subscriber"}, {Label: "Error"}, {Label: "Attempts", Number: true}, {Label: "Next"}}}
	for _, t := range v.retried {
		next := ago(t.RunAt, v.now)
		if !t.RunAt.After(v.now) {
			next = text("now")
		}
		g.Rows = append(g.Rows, []Cell{{Text: t.Subscriber, Note: t.Event}, text(firstLine(t.LastError, 160)), text(fmt.Sprintf("%d of %d", t.Attempts, t.MaxAttempts)), next})
	}
	return g
}

func (v jobsView) kindGrid() Grid {
	g := Grid{Caption: "Failed for good, by kind", Columns: []Column{{Label: "Subscriber"}, {Label: "Event"}, {Label: "Tasks", Number: true}, {Label: "Events of"}, {Label: "Act"}}}
	for _, k := range v.kinds {
		row := []Cell{
			{Text: k.Subscriber, URL: "/admin/jobs?" + url.Values{"subscriber": {k.Subscriber}}.Encode()}, text(k.Event), count(k.Count), ago(k.Newest, v.now),
			{Act: &Act{Action: "/admin/jobs/replay", Button: ui.Button{Label: "Replay all", Small: true, Icon: ui.IconRetry},
				Fields: []ui.Hidden{{Name: "event", Value: k.Event}, {Name: "subscriber", Value: k.Subscriber}}}},
		}
		switch {
		case k.TooOld == k.Count:
			row[4] = Cell{Text: "Too old to replay"}
		case k.TooOld > 0:
			row[4].Note = number(k.TooOld) + " of them are too old"
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

func (v jobsView) deadGrid() Grid {
	g := Grid{Caption: "Failed for good", Columns: []Column{{Label: "Subscriber"}, {Label: "Error"}, {Label: "Attempts", Number: true}, {Label: "First failed"}}}
	for _, t := range v.dead {
		failed := ago(t.FirstFailedAt, v.now)
		if t.FirstFailedAt.IsZero() {
			failed = text("-")
		}
		g.Rows = append(g.Rows, []Cell{{Text: t.Subscriber, Note: t.Event, URL: "/admin/jobs/" + t.ID.String()}, text(firstLine(t.LastError, 160)), count(int64(t.Attempts)), failed})
	}
	return g
}

// firstLine is the beginning of an error, redacted, on one line.
func firstLine(s string, most int) string {
	r := []rune(errlog.Redact(s))
	for i, c := range r {
		if c == '\n' || i == most {
			return string(r[:i]) + "…"
		}
	}
	return string(r)
}

// deadView is one dead task and the form to drop it.
type deadView struct {
	task          queue.Task
	now           time.Time
	reason, wrong string
}

func (v deadView) old() bool { return v.now.Sub(v.task.EventAt) > queue.Replayable }

func (v deadView) facts() ui.Facts {
	t := v.task
	at := ago(t.EventAt, v.now)
	facts := ui.Facts{
		{Term: "Event", Value: t.Event},
		{Term: "Happened", Value: at.Text + ", " + at.Note, Time: at.Time},
		{Term: "Queue", Value: t.Queue},
		{Term: "Attempts", Value: number(int64(t.Attempts))},
		{Term: "Id of the event", Value: t.EventID.String()},
	}
	if !t.FirstFailedAt.IsZero() {
		failed := ago(t.FirstFailedAt, v.now)
		facts = append(facts, ui.Fact{Term: "First failed", Value: failed.Text + ", " + failed.Note, Time: failed.Time})
	}
	return facts
}

// longestPayload is how much of a payload is shown, in characters.
const longestPayload = 2000

func (v deadView) payload() string {
	r := []rune(errlog.RedactJSON(v.task.Payload))
	if len(r) > longestPayload {
		return string(r[:longestPayload]) + "…"
	}
	return string(r)
}

func (v jobsView) deadHeading() string {
	if v.subscriber != "" {
		return "Failed for good: " + v.subscriber
	}
	return "Failed for good"
}
