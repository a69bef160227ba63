package mediafile

import (
	"bytes"
	"encoding/binary"
)

// walkWebP follows the RIFF chunks. The canvas of VP8X and the size inside each
// bitstream may disagree in a hostile file: the larger counts.
func walkWebP(src source, h *Header) error {
	b, err := src.bytes(0, 12)
	if err != nil {
		return err
	}
	end := 8 + int64(binary.LittleEndian.Uint32(b[4:]))
	if end > src.size {
		return errShort
	}
	for at := int64(12); at+8 <= end; {
		if b, err = src.small(at, 8); err != nil {
			return err
		}
		n := int64(binary.LittleEndian.Uint32(b[4:]))
		if at+8+n > end {
			return errBroken
		}
		if err := webpChunk(src, h, string(b[:4]), at+8, n); err != nil {
			return err
		}
		at += 8 + n + n&1
	}
	h.End = end
	return nil
}

func webpChunk(src source, h *Header, kind string, at, n int64) error {
	if kind == "ANMF" && n > 24 { // a frame: 16 bytes of its own, then chunks
		b, err := src.small(at+16, 8)
		if err != nil {
			return err
		}
		if inner := string(b[:4]); inner == "VP8 " || inner == "VP8L" {
			return webpChunk(src, h, inner, at+24, n-24)
		}
		return nil
	}
	h.Traces = h.Traces || kind == "EXIF" || kind == "XMP " || kind == "ICCP"
	if n > maxMetadata && (kind == "EXIF" || kind == "XMP ") {
		return nil
	}
	want := map[string]int64{"VP8X": 10, "VP8L": 5, "VP8 ": 10, "EXIF": n, "XMP ": n}[kind]
	if want == 0 {
		return nil
	}
	if n < want {
		return errBroken
	}
	b, err := src.bytes(at, want)
	if err != nil {
		return err
	}
	switch kind {
	case "VP8X":
		h.grow(1+uint24(b[4:]), 1+uint24(b[7:]))
	case "VP8L":
		bits := int64(binary.LittleEndian.Uint32(b[1:]))
		h.grow(1+bits&0x3fff, 1+bits>>14&0x3fff)
	case "VP8 ":
		h.grow(int64(binary.LittleEndian.Uint16(b[6:])&0x3fff), int64(binary.LittleEndian.Uint16(b[8:])&0x3fff))
	case "EXIF":
		h.meta.exif = bytes.TrimPrefix(b, []byte("Exif\x00\x00"))
	case "XMP ":
		h.meta.xmp = b
	}
	return nil
}

func uint24(b []byte) int64 { return int64(b[0]) | int64(b[1])<<8 | int64(b[2])<<16 }
