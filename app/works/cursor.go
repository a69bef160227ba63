package works

import (
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/keyset"
)

// Cursor is a place in a list that is ordered by time and then id, both falling.
// The zero value is the beginning.
type Cursor struct {
	At time.Time
	ID uuid.UUID
}

// String writes the cursor for a URL; the beginning is the empty string.
func (c Cursor) String() string {
	return keyset.Encode(uint64(c.At.UnixMicro()), c.ID) //nolint:gosec // read back the same way
}

// ParseCursor reads a cursor from a URL. What is no cursor is the beginning.
func ParseCursor(s string) Cursor {
	order, id, ok := keyset.Decode(s)
	at := time.UnixMicro(int64(order)).UTC() //nolint:gosec // checked below
	if !ok || at.Year() < 1970 || at.Year() > 9999 {
		return Cursor{} // PostgreSQL could not read the time
	}
	return Cursor{At: at, ID: id}
}
