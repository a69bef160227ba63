package demo_test

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/analytics"
	"vitrine/app/demo"
	"vitrine/app/demo/catalog"
	"vitrine/app/engagement"
	"vitrine/app/engagement/sources"
	"vitrine/app/media"
	"vitrine/app/notifications/notices"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
	"vitrine/app/platform/mediatool"
	"vitrine/app/platform/queue"
	"vitrine/app/search"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/collections"
	"vitrine/jobs"
)

// patience bounds every wait: a small catalogue takes seconds, and a machine
// full of tests takes many times that.
const patience = 3 * time.Minute

// house is an installation with its real pipeline.
type house struct {
	*dbtest.Database
	t         *testing.T
	catalogue []catalog.Work
	outbox    *bus.Outbox
	blobs     blob.Store
	tools     *mediatool.Tools
	demo      *demo.Service
	accounts  *accounts.Service
	studios   *studios.Service
	media     *media.Service // as jobs use it
	works     *works.Service // as visitors use it
	table     []queue.Subscription
}

func newHouse(t *testing.T, catalogue []catalog.Work) *house {
	t.Helper()
	h := &house{Database: dbtest.New(t), t: t, catalogue: catalogue, outbox: bus.NewOutbox()}
	dir, log := t.TempDir(), slog.New(slog.NewTextHandler(io.Discard, nil))
	var err error
	h.blobs, err = blob.Open(blob.Config{Kind: "disk", Dir: filepath.Join(dir, "blobs")})
	h.must(err)
	h.tools, err = mediatool.Open(mediatool.Config{TempDir: filepath.Join(dir, "tools")})
	h.must(err)
	t.Cleanup(func() { _ = h.tools.Close() })
	h.studios, err = studios.New(studios.Config{DB: h.Worker, Outbox: h.outbox})
	h.must(err)
	h.accounts, err = accounts.New(accounts.Config{DB: h.Worker, Outbox: h.outbox, Studios: h.studios, Hashing: accounts.Hashing{Memory: 64, Passes: 1, Wait: 30 * time.Second}})
	h.must(err)
	h.media = h.files(h.Worker, filepath.Join(dir, "uploads"), log)
	calendar := &demo.Calendar{}
	dated, err := db.Open(db.Config{URL: h.WorkerURL, MaxConns: 2, QueryTimeout: time.Minute, WaitTimeout: 10 * time.Second, Clock: calendar.Now})
	h.must(err)
	t.Cleanup(func() { _ = dated.Close() })
	tasks := works.New(h.Worker, h.outbox, h.media)
	h.media.AttachTo(tasks)
	h.works = works.New(h.App, h.outbox, h.files(h.App, filepath.Join(dir, "uploads"), log))
	engage, err := engagement.New(engagement.Config{DB: h.Worker, Outbox: h.outbox, Accounts: h.accounts, Studios: h.studios, Works: tasks})
	h.must(err)
	told, err := notices.New(notices.Config{DB: h.Worker, Outbox: h.outbox, Accounts: h.accounts, Studios: h.studios, Works: tasks, Media: h.media,
		Engagement: engage, Secret: strings.Repeat("s", 32), Log: log})
	h.must(err)
	h.demo = demo.New(demo.Config{
		DB: h.Worker, Outbox: h.outbox, Accounts: h.accounts, Studios: h.studios, Media: h.media, Engage: engage, Notices: told,
		Views: analytics.New(analytics.Config{DB: h.Worker, Outbox: h.outbox, Studios: h.studios, Media: h.media, Log: log}),
		Works: works.New(dated, h.outbox, h.media), Collections: collections.New(h.Worker, h.outbox, h.media), Calendar: calendar, Catalogue: catalogue, Temp: dir, Log: log,
	})
	h.table = jobs.Handlers{
		Media: jobs.Media{Service: h.media}, Works: jobs.Works{Service: tasks}, Search: search.New(h.Worker, tasks, h.studios), Demo: h.demo,
		Engagement: engage, Sources: sources.New(h.Worker, h.studios, tasks),
	}.Subscriptions()
	// Nobody here is told of anything, and nothing is counted for reports.
	h.table = slices.DeleteFunc(h.table, func(s queue.Subscription) bool {
		context, _, _ := strings.Cut(s.Name, ".")
		return !slices.Contains([]string{"demo", "media", "works", "search", "engagement"}, context)
	})
	return h
}

