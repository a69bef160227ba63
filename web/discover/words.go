package discover

import (
	"strings"

	"vitrine/app/search"
	"vitrine/app/works"
	"vitrine/web/ui"
)

// facetWords is what people read of a facet.
type facetWords struct {
	name   string
	values map[string]string
}

// label is a value in words. A tag's slug is read as its words, a year as it is.
func (f facetWords) label(value string) string {
	if word, ok := f.values[value]; ok {
		return word
	}
	return strings.ReplaceAll(value, "-", " ")
}

var facets = map[search.Facet]facetWords{
	search.Kind: {"Kind", map[string]string{"picture": "Single pictures", "series": "Series", "film": "Films"}},
	search.Colour: {"Colour", map[string]string{
		"rose": "Red and pink", "ember": "Orange", "sand": "Yellow and sand", "moss": "Green", "pine": "Sea green", "sky": "Blue",
		"ink": "Indigo", "plum": "Purple", "grey": "Black, grey, white",
	}},
	search.Shape:  {"Shape", map[string]string{"landscape": "Landscape", "portrait": "Portrait", "square": "Square", "panorama": "Panorama"}},
	search.Year:   {"Year", nil},
	search.Tagged: {"Tag", nil},
}

// number is a count that stops at search.Most and says so.
func number(n int) string {
	if n >= search.Most {
		return ui.Thousands(search.Most) + "+"
	}
	return ui.Thousands(n)
}

// atMost is the same with its noun.
func atMost(n int, one, many string) string {
	if n >= search.Most {
		return ui.Count(search.Most, one, many) + " or more"
	}
	return ui.Count(n, one, many)
}

// span is a part of a name, marked when it was looked for.
type span struct {
	Text string
	Mark bool
}

// marked splits a name into words and marks those that begin with one of the
// wanted.
func marked(name string, wanted []string) (out []span) {
	for i, word := range strings.Fields(name) {
		if i > 0 {
			out = append(out, span{Text: " "})
		}
		s := span{Text: word}
		for _, w := range wanted {
			if len(w) >= 3 && strings.HasPrefix(works.TagSlug(word), w) {
				s.Mark = true
			}
		}
		out = append(out, s)
	}
	return out
}
