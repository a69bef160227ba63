package archive_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/accounts/closing"
	"vitrine/app/analytics"
	"vitrine/app/archive"
	"vitrine/app/engagement"
	"vitrine/app/engagement/sources"
	"vitrine/app/media"
	"vitrine/app/moderation"
	"vitrine/app/notifications"
	"vitrine/app/notifications/notices"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/cdn"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/mail"
	"vitrine/app/platform/mediatool"
	"vitrine/app/platform/queue"
	"vitrine/app/search"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/jobs"
)

// patience bounds every wait: a few pictures take seconds, and a machine full of
// tests takes many times that.
const patience = 3 * time.Minute

// house is an installation with its real pipeline and a clock that can be moved
// forward.
type house struct {
	*dbtest.Database
	t      *testing.T
	ahead  atomic.Int64 // nanoseconds
	outbox *bus.Outbox
	blobs  blob.Store
	web    services // as requests use them
	jobs   services
	mails  *notifications.Service
	told   *notices.Service
	table  []queue.Subscription
}

type services struct {
	db         *db.DB
	accounts   *accounts.Service
	studios    *studios.Service
	media      *media.Service
	works      *works.Service
	engagement *engagement.Service
	search     *search.Service
	moderation *moderation.Service
	archive    *archive.Service
}

func ctx() context.Context { return db.Guard(context.Background()) }

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) now() time.Time { return time.Now().UTC().Add(time.Duration(h.ahead.Load())) }

func (h *house) forward(d time.Duration) { h.ahead.Add(int64(d)) }

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{Database: dbtest.New(t), t: t, outbox: bus.NewOutbox()}
	dir := t.TempDir()
	var err error
	h.blobs, err = blob.Open(blob.Config{Kind: "disk", Dir: filepath.Join(dir, "blobs")})
	h.must(err)
	tools, err := mediatool.Open(mediatool.Config{TempDir: filepath.Join(dir, "tools")})
	h.must(err)
	t.Cleanup(func() { _ = tools.Close() })
	h.web = h.build(h.AppURL, dir, tools)
	h.jobs = h.build(h.WorkerURL, dir, tools)
	sender, err := mail.Open(mail.Config{Kind: mail.KindMailbox, From: "Vitrine <vitrine@example.org>", Log: quiet})
	h.must(err)
	base, err := url.Parse("https://vitrine.example")
	h.must(err)
	h.mails, err = notifications.New(notifications.Config{DB: h.jobs.db, Outbox: h.outbox, Accounts: h.jobs.accounts, Studios: h.jobs.studios, Sender: sender, BaseURL: base, Log: quiet})
	h.must(err)
	h.told, err = notices.New(notices.Config{DB: h.jobs.db, Outbox: h.outbox, Accounts: h.jobs.accounts, Studios: h.jobs.studios, Works: h.jobs.works, Media: h.jobs.media,
		Engagement: h.jobs.engagement, Post: h.mails, Secret: strings.Repeat("s", 32), Log: quiet})
	h.must(err)
	h.web.archive = h.archive(h.web, nil)
	h.jobs.archive = h.archive(h.jobs, h.mails)
	h.table = h.subscriptions()
	return h
}

func (h *house) archive(s services, mails *notifications.Service) *archive.Service {
	return archive.New(archive.Config{
		DB: s.db, Outbox: h.outbox, Blobs: h.blobs, Accounts: closing.New(s.db, h.outbox, nil), Studios: s.studios, Media: s.media, Works: s.works, Engagement: s.engagement, Search: s.search,
		Moderation: s.moderation, Mails: mails, Notices: h.told, Clock: h.now, Log: quiet, VolumeSize: 45_000,
	})
}

func (h *house) subscriptions() []queue.Subscription {
	network, err := cdn.Open(cdn.Config{Kind: cdn.KindOff})
	h.must(err)
	return jobs.Handlers{
		CDN:   jobs.CDN{Network: network},
		Media: jobs.Media{Service: h.jobs.media}, Works: jobs.Works{Service: h.jobs.works}, Search: h.jobs.search, Mails: h.mails, Notices: jobs.Notices{Service: h.told, Moderation: h.jobs.moderation, Studios: h.jobs.studios, Works: h.jobs.works},
		Analytics: jobs.Analytics{Service: analytics.New(analytics.Config{DB: h.jobs.db, Outbox: h.outbox, Studios: h.jobs.studios, Media: h.jobs.media, Clock: h.now, Log: quiet})},
		Archive:   jobs.Archive{Service: h.jobs.archive}, Engagement: h.jobs.engagement, Sources: sources.New(h.jobs.db, h.jobs.studios, h.jobs.works),
	}.Subscriptions()
}

