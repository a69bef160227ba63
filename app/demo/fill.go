package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/demo/art"
	"vitrine/app/demo/catalog"
	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/studios"
	"vitrine/app/works"
)

const (
	// ahead is how many works are on their way at once: while one is drawn, the
	// sizes of those before it are made.
	ahead = 6
	// lookEvery is how often the files on their way are looked at.
	lookEvery = 150 * time.Millisecond
	// quietFor is how often a person's upload is asked for.
	quietFor = time.Second
	// fullLimit makes one studio's storage nearly full, in bytes above its use.
	fullLimit = 40_000_000
)

// errEnded ends a filling that is not wanted any more.
var errEnded = errors.New("the demo data is not wanted any more")

// errLeaving makes the queue come back: a filling that was told to end has not
// noticed yet, and two would share one calendar.
var errLeaving = errors.New("another filling has not ended yet")

// OnWanted brings in the whole catalogue. Interrupted, it goes on where it was:
// each work has a creation key of its own, and what has its state is done.
func (s *Service) OnWanted(ctx context.Context, env bus.Envelope) (err error) {
	defer fault.Wrap(&err, "demo.OnWanted")
	ev, err := bus.Decode[Wanted](env)
	if err != nil {
		return err
	}
	f := &filler{Service: s, ctx: ctx, since: ev.Since, into: Filling, owners: map[string]studio{}}
	if other := s.enter(f); other != nil {
		if other.into == Filling && other.since.Equal(f.since) && other.ctx.Err() == nil {
			return nil // it is at it, and its own task comes back if it fails
		}
		return errLeaving
	}
	defer s.leave()
	if err = f.run(ctx); errors.Is(err, errEnded) {
		return nil
	}
	return err
}

// enter makes f the one filling that runs in this process, unless another does.
func (s *Service) enter(f *filler) (other *filler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy == nil {
		s.busy = f
		return nil
	}
	return s.busy
}

func (s *Service) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy = nil
}

func (f *filler) run(ctx context.Context) error {
	if err := f.begin(ctx); err != nil {
		return err
	}
	if err := f.invite(ctx); err != nil {
		return err
	}
	for n, w := range f.all() {
		if f.done[key(n)] {
			continue
		}
		if err := f.quiet(ctx); err != nil {
			return err
		}
		if err := f.bring(ctx, n, w); err != nil {
			return err
		}
		if err := f.open(ctx, ahead-1); err != nil {
			return err
		}
	}
	if err := f.open(ctx, 0); err != nil {
		return err
	}
	// An earlier attempt may have ended between a work and its life.
	for n, w := range f.all() {
		if f.done[key(n)] {
			if err := f.enliven(ctx, n, w); err != nil {
				return err
			}
		}
	}
	if err := f.collect(ctx); err != nil {
		return err
	}
	if err := f.watch(ctx); err != nil {
		return err
	}
	return f.end(ctx)
}

// studio is a demo studio with its owner.
type studio struct{ ID, Owner uuid.UUID }

func (o studio) actor() works.Actor {
	return works.Actor{UserID: o.Owner, StudioID: o.ID, Role: studios.Owner}
}

// filler is one run.
type filler struct {
	*Service
	ctx     context.Context //nolint:containedctx // of the task, to see whether it still runs
	since   time.Time       // the filling began; its works are dated back from here
	into    string          // the state in which the demo data is meanwhile
	owners  map[string]studio
	members []uuid.UUID     // who like and comment, by their place in the catalogue
	done    map[string]bool // creation keys that need nothing more
	waiting []waiting
}

// waiting is a work whose files are on their way.
type waiting struct {
	n     int
	work  catalog.Work
	owner studio
	files []uuid.UUID
}

// key is the creation key of a work of the catalogue.
func key(n int) string { return fmt.Sprintf("demo-work-%08d", n) }

