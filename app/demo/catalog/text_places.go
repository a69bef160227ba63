package catalog

func places() []subject {
	return []subject{
		{style: "estate", studios: []string{"marisol-vega", "casa-ocre"}, tags: []string{"city", "architecture", "illustration", "windows"}, shapes: shapes(portrait(), square(), landscape()),
			titles: []string{"Estate, Afternoon", "Lift Out of Order", "Everyone I Know Lives on the Ninth Floor", "es|Colonia nueva", "Somebody Is Awake", "Block C, Seen by a Pigeon", "Model Town, Scale Unknown", "Rent, in Colours", "The Roof Is for Laundry", "A Thousand Kitchens"},
			alts:   []string{"Isometric towers in {accent} and other colours, a few windows lit, under a sky of {ground}", "A city of apartment blocks seen from above at an angle, {accent} walls among them"},
			stories: []string{
				"I grew up in one of these, fourth from the left, the window that is lit. My mother says that it is not that one.",
				"The towers are too close together. So were we.",
				"I asked eleven neighbours for the colour of their kitchen, and used nine.",
				"The lift is drawn where it usually stands.",
			}},
		{style: "facade", studios: []string{"casa-ocre"}, tags: []string{"architecture", "city", "shadow", "windows"}, shapes: shapes(portrait(), landscape(), square()),
			titles: []string{"Awnings, by Floor", "Many Balconies and One Rule", "es|Siesta, bloque 4", "The Shadow Arrives at the Third Floor", "Curtain Census", "South Side, Noon", "All the Same, Except", "Where the Parrot Lives", "Neighbours, Vertically", "es|Toldos"},
			alts:   []string{"The front of a housing block seen straight on: rows of balconies, awnings and curtains", "Balcony upon balcony in strong sun, shadows under every slab"},
			stories: []string{
				"I stood in the car park of the supermarket every day for a week until somebody waved.",
				"Built in eleven months for people who had waited eleven years. They still water the entrance together.",
				"We went back at the same hour for a month. The curtains on the sixth have never moved.",
				"The plans say grey.",
				"On the second floor somebody grows tomatoes against all the rules, and sends some down.",
			}},
		{style: "arcade", studios: []string{"casa-ocre", "marisol-vega"}, tags: []string{"architecture", "shadow", "stairs", "illustration"}, shapes: shapes(portrait(), square(), landscape()),
			titles: []string{"The Ball Has Been Here Longer", "Square at Siesta", "Arches, Waiting for a Procession", "Nobody's Monastery", "es|La plaza que soñé", "Shade Has Its Own Address", "Steps for Sitting", "A Theatre Without a Play", "Plaster, Two Coats", "The Tenor's House"},
			alts:   []string{"An arcade of plain round arches above broad steps, a single ball lying in front, under a sky of {ground}", "Plain round arches in strong light, a ball on the steps in front"},
			stories: []string{
				"A model in plaster, lit with a desk lamp. The sun is a coin.",
				"Nobody has lived here yet, so the paint is clean.",
				"We drew the shadow first and then looked for a building that could throw it.",
				"It is eleven in the morning, or it is a very good lamp.",
			}},
	}
}
