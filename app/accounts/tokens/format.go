package tokens

import (
	"hash/crc32"
	"strings"

	"vitrine/app/platform/id"
)

// A token is "vit_", its public id, "_", the secret and a checksum, all in
// base58:
//
//	vit_7hGq2LkPz9Rt_ + 36 characters + 6 characters
//
// The prefix and the checksum let a scanner of published code find a leaked one
// with the pattern below and without false alarms, and let the server refuse a
// mistyped one without asking the database. The secret has 210 random bits.
const (
	TokenPrefix  = "vit_"
	TokenPattern = `vit_[1-9A-HJ-NP-Za-km-z]{12}_[1-9A-HJ-NP-Za-km-z]{42}`
	secretParts  = 3 // public ids, each 70 random bits
	sumLength    = 6
	tokenBody    = len(TokenPrefix) + id.PublicLength + 1 + secretParts*id.PublicLength
)

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// mintToken makes the plain token of a public id.
func mintToken(publicID string) string {
	var b strings.Builder
	b.WriteString(TokenPrefix + publicID + "_")
	for range secretParts {
		b.WriteString(id.Public())
	}
	return b.String() + tokenSum(b.String())
}

// TokenShaped tells whether a string can be a token at all.
func TokenShaped(s string) bool {
	if len(s) != tokenBody+sumLength || !strings.HasPrefix(s, TokenPrefix) || s[len(TokenPrefix)+id.PublicLength] != '_' {
		return false
	}
	return tokenSum(s[:tokenBody]) == s[tokenBody:]
}

// tokenSum is the CRC-32 of a token's body as six digits of base58.
func tokenSum(body string) string {
	sum := crc32.ChecksumIEEE([]byte(body))
	var out [sumLength]byte
	for i := sumLength - 1; i >= 0; i-- {
		out[i] = base58[sum%58]
		sum /= 58
	}
	return string(out[:])
}
