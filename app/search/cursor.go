package search

import (
	"encoding/base64"
	"encoding/binary"
	"math"

	"github.com/google/uuid"
)

// Cursor is a place in a list that is ordered by score and then id, both
// falling. The zero value is the beginning.
type Cursor struct {
	Score float64
	ID    uuid.UUID
}

const cursorSize = 8 + 16

// String writes the cursor for a URL; the beginning is the empty string.
func (c Cursor) String() string {
	if c.ID == uuid.Nil {
		return ""
	}
	var b [cursorSize]byte
	binary.BigEndian.PutUint64(b[:8], math.Float64bits(c.Score))
	copy(b[8:], c.ID[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// ParseCursor reads a cursor from a URL. What is no cursor is the beginning.
func ParseCursor(s string) Cursor {
	if len(s) != base64.RawURLEncoding.EncodedLen(cursorSize) {
		return Cursor{}
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return Cursor{}
	}
	score := math.Float64frombits(binary.BigEndian.Uint64(b[:8]))
	if math.IsNaN(score) || math.IsInf(score, 0) {
		return Cursor{}
	}
	return Cursor{Score: score, ID: uuid.UUID(b[8:])}
}
