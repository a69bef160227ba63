package catalog

// toldOpening are the stories of the first wall.
func toldOpening() map[string]string {
	return map[string]string{
		"The Hour Before the Ferry": "The harbour master lets us sit on the end of the mole if we promise to be gone before the ferry. We always promise.\n\n" +
			"For a quarter of an hour the water was lighter than the sky, and the boat hung between the two as if somebody had asked it to hold still.\n\nPrinted at 120 × 68 cm on cotton paper, an edition of seven.",
		"Estate, Afternoon": "I drew it one flat at a time, from the ninth floor of the building opposite, where my cousin lets me have the good chair.\n\n" +
			"There are no streets, because when I was small there were only entrances.",
		"Set Once, Read from the Tram": "A poster has about as long as a tram takes to pass. Four letters are what fits into a tram.\n\nThe dot is where the curator put her thumb on the proof. We liked it better than anything that we had planned.",
		"A Line the Wind Drew": "Up on the crest the sand hisses all the time, and what you photograph at six is gone by noon.\n\n" +
			"Brahim said that the dune has a name, but that it moves, so the name has to walk after it. We waited until the shadow had reached the bottom and went down on the other side.",
		"Four Shafts":                      "Four shafts, two shuttles, and a check that my aunt kept in her head. I have now written it down, which she thinks is cheating.",
		"Planet, Two Passes":               "One screen, two passes, coarse enough that you can count the dots. Mr Brandt did, while it dried.\n\nStep back three metres and it is a planet. Step forward and it is our screen, which needs cleaning.",
		"Kontur":                           "The country does not exist, but it is consistent: water would run where you think it would.\n\nEvery fifth line is heavier, as on the maps we learned to read. The dot is the highest place. Nobody has been.",
		"Pots, Not Speaking":               "They had been on the same shelf for eleven years, and had said what there was to say.\n\nThe light comes from the north and does not change its mind. Exposure: one second, counted aloud.",
		"Unmown":                           "The council forgot the strip behind the depot, and by June it had forty species and a small following.\n\nI drew it lying down. An inspector asked if I was well.",
		"Square at Siesta":                 "The square is in no town. It has the steps of one, the arches of another, and the hour of the day when everybody has gone in.\n\nThe ball was put there for scale and has refused to leave.",
		"Slow Glass":                       "Poured wet into wet, then tilted. You have about a minute in which it listens to you.\n\nIt was larger. We cut it to the part that was still moving.",
		"West Wall, 17:40":                 "For eleven minutes in the evening the window goes to the other side of the room. I have photographed it for three years, and it has never been late.",
		"Four Pendulums, One Pen":          "It begins with a push and ends when nobody is looking. This one took nine minutes, of which we watched the first two.",
		"Spruce, Counting Down":            "Fog makes a forest honest about its depth. Every row of trees is a step, and at the sixth step the paper is empty.\n\nOne exposure, two thermoses.",
		"Scissors in the Garden":           "I paint the sheets in the morning and cut in the afternoon, never the other way, and without a pencil.\n\nThe leaves are the ones by the tap. They hold very still for leaves.",
		"Seed Head":                        "Turn by 137.5 degrees, take a small step out, put down a seed. That is the whole rule, and the flower knows it better than we do.",
		"What the Distance Did":            "We went up to the same pass on eleven mornings and came back with nothing on ten.\n\nOn the last day every ridge stood alone for about four minutes, each a little paler than the one before it, and then the valley closed.\n\nThere is no filter and no blend. The distance did the work; we only had to carry the tripod.",
		"One Branch, One Morning":          "Cut on the way to the bus, drawn before it noticed. It stood in a jam jar and opened another leaf on the second day, which is why there are two dates on the back.",
		"Sun, Folded":                      "Six seconds of a public pool, half an hour before it opens. The caretaker stayed to watch, and then switched the pump on.",
		"For an Evening of Strings":        "We asked the quartet for a colour. Four people gave four answers, so we printed on the fifth.\n\nThe arcs are the slow movement, bar by bar. The cellist checked it and moved one.",
		"Above, Below":                     "Thirty thin layers, with a brush that has lost most of its hair.\n\nPlease stand closer than you think. It was painted at arm's length and should be seen from there.",
		"Straight Until the Map Folds":     "In two hours three cars came by, and all three stopped to ask whether I was all right.\n\nI stood on the line, looked both ways like a child, and took it.",
		"Nine Hundred Small Suns":          "An old pattern for waves. We block-printed it as lining paper for a chest of drawers, where it is seen twice a day by one person.",
		"Orchard, Counted":                 "My uncle's orchard from the air, more or less. Every tree is there. The bright ones are those that he will not talk about.\n\nThe large ones went first and took the good places. Then the small ones came, and turned out to have the better time.",
		"Cut Off at the Edge":              "If a figure fits on the sheet it is information. If it does not fit, it is a poster.",
		"Further Than It Looks":            "At low water the bay is four kilometres of floor. People walk out to look at where they swam yesterday.\n\nYou get two hours, and then a man with a whistle.",
		"Awnings, by Floor":                "The rule of the house is one colour of awning. It was agreed in 1974, and you can see how that went.",
		"One Hundred and Forty-Four Tiles": "Eleven stencils, six glazes, and a tile setter who was told to stop thinking. He found it difficult until lunch.",
	}
}
