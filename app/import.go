package app

import (
	"context"
	"errors"
	"flag"
	"io"
	"time"

	"vitrine/app/archive"
	"vitrine/app/platform/db"
)

// importArchives makes studios of archives. With DATABASE_URL the site may run
// beside it; a private PostgreSQL belongs to one process at a time. The sizes of
// the files are made here, by the same jobs as everybody's.
func importArchives(ctx context.Context, c Config, args []string, out io.Writer) (err error) {
	flags := flag.NewFlagSet("import", flag.ContinueOnError)
	flags.SetOutput(out)
	owner := flags.String("owner", "", "address of the person whom the studio will belong to; that of the archive when not said")
	invite := flags.Bool("invite", false, "invite the studio's other members by mail")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return errors.New("say which archive, all volumes of it: vitrine import --owner me@example.org harbour-1of2.zip harbour-2of2.zip")
	}
	list, err := archive.Open(flags.Args())
	if err != nil {
		return err
	}
	defer func() {
		for _, r := range list {
			err = errors.Join(err, r.Close())
		}
	}()
	i, err := openInfra(ctx, c, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.close(context.WithoutCancel(ctx))) }()
	// Everything is looked at before anything is written.
	contents := make([]archive.Content, len(list))
	for n, r := range list {
		if contents[n], err = r.Verify(ctx, every(10*time.Second, func(done, of int) { i.say("%d of %d files are looked at.", done, of) })); err != nil {
			return err
		}
	}
	if err := db.Migrate(ctx, i.owner, i.secret); err != nil {
		return err
	}
	p, err := newProduct(i, roles{})
	if err != nil {
		return err
	}
	for n, r := range list {
		if err := p.bring(ctx, r, contents[n], archive.Bringing{Owner: *owner, Invite: *invite, People: p.forJobs.accounts, Found: p.forJobs.studios, Say: i.say}); err != nil {
			return err
		}
	}
	return nil
}

// bring imports one archive while the jobs run, and says what came of it.
func (p *product) bring(ctx context.Context, r *archive.Reading, c archive.Content, o archive.Bringing) error {
	working, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- p.jobs.Run(working) }()
	brought, err := p.buildArchive(p.worker, p.forJobs).Import(ctx, r, c, o)
	stop()
	if err = errors.Join(err, <-ended); err != nil {
		return errors.Join(err, errors.New("what was imported so far stays; the same command goes on from there"))
	}
	p.say("The studio is at %s/@%s: %d works, %d new files.", p.conf.BaseURL, brought.Slug, brought.Works, brought.Files)
	if brought.NewOwner {
		p.say("Its owner has an account now; a mail tells how to choose a password. It can be asked for again at %s/reset.", p.conf.BaseURL)
	}
	for _, note := range brought.Notes {
		p.say("  - %s", note)
	}
	return nil
}

// every calls fn at most once in d.
func every(d time.Duration, fn func(done, of int)) func(done, of int) {
	last := time.Now()
	return func(done, of int) {
		if time.Since(last) >= d {
			last = time.Now()
			fn(done, of)
		}
	}
}
