package mediafile

import (
	"bytes"
	"encoding/binary"
)

// Bits of VP8X's first byte that announce metadata.
const webpMetadataFlags = 0x20 | 0x08 | 0x04 // ICC, EXIF, XMP

// StripWebP copies the chunks of a WebP that make up its pixels and drops all
// others, metadata and colour profile among them; ok is false when b is no whole
// WebP.
func StripWebP(b []byte) (clean []byte, ok bool) {
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
	clean = out.Bytes()
	binary.LittleEndian.PutUint32(clean[4:], uint32(len(clean)-8))
	return clean, true
}
