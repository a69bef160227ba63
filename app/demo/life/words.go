package life

import "vitrine/app/demo/art"

// said is something that a visitor writes and, where there is one, what the
// studio answers.
type said struct{ text, answer string }

// words are what is written below works of a kind.
func words(family string) []said {
	switch family {
	case art.Photograph:
		return photographs()
	case art.Poster:
		return posters()
	case art.Pattern:
		return patterns()
	case art.Drawing:
		return drawings()
	case art.Building:
		return buildings()
	case art.Painting:
		return paintings()
	case art.Botanical:
		return plants()
	}
	return stills()
}

func photographs() []said {
	return []said{
		{"How long did you wait for this?", "Two hours and a flask of tea. The light lasted about four minutes."},
		{"I had to look twice to find where the sky begins.", ""},
		{"The quiet in this one is almost loud.", ""},
		{"Is there a print of it? I have exactly one wall left.", "There will be, in spring. Small edition, matt paper."},
		{"You can feel the cold in the shadows.", ""},
		{"Did you crop this, or is it the whole frame?", "The whole frame, for once. I moved my feet instead."},
		{"The far edge dissolves so gently. Lovely restraint.", ""},
		{"I know this weather. I have never seen it look this kind.", "It was kind for a moment. Then it rained on the way back."},
		{"That one pale line holds everything together.", ""},
		{"Tripod or by hand?", "By hand, leaning on the van."},
		{"My favourite of the series so far.", ""},
		{"I keep coming back to the lower left corner.", "So do we. We nearly cut it off."},
		{"There is so much air in this.", ""},
		{"It looks like the minute before something happens.", "Something did: a dog ran through it. That is the next frame."},
	}
}

func posters() []said {
	return []said{
		{"The spacing between the second and third letter is doing all the work, and it is doing it well.", ""},
		{"Which typeface is that?", "Drawn for this one. It only has the letters you see."},
		{"I saw this from a tram and got out one stop early.", "That is the nicest thing anyone has said about it."},
		{"Two colours and it feels like five.", "The third one is where they overlap. It was an accident that we kept."},
		{"Would love to see how it looks at full size on a wall.", ""},
		{"The restraint! I would have added something and ruined it.", ""},
		{"Screen print or offset?", "Screen print, forty sheets, six of them straight."},
		{"It reads from across the street and still has something to say up close.", ""},
		{"That orange again. Please never stop using that orange.", "We bought the whole tin."},
		{"I went to the concert because of this.", "Then it did its job. How were they?"},
		{"The margin is the best part.", ""},
		{"Hung it in the hallway. Everybody asks about it.", ""},
	}
}

func patterns() []said {
	return []said{
		{"I tried to find the repeat and gave up happily.", "It is seven tiles wide. Look for the one that is turned."},
		{"This would make a wonderful floor.", "It is one, in a stairwell in Jaipur. Two hundred square metres of kneeling."},
		{"The rhythm changes just when you think you have it.", ""},
		{"How do you choose where a colour stops?", "We lay it out on the table, have lunch, and see what annoys us afterwards."},
		{"My eyes keep making diagonals out of it.", ""},
		{"Is this woven or printed?", "Woven. The wrong side is nicer, but do not tell anybody."},
		{"So calm, for something this busy.", ""},
		{"I would wear this.", ""},
		{"There is exactly one piece in the wrong place, is there not?", "There is. It is on purpose, and you are the third to find it."},
		{"The yellow is a very good decision.", ""},
		{"You can tell that it began as a square.", "Everything here does."},
	}
}

func drawings() []said {
	return []said{
		{"What is the rule behind it?", "Each line turns a little more than the one before, until it would cross. Then it stops."},
		{"I like that you can see where the pen hesitated.", ""},
		{"How long did the machine take?", "Nine hours. We slept through most of it."},
		{"It looks like a map of a place I have dreamt of.", ""},
		{"Do you throw many of these away?", "Nine of ten. This was the tenth."},
		{"The density in the middle is wonderful. It nearly becomes a surface.", ""},
		{"Is the paper white, or is that a very light grey?", "White, but a little tired."},
		{"I followed one line from end to end and lost ten minutes.", "Then you have seen it properly."},
		{"Same seed, other ink?", "Same seed, other night. The pen was nearly dry."},
		{"More of these, please.", ""},
		{"It hums.", ""},
	}
}

