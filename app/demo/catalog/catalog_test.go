package catalog

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/language"

	"vitrine/app/demo/art"
	"vitrine/app/platform/text"
	"vitrine/app/works"
)

func TestWorks_count(t *testing.T) {
	all := Works()
	if len(all) != 400 {
		t.Errorf("there are %d works instead of 400", len(all))
	}
	titles, stories, told := map[string]bool{}, map[string]bool{}, 0
	for i, w := range all {
		if titles[w.Title] {
			t.Errorf("%q is there twice", w.Title)
		}
		titles[w.Title] = true
		if w.Story != "" {
			told++
			stories[w.Story] = true
		}
		if i > 0 && w.Story != "" && w.Story == all[i-1].Story {
			t.Errorf("%q has the story of its neighbour", w.Title)
		}
		if i > 0 && w.PublishedDaysAgo < all[i-1].PublishedDaysAgo {
			t.Errorf("%q is newer than the work before it", w.Title)
		}
	}
	if told < 280 || told > 320 || len(stories) < 240 {
		t.Errorf("%d works have a story and %d stories differ", told, len(stories))
	}
	if last := all[len(all)-1].PublishedDaysAgo; last != 90 {
		t.Errorf("the oldest work is of %d days ago", last)
	}
	if !reflect.DeepEqual(all, Works()) {
		t.Error("a second call gives another catalogue")
	}
}

func TestWorks_special(t *testing.T) {
	// A misspelt title would leave its work ordinary, and nobody would see it.
	titles := map[string]bool{}
	for _, w := range Works() {
		titles[w.Title] = true
	}
	for title := range marks() {
		if !titles[title] {
			t.Errorf("%q is marked, but there is no such work", title)
		}
	}
	for title := range told() {
		if !titles[title] {
			t.Errorf("%q has a story, but there is no such work", title)
		}
	}
	for title := range pinned() {
		if !titles[title] {
			t.Errorf("%q has a picture, but there is no such work", title)
		}
	}
}

func TestWorks_opening(t *testing.T) {
	families, studios, ratios, films := map[string]bool{}, map[string]bool{}, map[int]bool{}, 0
	for i, w := range Works()[:30] {
		if len(w.Media) != 1 || w.State != Published || w.Sensitive || w.PublishedDaysAgo > 3 {
			t.Errorf("%q does not belong on the first wall", w.Title)
			continue
		}
		m := w.Media[0]
		families[art.Family(m.Style)], studios[w.Studio], ratios[m.W*20/m.H] = true, true, true
		if m.Film {
			films++
			if i < 12 {
				t.Errorf("%q is a film among the first twelve", w.Title)
			}
		} else if long := max(m.W, m.H); long < 1280 || long > 1600 {
			t.Errorf("%q is %d pixels long", w.Title, long)
		}
	}
	for _, s := range art.Styles() {
		if !families[art.Family(s)] {
			t.Errorf("there is no %s on the first wall", art.Family(s))
		}
	}
	if len(studios) != len(Studios()) || len(ratios) < 6 || films > 2 {
		t.Errorf("the first wall has %d studios, %d shapes, %d films", len(studios), len(ratios), films)
	}
}

// want says how often something is there.
type want struct {
	what     string
	min, max int
	is       func(w Work) bool
}

