package mediatool

import (
	"bytes"
	"encoding/binary"
	"os"

	"vitrine/app/fault"
)

// Bits of VP8X's first byte that announce metadata.
const webpMetadataFlags = 0x20 | 0x08 | 0x04 // ICC, EXIF, XMP

// stripWebP removes the metadata of a WebP of our own making in place. libvips
// 8.14.1, which Debian 12 ships, ignores the WebP saver's strip option, so that
// without this the position where a photo was taken would be served.
func stripWebP(path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return unreadable(err)
	}
	clean, ok := withoutMetadata(b)
	if !ok {
		return fault.New(fault.Unavailable, "The result of processing is not sound. Try again later.")
	}
	if len(clean) == len(b) {
		return nil
	}
	if err := os.WriteFile(path, clean, 0o600); err != nil {
		return unplaced(err)
	}
	return nil
}

// withoutMetadata copies the chunks that make up the pixels; any other is dropped.
func withoutMetadata(b []byte) ([]byte, bool) {
	if len(b) < 12 {
		return nil, false
	}
	out := bytes.NewBuffer(make([]byte, 0, len(b)))
	out.Write(b[:12])
	for rest := b[12:]; len(rest) >= 8; {
		n := int64(binary.LittleEndian.Uint32(rest[4:])) + 8
		if n > int64(len(rest)) {
			return nil, false
		}
		chunk := rest[:min(int64(len(rest)), n+n&1)]
		rest = rest[len(chunk):]
		switch string(chunk[:4]) {
		case "VP8X":
			if len(chunk) < 18 {
				return nil, false
			}
			chunk = bytes.Clone(chunk)
			chunk[8] &^= webpMetadataFlags
			out.Write(chunk)
		case "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF":
			out.Write(chunk)
		}
	}
	clean := out.Bytes()
	binary.LittleEndian.PutUint32(clean[4:], uint32(len(clean)-8))
	return clean, true
}
