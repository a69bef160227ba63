package works

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"vitrine/app/platform/text"
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
			bad[FieldTags] = fmt.Sprintf("“%s” has no letter or digit in it. Change or remove it.", cut(label, MaxTag))
			continue
		case utf8.RuneCountInString(label) > MaxTag || utf8.RuneCountInString(slug) > MaxTag:
			bad[FieldTags] = fmt.Sprintf("“%s…” is longer than %d characters. Separate tags by commas.", cut(label, 20), MaxTag)
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
func TagSlug(label string) string { return fold(label) }

// slugOf makes the readable part of a work's URL from its title, at most 60
// characters, cut between words where possible.
func slugOf(title string) string {
	const most = 60
	s := fold(title)
	if utf8.RuneCountInString(s) > most {
		s = cut(s, most)
		if i := strings.LastIndexByte(s, '-'); i > len(s)/2 {
			s = s[:i]
		}
		s = strings.Trim(s, "-")
	}
	if s == "" {
		return "untitled"
	}
	return s
}

// fold keeps letters, digits and the marks that belong to a script's words, and
// drops the accents of Latin, Greek and Cyrillic.
func fold(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case r >= 0x0300 && r <= 0x036f, r == '\'', r == '’':
			continue
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r) && b.Len() > 0 && !gap:
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return norm.NFC.String(b.String())
}

// cut shortens to n characters.
func cut(s string, n int) string {
	count := 0
	for i := range s {
		if count == n {
			return s[:i]
		}
		count++
	}
	return s
}

// endings are words of file names that say nothing about the work.
var endings = map[string]bool{"final": true, "copy": true, "edit": true, "edited": true, "export": true, "web": true, "print": true, "scan": true, "jpg": true, "tif": true, "tiff": true, "psd": true}

// guessTitle makes a title of a file name: "ridges_0611_final.jpg" is "Ridges".
// A camera's name stays as it is ("IMG 2291"), for want of anything better.
func guessTitle(filename string) string {
	name := text.Line(filename)
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	words := strings.FieldsFunc(name, func(r rune) bool { return r == '_' || r == '-' || r == '.' || unicode.IsSpace(r) })
	whole := strings.Join(words, " ")
	for len(words) > 1 && (endings[strings.ToLower(words[len(words)-1])] || wordless(words[len(words)-1])) {
		words = words[:len(words)-1]
	}
	guess := strings.Join(words, " ")
	if letters(guess) < 4 {
		guess = whole
	}
	first, size := utf8.DecodeRuneInString(guess)
	if size == 0 || first == utf8.RuneError {
		return ""
	}
	return cut(string(unicode.ToUpper(first))+guess[size:], MaxTitle)
}

func wordless(s string) bool { return letters(s) == 0 }

func letters(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}
