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
	Name           string
	Description    []Paragraph
	Location       string
	Demo           bool // came with the installation
	Acts           templ.Component
	Share          ui.Share
	FeedURL        string
	Count          int
	Wall           ui.Hang
	Pages          ui.Pages
	Collections    []Tile
	CollectionsURL string // of all of them, when there are more
	NewURL         string // for those who may add works
	DeskURL        string // for members
	ReportURL      string // for everybody else
	MuteURL        string // and who is signed in
}

// HomeView is the front page. Window is nil while nothing is published.
type HomeView struct {
	Window  *ui.Card
	Wall    ui.Hang
	Studios []Shelf
}

// Shelf is a studio with a few pictures.
type Shelf struct {
	Name, URL, Note string
	Pictures        []ui.Picture
}

func (v HomeView) window() templ.Component { return *v.Window }
