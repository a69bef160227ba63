package errlog

import (
	"crypto/sha256"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
)

const (
	longestMessage = 2000
	longestTitle   = 300
	longestPlace   = 150
)

// What may not be kept, in the order in which it is looked for. A rule is meant
// to take too much rather than too little: whoever needs the value finds the
// request in the process's log by its time.
var (
	inURL   = regexp.MustCompile(`\b([a-z][a-z0-9+.-]*://)(?:[^\s/@"']*@)?([^\s/?#"'<>]*)[^\s"'<>]*`)
	address = regexp.MustCompile(`[\p{L}\p{N}._%+'-]+(?:@|%40)[\p{L}\p{N}.-]+`)
	// A word that announces a secret, and what follows it: password=x,
	// "token": "x", Authorization: Bearer x.
	named   = regexp.MustCompile(`(?i)\b([a-z_-]*(?:passw(?:or)?d|passphrase|pass|pwd|secret|token|api[_-]?key|dsn|authorization|cookie|session|signature|otp|recovery code)s?)("?\s*(?:[:=]|is)\s*)(?:(?:bearer|basic)\s+)?("(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,;)\]}]+)`)
	bearer  = regexp.MustCompile(`(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}`)
	secrets = regexp.MustCompile(`[A-Za-z0-9_~+/=-]{24,}`)
	door    = regexp.MustCompile(`(?i)/(verify|reset|join|setup|undo|confirm)/[^\s"'/]+`)
	value   = regexp.MustCompile(`: "(?:[^"\\]|\\.)*"`)                   // PostgreSQL: invalid input syntax for type uuid: "…"
	detail  = regexp.MustCompile(`\([^()]*\)=\([^()]*\)`)                 // PostgreSQL: Key (email)=(…)
	peer    = regexp.MustCompile(`->(?:\[[0-9a-fA-F:.%]+\]|[0-9.]+):\d+`) // whom the other end of a connection was
	isUUID  = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)
)

const gone = "[removed]"

// Redact takes passwords, tokens, addresses of mail, the paths of URLs and the
// values that PostgreSQL repeats out of a text, and bounds it.
func Redact(s string) string { return redact(s, true) }

// RedactJSON is Redact for the payload of an event, whose values are ids: what
// looks like a secret goes, the rest stays.
func RedactJSON(s string) string { return redact(s, false) }

func redact(s string, values bool) string {
	s = cut(clean(s), 4*longestStack) // a bound on the work
	s = inURL.ReplaceAllString(s, "$1$2")
	s = detail.ReplaceAllString(s, "(…)=(…)")
	s = named.ReplaceAllString(s, "$1$2"+gone)
	s = bearer.ReplaceAllString(s, "$1 "+gone)
	s = address.ReplaceAllString(s, "[address]")
	s = door.ReplaceAllString(s, "/$1/"+gone)
	if values {
		s = value.ReplaceAllString(s, `: "…"`)
	}
	s = peer.ReplaceAllString(s, "->[peer]")
	s = secrets.ReplaceAllStringFunc(s, func(m string) string {
		if isUUID.MatchString(m) || looksPlain(m) {
			return m
		}
		return gone
	})
	if strings.HasPrefix(s, "goroutine ") {
		return cut(s, longestStack)
	}
	return cut(s, longestMessage)
}

// plain is one part of a path, a function or a sentence: words, perhaps with a
// number behind (v5, func1).
var plain = regexp.MustCompile(`^(?:[A-Za-z]?[a-z]{1,12}[0-9]{0,2}|[A-Z]{2,6})(?:[A-Z]{1,5}[a-z]{2,14})*$`)

// looksPlain tells a path or a long word from a secret: a secret of 24
// characters has digits and capitals in between.
func looksPlain(s string) bool {
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune("/_-~+=", r) }) {
		if !plain.MatchString(part) {
			return false
		}
	}
	return true
}

// What differs from one occurrence of a failure to the next.
var (
	operation = regexp.MustCompile(`\b([a-z][a-z0-9]*\.[A-Z]\w*)\([^()]*\)`) // fault.Wrap: works.Publish(<id>)
	fields    = regexp.MustCompile(`( \[[a-z][a-z0-9_.]*\])+`)
	anyUUID   = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`)
	quoted    = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'|`[^`]*`|“[^”]*”")
	named2    = regexp.MustCompile(`\b(constraint|relation|column|table|function|type|index|schema|database|role) "([a-z0-9_]+)"`)
	sqlstate  = regexp.MustCompile(`\(SQLSTATE ([0-9A-Z]{5})\)`)
	hexes     = regexp.MustCompile(`\b(?:0x[0-9a-fA-F]+|[0-9a-fA-F]*\d[0-9a-fA-F]{7,})\b`)
	numbers   = regexp.MustCompile(`\d+(?:[.,]\d+)*`)
)

// Title is a chain of errors without its values: what two occurrences of one
// failure have in common. Names that PostgreSQL puts in quotes (constraints,
// tables) and its codes stay.
func Title(s string) string {
	s = strings.Join(strings.Fields(cut(clean(s), longestMessage)), " ")
	s = operation.ReplaceAllString(s, "$1(…)")
	s = fields.ReplaceAllString(s, "")
	s = named2.ReplaceAllStringFunc(s, func(m string) string { return strings.Map(hide, m) })
	s = sqlstate.ReplaceAllStringFunc(s, func(m string) string { return strings.Map(hide, m) })
	s = inURL.ReplaceAllString(s, "$1…")
	s = quoted.ReplaceAllString(s, `"…"`)
	s = Redact(s)
	s = anyUUID.ReplaceAllString(s, "#")
	s = hexes.ReplaceAllString(s, "#")
	s = numbers.ReplaceAllString(s, "#")
	return cut(strings.Map(unhide, s), longestTitle)
}

// hidden is where hide puts digits and quotes: a private range of Unicode.
const hidden = 0xE000

// hide keeps a name from the rules that take numbers and quotes out.
func hide(r rune) rune {
	if r >= '0' && r <= '9' || r == '"' {
		return r + hidden
	}
	return r
}

func unhide(r rune) rune {
	if r > hidden && r < hidden+0x80 {
		return r - hidden
	}
	return r
}

// fingerprint names a group: kind, place and title decide.
func fingerprint(kind Kind, place, title string) uuid.UUID {
	sum := sha256.Sum256([]byte(string(kind) + "\x00" + place + "\x00" + title))
	return uuid.UUID(sum[:16])
}

// clean makes a text storable: no NUL, valid UTF-8.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// cut bounds a text in bytes, at a character's end.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most] + "…"
}
