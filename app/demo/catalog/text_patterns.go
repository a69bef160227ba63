package catalog

func patterns() []subject {
	return []subject{
		{style: "tiles", studios: []string{"kiln-and-loom", "casa-ocre"}, tags: []string{"tiles", "pattern", "ceramics", "geometry", "colour"}, shapes: shapes(square(), sheet()),
			titles: []string{"Seventy Tiles for a Stair", "The Bathroom of a Poet", "Quarter Round, Quarter Wrong", "Courtyard Floor, Swept", "es|Azulejos sueltos", "One Hundred and Forty-Four Tiles", "No Two Rows Agree", "Glazed, Twice Fired", "A Wall for a Swimming Club", "Pattern Without a Plan", "The Order They Came Out"},
			alts:   []string{"A wall of geometric tiles in {accent}, {ground} and other colours", "Square tiles of quarter circles, rings and triangles, on {ground}"},
			stories: []string{
				"Each tile is 14 cm square and can be turned four ways. We have never laid the same floor twice, though we tried once for a client.",
				"The red is copper and behaves only on dry days.",
				"Laid dry on the workshop floor and walked around for a day. Then numbered on the back, in pencil.",
				"For the stairs of a clinic. The patients count them, the nurses say, and get different sums.",
				"We were three short at the end. They are the ones by the door.",
			}},
		{style: "weave", studios: []string{"kiln-and-loom"}, tags: []string{"textile", "pattern", "craft"}, shapes: shapes(portrait(), square(), sheet()),
			titles: []string{"Warp, Weft, Radio", "A Blanket for Somebody Tall", "Twill with an Interruption", "Four Shafts", "Selvedge to Selvedge", "The Sample We Kept", "Winter Cloth, Early", "A Metre of Patience", "Check, Slightly Crooked", "The Loom Remembers"},
			alts:   []string{"Close view of a woven cloth in {ground}, {accent} and other colours", "Threads over and under: a checked cloth in {accent} and {ground}"},
			stories: []string{
				"Woven with the radio on. You can tell where the news came, about a hand's breadth from the top.",
				"Wool from three farms, dyed in the yard. The pale stripe is undyed; that sheep needed no help.",
				"This is the sample. The blanket is on a bed in Turku, and we hear that it is doing well.",
				"The draft is older than the loom, and the loom is older than the house.",
				"Wash it cold, and do not tell it about the dryer.",
				"It took a week to dress the loom and two days to weave. That is about right for most things.",
			}},
		{style: "truchet", studios: []string{"salt-office", "kiln-and-loom"}, tags: []string{"pattern", "generative", "lines", "geometry"}, shapes: shapes(square(), sheet()),
			titles: []string{"One Tile, Two Turns", "A Maze with No Wish to Keep You", "Loops, Some Closed", "Père Truchet's Kitchen", "Roads Without a Town", "Coin, Tossed Nine Hundred Times", "The Longest Line Has No Name", "Every Corner Is the Same Corner", "Turn, Turn, Don't", "nl|Eén tegel"},
			alts:   []string{"Winding bands that join into loops, in {accent} on {ground}", "A pattern of quarter-circle lines that form endless roads on {ground}"},
			stories: []string{
				"Follow any line. You will be back in time for tea, or you will leave the sheet; there is no third way.",
				"Described by a monk in 1704 who had seen some tiles on a building site and could not stop.",
				"Printed as wrapping paper first. People ironed it afterwards, so we made a proper one.",
				"A child followed one line with her finger for the whole of a dinner.",
				"Sixty sheets, sixty mazes. We kept the one with the longest road.",
			}},
	}
}

func rows() []subject {
	return []subject{
		{style: "terrazzo", studios: []string{"casa-ocre", "kiln-and-loom"}, tags: []string{"tiles", "surface", "pattern"}, shapes: shapes(square(), sheet()),
			titles: []string{"The Floor of the Savings Bank", "Chips, Various", "Polished on a Sunday", "es|Suelo de portal", "Marble, After the Accident", "A Hallway in the Fifties", "Poured Once, Walked On Always", "Sample Board, North Light", "What Was Under the Carpet", "Eight Quarries"},
			alts:   []string{"Terrazzo: chips of stone in {accent} and other colours, set in {ground}", "A polished floor of small stones on {ground}"},
			stories: []string{
				"We found it under two carpets and a layer of good intentions. It took a week to polish.",
				"The large chips come from a fireplace that nobody wanted, the small ones from the large ones.",
				"A sample, 30 by 30 cm. It weighs as much as a cat.",
				"Ground wet for two days and rinsed on the third, when you see for the first time what you have made.",
				"There is a shell in it somewhere. The bucket stood by the beach.",
				"The architect wanted it calm. We took out every third blue.",
			}},
		{style: "quilt", studios: []string{"kiln-and-loom", "tuesday-press"}, tags: []string{"textile", "quilt", "pattern", "craft", "geometry"}, shapes: shapes(square(), portrait()),
			titles: []string{"Pieced from Shirts", "The Long Winter Quilt", "Flying South, Mostly", "Her Geometry", "One Light On", "Scraps with a Plan", "Eight Women and a Frame", "Square, Square, Mistake, Square", "Bed for a Tall Child", "Pinned, Then Talked About"},
			alts:   []string{"A quilt of pieced triangles and squares in {accent} and other colours on {ground}", "Patchwork blocks with rows of stitches, on {ground}"},
			stories: []string{
				"Every quilt has one block that is wrong, so that the maker is not proud. We put in two, to be safe.",
				"Pieced from shirts. The blue was a postman's.",
				"Eight of us sat around the frame from October to March. It holds everything that was said.",
				"Measured for one bed, and given to another.",
				"The seams do not meet in one place. Her hand was on the telephone.",
				"It goes to the hospital with whoever goes next, and comes back washed.",
			}},
		{style: "scales", studios: []string{"kiln-and-loom", "salt-office"}, tags: []string{"pattern", "circles", "water", "print", "colour"}, shapes: shapes(square(), sheet()),
			titles: []string{"Fan upon Fan", "A Roof for a Fish", "Waves, in Rows", "The Tiler's Nap", "ja|青海波、昼さがり", "Overlap", "Nine Hundred Small Suns", "Paper for the Inside of a Drawer", "Rows That Lean on Each Other", "Scales, Practised Daily", "Half Circles, Full Time"},
			alts:   []string{"Overlapping fans in rows, in {accent} and other colours", "A pattern of overlapping ringed circles like fish scales, on {ground}"},
			stories: []string{
				"Each fan sits on the shoulders of two others, which is how roofs and choirs work.",
				"Each row waits for the one below it to dry.",
				"We had eleven colours and used all of them, because it rained.",
				"The block is pear wood and has a crack. You can follow the crack across the sheet, like a path.",
			}},
	}
}
