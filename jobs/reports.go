package jobs

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/moderation"
	"vitrine/app/notifications"
	"vitrine/app/platform/bus"
	"vitrine/app/studios"
)

// taken are what a measure did, after "the moderators of this site".
var taken = map[moderation.Measure]string{
	moderation.Hide: "took it from every page", moderation.Cover: "marked it as sensitive, so that visitors see it when they ask",
	moderation.Warn: "left it where it is, with a warning", moderation.Suspend: "suspended the studio",
}

// OnActionTaken tells the author of what moderators acted on. A studio that is
// gone by now needs no mail.
func (m Moderation) OnActionTaken(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[moderation.ActionTaken](env)
	if err != nil {
		return err
	}
	a, to, path, err := m.answerable(ctx, ev.ActionID)
	if err != nil {
		return unlessGone(err)
	}
	return m.Mails.ActionTaken(ctx, env, notifications.Judged{To: to, Did: taken[a.Measure], Reason: a.Reason, Path: path})
}

// OnAppealDecided tells whoever answered an action.
func (m Moderation) OnAppealDecided(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[moderation.AppealDecided](env)
	if err != nil {
		return err
	}
	a, _, path, err := m.answerable(ctx, ev.ActionID)
	if err != nil || a.Appeal == nil {
		return unlessGone(err)
	}
	return m.Mails.AppealDecided(ctx, env, a.Appeal.Outcome == moderation.Lifted, notifications.Judged{To: a.Appeal.ByID, Reason: a.Appeal.Answer, Path: path})
}

// answerable is an action, who answers for it, and where: whoever wrote a
// comment, or the owner of the studio.
func (m Moderation) answerable(ctx context.Context, actionID uuid.UUID) (a moderation.ActionWithAppeal, to uuid.UUID, path string, err error) {
	if a, err = m.Service.ActionByID(ctx, actionID); err != nil {
		return a, to, "", err
	}
	if a.AuthorID != uuid.Nil {
		return a, a.AuthorID, "/me/reports", nil
	}
	to, path, err = m.owner(ctx, a.StudioID)
	return a, to, path, err
}

// owner is a studio's, with where the studio reads its reports.
func (m Moderation) owner(ctx context.Context, studioID uuid.UUID) (owner uuid.UUID, path string, err error) {
	st, err := m.Studios.ByID(ctx, studioID)
	if err != nil {
		return owner, "", err
	}
	members, err := m.Studios.Members(ctx, studioID)
	for _, member := range members {
		if member.Role == studios.Owner {
			owner = member.UserID
		}
	}
	return owner, "/studio/" + st.Slug + "/reports", err
}

// OnTakedownFiled tells the rights holder that their claim is filed.
func (m Moderation) OnTakedownFiled(ctx context.Context, env bus.Envelope) error {
	c, err := m.claimed(ctx, env)
	if err != nil {
		return unlessGone(err)
	}
	return m.Mails.TakedownFiled(ctx, env, c)
}

// OnTakedownTold tells the owner of the studio of it.
func (m Moderation) OnTakedownTold(ctx context.Context, env bus.Envelope) error {
	c, err := m.claimed(ctx, env)
	if err != nil {
		return unlessGone(err)
	}
	return m.Mails.TakedownTold(ctx, env, c)
}

func (m Moderation) claimed(ctx context.Context, env bus.Envelope) (out notifications.Claimed, err error) {
	ev, err := bus.Decode[moderation.TakedownFiled](env)
	if err != nil {
		return out, err
	}
	c, err := m.Service.Claim(ctx, ev.TakedownID)
	if err != nil {
		return out, err
	}
	out = notifications.Claimed{Number: c.Number, Email: c.Email, EmailKey: c.EmailKey}
	out.Owner, out.Path, err = m.owner(ctx, c.StudioID)
	return out, err
}

// OnComplaintDecided tells the rights holders among those who reported.
func (m Moderation) OnComplaintDecided(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[moderation.ComplaintDecided](env)
	if err != nil {
		return err
	}
	claims, err := m.Service.Claims(ctx, ev.ComplaintID)
	if err != nil || len(claims) == 0 {
		return err
	}
	acted, err := m.Service.ActedOn(ctx, ev.ComplaintID)
	if err != nil {
		return unlessGone(err)
	}
	for _, c := range claims {
		if err := m.Mails.TakedownDecided(ctx, env, acted, notifications.Claimed{Number: c.Number, Email: c.Email, EmailKey: c.EmailKey}); err != nil {
			return err
		}
	}
	return nil
}
