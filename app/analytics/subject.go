package analytics

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"github.com/google/uuid"
)

// Subject is a page that can be looked at: a work's, or with a zero WorkID the
// studio's own. Zone is the studio's, by its IANA name.
type Subject struct {
	StudioID uuid.UUID
	WorkID   uuid.UUID
	Zone     string
}

// sealSize is how many bytes of the seal a stamp carries: what can be won with a
// forged one is a view in somebody's statistics.
const sealSize = 8

// Stamp is what a page sends back when it is looked at: its subject under a seal,
// so that nobody has to ask the database what was seen, and nobody can make up
// pages. It says nothing of who is looking, so the page can be cached.
func (r *Recorder) Stamp(s Subject) string {
	raw := make([]byte, 0, 32+len(s.Zone)+sealSize)
	raw = append(raw, s.StudioID[:]...)
	raw = append(raw, s.WorkID[:]...)
	raw = append(raw, s.Zone...)
	return base64.RawURLEncoding.EncodeToString(append(raw, r.seal(raw)...))
}

// longest is more than any stamp has.
const longest = 200

func (r *Recorder) open(stamp string) (s Subject, ok bool) {
	if len(stamp) > longest {
		return s, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(stamp)
	if err != nil || len(raw) < 32+sealSize {
		return s, false
	}
	body, seal := raw[:len(raw)-sealSize], raw[len(raw)-sealSize:]
	if !hmac.Equal(seal, r.seal(body)) {
		return s, false
	}
	copy(s.StudioID[:], body)
	copy(s.WorkID[:], body[16:])
	s.Zone = string(body[32:])
	return s, true
}

func (r *Recorder) seal(body []byte) []byte {
	mac := hmac.New(sha256.New, r.key)
	mac.Write(body)
	return mac.Sum(nil)[:sealSize]
}
