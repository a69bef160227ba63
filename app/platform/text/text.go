// Package text cleans what people type into fields before it is checked and
// stored: PostgreSQL takes neither NUL nor invalid UTF-8, and what nobody can
// see should not make two names differ.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Line cleans a field of one line: normal form C, no control characters, nothing
// that turns the text after it around, runs of white space as one space, none at
// the ends.
func Line(s string) string {
	return strings.Join(strings.Fields(visible(s, func(rune) bool { return false })), " ")
}

// Block cleans a field of several lines: as Line, but line breaks (LF) and tabs
// stay, with at most one empty line in a row.
func Block(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	s = visible(s, func(r rune) bool { return r == '\n' || r == '\t' })
	var out []string
	empty := 0
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimRightFunc(line, unicode.IsSpace)
		if line == "" {
			empty++
		} else {
			empty = 0
		}
		if empty <= 1 {
			out = append(out, line)
		}
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// Length counts characters as people and PostgreSQL's char_length do.
func Length(s string) int { return utf8.RuneCountInString(s) }

// Blank tells whether nothing of the text can be seen: spaces, joiners and
// direction marks alone.
func Blank(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && !unicode.IsControl(r) && !unicode.Is(unicode.Variation_Selector, r)
	}) < 0
}

// visible drops control characters except those to keep; white space among
// them (a tab, a line break) becomes a space.
func visible(s string, keep func(rune) bool) string {
	s = norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Map(func(r rune) rune {
		switch {
		case keep(r):
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), turns(r):
			return -1
		}
		return r
	}, s)
}

// turns tells whether a character sets the direction of what follows, the words
// of others on the page included. Text finds its direction from its letters, and
// the marks that stand for a letter (U+200E, U+200F) stay.
func turns(r rune) bool { return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069' }
