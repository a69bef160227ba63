package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"vitrine/app/platform/text"
)

// MaxQuery is how many characters of a query are looked at.
const MaxQuery = 200

// maxWords is how many of its words are looked up one by one.
const maxWords = 8

// View is which of the three kinds of things a page of results is about.
type View string

// The views.
const (
	Works   View = "" // and a few studios and tags
	Studios View = "studios"
	Tags    View = "tags"
)

// Query is what is looked for.
type Query struct {
	Text    string
	Filters Filters
	View    View
	From    Cursor // among works
}

// words is a query as the index is asked.
type words struct {
	head string   // what PostgreSQL reads as a web search
	tail string   // the last word, if it may be unfinished
	each []string // the words that were wanted, lower case
}

// clean gives the text of a query as it was understood; cut tells that it was
// longer than MaxQuery.
func clean(q string) (out string, cut bool) {
	out = text.Line(q)
	if text.Length(out) > MaxQuery {
		return string([]rune(out)[:MaxQuery]), true
	}
	return out, false
}

// parse splits a query. Words behind a minus are not wanted.
func parse(q string) (w words) {
	for part := range strings.FieldsSeq(strings.ToLower(q)) {
		if strings.HasPrefix(part, "-") {
			continue
		}
		for _, word := range strings.FieldsFunc(part, between) {
			if wordy(word) && word != "or" && len(w.each) < maxWords {
				w.each = append(w.each, word)
			}
		}
	}
	w.head = q
	i := strings.LastIndexFunc(q, between)
	tail := q
	if i >= 0 {
		_, size := utf8.DecodeRuneInString(q[i:])
		tail = q[i+size:]
	}
	if !wordy(tail) || strings.ContainsRune(q, '"') || i >= 0 && q[i] == '-' || strings.EqualFold(tail, "or") {
		return w
	}
	w.head, w.tail = strings.TrimSuffix(q, tail), tail
	return w
}

// between tells what does not belong to a word.
func between(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }

// wordy tells a word from marks that hang on nothing, as emoji have them.
func wordy(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) >= 0
}
