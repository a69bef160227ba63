package catalog

import (
	"slices"
	"strings"

	"vitrine/app/demo/art"
)

// piece is a work before it has its pictures.
type piece struct {
	*subject
	studio, title, lang string
	nth                 int     // among the works of its subject
	turn                float64 // when its turn comes, from 0 to 1
	chosen              pin     // the first picture; without a seed the studio's colours decide
}

// hang puts the works in order: the opening first, then the subjects take turns,
// each in proportion to how much it has, so that neighbours differ.
func hang() []piece {
	all := subjects()
	var out, rest []piece
	titles := map[string]piece{}
	for i := range all {
		for _, p := range all[i].pieces(i) {
			titles[p.title] = p
			rest = append(rest, p)
		}
	}
	for _, o := range opening() {
		p := titles[o.title]
		p.studio, p.chosen = o.studio, pin{o.seed, o.alt}
		out = append(out, p)
		delete(titles, o.title)
	}
	rest = slices.DeleteFunc(rest, func(p piece) bool { _, waits := titles[p.title]; return !waits })
	slices.SortStableFunc(rest, func(a, b piece) int {
		if a.turn < b.turn {
			return -1
		}
		return 1
	})
	return append(out, rest...)
}

// pieces deals the titles of the n-th subject to its studios: two of three to
// the first. A title in another language goes to where that language is spoken.
func (s *subject) pieces(n int) []piece {
	var out []piece
	// Subjects begin apart from each other; else families would come in blocks.
	begin := float64(n*11%39) / 39
	for i, t := range s.titles {
		p := piece{subject: s, title: t, nth: i, studio: s.studios[0], turn: (float64(i) + begin) / float64(len(s.titles))}
		if i%3 == 2 {
			p.studio = s.studios[len(s.studios)-1]
		}
		if lang, rest, ok := strings.Cut(t, "|"); ok {
			p.lang, p.title = lang, rest
			p.studio = s.studios[0]
			for _, st := range s.studios {
				if slices.Contains(spoken()[lang], st) {
					p.studio = st
				}
			}
		}
		p.chosen = pinned()[p.title]
		out = append(out, p)
	}
	return out
}

// spoken tells which studios write in a language besides English.
func spoken() map[string][]string {
	return map[string][]string{
		"ar": {"dar-al-hibr"}, "he": {"noa-barzilai"}, "es": {"marisol-vega", "casa-ocre"}, "pt": {"harbour-and-field"}, "fr": {"ines-okafor"},
		"nb": {"studio-halden", "atelier-nord"}, "de": {"atelier-nord", "tuesday-press"}, "nl": {"salt-office"}, "ja": {"kiln-and-loom"},
	}
}

// lookFor finds a picture in the studio's own colours. Where a style has none of
// them, any colours are right.
func lookFor(studio string, style art.Style, from uint64) uint64 {
	seed, own := from%1_000_000, leanings()[studio]
	for i := range uint64(48) {
		if slices.Contains(own, art.Colours(seed+i, style).Name) {
			return seed + i
		}
	}
	return seed
}

// dice gives a number that depends on a work's title, not on its place, so that
// a work that is added changes no other.
func dice(title, what string) uint64 {
	var h uint64 = 14695981039346656037 // FNV-1a
	for i := range len(title) {
		h = (h ^ uint64(title[i])) * 1099511628211
	}
	for i := range len(what) {
		h = (h ^ uint64(what[i])) * 1099511628211
	}
	return mix(h)
}

// mix spreads a number over all bits (splitmix64).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// pick takes one of a list by a number.
func pick[T any](n uint64, list []T) T { return list[n%uint64(len(list))] }
