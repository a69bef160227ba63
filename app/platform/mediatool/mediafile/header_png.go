package mediafile

import (
	"bytes"
	"encoding/binary"
)

// walkPNG follows the chunks to IEND.
func walkPNG(src source, h *Header) error {
	at := int64(8)
	for first := true; ; first = false {
		b, err := src.small(at, 8)
		if err != nil {
			return err
		}
		n, kind := int64(binary.BigEndian.Uint32(b)), string(b[4:])
		if n > 1<<31-1 || first != (kind == "IHDR") {
			return errBroken
		}
		if at+12+n > src.size {
			return errShort
		}
		if err := pngChunk(src, h, kind, at+8, n); err != nil {
			return err
		}
		at += 12 + n
		if kind == "IEND" {
			h.End = at
			return nil
		}
	}
}

func pngChunk(src source, h *Header, kind string, at, n int64) error {
	if kind == "IHDR" {
		b, err := src.bytes(at, 13)
		if err != nil || n != 13 {
			return errBroken
		}
		h.grow(int64(binary.BigEndian.Uint32(b)), int64(binary.BigEndian.Uint32(b[4:])))
		return nil
	}
	switch kind {
	case "eXIf", "iTXt", "tEXt", "zTXt", "iCCP", "tIME":
		h.Traces = true
	}
	if n > maxMetadata || (kind != "eXIf" && kind != "iTXt" && kind != "tEXt") {
		return nil
	}
	b, err := src.bytes(at, n)
	if err != nil {
		return err
	}
	switch kind {
	case "eXIf":
		h.meta.exif = b
	case "iTXt":
		// keyword, 0, compressed?, method, language, 0, translated keyword, 0, text
		key, rest, _ := bytes.Cut(b, []byte{0})
		if string(key) != "XML:com.adobe.xmp" || len(rest) < 2 || rest[0] != 0 {
			return nil
		}
		_, rest, _ = bytes.Cut(rest[2:], []byte{0})
		_, h.meta.xmp, _ = bytes.Cut(rest, []byte{0})
	case "tEXt":
		key, text, _ := bytes.Cut(b, []byte{0})
		switch string(key) {
		case "Author":
			h.meta.artist = latin1(text)
		case "Copyright":
			h.meta.copyrights = latin1(text)
		}
	}
	return nil
}
