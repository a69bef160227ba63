package catalog

func lights() []subject {
	return []subject{
		{style: "trails", studios: []string{"ines-okafor", "quiet-machines"}, tags: []string{"night", "city", "long exposure", "light"}, shapes: shapes(landscape(), portrait()),
			titles: []string{"Everyone Going Home", "Forty Seconds of Thursday", "Red Out, White In", "The Bridge Hums", "A City's Handwriting", "The Slow Lane Is Also Light", "Overtime", "Exit 9", "What the Headlights Wrote", "One Long Yes"},
			alts:   []string{"Light trails of cars on a road into a city at night, white on one side, red on the other", "A long exposure of traffic: red and white lines that lead to lit towers in {light}"},
			stories: []string{
				"Forty seconds from a footbridge that shakes when lorries pass. You can see the lorries, if you know where to look: they are the lines that tremble.",
				"White is arriving, red is leaving. On Fridays there is more red.",
				"A policeman asked what I was waiting for. I said: more cars. He stayed for three exposures.",
				"I count to forty under my breath and try not to breathe on the lens.",
				"The lights change every ninety seconds, and the city breathes in and out.",
				"A boy on the footbridge wanted to know where the cars had gone. We showed him the lines; he said that was not where cars go.",
				"Eight exposures on a Thursday, because on Thursdays the shops are open late.",
			}},
		{style: "window", studios: []string{"ines-okafor"}, tags: []string{"light", "shadow", "interior", "quiet", "minimal"}, shapes: shapes(portrait(), square(), landscape()),
			titles: []string{"West Wall, 17:40", "The Guest Room Has Company", "Eleven Minutes a Day", "Kitchen, Other Side", "A Window, Without the Window", "Before the Curtains Came", "It Moves While You Look", "October Reaches the Door", "fr|Mur d'atelier", "My Grandmother's Clock Was a Wall", "Vacant, Sunny"},
			alts:   []string{"Evening light from a window, thrown on a wall", "The shape of a window in warm light on a dark wall", "A warm slanted window of light on a wall above a wooden floor"},
			stories: []string{
				"Nobody lives here at the moment. The light has the run of the place.",
				"The wall was painted by the tenant before last, in a colour that has no name on the tin.",
				"I moved nothing. The chair that you do not see was already gone.",
				"The room is being painted next week. I asked them to wait until the light had been.",
				"There is a plant on the sill that I have never seen, only its shadow. It is doing well.",
				"It looks like a slide that somebody forgot to take out of the projector.",
			}},
		{style: "road", studios: []string{"ines-okafor"}, tags: []string{"road", "desert", "horizon", "landscape"}, shapes: shapes(landscape(), wide(), portrait()),
			titles: []string{"No Services", "Straight Until the Map Folds", "The Radio Went First", "Mile 212", "Somebody Painted All of This", "A Road, Explaining Perspective", "Far Is a Colour", "The Last Hill Has No Name", "Drive Until It Changes", "Half a Tank"},
			alts:   []string{"A straight road through dry land towards flat-topped hills, in {light}", "An empty desert road with a yellow dashed line, running to the horizon in {light}"},
			stories: []string{
				"The yellow paint is new. Somebody was out here for weeks with a small machine and a great deal of paint, and I wish that I had met them.",
				"The mesa looks close. It is the next day.",
				"The map gave it one line, and that was generous.",
				"A lizard crossed, looked at the camera, and went back.",
				"I parked where the shade of the sign was. It was the only shade, and it moved.",
			}},
	}
}

func surfaces() []subject {
	return []subject{
		{style: "pool", studios: []string{"ines-okafor", "casa-ocre"}, tags: []string{"water", "light", "summer", "colour", "abstract"}, shapes: shapes(portrait(), square(), landscape()),
			titles: []string{"Lane Four, Closed", "Nets", "The Deep End, Considered", "Municipal Blue", "Nobody Has Dived Yet", "es|Piscina vacía de gente", "Holding a Breath", "Sun, Folded", "Third Ladder from the Left", "Before the Swimming Club"},
			alts:   []string{"Sunlight drawn in nets on the floor of a swimming pool, a dark lane line bending", "Clear pool water from above, light rippling over tiles"},
			stories: []string{
				"The pool opens at seven. The caretaker lets me in at half past six, as long as I do not ask for the diving board.",
				"Light does this only when the water has been left alone for a night. The first swimmer breaks it, and it does not come back until tomorrow.",
				"All the lines are straight. It is the water that has opinions.",
				"Looking down from the third ladder, one lens, no filter, wet shoes.",
				"Two lengths, then the camera, then two more. It is the only way to get the chlorine right.",
				"In the afternoon there are ninety children in it and nothing to see.",
				"The tiles are from the year of the opening. Four have been replaced, and the caretaker can tell you which.",
			}},
		{style: "still", studios: []string{"studio-halden", "noa-barzilai"}, tags: []string{"still life", "ceramics", "light", "quiet"}, shapes: shapes(portrait(), square(), landscape()),
			titles: []string{"Pots, Not Speaking", "The Tall One Is Always Late", "North Table, November", "A Family of Vessels", "Things That Hold Nothing", "nb|Krukker i ro", "Glaze Test, Kept", "After Lunch, Before Light", "The White One Leaves First", "Every One from a Different Kiln", "Everything That Stood on the Table on the Day the Kiln Was Opened, in the Order in Which It Cooled, with the One That Cracked Turned to the Wall, and Two Bowls That Were Lent Us by the Potter's Mother"},
			alts:   []string{"Ceramic bottles, vases and bowls on a table in soft light from one side", "A quiet row of glazed pots on a table against a plain wall", "A still life of a few vessels, their shadows falling to one side"},
			stories: []string{
				"Forty-one pots live on the shelf. We take down a few, move them for an hour, and put back the one that talks too much.",
				"The small bowl was a mistake by a good potter. It is in every second picture.",
				"Nothing here is expensive. One of them holds the pencils when it is not being looked at.",
				"They arrived in a box marked FRAGILE in three languages, and one had believed none of them.",
				"We moved the second from the left by the width of a finger, and went home.",
				"A potter asked for a picture of his bottle. He got a picture of its neighbours too, because it looked lonely.",
			}},
	}
}
