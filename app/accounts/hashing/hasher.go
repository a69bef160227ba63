// Package hashing makes and checks the stored form of passwords, and says which
// ones can be chosen.
package hashing

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"vitrine/app/fault"
)

// Params set the work of a password hash. The defaults are OWASP's minimum
// for argon2id: 19 MiB, two passes, one lane.
// https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
type Params struct {
	Memory     uint32        // KiB; 19,456 when zero
	Passes     uint32        // 2 when zero
	Lanes      uint8         // 1 when zero
	Concurrent int           // hashes at the same time; the number of CPUs when zero
	Wait       time.Duration // for a turn; 2 s when zero
}

const (
	saltBytes = 16
	hashBytes = 32
	// Unusable is the stored form of "cannot be signed in with".
	Unusable = "!"
)

// Hasher makes and checks hashes, only so many at once: each takes a core and
// 19 MiB, and a flood of logins must not take the machine from the pages.
type Hasher struct {
	h     Params
	turns chan struct{}
	decoy string // checked in place of the hash of an account that does not exist
}

// New checks the parameters.
func New(h Params) (*Hasher, error) {
	if h.Memory == 0 {
		h.Memory = 19_456
	}
	if h.Passes == 0 {
		h.Passes = 2
	}
	if h.Lanes == 0 {
		h.Lanes = 1
	}
	if h.Concurrent == 0 {
		h.Concurrent = runtime.GOMAXPROCS(0)
	}
	if h.Wait == 0 {
		h.Wait = 2 * time.Second
	}
	if h.Concurrent < 0 || h.Memory < 8*uint32(h.Lanes) {
		return nil, errors.New("the password hashing needs at least one turn and 8 KiB for each lane")
	}
	k := &Hasher{h: h, turns: make(chan struct{}, h.Concurrent)}
	k.decoy = k.encode(make([]byte, saltBytes), make([]byte, hashBytes))
	return k, nil
}

// Hash makes the PHC string of a password. Unavailable when no turn came.
func (k *Hasher) Hash(ctx context.Context, password string) (string, error) {
	if err := k.turn(ctx); err != nil {
		return "", err
	}
	defer k.done()
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails since Go 1.24
	return k.encode(salt, argon2.IDKey([]byte(plain(password)), salt, k.h.Passes, k.h.Memory, k.h.Lanes, hashBytes)), nil
}

// Check tells whether the password is the one that was hashed, and whether the
// hash was made with other parameters than today's. An empty or unusable
// stored form costs the same as a wrong password.
func (k *Hasher) Check(ctx context.Context, password, stored string) (ok, stale bool, err error) {
	usable := stored != "" && stored != Unusable
	if !usable {
		stored = k.decoy
	}
	h, salt, want, err := decode(stored)
	if err != nil {
		return false, false, err
	}
	if err := k.turn(ctx); err != nil {
		return false, false, err
	}
	defer k.done()
	got := argon2.IDKey([]byte(plain(password)), salt, h.Passes, h.Memory, h.Lanes, uint32(len(want)))
	same := subtle.ConstantTimeCompare(got, want) == 1
	stale = h.Memory != k.h.Memory || h.Passes != k.h.Passes || h.Lanes != k.h.Lanes || len(want) != hashBytes
	return usable && same, stale, nil
}

func (k *Hasher) turn(ctx context.Context) error {
	timer := time.NewTimer(k.h.Wait)
	defer timer.Stop()
	select {
	case k.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return fault.Later(fault.Unavailable, "Many people are signing in at this moment. Try again in a few seconds.", k.h.Wait)
	}
}

func (k *Hasher) done() { <-k.turns }

func (k *Hasher) encode(salt, hash []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, k.h.Memory, k.h.Passes, k.h.Lanes, b64(salt), b64(hash))
}

// decode reads a PHC string of argon2id.
func decode(stored string) (h Params, salt, hash []byte, err error) {
	broken := errors.New("a stored password hash is not a PHC string of argon2id")
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return h, nil, nil, broken
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.Memory, &h.Passes, &h.Lanes); err != nil {
		return h, nil, nil, broken
	}
	salt, errSalt := base64.RawStdEncoding.DecodeString(parts[4])
	hash, errHash := base64.RawStdEncoding.DecodeString(parts[5])
	if errSalt != nil || errHash != nil || len(salt) < 8 || len(hash) < 16 || h.Passes == 0 || h.Lanes == 0 {
		return h, nil, nil, broken
	}
	return h, salt, hash, nil
}

// Default makes the stored form of a password for people who are made in
// bulk, such as those of load tests.
func Default(password string) (string, error) {
	k, err := New(Params{})
	if err != nil {
		return "", err
	}
	return k.Hash(context.Background(), password)
}
