package accounts

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"vitrine/app/platform/text"
)

// The length of a password, in characters. NIST SP 800-63B asks for at least
// eight and no rules about which; the upper bound keeps the hash's input small.
const (
	PasswordMin = 10
	PasswordMax = 256
)

// plain is the password as it is hashed: in normal form KC, so that the same
// keys on two systems give the same password.
func plain(password string) string { return norm.NFKC.String(strings.ToValidUTF8(password, "\uFFFD")) }

// checkPassword gives the sentence for the field, empty when all is well.
func checkPassword(password string, a address) string {
	p := plain(password)
	switch n := text.Length(p); {
	case n == 0:
		return "Choose a password."
	case n < PasswordMin:
		return "Ten characters at least. A short sentence works well."
	case n > PasswordMax:
		return "256 characters at most. A short sentence works well."
	case text.Blank(p):
		return "A password needs more than spaces. A short sentence works well."
	case strings.EqualFold(p, a.typed) || strings.EqualFold(p, a.key):
		return "Your address is no secret. Choose something else."
	}
	return ""
}
