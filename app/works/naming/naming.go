// Package naming makes names of what people type: the words of an address, and
// a title from the name of a file.
package naming

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"vitrine/app/platform/text"
)

// Slug makes the readable part of a work's URL from its title, at most 60
// characters, cut between words where possible.
func Slug(title string) string {
	const most = 60
	s := Fold(title)
	if utf8.RuneCountInString(s) > most {
		s = Cut(s, most)
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

// Fold writes words in lower case and joins them by "-". It keeps letters, digits
// and the marks that belong to a script's words, and drops the accents of Latin, Greek and Cyrillic.
func Fold(s string) string {
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

// Cut shortens to n characters.
func Cut(s string, n int) string {
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

// Guess makes a title of a file name, most characters at most:
// "ridges_0611_final.jpg" is "Ridges".
// A camera's name stays as it is ("IMG 2291"), for want of anything better.
func Guess(filename string, most int) string {
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
	return Cut(string(unicode.ToUpper(first))+guess[size:], most)
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
