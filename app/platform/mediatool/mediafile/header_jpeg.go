package mediafile

import (
	"bytes"
	"encoding/binary"
)

// walkJPEG follows the segments and, inside a scan, looks for the next marker.
// The picture ends at its EOI; a preview inside a segment is stepped over.
func walkJPEG(src source, h *Header) error {
	at := int64(2)
	scanned := false
	for {
		marker, next, err := nextMarker(src, at)
		if err != nil {
			return err
		}
		at = next
		switch {
		case marker == 0xd9: // EOI
			if !scanned {
				return errBroken
			}
			h.End = at
			return nil
		case marker == 0x01, marker >= 0xd0 && marker <= 0xd8: // without a length
			continue
		}
		length, err := src.small(at, 2)
		if err != nil {
			return err
		}
		n := int64(binary.BigEndian.Uint16(length))
		if n < 2 {
			return errBroken
		}
		if err := jpegSegment(src, h, marker, at+2, n-2); err != nil {
			return err
		}
		scanned = scanned || marker == 0xda
		at += n
	}
}

// nextMarker finds 0xff followed by a marker code. Inside a scan 0xff00 is a
// data byte; restart markers belong to the scan as well.
func nextMarker(src source, at int64) (marker byte, next int64, err error) {
	for {
		b, err := src.peek(at)
		if err != nil {
			return 0, 0, err
		}
		if len(b) == 0 {
			return 0, 0, errShort
		}
		i := bytes.IndexByte(b, 0xff)
		if i < 0 {
			at += int64(len(b))
			continue
		}
		at += int64(i) + 1
		code, err := src.small(at, 1)
		if err != nil {
			return 0, 0, err
		}
		if c := code[0]; c != 0 && c != 0xff && (c < 0xd0 || c > 0xd7) {
			return c, at + 1, nil
		}
	}
}

func jpegSegment(src source, h *Header, marker byte, at, n int64) error {
	// APP0 (JFIF) and APP14 (Adobe) only say how the colours are coded.
	h.Traces = h.Traces || (marker > 0xe0 && marker <= 0xef && marker != 0xee) || marker == 0xfe
	switch {
	case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc: // SOF
		b, err := src.small(at, 5)
		if err != nil {
			return err
		}
		h.grow(int64(binary.BigEndian.Uint16(b[3:])), int64(binary.BigEndian.Uint16(b[1:])))
	case marker == 0xe1 || marker == 0xed:
		b, err := src.bytes(at, n)
		if err != nil {
			return err
		}
		keepSegment(&h.meta, b)
	}
	return nil
}

func keepSegment(m *metadata, b []byte) {
	const xmp = "http://ns.adobe.com/xap/1.0/\x00"
	switch {
	case m.exif == nil && bytes.HasPrefix(b, []byte("Exif\x00")) && len(b) > 6:
		m.exif = b[6:]
	case m.xmp == nil && bytes.HasPrefix(b, []byte(xmp)):
		m.xmp = b[len(xmp):]
	case m.iptc == nil && bytes.HasPrefix(b, []byte("Photoshop 3.0\x00")):
		m.iptc = b[14:]
	}
}
