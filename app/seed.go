package app

import (
	"context"
	"errors"
	"flag"
	"io"
	"time"

	"vitrine/app/accounts"
	"vitrine/app/demo"
	"vitrine/app/platform/db"
)

// poolSize is how many real pictures a large set shows again and again.
const poolSize = 16

// seed fills the database for measurements.
func seed(ctx context.Context, c Config, args []string, out io.Writer) (err error) {
	flags := flag.NewFlagSet("seed", flag.ContinueOnError)
	flags.SetOutput(out)
	works := flags.Int("works", 0, "published works in all")
	members := flags.Int("members", -1, "members in all, each with a studio; one for five works when not said")
	follows := flags.Int("follows", 0, "follows in all; the first member follows 2,000 studios, or all there are")
	likes := flags.Int("likes", 0, "likes in all, about, after Zipf's law")
	comments := flags.Int("comments", 0, "comments in all, a quarter of them replies")
	password := flags.String("password", "", "lets all of them sign in with this password; nobody can when empty")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 || min(*works, *follows, *likes, *comments) < 0 || *works+*members <= 0 && *members < 1 {
		return errors.New("say how much: vitrine seed --works 100000 --members 20000")
	}
	if *members < 0 {
		*members = max(1, *works/5)
	}
	hash := "!"
	if *password != "" {
		if hash, err = accounts.HashPassword(*password); err != nil {
			return err
		}
	}
	i, err := openInfra(ctx, c, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.close(context.WithoutCancel(ctx))) }()
	start := time.Now()
	if err := db.Migrate(ctx, i.owner, i.secret); err != nil {
		return err
	}
	pool, err := demo.Pool(ctx, i.blobs, i.tools, i.dir.temp(), poolSize)
	if err != nil {
		return err
	}
	i.say("%d pictures are ready after %s.", len(pool), time.Since(start).Round(time.Second/10))
	owner, err := db.ConnectOwner(ctx, i.owner)
	if err != nil {
		return err
	}
	defer func() { _ = owner.Close(context.WithoutCancel(ctx)) }()
	err = demo.Bulk(ctx, owner, pool, demo.BulkConfig{Works: *works, Members: *members, Follows: *follows, Likes: *likes, Comments: *comments, Password: hash, Say: i.say})
	if err == nil {
		i.say("Done after %s.", time.Since(start).Round(time.Second/10))
	}
	return err
}
