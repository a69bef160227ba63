package notices_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/engagement"
	"vitrine/app/media"
	"vitrine/app/notifications"
	"vitrine/app/notifications/notices"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/mail"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// world is a database with everything over it: app as requests read, jobs as
// subscribers write. Its clock stands until a test moves it.
type world struct {
	*dbtest.Database
	t         *testing.T
	clock     *clock.Manual
	app, jobs *notices.Service
	works     *works.Service
	mails     *notifications.Service
	live      *open
}

// open are pages that hear what is told.
type open struct {
	mu   sync.Mutex
	said map[uuid.UUID][]int
}

func (o *open) Publish(_ context.Context, member uuid.UUID, kind string, data any) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if bell, ok := data.(notices.Bell); ok && kind == notices.LiveKind {
		o.said[member] = append(o.said[member], bell.Unread)
	}
	return nil
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Database: dbtest.New(t), t: t, clock: clock.NewManual(time.Date(2030, 1, 2, 12, 0, 0, 0, time.UTC)), live: &open{said: map[uuid.UUID][]int{}}}
	handle := func(url string) *db.DB {
		d, err := db.Open(db.Config{URL: url, Clock: w.clock.Now, QueryTimeout: time.Minute, WaitTimeout: time.Minute})
		w.must(err)
		t.Cleanup(func() { _ = d.Close() })
		return d
	}
	w.app, w.works, _ = w.build(handle(w.AppURL), false)
	w.jobs, _, w.mails = w.build(handle(w.WorkerURL), true)
	return w
}

