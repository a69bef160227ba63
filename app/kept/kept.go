// Package kept is the whole table of what the cache keeps: which pages, for how
// long, what each is made from, and which event makes that another. A page that
// is not here is made each time.
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

	"github.com/google/uuid"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/cache"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// Page is one line of the table.
type Page struct {
	Path  string      // of the page; it takes no query
	Class cache.Class // how long it is kept at most
	From  string      // what it is made from
}

// The pages.
var (
	Explore = Page{"/explore", cache.Hot, "the wall, and each work and studio on it"}
)

// Pages is the table.
func Pages() []Page { return []Page{Explore} }

// Wall is the subject of every list of the newest works: that one came, or left.
const Wall = "wall"

// Work is the subject of what everybody sees of a work.
func Work(id uuid.UUID) string { return "work:" + id.String() }

// Studio is the subject of what everybody sees of a studio, its works among them.
func Studio(id uuid.UUID) string { return "studio:" + id.String() }

// OfCards are the subjects of a list of the newest works.
func OfCards(cards []works.Card) []string {
	out := []string{Wall}
	for _, c := range cards {
		out = append(out, Work(c.ID), Studio(c.StudioID))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// rules say what each event voids.
var rules = []rule{
	on(func(e works.Published) []string { return []string{Wall, Work(e.WorkID)} }),
	on(func(e works.Changed) []string { return []string{Work(e.WorkID)} }),
	on(func(e works.Unpublished) []string { return []string{Wall, Work(e.WorkID)} }),
	on(func(e works.Deleted) []string { return []string{Wall, Work(e.WorkID)} }),
	on(func(e works.StudioHidden) []string { return []string{Wall, Studio(e.StudioID)} }),
	on(func(e works.StudioShown) []string { return []string{Wall, Studio(e.StudioID)} }),
	on(func(e studios.Changed) []string { return []string{Studio(e.StudioID)} }),
}

// rule is one event and what it voids.
type rule struct {
	event  string
	of     func(ev bus.Event) (subjects []string, is bool)
	decode func(env bus.Envelope) ([]string, error)
}

func on[E bus.Event](of func(E) []string) rule {
	var none E
	return rule{
		event: none.EventName(),
		of: func(ev bus.Event) ([]string, bool) {
			e, is := ev.(E)
			if !is {
				return nil, false
			}
			return of(e), true
		},
		decode: func(env bus.Envelope) ([]string, error) {
			e, err := bus.Decode[E](env)
			if err != nil {
				return nil, err
			}
			return of(e), nil
		},
	}
}

// Events names the events that void something.
func Events() (names []string) {
	for _, r := range rules {
		names = append(names, r.event)
	}
	return names
}

// Voided are the subjects that events void, each once.
func Voided(events []bus.Event) (subjects []string) {
	for _, ev := range events {
		for _, r := range rules {
			if of, is := r.of(ev); is {
				subjects = append(subjects, of...)
			}
		}
	}
	slices.Sort(subjects)
	return slices.Compact(subjects)
}

// VoidedBy are the subjects that a delivered event voids.
func VoidedBy(env bus.Envelope) (subjects []string, err error) {
	for _, r := range rules {
		if r.event == env.Name {
			return r.decode(env)
		}
	}
	return nil, nil
}
