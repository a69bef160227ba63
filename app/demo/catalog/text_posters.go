package catalog

func posters() []subject {
	return []subject{
		{style: "letters", studios: []string{"atelier-nord", "tuesday-press"}, tags: []string{"poster", "type", "print", "colour"}, shapes: shapes(poster(), square()),
			titles: []string{"Four Letters, One Dot", "A Word for the Hall", "Short Word, Long Wall", "de|Plakat für vier Räume", "The Word Before the Show", "Big Type, Small Budget", "Set Once, Read from the Tram", "A Word with Its Hat Off", "Shown at the Old Customs House", "Letters That Touch", "Second Proof, Approved in the Rain"},
			alts:   []string{"Poster with large letters on {ground}, the first in {accent}, and a dot among them", "A poster on {ground}: one short word in very large letters, small type at the foot"},
			stories: []string{
				"The brief was one line long, so we kept the poster to one word. The dot is where the curator put her thumb on the proof.",
				"A poster has about as long as a tram takes to pass. Four letters is what fits in a tram.",
				"Wood type, drawn again by hand because the museum would not lend us its E.",
				"Printed in an edition of 200, of which 160 were pasted up and 12 came back to us in good condition.",
			}},
		{style: "concert", studios: []string{"atelier-nord", "tuesday-press"}, tags: []string{"poster", "music", "geometry", "type", "colour"}, shapes: shapes(poster(), square()),
			titles: []string{"Chamber Music, Poster Two", "For an Evening of Strings", "The Rests Are Also Printed", "de|Abonnement, drittes Konzert", "A Poster You Can Hum", "Brass, Then Silence", "Late Concert, Cheap Seats", "Sold Out on the Day", "Sound Goes Round a Corner", "Programme on the Reverse"},
			alts:   []string{"Concert poster on {ground} with bands and arcs in {accent} and other colours", "A poster for an evening of music: circles and arcs on {ground}, two words below"},
			stories: []string{
				"The arcs are the slow movement, bar by bar: long where the bow is long. The cellist checked it and moved one.",
				"We asked the quartet for a colour. Four people gave four answers, so we printed on the fifth.",
				"The hall seats ninety. We hung eleven posters, and it was enough.",
				"Two inks and the paper. Where they overlap you get the third for nothing.",
			}},
		{style: "specimen", studios: []string{"atelier-nord"}, tags: []string{"type", "black and-white"}, shapes: shapes(sheet()),
			titles: []string{"Specimen, Sheet Three", "The Alphabet at Rest", "Four Weights of the Same Thought", "Figures, Lining", "Caps Only, Sorry", "A Grotesque with Manners", "First Proof of the Q", "nb|Skriftprøve", "What the S Cost Us", "Twenty-Six Parts and Spares"},
			alts:   []string{"A type specimen on {ground}: capitals in several weights", "Specimen sheet of an alphabet of capitals on {ground}, one letter in {accent}"},
			stories: []string{
				"Every letter begins as a line with no thickness. The weight comes later, like a coat.",
				"The S took eleven weeks. The I took an afternoon, and we are still not sure about it.",
				"There are no small letters yet. When people ask, we say that it is a typeface for short sentences.",
				"Drawn for one poster and then for everything.",
			}},
		{style: "halftone", studios: []string{"tuesday-press", "atelier-nord"}, tags: []string{"poster", "screenprint", "circles"}, shapes: shapes(poster(), square(), landscape()[:1]),
			titles: []string{"A Moon Made of Holes", "Screen Ruling: Coarse", "Dots, Holding Hands", "Planet, Two Passes", "The Far Side Is Also Dots", "Night Shift Poster", "Gravity, an Evening Course", "Wax and Wane", "Misregistered on Purpose", "Full, More or Less"},
			alts:   []string{"Poster on {ground}: a great ball built of {accent} dots", "A large sphere in halftone dots on {ground}, a word in capitals below"},
			stories: []string{
				"Step back three metres and it is a ball. Step forward and it is our screen, which needs cleaning.",
				"One ink, one screen, coarse enough that you could count the dots. Someone did: there are a few more than we thought.",
				"For the observatory's open night, which was cloudy.",
				"Pulled on a Tuesday by seven people, two of them for the first time.",
			}},
		{style: "numeral", studios: []string{"tuesday-press", "atelier-nord"}, tags: []string{"poster", "type", "lines", "screenprint"}, shapes: shapes(poster(), square()),
			titles: []string{"Cut Off at the Edge", "A Figure for the Stairwell", "Rails", "The Inside of a Letter", "Five Lines Wide", "Too Big for the Sheet", "Track List", "Yearbook Cover, Rejected", "Running Order", "de|Hausnummer"},
			alts:   []string{"One huge figure in parallel lines of {accent} and other colours, cut by the edge of the sheet", "A giant numeral drawn in stripes on {ground}"},
			stories: []string{
				"If a number fits on the sheet it is information. If it does not fit it is a poster.",
				"Made for the stairwell of a school, one per floor. The children say that the fourth floor is the fast one.",
				"Each stripe is a separate stencil. We numbered the stencils, which got confusing.",
			}},
		{style: "shapes", studios: []string{"tuesday-press", "marisol-vega"}, tags: []string{"geometry", "design", "poster", "colour", "abstract"}, shapes: shapes(sheet()),
			titles: []string{"Balance, Attempted", "Half a Sun and Its Bench", "Things on a Slope", "Paper Exercise No. 12", "The Bar Holds Up the Circle", "Composition with Doubt", "es|Equilibrio de martes", "Saturday Workshop, My Turn", "Quarter Past Red", "The Line Arrived Last"},
			alts:   []string{"Circles, bars and quarter discs in {accent} and other colours on {ground}", "A geometric composition on {ground} around one large disc"},
			stories: []string{
				"Everybody gets the same nine pieces of paper and one hour. This is what happened to mine.",
				"I moved the small circle for two days. It is now exactly where it began.",
				"A sheet from the Saturday workshop. The rule was that nothing may be centred and nothing may fall.",
			}},
	}
}
