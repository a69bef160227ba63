package catalog

// Studios are the twelve studios. The last one is the one whose storage is
// nearly full.
func Studios() []Studio {
	return []Studio{
		{"harbour-and-field", "Harbour & Field", "Two people, one van, a great deal of waiting. We photograph weather where it meets land: coasts, ridges, flats at low water.", "Lisbon"},
		{"atelier-nord", "Atelier Nord", "Posters and alphabets for people who open doors late: museums, quartets, small theatres. Two of us, one press.", "Bergen"},
		{"kiln-and-loom", "Kiln & Loom", "Tiles, cloth and floors, by eleven people in a former flour mill. We begin with a square and ask how it would like to be repeated.", "Jaipur"},
		{"salt-office", "Salt Office", "Drawings by machine, chosen by hand. A rule, a seed, a night of plotting, and in the morning we throw away nine of ten.", "Ghent"},
		{"ines-okafor", "Ines Okafor", "Light on walls, sand and roads. I work slowly, with one lens, and I come back.", "Lagos and Marrakesh"},
		{"marisol-vega", "Marisol Vega", "Towns, gardens and markets, drawn as they would like to be remembered. I paint the paper first and cut afterwards, so the colour is older than the drawing.", "Oaxaca"},
		{"studio-halden", "Studio Halden", "A north window, a table and forty-one pots. In winter we go outside.", "Halden"},
		{"tuesday-press", "Tuesday Press", "A print club that meets on Tuesdays in a former savings bank. Two colours if we can, three if we must; the safe is full of paper.", "Leipzig"},
		{"noa-barzilai", "Noa Barzilai", "Plants from the hill behind the house, drawn at their own size. I trained as a botanist; the Latin is mostly right.", "Haifa"},
		{"dar-al-hibr", "Dar al-Hibr", "بيت صغير للحبر واللون. A small house of ink and colour. We fold, pour, wait, and sign what dries well.", "Amman"},
		{"casa-ocre", "Casa Ocre", "Arches, stairs, balconies, floors. Some of these buildings stand, some fell down, and some we only wish for.", "Valencia"},
		{"quiet-machines", "Quiet Machines", "Pendulums, receivers and slow film. We build a machine, leave the room, and come back to see what it did.", "Rotterdam"},
	}
}

// credits are the people behind a studio's works, as they like to be named.
func credits() map[string][]string {
	return map[string][]string{
		"harbour-and-field": {"Photographs: Teresa Lima, Jon Aas", "Photograph: Teresa Lima\nPrint: Oficina do Papel", "Photograph: Jon Aas\nCoffee: Teresa Lima"},
		"atelier-nord":      {"Design: Sigrid Moe, Anders Lie", "Design: Sigrid Moe\nPrint: Bryggen Trykkeri", "Letters: Anders Lie"},
		"kiln-and-loom":     {"Drawing: Asha Rathore", "Drawing: Asha Rathore\nMaking: Imran Sheikh, Lata Devi", "Colours: Imran Sheikh\nMaking: Meera Kanwar and three others"},
		"salt-office":       {"Code: Joris De Wael\nPens: Hanne Peeters", "Programme: Joris De Wael", "Choice: Hanne Peeters"},
		"ines-okafor":       {"Assistance: Tunde Bello\nPrint: Atelier Majorelle", "Driver: Brahim Aït Lahcen", "Print: Atelier Majorelle"},
		"marisol-vega":      {"Scan: Taller Dos Perros", "Thanks: Doña Chelo, third floor"},
		"studio-halden":     {"Picture: Eira Holm", "Picture: Eira Holm\nAssistance: Nora Falk"},
		"tuesday-press":     {"Table: Jule, Paul, Aylin, Mr Brandt", "Design: Jule Kern\nTable: everybody", "Colours: Aylin Demir"},
		"noa-barzilai":      {"Proofs: Yael Stern", "Drawing: Noa Barzilai\nLatin: Prof. D. Amiel"},
		"dar-al-hibr":       {"Colour: Samar Haddad\nPaper: Yousef Nasser", "Hand: Samar Haddad"},
		"casa-ocre":         {"Picture: Elena Ruiz, Marc Soler", "Idea: Marc Soler\nPicture: Elena Ruiz"},
		"quiet-machines":    {"Machine: Pim Vos\nEar: Ada Kowalska", "Build: Pim Vos, Lotte Maas"},
	}
}
