package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"vitrine/jobs"
)

// command is one subcommand of the binary.
type command struct {
	name, doc string
	run       func(ctx context.Context, c Config, args []string, out io.Writer) error
}

// commands is every subcommand, in the order of the help text.
func commands() []command {
	return []command{
		{"serve", "run the product: all of it, with a private PostgreSQL unless DATABASE_URL names one, or the parts that --roles names", serve},
		{"migrate", "bring the database up to date, set the roles' passwords, and exit", migrate},

		{"seed", "fill the database for measurements: --works N --members N, deterministic", seed},
		{"import", "make studios of archives: [--owner ADDRESS] [--invite] ARCHIVE...", importArchives},
		{"reindex", "make the search index again from the works", reindex},
		{"blobs", "move --to s3|disk: take all files to the other store while the site runs", blobs},
		{"check", "validate the configuration, print it with secrets masked, and exit", check},
		{"docs", "print docs/configuration.md, or with the word retention docs/retention.md", docs},
	}
}

// Run runs one subcommand until it ends or ctx does.
func Run(ctx context.Context, args, environ []string, out io.Writer) error {
	name := "help"
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	if name == "help" || name == "-h" || name == "--help" {
		usage(out)
		return nil
	}
	for _, cmd := range commands() {
		if cmd.name != name {
			continue
		}
		conf, err := Load(environ)
		if err != nil {
			return fmt.Errorf("the configuration is refused: %w", err)
		}
		err = cmd.run(ctx, conf, args, out)
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	return fmt.Errorf("%q is not a command; `vitrine help` lists them", name)
}

func usage(out io.Writer) {
	var b strings.Builder
	b.WriteString("usage: vitrine COMMAND\n\n")
	for _, cmd := range commands() {
		fmt.Fprintf(&b, "  %-8s %s\n", cmd.name, cmd.doc)
	}
	b.WriteString("\nAll configuration comes from the tier's switches and the environment: docs/configuration.md.\n")
	_, _ = io.WriteString(out, b.String())
}

// check loads the configuration, which validates it, and prints it.
func check(_ context.Context, c Config, _ []string, out io.Writer) error {
	c.Print(out)
	_, err := fmt.Fprintf(out, "\nThe configuration is valid. Switches: tier %s, digest %s.\n", c.Tier, c.Digest())
	return err
}

func docs(_ context.Context, _ Config, args []string, out io.Writer) error {
	if len(args) == 1 && args[0] == "retention" {
		jobs.WriteRetention(out)
		return nil
	}
	WriteReference(out)
	return nil
}
