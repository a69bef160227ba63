package catalog

func posters() []subject {
	return []subject{
		{style: "letters", studios: []string{"atelier-nord", "tuesday-press"}, tags: []string{"poster", "type", "print", "colour"}, shapes: shapes(poster(), square()),
			titles: []string{"Four Letters, One Dot", "A Word for the Hall", "Short Word, Long Wall", "de|Plakat für vier Räume", "The Word Before the Show", "Big Type, Small Budget", "Set Once, Read from the Tram", "A Word with Its Hat Off", "Shown at the Old Customs House", "Letters That Touch", "Second Proof, Approved in the Rain"},
			alts:   []string{"Poster with very large letters in several colours on {ground}, and a dot among them", "A poster on {ground}: one short word in very large letters, small type at the foot"},
			stories: []string{
				"The brief was one line long, so we kept the poster to one word. The dot is where the curator put her thumb on the proof.",
				"Wood type, drawn again by hand because the museum would not lend us its E.",
				"Printed in an edition of 200, of which 160 were pasted up and 12 came back to us in good condition.",
				"Set large enough that you cannot read it from near, which keeps people moving through the foyer.",
				"The museum wanted the dates bigger. We moved the poster closer.",
				"The last letter was too wide for the press, so it was printed sideways. Nobody has noticed, and now everybody will.",
			}},
		{style: "concert", studios: []string{"atelier-nord", "tuesday-press"}, tags: []string{"poster", "music", "geometry", "type", "colour"}, shapes: shapes(poster(), square()),
			titles: []string{"Chamber Music, Poster Two", "For an Evening of Strings", "The Rests Are Also Printed", "de|Abonnement, drittes Konzert", "A Poster You Can Hum", "Brass, Then Silence", "Late Concert, Cheap Seats", "Sold Out on the Day", "Sound Goes Round a Corner", "Programme on the Reverse"},
			alts:   []string{"Concert poster on {ground} with bands and arcs in {accent} and other colours", "A poster for an evening of music: circles and arcs on {ground}, two words below"},
			stories: []string{
				"The hall seats ninety. We hung eleven posters, and it was enough.",
				"Two inks and the paper. Where they overlap you get the third for nothing.",
				"Hung in the tram shelters for nine days. Eleven were stolen, which the hall counts as applause.",
				"The rests are printed too, in the colour of the paper.",
				"They played without a break, so there is no white in the middle.",
			}},
		{style: "specimen", studios: []string{"atelier-nord"}, tags: []string{"type", "black and white"}, shapes: shapes(sheet()),
			titles: []string{"Specimen, Sheet Three", "The Alphabet at Rest", "Four Weights of the Same Thought", "Figures, Lining", "Caps Only, Sorry", "A Grotesque with Manners", "First Proof of the Q", "nb|Skriftprøve", "What the S Cost Us", "Twenty-Six Parts and Spares"},
			alts:   []string{"A type specimen on {ground}: capitals in several weights", "Specimen sheet of an alphabet of capitals on {ground}, one letter in {accent}"},
			stories: []string{
				"Every letter begins as a line with no thickness. The weight comes later, like a coat.",
				"The S took eleven weeks. The I took an afternoon, and we are still not sure about it.",
				"Drawn for one poster and then for everything.",
				"If you can set your own name in it and still like yourself, it works.",
				"Drawn from the lettering on a warehouse that was painted over the same year.",
				"The figures came last, when we had to print a price.",
			}},
	}
}

func prints() []subject {
	return []subject{
		{style: "halftone", studios: []string{"tuesday-press", "atelier-nord"}, tags: []string{"poster", "screenprint", "circles"}, shapes: shapes(poster(), square(), landscape()[:1]),
			titles: []string{"A Moon Made of Holes", "Screen Ruling: Coarse", "Dots, Holding Hands", "Planet, Two Passes", "The Far Side Is Also Dots", "Night Shift Poster", "Gravity, an Evening Course", "Wax and Wane", "Misregistered on Purpose", "Full, More or Less"},
			alts:   []string{"Poster on {ground}: a great ball built of {accent} dots", "A large sphere in halftone dots on {ground}, a word in capitals below"},
			stories: []string{
				"One ink, one screen, coarse enough that you could count the dots. Someone did: there are a few more than we thought.",
				"For the observatory's open night, which was cloudy.",
				"Pulled on a Tuesday by seven people, two of them for the first time.",
				"The word at the foot was chosen by vote. It lost.",
				"Printed too dark on Tuesday and just right on Wednesday, with the same ink.",
				"A child licked one to see if it was a sweet. It was not, and it did not run.",
			}},
		{style: "numeral", studios: []string{"tuesday-press", "atelier-nord"}, tags: []string{"poster", "type", "lines", "screenprint"}, shapes: shapes(poster(), square()),
			titles: []string{"Cut Off at the Edge", "A Figure for the Stairwell", "Rails", "The Inside of a Letter", "Five Lines Wide", "Too Big for the Sheet", "Track List", "Yearbook Cover, Rejected", "Running Order", "de|Hausnummer"},
			alts:   []string{"One huge figure in parallel lines of {accent} and other colours, cut by the edge of the sheet", "A giant numeral drawn in stripes on {ground}"},
			stories: []string{
				"Made for the stairwell of a school, one per floor. The children say that the fourth floor is the fast one.",
				"Each stripe is a separate stencil. We numbered the stencils, which got confusing.",
				"The registration is off by half a millimetre, which you see only if you are told. Now you have been told.",
				"We began with the smallest line and worked outwards, like painting a car park.",
				"For a house in which everybody lives behind a number anyway.",
			}},
		{style: "shapes", studios: []string{"tuesday-press", "marisol-vega"}, tags: []string{"geometry", "design", "poster", "colour", "abstract"}, shapes: shapes(sheet()),
			titles: []string{"Balance, Attempted", "Half a Sun and Its Bench", "Things on a Slope", "Paper Exercise No. 12", "The Bar Holds Up the Circle", "Composition with Doubt", "es|Equilibrio de martes", "Saturday Workshop, My Turn", "Quarter Past Red", "The Line Arrived Last"},
			alts:   []string{"Circles, bars and quarter discs in {accent} and other colours on {ground}", "A geometric composition on {ground} around one large disc"},
			stories: []string{
				"Everybody gets the same nine pieces of paper and one hour. This is what happened to mine.",
				"A sheet from the Saturday workshop. The rule was that nothing may be centred and nothing may fall.",
				"Cut in the morning, glued at noon, regretted in the afternoon, liked the week after.",
				"It stood on the shelf upside down for a month. This is the right way up; we think.",
				"The brief was: a machine that does nothing, at rest.",
			}},
	}
}
