package sessioncache

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"time"

	"github.com/google/uuid"
)

// seal proves that an entry was made by this installation: this value, of this
// shape and under this name, for this person and at this time. Whoever can write into Redis could otherwise make
// themselves anybody.
type seal struct{ key []byte }

// purpose names the key and the form of entries: another form has another key.
const purpose = "vitrine session cache 1"

func newSeal(secret string) (seal, error) {
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, purpose, sha256.Size)
	return seal{key}, err
}

const (
	timeLength   = 8
	headerLength = sha256.Size + timeLength
)

// close makes the sealed part of an entry: a code, the time and the value.
func (s seal) close(shape string, name Name, person uuid.UUID, at time.Time, value []byte) []byte {
	out := make([]byte, headerLength, headerLength+len(value))
	binary.BigEndian.PutUint64(out[sha256.Size:], uint64(at.UnixMilli())) //nolint:gosec // after 1970
	out = append(out, value...)
	copy(out, s.code(shape, name, person.String(), out[sha256.Size:]))
	return out
}

// open gives the value of an entry as Redis has it, and its age; nothing when it
// was not sealed here or is too old.
func (s seal) open(shape string, name Name, entry string, now time.Time) (value []byte, age time.Duration, ok bool) {
	const before = personLength + wordLength
	if len(entry) < before+headerLength {
		return nil, 0, false
	}
	code, body := []byte(entry[before:before+sha256.Size]), []byte(entry[before+sha256.Size:])
	if !hmac.Equal(code, s.code(shape, name, entry[:personLength], body)) {
		return nil, 0, false
	}
	age = now.Sub(time.UnixMilli(int64(binary.BigEndian.Uint64(body)))) //nolint:gosec // sealed here
	return body[timeLength:], max(0, age), age < Life && age > -skew
}

func (s seal) code(shape string, name Name, person string, body []byte) []byte {
	m := hmac.New(sha256.New, s.key)
	m.Write([]byte(person))
	for _, part := range []string{shape, string(name)} {
		m.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		m.Write([]byte(part))
	}
	m.Write(body)
	return m.Sum(nil)
}
