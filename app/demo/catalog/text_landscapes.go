package catalog

func landscapes() []subject {
	return []subject{
		{style: "ridges", studios: []string{"harbour-and-field", "ines-okafor"}, tags: []string{"landscape", "mountains", "mist", "series", "horizon"}, shapes: shapes(landscape(), portrait(), wide()),
			titles: []string{"The Far Side of the Valley", "Eleven Mornings at the Pass", "What the Distance Did", "From the Shepherd's Door", "pt|Serra, vista do depósito de água", "A Country of Backs", "Six Layers of Tuesday", "The Pass, Before the Bus", "Where the Road Gives Up", "Paler, and Paler Still", "The View They Asked About"},
			alts:   []string{"Mountain ridges one behind the other in {light}, the nearest almost black", "Layer upon layer of mountains in {light}, mist between them", "A wide view over ridges that fade into {light}"},
			stories: []string{
				"The nearest ridge is half an hour away on foot. The farthest is in another country and does not know that it is in this picture.",
				"One of us counted the layers while we waited, and got a different number each time. We have settled on enough.",
				"Sheep bells the whole time, from a valley that we never found.",
				"We carried the large camera up and the small one took the picture. It happens more often than we admit.",
				"The map says that there are five. The map was drawn in summer.",
			}},
		{style: "dunes", studios: []string{"ines-okafor", "harbour-and-field"}, tags: []string{"landscape", "desert", "shadow", "minimal"}, shapes: shapes(portrait(), landscape(), square()),
			titles: []string{"Lee Side", "Erg, First Light", "Sand, Keeping Still", "A Line the Wind Drew", "The Long Shadow Walk", "Nothing for Forty Kilometres", "Crest, with Nobody on It", "Where the Compass Was Right", "fr|Grand erg, troisième jour", "One Curve, Then Another"},
			alts:   []string{"Sand dunes with long shadows in {light}", "Curving crests of sand, one side lit and one in shadow, in {light}", "A dune field that runs to the horizon in {light}"},
			stories: []string{
				"I walked along the lee side so that my own steps would not be in the frame. They are in the next one.",
				"Shot low, with the sun at the side, which is the only way sand shows its bones.",
				"Wind from the left for two days, then a morning without any. This is that morning.",
				"The footprints were a fox's. We left them out by walking round to the other side, which took an hour.",
				"I had water for three hours and light for one, which is the right way round.",
			}},
		{style: "sea", studios: []string{"harbour-and-field"}, tags: []string{"sea", "coast", "boats", "horizon", "calm"}, shapes: shapes(landscape(), wide(), portrait()),
			titles: []string{"The Hour Before the Ferry", "Slack Water", "Boats and No Wind", "A Road of Light, Uneven", "Anchored Off the Point", "The Sea, on Its Best Behaviour", "pt|Mar chão", "Waiting for the Pilot", "Harbour, Five in the Morning", "Horizon, Slightly Used", "Evening Accounts"},
			alts:   []string{"A calm sea in {light}, the low sun drawn out on the water", "Open water under a wide sky in {light}", "The sun low over a quiet sea, in {light}"},
			stories: []string{
				"No wind at all, which the sailors did not enjoy as much as we did.",
				"We like the minute when the water is lighter than the sky. It is not a long minute.",
				"Printed at 120 by 80 cm on cotton paper. The path of light has the texture of hammered metal and we are very pleased with the printer.",
				"Nobody was waiting for us anywhere. You can see it in the horizon.",
				"The man in the kiosk says that it looks like this every day. He opens at ten.",
				"Thirty frames, and in the other twenty-nine a gull explains something.",
			}},
	}
}

func lowlands() []subject {
	return []subject{
		{style: "tidal", studios: []string{"harbour-and-field"}, tags: []string{"coast", "horizon", "people", "calm", "landscape"}, shapes: shapes(wide(), landscape()),
			titles: []string{"Two Hours Until It Returns", "The Bay, Emptied", "A Walk on the Floor of the Sea", "Red Coat, Far Out", "Mirror with Channels", "nb|Fjære sjø", "What the Moon Left", "Further Than It Looks", "Low Water, Second Visit", "The Cockle Pickers' Road"},
			alts:   []string{"A tidal flat at low water in {light}, someone in a red coat walking far out", "Wet sand and channels that hold the sky, in {light}, small figures in the distance"},
			stories: []string{
				"The red coat belongs to nobody we know. We waited until it came back and offered a print; she said that she had only gone to look for her dog.",
				"The channels move every winter. There is a map in the café, and it is corrected by hand.",
				"Wellingtons, tripod, a whistle of our own. The sand keeps everything for exactly one tide.",
				"What looks like a road is one, twice a day.",
				"We stood still so long that the birds came back and walked around the tripod.",
			}},
		{style: "fogforest", studios: []string{"harbour-and-field", "studio-halden"}, tags: []string{"forest", "mist", "quiet", "landscape"}, shapes: shapes(portrait(), landscape(), square()),
			titles: []string{"Spruce, Counting Down", "The Wood That Was There Yesterday", "Fog, in No Hurry", "Nine Firs and a Rumour of More", "nb|Skogen holder pusten", "Listening Distance", "The Path Is Under It", "Halfway to the Cabin", "Where the Owl Was", "Milk and Needles"},
			alts:   []string{"Fir trees in fog, the near ones dark, the far ones hardly there", "A forest that fades row by row into {light}", "Tall firs standing in mist, in {light}"},
			stories: []string{
				"We heard the owl all morning. It is not in the picture, but it is why the picture is quiet.",
				"The cabin is two hundred metres behind these trees. We found it at noon.",
				"By eleven it was an ordinary wood with a car park.",
				"We could hear each other and see each other's coffee steam, nothing more.",
				"The trees at the back were planted by a school class in 1958. Two of them came to see the print.",
			}},
		{style: "snow", studios: []string{"studio-halden", "harbour-and-field"}, tags: []string{"snow", "winter", "forest", "minimal", "quiet"}, shapes: shapes(landscape(), portrait(), square()),
			titles: []string{"Fence, Leaving", "The Field Under the Field", "Blue at Two in the Afternoon", "A Tree That Kept Its Shape", "nb|Skare", "Fourteen Posts", "First Tracks Are a Hare's", "Winter Has a Corner Here", "The Quiet Half of the Year", "Snow, Unsigned"},
			alts:   []string{"Bare trees on a snowy slope in {light}, fence posts leading away", "A quiet hill under snow with blue shadows and a line of fence posts"},
			stories: []string{
				"There is a whole fence under there. These are only the posts that were tall enough.",
				"Snow is never white. We matched the shadow on the left against a tin of blue from 1962, and the tin won by very little.",
				"The tree is a hundred and forty years old, and in summer nobody looks at it.",
				"Minus eighteen. The shutter was slower than we were.",
				"It fell in the night, and until nine o'clock it belonged to us and a hare.",
				"The farmer asked us not to cross, so we walked around the whole field to stand where we already were.",
				"There was no colour at all until the sun came over the barn, and then there was only one.",
			}},
	}
}
