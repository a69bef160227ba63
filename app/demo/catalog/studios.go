package catalog

// Studios are the twelve studios. The last one is the one whose storage is
// nearly full.
func Studios() []Studio {
	return []Studio{
		{"harbour-and-field", "Harbour & Field", "Landscape photography by Teresa Lima and Jon Aas. We go back to the same places until the weather does something.", "Lisbon"},
		{"atelier-nord", "Atelier Nord", "Posters and alphabets for people who open doors late: museums, quartets, small theatres. Two of us, one press.", "Bergen"},
		{"kiln-and-loom", "Kiln & Loom", "Tiles, cloth and quilts, drawn on squared paper and made by eleven people in a former flour mill.", "Jaipur"},
		{"salt-office", "Salt Office", "Drawings by machine, corrected by hand. The plotter is from 1987 and has opinions.", "Ghent"},
		{"ines-okafor", "Ines Okafor", "Photographs of light that has come a long way: over sand, down roads, across the room.", "Lagos and Marrakesh"},
		{"marisol-vega", "Marisol Vega", "Illustration and cut paper. I draw the neighbourhood as it would like to be remembered.", "Oaxaca"},
		{"studio-halden", "Studio Halden", "Still lifes and quiet winters for books, potters and anybody who makes one thing well.", "Halden"},
		{"tuesday-press", "Tuesday Press", "A screen-printing evening that became a studio. Seven people, one table, every Tuesday. Sheets are dry by Thursday.", "Leipzig"},
		{"noa-barzilai", "Noa Barzilai", "Plants, drawn while they are still cross about it. I was a botanist and still count the petals.", "Haifa"},
		{"dar-al-hibr", "Dar al-Hibr", "A house of ink above a bookshop. Colour first, then everything else. بيتٌ للحبر فوق مكتبة.", "Amman"},
		{"casa-ocre", "Casa Ocre", "Façades, floors and squares at the hour when nobody is out. Two architects who would rather look than build.", "Valencia"},
		{"quiet-machines", "Quiet Machines", "Pendulums, receivers and slow film. We build a machine, leave the room, and come back to see what it did.", "Rotterdam"},
	}
}

// credits are the people behind a studio's works, as they like to be named.
func credits() map[string][]string {
	return map[string][]string{
		"harbour-and-field": {"Photographs: Teresa Lima, Jon Aas", "Photograph: Teresa Lima\nPrint: Oficina do Papel", "Photograph: Jon Aas\nBoat: Rui Matos"},
		"atelier-nord":      {"Design: Sigrid Moe, Anders Lie", "Design: Sigrid Moe\nPrint: Bryggen Trykkeri", "Type: Anders Lie"},
		"kiln-and-loom":     {"Drawing: Asha Rathore\nGlaze: Imran Sheikh", "Weaving: Meera Kanwar, Lata Devi\nDye: Imran Sheikh", "Sewing: Lata Devi and seven others"},
		"salt-office":       {"Code: Joris De Wael\nPens: Hanne Peeters", "Programme and plotting: Joris De Wael"},
		"ines-okafor":       {"Guide: Brahim Aït Lahcen", "Assistance: Tunde Bello\nPrint: Atelier Majorelle"},
		"marisol-vega":      {"Scanning: Taller Dos Perros", "Thanks: Doña Chelo, third floor"},
		"studio-halden":     {"Photograph: Eira Holm\nPots: Kari Brekke, Lars Tveit", "Photograph: Eira Holm", "Styling: Nora Falk\nPhotograph: Eira Holm"},
		"tuesday-press":     {"Printing: the Tuesday table", "Design: Jule Kern\nPrinting: Paul, Aylin, Mr Brandt", "Stencils: Aylin Demir"},
		"noa-barzilai":      {"Proofs: Yael Stern", "Determination: Prof. D. Amiel\nDrawing: Noa Barzilai"},
		"dar-al-hibr":       {"Ink: Samar Haddad\nPaper: Yousef Nasser", "Painting: Samar Haddad"},
		"casa-ocre":         {"Photograph: Elena Ruiz\nDrawing: Marc Soler", "Model: Marc Soler\nLight: a desk lamp"},
		"quiet-machines":    {"Machine: Pim Vos\nSound: Ada Kowalska", "Build: Pim Vos, Lotte Maas"},
	}
}
