package catalog

// firstWords and the two lists after it make the titles of Bulk: 64 by 64 by 32.
func firstWords() []string {
	return []string{
		"Quiet", "Slow", "Early", "Late", "Small", "Wide", "Pale", "Borrowed", "Folded", "Second", "Third", "Northern", "Southern", "Open", "Closed",
		"Empty", "Painted", "Woven", "Printed", "Counted", "Patient", "Restless", "Distant", "Nearby", "Hidden", "Bright", "Dim", "Soft", "Plain",
		"Crooked", "Straight", "Round", "Narrow", "Tall", "Low", "Warm", "Cold", "Dry", "Wet", "Still", "Turning", "Leaning", "Resting", "Waiting",
		"Returning", "Unfinished", "Repaired", "Half", "Whole", "Last", "First", "Other", "Same", "Common", "Rare", "Old", "New", "Green", "Blue", "Red",
		"Yellow", "Grey", "White", "Dark",
	}
}

// secondWords are what is seen.
func secondWords() []string {
	return []string{
		"Harbour", "Orchard", "Window", "Staircase", "Ridge", "Meadow", "Quilt", "Alphabet", "Courtyard", "Lighthouse", "River", "Bridge", "Ferry",
		"Market", "Garden", "Kitchen", "Table", "Bottle", "Bowl", "Chair", "Curtain", "Balcony", "Roof", "Chimney", "Street", "Square", "Arcade", "Pool",
		"Tide", "Dune", "Road", "Station", "Platform", "Tower", "Field", "Fence", "Forest", "Spruce", "Fern", "Seed Head", "Blot", "Pendulum", "Contour",
		"Signal", "Spiral", "Loom", "Thread", "Tile", "Terrazzo", "Pattern", "Poster", "Letter", "Numeral", "Circle", "Arc", "Line", "Grid", "Shadow",
		"Cloud", "Rain", "Snow", "Moon", "Horizon", "Island",
	}
}

// thirdWords are when, where or how; the first of them is nothing.
func thirdWords() []string {
	return []string{
		"", ", Five in the Morning", ", 17:40", ", After Rain", ", Before Rain", ", from Memory", ", Seen Twice", ", Looking Back", ", with Company",
		", Alone", ", in Two Colours", ", Unlit", ", Second State", ", Towards Evening", ", on a Tuesday", ", in October", ", in March", ", North Side",
		", South Side", ", Small Format", ", Study", ", Once More", ", Without People", ", with a Dog Somewhere", ", at Low Water", ", at Noon",
		", Under Snow", ", Almost", ", Kept", ", Left Open", ", by the Door", ", for a Stairwell",
	}
}

// plainStories fit any work.
func plainStories() []string {
	return []string{
		"I passed it for years before I stopped.", "Made on the last dry day of the week.", "It was larger once; this is the part that stayed.",
		"The light did most of it.", "Begun in one town and finished in another.", "We drew it three times and kept the second.",
		"Nobody asked for it, which helped.", "It hangs in the kitchen now.", "The paper was a gift, so we took our time.",
		"There were eleven of these. This is the one that people point at.", "One colour more would have been one too many.",
		"A study for something that was never built.", "It looks like a mistake until you stand back.", "Printed small, because it is a small thing.",
		"The neighbours say that it was never that colour.", "From a walk that was meant to be short.",
	}
}

// secondSentences follow one of them.
func secondSentences() []string {
	return []string{
		"Ask before you print it, and we will say yes.", "The next one will be quieter.", "The second copy is in the drawer.", "It has not changed since.",
		"Thanks to the man with the ladder.", "The dog is just outside the frame.", "We would do it again.", "There is a series, slowly.",
	}
}

// surnames are of many places.
func surnames() []string {
	return []string{
		"Abe", "Acosta", "Adeyemi", "Aguilar", "Ahmed", "Akintola", "Almeida", "Amari", "Andersen", "Antonsen", "Aoki", "Arslan", "Asante", "Bakker",
		"Banerjee", "Barros", "Bauer", "Becker", "Bello", "Bergström", "Bianchi", "Boateng", "Borg", "Brandt", "Brekke", "Bruun", "Cabrera", "Caldeira",
		"Campos", "Castillo", "Çelik", "Chaudhry", "Chen", "Costa", "Cruz", "Dahl", "Danso", "Das", "De Wael", "Demir", "Devi", "Diallo", "Dimitrov",
		"Dlamini", "Dubois", "Duarte", "Egede", "Eide", "Ekström", "Eriksen", "Esposito", "Farah", "Ferrari", "Fischer", "Flores", "Fofana", "Fonseca",
		"Forsberg", "Fujita", "Gallo", "García", "Gashi", "Gomes", "Greco", "Haddad", "Hagen", "Halonen", "Hansen", "Haugen", "Hayashi", "Hermans",
		"Herrera", "Hoang", "Holm", "Horváth", "Hussein", "Ibáñez", "Ibrahim", "Ilić", "Inoue", "Ivanova", "Jansen", "Järvinen", "Jensen", "Joshi",
		"Kamau", "Kang", "Kapoor", "Kato", "Kaya", "Keita", "Keller", "Khalil", "Kimura", "Kiss", "Koivisto", "Kovač", "Kowalska", "Krüger", "Kumar",
		"Laine", "Lange", "Larsen", "Leclerc", "Lehtonen", "Lind", "Lima", "Lopes", "Lund", "Maas", "Machado", "Malik", "Marchetti", "Marín", "Martins",
		"Matos", "Mbeki", "Mehta", "Mendes", "Meyer", "Miyazaki", "Moe", "Molina", "Mori", "Moreau", "Mwangi", "Nagy", "Nakamura", "Nasser", "Navarro",
		"Ndiaye", "Neumann", "Nguyen", "Nieminen", "Novák", "Nyström", "Obi", "Okafor", "Okeke", "Olsen", "Onyango", "Ortega", "Osei", "Østby", "Ozturk",
		"Pace", "Patel", "Paulsen", "Peeters", "Pereira", "Petrov", "Popescu", "Quiroga", "Rahman", "Rajan", "Ramos", "Rathore", "Reis", "Rinaldi", "Rios",
		"Rojas", "Rossi", "Ruiz", "Saito", "Salo", "Santos", "Sato", "Schmitt", "Seidel", "Sharma", "Silva", "Simić", "Singh", "Soler", "Sørensen",
		"Stern", "Strand", "Suzuki", "Szabó", "Takeda", "Tamm", "Tanaka", "Tesfaye", "Tran", "Tveit", "Ueda", "Uribe", "Vaz", "Vega", "Verma", "Vos",
		"Wagner", "Wang", "Weiss", "Yamada", "Yılmaz", "Zapata", "Zeller", "Ziegler", "Zulu",
	}
}
