// Package catalog says what the demo data is: who the studios are, what they
// show, and what is said about it. It is fixed: the same works in the same
// order every time.
//
// The text_*.go files hold what is written for each style of package art:
// titles, stories, descriptions, sizes. hang.go puts the titles in order,
// opening.go holds the first wall, which was chosen by eye, marks.go the works
// that are hard for a product, stories.go and told_*.go what is told of single
// works. works.go makes works of them. bulk.go is text for sets of a hundred
// thousand works and more.
//
// The package writes nothing and knows nothing of accounts, files or the
// database.
package catalog

import (
	"vitrine/app/demo/art"
	"vitrine/app/works"
)

// Studio is a demo studio.
type Studio struct {
	Slug        string // names it inside the catalogue
	Name        string
	Description string
	Location    string
}

// State is what a work of the catalogue becomes.
type State string

// The states. Draft also stands for a work whose file is damaged.
const (
	Published State = "published"
	Scheduled State = "scheduled"
	Unlisted  State = "unlisted"
	Archived  State = "archived"
	Draft     State = "draft"
)

// Work is one work of the catalogue.
type Work struct {
	Studio           string // its Slug
	Title            string
	Story            string // paragraphs separated by an empty line
	Tags             []string
	Credits          string // one per line, "Role: names"
	Licence          works.Licence
	Year             int
	Lang             string // BCP 47; empty when not said
	Sensitive        bool
	AIMade           bool
	State            State
	PublishedDaysAgo int
	Media            []Media
}

// Media is one picture or film of a work.
type Media struct {
	Style    art.Style
	Seed     uint64
	W, H     int // pixels
	Filename string
	Alt      string
	Caption  string
	Film     bool
	Seconds  int  // of a film
	Broken   bool // the file breaks off
}
