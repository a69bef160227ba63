package notices

import "slices"

// Kind is what a notice tells of.
type Kind string

// The kinds.
const (
	Like      Kind = "like"      // of a work of one's studio
	Comment   Kind = "comment"   // on one
	Reply     Kind = "reply"     // to one's comment
	Follow    Kind = "follow"    // of one's studio
	Published Kind = "published" // by a studio that one follows
	Opened    Kind = "opened"    // one's scheduled work
	Failed    Kind = "failed"    // a file of one's own
	Report    Kind = "report"    // of one's own, that moderators decided about
	Decision  Kind = "decision"  // of a moderator
)

// Kinds in the order in which they are chosen.
var Kinds = [...]Kind{Comment, Reply, Like, Follow, Published, Opened, Failed, Report, Decision}

// Known tells whether k is a kind.
func (k Kind) Known() bool { return slices.Contains(Kinds[:], k) }

// Shelf is a tab of the page.
type Shelf string

// The shelves; the zero value is all of them.
const (
	All      Shelf = ""
	Comments Shelf = "comments"
	Likes    Shelf = "likes"
	Follows  Shelf = "follows"
	Studio   Shelf = "studio"
)

// Shelves in the order of the tabs.
var Shelves = [...]Shelf{Comments, Likes, Follows, Studio}

// ParseShelf gives the shelf of that name, All for any other.
func ParseShelf(s string) Shelf {
	if slices.Contains(Shelves[:], Shelf(s)) {
		return Shelf(s)
	}
	return All
}

func (k Kind) shelf() Shelf {
	switch k {
	case Comment, Reply:
		return Comments
	case Like:
		return Likes
	case Follow, Published:
		return Follows
	default:
		return Studio
	}
}

// Channels say by which ways a person hears of a kind.
type Channels struct {
	Page  bool // the page and its bell
	Mail  bool // a mail at once, one for each group
	Daily bool // in the daily mail, unless it was read or mailed by then
}

// None tells whether nothing is heard at all.
func (c Channels) None() bool { return !c.Page && !c.Mail && !c.Daily }

// Fixed tells whether nobody may switch the kind: what a moderator decided is
// always told, by a mail of its own too.
func (k Kind) Fixed() bool { return k == Decision }

// fromHouse tells whether moderators say it, so that whom a person keeps away has
// no part in it.
func (k Kind) fromHouse() bool { return k == Decision || k == Report }

// first is what people hear until they choose. Likes are many, so they stay on
// the page; what waits for an answer comes in the daily mail.
func (k Kind) first() Channels {
	switch k {
	case Comment, Reply, Failed, Published:
		return Channels{Page: true, Daily: true}
	default:
		return Channels{Page: true}
	}
}
