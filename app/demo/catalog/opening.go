package catalog

// hung is a place on the first wall: which work, whose, and its picture.
type hung struct {
	title, studio string
	seed          uint64
	w, h          int
	alt           string // what is seen; two are left without
}

// opening is the first wall that people see: chosen by eye, one picture each,
// small enough to be quick.
func opening() []hung {
	return []hung{
		{"The Hour Before the Ferry", "harbour-and-field", 14, 1440, 810, "One sailing boat at anchor on a calm sea before sunrise, the water and the sky in copper and violet"},
		{"Estate, Afternoon", "marisol-vega", 26, 1060, 1325, "Isometric towers in pink, yellow and white under a dark green sky with a pale sun, a few windows lit"},
		{"Set Once, Read from the Tram", "atelier-nord", 31, 1000, 1400, "Poster with the four letters E C H O in orange and blue on pale blue, a blue dot in the H"},
		{"A Line the Wind Drew", "ines-okafor", 3, 1440, 960, "Crests of sand in low golden sun, one side lit, the other in long brown shadow"},
		{"Four Shafts", "kiln-and-loom", 12, 1280, 1280, "Close view of a woven cloth: yellow, red, blue and white threads in a large slanting check"},
		{"Planet, Two Passes", "tuesday-press", 25, 960, 1344, ""},
		{"Kontur", "salt-office", 34, 1280, 1280, "Pale contour lines on deep green, one light point on a summit"},
		{"Pots, Not Speaking", "studio-halden", 18, 1280, 1024, "Seven vases and bottles in a row on a grey table, a slanted patch of window light on the wall behind them"},
		{"Unmown", "noa-barzilai", 13, 1040, 1300, "White grass and tall flowers on ultramarine, a large pale moon behind the stems"},
		{"Square at Siesta", "casa-ocre", 1, 1024, 1280, "Four tall arches in a grey wall, yellow sky behind them, a red ball lying on the steps"},
		{"Slow Glass", "dar-al-hibr", 27, 1280, 960, "Folds of deep blue, white and honey yellow that drift into each other like hot glass"},
		{"West Wall, 17:40", "ines-okafor", 17, 1040, 1300, "The light of an arched window on a brown wall in the evening, the shadow of a plant in it"},
		{"Four Pendulums, One Pen", "quiet-machines", 23, 960, 1280, "Hundreds of fine curves in yellow, blue and red on black, crossing in a tall knot"},
		{"Spruce, Counting Down", "harbour-and-field", 12, 1500, 844, "Spruces in green-grey fog, the near ones dark, the last ones hardly there"},
		{"One Hundred and Forty-Four Tiles", "kiln-and-loom", 68, 1440, 810, "Nine rows of sixteen tiles with quarter circles, rings and triangles in red, orange, teal, indigo and cream"},
		{"Scissors in the Garden", "marisol-vega", 35, 960, 1440, "Six blocks of red, green, yellow and cream with leaf shapes cut from white, pink and green paper"},
		{"Seed Head", "salt-office", 12, 900, 1350, "Hundreds of dots in a sunflower spiral on night blue, red in the middle and pale blue at the rim"},
		{"What the Distance Did", "harbour-and-field", 17, 1600, 800, "Mountain ridges one behind the other at the blue hour, each a little paler, a low moon above them"},
		{"One Branch, One Morning", "noa-barzilai", 15, 1024, 1280, "Botanical plate: one upright branch with coral leaves and small green berries on mint"},
		{"Sun, Folded", "casa-ocre", 85, 640, 360, "Clear blue pool water seen from above, nets of sunlight moving over two dark lane lines"},
		{"For an Evening of Strings", "atelier-nord", 21, 1000, 1400, "Concert poster on warm paper: arcs in red, blue and yellow, below them the words String Quartet"},
		{"Above, Below", "dar-al-hibr", 14, 960, 1280, "Abstract painting of two soft rectangles on brown, the upper one orange, the lower one off-white"},
		{"Straight Until the Map Folds", "ines-okafor", 17, 1500, 1000, "A straight desert road with a yellow dashed line, running to a flat-topped hill under a blue sky"},
		{"Nine Hundred Small Suns", "kiln-and-loom", 22, 1280, 1280, "Overlapping fans in rows, like scales, in indigo, red, orange, teal and cream"},
		{"Fence, Leaving", "studio-halden", 4, 1500, 844, "Two bare trees on a snowy slope in rose light, fence posts leading away over the hill"},
		{"Orchard, Counted", "marisol-vega", 9, 1440, 960, "Circles of every size packed on mint, most of them green, a few tomato red"},
		{"Cut Off at the Edge", "tuesday-press", 23, 1024, 1280, "A huge figure 3 in stripes of cream, black and yellow on vermilion, cut by the edges of the sheet"},
		{"Everyone Going Home", "quiet-machines", 5, 1280, 1280, ""},
		{"Further Than It Looks", "harbour-and-field", 7, 1600, 667, "A wide tidal flat in apricot evening light, two small figures walking far out"},
		{"Awnings, by Floor", "casa-ocre", 5, 1040, 1300, "The front of a pale green housing block: rows of balconies, striped awnings on some of them"},
	}
}

