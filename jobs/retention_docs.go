package jobs

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// WriteRetention writes docs/retention.md from the rules.
func WriteRetention(out io.Writer) {
	var b strings.Builder
	b.WriteString(`# How long data is kept

Made from the table in ` + "`jobs/retention_rules.go`" + ` by ` + "`vitrine docs retention`" + `; a test compares the two. Another test,
` + "`TestRules`" + ` in ` + "`jobs/retention_test.go`" + `, writes for each rule a row that is a little older and one that is a
little younger, lets the job run, and finds the younger one alone.

The jobs run each hour. What a person or a studio deletes is gone from every page at once; its files follow within minutes.

| data | kept | counted from | why | job | tables |
|---|---|---|---|---|---|
`)
	for _, r := range Rules() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | `%s` | %s |\n", r.Data, term(r.Keep), r.Since, r.Why, r.Job, code(r.Tables))
	}
	b.WriteString(`
Objects in the file store that no row knows are removed nightly once they are a day old (` + "`media.reconcile`" + `), those of archives each hour (` + "`archive.close`" + `).

## Without a term of its own
| table | kept |
|---|---|
`)
	kept := Kept()
	tables := make([]string, 0, len(kept))
	for t := range kept {
		tables = append(tables, t)
	}
	slices.Sort(tables)
	for _, t := range tables {
		fmt.Fprintf(&b, "| `%s` | %s |\n", t, kept[t])
	}
	b.WriteString(`
## What the database does not hold
No address of the network is stored, neither with sessions nor with mails. The log of the process names routes, not people; how long it is kept is up to whoever runs the machine. Backups hold what was there when they were made: whoever keeps them longer than the terms above says so to the people concerned.
`)
	_, _ = io.WriteString(out, b.String())
}

func term(d time.Duration) string {
	switch {
	case d == 0:
		return "until then"
	case d == 24*time.Hour:
		return "1 day"
	case d >= 365*day && d%(365*day) == 0:
		return fmt.Sprintf("%d years", d/(365*day))
	}
	return fmt.Sprintf("%d days", d/day)
}

func code(list []string) string { return "`" + strings.Join(list, "`, `") + "`" }
