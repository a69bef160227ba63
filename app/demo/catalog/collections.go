package catalog

import "slices"

// Collection is a collection of a studio: what it shows under some tags, in the
// order of the catalogue.
type Collection struct {
	Studio string // its Slug
	Title  string
	About  string
	Tags   []string // a work of any of them belongs to it
}

// inCollection is how many works one holds at most: as many as a wall shows
// without a second page.
const inCollection = 16

// Of are the places in the catalogue of the works that belong to c.
func (c Collection) Of(list []Work) (places []int) {
	for n, w := range list {
		if w.Studio != c.Studio || w.State != Published || len(places) == inCollection {
			continue
		}
		if slices.ContainsFunc(w.Tags, func(tag string) bool { return slices.Contains(c.Tags, tag) }) {
			places = append(places, n)
		}
	}
	return places
}

// Collections are those of all studios. The newest of a studio is its last.
func Collections() []Collection {
	return []Collection{
		{"harbour-and-field", "Inland", "Away from the water, for once. Ridges, woods, and what stands between them.", []string{"mountains", "forest", "desert"}},
		{"harbour-and-field", "Low Water", "What the sea leaves when it goes out, and what it forgets to fetch.", []string{"coast", "sea"}},
		{"harbour-and-field", "Before Rain", "The quarter of an hour in which everybody else goes home.", []string{"mist", "calm", "snow"}},
		{"atelier-nord", "Evenings Out", "For quartets, small theatres and one brass band. All of them were sold out, or nearly.", []string{"music", "circles"}},
		{"atelier-nord", "Letters First", "Alphabets that began as a headline and would not stop.", []string{"type"}},
		{"kiln-and-loom", "Fired", "Tiles and floors. Two hundred square metres of kneeling.", []string{"tiles", "ceramics"}},
		{"kiln-and-loom", "Woven", "The wrong side is nicer, but we show the right one.", []string{"textile", "quilt"}},
		{"salt-office", "Maps of Nowhere", "Contours, rivers and coasts of places that a seed made up.", []string{"map", "landscape", "water"}},
		{"salt-office", "Round and Round", "A pen, a circle, and a rule that never quite closes it.", []string{"circles"}},
		{"salt-office", "Plotted at Night", "Nine hours each. We slept through most of them.", []string{"plotter", "drawing", "wind"}},
		{"ines-okafor", "Roads", "The ones that I drove twice to be sure.", []string{"road", "night"}},
		{"ines-okafor", "Sand", "It is never the same line on the second day.", []string{"desert"}},
		{"ines-okafor", "West Walls", "What the sun does to a wall between five and six.", []string{"light", "interior"}},
		{"marisol-vega", "Gardens from Memory", "Drawn without looking. The leaves are right, the paths are wishes.", []string{"garden", "leaves", "meadow"}},
		{"marisol-vega", "Cut Paper", "Colour first, scissors afterwards.", []string{"paper", "illustration"}},
		{"studio-halden", "In Winter We Go Outside", "Snow, birches, and a thermos between them.", []string{"snow", "forest", "winter"}},
		{"studio-halden", "The Table", "Forty-one pots, one window, and whatever the light makes of them.", []string{"still life", "ceramics"}},
		{"tuesday-press", "Two Passes", "Everything that came out of the press with two colours and no excuse.", []string{"screenprint", "circles"}},
		{"tuesday-press", "For the Wall of the Bank", "What hangs in the vault. The safe door holds the big ones flat.", []string{"type", "music", "design"}},
		{"noa-barzilai", "The Hill behind the House", "In the order in which it flowers.", []string{"meadow", "nature", "plants"}},
		{"noa-barzilai", "Both Sides of the Leaf", "The underside is where they keep their secrets.", []string{"leaves"}},
		{"dar-al-hibr", "ما يبقى من الحبر", "What stays of the ink when the water has gone.", []string{"ink", "painting"}},
		{"dar-al-hibr", "Folded", "Once, and never again.", []string{"symmetry", "paper"}},
		{"casa-ocre", "Floors", "Seen from above, with our shoes off.", []string{"tiles", "surface", "pattern"}},
		{"casa-ocre", "Stairs to Somewhere", "Arches, balconies and steps. Some of them lead up.", []string{"architecture", "stairs"}},
		{"quiet-machines", "Left Alone", "We started the machine, locked the door and went to lunch.", []string{"plotter", "abstract", "lines"}},
		{"quiet-machines", "Slow Film", "Exposures of minutes and of nights.", []string{"long exposure", "night", "city", "light", "minimal"}},
	}
}
