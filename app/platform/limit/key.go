package limit

import (
	"crypto/sha256"
	"encoding/hex"
	"net/netip"

	"github.com/google/uuid"
)

// Key is whoever asks. It has a fixed size, so that keeping one allocates
// nothing.
type Key [17]byte

// The first byte of a key keeps a member apart from an address of the same
// bytes.
const (
	everybody byte = iota
	address
	member
	named
)

// Everybody is the key of classes that count the whole installation.
func Everybody() Key { return Key{everybody} }

// Address is the key of a client's address: an IPv4 address itself, an IPv6
// address by its /64, which is what one customer has. An address that is not
// known shares one key.
func Address(a netip.Addr) Key {
	k := Key{address}
	if a.Is6() && !a.Is4In6() {
		full := a.As16()
		copy(k[1:9], full[:8])
		return k
	}
	if a = a.Unmap(); a.Is4() {
		four := a.As4()
		// Where no /64 reaches, so that no IPv6 network is taken for it.
		copy(k[13:], four[:])
	}
	return k
}

// Member is the key of a person, or of anything else with an id.
func Member(id uuid.UUID) Key {
	k := Key{member}
	copy(k[1:], id[:])
	return k
}

// Named is the key of something known by a text, such as a mail address: a part
// of its hash, since a limiter has no business with the text.
func Named(text string) Key {
	k := Key{named}
	sum := sha256.Sum256([]byte(text))
	copy(k[1:], sum[:])
	return k
}

// String is the key for a store whose keys are text.
func (k Key) String() string { return hex.EncodeToString(k[:]) }