func TestWorks_hardCases(t *testing.T) {
	in := func(s State) func(Work) bool { return func(w Work) bool { return w.State == s } }
	pictures := func(from, to int) func(Work) bool {
		return func(w Work) bool { return len(w.Media) >= from && len(w.Media) <= to }
	}
	lang := func(l string) func(Work) bool { return func(w Work) bool { return w.Lang == l && w.Story != "" } }
	has := func(is func(m Media) bool) func(Work) bool {
		return func(w Work) bool { return slices.ContainsFunc(w.Media, is) }
	}
	broken := func(m Media) bool { return m.Broken }
	all := Works()
	for _, c := range []want{
		{"scheduled", 8, 8, in(Scheduled)}, {"drafts", 7, 7, in(Draft)}, {"unlisted", 6, 6, in(Unlisted)}, {"archived", 6, 6, in(Archived)},
		{"sensitive", 4, 4, func(w Work) bool { return w.Sensitive }}, {"made by machine", 6, 6, func(w Work) bool { return w.AIMade }},
		{"of several pictures", 50, 70, pictures(2, 5)}, {"of nine pictures", 3, 3, pictures(9, 9)}, {"of other numbers", 0, 0, pictures(6, 8)},
		{"in Arabic", 3, 9, lang("ar")}, {"in Hebrew", 2, 9, lang("he")}, {"in Japanese", 1, 9, lang("ja")},
		{"with 200 characters", 1, 1, func(w Work) bool { return text.Length(w.Title) == 200 }},
		{"with an emoji", 1, 9, func(w Work) bool { return strings.ContainsAny(w.Title, "🌾") }},
		{"films", 10, 10, has(func(m Media) bool { return m.Film })},
		{"upright films", 1, 9, has(func(m Media) bool { return m.Film && m.W == 360 })},
		{"panoramas", 1, 9, has(func(m Media) bool { return m.W == 3*m.H })},
		{"damaged drafts", 1, 1, func(w Work) bool { return w.State == Draft && len(w.Media) == 1 && w.Media[0].Broken }},
		{"damaged at the end", 1, 1, func(w Work) bool { return w.State == Published && len(w.Media) == 3 && w.Media[2].Broken }},
		{"damaged", 2, 2, has(broken)},
		{"reserved", 260, 340, func(w Work) bool { return w.Licence == works.Reserved }},
	} {
		n := 0
		for _, w := range all {
			if c.is(w) {
				n++
			}
		}
		if n < c.min || n > c.max {
			t.Errorf("%d works are %s; wanted %d to %d", n, c.what, c.min, c.max)
		}
	}
}

func TestWorks_valid(t *testing.T) {
	var studios []string
	for _, s := range Studios() {
		studios = append(studios, s.Slug)
	}
	vocabulary := Tags()
	for _, w := range Works() {
		if !slices.Contains(studios, w.Studio) {
			t.Errorf("%q is of no studio", w.Title)
		}
		if w.Title == "" || w.Title != text.Line(w.Title) || text.Length(w.Title) > works.MaxTitle {
			t.Errorf("%q is no title", w.Title)
		}
		if w.Story != text.Block(w.Story) || text.Length(w.Story) > works.MaxStory || text.Length(w.Credits) > works.MaxCredits {
			t.Errorf("%q says too much", w.Title)
		}
		if len(w.Tags) < 1 || len(w.Tags) > 6 || !w.Licence.Known() || w.Year < 2019 || w.Year > 2026 {
			t.Errorf("%q has tags %v, licence %q, year %d", w.Title, w.Tags, w.Licence, w.Year)
		}
		for _, tag := range w.Tags {
			if !slices.Contains(vocabulary, tag) {
				t.Errorf("%q has the tag %q, which is not in the vocabulary", w.Title, tag)
			}
		}
		if _, err := language.Parse(w.Lang); w.Lang != "" && err != nil {
			t.Errorf("%q: %v", w.Title, err)
		}
	}
}

func TestTags(t *testing.T) {
	slugs := map[string]bool{}
	for _, tag := range Tags() {
		slug := works.TagSlug(tag)
		if slug == "" || slugs[slug] || text.Length(tag) > works.MaxTag || tag != strings.ToLower(tag) {
			t.Errorf("%q is no tag of its own", tag)
		}
		slugs[slug] = true
	}
}

