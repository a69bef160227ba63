package notifications

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/studios"
)

// Names of the subscribers that tell of who belongs to a studio.
const (
	SubscriberInvitation = "notifications.invitation_mail"
	SubscriberJoined     = "notifications.joined_mail"
	SubscriberRole       = "notifications.role_mail"
	SubscriberRemoved    = "notifications.removed_mail"
	SubscriberOwnership  = "notifications.ownership_mail"
)

// OnInvited composes the mail of an invitation with its link. It is the same
// whether the address has an account or not. One that is over needs none.
func (s *Service) OnInvited(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[studios.Invited](env)
	if err != nil {
		return err
	}
	return s.compose(ctx, env, SubscriberInvitation, func(tx db.Tx) (accounts.Letter, letter, error) {
		to, err := s.studios.InvitationLetter(ctx, tx, ev.StudioID, ev.InvitationID)
		return accounts.Letter{To: to.To, ToKey: to.ToKey, Token: to.Token}, s.invitationLetter(to), err
	})
}

// OnMemberJoined composes the mail to whoever invited the new member.
func (s *Service) OnMemberJoined(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[studios.MemberJoined](env)
	if err != nil || ev.InvitedBy == nil {
		return err
	}
	return s.tellMember(ctx, env, SubscriberJoined, ev.StudioID, *ev.InvitedBy, func(st studios.Studio) letter { return s.joinedLetter(st, ev.Role) })
}

// OnRoleChanged composes the mail to a member who has another role. Whoever
// changed their own knows.
func (s *Service) OnRoleChanged(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[studios.RoleChanged](env)
	if err != nil || ev.By == ev.UserID {
		return err
	}
	return s.tellMember(ctx, env, SubscriberRole, ev.StudioID, ev.UserID, func(st studios.Studio) letter { return s.roleLetter(st, ev.To) })
}

// OnMemberLeft composes the mail to somebody who was removed; whoever left knows.
func (s *Service) OnMemberLeft(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[studios.MemberLeft](env)
	if err != nil || ev.By == ev.UserID {
		return err
	}
	return s.tellMember(ctx, env, SubscriberRemoved, ev.StudioID, ev.UserID, s.removedLetter)
}

// tellMember composes a mail about a studio to one person.
func (s *Service) tellMember(ctx context.Context, env bus.Envelope, subscriber string, studioID, userID uuid.UUID, write func(studios.Studio) letter) error {
	return s.compose(ctx, env, subscriber, func(tx db.Tx) (accounts.Letter, letter, error) {
		st, _, err := s.studios.Roster(ctx, tx.Reader(), studioID)
		if err != nil {
			return accounts.Letter{}, letter{}, err
		}
		to, err := s.accounts.PlainLetter(ctx, tx, userID)
		return to, write(st), err
	})
}

// OnOwnershipTransferred composes a mail to the new owner, one to the former,
// and one to every other admin.
func (s *Service) OnOwnershipTransferred(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[studios.OwnershipTransferred](env)
	if err != nil {
		return err
	}
	return s.db.Transact(ctx, func(tx db.Tx) error {
		if first, err := bus.Once(ctx, tx, env.ID, SubscriberOwnership); err != nil || !first {
			return err
		}
		st, members, err := s.studios.Roster(ctx, tx.Reader(), ev.StudioID)
		if err != nil {
			return gone(err)
		}
		for _, m := range members {
			if m.UserID != ev.From && m.UserID != ev.To && !m.Role.Can(studios.ManageMembers) {
				continue
			}
			to, err := s.accounts.PlainLetter(ctx, tx, m.UserID)
			if fault.Is(err, fault.NotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if err := s.writeWithin(ctx, tx, to, s.ownershipLetter(st, m.UserID == ev.To)); err != nil {
				return err
			}
		}
		return nil
	})
}

// gone drops an error that says that there is nobody to tell any more.
func gone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// as is a role with its article.
func as(r studios.Role) string {
	switch r {
	case studios.Viewer:
		return "a viewer"
	case studios.Owner:
		return "its owner"
	}
	return "an " + string(r)
}

func (s *Service) invitationLetter(l studios.Letter) letter {
	return letter{
		Kind: "invitation", Subject: "An invitation to a studio on Vitrine", Host: s.host,
		Lead:  "Somebody of the studio @" + l.Slug + " asks you to join it as " + as(l.Role) + ". Open the link below to see who, and to accept.",
		Links: []link{{"See the invitation", s.base + "/join/" + l.Token}},
		Close: "The link works for seven days, for an account with this address. If you do not know the studio, do nothing: nobody learns whether you have an account here.",
	}
}

func (s *Service) joinedLetter(st studios.Studio, role studios.Role) letter {
	return letter{
		Kind: "member_joined", Subject: "Your invitation was accepted", Host: s.host,
		Lead:  "Somebody whom you invited belongs to the studio @" + st.Slug + " now, as " + as(role) + ".",
		Links: []link{{"See the members", s.base + "/studio/" + st.Slug + "/members"}},
		Close: "You need do nothing.",
	}
}

func (s *Service) roleLetter(st studios.Studio, role studios.Role) letter {
	return letter{
		Kind: "role_changed", Subject: "You have another role in a studio", Host: s.host,
		Lead:  "You are " + as(role) + " of the studio @" + st.Slug + " now.",
		Links: []link{{"See what the roles may do", s.base + "/studio/" + st.Slug + "/members"}},
		Close: "If you think that this is a mistake, ask an admin or the owner of the studio.",
	}
}

func (s *Service) removedLetter(st studios.Studio) letter {
	return letter{
		Kind: "member_removed", Subject: "You do not belong to a studio any more", Host: s.host,
		Lead:  "You were taken out of the studio @" + st.Slug + ". What you made there stays with it; your account and your other studios are as they were.",
		Links: []link{{"Open your studios", s.base + "/studio"}},
		Close: "If you think that this is a mistake, ask an admin or the owner of the studio.",
	}
}

func (s *Service) ownershipLetter(st studios.Studio, yours bool) letter {
	l := letter{
		Kind: "ownership_transferred", Subject: "A studio of yours has another owner", Host: s.host,
		Lead:  "The studio @" + st.Slug + " was handed on to another member. Whoever owned it is one of its admins now.",
		Links: []link{{"See the members", s.base + "/studio/" + st.Slug + "/members"}},
		Close: "If you owned the studio and it was not you who did this, choose a new password now, and write to the new owner.",
	}
	if yours {
		l.Subject = "You own a studio"
		l.Lead = "The studio @" + st.Slug + " was handed on to you. You can do everything in it now; whoever owned it is one of its admins."
		l.Close = "If you do not want it, hand it on to another member, or ask its former owner."
	}
	return l
}
