package catalog

func landscapes() []subject {
	return []subject{
		{style: "ridges", studios: []string{"harbour-and-field", "ines-okafor"}, tags: []string{"landscape", "mountains", "mist", "series", "horizon"}, shapes: shapes(landscape(), portrait(), wide()),
			titles: []string{"The Far Side of the Valley", "Eleven Mornings at the Pass", "What the Distance Did", "From the Shepherd's Door", "pt|Serra, vista do depósito de água", "A Country of Backs", "Six Layers of Tuesday", "The Pass, Before the Bus", "Where the Road Gives Up", "Paler, and Paler Still", "The View They Asked About"},
			alts:   []string{"Mountain ridges one behind the other in {light}, the nearest almost black", "Layer upon layer of mountains in {light}, mist between them", "A wide view over ridges that fade into {light}"},
			stories: []string{
				"We went up to the same pass on eleven mornings and came back with nothing on ten. On the last day every ridge stood alone for about four minutes, each a little paler than the one before it, and then the valley closed.",
				"There is no filter and no blend in this one. The distance did the work; we only had to carry the tripod.",
				"The nearest ridge is half an hour away on foot. The farthest is in another country and does not know that it is in this picture.",
				"Teresa counted the layers while we waited and got a different number each time. We have settled on enough.",
			}},
		{style: "dunes", studios: []string{"ines-okafor", "harbour-and-field"}, tags: []string{"landscape", "desert", "shadow", "minimal"}, shapes: shapes(portrait(), landscape(), square()),
			titles: []string{"Lee Side", "Erg, First Light", "Sand, Keeping Still", "A Line the Wind Drew", "The Long Shadow Walk", "Nothing for Forty Kilometres", "Crest, with Nobody on It", "Where the Compass Was Right", "fr|Grand erg, troisième jour", "One Curve, Then Another"},
			alts:   []string{"Sand dunes with long shadows in {light}", "Curving crests of sand, one side lit and one in shadow, in {light}", "A dune field that runs to the horizon in {light}"},
			stories: []string{
				"Sand is only quiet from far away. Up on the crest it hisses all the time, and what you photograph at six is gone by noon.",
				"I walked along the lee side so that my own steps would not be in the frame. They are in the next one.",
				"The guide said that the dune has a name but that it moves, so the name has to walk after it.",
				"Shot low, with the sun at the side, which is the only way sand shows its bones.",
			}},
		{style: "sea", studios: []string{"harbour-and-field"}, tags: []string{"sea", "coast", "boats", "horizon", "calm"}, shapes: shapes(landscape(), wide(), portrait()),
			titles: []string{"The Hour Before the Ferry", "Slack Water", "Boats and No Wind", "A Road of Light, Uneven", "Anchored Off the Point", "The Sea, on Its Best Behaviour", "pt|Mar chão", "Waiting for the Pilot", "Harbour, Five in the Morning", "Horizon, Slightly Used", "Evening Accounts"},
			alts:   []string{"A calm sea in {light}, the low sun drawn out on the water", "Open water under a wide sky in {light}", "The sun low over a quiet sea, in {light}"},
			stories: []string{
				"The harbour master lets us sit on the end of the mole if we promise to be gone before the ferry. We always promise.",
				"No wind at all, which the sailors did not enjoy as much as we did.",
				"We like the minute when the water is lighter than the sky. It is not a long minute.",
				"Printed at 120 by 80 cm on cotton paper. The path of light has the texture of hammered metal and we are very pleased with the printer.",
			}},
		{style: "tidal", studios: []string{"harbour-and-field"}, tags: []string{"coast", "horizon", "people", "calm", "landscape"}, shapes: shapes(wide(), landscape()),
			titles: []string{"Two Hours Until It Returns", "The Bay, Emptied", "A Walk on the Floor of the Sea", "Red Coat, Far Out", "Mirror with Channels", "nb|Fjære sjø", "What the Moon Left", "Further Than It Looks", "Low Water, Second Visit", "The Cockle Pickers' Road"},
			alts:   []string{"A tidal flat at low water in {light}, someone in a red coat walking far out", "Wet sand and channels that hold the sky, in {light}, small figures in the distance"},
			stories: []string{
				"At low water the bay is four kilometres of floor. People walk out to look at where they swam yesterday.",
				"The red coat belongs to nobody we know. We waited until it came back and offered a print; she said that she had only gone to look for her dog.",
				"You get two hours, and then a policeman with a whistle.",
				"The channels move every winter. There is a map in the café, and it is corrected by hand.",
			}},
		{style: "fogforest", studios: []string{"harbour-and-field", "studio-halden"}, tags: []string{"forest", "mist", "quiet", "landscape"}, shapes: shapes(portrait(), landscape(), square()),
			titles: []string{"Spruce, Counting Down", "The Wood That Was There Yesterday", "Fog, in No Hurry", "Nine Firs and a Rumour of More", "nb|Skogen holder pusten", "Listening Distance", "The Path Is Under It", "Halfway to the Cabin", "Where the Owl Was", "Milk and Needles"},
			alts:   []string{"Fir trees in fog, the near ones dark, the far ones hardly there", "A forest that fades row by row into {light}", "Tall firs standing in mist, in {light}"},
			stories: []string{
				"Fog makes a forest honest about its depth. Every row of trees is a step, and at the sixth step the paper is empty.",
				"We heard the owl all morning. It is not in the picture, but it is why the picture is quiet.",
				"The cabin is two hundred metres behind these trees. We found it at noon.",
				"One exposure, two thermoses.",
			}},
		{style: "snow", studios: []string{"studio-halden", "harbour-and-field"}, tags: []string{"snow", "winter", "forest", "minimal", "quiet"}, shapes: shapes(landscape(), portrait(), square()),
			titles: []string{"Fence, Leaving", "The Field Under the Field", "Blue at Two in the Afternoon", "A Tree That Kept Its Shape", "nb|Skare", "Fourteen Posts", "First Tracks Are a Hare's", "Winter Has a Corner Here", "The Quiet Half of the Year", "Snow, Unsigned"},
			alts:   []string{"Bare trees on a snowy slope in {light}, fence posts leading away", "A quiet hill under snow with blue shadows and a line of fence posts"},
			stories: []string{
				"There is a whole fence under there. These are only the posts that were tall enough.",
				"Snow is never white. We matched the shadow on the left against a tin of blue from 1962, and the tin won by very little.",
				"The tree is a hundred and forty years old, and in summer nobody looks at it.",
				"Minus eighteen. The shutter was slower than we were.",
			}},
	}
}
