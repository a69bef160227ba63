package e2e

// discoveries are the pages on which people find what they did not know, in each
// state that they have.
func (h *house) discoveries() []look {
	opened := `document.querySelectorAll(".sieve details").forEach((d) => { d.removeAttribute("name"); d.open = true })`
	return []look{
		{name: "popular", path: "/explore/popular"},
		{name: "the end of popular", path: "/explore/popular?after=AAAAAAAAA-gAAAAAAAAAAAAAAAAAAAAB"},
		{name: "the leaderboard", path: "/leaderboard"},
		{name: "the leaderboard of studios", path: "/leaderboard?of=studios&time=all"},
		{name: "search, every menu open", path: "/search?q=harbour", script: opened},
		{name: "search, narrowed", path: "/search?q=harbour&kind=picture&shape=landscape"},
		{name: "search, too narrow", path: "/search?q=harbour&year=1066"},
		{name: "search, only some words", path: "/search?q=harbour+xqzzy"},
		{name: "search for studios", path: "/search?q=harbour&in=studios"},
		{name: "search for tags", path: "/search?q=harbour&in=tags"},
		{name: "search for no tag", path: "/search?q=late+harbour&in=tags"},
	}
}
