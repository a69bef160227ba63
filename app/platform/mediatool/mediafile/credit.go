package mediafile

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// maxText is the longest credit or copyright in characters.
const maxText = 200

type exifText struct {
	orientation        int
	artist, copyrights string
}

// parseEXIF reads three tags of the first directory. Every offset is checked;
// what cannot be read is left out, since damaged EXIF surrounds sound pictures.
func parseEXIF(b []byte) (out exifText) {
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case len(b) < 8:
		return out
	case string(b[:4]) == "MM\x00*":
		order = binary.BigEndian
	case string(b[:4]) != "II*\x00":
		return out
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return out
	}
	entries := int64(order.Uint16(b[at:]))
	for i := range min(entries, 512) {
		e := at + 2 + i*12
		if e+12 > int64(len(b)) {
			return out
		}
		tag, kind := order.Uint16(b[e:]), order.Uint16(b[e+2:])
		n, value := int64(order.Uint32(b[e+4:])), b[e+8:e+12]
		if tag == 0x0112 && kind == 3 && n == 1 {
			if o := int(order.Uint16(value)); o >= 1 && o <= 8 {
				out.orientation = o
			}
			continue
		}
		if n > 4 {
			from := int64(order.Uint32(value))
			if n > 4096 || from+n > int64(len(b)) {
				continue
			}
			value = b[from : from+n]
		} else {
			value = value[:n]
		}
		switch {
		case tag == 0x013b && kind == 2 && out.artist == "":
			out.artist = anyText(value)
		case tag == 0x8298 && kind == 2:
			// photographer, 0, editor
			out.copyrights = strings.ReplaceAll(strings.TrimRight(anyText(value), "\x00 "), "\x00", "; ")
		case tag == 0x9c9d && kind == 1 && out.artist == "": // XPAuthor
			out.artist = littleUTF16(value)
		}
	}
	return out
}

func littleUTF16(b []byte) string {
	units := make([]uint16, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		units = append(units, binary.LittleEndian.Uint16(b))
	}
	return string(utf16.Decode(units))
}

type credits struct{ credit, copyrights string }

// parseIPTC reads Photoshop's resource blocks up to the IPTC record (0x0404):
// by-line or credit, and the copyright notice.
func parseIPTC(b []byte) (out credits) {
	for len(b) >= 12 && string(b[:4]) == "8BIM" {
		id, name := binary.BigEndian.Uint16(b[4:]), 1+int(b[6])
		at := 6 + name + name&1
		if at+4 > len(b) {
			return out
		}
		n := int64(binary.BigEndian.Uint32(b[at:]))
		at += 4
		if n > int64(len(b)-at) {
			return out
		}
		data := b[at : at+int(n)]
		if id == 0x0404 {
			return parseRecords(data)
		}
		b = b[min(len(b), at+int(n+n&1)):]
	}
	return out
}

func parseRecords(b []byte) (out credits) {
	for len(b) >= 5 && b[0] == 0x1c {
		n := int(binary.BigEndian.Uint16(b[3:]))
		if 5+n > len(b) {
			return out
		}
		text := anyText(b[5 : 5+n])
		switch {
		case b[1] == 2 && b[2] == 80 && out.credit == "", b[1] == 2 && b[2] == 110 && out.credit == "":
			out.credit = text
		case b[1] == 2 && b[2] == 116:
			out.copyrights = text
		}
		b = b[5+n:]
	}
	return out
}

// parseXMP reads dc:creator, photoshop:Credit and dc:rights. Go's XML decoder
// knows no external entities, so nothing outside the block is ever read.
func parseXMP(b []byte) (out credits) {
	const dc, photoshop = "http://purl.org/dc/elements/1.1/", "http://ns.adobe.com/photoshop/1.0/"
	d := xml.NewDecoder(bytes.NewReader(b))
	d.Strict = false
	field, depth := (*string)(nil), 0
	for range 20_000 {
		token, err := d.Token()
		if err != nil {
			return out
		}
		switch e := token.(type) {
		case xml.StartElement:
			if field != nil {
				depth++
				continue
			}
			for _, a := range e.Attr {
				if a.Name.Space == photoshop && a.Name.Local == "Credit" && out.credit == "" {
					out.credit = a.Value
				}
			}
			switch e.Name {
			case xml.Name{Space: dc, Local: "creator"}:
				field, depth, out.credit = &out.credit, 0, ""
			case xml.Name{Space: dc, Local: "rights"}:
				field, depth, out.copyrights = &out.copyrights, 0, ""
			}
		case xml.EndElement:
			if field != nil && depth == 0 {
				field = nil
			}
			depth--
		case xml.CharData:
			if text := strings.TrimSpace(string(e)); field != nil && text != "" && len(*field) < 4*maxText {
				if field == &out.copyrights && *field != "" {
					continue // the same notice in another language
				}
				if *field != "" {
					*field += ", "
				}
				*field += text
			}
		}
	}
	return out
}

// anyText reads text that does not say its encoding: UTF-8 when it is valid,
// else Latin-1.
func anyText(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	return latin1(b)
}

func latin1(b []byte) string {
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return string(runes)
}

// cleanText makes one line: spaces collapsed; control characters, those that
// turn the writing direction of what follows, and broken UTF-8 removed.
func cleanText(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || r == 0:
			return ' '
		case r == utf8.RuneError, unicode.IsControl(r), unicode.In(r, unicode.Co, unicode.Cs),
			unicode.Is(unicode.Cf, r) && r != '\u200d' && r != '\u200c': // joiners belong to scripts and emoji
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// line is cleanText of at most maxText characters.
func line(s string) string {
	s = cleanText(s)
	if runes := []rune(s); len(runes) > maxText {
		s = strings.TrimSpace(string(runes[:maxText-1])) + "…"
	}
	return s
}
