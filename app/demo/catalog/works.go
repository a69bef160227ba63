package catalog

import (
	"fmt"
	"slices"
	"strings"

	"vitrine/app/demo/art"
	"vitrine/app/works"
)

// Works is the catalogue in the order of bringing in, newest first.
func Works() []Work {
	special, own, first := marks(), told(), opening()
	pieces := hang()
	out := make([]Work, 0, len(pieces))
	for n, p := range pieces {
		m := special[p.title]
		if n < len(first) {
			m.w, m.h, m.pictures = first[n].w, first[n].h, 1
		}
		w := p.work(m, own[p.title])
		w.PublishedDaysAgo = daysAgo(n, len(pieces))
		if n < len(first) {
			w.Year = 2026 - int(dice(p.title, "new")%8)/6
		}
		out = append(out, w)
	}
	return out
}

// daysAgo lets the opening fill the first days and the others three months.
func daysAgo(n, all int) int {
	first := len(opening())
	if n < first {
		return n * 4 / first
	}
	return 4 + (n-first)*86/max(1, all-first-1)
}

// work makes a work of what is written for its subject and for itself.
func (p piece) work(m mark, own string) Work {
	d := func(what string) uint64 { return dice(p.title, what) }
	w := Work{
		Studio: p.studio, Title: p.title, Story: own, Licence: licence(d("licence")), Lang: p.lang,
		Sensitive: m.sensitive, AIMade: m.aiMade, State: m.state, Media: p.media(m),
	}
	if w.State == "" {
		w.State = Published
	}
	// A story about English titles would not fit one in another language.
	if own == "" && p.lang == "" && !p.silent() {
		stories, ends := inVoice(p.studio, p.stories), inVoice(p.studio, closings(art.Family(p.style)))
		w.Story = stories[p.nth%len(stories)]
		if d("closing")%100 < 40 {
			w.Story += "\n\n" + pick(d("which closing"), ends)
		}
	}
	most := uint64(min(6, len(p.tags)))
	w.Tags = slices.Clone(p.tags[:1+d("tags")%most])
	if m.film && !slices.Contains(w.Tags, "film") {
		w.Tags = append([]string{"film"}, w.Tags[:min(len(w.Tags), 5)]...)
	}
	if c := credits()[p.studio]; !m.aiMade && d("credits")%100 < 45 {
		w.Credits = pick(d("credit"), c)
	}
	// The square of a uniform number: most works are recent, a few are old.
	u := float64(d("year")%1000) / 1000
	w.Year = 2026 - int(u*u*7.9)
	return w
}

// silent tells that nothing is told of the work, as of three in ten.
func (p piece) silent() bool {
	return slices.Contains([]uint64{1, 4, 7}, (uint64(p.nth)+dice(string(p.style), "silent"))%10)
}

// inVoice leaves out what somebody who works alone would not say.
func inVoice(studio string, said []string) []string {
	if !slices.Contains([]string{"ines-okafor", "marisol-vega", "noa-barzilai"}, studio) {
		return said
	}
	var out []string
	for _, s := range said {
		words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r < 'a' || r > 'z' })
		if !slices.ContainsFunc(words, func(word string) bool { return slices.Contains([]string{"we", "us", "our", "ours"}, word) }) {
			out = append(out, s)
		}
	}
	return out
}

func licence(n uint64) works.Licence {
	switch k := n % 100; {
	case k < 10:
		return works.BY
	case k < 20:
		return works.BYNC
	case k < 25:
		return works.Zero
	}
	return works.Reserved
}

// media is the pictures of a work: one mostly, up to five by chance, more where
// it is marked so.
func (p piece) media(m mark) []Media {
	count := m.pictures
	if count == 0 {
		count = 1
		if !m.film && dice(p.title, "more")%100 < 17 {
			count = 2 + int(dice(p.title, "count")%4)
		}
	}
	var out []Media
	for i := range count {
		out = append(out, p.picture(i, count, m))
	}
	return out
}

// picture is the i-th of a work's count pictures.
func (p piece) picture(i, count int, m mark) Media {
	d := func(what string) uint64 { return dice(p.title, fmt.Sprintf("%s %d", what, i)) }
	seed := p.chosen.seed
	if seed == 0 || i > 0 {
		seed = lookFor(p.studio, p.style, d("seed"))
	}
	s := pick(d("shape"), p.shapes)
	if m.w > 0 && i == 0 {
		s = shape{m.w, m.h}
	}
	out := Media{Style: p.style, Seed: seed, W: s.w, H: s.h, Filename: p.filename(i, m.film), Film: m.film, Broken: m.broken && i == count-1}
	if m.film {
		out.Seconds = 6 + int(d("seconds")%3)
	}
	switch {
	case i == 0 && p.chosen.seed != 0:
		out.Alt = p.chosen.alt
	case !m.noAlt && d("alt")%100 >= 8:
		out.Alt = describe(out, pick(uint64(p.nth+i), p.alts))
	}
	switch lines := captions(art.Family(p.style)); {
	case count > 1 && i == 0:
		out.Caption = pick(dice(p.title, "first"), firsts())
	case count > 1:
		out.Caption = pick(dice(p.title, "caption")%64+uint64(i), lines)
	}
	return out
}

// describe fills in the colours that the picture has.
func describe(m Media, alt string) string {
	c := art.Colours(m.Seed, m.Style)
	said := strings.NewReplacer("{ground}", c.Ground, "{accent}", c.Accent, "{light}", c.Ground).Replace(alt)
	return strings.ToUpper(said[:1]) + said[1:] // all of them begin in ASCII
}

// filename is what a camera or a person would have called the file.
func (p piece) filename(i int, film bool) string {
	number := 1000 + int(dice(p.title, "file")%8000) + i
	name := plain(p.title)
	switch f := art.Family(p.style); {
	case film:
		return fmt.Sprintf("%s-loop-%d.mp4", p.style, number)
	case f == art.Photograph && number%2 == 0:
		return fmt.Sprintf("DSC_%04d.jpg", number)
	case f == art.Painting:
		return fmt.Sprintf("scan-%04d.jpg", number)
	case f == art.Photograph, f == art.StillLife, len(name) < 3:
		return fmt.Sprintf("%s_%04d.jpg", p.style, number)
	}
	return fmt.Sprintf("%s-%d.jpg", name, i+1)
}

// plain keeps the letters of a title that every file system takes.
func plain(title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(title) {
		switch {
		case b.Len() > 36:
			return strings.Trim(b.String(), "-")
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}