// begin makes the studios that are missing and finds out what is done.
func (f *filler) begin(ctx context.Context) error {
	if err := f.wanted(ctx); err != nil {
		return err
	}
	for _, st := range catalog.Studios() {
		var err error
		if f.owners[st.Slug], err = f.studio(ctx, st); err != nil {
			return err
		}
	}
	return f.DB.Transact(ctx, func(tx db.Tx) error {
		var keys []string
		err := tx.SQL().Raw(`select creation_key from works where creation_key like 'demo-work-%'
			and (state <> 'draft' or title <> '' and not title_guessed and exists (select from media m join work_media i on i.media_id = m.id
				where i.work_id = works.id and m.state = 'failed'))`).Scan(&keys).Error
		f.done = map[string]bool{}
		for _, k := range keys {
			f.done[k] = true
		}
		return err
	})
}

// wanted tells errEnded when this filling is not wanted any more, also when
// another one is.
func (f *filler) wanted(ctx context.Context) error {
	var now standing
	if err := f.DB.Read(ctx).SQL(ctx).Raw("select state, started_at from demo").Scan(&now).Error; err != nil {
		return err
	}
	return f.compare(now)
}

func (f *filler) compare(now standing) error {
	if now.State != f.into || !now.StartedAt.Equal(f.since) {
		return errEnded
	}
	return nil
}

// hold locks the demo's row until the commit, so that a removal waits, and ends
// the filling when the row says so.
func (f *filler) hold(tx db.Tx) error {
	now, err := hold(tx)
	if err != nil {
		return err
	}
	return f.compare(now)
}

// studio finds or makes a studio of the catalogue and the person behind it.
func (f *filler) studio(ctx context.Context, st catalog.Studio) (out studio, err error) {
	err = f.DB.Transact(ctx, func(tx db.Tx) error {
		// Held until the commit: a studio is made before the removal looks, or not at all.
		if err := f.hold(tx); err != nil {
			return err
		}
		res := tx.SQL().Raw("select studio_id as id, owner_id as owner from demo_studios where slug = ?", st.Slug).Scan(&out)
		if res.Error != nil || res.RowsAffected == 1 {
			return res.Error
		}
		out.Owner = id.New()
		person := accounts.Person{ID: out.Owner, Email: fmt.Sprintf("%s-%s@demo.example", st.Slug, id.Public()[:4]), Name: st.Name}
		if err := f.Accounts.Provision(ctx, tx, []accounts.Person{person}); err != nil {
			return err
		}
		made, err := f.Studios.FoundDemo(ctx, tx, out.Owner, st.Name)
		if err != nil {
			return err
		}
		out.ID = made.ID
		if err := f.Notices.Silence(ctx, tx, out.Owner); err != nil {
			return err
		}
		return tx.SQL().Exec("insert into demo_studios (slug, studio_id, owner_id) values (?, ?, ?)", st.Slug, out.ID, out.Owner).Error
	})
	if err != nil {
		return out, err
	}
	now, err := f.Studios.ByID(ctx, out.ID)
	if err != nil || now.Description != "" {
		return out, err
	}
	_, err = f.Studios.Update(ctx, out.Owner, out.ID, studios.Profile{Version: now.Version, Name: st.Name, Slug: now.Slug, Description: st.Description, Location: st.Location})
	return out, err
}

