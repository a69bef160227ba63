package catalog

// hung is a place on the first wall: which work, whose, and its picture.
type hung struct {
	title, studio string
	seed          uint64
	w, h          int
}

// opening is the first wall that people see: chosen by eye, one picture each,
// small enough to be quick.
func opening() []hung {
	return []hung{
		{"The Hour Before the Ferry", "harbour-and-field", 2, 1440, 810},
		{"Estate, Afternoon", "marisol-vega", 2, 1060, 1325},
		{"Set Once, Read from the Tram", "atelier-nord", 4, 1000, 1400},
		{"A Line the Wind Drew", "ines-okafor", 5, 1440, 960},
		{"Four Shafts", "kiln-and-loom", 4, 1280, 1280},
		{"Planet, Two Passes", "tuesday-press", 4, 960, 1344},
		{"Kontur", "salt-office", 3, 1280, 1280},
		{"Pots, Not Speaking", "studio-halden", 3, 1280, 1024},
		{"Unmown", "noa-barzilai", 4, 1040, 1300},
		{"Square at Siesta", "casa-ocre", 2, 1024, 1280},
		{"Slow Glass", "dar-al-hibr", 3, 1280, 960},
		{"West Wall, 17:40", "ines-okafor", 1, 1040, 1300},
		{"Four Pendulums, One Pen", "quiet-machines", 4, 960, 1280},
		{"Spruce, Counting Down", "harbour-and-field", 4, 1500, 844},
		{"One Hundred and Forty-Four Tiles", "kiln-and-loom", 4, 1280, 1280},
		{"Scissors in the Garden", "marisol-vega", 3, 960, 1440},
		{"Seed Head", "salt-office", 2, 900, 1350},
		{"What the Distance Did", "harbour-and-field", 1, 1600, 800},
		{"One Branch, One Morning", "noa-barzilai", 5, 1024, 1280},
		{"Sun, Folded", "casa-ocre", 3, 640, 360},
		{"For an Evening of Strings", "atelier-nord", 3, 1000, 1400},
		{"Above, Below", "dar-al-hibr", 4, 960, 1280},
		{"Straight Until the Map Folds", "ines-okafor", 5, 1500, 1000},
		{"Nine Hundred Small Suns", "kiln-and-loom", 3, 1280, 1280},
		{"Fence, Leaving", "studio-halden", 4, 1500, 844},
		{"Orchard, Counted", "marisol-vega", 2, 1440, 960},
		{"Cut Off at the Edge", "tuesday-press", 2, 1024, 1280},
		{"Everyone Going Home", "quiet-machines", 5, 1280, 1280},
		{"Further Than It Looks", "harbour-and-field", 4, 1600, 667},
		{"Awnings, by Floor", "casa-ocre", 4, 1040, 1300},
	}
}

// pinned are pictures outside the opening that were chosen for what is in them.
func pinned() map[string]uint64 { return map[string]uint64{} }
