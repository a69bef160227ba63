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

	"vitrine/app/platform/cache"
	"vitrine/app/works"
	"vitrine/app/works/collections"
)

// Page is one line of the table.
type Page struct {
	Path  string      // of the page; it takes no query
	Class cache.Class // how long it is kept at most
	From  string      // what it is made from
}

// The pages. Only those of published works are kept, and of addresses as they
// should be: what is not found, and what leads elsewhere, is answered anew.
var (
	Explore   = Page{"/explore", cache.Hot, "the wall, each work and studio on it, their pictures"}
	OneWork   = Page{"/@:studio/:work", cache.Warm, "the work, its studio, pictures and collections, what stands below it, its neighbours, the works with its tags; its likes, a little late"}
	OneStudio = Page{"/@:studio", cache.Warm, "the studio, its works, pictures and collections; its followers, a little late"}
)

// Pages is the table.
func Pages() []Page { return []Page{Explore, OneWork, OneStudio} }

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
	out := append(ofCards(p.Near), Work(w.ID), Studio(w.StudioID), Row(w.StudioID), Shelf(w.StudioID), Talk(w.ID), Likes(w.ID), Tags)
	for _, beside := range []*works.Card{p.Earlier, p.Later} {
		if beside != nil {
			out = append(out, ofCards([]works.Card{*beside})...)
		}
	}
	for _, item := range p.Items {
		out = append(out, File(item.MediaID))
	}
	return sorted(append(out, tags(w.Tags)...))
}

// OfStudio are the subjects of a studio's page.
func OfStudio(id uuid.UUID, wall []works.Card, shelf []collections.Listed) []string {
	out := append(ofCards(wall), Studio(id), Works(id), Shelf(id), Followers(id))
	for _, c := range shelf {
		if c.Cover.MediaID != nil {
			out = append(out, File(*c.Cover.MediaID))
		}
	}
	return sorted(out)
}

func tags(labels []string) (out []string) {
	for _, label := range labels {
		out = append(out, Tag(works.TagSlug(label)))
	}
	return out
}

func sorted(subjects []string) []string {
	slices.Sort(subjects)
	return slices.Compact(subjects)
}
