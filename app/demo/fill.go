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

// OnWanted brings in the whole catalogue. Interrupted, it goes on where it was:
// each work has a creation key of its own, and what has its state is done.
func (s *Service) OnWanted(ctx context.Context, _ bus.Envelope) (err error) {
	defer fault.Wrap(&err, "demo.OnWanted")
	f := &filler{Service: s, owners: map[string]studio{}}
	if err := f.begin(ctx); err != nil {
		return ignoreEnded(err)
	}
	for n, w := range catalog.Works() {
		if f.done[key(n)] {
			continue
		}
		if err := f.quiet(ctx); err != nil {
			return ignoreEnded(err)
		}
		if err := f.bring(ctx, n, w); err != nil {
			return ignoreEnded(err)
		}
		if err := f.open(ctx, ahead-1); err != nil {
			return ignoreEnded(err)
		}
	}
	if err := f.open(ctx, 0); err != nil {
		return ignoreEnded(err)
	}
	return f.end(ctx)
}

func ignoreEnded(err error) error {
	if errors.Is(err, errEnded) {
		return nil
	}
	return err
}

// studio is a demo studio with its owner.
type studio struct{ ID, Owner uuid.UUID }

func (o studio) actor() works.Actor {
	return works.Actor{UserID: o.Owner, StudioID: o.ID, Role: studios.Owner}
}

// filler is one run.
type filler struct {
	*Service
	since   time.Time
	owners  map[string]studio
	done    map[string]bool // creation keys that need nothing more
	waiting []waiting
}

// waiting is a work whose files are on their way.
type waiting struct {
	n      int
	work   catalog.Work
	owner  studio
	files  []uuid.UUID
	opened bool
}

// key is the creation key of a work of the catalogue.
func key(n int) string { return fmt.Sprintf("demo-work-%08d", n) }

// begin makes the studios that are missing and finds out what is done.
func (f *filler) begin(ctx context.Context) error {
	err := f.DB.Transact(ctx, func(tx db.Tx) (err error) {
		var state string
		state, f.since, err = status(tx)
		if err == nil && state != Filling {
			return errEnded
		}
		return err
	})
	if err != nil {
		return err
	}
	for n, st := range catalog.Studios() {
		if f.owners[st.Slug], err = f.studio(ctx, n, st); err != nil {
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

// studio finds or makes a studio of the catalogue and the person behind it.
func (f *filler) studio(ctx context.Context, n int, st catalog.Studio) (out studio, err error) {
	err = f.DB.Transact(ctx, func(tx db.Tx) error {
		res := tx.SQL().Raw("select studio_id as id, owner_id as owner from demo_studios where slug = ?", st.Slug).Scan(&out)
		if res.Error != nil || res.RowsAffected == 1 {
			return res.Error
		}
		out.Owner = id.New()
		person := accounts.Person{ID: out.Owner, Email: fmt.Sprintf("%s-%s@demo.example", st.Slug, id.Public()[:4]), Name: st.Name}
		if err := f.Accounts.Provision(ctx, tx, []accounts.Person{person}); err != nil {
			return err
		}
		made, err := f.Studios.Found(ctx, tx, out.Owner, st.Name)
		if err != nil {
			return err
		}
		out.ID = made.ID
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
		state, err := f.State(ctx)
		if err != nil {
			return err
		}
		if state != Filling {
			return errEnded
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
	for i, m := range w.Media {
		mediaID, err := f.send(ctx, n, i, owner, m)
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
	file, err := os.Open(path)
	if err != nil {
		return uuid.Nil, err
	}
	defer func() { _ = file.Close() }()
	return f.Media.Import(ctx, media.Begin{
		Sender: media.Sender{StudioID: owner.ID, UserID: owner.Owner}, DraftKey: key(n), Filename: m.Filename,
		Key: fmt.Sprintf("demo-file-%08d-%02d", n, i), Background: true,
	}, file)
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

// date is when the work was published. Works of the same day are minutes apart.
func (f *filler) date(n int, w catalog.Work) time.Time {
	return f.since.Add(-time.Duration(w.PublishedDaysAgo)*24*time.Hour - time.Duration(n)*time.Minute)
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

// open gives works their state as soon as something of them can be seen, in the
// order of the catalogue, until at most rest are left on their way.
func (f *filler) open(ctx context.Context, rest int) error {
	for {
		var left []waiting
		for _, w := range f.waiting {
			done, err := f.settle(ctx, w)
			if err != nil {
				return fmt.Errorf("work %d (%s): %w", w.n, w.work.Title, err)
			}
			if !done {
				left = append(left, w)
			}
		}
		if f.waiting = left; len(left) <= rest {
			return nil
		}
		if err := pause(ctx, lookEvery); err != nil {
			return err
		}
		if state, err := f.State(ctx); err != nil || state != Filling {
			return errors.Join(err, errEnded)
		}
	}
}

// settle gives a work its state when it can have it.
func (f *filler) settle(ctx context.Context, w waiting) (done bool, err error) {
	var files []media.Media
	err = f.DB.TenantRead(ctx, w.owner.ID, func(r db.Reader) error {
		files, err = f.Media.ByIDs(ctx, r, w.owner.ID, w.files)
		return err
	})
	if err != nil {
		return false, err
	}
	usable, settled := false, true
	for _, m := range files {
		usable = usable || m.Usable
		settled = settled && m.Settled()
	}
	if !usable {
		return settled, nil // a damaged file stays a draft that says so
	}
	return true, f.become(ctx, w)
}

// become is the use case of the state that the catalogue asks for.
func (f *filler) become(ctx context.Context, w waiting) (err error) {
	f.Calendar.set(f.date(w.n, w.work))
	defer f.Calendar.present()
	a, t, k := w.owner.actor(), works.Target{CreationKey: key(w.n)}, fmt.Sprintf("demo-open-%08d", w.n)
	switch w.work.State {
	case catalog.Published:
		_, err = f.Works.Publish(ctx, a, t, nil, k)
	case catalog.Unlisted:
		_, err = f.Works.Unlist(ctx, a, t, nil, k)
	case catalog.Archived:
		_, err = f.Works.Archive(ctx, a, t, nil, k)
	case catalog.Scheduled:
		f.Calendar.present()
		at := f.since.Add(time.Duration(3+w.n%20) * 24 * time.Hour).Truncate(time.Hour)
		_, err = f.Works.Schedule(ctx, a, t, nil, works.When{Local: at.Format("2006-01-02T15:04"), Zone: "UTC"}, k)
	}
	return err
}

// end marks the data as complete and makes one studio's storage nearly full.
func (f *filler) end(ctx context.Context) error {
	return f.DB.Transact(ctx, func(tx db.Tx) error {
		tight := f.owners[catalog.Studios()[len(catalog.Studios())-1].Slug]
		usage, err := f.Media.Usage(ctx, tx.Reader(), tight.ID)
		if err != nil {
			return err
		}
		if err := f.Media.SetLimit(ctx, tx, tight.ID, usage.Used+usage.Reserved+fullLimit); err != nil {
			return err
		}
		return tx.SQL().Exec("update demo set state = ? where state = ?", Full, Filling).Error
	})
}
