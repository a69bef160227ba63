package moderation

import (
	"strings"
	"unicode"
)

// Letters of Cyrillic and Greek that look like Latin ones, and the Latin ones
// that they look like. A word that mixes them hides from those who search.
const (
	cyrillicTwins = "асеорхуіјѕһԁԛԝқаВЕЗІКМНОРСТУХАЈЅ"
	greekTwins    = "αονρτυικΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
	latinTwins    = "aceopxyijshdqwkBEZIKMHNPCTYXAJSOvut"
)

// lookAlikes counts words of four letters and more that mix Latin with Cyrillic
// or Greek letters which look the same. "Δt" and "IT-отдел" are none.
func lookAlikes(w words) (int, string) {
	var found []string
	for _, word := range strings.FieldsFunc(w.title+"\n"+w.story+"\n"+w.credits+"\n"+w.besides, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if mixed(word) {
			found = append(found, word)
		}
	}
	switch len(found) {
	case 0:
		return 0, ""
	case 1:
		return 3, found[0]
	}
	return 5, strings.Join(found, ", ")
}

func mixed(word string) bool {
	letters, latin, other, twins := 0, 0, 0, 0
	for _, r := range word {
		letters++
		switch {
		case unicode.Is(unicode.Latin, r):
			latin++
			if strings.ContainsRune(latinTwins, r) {
				twins++
			}
		case unicode.Is(unicode.Cyrillic, r), unicode.Is(unicode.Greek, r):
			other++
			if strings.ContainsRune(cyrillicTwins+greekTwins, r) {
				twins++
			}
		}
	}
	if letters < 4 || latin == 0 || other == 0 {
		return false
	}
	// The few letters of the other script all pass for the word's own.
	few := min(latin, other)
	return twins >= few && smuggled(word, latin >= other)
}

// smuggled tells whether each letter that is not of the word's main script looks
// like one that is.
func smuggled(word string, mainLatin bool) bool {
	for _, r := range word {
		switch latin := unicode.Is(unicode.Latin, r); {
		case latin == mainLatin:
		case latin && !strings.ContainsRune(latinTwins, r):
			return false
		case !latin && !strings.ContainsRune(cyrillicTwins+greekTwins, r):
			return false
		}
	}
	return true
}

// invisible counts characters without width within words of scripts that have
// no use for them. Joiners belong to Persian, Indic scripts and emoji.
func invisible(w words) (int, string) {
	n := 0
	for _, r := range w.title + w.story + w.credits + w.besides {
		switch r {
		case '\u200b', '\u2060', '\ufeff', '\u180e':
			n++
		}
	}
	switch {
	case n >= 3:
		return 3, ""
	case n > 0:
		return 1, ""
	}
	return 0, ""
}
