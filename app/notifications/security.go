package notifications

import (
	"context"
	"fmt"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
)

// Names of the subscribers; their inbox rows carry them.
const (
	SubscriberSecurity        = "notifications.security_mail"
	SubscriberAddressAsked    = "notifications.address_mail"
	SubscriberAddressChanged  = "notifications.address_changed_mail"
	SubscriberAddressRestored = "notifications.address_restored_mail"
)

// OnSecurityNoted composes the notice of something about an account that its
// person should hear of.
func (s *Service) OnSecurityNoted(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[accounts.SecurityNoted](env)
	if err != nil {
		return err
	}
	return s.compose(ctx, env, SubscriberSecurity, func(tx db.Tx) (accounts.Letter, letter, error) {
		l, known := s.securityLetter(ev)
		if !known {
			return accounts.Letter{}, l, fault.Newf(fault.Internal, "%q is nothing that a letter can be written about", ev.What)
		}
		to, err := s.accounts.PlainLetter(ctx, tx, ev.UserID)
		return to, l, err
	})
}

// OnAddressAsked composes the mail to a new address: the link, or, where
// somebody else has it, that nothing was changed.
func (s *Service) OnAddressAsked(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[accounts.AddressAsked](env)
	if err != nil {
		return err
	}
	return s.compose(ctx, env, SubscriberAddressAsked, func(tx db.Tx) (accounts.Letter, letter, error) {
		to, known, err := s.accounts.AddressLetter(ctx, tx, ev.ChangeID)
		if err != nil {
			return to, letter{}, err
		}
		if known {
			return to, s.addressKnownLetter(), nil
		}
		return to, s.addressLetter(to.Token), nil
	})
}

// OnAddressChanged composes the notice to the old address, with the link that
// brings it back.
func (s *Service) OnAddressChanged(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[accounts.AddressChanged](env)
	if err != nil {
		return err
	}
	return s.compose(ctx, env, SubscriberAddressChanged, func(tx db.Tx) (accounts.Letter, letter, error) {
		to, err := s.accounts.UndoLetter(ctx, tx, ev.ChangeID)
		return to, s.addressChangedLetter(to.Token), err
	})
}

// OnAddressRestored composes the mail with which a person whose address was
// brought back chooses a password.
func (s *Service) OnAddressRestored(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[accounts.AddressRestored](env)
	if err != nil {
		return err
	}
	return s.compose(ctx, env, SubscriberAddressRestored, func(tx db.Tx) (accounts.Letter, letter, error) {
		to, err := s.accounts.ResetLetter(ctx, tx, ev.UserID)
		return to, s.addressRestoredLetter(to.Token), err
	})
}

// securityLetter is the notice; the paragraph that follows says what to do if it
// was somebody else.
func (s *Service) securityLetter(ev accounts.SecurityNoted) (letter, bool) {
	l := letter{Kind: string(ev.What), Host: s.host, Close: "If it was you, you need do nothing.",
		Links: []link{{"Look at your account", s.base + "/me/security"}, {"Choose another password", s.base + "/reset"}}}
	const stranger = " If not, choose another password now; all devices are signed out then."
	switch ev.What {
	case accounts.FactorOn:
		l.Subject, l.Lead = "Your second factor on Vitrine is on", "From now on, signing in asks for a code of your app after the password. Keep your recovery codes where you find them without your phone."
		l.Close += stranger
	case accounts.FactorOff:
		l.Subject, l.Lead = "Your second factor on Vitrine is off", "Your password alone opens the account from now on, and the recovery codes have ended."
		l.Close += stranger
	case accounts.CodesMade:
		l.Subject, l.Lead = "New recovery codes on Vitrine", "Ten new recovery codes were made for your account. The former ones work no more."
		l.Close += stranger
	case accounts.CodeUsed:
		l.Subject, l.Lead = "A recovery code was used on Vitrine", fmt.Sprintf("A recovery code of your account was used just now. Codes that are left: %d.", ev.Left)
		l.Close += " If not, somebody has your password and your codes: choose another password and make new codes now."
	case accounts.CodesGuessed:
		l.Subject, l.Lead = "Somebody has your password on Vitrine", "Somebody typed the right password of your account and then several wrong codes. They were not let in."
		l.Close = "If it was you, wait a little and try again. If not, choose another password now."
	case accounts.NewBrowser:
		l.Subject, l.Lead = "A sign-in with a new device on Vitrine", "Somebody, we hope you, signed in to your account with a device that we had not seen before: "+ev.Device+"."
		l.Links[0] = link{"See your devices", s.base + "/me/sessions"}
		l.Close += stranger
	default:
		return l, false
	}
	return l, true
}

func (s *Service) addressLetter(token string) letter {
	return letter{
		Kind: "address", Subject: "Your new address on Vitrine", Host: s.host,
		Lead:  "Somebody, we hope you, wants to sign in to Vitrine with this address from now on. Open the link below, where you are signed in, to say that it is yours.",
		Links: []link{{"Use this address", s.base + "/me/address/" + token}},
		Close: "The link works once, for 24 hours. If it was not you, do nothing: it works only for who is signed in to that account.",
	}
}

func (s *Service) addressKnownLetter() letter {
	return letter{
		Kind: "address_known", Subject: "Your address on Vitrine", Host: s.host,
		Lead:  "Somebody, we hope you, wanted to use this address for another account on Vitrine. It has an account already, so nothing was changed.",
		Links: []link{{"Sign in", s.base + "/login"}},
		Close: "If it was not you, you need do nothing.",
	}
}

func (s *Service) addressChangedLetter(token string) letter {
	return letter{
		Kind: "address_changed", Subject: "Your address on Vitrine was changed", Host: s.host,
		Lead:  "Your account on Vitrine has another address now, and letters go there from now on.",
		Links: []link{{"Undo it, and sign out all devices", s.base + "/me/address/undo/" + token}},
		Close: "If it was you, you need do nothing. If not, open the link: for seven days it gives the account its old address back and ends the password that was used.",
	}
}

func (s *Service) addressRestoredLetter(token string) letter {
	return letter{
		Kind: "address_restored", Subject: "Your account on Vitrine is yours again", Host: s.host,
		Lead:  "Your account has this address again, all devices are signed out, and the password works no more. Open the link below to choose another one.",
		Links: []link{{"Choose a new password", s.base + "/reset/" + token}},
		Close: "The link works once, for an hour. Later, ask for another one from the sign-in page.",
	}
}