// pin is a picture that was chosen for what can be read in it.
type pin struct {
	seed uint64
	alt  string
}

// pinned are the pictures outside the opening whose titles speak of what is in
// them: words on posters mostly.
func pinned() map[string]pin {
	return map[string]pin{
		longTitle():                        {12, "Four bowls in red, blue, brown and white between two beakers, in a row on a pale blue table"},
		"A Moon Made of Holes":             {78, "Poster on powder rose: a wine-red ball built of dots, below it the words Moon, Moon"},
		"Night Shift Poster":               {98, "Poster on pale blue: an orange ball built of dots, below it the words Night Shift"},
		"Gravity, an Evening Course":       {88, "Black poster with a yellow ball built of dots, blue shining through at the top, below it the word Gravity"},
		"Full, More or Less":               {81, "Saffron poster: a dark blue ball built of dots, below it the word Full in thin capitals"},
		"Wax and Wane":                     {82, "Poster on pearl grey: a coral ball with a dark disc sliding over it, below it the word Eclipse"},
		"Chamber Music, Poster Two":        {191, "Concert poster on ultramarine: arcs in white, orange and pale blue, below them the word Kammermusik"},
		"Brass, Then Silence":              {279, "Black concert poster: broken rings in yellow, red and blue, below them the words Brass Night"},
		"Late Concert, Cheap Seats":        {132, "Concert poster: rings in red, blue and yellow around one dot, below them the words Late Organ"},
		"A Poster You Can Hum":             {141, "Concert poster on ultramarine: rings around an orange dot, below them the words Voices Only"},
		"The Rests Are Also Printed":       {94, "Concert poster on pearl grey: broken rings in black and coral with gaps between them, below them the words Slow Drums"},
		"First Proof of the Q":             {225, "Type specimen: a large red Q above lines of black capitals and figures on cold white"},
		"What the S Cost Us":               {78, "Type specimen: a large mint-green S above lines of capitals and figures on near black"},
		"The Alphabet at Rest":             {215, "The capitals A to Z and four figures in white and orange on ultramarine"},
		"Figures, Lining":                  {131, "Type specimen: a large red 5 above lines of black capitals and figures on cold white"},
		"Twenty-Six Parts and Spares":      {69, "The capitals A to Z in thin dark lines on pale blue, one of them orange"},
		"Four Weights of the Same Thought": {146, "Type specimen: the letters R A in red above four lines of capitals and figures, each heavier than the last, on warm paper"},
		"Caps Only, Sorry":                 {80, "The capitals A to Z in bold pale letters on near black, a few in mint"},
		"A Grotesque with Manners":         {71, "Type specimen: a large red G above lines of black capitals and figures on warm paper"},
	}
}