// quiet waits while a person uploads: the machine is theirs then.
func (f *filler) quiet(ctx context.Context) error {
	for {
		if err := f.wanted(ctx); err != nil {
			return err
		}
		busy, err := f.Media.Uploading(ctx)
		if err != nil || !busy {
			return err
		}
		if err := pause(ctx, quietFor); err != nil {
			return err
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// bring draws the files of a work, sends them in, and saves what is said of them.
func (f *filler) bring(ctx context.Context, n int, w catalog.Work) error {
	owner, ok := f.owners[w.Studio]
	if !ok {
		return fmt.Errorf("the catalogue has no studio %s", w.Studio)
	}
	wait := waiting{n: n, work: w, owner: owner}
	var err error
	if wait.files, err = f.arrived(ctx, owner, n); err != nil {
		return err
	}
	for i := len(wait.files); i < len(w.Media); i++ {
		mediaID, err := f.send(ctx, n, i, owner, w.Media[i])
		if err != nil {
			return fmt.Errorf("work %d (%s), file %d: %w", n, w.Title, i, err)
		}
		wait.files = append(wait.files, mediaID)
	}
	f.Calendar.set(f.date(n, w))
	defer f.Calendar.present()
	if _, err := f.Works.Save(ctx, owner.actor(), works.Target{CreationKey: key(n)}, edit(w, wait.files)); err != nil {
		return fmt.Errorf("work %d (%s): %w", n, w.Title, err)
	}
	f.waiting = append(f.waiting, wait)
	return nil
}

// arrived gives the files that an earlier attempt brought in, in their order.
func (f *filler) arrived(ctx context.Context, owner studio, n int) (files []uuid.UUID, err error) {
	err = f.DB.TenantRead(ctx, owner.ID, func(r db.Reader) error {
		return r.SQL(ctx).Raw(`select i.media_id from works w join work_media i on i.work_id = w.id join media m on m.id = i.media_id
			where w.studio_id = ? and w.creation_key = ? and m.state <> 'uploading' and m.deleted_at is null order by i.position`, owner.ID, key(n)).Scan(&files).Error
	})
	return files, err
}

// send draws one file and sends it in as an upload does.
func (f *filler) send(ctx context.Context, n, i int, owner studio, m catalog.Media) (uuid.UUID, error) {
	dir, err := os.MkdirTemp(f.Temp, "demo-*")
	if err != nil {
		return uuid.Nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, m.Filename)
	if err := draw(ctx, path, m); err != nil {
		return uuid.Nil, err
	}
	begin := media.Begin{
		Sender: media.Sender{StudioID: owner.ID, UserID: owner.Owner}, DraftKey: key(n), Filename: m.Filename,
		Key: fmt.Sprintf("demo-file-%08d-%02d", n, i), Background: true,
	}
	mediaID, err := f.submit(ctx, path, begin)
	if fault.Is(err, fault.NotFound) {
		// What an attempt of long ago began has expired since.
		begin.Key = id.New().String()
		mediaID, err = f.submit(ctx, path, begin)
	}
	return mediaID, err
}

func (f *filler) submit(ctx context.Context, path string, begin media.Begin) (uuid.UUID, error) {
	file, err := os.Open(path)
	if err != nil {
		return uuid.Nil, err
	}
	defer func() { _ = file.Close() }()
	return f.Media.Import(ctx, begin, file)
}

func draw(ctx context.Context, path string, m catalog.Media) error {
	if m.Film {
		return art.Film(ctx, path, m.Seed, m.Style, m.W, m.H, m.Seconds)
	}
	raw, err := art.JPEG(art.Draw(m.Seed, m.Style, m.W, m.H))
	if err != nil {
		return err
	}
	if m.Broken {
		raw = raw[:len(raw)*2/3] // as a connection that broke leaves it
	}
	return os.WriteFile(path, raw, 0o600)
}

// date is when the work was published: long enough ago that people have found
// it. Works of the same day are minutes apart.
func (f *filler) date(n int, w catalog.Work) time.Time {
	return f.since.Add(-3*time.Hour - time.Duration(w.PublishedDaysAgo)*24*time.Hour - time.Duration(n)*time.Minute)
}

func edit(w catalog.Work, files []uuid.UUID) works.Edit {
	e := works.Edit{
		FormKey: id.New().String(), Title: w.Title, Story: w.Story, Tags: strings.Join(w.Tags, ", "), Credits: w.Credits,
		Licence: string(w.Licence), Year: fmt.Sprint(w.Year), Lang: w.Lang, Sensitive: w.Sensitive, AIMade: w.AIMade, NoAI: true,
		Items: map[uuid.UUID]works.ItemEdit{},
	}
	for i, file := range files {
		e.Items[file] = works.ItemEdit{Alt: w.Media[i].Alt, Caption: w.Media[i].Caption, Focal: "0"}
	}
	return e
}
