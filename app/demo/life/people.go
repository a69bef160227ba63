package life

// Names are the demo members: people who look at the demo studios' works, and
// show none of their own. A member is known by its place here.
func Names() []string {
	return []string{
		"Mira Sandoval", "Oskar Lindqvist", "Amara Nwosu", "Tomasz Wilk", "Leila Haddad", "Jonah Whitfield", "Kaia Berg", "Rafael Monteiro",
		"Sunniva Dahl", "Priya Raman", "Emil Novák", "Yuki Tanabe", "Clara Fontaine", "Dimitris Pappas", "Nadia Benali", "Henrik Sörensen",
		"Ifeoma Eze", "Luca Ferrante", "Wren Hollis", "Zeynep Aksoy", "Bartek Zając", "Marguerite Oyelaran", "Theo van Dam", "Ana Beltrán",
		"Ruben Castellanos", "Siobhán Kelly", "Kenji Mori", "Paloma Reyes", "Ottilie Brandt", "Samir Qureshi", "Freja Nygaard", "Gustavo Lemos",
		"Hana Kovářová", "Idris Cole", "Juno Park", "Kwame Mensah", "Lena Vogel", "Mateo Rinaldi", "Nomvula Dube", "Pilar Iglesias",
		"Quentin Marchetti", "Rosa Almeida", "Stellan Ek", "Tala Moreno", "Ulla Heikkinen", "Viktor Petrov", "Xiulan Chen", "Yara Suleiman",
	}
}
