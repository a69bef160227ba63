package views

import (
	"github.com/a-h/templ"

	"vitrine/web/ui"
)

// Paragraph is lines of pieces.
type Paragraph [][]Piece

// Piece is a run of text, a link when URL is set.
type Piece struct{ Text, URL string }

// Credit is who did what.
type Credit struct{ Role, Names string }

// Plate is a picture or a film of a work; Film is nil for a picture.
type Plate struct {
	Picture ui.Picture
	Film    *ui.Video
	Caption string
	Half    bool // two in a row
}

// otherPictures is what the button of a covered work's further pictures says.
func otherPictures(n int) string {
	if n == 1 {
		return "Show the other picture"
	}
	return "Show the other " + number(n) + " pictures"
}

func (p Plate) film() templ.Component { return *p.Film }

// WorkView is the public page of a work.
type WorkView struct {
	Title      string
	Lang       string
	Note       string // "6 pictures, 2025"
	StudioName string
	StudioURL  string
	Stage      *Plate // nil while no picture is ready
	Plates     []Plate
	Sensitive  bool
	Unlisted   bool
	EditURL    string          // for those who may
	Acts       templ.Component // what people can do with it
	Talk       templ.Component // what they say
	Share      ui.Share
	FeedURL    string
	Story      []Paragraph
	Facts      ui.Facts
	Tags       []ui.Tag
	Turn       ui.Turn
	Near       ui.Hang
	MoreURL    string // of the first tag
	ReportURL  string // for those who are not of the studio
}
