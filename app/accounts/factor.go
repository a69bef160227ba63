package accounts

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"vitrine/app/fault"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/db"
)

// The one-time codes: RFC 6238 as every authenticator app speaks it.
const (
	codeDigits = otp.DigitsSix
	codePeriod = 30 // seconds
	codeSkew   = 1  // steps that a clock may be behind or ahead
	// enrolLife is how long a second factor waits for its first code.
	enrolLife = 24 * time.Hour
)

// Enrolment is what an authenticator app needs.
type Enrolment struct {
	Secret string // base32, to be typed
	URL    string // otpauth://, to be scanned
}

// Factors is what a person has besides the password.
type Factors struct {
	On            bool
	Since         time.Time
	RecoveryCodes int // that were not used yet
}

// FindFactors tells what a person has besides the password.
func (s *Service) FindFactors(ctx context.Context, userID uuid.UUID) (f Factors, err error) {
	defer fault.Wrap(&err, "accounts.FindFactors(%s)", userID)
	r := s.db.Read(ctx)
	row, err := factorOf(ctx, r, userID)
	if db.NotFound(err) || err == nil && row.ConfirmedAt == nil {
		return f, nil
	}
	if err != nil {
		return f, err
	}
	f = Factors{On: true, Since: *row.ConfirmedAt}
	f.RecoveryCodes, err = countCodes(ctx, r, userID)
	return f, err
}

// BeginFactor makes a secret for an authenticator app, in place of one that was
// not confirmed. It asks nobody for a code until ConfirmFactor. The caller has
// seen a proof. Conflict when the person has a second factor already.
func (s *Service) BeginFactor(ctx context.Context, userID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "accounts.BeginFactor(%s)", userID)
	secret := make([]byte, 20) // RFC 4226's length
	_, _ = rand.Read(secret)   // never fails since Go 1.24
	sealed, err := s.seal.close(secret, userID.String())
	if err != nil {
		return err
	}
	return s.db.Transact(ctx, func(tx db.Tx) error {
		n, err := replaceFactor(tx, userID, sealed)
		if err == nil && n == 0 {
			return factorIsOn()
		}
		return err
	})
}

func factorIsOn() error {
	return fault.New(fault.Conflict, "You have a second factor already. Switch it off first to use another one.")
}

// FindEnrolment gives the secret that waits for its first code. NotFound when
// there is none. The caller has seen a proof.
func (s *Service) FindEnrolment(ctx context.Context, userID uuid.UUID) (e Enrolment, err error) {
	defer fault.Wrap(&err, "accounts.FindEnrolment(%s)", userID)
	r := s.db.Read(ctx)
	row, err := factorOf(ctx, r, userID)
	if db.NotFound(err) || err == nil && (row.ConfirmedAt != nil || s.clock().Sub(row.CreatedAt) > enrolLife) {
		return e, fault.New(fault.NotFound, "No second factor waits to be set up. Begin again.")
	}
	if err != nil {
		return e, err
	}
	user, err := userByID(ctx, r, userID)
	if err != nil {
		return e, gone(err)
	}
	secret, err := s.seal.open(row.Secret, userID.String())
	if err != nil {
		return e, err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Vitrine", AccountName: user.Email, Secret: secret, Period: codePeriod, Digits: codeDigits, Algorithm: otp.AlgorithmSHA1})
	if err != nil {
		return e, err
	}
	return Enrolment{Secret: key.Secret(), URL: key.URL()}, nil
}

// ConfirmFactor switches the second factor on with its first code and gives the
// recovery codes, which are stored as hashes and never seen again. Invalid names
// the field code; NotFound when none waits; Conflict when it is on.
func (s *Service) ConfirmFactor(ctx context.Context, userID, sessionID uuid.UUID, code string) (codes []string, err error) {
	defer fault.Wrap(&err, "accounts.ConfirmFactor(%s)", userID)
	bucket := proofBucket(sessionID)
	if _, err := s.take(ctx, bucket); err != nil {
		return nil, err
	}
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		row, err := holdFactor(tx, userID)
		if db.NotFound(err) || err == nil && row.ConfirmedAt == nil && tx.Now().Sub(row.CreatedAt) > enrolLife {
			return fault.New(fault.NotFound, "No second factor waits to be set up. Begin again.")
		}
		if err != nil {
			return err
		}
		if row.ConfirmedAt != nil {
			return factorIsOn()
		}
		step, ok, err := s.stepOf(row, userID, code, tx.Now())
		if err != nil {
			return err
		}
		if !ok {
			return fault.Field("code", "This is not the code that the app shows now. Check that the device's clock is right, and type the newest one.")
		}
		if err := confirmFactor(tx, userID, step); err != nil {
			return err
		}
		if codes, err = remakeCodes(tx, userID); err != nil {
			return err
		}
		if err := s.noted(ctx, tx, userID, FactorOn, "second_factor_on"); err != nil {
			return err
		}
		return won(tx, bucket)
	})
	return codes, err
}

