// Package id makes identifiers: UUIDv7 inside, short random ones in URLs, and
// secret tokens of which only the hash is stored.
package id

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"

	"github.com/google/uuid"
)

// PublicLength is the length of a public id. 12 characters of base58 are 70
// bits: nobody guesses an unlisted work, and a collision is not to be expected
// before 10^10 rows.
const PublicLength = 12

// base58 leaves out 0, O, I and l, which people confuse.
const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// New makes a UUIDv7: sorted by time, so that indexes grow at their end.
func New() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// Public makes a short random id for URLs.
func Public() string {
	// 232 is the largest multiple of 58 below 256: bytes above it would make
	// the first letters of the alphabet likelier than the others.
	const fair = 232
	out := make([]byte, 0, PublicLength)
	var buf [PublicLength * 2]byte
	for {
		fill(buf[:])
		for _, b := range buf {
			if b >= fair {
				continue
			}
			out = append(out, base58[b%58])
			if len(out) == PublicLength {
				return string(out)
			}
		}
	}
}

// ValidPublic tells whether a string from a URL can be a public id at all.
func ValidPublic(s string) bool {
	if len(s) != PublicLength {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c < '1' || c > 'z' || c == 'I' || c == 'O' || c == 'l' || c > '9' && c < 'A' || c > 'Z' && c < 'a' {
			return false
		}
	}
	return true
}

// Token makes a secret of 32 random bytes in base64url for a cookie or a mail,
// and the hash that is stored in its place.
func Token() (plain string, hash []byte) {
	var b [32]byte
	fill(b[:])
	plain = base64.RawURLEncoding.EncodeToString(b[:])
	return plain, HashToken(plain)
}

// HashToken gives the stored form of a token. The token has 256 bits of
// entropy, so a fast hash without salt is enough.
func HashToken(plain string) []byte {
	sum := sha256.Sum256([]byte(plain))
	return sum[:]
}

// fill reads the system's random source, which since Go 1.24 never fails.
func fill(b []byte) { _, _ = rand.Read(b) }
