package ui

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

var numberWords = [...]string{"No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"}

// numberWord writes small numbers out, at the start of a sentence.
func numberWord(n int) string {
	if n >= 0 && n < len(numberWords) {
		return numberWords[n]
	}
	return strconv.Itoa(n)
}

// NumberWord writes small numbers out, for the start of a sentence.
func NumberWord(n int) string { return numberWord(n) }

// Direction is the dir attribute of a block whose words begin with text.
func Direction(text string) string {
	if rightToLeft(text) {
		return "rtl"
	}
	return "ltr"
}

// rightToLeft tells whether the first letter of a text belongs to a script that
// is written from the right, which is what dir="auto" goes by.
func rightToLeft(text string) bool {
	for _, r := range text {
		if unicode.IsLetter(r) {
			return unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam)
		}
	}
	return false
}

// Count writes a number with its noun: "1 work", "1,204 works".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Thousands(n) + " " + many
}

// Thousands groups the digits of n with commas.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// Bytes writes a size in units of 1,000: "14.2 MB", "3.4 GB", "812 kB".
func Bytes(n int64) string {
	units := [...]string{"bytes", "kB", "MB", "GB", "TB"}
	value, unit := float64(n), 0
	for value >= 999.5 && unit < len(units)-1 {
		value /= 1000
		unit++
	}
	if unit < 2 || value >= 100 {
		return strconv.FormatFloat(value, 'f', 0, 64) + " " + units[unit]
	}
	return strings.TrimSuffix(strconv.FormatFloat(value, 'f', 1, 64), ".0") + " " + units[unit]
}

// Length writes a film's length in seconds as m:ss or h:mm:ss.
func Length(seconds int) string {
	seconds = max(seconds, 0)
	two := func(n int) string {
		if n < 10 {
			return "0" + strconv.Itoa(n)
		}
		return strconv.Itoa(n)
	}
	h, m, s := seconds/3600, seconds/60%60, seconds%60
	if h > 0 {
		return strconv.Itoa(h) + ":" + two(m) + ":" + two(s)
	}
	return strconv.Itoa(m) + ":" + two(s)
}
