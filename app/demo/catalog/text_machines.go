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
				"Print it small and it is grey. Print it large and it will not let you pass.",
				"One sheet was turned by a hair. That hair is the whole drawing.",
				"The scanner refused twice.",
			}},
		{style: "ink", studios: []string{"dar-al-hibr"}, tags: []string{"ink", "paper", "symmetry", "abstract"}, shapes: shapes(portrait(), square(), landscape()[:1]),
			titles: []string{"Folded While Wet", "The Moth's Portrait", "Ask What It Is, Get an Answer About You", "Blot with Good Posture", "ar|حبر على ورق مطوي", "ar|بقعة تنتظر اسمها", "Walnut and Soot", "The Paper Decided", "Second Fold", "Left to Dry on the Stairs", "ar|ما قالته الورقة"},
			alts:   []string{"A dark ink blot with soft edges on {ground}, {accent} stains around it", "Ink that was poured and left to run on {ground} paper"},
			stories: []string{
				"We pour, fold, press with the flat of the hand for one breath, and open. You get one opening.",
				"Visitors see a moth, a pelvis, two waiters. The child from upstairs saw ink.",
				"Soot ink with a little walnut. It goes on shining for an hour and then thinks better of it.",
				"The paper was still damp from the one before, so this is partly a portrait of Monday.",
				"We make the ink from soot and patience. The soot is from the baker's.",
				"My father says that it is two people arguing. He always says so, and he is always right.",
			}},
		{style: "harmonograph", studios: []string{"quiet-machines", "salt-office"}, tags: []string{"generative", "lines", "plotter", "drawing"}, shapes: shapes(square(), sheet()),
			titles: []string{"Four Pendulums, One Pen", "Until It Stops", "Octave, Nearly", "A Fifth, Slightly Flat", "What Gravity Draws When Bored", "The Last Minute Is the Smallest", "Knot Without a Rope", "Table, Nudged", "Damping", "Three Against Two"},
			alts:   []string{"A fine pendulum drawing in {accent} on {ground}, curve within curve", "Looping lines that shrink towards the centre, drawn by pendulums, on {ground}"},
			stories: []string{
				"Tuned to a fifth, almost. The difference from a true fifth is what you see; the true one draws the same line for ever.",
				"Somebody closed a door at about the middle. We kept it.",
				"The table stands on the third floor. A lorry passed in the fourth minute, and you can find it.",
				"Two weights were borrowed from the greengrocer, who came to see where they had gone.",
				"It draws the same thing again only if you do not want it to.",
			}},
	}
}

func pigments() []subject {
	return []subject{
		{style: "signals", studios: []string{"quiet-machines"}, tags: []string{"generative", "lines", "minimal", "plotter"}, shapes: shapes(poster(), square()),
			titles: []string{"From Somewhere Regular", "A Mountain, Heard", "The Radio Between Stations", "A Night of Readings", "Tremor, Filtered", "Breathing, from Above", "Line Noise", "Every Second Counts Once", "Night Watch at the Dish", "Not a Landscape"},
			alts:   []string{"Line upon line on {ground}, each rising to peaks in the middle", "A stack of horizontal lines that swell into small mountains, on {ground}"},
			stories: []string{
				"Each line is one reading, and each hides a little of the one behind. People see mountains. It is only time.",
				"One line is in another colour. It is not more important; it was ours.",
				"We left the receiver on overnight and pointed at nothing.",
				"A washing machine two floors below is in it, in the lower third.",
				"Sixty lines, sixty seconds, and in the middle somebody rang the bell.",
				"We were listening for rain.",
			}},
		{style: "bleed", studios: []string{"dar-al-hibr", "quiet-machines"}, tags: []string{"abstract", "colour", "painting"}, shapes: shapes(portrait(), square(), landscape()),
			titles: []string{"Slow Glass", "Two Colours Meeting on a Wet Street", "ar|لون يبحث عن لون", "Fever, Third Day", "Folds", "The Inside of a Shell", "ar|ماء ونار", "What Heat Looks Like from Here", "Marble, Undecided", "Oil, Rain, Oil", "Before the Colours Had Names"},
			alts:   []string{"Folds of {ground}, {accent} and other colours, drifting into each other like hot glass", "Colours bleeding into one another, {accent} among them"},
			stories: []string{
				"Somewhere in the middle the two colours stop being polite.",
				"There was no plan, and for once we kept to it.",
				"The colour in the corner is from last week. It asked to be let in.",
				"It dried darker. They always do, and we always forget.",
			}},
		{style: "fields", studios: []string{"dar-al-hibr", "studio-halden"}, tags: []string{"abstract", "painting", "colour", "minimal"}, shapes: shapes(portrait(), square()),
			titles: []string{"Two Rooms, One Door Open", "Above, Below", "A Colour with Its Coat On", "Stand Closer", "ar|حقول هادئة", "nb|Flater og en stillhet", "Hovering", "The Lower Half Is Listening", "Edge, Unedged", "The Second Band Came Later"},
			alts:   []string{"Soft-edged bands of colour hovering on a plain ground, {accent} among them", "An abstract painting: two or three large blurred rectangles, one above the other"},
			stories: []string{
				"I painted over the middle twice. It is still in there, keeping warm.",
				"I turned it to the wall for a month. When I turned it back it had decided.",
				"The lower one is the same colour as the upper one. It does not look it, and that is why there are two.",
				"It was meant for a narrower wall.",
			}},
		{style: "cutouts", studios: []string{"marisol-vega"}, tags: []string{"paper", "leaves", "colour", "illustration"}, shapes: shapes(sheet(), portrait()),
			titles: []string{"Weeds, Promoted", "Scissors in the Garden", "es|Algas de papel", "Paper Reef", "Leaves Nobody Planted", "Cut Without Drawing First", "Seaweed for a Child's Room", "Gouache, Then Scissors", "A Leaf per Square", "es|Hojas sueltas"},
			alts:   []string{"Leaf shapes cut from painted paper, each on its own square of colour, {accent} among them", "Paper cut-outs like seaweed on blocks of {ground}, {accent} and other colours"},
			stories: []string{
				"The weeds come from the drain in front of the house. They hold very still for weeds.",
				"The blue ran out, so the last leaf is green. It is the one that people like.",
				"They are pinned, not glued, so that they can change their minds.",
				"My mother recognised the weed, and was not pleased to see it framed.",
			}},
	}
}
