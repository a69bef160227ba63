package factor

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
)

// seal keeps secrets that have to be read again: with a copy of the database
// alone they cannot be. Its key is derived from the installation's secret.
type seal struct{ aead cipher.AEAD }

var errSeal = errors.New("a sealed secret was not made with this installation's secret, or not for this person")

// newSeal derives the key; without a secret there is no seal, and what needs
// one is Unavailable.
func newSeal(secret string) (seal, error) {
	if secret == "" {
		return seal{}, nil
	}
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, "vitrine accounts: second factors", 32)
	if err != nil {
		return seal{}, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return seal{}, err
	}
	aead, err := cipher.NewGCM(block)
	return seal{aead: aead}, err
}

func (s seal) ready() error {
	if s.aead == nil {
		return fault.New(fault.Unavailable, "Second factors cannot be used here: this installation has no secret to keep them with.")
	}
	return nil
}

// close seals a secret for an owner; only the same owner's name opens it.
func (s seal) close(secret []byte, owner string) ([]byte, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	nonce := make([]byte, s.aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails since Go 1.24
	return s.aead.Seal(nonce, nonce, secret, []byte(owner)), nil
}

func (s seal) open(sealed []byte, owner string) ([]byte, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	n := s.aead.NonceSize()
	if len(sealed) < n {
		return nil, errSeal
	}
	plain, err := s.aead.Open(nil, sealed[:n], sealed[n:], []byte(owner))
	if err != nil {
		return nil, errSeal
	}
	return plain, nil
}

// shownFor is how long new recovery codes can be looked at.
const shownFor = 10 * time.Minute

// Keep seals new recovery codes for the session that is shown them: they exist
// nowhere else but as hashes, and a page that is loaded once more needs them.
// Only the same session opens them, for ten minutes.
func (k Keeper) Keep(session uuid.UUID, codes []string, now time.Time) (string, error) {
	text := strconv.FormatInt(now.Add(shownFor).Unix(), 10) + " " + strings.Join(codes, " ")
	sealed, err := k.seal.close([]byte(text), "codes:"+session.String())
	return base64.RawURLEncoding.EncodeToString(sealed), err
}

// Show opens what Keep sealed; nil when it is over, another session's or none at
// all.
func (k Keeper) Show(session uuid.UUID, sealed string, now time.Time) []string {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return nil
	}
	text, err := k.seal.open(raw, "codes:"+session.String())
	if err != nil {
		return nil
	}
	parts := strings.Fields(string(text))
	if until, err := strconv.ParseInt(parts[0], 10, 64); err != nil || now.Unix() > until {
		return nil
	}
	return parts[1:]
}
