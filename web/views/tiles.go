package views

import (
	"github.com/a-h/templ"

	"vitrine/web/ui"
)

// Tile is a collection in a list: its cover and its title.
type Tile struct {
	Title, URL string
	Picture    *ui.Picture // nil when nothing of it can be shown uncovered
}

func (t Tile) picture() templ.Component { return *t.Picture }

// SharedNote is what a page behind a share link says of itself.
type SharedNote struct {
	Text    string
	BackURL string // to the collection that the work belongs to
}
