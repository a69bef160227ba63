package accounts

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// EmailLimit is the longest address that can be sent to, in bytes: RFC 5321's
// path of 256 without its angle brackets.
const EmailLimit = 254

// address is an email address: as typed, and the key that makes it unique.
type address struct{ typed, key string }

// parseEmail reads what a person typed; problem is the sentence for the field,
// empty when all is well. No display name, comment, quoted local part or
// address literal: a person has none of these, a header injection may.
func parseEmail(s string) (a address, problem string) {
	s = norm.NFC.String(strings.TrimSpace(s))
	const odd = "This does not look like an email address. Check it for spaces and typing errors."
	switch {
	case s == "":
		return a, "Type your email address."
	case len(s) > EmailLimit:
		return a, "This is longer than an email address can be. Check it for something pasted by mistake."
	case !utf8.ValidString(s) || strings.IndexFunc(s, unprintable) >= 0:
		return a, odd
	case !strings.Contains(s, "@"):
		return a, "An email address has an @, as in mara@harbour.example."
	}
	parsed, err := mail.ParseAddress(s)
	if err != nil || parsed.Name != "" || parsed.Address != s || strings.ContainsAny(s, `"[]<>()`) {
		if at := strings.LastIndex(s, "@"); at > 0 && at < len(s)-1 && !strings.Contains(s[at:], ".") && err == nil {
			return a, "This address lacks its ending, as in harbour.example."
		}
		return a, odd
	}
	at := strings.LastIndex(s, "@")
	local, domain := s[:at], s[at+1:]
	if !strings.Contains(strings.Trim(domain, "."), ".") {
		return a, "This address lacks its ending, as in harbour.example."
	}
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || len(local) > 64 {
		return a, odd
	}
	key := strings.ToLower(local) + "@" + strings.ToLower(ascii)
	if len(key) > EmailLimit {
		return a, odd
	}
	return address{typed: s, key: key}, ""
}

// unprintable finds what has no place in an address: white space, control and
// format characters (direction marks, joiners).
func unprintable(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError
}

// NormalAddress reads an address that somebody typed for another person: as
// typed, and as the key that is the same for every way to type it. problem is
// the sentence for the field, empty when all is well.
func NormalAddress(s string) (typed, key, problem string) {
	a, problem := parseEmail(s)
	return a.typed, a.key, problem
}
