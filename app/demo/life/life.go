// Package life says who likes, follows and comments on the demo works: the same
// people, words and moments every time. It writes nothing and knows nothing of
// the database.
package life

import (
	"math/rand/v2"
	"time"

	"vitrine/app/demo/art"
	"vitrine/app/demo/catalog"
)

// Studio stands for the studio itself among those who write below a work.
const Studio = -1

// Like is a member who likes a work.
type Like struct {
	Who int // place in Names
	At  time.Time
}

// Comment is what somebody wrote below a work.
type Comment struct {
	Who     int // place in Names, or Studio
	Text    string
	At      time.Time
	Replies []Comment
}

// Life is what happened to a work.
type Life struct {
	Likes     []Like
	Bookmarks []Like
	Comments  []Comment
}

// Follow is a member who follows a studio of the catalogue.
type Follow struct {
	Who    int
	Studio string
	At     time.Time
}

// numbers is a generator of one thing's own.
func numbers(kind, n uint64) *rand.Rand {
	return rand.New(rand.NewPCG(0x5eed<<8|kind, n)) //nolint:gosec // deterministic on purpose
}

// Of is the life of the n-th work of the catalogue between its publication and
// the filling: nothing of it lies outside. What is not published has none.
func Of(n int, w catalog.Work, published, filled time.Time) (l Life) {
	if w.State != catalog.Published || !published.Before(filled) {
		return l
	}
	r := numbers(1, uint64(n)) //nolint:gosec // counts from 0
	age := filled.Sub(published)
	// Few works are liked by many; what is new has not been seen by all.
	fame := r.Float64()
	most := float64(len(Names())) * min(1, 0.4+age.Hours()/48)
	likes := int(fame * fame * fame * most)
	if n < opened {
		likes = int(most * (0.35 + 0.6*fame))
	}
	for _, who := range r.Perm(len(Names()))[:likes] {
		l.Likes = append(l.Likes, Like{who, soon(r, published, age)})
		if r.IntN(6) == 0 {
			l.Bookmarks = append(l.Bookmarks, Like{who, l.Likes[len(l.Likes)-1].At})
		}
	}
	l.Comments = comments(r, n, w, published, age, min(5, likes/6+r.IntN(2)))
	return l
}

// opened is how many works the first wall has; people have found them.
const opened = 30

// soon is a moment after the publication: most come in the first days.
func soon(r *rand.Rand, published time.Time, age time.Duration) time.Time {
	window := min(age, 12*24*time.Hour)
	u := r.Float64()
	return published.Add(time.Duration(float64(window) * (0.01 + 0.98*u*u))).Truncate(time.Second)
}

// comments chooses what is written: the words of the work's kind, each once, and
// now and then some that fit anything.
func comments(r *rand.Rand, n int, w catalog.Work, published time.Time, age time.Duration, most int) (out []Comment) {
	own, any := words(familyOf(w)), anything()
	at := 5 * n // neighbours in the catalogue have different words
	people := r.Perm(len(Names()))
	for i := range most {
		s := own[(at+i)%len(own)]
		if r.IntN(3) == 0 {
			s = any[(at+i)%len(any)]
		}
		c := Comment{Who: people[i], Text: s.text, At: soon(r, published, age)}
		later := func(hours int) time.Time {
			rest := published.Add(age).Sub(c.At)
			return c.At.Add(min(rest/2, time.Duration(1+r.IntN(hours))*time.Hour)).Truncate(time.Second)
		}
		if s.answer != "" && r.IntN(5) > 0 {
			c.Replies = append(c.Replies, Comment{Who: Studio, Text: s.answer, At: later(30)})
		}
		if r.IntN(6) == 0 {
			c.Replies = append(c.Replies, Comment{Who: people[len(people)-1-i], Text: another(r), At: later(60)})
		}
		out = append(out, c)
	}
	return out
}

func another(r *rand.Rand) string {
	all := others()
	return all[r.IntN(len(all))]
}

func familyOf(w catalog.Work) string {
	if len(w.Media) == 0 {
		return ""
	}
	return art.Family(w.Media[0].Style)
}

// Follows are the members who follow the studios, within the three months
// before the filling.
func Follows(list []catalog.Studio, filled time.Time) (out []Follow) {
	for i, st := range list {
		r := numbers(2, uint64(i)) //nolint:gosec // counts from 0
		most := len(Names()) * (35 + r.IntN(60)) / 100
		for _, who := range r.Perm(len(Names()))[:most] {
			back := time.Duration(1+r.IntN(90*24)) * time.Hour
			out = append(out, Follow{who, st.Slug, filled.Add(-back)})
		}
	}
	return out
}

// Text is something that a visitor may write below any work, for sets in which
// nobody reads.
func Text(n int) string {
	all := anything()
	return all[n%len(all)].text
}
