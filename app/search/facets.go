package search

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"vitrine/app/works"
)

// Facet is a property by which results can be narrowed.
type Facet string

// The facets, in the order in which a page offers them.
const (
	Kind   Facet = "kind"   // picture, series, film
	Colour Facet = "colour" // the family of the cover's tone, a name of package tone
	Shape  Facet = "shape"  // of the cover: landscape, portrait, square, panorama
	Year   Facet = "year"   // of the work, or of its publishing when it says none
	Tagged Facet = "tag"    // a tag's slug
)

// Facets is all of them in that order.
var Facets = [...]Facet{Kind, Colour, Shape, Year, Tagged}

// Values are those of the facets that have a fixed set, in the order in which a
// page offers them.
var Values = map[Facet][]string{
	Kind:   {"picture", "series", "film"},
	Colour: {"rose", "ember", "sand", "moss", "pine", "sky", "ink", "plum", "grey"},
	Shape:  {"landscape", "portrait", "square", "panorama"},
}

// mostYears is how many years a page offers, the latest first.
const mostYears = 12

// Filters narrow a search: at most one value of each facet, and a work has all.
type Filters map[Facet]string

// ParseFilters reads filters by their names; what no work can have is passed over.
func ParseFilters(value func(name string) string) Filters {
	f := Filters{}
	for _, facet := range Facets {
		v := value(string(facet))
		switch facet {
		case Tagged:
			v = works.TagSlug(v)
			if len([]rune(v)) > 2*works.MaxTag {
				v = ""
			}
		case Year:
			if n, err := strconv.Atoi(v); err != nil || n < 1000 || n > 2200 {
				v = ""
			}
		default:
			if !slices.Contains(Values[facet], v) {
				v = ""
			}
		}
		if v != "" {
			f[facet] = v
		}
	}
	return f
}

// tokens are the filters as the index holds them.
func (f Filters) tokens() []string {
	out := []string{}
	for _, facet := range Facets {
		if v := f[facet]; v != "" {
			out = append(out, string(facet)+":"+v)
		}
	}
	return out
}

// Count is how many of the counted works have a value.
type Count struct {
	Value string
	Works int
}

// inOrder sorts the counts of a page by facet, each as a page offers it. Tags
// come with the most frequent first.
func inOrder(counts map[string]int) map[Facet][]Count {
	out := map[Facet][]Count{}
	for token, n := range counts {
		facet, value, _ := strings.Cut(token, ":")
		out[Facet(facet)] = append(out[Facet(facet)], Count{Value: value, Works: n})
	}
	for facet, list := range out {
		slices.SortFunc(list, func(a, b Count) int {
			switch facet {
			case Year:
				return cmp.Or(cmp.Compare(len(b.Value), len(a.Value)), cmp.Compare(b.Value, a.Value))
			case Tagged:
				return cmp.Or(cmp.Compare(b.Works, a.Works), cmp.Compare(a.Value, b.Value))
			}
			return cmp.Compare(slices.Index(Values[facet], a.Value), slices.Index(Values[facet], b.Value))
		})
		if facet == Year && len(list) > mostYears {
			out[facet] = list[:mostYears]
		}
	}
	return out
}
