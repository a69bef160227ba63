package works

import (
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/google/uuid"
)

// Cursor is a place in a list that is ordered by time and then id, both falling.
// The zero value is the beginning.
type Cursor struct {
	At time.Time
	ID uuid.UUID
}

const cursorSize = 8 + 16

// String writes the cursor for a URL; the beginning is the empty string.
func (c Cursor) String() string {
	if c.ID == uuid.Nil {
		return ""
	}
	var b [cursorSize]byte
	binary.BigEndian.PutUint64(b[:8], uint64(c.At.UnixMicro())) //nolint:gosec // read back the same way
	copy(b[8:], c.ID[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// ParseCursor reads a cursor from a URL. What is no cursor is the beginning: the
// visitor sees the list, which is what the link was for.
func ParseCursor(s string) Cursor {
	if len(s) != base64.RawURLEncoding.EncodedLen(cursorSize) {
		return Cursor{}
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return Cursor{}
	}
	at := time.UnixMicro(int64(binary.BigEndian.Uint64(b[:8]))).UTC() //nolint:gosec // checked below
	if at.Year() < 1970 || at.Year() > 9999 {
		return Cursor{} // PostgreSQL could not read it
	}
	return Cursor{At: at, ID: uuid.UUID(b[8:])}
}
