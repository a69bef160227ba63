package discover

import (
	"vitrine/app/search"
	"vitrine/web/ui"
)

// searchView is what a search found. Without a question it invites to one.
type searchView struct {
	Query  string
	Asked  bool   // there is a question, of words or of filters alone
	Note   string // about the question itself, such as that it was cut
	View   search.View
	First  bool // not a later page
	Tabs   []tab
	Hidden []ui.Hidden // filters that the form keeps

	Similar  bool // nothing has what was asked; the wall has what comes near
	Partly   bool // some of the words
	Meant    string
	MeantURL string

	Total   int
	Most    bool // Total is where counting stopped
	Menus   []ui.Menu
	Filters []ui.Tag // set ones, each with the way back
	Broad   int      // works without the filters, when there is none with them
	WideURL string   // without filters

	Wall         ui.Hang
	Pages        ui.Pages
	Studios      []studioRow
	StudiosTotal int
	Tags         []tagRow
	TagsTotal    int
}

type tab struct {
	Label, Count, URL string
	Current           bool
}

type studioRow struct {
	Name      []span
	URL, Note string
	Pictures  []ui.Picture
}

type tagRow struct{ Label, URL, Count string }

// found tells whether there is anything to switch between.
func (v searchView) found() bool { return v.Total+v.StudiosTotal > 0 || v.Broad > 0 }

// empty is the place where the works would hang.
func (v searchView) empty() ui.Empty {
	switch explore := (&ui.Link{Label: "Explore everything new", URL: "/explore", Look: ui.Ink}); {
	case !v.Asked:
		return ui.Empty{Heading: "What are you looking for?", Text: "Titles, tags, names of studios, words of a story. Small slips of the finger are forgiven.", Link: &ui.Link{Label: "Explore everything new", URL: "/explore"}}
	case v.Broad > 0:
		return ui.Empty{Heading: "Nothing with these filters", Text: "Without them there is more: " + atMost(v.Broad, "work", "works") + ".", Link: &ui.Link{Label: "Remove all filters", URL: v.WideURL, Look: ui.Ink}}
	case v.Total > 0:
		return ui.Empty{Heading: "Nothing more here", Text: "These works have just left, or the list ends here.", Link: &ui.Link{Label: "To the first results", URL: v.WideURL, Look: ui.Ink}}
	default:
		return ui.Empty{Heading: "Nothing found", Text: "No work, studio or tag has these words, nor words like them. Fewer words find more; so do words of a title, a tag or a studio’s name.", Link: explore}
	}
}

// boardView is the leaderboard.
type boardView struct {
	Of, Time []tab
	Rows     []boardRow
	Counts   string // what is counted, in a sentence
	MadeAt   string
	Machine  string // MadeAt for machines
	Studios  bool
}

type boardRow struct {
	Place      string
	Title, URL string
	Lang       string
	By, ByURL  string // the studio of a work
	Note       string
	Picture    *ui.Picture
}

// popularView is a page of what is popular.
type popularView struct {
	Wall            ui.Hang
	Pages           ui.Pages
	First           bool
	MadeAt, Machine string
}