// DropFactor switches the second factor off and ends its recovery codes. The
// caller has seen a proof. One that is off already is no error.
func (s *Service) DropFactor(ctx context.Context, userID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "accounts.DropFactor(%s)", userID)
	return s.db.Transact(ctx, func(tx db.Tx) error {
		// Logins that wait come first, as where they are used.
		if err := deletePendingOf(tx, userID); err != nil {
			return err
		}
		n, err := deleteFactor(tx, userID)
		if err != nil || n == 0 {
			return err
		}
		return s.noted(ctx, tx, userID, FactorOff, "second_factor_off")
	})
}

// RemakeCodes gives ten new recovery codes; the former ones work no more. The
// caller has seen a proof. Conflict without a second factor.
func (s *Service) RemakeCodes(ctx context.Context, userID uuid.UUID) (codes []string, err error) {
	defer fault.Wrap(&err, "accounts.RemakeCodes(%s)", userID)
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		row, err := holdFactor(tx, userID)
		if db.NotFound(err) || err == nil && row.ConfirmedAt == nil {
			return fault.New(fault.Conflict, "Recovery codes belong to a second factor, and there is none. Switch one on first.")
		}
		if err != nil {
			return err
		}
		if codes, err = remakeCodes(tx, userID); err != nil {
			return err
		}
		return s.noted(ctx, tx, userID, CodesMade, "recovery_codes_made")
	})
	return codes, err
}

// noted writes the audit entry of what a person did to their own account, and
// the event from which they get a mail.
func (s *Service) noted(ctx context.Context, tx db.Tx, userID uuid.UUID, what Security, action string) error {
	if err := audit.Write(ctx, tx, audit.Entry{ActorID: userID, Action: "accounts." + action, Subject: audit.Subject("user", userID)}); err != nil {
		return err
	}
	return s.outbox.Publish(ctx, tx, SecurityNoted{UserID: userID, What: what})
}

// stepOf finds the step whose code was typed, among those that a clock may be
// off by and that are newer than the last one that was used.
func (s *Service) stepOf(row factorRow, userID uuid.UUID, typed string, now time.Time) (step int64, ok bool, err error) {
	raw, err := s.seal.open(row.Secret, userID.String())
	if err != nil {
		return 0, false, err
	}
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
	current := now.Unix() / codePeriod
	for at := current - codeSkew; at <= current+codeSkew; at++ {
		want, err := hotp.GenerateCodeCustom(secret, uint64(at), hotp.ValidateOpts{Digits: codeDigits, Algorithm: otp.AlgorithmSHA1}) //nolint:gosec // after 1970
		if err != nil {
			return 0, false, err
		}
		// All are compared, so that the time does not tell which one was near.
		if subtle.ConstantTimeCompare([]byte(want), []byte(typed)) == 1 && at > row.LastStep {
			step, ok = at, true
		}
	}
	return step, ok, nil
}

// tidy is a code as it was typed, without what people put between its parts.
func tidy(code string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9' || r >= 'a' && r <= 'z':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r == ' ' || r == '-' || r == '\u00a0' || r == '\u2013' || r == '\u2011':
			return -1
		}
		return '?'
	}, code)
}

// checkSecond asks for the code of a person who has a second factor: one of the
// app, or a recovery code, each of which works once. Without one it is content.
func (s *Service) checkSecond(ctx context.Context, tx db.Tx, userID uuid.UUID, code string) error {
	row, err := holdFactor(tx, userID)
	if db.NotFound(err) || err == nil && row.ConfirmedAt == nil {
		return nil
	}
	if err != nil {
		return err
	}
	code = tidy(code)
	switch len(code) {
	case 0:
		return fault.Field("code", "Type the code that your app shows now, or one of your recovery codes.")
	case codeDigits.Length():
		step, ok, err := s.stepOf(row, userID, code, tx.Now())
		if err != nil {
			return err
		}
		if ok {
			return useStep(tx, userID, step)
		}
	case recoveryLength:
		left, ok, err := useCode(ctx, tx, userID, code)
		if err != nil {
			return err
		}
		if ok {
			if err := audit.Write(ctx, tx, audit.Entry{ActorID: userID, Action: "accounts.recovery_code_used", Subject: audit.Subject("user", userID)}); err != nil {
				return err
			}
			return s.outbox.Publish(ctx, tx, SecurityNoted{UserID: userID, What: CodeUsed, Left: left})
		}
	}
	return fault.Field("code", "This code is not right, or it was used already. Wait until the app shows the next one, or use a recovery code.")
}
