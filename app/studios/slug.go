package studios

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"vitrine/app/platform/text"
)

// The length of a slug, in characters.
const (
	SlugMin = 3
	SlugMax = 40
)

// reserved are the words that stand, or may once stand, where a slug could:
// every first part of a path, and what would look like the site's own voice.
var reserved = words(`
	about abuse account accounts admin administrator all api app apps archive art assets auth
	b billing blog bot browse c cache careers cdn checkout collections comments community contact cookies copyright
	dashboard data delete demo dev developers dmca docs download
	edit email embed error errors everyone explore export favicon feed feeds files followers following forum
	guest health help home hooks host
	images img imprint impressum index info install invite invoices
	jobs join js leaderboard legal library live livez login logout
	m mail mailbox main me media member members metrics moderation moderator
	new news nobody notifications null oauth oembed official owner
	page pages popular postmaster pprof press pricing privacy profile public publish
	readyz register report reports reset robots root rss
	s schedule search secure security seed session sessions settings setup share shop signin signout signup site sitemap spam staff static status store
	studio studios support system t tag tags team terms test tokens trust
	undefined unsubscribe up upload uploads user users verify video videos vitrine webhook webhooks webmaster well-known work works www`)

func words(s string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		out[w] = true
	}
	return out
}

// Reserved tells whether a word is kept for the site itself.
func Reserved(slug string) bool { return reserved[slug] }

// checkSlug gives the sentence for the field, empty when the slug can be used.
func checkSlug(slug string) string {
	switch {
	case slug == "":
		return "Choose an address: it stands at the end of your studio's link."
	case len(slug) < SlugMin || len(slug) > SlugMax:
		return fmt.Sprintf("An address has %d to %d characters.", SlugMin, SlugMax)
	case strings.Trim(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") != "":
		return "Only small letters a to z, digits and hyphens can stand in an address."
	case strings.HasPrefix(slug, "-") || strings.HasSuffix(slug, "-") || strings.Contains(slug, "--"):
		return "Hyphens stand between letters or digits, one at a time."
	case Reserved(slug):
		return "This word is kept for the site itself. Choose another address."
	}
	return ""
}

// letters that decomposition does not take apart.
var spelled = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "đ", "d", "ð", "d", "þ", "th", "ł", "l", "ı", "i")

// Slugify makes a slug from a name: letters without their marks, hyphens for
// everything else. A name in another script, or one too short, gives "studio"
// with what is left of it, so the result always passes but for being taken or
// reserved.
func Slugify(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(spelled.Replace(strings.ToLower(text.Line(name)))) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’':
		default:
			gap = true
		}
	}
	slug := cut(b.String(), SlugMax)
	if len(slug) < SlugMin {
		slug = strings.TrimSuffix("studio-"+slug, "-")
	}
	return slug
}

// cut shortens a slug to n characters, at a hyphen if one is near.
func cut(slug string, n int) string {
	if len(slug) <= n {
		return slug
	}
	short := slug[:n]
	if slug[n] != '-' {
		if at := strings.LastIndexByte(short, '-'); at >= n/2 {
			short = short[:at]
		}
	}
	return strings.TrimRight(short, "-")
}

// withSuffix appends a suffix and keeps the limit.
func withSuffix(slug, suffix string) string {
	return cut(slug, SlugMax-len(suffix)-1) + "-" + suffix
}
