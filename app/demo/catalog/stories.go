package catalog

import "maps"

// told are the stories that belong to one work, by its title.
func told() map[string]string {
	all := toldOpening()
	maps.Copy(all, toldAbroad())
	maps.Copy(all, map[string]string{
		// Made by a machine that was shown pictures; it is said in the first sentence.
		"Marble, Undecided":                       "Made with a generator that we trained on ten years of our own marbled papers. It has never been wet.",
		"Oil, Rain, Oil":                          "A machine's idea of a puddle behind the bus station. We gave it forty photographs and took the eleventh answer.",
		"What Heat Looks Like from Here":          "Generated frame by frame from one thermal photograph of our stove. Then we went to make tea, to be sure.",
		"Paper Reef":                              "Cut by a model, from my own scraps. I let it have the scissors for one afternoon and did the gluing myself.",
		"Ask What It Is, Get an Answer About You": "No hand folded this one: it was generated from two hundred of our blots. We showed it among the real ones, and nobody asked.",
		"A Roof for a Fish":                       "The colours were placed by a machine that had seen every drawer paper in the mill. We would have stopped earlier.",
		// Not for every eye.
		"It Is You Who Is Moving": "Two grids, one turned by a hair. It flickers, although it is only printed. Please do not look at it if flicker is not good for you.",
		"A Net for the Eye":       "Nothing here moves, although many people say that it does. Some of them had to sit down.",
		"The Moth's Portrait":     "It is ink, folded once. But several visitors saw something from an operating theatre, so we ask first.",
		"Fever, Third Day":        "Painted from a scan of my own lung, with permission from the lung.",
		// Nine pictures each.
		"Eleven Mornings at the Pass": "Nine of the eleven. On the other two we saw the inside of a cloud and the inside of the car.\n\n" +
			"They hang in the order in which they were taken. The path is the same, the tripod stood on the same stone, and by the fourth morning somebody had painted a small cross on it for us.\n\n" +
			"We were asked which one is the best. We went up for the last and would go up again for the third.",
		"Specimen, Sheet Three": "Sheet three of a typeface that has no small letters yet. When people ask, we say that it is meant for short sentences.\n\nThe other eight pictures are the sheets before and after it, with the corrections that we agreed on and one that we did not.",
		"Somebody Is Awake":     "If you count the lit windows, you get the number of people who cannot sleep.\n\nNine nights, one for each evening that I could not either.",
		// The longest title and the widest pictures.
		longTitle():                 "The label was written by Kari, who was asked to be exact. We offered her a shorter one, and she offered us a longer one.",
		"The View They Asked About": "Three metres wide where it hangs, in the waiting room of a dentist. People ask where it is. The dentist says: behind you, when you leave.",
		// One that stands upright.
		"Exit 9": "Filmed from the footbridge with the telephone, upright, because that is how the bridge is narrow.",
	})
	return all
}

func longTitle() string {
	return "Everything That Stood on the Table on the Day the Kiln Was Opened, in the Order in Which It Cooled, " +
		"with the One That Cracked Turned to the Wall, and Two Bowls That Were Lent Us by the Potter's Mother"
}