func buildings() []said {
	return []said{
		{"Does this place exist?", "The arch does. The stairs are what we would have built next."},
		{"I could live on the third floor, left.", "It is taken, by a cat."},
		{"The shadow tells you what time it is.", "Ten to four."},
		{"There is a whole story in that one open window.", ""},
		{"So much sun and nobody about. I can hear the siesta.", ""},
		{"I grew up in a street like this. You got the colour of the walls right.", "Thank you. It took four attempts, and the fourth was the first one again."},
		{"The proportions are so generous.", ""},
		{"I would like to walk through it, slowly.", ""},
		{"Beautiful. The steps remind me of de Chirico, without the dread.", "We left the dread out. It did not fit through the door."},
		{"What is behind the wall?", "A garden, we think."},
	}
}

func paintings() []said {
	return []said{
		{"The edge where the two colours meet is everything.", ""},
		{"Is that one layer or ten?", "Eleven. The last one took it all back."},
		{"It gets warmer the longer I look.", ""},
		{"I would hang it low, where one sits.", "That is where it hangs here. You are right about it."},
		{"How do you know when it is done?", "When it starts to ignore me."},
		{"The blue is impossible. How?", "Patience, and very little blue."},
		{"My daughter says it is a whale. I have stopped arguing.", "Tell her that she is the only one who saw it."},
		{"It folds like cloth.", ""},
		{"One of those that make the room quieter.", ""},
		{"Paper first or paint first?", "Paint first, then scissors. The colour is older than the drawing."},
	}
}

func plants() []said {
	return []said{
		{"I have this one in the garden and never looked at it properly.", "Nor had I, before I had to draw the underside."},
		{"The Latin is right, for once!", "Mostly. The professor has corrected me twice already."},
		{"Drawn at its own size?", "Always. That is why some of them do not fit."},
		{"The way the leaf turns its back to us.", ""},
		{"Could I have this on a jar of tea, please.", ""},
		{"It looks as if it had just been picked.", "It was drawn standing. I cannot pick that one."},
		{"Such a tender line.", ""},
		{"What grows beside it?", "Thyme, and a very stubborn thistle."},
		{"I can smell the hill.", ""},
		{"You make weeds look like royalty.", "They are."},
	}
}

func stills() []said {
	return []said{
		{"The pots look as if they had been talking until we came in.", "They had."},
		{"North light is the only light.", ""},
		{"I like how little happens here, and how much.", ""},
		{"Which one is the new one?", "The short one on the right. The others have not accepted it yet."},
		{"The grey is not grey at all when you look.", ""},
		{"That chipped rim. I would have turned it away, and I would have been wrong.", ""},
		{"It could be four hundred years old.", "The jug nearly is."},
		{"So still that I held my breath.", ""},
	}
}

// anything fits below every work.
func anything() []said {
	return []said{
		{"This stopped me.", ""},
		{"Wonderful, again.", ""},
		{"Saved it for a grey day.", ""},
		{"How did I miss this one?", ""},
		{"Sent it to my sister, who sent it to everybody.", "Please thank your sister."},
		{"Quietly perfect.", ""},
		{"Qué maravilla. Gracias por compartirlo.", "Gracias a ti."},
		{"Ganz großartig, besonders unten rechts.", ""},
		{"ما أجمل هذا الهدوء.", "شكرا جزيلا."},
		{"Takk for at dere viser dette.", ""},
		{"I came for one picture and have now seen all of them.", "Then you have seen the bad ones too. Thank you for staying."},
		{"The title made me smile.", ""},
		{"Please keep making these.", "We would not know how to stop."},
		{"C'est d'une douceur…", ""},
		{"That is the colour I have been trying to describe for years. 🧡", ""},
	}
}

// others are what a second visitor adds below somebody's words.
func others() []string {
	return []string{
		"I was about to write the same.", "Yes, exactly that.", "Same here.", "Oh, I had not seen that. Thank you.", "Now I cannot unsee it.",
		"You put it better than I could.", "I wondered about that too.", "And the one before it, as well.",
	}
}
