package accounts

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"vitrine/app/accounts/factor"
	"vitrine/app/accounts/throttle"
	"vitrine/app/fault"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/db"
	"vitrine/app/platform/text"
)

// Enrolment is what an authenticator app needs.
type Enrolment = factor.Enrolment

// Factors is what a person has besides the password.
type Factors = factor.Factors

// FindFactors tells what a person has besides the password.
func (s *Service) FindFactors(ctx context.Context, userID uuid.UUID) (f Factors, err error) {
	defer fault.Wrap(&err, "accounts.FindFactors(%s)", userID)
	return factor.Find(ctx, s.db.Read(ctx), userID)
}

// SecondOn tells whether a person has a second factor.
func (s *Service) SecondOn(ctx context.Context, userID uuid.UUID) (on bool, err error) {
	defer fault.Wrap(&err, "accounts.SecondOn(%s)", userID)
	return factor.On(ctx, s.db.Read(ctx), userID)
}

// BeginFactor makes a secret for an authenticator app, in place of one that was
// not confirmed. It asks nobody for a code until ConfirmFactor. The caller has
// seen a proof. Conflict when the person has a second factor already.
func (s *Service) BeginFactor(ctx context.Context, userID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "accounts.BeginFactor(%s)", userID)
	return s.db.Transact(ctx, func(tx db.Tx) error { return s.factors.Begin(tx, userID) })
}

// FindEnrolment gives the secret that waits for its first code. NotFound when
// there is none. The caller has seen a proof.
func (s *Service) FindEnrolment(ctx context.Context, userID uuid.UUID) (e Enrolment, err error) {
	defer fault.Wrap(&err, "accounts.FindEnrolment(%s)", userID)
	user, err := userByID(ctx, s.db.Read(ctx), userID)
	if err != nil {
		return e, gone(err)
	}
	return s.factors.Enrol(ctx, s.db.Read(ctx), userID, user.Email, s.clock())
}

// ConfirmFactor switches the second factor on with its first code and gives the
// recovery codes, which are stored as hashes and never seen again. Invalid names
// the field code; NotFound when none waits; Conflict when it is on.
func (s *Service) ConfirmFactor(ctx context.Context, userID, sessionID uuid.UUID, code string) (codes []string, err error) {
	defer fault.Wrap(&err, "accounts.ConfirmFactor(%s)", userID)
	bucket := proofBucket(sessionID)
	if _, err := throttle.Take(ctx, s.db, bucket); err != nil {
		return nil, err
	}
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		if codes, err = s.factors.Confirm(tx, userID, code); err != nil {
			return err
		}
		if err := s.noted(ctx, tx, userID, FactorOn, "second_factor_on"); err != nil {
			return err
		}
		return throttle.Won(tx, bucket)
	})
	return codes, err
}

// DropFactor switches the second factor off and ends its recovery codes. The
// caller has seen a proof. One that is off already is no error.
func (s *Service) DropFactor(ctx context.Context, userID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "accounts.DropFactor(%s)", userID)
	_, err = s.dropFactor(ctx, userID, audit.Entry{ActorID: userID})
	return err
}

// reasonLimit bounds an administrator's reason, in characters.
const reasonLimit = 500

// RescueFactor switches off the second factor of a person who has lost it and
// their recovery codes, by an administrator who has seen a proof of their own and
// knows whom they speak with. The person is told as if they had done it. Invalid
// names the field known; Conflict when there is none.
func (s *Service) RescueFactor(ctx context.Context, userID, by uuid.UUID, reason string) (err error) {
	defer fault.Wrap(&err, "accounts.RescueFactor(%s)", userID)
	reason = text.Line(reason)
	if text.Blank(reason) || text.Length(reason) > reasonLimit {
		return fault.Field("known", fmt.Sprintf("Say in up to %d characters how you know that it is this person.", reasonLimit))
	}
	dropped, err := s.dropFactor(ctx, userID, audit.Entry{ActorID: by, Note: reason})
	if err == nil && !dropped {
		return fault.New(fault.Conflict, "This person has no second factor.")
	}
	return err
}

// dropFactor switches it off and writes down who did.
func (s *Service) dropFactor(ctx context.Context, userID uuid.UUID, who audit.Entry) (dropped bool, err error) {
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		// Logins that wait come first, as where they are used.
		if err := deletePendingOf(tx, userID); err != nil {
			return err
		}
		if dropped, err = factor.Drop(tx, userID); err != nil || !dropped {
			return err
		}
		who.Action, who.Subject = "accounts.second_factor_off", audit.Subject("user", userID)
		if err := audit.Write(ctx, tx, who); err != nil {
			return err
		}
		return s.outbox.Publish(ctx, tx, SecurityNoted{UserID: userID, What: FactorOff})
	})
	return dropped, err
}

// RemakeCodes gives ten new recovery codes; the former ones work no more. The
// caller has seen a proof. Conflict without a second factor.
func (s *Service) RemakeCodes(ctx context.Context, userID uuid.UUID) (codes []string, err error) {
	defer fault.Wrap(&err, "accounts.RemakeCodes(%s)", userID)
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		if codes, err = factor.Remake(tx, userID); err != nil {
			return err
		}
		return s.noted(ctx, tx, userID, CodesMade, "recovery_codes_made")
	})
	return codes, err
}

// KeepCodes seals new recovery codes for the browser that is shown them.
func (s *Service) KeepCodes(sessionID uuid.UUID, codes []string) (string, error) {
	return s.factors.Keep(sessionID, codes, s.clock())
}

// ShowCodes opens what KeepCodes sealed; nil when it is over or not this
// session's.
func (s *Service) ShowCodes(sessionID uuid.UUID, sealed string) []string {
	return s.factors.Show(sessionID, sealed, s.clock())
}

// checkSecond asks for the code of a person who has a second factor, and tells
// them of a recovery code that was used.
func (s *Service) checkSecond(ctx context.Context, tx db.Tx, userID uuid.UUID, code string) error {
	used, err := s.factors.Check(ctx, tx, userID, code)
	if err != nil || !used.Recovery {
		return err
	}
	if err := s.audit(ctx, tx, userID, "recovery_code_used"); err != nil {
		return err
	}
	return s.outbox.Publish(ctx, tx, SecurityNoted{UserID: userID, What: CodeUsed, Left: used.Left})
}

// audit writes down what a person did to their own account.
func (s *Service) audit(ctx context.Context, tx db.Tx, userID uuid.UUID, action string) error {
	return audit.Write(ctx, tx, audit.Entry{ActorID: userID, Action: "accounts." + action, Subject: audit.Subject("user", userID)})
}

// noted writes the audit entry of what a person did to their own account, and
// the event from which they get a mail.
func (s *Service) noted(ctx context.Context, tx db.Tx, userID uuid.UUID, what Security, action string) error {
	if err := s.audit(ctx, tx, userID, action); err != nil {
		return err
	}
	return s.outbox.Publish(ctx, tx, SecurityNoted{UserID: userID, What: what})
}
