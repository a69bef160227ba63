// Package kept is the whole table of what the cache keeps: which pages, for how
// long and what each is made from (kept.go), which event makes that another
// (rules.go), and which events change nothing on them (silent.go). A page that is
// not here is made each time.
//
// Pages are kept for visitors without a session, as bytes that are gzipped
// already. Whoever is signed in gets every page made, so nobody can be shown less
// than what they have just written.
//
// An event voids its subjects twice: when its transaction has committed, before
// whoever sent the form is answered; and once more as a subscriber of its own,
// since that first word may be lost with the process or with Redis.
package kept

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"vitrine/app/analytics/ranking"
	"vitrine/app/platform/cache"
	"vitrine/app/works"
	"vitrine/app/works/collections"
)

// Page is one line of the table.
type Page struct {
	Path  string      // of the page; it takes no query but that of Param
	Param string      // the one parameter that its address may have, empty for none
	Class cache.Class // how long it is kept at most
	From  string      // what it is made from
}

// The pages. Only those of published works are kept, and of addresses as they
// should be: what is not found, and what leads elsewhere, is answered anew. Lists of
// what people did are made every five minutes and kept for as long. A search is kept
// when works have exactly its words; what is made up of these all the same ends after
// seconds, and nobody may search often enough to fill Redis with it.
var (
	Home      = Page{Path: "/", Class: cache.Hot, From: "the wall, new works a little late, each work and studio on it, their pictures; the studios that published lately"}
	Explore   = Page{Path: "/explore", Class: cache.Hot, From: "the wall, new works a little late, each work and studio on it, their pictures"}
	Popular   = Page{Path: "/explore/popular", Class: cache.Hot, From: "each work and studio on it, their pictures; the list, when it ends"}
	Board     = Page{Path: "/leaderboard", Class: cache.Hot, From: "each work and studio on it, their pictures; the list, when it ends"}
	OneTag    = Page{Path: "/t/:tag", Class: cache.Warm, From: "which works have the tag, new ones a little late, each work and studio on it, their pictures"}
	OneWork   = Page{Path: "/@:studio/:work", Class: cache.Warm, From: "the work, its studio, pictures and collections, what stands below it, its neighbours, the works with its tags, new ones some minutes late; its likes, a little late"}
	OneStudio = Page{Path: "/@:studio", Class: cache.Warm, From: "the studio, its works, pictures and collections; its followers, a little late"}
	Shelves   = Page{Path: "/@:studio/c", Class: cache.Warm, From: "the studio, its works, pictures and collections"}
	OneShelf  = Page{Path: "/@:studio/c/:collection", Class: cache.Warm, From: "the studio, its works, pictures and collections"}
	Found     = Page{Path: "/search", Param: "q", Class: cache.Passing, From: "each work and studio that it shows or counts for a tag, their pictures; what was found, when it ends"}
)

// Pages is the table.
func Pages() []Page {
	return []Page{Home, Explore, Popular, Board, OneTag, OneWork, OneStudio, Shelves, OneShelf, Found}
}

// brief is how long a page is kept that says how many minutes ago something was
// said.
const brief = cache.Class(time.Minute)

// Since is the class of a page whose latest words are that old.
func (p Page) Since(age time.Duration) cache.Class {
	if age < time.Hour {
		return brief
	}
	return p.Class
}

// OfCards are the subjects of a list of the newest works.
func OfCards(cards []works.Card) []string { return sorted(append(ofCards(cards), Wall)) }

// OfTag are the subjects of a list of the newest works with a tag.
func OfTag(slug string, cards []works.Card) []string {
	return sorted(append(ofCards(cards), Tag(slug), Tags))
}

// OfRanked are the subjects of a list of what people did: also of what is on it and
// cannot be seen at the moment.
func OfRanked(entries []ranking.Entry, cards []works.Card) []string {
	out := ofCards(cards)
	for _, e := range entries {
		out = append(out, Studio(e.StudioID))
		if e.WorkID != nil {
			out = append(out, Work(*e.WorkID))
		}
	}
	return sorted(out)
}

// OfFound are the subjects of what a search found, by the works that stand for it.
func OfFound(cards []works.Card) []string { return sorted(ofCards(cards)) }

func ofCards(cards []works.Card) (out []string) {
	for _, c := range cards {
		out = append(out, Work(c.ID), Studio(c.StudioID))
		if c.CoverID != nil {
			out = append(out, File(*c.CoverID))
		}
	}
	return out
}

// OfWork are the subjects of a work's page.
func OfWork(p works.Page) []string {
	w := p.Work
	out := append(ofCards(p.Near), Work(w.ID), Studio(w.StudioID), Row(w.StudioID), Shelf(w.StudioID), Talk(w.ID), Likes(w.ID), Besides)
	for _, beside := range []*works.Card{p.Earlier, p.Later} {
		if beside != nil {
			out = append(out, ofCards([]works.Card{*beside})...)
		}
	}
	for _, item := range p.Items {
		out = append(out, File(item.MediaID))
	}
	for _, label := range w.Tags {
		out = append(out, Beside(works.TagSlug(label)))
	}
	return sorted(out)
}

// OfStudio are the subjects of a studio's page.
func OfStudio(id uuid.UUID, wall []works.Card, shelf []collections.Listed) []string {
	return sorted(append(append(ofCards(wall), Followers(id)), OfShelves(id, shelf)...))
}

// OfShelves are the subjects of a list of a studio's collections.
func OfShelves(id uuid.UUID, shelf []collections.Listed) []string {
	out := []string{Studio(id), Works(id), Shelf(id)}
	for _, c := range shelf {
		if c.Cover.MediaID != nil {
			out = append(out, File(*c.Cover.MediaID))
		}
	}
	return sorted(out)
}

// OfShelf are the subjects of a collection of a studio.
func OfShelf(id uuid.UUID, cards []works.Card) []string {
	return sorted(append(ofCards(cards), OfShelves(id, nil)...))
}

func sorted(subjects []string) []string {
	slices.Sort(subjects)
	return slices.Compact(subjects)
}
