package catalog

import "vitrine/app/demo/art"

// firsts are lines for the first of several pictures.
func firsts() []string {
	return []string{"The one on the wall.", "How it began.", "The first of them.", "As it hangs.", "This one first, they said.", "The one on the card."}
}

// captions are lines for the pictures after the first, in any order.
func captions(family string) []string {
	switch family {
	case art.Photograph:
		return []string{
			"Four minutes later.", "The same place, looking back.", "With the longer lens.", "Before anybody was up.", "The one we nearly kept instead.",
			"From the other side of the road.", "Second evening.", "After the coffee.", "The last frame on the roll.", "A step to the left.",
		}
	case art.Poster:
		return []string{
			"As it was pasted up.", "The version for the stairwell.", "Small format, for the counter.", "Other ink, same screen.", "What the client chose.",
			"What we would have chosen.", "Proof with the wrong paper.", "For the programme's cover.", "Spread from the sheet.", "Drawn over lunch.",
		}
	case art.Pattern:
		return []string{
			"Second colourway.", "The repeat, turned once.", "As it was laid in the hall.", "A sample from the drawer.", "With the stock we had left.",
			"The pale one, for the north room.", "Larger, for the stairs.", "Drawn the day after.", "The one that went to Turku.", "Edge to edge.",
		}
	case art.Building:
		return []string{
			"The neighbouring block.", "An hour later, one floor down.", "From the car park.", "The side that gets the sun.", "Drawn from memory.",
			"As the plans had it.", "With everyone at home.", "The entrance is round the corner.", "In August, shutters closed.", "Seen from the bus.",
		}
	default:
		return []string{
			"A quieter state.", "Second state, same afternoon.", "The sheet before it.", "Another go, with the other hand.", "The one on the kitchen wall.",
			"Smaller, and better for it.", "Made while the first one dried.", "After a week of not looking.", "With less of everything.", "The last of the series.",
		}
	}
}