func TestWorks_media(t *testing.T) {
	styles, said, pictures, pixels := map[art.Style]bool{}, 0, 0, 0
	for _, w := range Works() {
		for _, m := range w.Media {
			styles[m.Style] = true
			checkMedia(t, w.Title, m, len(w.Media) > 1)
			if m.Film {
				continue
			}
			pictures++
			pixels += m.W * m.H
			if m.Alt != "" {
				said++
			}
		}
	}
	for _, s := range art.Styles() {
		if !styles[s] {
			t.Errorf("no work shows %s", s)
		}
	}
	if mean := pixels / pictures; mean < 1_250_000 || mean > 1_550_000 {
		t.Errorf("a picture has %d pixels on average", mean)
	}
	if silent := 100 * (pictures - said) / pictures; silent < 5 || silent > 11 {
		t.Errorf("%d of 100 pictures are not described", silent)
	}
}

func checkMedia(t *testing.T, title string, m Media, several bool) {
	t.Helper()
	if art.Family(m.Style) == "" {
		t.Errorf("%q: nobody draws %q", title, m.Style)
	}
	if strings.ContainsAny(m.Alt, "{}") || text.Length(m.Alt) > works.MaxAlt || (m.Caption != "") != several {
		t.Errorf("%q: described as %q with the caption %q", title, m.Alt, m.Caption)
	}
	if m.Film {
		if !slices.Contains(art.Moving(), m.Style) || m.W*m.H != 640*360 || m.Seconds < 6 || m.Seconds > 8 || !strings.HasSuffix(m.Filename, ".mp4") {
			t.Errorf("%q: no film: %+v", title, m)
		}
		return
	}
	if m.W*16 < m.H*9 || m.W > m.H*3 || max(m.W, m.H) < 1200 || max(m.W, m.H) > 1920 || !strings.HasSuffix(m.Filename, ".jpg") {
		t.Errorf("%q: no picture: %+v", title, m)
	}
}

func TestPool(t *testing.T) {
	all := Pool(48)
	styles := map[art.Style]bool{}
	for i, m := range all {
		if i < len(art.Styles()) && styles[m.Style] {
			t.Errorf("%s comes back before all styles were there", m.Style)
		}
		styles[m.Style] = true
		if max(m.W, m.H) != 1280 || m.Alt == "" || m.Film {
			t.Errorf("%+v", m)
		}
	}
	if len(all) != 48 || !reflect.DeepEqual(all[:24], Pool(24)) {
		t.Error("a smaller pool is not the beginning of a larger one")
	}
}

func TestBulk(t *testing.T) {
	vocabulary, titles := Tags(), map[string]bool{}
	for i := range 100_000 {
		w := Bulk(i)
		titles[w.Title] = true
		if len(w.Tags) < 1 || len(w.Tags) > 3 || len(w.Media) != 1 || w.Story == "" || w.Media[0].Alt == "" || w.State != Published {
			t.Fatalf("%d: %+v", i, w)
		}
		for _, tag := range w.Tags {
			if !slices.Contains(vocabulary, tag) {
				t.Fatalf("%q is not in the vocabulary", tag)
			}
		}
	}
	if len(titles) != 100_000 {
		t.Errorf("100,000 works have %d titles", len(titles))
	}
	if again := Bulk(1_234_567); !reflect.DeepEqual(again, Bulk(1_234_567)) {
		t.Errorf("a second call gives something else than %+v", again)
	}
}

func BenchmarkBulk(b *testing.B) {
	for i := range b.N {
		_ = Bulk(i)
	}
}

func TestCollections(t *testing.T) {
	t.Parallel()
	all, many, titles := Works(), map[string]int{}, map[string]bool{}
	for _, c := range Collections() {
		n := len(c.Of(all))
		t.Logf("%s of %s: %d works", c.Title, c.Studio, n)
		if n < 4 || c.About == "" || titles[c.Title] {
			t.Errorf("%s of %s holds %d works, or there are two of it", c.Title, c.Studio, n)
		}
		many[c.Studio]++
		titles[c.Title] = true
	}
	for _, st := range Studios() {
		if many[st.Slug] < 2 {
			t.Errorf("%s has %d collections", st.Name, many[st.Slug])
		}
	}
}