func (h *house) build(dsn, dir string, tools *mediatool.Tools) (s services) {
	h.t.Helper()
	var err error
	s.db, err = db.Open(db.Config{URL: dsn, MaxConns: 8, QueryTimeout: time.Minute, WaitTimeout: 10 * time.Second, Clock: h.now})
	h.must(err)
	h.t.Cleanup(func() { _ = s.db.Close() })
	s.studios, err = studios.New(studios.Config{DB: s.db, Outbox: h.outbox, Clock: h.now})
	h.must(err)
	s.accounts, err = accounts.New(accounts.Config{DB: s.db, Outbox: h.outbox, Studios: s.studios, Clock: h.now, Hashing: accounts.Hashing{Memory: 64, Passes: 1, Wait: 30 * time.Second}})
	h.must(err)
	s.studios.AskAbout(s.accounts)
	s.media, err = media.New(media.Config{DB: s.db, Outbox: h.outbox, Blobs: h.blobs, Tools: tools, Dir: filepath.Join(dir, "uploads"), Clock: h.now, Log: quiet})
	h.must(err)
	h.t.Cleanup(func() { _ = s.media.Close() })
	s.works = works.New(s.db, h.outbox, s.media)
	s.media.AttachTo(s.works)
	s.engagement, err = engagement.New(engagement.Config{DB: s.db, Outbox: h.outbox, Accounts: s.accounts, Studios: s.studios, Works: s.works})
	h.must(err)
	s.search = search.New(s.db, s.works, s.studios)
	s.moderation, err = moderation.New(moderation.Config{DB: s.db, Outbox: h.outbox, Accounts: s.accounts, Studios: s.studios, Works: s.works})
	h.must(err)
	return s
}

// run lets the jobs happen until stop is called, which interrupts them as the
// end of a process does.
func (h *house) run() (stop func()) {
	h.t.Helper()
	q, err := queue.Open(queue.Config{Kind: "inline", DB: h.jobs.db, Outbox: h.outbox, Subscriptions: h.table, Clock: h.now,
		Concurrency: map[string]int{queue.Bulk: 2}, Drain: time.Millisecond, Log: quiet})
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

// settle runs the jobs until nothing is left to do, and holds them to having
// failed nowhere.
func (h *house) settle() {
	h.t.Helper()
	stop := h.run()
	h.await("select not exists (select from outbox where sent_at is null) and not exists (select from tasks where state = 'ready')")
	stop()
	if n := h.Count(h.t, "select count(*) from tasks"); n > 0 {
		var why string
		h.Row(h.t, "select string_agg(subscriber || ': ' || last_error, E'\\n') from tasks")(&why)
		h.t.Fatalf("%d tasks died:\n%s", n, why)
	}
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
			var failing string
			h.Row(h.t, "select coalesce(string_agg(subscriber || ': ' || last_error, E'\\n'), '') from tasks")(&failing)
			h.t.Fatalf("%s: not within %s; tasks:\n%s", query, patience, failing)
		case <-tick.C:
		}
	}
}

// person is somebody with an account and their own studio.
type person struct {
	id     uuid.UUID
	email  string
	name   string
	studio uuid.UUID
	slug   string
}

func (h *house) person(name, email string) (p person) {
	h.t.Helper()
	p = person{id: id.New(), email: email, name: name}
	h.must(h.jobs.db.Transact(ctx(), func(tx db.Tx) (err error) {
		if err = h.jobs.accounts.Provision(ctx(), tx, []accounts.Person{{ID: p.id, Email: email, Name: name}}); err != nil {
			return err
		}
		p.studio, p.slug, err = h.jobs.studios.FoundPersonal(ctx(), tx, p.id, name)
		return err
	}))
	return p
}

// open makes another studio that a person owns.
func (h *house) open(p person, name string) (studioID uuid.UUID, slug string) {
	h.t.Helper()
	slug, err := h.web.studios.Open(ctx(), p.id, studios.Opening{Key: idem.NewKey(), Name: name})
	h.must(err)
	st, err := h.web.studios.BySlug(ctx(), slug)
	h.must(err)
	return st.ID, slug
}

func (h *house) join(studioID uuid.UUID, p person, role studios.Role) {
	h.t.Helper()
	h.Exec(h.t, "insert into memberships (studio_id, user_id, role, created_at, updated_at) values ($1, $2, $3, now(), now())", studioID, p.id, string(role))
}

// work makes a draft with files; the jobs must run for it to get its sizes.
func (h *house) work(p person, studioID uuid.UUID, e works.Edit, files ...[]byte) (works.Actor, works.Target) {
	h.t.Helper()
	a, target := works.Actor{UserID: p.id, StudioID: studioID, Role: studios.Owner}, works.Target{CreationKey: idem.NewKey()}
	items := map[uuid.UUID]works.ItemEdit{}
	for i, raw := range files {
		mediaID, err := h.web.media.Receive(ctx(), studioID, p.id, target.CreationKey, e.Title+".jpg", bytes.NewReader(raw))
		h.must(err)
		items[mediaID] = works.ItemEdit{Alt: e.Title + " alt", Caption: e.Title + " caption", Focal: string(rune('0' + i))}
	}
	e.Items, e.FormKey = items, idem.NewKey()
	w, err := h.web.works.Save(ctx(), a, target, e)
	h.must(err)
	return a, works.Target{PublicID: w.PublicID}
}

// objects lists what the store holds.
func (h *house) objects() (keys []string) {
	h.t.Helper()
	for _, prefix := range []string{"original/", "rendition/", "export/"} {
		h.must(h.blobs.List(ctx(), prefix, func(e blob.Entry) error {
			keys = append(keys, e.Key)
			return nil
		}))
	}
	return keys
}

func jobsArchive(h *house) jobs.Archive { return jobs.Archive{Service: h.jobs.archive} }

func forgetSlugs(h *house) func(tx db.Tx) error {
	return func(tx db.Tx) error {
		_, err := h.jobs.studios.ForgetSlugs(ctx(), tx)
		return err
	}
}
