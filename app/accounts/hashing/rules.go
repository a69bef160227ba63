package hashing

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"vitrine/app/platform/text"
)

// The length of a password, in characters. NIST SP 800-63B asks for at least
// eight and no rules about which; the upper bound keeps the hash's input small.
const (
	Min = 10
	Max = 256
)

// plain is the password as it is hashed: in normal form KC, so that the same
// keys on two systems give the same password.
func plain(password string) string { return norm.NFKC.String(strings.ToValidUTF8(password, "\uFFFD")) }

// Problem gives the sentence for the field, empty when all is well. The known
// words are no secret, such as the person's address.
func Problem(password string, known ...string) string {
	p := plain(password)
	switch n := text.Length(p); {
	case n == 0:
		return "Choose a password."
	case n < Min:
		return "Ten characters at least. A short sentence works well."
	case n > Max:
		return "256 characters at most. A short sentence works well."
	case text.Blank(p):
		return "A password needs more than spaces. A short sentence works well."
	case slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(p, k) }):
		return "Your address is no secret. Choose something else."
	}
	return ""
}
