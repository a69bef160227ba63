package catalog

func drawings() []subject {
	return []subject{
		{style: "flow", studios: []string{"salt-office", "quiet-machines"}, tags: []string{"generative", "lines", "plotter", "wind", "drawing"}, shapes: shapes(sheet()),
			titles: []string{"Wind Study No. 4", "Wind Study No. 7", "Wind Study No. 11", "Grass, If There Were Any", "What the Weathercock Saw", "Combed", "Around Something That Isn't There", "A Draught Under the Door", "Currents, Small Sheet", "No Line Touches Another"},
			alts:   []string{"Fine lines on {ground} that follow an invisible wind", "Thousands of short strokes in {accent} and other colours, flowing around a centre, on {ground}"},
			stories: []string{
				"Each line is dropped at random and follows the wind until it would touch another. Then it stops, which is more than most of us manage.",
				"Plotted in one night with three pens. The second pen ran dry at four, and you can see where.",
				"There is a place on the sheet around which everything turns. We did not put anything there.",
				"The wind was made up on a Tuesday, and on Wednesday it blew the same again, because we had written it down.",
				"Forty thousand strokes, and one rule: do not touch.",
				"The pen is a blue one from the post office. It has outlived three good ones.",
			}},
		{style: "contours", studios: []string{"salt-office"}, tags: []string{"generative", "map", "lines", "landscape", "plotter"}, shapes: shapes(square(), sheet()),
			titles: []string{"Kontur", "Kontur II", "A Map of Nowhere in Particular", "Height Without a Country", "The Summit Is the Dot", "Survey of an Afternoon", "Every Fifth Line", "Contour Interval: Unknown", "The Way Down Is Longer", "Sheet 14, Unvisited"},
			alts:   []string{"Contour lines of an invented country on {ground}, one point marked on a summit", "A map of nothing but heights: fine lines on {ground}"},
			stories: []string{
				"A hiker wrote to ask where it is. We sent the seed.",
				"Drawn from noise, walked by nobody, and still three people have told us that they know the place.",
				"The lake came by itself. We only stopped the lines from crossing it.",
				"If you fold it, the summit falls on the crease, as on any real map.",
			}},
		{style: "phyllotaxis", studios: []string{"salt-office", "noa-barzilai"}, tags: []string{"generative", "circles", "nature", "plotter"}, shapes: shapes(square(), sheet()),
			titles: []string{"Seed Head", "Seed Head, After Rain", "137.5 Degrees", "The Sunflower's Sum", "Counting from the Middle", "Eye, Opening", "Room for One More", "Fibonacci Was a Merchant", "Disc Florets", "A Crowd, Well Seated"},
			alts:   []string{"Hundreds of marks in a sunflower spiral, from {accent} outwards, on {ground}", "A seed head: spirals of dots in {accent} and other colours on {ground}"},
			stories: []string{
				"The arms that you see going left and right are not drawn. There are 34 one way and 55 the other, and we did not put them there either.",
				"We compared it with a real one from the allotment. The real one had an ant.",
				"We stopped when the marks became smaller than the pen.",
				"Made on the kitchen table, next to the bread, which had seeds on it too.",
				"The plotter lost count once, and the spiral forgave it.",
			}},
	}
}

func gardens() []subject {
	return []subject{
		{style: "packed", studios: []string{"marisol-vega", "salt-office"}, tags: []string{"circles", "generative", "garden", "colour", "pattern"}, shapes: shapes(sheet(), landscape()[:1]),
			titles: []string{"Orchard, Counted", "Market Day from the Bell Tower", "Buttons, Sorted by Nobody", "es|Huerto visto desde arriba", "Room for the Small Ones", "Everything Round in the House", "The Jar, Tipped Over", "Hail, Remembered", "Parasols, Second Week of August", "Marbles, Winner Takes All"},
			alts:   []string{"Circles of every size packed on {ground}, many in {accent}", "A sheet filled with discs, some ringed, some halved, in {accent} and other colours on {ground}"},
			stories: []string{
				"It stops when nothing fits. I like that about it.",
				"None of them touch. I checked twice, and my nephew once.",
				"I know who most of them are, but it would not help you.",
				"There is always room for one more, until there is not.",
			}},
		{style: "herbarium", studios: []string{"noa-barzilai"}, tags: []string{"botanical", "leaves", "plants", "drawing", "nature"}, shapes: shapes(portrait(), poster()),
			titles: []string{"A Branch from the Hill", "Pressed Between Two Phone Books", "Leaves in Order of Appearance", "Plate for a Small Flora", "Found on the Stairs", "One Branch, One Morning", "The Neighbour's Side of the Fence", "Second Leaf from the Top Was Lunch", "he|ענף מהגינה", "he|עלים בסדר הופעתם", "Drawn at Its Own Size"},
			alts:   []string{"A single branch with its leaves, drawn on {ground}", "Botanical plate: one leafed stem on {ground}, its name in small capitals below"},
			stories: []string{
				"The veins are counted. The colour is what was left on the palette, and the plant did not mind.",
				"A caterpillar had eaten the second leaf. I put it back.",
				"My professor said: draw what is there. My mother said: draw it nicely. This is a compromise.",
				"The label is in the old spelling, because the plant has not been told about the new one.",
				"Pressed under the second volume, which is the heavier one.",
				"It grows behind the bus stop and nowhere else on the hill, and the bus company does not know.",
			}},
		{style: "meadow", studios: []string{"noa-barzilai", "marisol-vega"}, tags: []string{"botanical", "meadow", "plants", "summer"}, shapes: shapes(portrait(), landscape(), square()),
			titles: []string{"Unmown", "The Verge, from the Point of View of a Hare", "What the Council Forgot", "Tall Grass, Late Guests", "Umbels and One Stranger", "Hay, Eventually 🌾", "The Field Has Dressed Up", "Lying Down in It", "es|Lo que crece solo", "Crickets Not Shown"},
			alts:   []string{"Grasses and tall flowers in silhouette on {ground}", "A meadow seen from low down: blades, umbels and seed heads on {ground}"},
			stories: []string{
				"Seen from as low as I could get without frightening the neighbours.",
				"Grass first, then stems, then the heads, in that order, as it grows.",
				"I counted eleven kinds and then the wind came, and I counted again.",
				"They mow on Monday.",
				"The tall one is not supposed to grow here. It was told so, and it is thinking about it.",
			}},
	}
}
