package catalog

func machines() []subject {
	return []subject{
		{style: "moire", studios: []string{"quiet-machines"}, tags: []string{"generative", "lines", "abstract", "geometry"}, shapes: shapes(square(), sheet()),
			titles: []string{"Two Patterns and a Disagreement", "Interference", "It Is You Who Is Moving", "Only Straight Lines Were Used", "Silk, Explained", "Standing Wave", "A Net for the Eye", "Almost Parallel", "Hum", "Where They Cross There Is Nothing"},
			alts:   []string{"Sets of fine rings and lines laid over each other in {accent} on {ground}, making waves", "An optical drawing: overlapping lines on {ground} that shimmer where they cross"},
			stories: []string{
				"Nothing here bends. Two sets of plain lines, and the waves are made by you.",
				"Please do not look at it before driving.",
				"The pitch of the second set is four parts in a hundred wider. At three it was dull, at five it made the cat leave.",
			}},
		{style: "ink", studios: []string{"dar-al-hibr"}, tags: []string{"ink", "paper", "symmetry", "abstract"}, shapes: shapes(portrait(), square(), landscape()[:1]),
			titles: []string{"Folded While Wet", "The Moth's Portrait", "Ask What It Is, Get an Answer About You", "Blot with Good Posture", "ar|حبر على ورق مطوي", "ar|بقعة تنتظر اسمها", "Walnut and Soot", "The Paper Decided", "Second Fold", "Left to Dry on the Stairs", "ar|ما قالته الورقة"},
			alts:   []string{"A dark ink blot with soft edges on {ground}, {accent} stains around it", "Ink that was poured and left to run on {ground} paper"},
			stories: []string{
				"We pour, fold, press with the flat of the hand for one breath, and open. You get one opening.",
				"Visitors see a moth, a pelvis, two waiters. The child from upstairs saw ink.",
				"Soot ink with a little walnut. It goes on shining for an hour and then thinks better of it.",
			}},
		{style: "harmonograph", studios: []string{"quiet-machines", "salt-office"}, tags: []string{"generative", "lines", "plotter", "drawing"}, shapes: shapes(square(), sheet()),
			titles: []string{"Four Pendulums, One Pen", "Until It Stops", "Octave, Nearly", "A Fifth, Slightly Flat", "What Gravity Draws When Bored", "The Last Minute Is the Smallest", "Knot Without a Rope", "Table, Nudged", "Damping", "Three Against Two"},
			alts:   []string{"A fine pendulum drawing in {accent} on {ground}, curve within curve", "Looping lines that shrink towards the centre, drawn by pendulums, on {ground}"},
			stories: []string{
				"One pen, four pendulums, a few minutes. It begins with a push and ends when nobody is looking.",
				"Tuned to a fifth, almost. The difference from a true fifth is what you see; the true one draws the same line for ever.",
				"Somebody closed a door at about the middle. We kept it.",
			}},
		{style: "signals", studios: []string{"quiet-machines"}, tags: []string{"generative", "lines", "minimal", "plotter"}, shapes: shapes(poster(), square()),
			titles: []string{"From Somewhere Regular", "A Mountain, Heard", "The Radio Between Stations", "A Night of Readings", "Tremor, Filtered", "Breathing, from Above", "Line Noise", "Every Second Counts Once", "Night Watch at the Dish", "Not a Landscape"},
			alts:   []string{"Line upon line on {ground}, each rising to peaks in the middle", "A stack of horizontal lines that swell into small mountains, on {ground}"},
			stories: []string{
				"Each line is one reading, and each hides a little of the one behind. People see mountains. It is only time.",
				"One line is in another colour. It is not more important; it was ours.",
				"We left the receiver on overnight and pointed at nothing.",
			}},
		{style: "bleed", studios: []string{"dar-al-hibr", "quiet-machines"}, tags: []string{"abstract", "colour", "painting"}, shapes: shapes(portrait(), square(), landscape()),
			titles: []string{"Slow Glass", "Two Colours Meeting on a Wet Street", "ar|لون يبحث عن لون", "Fever, Third Day", "Folds", "The Inside of a Shell", "ar|ماء ونار", "What Heat Looks Like from Here", "Marble, Undecided", "Oil, Rain, Oil", "Before the Colours Had Names"},
			alts:   []string{"Folds of {ground}, {accent} and other colours, drifting into each other like hot glass", "Colours bleeding into one another, {accent} among them"},
			stories: []string{
				"Poured wet into wet, then tilted. You have about a minute in which it listens.",
				"Somewhere in the middle the two colours stop being polite.",
				"It was larger. We cut it to the part that was still moving.",
			}},
		{style: "fields", studios: []string{"dar-al-hibr", "studio-halden"}, tags: []string{"abstract", "painting", "colour", "minimal"}, shapes: shapes(portrait(), square()),
			titles: []string{"Two Rooms, One Door Open", "Above, Below", "A Colour with Its Coat On", "Stand Closer", "ar|حقول هادئة", "nb|Flater og en stillhet", "Hovering", "The Lower Half Is Listening", "Edge, Unedged", "The Second Band Came Later"},
			alts:   []string{"Soft-edged bands of colour hovering on a plain ground, {accent} among them", "An abstract painting: two or three large blurred rectangles, one above the other"},
			stories: []string{
				"Thirty thin layers with a brush that has lost most of its hair. The edges are where I could not decide.",
				"Please stand closer than you think. It was painted at arm's length and should be seen there.",
				"I painted over the middle twice. It is still in there, keeping warm.",
			}},
		{style: "cutouts", studios: []string{"marisol-vega"}, tags: []string{"paper", "leaves", "colour", "illustration"}, shapes: shapes(sheet(), portrait()),
			titles: []string{"Weeds, Promoted", "Scissors in the Garden", "es|Algas de papel", "Paper Reef", "Leaves Nobody Planted", "Cut Without Drawing First", "Seaweed for a Child's Room", "Gouache, Then Scissors", "A Leaf per Square", "es|Hojas sueltas"},
			alts:   []string{"Leaf shapes cut from painted paper, each on its own square of colour, {accent} among them", "Paper cut-outs like seaweed on blocks of {ground}, {accent} and other colours"},
			stories: []string{
				"I paint the sheets in the morning and cut in the afternoon, never the other way, and without a pencil.",
				"The weeds come from the drain in front of the house. They hold very still for weeds.",
				"Whatever falls on the floor goes into a box. This was made from the box.",
			}},
	}
}
