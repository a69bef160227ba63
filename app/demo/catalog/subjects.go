package catalog

import "vitrine/app/demo/art"

// subject is what the catalogue has to say about one style: whose it is, its
// titles and the words that fit what is drawn. A title in another language
// begins with its code and a bar. In descriptions {ground} and {accent} are the
// picture's own colours, {light} the light of a photograph.
type subject struct {
	style   art.Style
	studios []string
	tags    []string
	shapes  []shape
	titles  []string
	alts    []string
	stories []string
}

func subjects() []subject {
	var all []subject
	for _, family := range [][]subject{
		landscapes(), lowlands(), lights(), surfaces(), posters(), prints(), patterns(), rows(), drawings(), gardens(), machines(), pigments(), places(),
	} {
		all = append(all, family...)
	}
	return all
}

// shape is a size in pixels, about 1.4 million of them.
type shape struct{ w, h int }

func landscape() []shape {
	return []shape{{1440, 960}, {1520, 855}, {1360, 1020}, {1500, 1000}}
}

func portrait() []shape { return []shape{{1060, 1325}, {960, 1440}, {1050, 1400}, {900, 1600}} }

func square() []shape { return []shape{{1200, 1200}} }

func wide() []shape { return []shape{{1800, 760}, {1900, 800}, {1700, 850}} }

func poster() []shape {
	return []shape{{1000, 1414}, {1000, 1414}, {960, 1440}, {1080, 1350}}
}

func sheet() []shape {
	return []shape{{1080, 1350}, {1200, 1200}, {1414, 1000}, {1000, 1414}}
}

func shapes(lists ...[]shape) []shape {
	var out []shape
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}