func (w *world) build(d *db.DB, jobs bool) (*notices.Service, *works.Service, *notifications.Service) {
	w.t.Helper()
	dir, outbox, log := w.t.TempDir(), bus.NewOutbox(), slog.New(slog.DiscardHandler)
	store, err := blob.Open(blob.Config{Kind: "disk", Dir: dir + "/blobs"})
	w.must(err)
	files, err := media.New(media.Config{DB: d, Outbox: outbox, Blobs: store, Dir: dir, Log: log})
	w.must(err)
	w.t.Cleanup(func() { _ = files.Close() })
	st, err := studios.New(studios.Config{DB: d, Outbox: outbox})
	w.must(err)
	acc, err := accounts.New(accounts.Config{DB: d, Outbox: outbox, Studios: st})
	w.must(err)
	ws := works.New(d, outbox, files)
	eng, err := engagement.New(engagement.Config{DB: d, Outbox: outbox, Accounts: acc, Studios: st, Works: ws})
	w.must(err)
	c := notices.Config{DB: d, Outbox: outbox, Accounts: acc, Studios: st, Works: ws, Media: files, Engagement: eng, Live: w.live, Secret: strings.Repeat("s", 32), Log: log}
	var mails *notifications.Service
	if jobs {
		sender, err := mail.Open(mail.Config{Kind: mail.KindMailbox, From: "vitrine@vitrine.example", Log: log})
		w.must(err)
		mails, err = notifications.New(notifications.Config{DB: d, Outbox: outbox, Accounts: acc, Studios: st, Sender: sender, BaseURL: &url.URL{Scheme: "https", Host: "vitrine.example"}, Log: log})
		w.must(err)
		c.Post = mails
	}
	s, err := notices.New(c)
	w.must(err)
	return s, ws, mails
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func ctx() context.Context { return db.Guard(context.Background()) }

// person makes an account.
func (w *world) person(name string) uuid.UUID {
	u := id.New()
	address := "p" + u.String()[24:] + "@example.org"
	w.Exec(w.t, `insert into users (id, email, email_key, name, password_hash, password_set_at, verified_at, created_at, updated_at)
		values ($1, $2, $2, $3, '!', now(), now(), now() - interval '1 year', now())`, u, address, name)
	return u
}

// studio makes a studio that a person owns.
func (w *world) studio(owner uuid.UUID, slug, name string) works.Actor {
	a := works.Actor{UserID: owner, StudioID: id.New(), Role: studios.Owner}
	w.Exec(w.t, `insert into studios (id, slug, name, personal_of, created_at, updated_at) values ($1, $2, $3, $4, now(), now())`, a.StudioID, slug, name, owner)
	w.Exec(w.t, `insert into studio_slugs (slug, studio_id, since) values ($1, $2, now())`, slug, a.StudioID)
	w.join(a.StudioID, owner, studios.Owner)
	return a
}

func (w *world) join(studio, user uuid.UUID, role studios.Role) {
	w.Exec(w.t, `insert into memberships (studio_id, user_id, role, created_at, updated_at) values ($1, $2, $3, now(), now())`, studio, user, role)
}

// work publishes a work.
func (w *world) work(a works.Actor, title string) works.Work {
	w.t.Helper()
	m := id.New()
	w.Exec(w.t, `insert into media (id, studio_id, state, usable, kind, filename, bytes, width, height, served, created_by, created_at, updated_at)
		values ($1, $2, 'ready', true, 'image', 'a.jpg', 1, 16, 9, '{"jpeg":[320]}', $3, now(), now())`, m, a.StudioID, a.UserID)
	key := works.Target{CreationKey: idem.NewKey()}
	_, err := w.works.AddMedia(ctx(), a, key, nil, m, idem.NewKey())
	w.must(err)
	work, err := w.works.Publish(ctx(), a, key, &works.Edit{Title: title, FormKey: "test"}, idem.NewKey())
	w.must(err)
	return work
}

// hears hands an event to its subscriber, twice: delivery is at least once.
func (w *world) hears(handle func(context.Context, bus.Envelope) error, ev bus.Event) {
	w.t.Helper()
	payload, err := json.Marshal(ev)
	w.must(err)
	env := bus.Envelope{ID: id.New(), Name: ev.EventName(), Payload: payload, At: w.clock.Now(), Attempt: 1}
	for range 2 {
		w.must(handle(ctx(), env))
	}
}

// pass hands the newest events of a name to their subscriber, each once more than
// it needs, and forgets them.
func (w *world) pass(name string, handle func(context.Context, bus.Envelope) error) int {
	w.t.Helper()
	rows, err := w.Owner.QueryContext(w.t.Context(), "delete from outbox where event = $1 returning id, payload", name)
	w.must(err)
	var list []bus.Envelope
	for rows.Next() {
		env := bus.Envelope{Name: name, Attempt: 1, At: w.clock.Now()}
		var payload string
		w.must(rows.Scan(&env.ID, &payload))
		env.Payload = json.RawMessage(payload)
		list = append(list, env)
	}
	w.must(rows.Err())
	_ = rows.Close()
	for _, env := range list {
		for range 2 {
			w.must(handle(ctx(), env))
		}
	}
	return len(list)
}

func (w *world) like(work works.Work, by uuid.UUID) {
	w.t.Helper()
	w.clock.Advance(time.Second)
	w.hears(w.jobs.OnLiked, engagement.Liked{WorkID: work.ID, StudioID: work.StudioID, UserID: by, At: w.clock.Now()})
}

// comment writes one and tells of it.
func (w *world) comment(work works.Work, by uuid.UUID, parent *uuid.UUID, body string) uuid.UUID {
	w.t.Helper()
	w.clock.Advance(time.Second)
	c := id.New()
	w.Exec(w.t, `insert into comments (id, public_id, studio_id, work_id, user_id, parent_id, body, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		c, c.String()[24:], work.StudioID, work.ID, by, parent, body, w.clock.Now())
	w.hears(w.jobs.OnCommented, engagement.Commented{CommentID: c, WorkID: work.ID, StudioID: work.StudioID, UserID: by, ParentID: parent, At: w.clock.Now()})
	return c
}

// lines is what a person reads on their page, the newest first.
func (w *world) lines(user uuid.UUID) (out []string) {
	w.t.Helper()
	page, err := w.app.List(ctx(), user, notices.All, notices.Place{})
	w.must(err)
	for _, l := range page.Lines {
		text := l.Words.String()
		if l.Quote != "" {
			text += " “" + l.Quote + "”"
		}
		out = append(out, text)
	}
	return out
}

func (w *world) wants(user uuid.UUID, want ...string) {
	w.t.Helper()
	if got := w.lines(user); strings.Join(got, "\n") != strings.Join(want, "\n") {
		w.t.Errorf("the page says\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
	unread, err := w.app.Unread(ctx(), user)
	w.must(err)
	if unread.Total() > len(want) {
		w.t.Errorf("the bell says %d, and the page shows %d", unread.Total(), len(want))
	}
}

func (w *world) bell(user uuid.UUID, want int) {
	w.t.Helper()
	unread, err := w.app.Unread(ctx(), user)
	w.must(err)
	if unread.Total() != want {
		w.t.Errorf("the bell says %d, want %d", unread.Total(), want)
	}
}
