package works

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"vitrine/app/platform/text"
	"vitrine/app/works/naming"
)

// parseTags reads tags separated by commas or line breaks. Two that have the
// same slug are one.
func parseTags(bad map[string]string, typed string) Labels {
	out := Labels{}
	seen := map[string]bool{}
	parts := strings.FieldsFunc(strings.ToValidUTF8(typed, ""), func(r rune) bool {
		return r == ',' || r == ';' || r == '،' || r == '、' || r == '，' || r == '\n' || r == '\r'
	})
	for _, part := range parts {
		label := strings.ToLower(strings.TrimSpace(strings.TrimLeft(text.Line(part), "# ")))
		if label == "" {
			continue
		}
		slug := TagSlug(label)
		switch {
		case slug == "":
			bad[FieldTags] = fmt.Sprintf("“%s” has no letter or digit in it. Change or remove it.", naming.Cut(label, MaxTag))
			continue
		case utf8.RuneCountInString(label) > MaxTag || utf8.RuneCountInString(slug) > MaxTag:
			bad[FieldTags] = fmt.Sprintf("“%s…” is longer than %d characters. Separate tags by commas.", naming.Cut(label, 20), MaxTag)
			continue
		case seen[slug]:
			continue
		}
		seen[slug] = true
		out = append(out, label)
	}
	if len(out) > MaxTags {
		bad[FieldTags] = fmt.Sprintf("There are %d tags; %d fit. Keep those that people would look for.", len(out), MaxTags)
	}
	return out
}

// TagSlug is how a tag stands in URLs: lower case, without accents, words
// joined by "-". Letters of any script stay. Labels that differ only in that are
// the same tag.
func TagSlug(label string) string { return naming.Fold(label) }
