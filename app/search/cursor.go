package search

import (
	"math"

	"github.com/google/uuid"

	"vitrine/app/platform/keyset"
)

// Cursor is a place in a list that is ordered by score and then id, both
// falling. The zero value is the beginning.
type Cursor struct {
	Score float64
	ID    uuid.UUID
}

// String writes the cursor for a URL; the beginning is the empty string.
func (c Cursor) String() string { return keyset.Encode(math.Float64bits(c.Score), c.ID) }

// ParseCursor reads a cursor from a URL. What is no cursor is the beginning.
func ParseCursor(s string) Cursor {
	order, id, ok := keyset.Decode(s)
	score := math.Float64frombits(order)
	if !ok || math.IsNaN(score) || math.IsInf(score, 0) {
		return Cursor{}
	}
	return Cursor{Score: score, ID: id}
}
