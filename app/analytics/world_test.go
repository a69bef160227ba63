package analytics_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/analytics"
	"vitrine/app/media"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
	"vitrine/app/studios"
)

const secret = "a secret of an installation, with 40 letters"

// firefox is how a person's browser calls itself.
const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// world is analytics with its neighbours and a clock that the test moves.
type world struct {
	*dbtest.Database
	t      *testing.T
	at     *clock.Manual
	web    *analytics.Service
	jobs   *analytics.Service
	views  *analytics.Recorder
	stop   func()
	studio uuid.UUID
	zone   string
	owner  uuid.UUID
}

func ctx() context.Context { return db.Guard(context.Background()) }

func newWorld(t *testing.T, zone string, at time.Time) *world {
	t.Helper()
	w := &world{Database: dbtest.New(t), t: t, at: clock.NewManual(at), zone: zone, owner: id.New()}
	w.web, w.jobs = w.service(w.AppURL), w.service(w.WorkerURL)
	w.studio = w.found("harbour-field", zone)
	w.record(analytics.RecorderConfig{})
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) handle(url string) *db.DB {
	w.t.Helper()
	d, err := db.Open(db.Config{URL: url, MaxConns: 4, QueryTimeout: time.Minute, WaitTimeout: 20 * time.Second, Clock: w.at.Now})
	w.must(err)
	w.t.Cleanup(func() { _ = d.Close() })
	return d
}

func (w *world) service(url string) *analytics.Service {
	w.t.Helper()
	d, outbox := w.handle(url), bus.NewOutbox()
	st, err := studios.New(studios.Config{DB: d, Outbox: outbox, Clock: w.at.Now})
	w.must(err)
	blobs, err := blob.Open(blob.Config{Kind: "disk", Dir: filepath.Join(w.t.TempDir(), "blobs")})
	w.must(err)
	files, err := media.New(media.Config{DB: d, Outbox: outbox, Blobs: blobs, Dir: w.t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	w.must(err)
	w.t.Cleanup(func() { _ = files.Close() })
	return analytics.New(analytics.Config{DB: d, Outbox: outbox, Studios: st, Media: files, Clock: w.at.Now, Log: slog.New(slog.DiscardHandler)})
}

// found makes a studio with its owner.
func (w *world) found(slug, zone string) uuid.UUID {
	w.t.Helper()
	studio := id.New()
	w.Exec(w.t, "insert into studios (id, slug, name, time_zone, created_at, updated_at) values ($1, $2, $2, $3, now(), now())", studio, slug, zone)
	w.Exec(w.t, "insert into memberships (studio_id, user_id, role, created_at, updated_at) values ($1, $2, 'owner', now(), now())", studio, w.owner)
	return studio
}

// work makes a published work.
func (w *world) work(title string) uuid.UUID {
	w.t.Helper()
	work := id.New()
	w.Exec(w.t, `insert into works (id, studio_id, public_id, creation_key, created_by, title, slug, state, published_at, created_at, updated_at)
		values ($1, $2, $3, $4, $5, $6, 'a-work', 'published', now(), now(), now())`, work, w.studio, id.Public(), work.String(), w.owner, title)
	return work
}

// record runs a recorder in the place of the former one.
func (w *world) record(c analytics.RecorderConfig) {
	w.t.Helper()
	if w.stop != nil {
		w.stop()
	}
	if c.DB == nil {
		c.DB = w.handle(w.AppURL)
	}
	if c.Every == 0 {
		c.Every = 5 * time.Millisecond
	}
	c.Secret, c.Clock, c.Log = secret, w.at.Now, slog.New(slog.DiscardHandler)
	w.views = analytics.NewRecorder(c)
	running, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.views.Run(running)
	}()
	w.stop = func() { cancel(); <-ended }
	w.t.Cleanup(w.stop)
	w.await("a salt for the day", func() bool { return w.Count(w.t, "select count(*) from view_salts") > 0 })
	w.must(w.views.Prepare(ctx())) // the rows are there before the recorder has them
}

// await waits until something is so, and fails when it does not become so.
func (w *world) await(what string, so func() bool) {
	w.t.Helper()
	deadline, tick := time.After(time.Minute), time.NewTicker(5*time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-deadline:
			w.t.Fatalf("waited in vain for %s", what)
		case <-tick.C:
		}
	}
}

func (w *world) stamp(studio, work uuid.UUID) string {
	return w.views.Stamp(analytics.Subject{StudioID: studio, WorkID: work, Zone: w.zone})
}

// visit is somebody who looks, from an address of their own.
func visit(n int) analytics.Visit {
	return analytics.Visit{Address: netip.AddrFrom4([4]byte{192, 0, byte(n), 7}), Agent: firefox}
}

// look has somebody look at a work at a time and waits until it is written.
func (w *world) look(at string, work uuid.UUID, v analytics.Visit) {
	w.t.Helper()
	when, err := time.Parse(time.RFC3339, at)
	w.must(err)
	w.at.Advance(when.Sub(w.at.Now()))
	w.await("a view that is taken", func() bool { return w.views.Take(w.stamp(w.studio, work), v) })
	w.settle()
}

// settle waits until nothing waits.
func (w *world) settle() {
	w.t.Helper()
	w.await("the buffer", func() bool { return w.views.Counts().Waiting == 0 })
}

// table is the content of a query, a line for each row.
func (w *world) table(query string, args ...any) (lines []string) {
	w.t.Helper()
	rows, err := w.Owner.QueryContext(w.t.Context(), query, args...)
	w.must(err)
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	w.must(err)
	for rows.Next() {
		cells, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range cells {
			into[i] = &cells[i]
		}
		w.must(rows.Scan(into...))
		line := ""
		for i, c := range cells {
			if at, ok := c.(time.Time); ok {
				c = at.UTC().Format("2006-01-02 15:04")
			}
			if i > 0 {
				line += " | "
			}
			line += fmt.Sprint(c)
		}
		lines = append(lines, line)
	}
	w.must(rows.Err())
	return lines
}

// envelope carries an event.
func (w *world) envelope(ev bus.Event) bus.Envelope {
	w.t.Helper()
	raw, err := json.Marshal(ev)
	w.must(err)
	return bus.Envelope{ID: id.New(), Name: ev.EventName(), Payload: raw, At: w.at.Now(), Attempt: 1}
}
