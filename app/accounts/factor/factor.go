// Package factor is the second factor of accounts: one-time codes by the clock
// (RFC 6238), as every authenticator app makes them, and recovery codes. Each code
// works once. Secrets are sealed by a key that is derived from the installation's
// secret, recovery codes are stored as hashes; so those still let in whose secret
// cannot be opened any more.
package factor

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
	"vitrine/app/platform/db"
)

// The one-time codes.
const (
	digits = otp.DigitsSix
	period = 30 // seconds
	skew   = 1  // steps that a clock may be behind or ahead
	// waits is how long a secret waits for its first code.
	waits = 24 * time.Hour
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

// Used tells what a code was.
type Used struct {
	Recovery bool
	Left     int // recovery codes that were not used yet
}

// Keeper knows the key.
type Keeper struct{ seal seal }

// New derives the key from the installation's secret. Without one, nobody can
// begin: Unavailable.
func New(secret string) (Keeper, error) {
	s, err := newSeal(secret)
	return Keeper{seal: s}, err
}

// Find tells what a person has besides the password.
func Find(ctx context.Context, r db.Reader, userID uuid.UUID) (Factors, error) {
	f, err := find(ctx, r, userID)
	if err != nil || !f.on() {
		return Factors{}, err
	}
	left, err := countCodes(ctx, r, userID)
	return Factors{On: true, Since: *f.ConfirmedAt, RecoveryCodes: left}, err
}

// On tells whether a person has a second factor.
func On(ctx context.Context, r db.Reader, userID uuid.UUID) (bool, error) {
	f, err := find(ctx, r, userID)
	return f.on(), err
}

// Begin makes a secret, in place of one that was not confirmed. It asks nobody
// for a code until Confirm. Conflict when the person has a second factor.
func (k Keeper) Begin(tx db.Tx, userID uuid.UUID) error {
	secret := make([]byte, 20) // RFC 4226's length
	_, _ = rand.Read(secret)   // never fails since Go 1.24
	sealed, err := k.seal.close(secret, userID.String())
	if err != nil {
		return err
	}
	n, err := replace(tx, userID, sealed)
	if err == nil && n == 0 {
		return alreadyOn()
	}
	return err
}

func alreadyOn() error {
	return fault.New(fault.Conflict, "You have a second factor already. Switch it off first to use another one.")
}

func noneWaits() error {
	return fault.New(fault.NotFound, "No second factor waits to be set up. Begin again.")
}

// waiting tells whether a secret waits for its first code.
func (f row) waiting(now time.Time) bool {
	return len(f.Secret) > 0 && !f.on() && now.Sub(f.CreatedAt) <= waits
}

// Enrol gives the secret that waits for its first code, under the name of an
// account. NotFound when none waits.
func (k Keeper) Enrol(ctx context.Context, r db.Reader, userID uuid.UUID, account string, now time.Time) (e Enrolment, err error) {
	f, err := find(ctx, r, userID)
	if err != nil {
		return e, err
	}
	if !f.waiting(now) {
		return e, noneWaits()
	}
	secret, err := k.seal.open(f.Secret, userID.String())
	if err != nil {
		return e, err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Vitrine", AccountName: account, Secret: secret, Period: period, Digits: digits, Algorithm: otp.AlgorithmSHA1})
	if err != nil {
		return e, err
	}
	return Enrolment{Secret: key.Secret(), URL: key.URL()}, nil
}

// Confirm switches the second factor on with its first code and gives the
// recovery codes, which are never seen again. Invalid names the field code;
// NotFound when no secret waits; Conflict when it is on.
func (k Keeper) Confirm(tx db.Tx, userID uuid.UUID, code string) ([]string, error) {
	f, err := hold(tx, userID)
	if err != nil {
		return nil, err
	}
	if f.on() {
		return nil, alreadyOn()
	}
	if !f.waiting(tx.Now()) {
		return nil, noneWaits()
	}
	step, ok, err := k.stepOf(f, userID, tidy(code), tx.Now())
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fault.Field("code", "This is not the code that the app shows now. Check that the device's clock is right, and type the newest one.")
	}
	if err := confirm(tx, userID, step); err != nil {
		return nil, err
	}
	return remake(tx, userID)
}

// Drop ends a second factor and its recovery codes; dropped is false when there
// was none that was on.
func Drop(tx db.Tx, userID uuid.UUID) (dropped bool, err error) {
	f, err := hold(tx, userID)
	if err != nil || !f.on() {
		return false, err
	}
	return true, tx.SQL().Exec(`delete from second_factors where user_id = ?`, userID).Error
}

// Remake gives ten new recovery codes; the former ones work no more. Conflict
// without a second factor.
func Remake(tx db.Tx, userID uuid.UUID) ([]string, error) {
	f, err := hold(tx, userID)
	if err != nil {
		return nil, err
	}
	if !f.on() {
		return nil, fault.New(fault.Conflict, "Recovery codes belong to a second factor, and there is none. Switch one on first.")
	}
	return remake(tx, userID)
}

// stepOf finds the step whose code was typed, among those that a clock may be
// off by and that are newer than the last one that was used.
func (k Keeper) stepOf(f row, userID uuid.UUID, typed string, now time.Time) (step int64, ok bool, err error) {
	raw, err := k.seal.open(f.Secret, userID.String())
	if err != nil {
		return 0, false, err
	}
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
	current := now.Unix() / period
	for at := current - skew; at <= current+skew; at++ {
		want, err := hotp.GenerateCodeCustom(secret, uint64(at), hotp.ValidateOpts{Digits: digits, Algorithm: otp.AlgorithmSHA1}) //nolint:gosec // after 1970
		if err != nil {
			return 0, false, err
		}
		// All are compared, so that the time does not tell which one was near.
		if subtle.ConstantTimeCompare([]byte(want), []byte(typed)) == 1 && at > f.LastStep {
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

// Check asks for the code of a person who has a second factor: one of the app, or
// a recovery code, each of which works once. Without one it is content. Invalid
// names the field code.
func (k Keeper) Check(ctx context.Context, tx db.Tx, userID uuid.UUID, code string) (used Used, err error) {
	f, err := hold(tx, userID)
	if err != nil || !f.on() {
		return used, err
	}
	code = tidy(code)
	switch len(code) {
	case 0:
		return used, fault.Field("code", "Type the code that your app shows now, or one of your recovery codes.")
	case digits.Length():
		step, ok, err := k.stepOf(f, userID, code, tx.Now())
		if err != nil {
			return used, err
		}
		if ok {
			return used, useStep(tx, userID, step)
		}
	case recoveryLength:
		left, ok, err := useCode(ctx, tx, userID, code)
		if err != nil {
			return used, err
		}
		if ok {
			return Used{Recovery: true, Left: left}, nil
		}
	}
	return used, fault.Field("code", "This code is not right, or it was used already. Wait until the app shows the next one, or use a recovery code.")
}
