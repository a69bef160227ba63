package catalog

// mark is what is special about a work: the cases that a product finds hard.
type mark struct {
	state             State
	sensitive, aiMade bool
	film, broken      bool // broken is the last file
	noAlt             bool
	pictures          int
	w, h              int // of the first file
}

// marks are the special works by their titles.
func marks() map[string]mark {
	return map[string]mark{
		// Films, of which one stands upright.
		"Sun, Folded": {film: true, w: 640, h: 360}, "Nobody Has Dived Yet": {film: true, w: 640, h: 360},
		"A Road of Light, Uneven": {film: true, w: 640, h: 360}, "Evening Accounts": {film: true, w: 640, h: 360},
		"Exit 9": {film: true, w: 360, h: 640}, "Red Out, White In": {film: true, w: 640, h: 360},
		"What Heat Looks Like from Here": {film: true, w: 360, h: 640, aiMade: true}, "Folds": {film: true, w: 640, h: 360},
		"Second Fold": {film: true, w: 640, h: 360}, "Folded While Wet": {film: true, w: 640, h: 360},
		// Shapes and sizes.
		"The View They Asked About": {w: 1920, h: 640, pictures: 1}, "Horizon, Slightly Used": {w: 1920, h: 640, pictures: 1},
		"Eleven Mornings at the Pass": {pictures: 9}, "Specimen, Sheet Three": {pictures: 9}, "Somebody Is Awake": {pictures: 9},
		longTitle(): {w: 1440, h: 1080, pictures: 1},
		// Not for every eye.
		"A Net for the Eye": {sensitive: true}, "It Is You Who Is Moving": {sensitive: true}, "The Moth's Portrait": {sensitive: true}, "Fever, Third Day": {sensitive: true},
		// Made by a machine that was shown pictures.
		"Marble, Undecided": {aiMade: true}, "Oil, Rain, Oil": {aiMade: true}, "Paper Reef": {aiMade: true},
		"Ask What It Is, Get an Answer About You": {aiMade: true}, "A Roof for a Fish": {aiMade: true},
		// Not on the wall yet.
		"Waiting for the Pilot": {state: Scheduled}, "No Services": {state: Scheduled},
		"Figures, Lining": {state: Scheduled}, "Misregistered on Purpose": {state: Scheduled}, "Winter Cloth, Early": {state: Scheduled},
		"Sheet 14, Unvisited": {state: Scheduled}, "Steps for Sitting": {state: Scheduled}, "Where the Parrot Lives": {state: Scheduled},
		"Milk and Needles": {state: Draft}, "Big Type, Small Budget": {state: Draft}, "Sample Board, North Light": {state: Draft},
		"Three Against Two": {state: Draft, noAlt: true}, "Found on the Stairs": {state: Draft}, "Rent, in Colours": {state: Draft},
		// Taken down from the wall, or never hung on it.
		"The Slow Lane Is Also Light": {state: Unlisted}, "First Proof of the Q": {state: Unlisted}, "A Wall for a Swimming Club": {state: Unlisted},
		"Currents, Small Sheet": {state: Unlisted}, "Glaze Test, Kept": {state: Unlisted}, "Gouache, Then Scissors": {state: Unlisted},
		"Mile 212": {state: Archived}, "Yearbook Cover, Rejected": {state: Archived}, "The Sample We Kept": {state: Archived},
		"Line Noise": {state: Archived}, "Stand Closer": {state: Archived}, "A Theatre Without a Play": {state: Archived},
		// Files that break off.
		"After Lunch, Before Light": {state: Draft, broken: true, pictures: 1}, "Curtain Census": {broken: true, pictures: 3},
	}
}
