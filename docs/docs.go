// Package docs holds the decisions that this product was built by, so that the
// running product can show them.
package docs

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

//go:embed adr/*.md
var files embed.FS

// Decision is one record: docs/adr/<Name>.md. A test in package app holds all of
// them to this form.
type Decision struct {
	Number   int
	Name     string   // of the file, without its ending
	Title    string   // without the number
	Status   string   // accepted
	Phase    string   // 1k
	Switches []string // that it decides
	Markdown string   // the whole text
}

var (
	titleLine  = regexp.MustCompile(`^# (\d+)\. (.+)`)
	statusLine = regexp.MustCompile(`(?m)^Status: (\w+) · Phase: (\w+)(?: · Switch(?:es)?: ([A-Z, _]+))?$`)
)

// Decisions reads every record, by number. One that is not of the form is an
// error.
func Decisions() ([]Decision, error) {
	names, err := fs.Glob(files, "adr/[0-9]*.md")
	if err != nil {
		return nil, err
	}
	all := make([]Decision, 0, len(names))
	for _, name := range names {
		raw, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		d, err := parse(strings.TrimSuffix(path.Base(name), ".md"), string(raw))
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b Decision) int { return cmp.Compare(a.Number, b.Number) })
	return all, nil
}

func parse(name, text string) (Decision, error) {
	title, status := titleLine.FindStringSubmatch(text), statusLine.FindStringSubmatch(text)
	if title == nil || status == nil {
		return Decision{}, fmt.Errorf("docs/adr/%s.md has no title or no status line", name)
	}
	number, err := strconv.Atoi(title[1])
	if err != nil {
		return Decision{}, fmt.Errorf("docs/adr/%s.md: %w", name, err)
	}
	d := Decision{Number: number, Name: name, Title: title[2], Status: status[1], Phase: status[2], Markdown: text}
	for s := range strings.SplitSeq(status[3], ",") {
		if s = strings.TrimSpace(s); s != "" {
			d.Switches = append(d.Switches, s)
		}
	}
	return d, nil
}

// ReadingPath is the text that leads through the decisions.
func ReadingPath() (string, error) {
	raw, err := files.ReadFile("adr/README.md")
	return string(raw), err
}
