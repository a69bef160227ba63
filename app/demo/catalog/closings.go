package catalog

import "vitrine/app/demo/art"

// closings are last paragraphs that suit a whole family: how it was made, how
// many there are, where it hangs.
func closings(family string) []string {
	switch family {
	case art.Photograph:
		return []string{
			"Printed on cotton paper, an edition of seven and two proofs.", "No filter, no blend, a little dust.", "One of a series that we add to whenever the weather agrees.",
			"Tripod, cable release, patience; in that order of weight.", "The negative is scanned, the dust is ours.", "If you know the place, please do not say where it is.",
			"Shown at the harbour library in spring, between the timetables.", "The print is 60 cm wide. It wants to be looked at from the door.",
		}
	case art.StillLife:
		return []string{
			"Window light only, from the left or from the right.", "One of a set of eleven; the others are on the wall of a dentist.", "Scanned from a large negative.", "The pots went back on the shelf in another order.",
		}
	case art.Poster:
		return []string{
			"Screenprint, two colours, 59 by 84 cm.", "A few copies are left in the flat file, third drawer.", "Set in our own capitals. Please tell us if a letter misbehaves.",
			"Printed with the windows open.", "Folded once for the post, which we regret.", "The stencil is gone; what is left is what there is.",
		}
	case art.Pattern:
		return []string{
			"The repeat is free to use at home, not in a hotel.", "Made in a small run; the next will be a little different, as it should.", "We keep the stencils.",
			"Samples can be touched on Thursdays.", "Four metres are left on the roll.",
		}
	case art.Drawing:
		return []string{
			"Plotted with pigment ink on heavy paper.", "Same rule, another seed: another sheet. This is the one that we kept.", "The program is forty lines long, half of which are comments.",
			"Signed on the back, by the one who changed the pens.", "Nine of ten went into the stove.",
		}
	case art.Building:
		return []string{
			"From a series about places that keep their composure.", "Also available as a jigsaw, if you are that kind of person.", "A print hangs in the entrance. Nobody has complained.", "Drawn at 1:200, roughly.",
		}
	case art.Painting:
		return []string{
			"Pigment and binder on raw cotton.", "It hangs in a stairwell now, which was not the plan and is better.", "Photographed in daylight; the dark part is a little darker.", "Please do not hang it over a radiator.",
		}
	}
	return []string{
		"Watercolour and pencil, at its own size.", "Named with the help of a neighbour who knows.", "The sheet is in the drawer for the letter F.", "A postcard of it can be had at the botanical garden, if they remember to order.",
	}
}