func (h *house) files(d *db.DB, dir string, log *slog.Logger) *media.Service {
	h.t.Helper()
	s, err := media.New(media.Config{DB: d, Outbox: h.outbox, Blobs: h.blobs, Tools: h.tools, Dir: dir, Log: log})
	h.must(err)
	h.t.Cleanup(func() { _ = s.Close() })
	return s
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// run lets the jobs happen until stop is called, which interrupts them as the
// end of a process does.
func (h *house) run() (stop func()) {
	h.t.Helper()
	q, err := queue.Open(queue.Config{
		Kind: "inline", DB: h.Worker, Outbox: h.outbox, Subscriptions: h.table, Concurrency: map[string]int{queue.Bulk: 2},
		Drain: time.Millisecond, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	h.must(err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- q.Run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			h.t.Error(err)
		}
	}
	h.t.Cleanup(stop)
	return stop
}

// await waits until a query of the owner gives true.
func (h *house) await(query string, args ...any) {
	h.t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		var done bool
		h.Row(h.t, query, args...)(&done)
		if done {
			return
		}
		select {
		case <-deadline:
			var states, failing string
			h.Row(h.t, "select coalesce(string_agg(state || ' ' || n, ', '), '') from (select state, count(*) n from works group by state) x")(&states)
			h.Row(h.t, "select coalesce(string_agg(subscriber || ': ' || last_error, E'\\n'), '') from tasks")(&failing)
			h.t.Fatalf("%s: not within %s; works: %s; tasks:\n%s", query, patience, states, failing)
		case <-tick.C:
		}
	}
}

// fill brings the catalogue in and waits until nothing more happens.
func (h *house) fill() {
	h.t.Helper()
	h.must(h.demo.StartOnEmpty(ctx()))
	stop := h.run()
	h.await("select state = 'full' from demo")
	h.awaitRest()
	stop()
}

// awaitRest waits until no event and no task is left.
func (h *house) awaitRest() {
	h.t.Helper()
	h.await("select not exists (select from outbox where sent_at is null) and not exists (select from tasks where state = 'ready')")
	if n := h.Count(h.t, "select count(*) from tasks"); n > 0 {
		var why string
		h.Row(h.t, "select string_agg(subscriber || ': ' || last_error, E'\\n') from tasks")(&why)
		h.t.Fatalf("%d tasks died:\n%s", n, why)
	}
}

// objects counts what the store holds.
func (h *house) objects() (keys []string) {
	h.t.Helper()
	for _, prefix := range []string{"original/", "rendition/"} {
		h.must(h.blobs.List(ctx(), prefix, func(e blob.Entry) error {
			keys = append(keys, e.Key)
			return nil
		}))
	}
	return keys
}

// person makes somebody with a studio.
func (h *house) person() media.Sender {
	h.t.Helper()
	p := accounts.Person{ID: id.New(), Email: "teresa@harbour.example", Name: "Teresa Lima"}
	var studio uuid.UUID
	h.must(h.Worker.Transact(ctx(), func(tx db.Tx) (err error) {
		if err = h.accounts.Provision(ctx(), tx, []accounts.Person{p}); err != nil {
			return err
		}
		studio, _, err = h.studios.FoundPersonal(ctx(), tx, p.ID, p.Name)
		return err
	}))
	return media.Sender{StudioID: studio, UserID: p.ID}
}

func ctx() context.Context { return db.Guard(context.Background()) }

// small is a short catalogue with a work of each kind, in sizes that are quick.
func small(t *testing.T) []catalog.Work {
	t.Helper()
	all := catalog.Works()
	var out []catalog.Work
	wanted := map[catalog.State]int{catalog.Published: 3, catalog.Scheduled: 1, catalog.Unlisted: 1, catalog.Archived: 1, catalog.Draft: 1}
	damaged := 1
	for _, w := range all {
		broken := len(w.Media) == 1 && w.Media[0].Broken
		switch {
		case broken && damaged > 0:
			damaged--
		case broken || w.Media[0].Film || wanted[w.State] == 0 || w.State == catalog.Published && len(w.Media) == 1 && wanted[w.State] == 1:
			continue
		default:
			wanted[w.State]--
		}
		w.Media = append([]catalog.Media(nil), w.Media...)
		w.Media = w.Media[:min(len(w.Media), 2)]
		for i := range w.Media {
			w.Media[i].W, w.Media[i].H = w.Media[i].W/10, w.Media[i].H/10
		}
		out = append(out, w)
	}
	if len(out) != 8 {
		t.Fatalf("the short catalogue has %d works", len(out))
	}
	return out
}
