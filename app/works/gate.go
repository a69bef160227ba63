package works

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

// Gate decides, in the transaction in which people outside a studio would see a
// work or other words of it, whether a moderator looks at it first. Moderation
// is higher than works; the composition root supplies it.
type Gate interface {
	// Admit tells whether the work is held back. It is asked again whenever the
	// words change, also while the work waits.
	Admit(ctx context.Context, tx db.Tx, post Post) (hold bool, err error)
	// Withdraw tells that nobody would see the work any more.
	Withdraw(ctx context.Context, tx db.Tx, studioID, workID uuid.UUID) error
}

// Post is a work as the gate reads it.
type Post struct {
	StudioID uuid.UUID
	WorkID   uuid.UUID
	UserID   uuid.UUID // who publishes it, or wrote the words
	Title    string
	Story    string
	Credits  string
	Tags     []string
	Captions []string // captions and alt texts
	// Before is how many other works the studio has published that no moderator
	// holds back, up to PostsCounted.
	Before int
	Asked  bool // a moderator took it down, and the author asks to look again
}

// PostsCounted is how far Post.Before counts.
const PostsCounted = 10

// GuardWith lets a gate look at what is published. Without one everything is
// shown at once.
func (s *Service) GuardWith(gate Gate) { s.gate = gate }

// pass asks the gate whether the work may be seen as it is about to be stored.
func (c *change) pass() error {
	if c.s.gate == nil {
		return nil
	}
	if !c.work.State.Reachable() {
		if !c.work.HiddenFor.Has(HiddenForReview) {
			return nil
		}
		c.work.hide(HiddenForReview, false)
		return c.s.gate.Withdraw(c.ctx, c.tx, c.work.StudioID, c.work.ID)
	}
	opens := !c.before.State.Reachable()
	if !opens && !c.asked && sameWords(c.work, c.before) && slices.EqualFunc(c.items, c.stored, sameCaption) {
		return nil
	}
	before, err := countBefore(c.ctx, c.tx.Reader(), c.work)
	if err != nil {
		return err
	}
	hold, err := c.s.gate.Admit(c.ctx, c.tx, c.post(before, opens))
	if err != nil {
		return err
	}
	if hold {
		c.work.hide(HiddenForReview, true)
	}
	return nil
}

func (c *change) post(before int, opens bool) Post {
	w := c.work
	p := Post{StudioID: w.StudioID, WorkID: w.ID, UserID: c.by, Title: w.Title, Story: w.Story, Credits: w.Credits, Tags: w.Tags, Before: before,
		Asked: w.HiddenFor.Has(HiddenByModeration) && (opens || c.asked)}
	for _, item := range c.items {
		for _, words := range [...]string{item.Alt, item.Caption} {
			if words != "" {
				p.Captions = append(p.Captions, words)
			}
		}
	}
	return p
}

func sameWords(a, b Work) bool {
	return a.Title == b.Title && a.Story == b.Story && a.Credits == b.Credits && slices.Equal(a.Tags, b.Tags)
}

func sameCaption(a, b Item) bool { return a.Alt == b.Alt && a.Caption == b.Caption }

// askAgain notes that the author of a work that a moderator took down wants it
// to be looked at again, which pressing its button a second time means.
func (c *change) askAgain() {
	if c.work.HiddenFor.Has(HiddenByModeration) && !c.work.HiddenFor.Has(HiddenForReview) {
		c.asked, c.stirred = true, true
	}
}

// Hold lets no change of the studio's works happen until the end of a
// transaction of the caller. Whoever locks rows of their own beside works calls
// it first, as every change of works does.
func (s *Service) Hold(tx db.Tx, studioID uuid.UUID) error { return lockStudio(tx, studioID) }
