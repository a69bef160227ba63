package archive

import (
	"context"
	"fmt"
	"time"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/db"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// settleAll gives works their state as soon as something of them can be seen.
func (i *importer) settleAll(ctx context.Context) error {
	said := time.Now()
	for len(i.waiting) > 0 {
		left := i.waiting[:0]
		for _, p := range i.waiting {
			done, err := i.settle(ctx, p)
			if err != nil {
				return fmt.Errorf("the work %s: %w", p.source.ID, err)
			}
			if !done {
				left = append(left, p)
			}
		}
		if i.waiting = left; len(left) == 0 {
			break
		}
		if time.Since(said) > 10*time.Second {
			said = time.Now()
			i.o.Say("%d works wait for their pictures.", len(left))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(lookEvery):
		}
	}
	return nil
}

// settle gives a work its state when it can have it.
func (i *importer) settle(ctx context.Context, p pending) (done bool, err error) {
	files, err := i.Media.ByIDs(ctx, i.DB.Read(ctx), i.studio.ID, p.files)
	if err != nil {
		return false, err
	}
	usable, settled := false, true
	for _, m := range files {
		if m.State == media.StateDuplicate {
			// It was in the archive beside the other one, so both are wanted.
			if err := i.Media.KeepBoth(ctx, media.Sender{StudioID: i.studio.ID, UserID: i.owner}, m.ID); err != nil {
				return false, err
			}
			settled = false
			continue
		}
		usable, settled = usable || m.Usable, settled && m.Settled()
	}
	needs := p.source.State == works.StatePublished || p.source.State == works.StateUnlisted
	if !settled && (needs && !usable || !needs) {
		return false, nil
	}
	if needs && !usable {
		i.note("“%s” stays a draft: none of its files can be shown.", nameOf(p.source))
		return true, i.done(ctx, p)
	}
	if err := i.become(ctx, p); err != nil {
		return false, err
	}
	return true, i.done(ctx, p)
}

// become is the use case of the state that the work had, and hides what was
// hidden by a moderator, before anybody sees it.
func (i *importer) become(ctx context.Context, p pending) (err error) {
	w := p.source
	for _, why := range w.Hidden {
		if why != "moderation" && why != "review" {
			continue // the studio's own standing there is not its standing here
		}
		if err := i.hide(ctx, p.target.PublicID); err != nil {
			return err
		}
		i.note("“%s” was hidden by a moderator and is hidden here too.", nameOf(w))
	}
	a, t, key := i.actor(), p.target, "import-state-"+w.ID
	switch w.State {
	case works.StatePublished:
		_, err = i.Works.Publish(ctx, a, t, nil, key)
	case works.StateUnlisted:
		_, err = i.Works.Unlist(ctx, a, t, nil, key)
	case works.StateArchived:
		_, err = i.Works.Archive(ctx, a, t, nil, key)
	case works.StateScheduled:
		err = i.schedule(ctx, p, key)
	}
	return err
}

func (i *importer) hide(ctx context.Context, publicID string) error {
	return i.DB.Tenant(ctx, i.studio.ID, func(tx db.Tx) error {
		workID, err := i.carry.ID(ctx, tx, i.studio.ID, publicID)
		if err != nil {
			return err
		}
		return i.Works.SetHidden(ctx, tx, i.studio.ID, workID, works.HiddenByModeration, true)
	})
}

// schedule keeps the time of a scheduled work. One whose time has passed since
// would have been opened by now; whether it still should be, people decide.
func (i *importer) schedule(ctx context.Context, p pending, key string) error {
	w := p.source
	zone, err := time.LoadLocation(w.PublishZone)
	if err != nil {
		zone = time.UTC
	}
	when := works.When{Local: w.PublishAt.In(zone).Format("2006-01-02T15:04"), Zone: zone.String()}
	_, err = i.Works.Schedule(ctx, i.actor(), p.target, nil, when, key)
	if fault.Is(err, fault.Invalid) {
		i.note("“%s” was scheduled for %s, which cannot be kept, so it stays a draft.", nameOf(w), w.PublishAt.In(zone).Format("2 January 2006, 15:04"))
		return nil
	}
	return err
}

func (i *importer) done(ctx context.Context, p pending) error {
	return i.DB.Tenant(ctx, i.studio.ID, func(tx db.Tx) error { return finishImportedWork(tx, i.studio.ID, p.source.ID) })
}

// invite asks the other members to join, if whoever imports wants that: an
// archive alone must not make anybody a member, nor send letters.
func (i *importer) invite(ctx context.Context) error {
	_, ownerKey, _, err := ownerOf(i.c, i.o.Owner)
	if err != nil {
		return err
	}
	left := 0
	for _, m := range i.c.Members {
		if _, key, problem := accounts.NormalAddress(m.Email); problem != "" || key == ownerKey {
			continue
		}
		if !i.o.Invite {
			left++
			continue
		}
		role := m.Role
		if role == studios.Owner {
			role = studios.Admin
		}
		_, err := i.Studios.Invite(ctx, i.owner, i.studio.ID, studios.Invite{Key: "import-" + m.UserID.String(), Email: m.Email, Role: role})
		switch {
		case fault.Is(err, fault.Invalid), fault.Is(err, fault.TooMany), fault.Is(err, fault.Conflict):
			i.note("%s was not invited: %s", m.Email, sentenceOf(err))
		case err != nil:
			return err
		}
	}
	if left > 0 {
		i.note("%d other members were not invited. Invite them on the studio's page of members, or import again with --invite.", left)
	}
	return nil
}

func sentenceOf(err error) string {
	for _, m := range fault.FieldsOf(err) {
		return m
	}
	if m := fault.MessageOf(err); m != "" {
		return m
	}
	return "it could not be done."
}
