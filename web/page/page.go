// Package page holds what every page knows besides its own content: its title
// and address, who is looking, what has just happened. Handlers fill a Base in
// one place; layouts read it.
package page

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"
)

// Site is the name that follows every title.
const Site = "Vitrine"

// Nav is the entry of the header that the page belongs to.
type Nav string

// The entries of the header. The zero value marks none.
const (
	NavNone      Nav = ""
	NavExplore   Nav = "explore"
	NavStudio    Nav = "studio"
	NavNew       Nav = "new"
	NavSearch    Nav = "search"
	NavFollowing Nav = "following"
)

// Kind is the voice of a flash.
type Kind string

// The kinds of flash.
const (
	Plain Kind = "plain"
	Good  Kind = "good"
	Warn  Kind = "warn"
	Bad   Kind = "bad"
)

// ParseKind returns the kind of that name, Plain for any other.
func ParseKind(s string) Kind {
	switch k := Kind(s); k {
	case Good, Warn, Bad:
		return k
	default:
		return Plain
	}
}

// Flash is one message about what has just happened, shown once.
type Flash struct {
	Kind    Kind
	Message string
}

// Studio is one studio of the viewer, as the switcher lists it.
type Studio struct {
	Slug, Name string
	Role       string // in words: owner, admin, editor, viewer
}

// Viewer is the person who is signed in. Current is the studio of the page or
// the last one used; nil when there is none. It points at one of Studios or at
// a copy; equality is by slug.
type Viewer struct {
	Name     string
	Initials string
	Verified bool
	Admin    bool // of this installation
	Studios  []Studio
	Current  *Studio
	Ends     *Ending // what of theirs is to be removed; nil when nothing is
	Unread   int     // notices that they have not read
}

// Ending is a sentence about an account or a studio that is to be removed, and
// where it can be kept.
type Ending struct {
	Strong, Message string
	Link, URL       string // empty when the viewer cannot keep it
}

// InCurrent reports whether s is the viewer's current studio.
func (v *Viewer) InCurrent(s Studio) bool {
	return v != nil && v.Current != nil && v.Current.Slug == s.Slug
}

// InitialsOf returns one or two capital letters for a name: the first letters
// of its first and last word. A name without letters or digits gives "?".
func InitialsOf(name string) string {
	var first []rune
	for _, word := range strings.Fields(name) {
		r, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(word, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r)
		}))
		if r != utf8.RuneError {
			first = append(first, unicode.ToUpper(r))
		}
	}
	switch len(first) {
	case 0:
		return "?"
	case 1:
		return string(first)
	default:
		return string([]rune{first[0], first[len(first)-1]})
	}
}

// OpenGraph is the card that other sites show for the page. URLs are absolute;
// ImageW and ImageH are pixels.
type OpenGraph struct {
	Type        string // website, article, profile, video.other
	Title       string
	Description string
	Image       string
	ImageW      int
	ImageH      int
	ImageAlt    string
	URL         string
}

// Base is embedded in or passed beside every page's own data. The zero value
// renders a complete page for an anonymous visitor and needs no database.
type Base struct {
	Title       string // without the name of the site; empty on the front page
	Description string
	Path        string // of the request, without query
	Canonical   string // absolute; empty leaves the link out
	Viewer      *Viewer
	Nav         Nav
	Flash       []Flash
	OpenGraph   *OpenGraph
	FeedURL     string // an Atom feed of what the page lists
	NoIndex     bool
	NoAI        bool            // its makers ask machines not to train on it
	Scripts     []string        // names of assets loaded after app.js, such as "upload.js"
	Styles      []string        // names of stylesheets loaded after app.css
	Head        templ.Component // last in the head: what machines read; nil for nothing
	Foot        templ.Component // drawn after everything else; nil for nothing
	Dev         bool            // shows links that exist in development only
	Now         time.Time
	SearchQuery string // what the header's search field holds
	Lang        string // language of the interface; empty means English
	Seen        string // what the page sends back when it is looked at; empty when nobody counts
	Live        string // from where on the page hears what happens; empty when it does not
}

// FullTitle is what the browser's tab shows.
func (b Base) FullTitle() string {
	if b.Title == "" {
		return "Where studios show their work · " + Site
	}
	return b.Title + " · " + Site
}

// Language is the value of the lang attribute of the page.
func (b Base) Language() string {
	if b.Lang == "" {
		return "en"
	}
	return b.Lang
}

// Unverified reports whether the viewer has yet to confirm an address.
func (b Base) Unverified() bool { return b.Viewer != nil && !b.Viewer.Verified }
