package search

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/text"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// MaxQuery is how many characters of a query are looked at.
const MaxQuery = 200

// maxWords is how many of its words are compared letter by letter.
const maxWords = 8

// Service is the use cases of search.
type Service struct {
	db      *db.DB
	works   *works.Service
	studios *studios.Service
}

// New makes the service: with a handle of the app's role it finds, with one of
// the worker's it keeps the documents.
func New(d *db.DB, w *works.Service, s *studios.Service) *Service {
	return &Service{db: d, works: w, studios: s}
}

// Result is one page of what was found.
type Result struct {
	Query string // as it was understood
	Cut   bool   // the query was longer than MaxQuery
	Hits  []Hit
	Total int // of all pages, at most MaxHits
	Next  Cursor
	// Similar tells that no work has the words and that Hits merely resemble
	// them; Meant is then the query as it may have been meant, or empty.
	Similar bool
	Meant   string
}

// Hit is a found work that is public right now.
type Hit struct {
	works.Card
	StudioName string
	StudioSlug string
}

// MaxHits is how many works one query finds at most.
const MaxHits = 1000

// Find looks for works. It never refuses: control characters and operators that
// make no sense are passed over, and a query without any word finds nothing.
// Two queries.
func (s *Service) Find(ctx context.Context, query string, from Cursor, limit int) (res Result, err error) {
	defer fault.Wrap(&err, "search.Find")
	res.Query = text.Line(query)
	if n := text.Length(res.Query); n > MaxQuery {
		res.Query, res.Cut = string([]rune(res.Query)[:MaxQuery]), true
	}
	head, last, words := parse(res.Query)
	if len(words) == 0 {
		return res, nil
	}
	rows, err := find(ctx, s.db.Read(ctx), head, last, words, from, limit+1)
	if err != nil || len(rows) == 0 {
		return res, err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		res.Next = Cursor{Score: rows[limit-1].Score, ID: rows[limit-1].WorkID}
	}
	res.Total, res.Similar = rows[0].Total, rows[0].Similar
	if res.Similar {
		res.Meant = meant(res.Query, rows)
	}
	res.Hits, err = s.stillPublic(ctx, rows)
	return res, err
}

// stillPublic asks works, since the documents may be seconds behind.
func (s *Service) stillPublic(ctx context.Context, rows []row) ([]Hit, error) {
	ids := make([]uuid.UUID, len(rows))
	byID := make(map[uuid.UUID]row, len(rows))
	for i, r := range rows {
		ids[i], byID[r.WorkID] = r.WorkID, r
	}
	cards, err := s.works.ByIDs(ctx, ids)
	hits := make([]Hit, len(cards))
	for i, card := range cards {
		r := byID[card.ID]
		hits[i] = Hit{Card: card, StudioName: r.StudioName, StudioSlug: r.StudioSlug}
	}
	return hits, err
}

// parse splits a query into what PostgreSQL reads as a web search, the last word
// if it may be unfinished, and the words that can be compared.
func parse(q string) (head, last string, words []string) {
	for _, word := range strings.FieldsFunc(strings.ToLower(q), between) {
		if wordy(word) && len(words) < maxWords {
			words = append(words, word)
		}
	}
	i := strings.LastIndexFunc(q, between)
	tail := q
	if i >= 0 {
		_, size := utf8.DecodeRuneInString(q[i:])
		tail = q[i+size:]
	}
	if !wordy(tail) || strings.ContainsRune(q, '"') || i >= 0 && q[i] == '-' {
		return q, "", words
	}
	return strings.TrimSuffix(q, tail), tail, words
}

// between tells what does not belong to a word.
func between(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }

// wordy tells a word from marks that hang on nothing, as emoji have them.
func wordy(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) >= 0
}
