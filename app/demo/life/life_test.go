package life_test

import (
	"strings"
	"testing"
	"time"

	"vitrine/app/demo/catalog"
	"vitrine/app/demo/life"
)

var filled = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

func TestOf(t *testing.T) {
	t.Parallel()
	likes, comments, answers, most := 0, 0, 0, 0
	for n, w := range catalog.Works() {
		published := filled.Add(-3*time.Hour - time.Duration(w.PublishedDaysAgo)*24*time.Hour)
		l := life.Of(n, w, published, filled)
		if w.State != catalog.Published && (len(l.Likes) > 0 || len(l.Comments) > 0) {
			t.Errorf("%s is %s, and people were there", w.Title, w.State)
		}
		seen := map[int]bool{}
		for _, m := range l.Likes {
			if seen[m.Who] || m.At.Before(published) || m.At.After(filled) {
				t.Errorf("%s: %d likes it twice or at %s", w.Title, m.Who, m.At)
			}
			seen[m.Who] = true
		}
		said := map[string]bool{}
		for _, c := range l.Comments {
			if said[c.Text] || c.Who == life.Studio || c.Text == "" || c.At.Before(published) || c.At.After(filled) {
				t.Errorf("%s: %d says %q at %s", w.Title, c.Who, c.Text, c.At)
			}
			said[c.Text] = true
			for _, r := range c.Replies {
				if r.At.Before(c.At) || r.At.After(filled) || r.Who == c.Who || r.Text == "" {
					t.Errorf("%s: %d replies %q at %s to what was said at %s", w.Title, r.Who, r.Text, r.At, c.At)
				}
				if r.Who == life.Studio {
					answers++
				}
			}
		}
		likes, comments, most = likes+len(l.Likes), comments+len(l.Comments), max(most, len(l.Likes))
	}
	t.Logf("%d likes, at most %d of one work, %d comments, %d answers of studios", likes, most, comments, answers)
	if likes < 1500 || comments < 200 || answers < 80 || most <= len(life.Names())/2 {
		t.Error("that is no life")
	}
}

func TestFollows(t *testing.T) {
	t.Parallel()
	count := map[string]int{}
	seen := map[life.Follow]bool{}
	for _, f := range life.Follows(catalog.Studios(), filled) {
		count[f.Studio]++
		if key := (life.Follow{Who: f.Who, Studio: f.Studio}); seen[key] || f.At.After(filled) {
			t.Errorf("%+v", f)
		} else {
			seen[key] = true
		}
	}
	if len(count) != len(catalog.Studios()) {
		t.Errorf("%d studios are followed", len(count))
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	first := map[string]bool{}
	for _, name := range life.Names() {
		given, _, _ := strings.Cut(name, " ")
		if first[given] {
			t.Errorf("there are two of %s", given)
		}
		first[given] = true
	}
}
