package views

import (
	"github.com/a-h/templ"

	"vitrine/web/ui"
)

// ExploreView is a page of the newest works.
type ExploreView struct {
	Wall  ui.Hang
	Pages ui.Pages
	First bool // the newest page, not a later one
	// NewURL leads a member to a new work when nothing hangs yet.
	NewURL string
}

// TagView is a page of the works with a tag.
type TagView struct {
	Label string
	Wall  ui.Hang
	Pages ui.Pages
}

// StudioView is a studio's public page.
type StudioView struct {
	Name        string
	Description []Paragraph
	Location    string
	Demo        bool // came with the installation
	Share       ui.Share
	FeedURL     string
	Count       int
	Wall        ui.Hang
	Pages       ui.Pages
	NewURL      string // for those who may add works
	DeskURL     string // for members
}

// HomeView is the front page. Window is nil while nothing is published.
type HomeView struct {
	Window  *ui.Card
	Wall    ui.Hang
	Studios []Shelf
	NewURL  string // of a member's studio
}

// Shelf is a studio with a few pictures.
type Shelf struct {
	Name, URL, Note string
	Pictures        []ui.Picture
}

// SearchView is what a search found. Without a query it invites to one.
type SearchView struct {
	Query    string
	Note     string // about the query itself, such as that it was cut
	Similar  bool   // nothing has the words; the wall merely resembles them
	Meant    string
	MeantURL string
	Total    int
	Most     bool // Total is a limit, there may be more
	First    bool
	Wall     ui.Hang
	Studios  []Shelf
	Pages    ui.Pages
}

func (v HomeView) window() templ.Component { return *v.Window }
