// Package keyset writes a place in an ordered list for a URL. A list pages by
// "what comes after this row", never by OFFSET: page 1,000 costs what page 1
// costs, and nothing is skipped or shown twice when a row comes in between.
package keyset

import (
	"encoding/base64"
	"encoding/binary"

	"github.com/google/uuid"
)

const size = 8 + 16

// Encode writes the row's place: 64 bits of what the list is ordered by, and the
// id that decides between equals. A nil id is the beginning, the empty string.
func Encode(order uint64, id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	var b [size]byte
	binary.BigEndian.PutUint64(b[:8], order)
	copy(b[8:], id[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Decode reads what Encode wrote. Anything else is not ok, which callers take
// for the beginning: the visitor sees the list, which is what the link was for.
func Decode(s string) (order uint64, id uuid.UUID, ok bool) {
	if len(s) != base64.RawURLEncoding.EncodedLen(size) {
		return 0, uuid.Nil, false
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return 0, uuid.Nil, false
	}
	return binary.BigEndian.Uint64(b[:8]), uuid.UUID(b[8:]), true
}
