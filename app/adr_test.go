package app

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Each switch has its decision, each decision names only switches that exist,
// keeps the form, and stands in the reading path.
func TestADRs_holdTogetherWithSwitches(t *testing.T) {
	files, err := filepath.Glob("../docs/adr/[0-9]*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no ADRs: %v", err)
	}
	path, err := os.ReadFile("../docs/adr/README.md")
	if err != nil {
		t.Fatal(err)
	}
	head := regexp.MustCompile(`(?m)^Status: \w+ · Phase: \w+(?: · Switch(?:es)?: ([A-Z, ]+))?$`)
	decided := map[string]bool{}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		text, name := string(raw), filepath.Base(f)
		if n := strings.Count(text, "\n"); n > 60 {
			t.Errorf("%s has %d lines, at most 60", name, n)
		}
		if !strings.Contains(string(path), name) {
			t.Errorf("%s is not in the reading path", name)
		}
		for _, part := range []string{"## Context", "## Decision", "## Alternatives", "## Consequences", "## Evidence", "## Revisit when"} {
			if !strings.Contains(text, part+"\n") {
				t.Errorf("%s has no part %q", name, part)
			}
		}
		m := head.FindStringSubmatch(text)
		if m == nil {
			t.Errorf("%s has no status line", name)
			continue
		}
		for s := range strings.SplitSeq(m[1], ",") {
			if s = strings.TrimSpace(s); s != "" {
				decided[s] = true
			}
		}
	}
	for _, s := range switches {
		if !decided[s.Name] {
			t.Errorf("the switch %s has no decision", s.Name)
		}
		delete(decided, s.Name)
	}
	for s := range decided {
		t.Errorf("a decision names the switch %s, which does not exist", s)
	}
	links := regexp.MustCompile(`\]\(([0-9][^)]*\.md)\)`)
	for _, m := range links.FindAllStringSubmatch(string(path), -1) {
		if _, err := os.Stat("../docs/adr/" + m[1]); err != nil {
			t.Errorf("the reading path links to %s, which is missing", m[1])
		}
	}
}
