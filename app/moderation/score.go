package moderation

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"

	"vitrine/app/works"
)

// HoldAt is the score from which a first post waits for a person.
const HoldAt = 4

// Finding is a sign of spam in a text.
type Finding struct {
	Rule   string `json:"rule"`
	Points int    `json:"points"`
	Detail string `json:"detail,omitempty"` // what was found, in the author's words, shortened
}

// Sentence says the finding for a moderator.
func (f Finding) Sentence() string {
	for _, r := range &rules {
		if r.name == f.Rule {
			if f.Detail == "" {
				return r.says + "."
			}
			return r.says + ": " + f.Detail
		}
	}
	switch f.Rule {
	case ruleRepeated:
		return fmt.Sprintf("Other accounts published the same text in the last days (%s)", f.Detail)
	case ruleAsked:
		return "A moderator took it down, and the author asks to look again."
	}
	return f.Rule
}

// Rules that look at more than the text.
const (
	ruleRepeated = "repeated"
	ruleAsked    = "asked"
)

// rule is one sign: what finds it says how many points it is worth there.
type rule struct {
	name string
	says string // begins the sentence for moderators
	find func(words) (points int, detail string)
}

// rules is the whole table. One sign alone holds nothing back unless no honest
// portfolio has it; a link to one's own site is none. Points are chosen so that
// the samples in testdata, honest and not, are told apart.
var rules = [...]rule{
	{"link_in_title", "The title holds a link", linkInTitle},
	{"contact_in_title", "The title holds a mail address or a telephone number", contactInTitle},
	{"shortener", "A link leads through a shortener, which hides where to", shortened},
	{"messenger", "A link opens a chat", messengers},
	{"many_links", "Many different sites are linked", manyLinks},
	{"hidden_link", "A link stands in tags or picture texts", linkBesides},
	{"markup", "Links are written as code for other sites", markup},
	{"sales", "Phrases of advertisements", sales},
	{"sales_link", "An advertisement with a link", salesLink},
	{"look_alikes", "Words mix letters of scripts that look alike", lookAlikes},
	{"invisible", "Words hold characters that nobody sees", invisible},
	{"shouting", "It shouts", shouting},
	{"symbols", "The title is full of symbols", symbols},
}

// Score finds the signs of spam in a text, in the order of the table.
func Score(post works.Post) (found []Finding, score int) {
	w := wordsOf(post)
	for _, r := range &rules {
		if points, detail := r.find(w); points > 0 {
			found = append(found, Finding{Rule: r.name, Points: points, Detail: cut(detail)})
			score += points
		}
	}
	return found, score
}

// beyond leaves out what a moderator has seen and approved in this work before.
func beyond(found, approved []Finding) (left []Finding, score int) {
	for _, f := range found {
		if !slices.ContainsFunc(approved, func(a Finding) bool { return a.Rule == f.Rule && a.Detail == f.Detail }) {
			left = append(left, f)
			score += f.Points
		}
	}
	return left, score
}

const detailLimit = 80

func cut(s string) string {
	if r := []rune(s); len(r) > detailLimit {
		return string(r[:detailLimit]) + "…"
	}
	return s
}

// findings is a list of them, stored as a JSON array.
type findings []Finding

// Value writes the list for the database. gorm takes a list for a relation
// without it.
func (f findings) Value() (driver.Value, error) { return f.text(), nil }

// Scan reads the list from the database.
func (f *findings) Scan(src any) error {
	switch v := src.(type) {
	case []byte:
		return json.Unmarshal(v, (*[]Finding)(f))
	case string:
		return json.Unmarshal([]byte(v), (*[]Finding)(f))
	}
	return fmt.Errorf("a JSON column came as %T", src)
}

func (f findings) text() string {
	if len(f) == 0 {
		return "[]"
	}
	raw, err := json.Marshal([]Finding(f))
	if err != nil {
		return "[]" // strings and numbers always can be written
	}
	return string(raw)
}
