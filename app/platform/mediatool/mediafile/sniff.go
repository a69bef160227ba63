package mediafile

import (
	"bytes"
	"encoding/binary"
	"io"
	"slices"
	"strings"
)

const sniffBytes = 4096

// Sniff tells the format of a file by its first bytes. What is not one of the
// nine formats is refused (fault.Invalid) with a sentence that says what it is
// and what to do. The name, which may be empty, serves that sentence alone:
// neither it nor a declared media type is believed.
func Sniff(r io.ReaderAt, size int64, name string) (Format, error) {
	if size == 0 {
		return "", refuse(name, isEmpty)
	}
	src := newSource(r, size)
	head, err := src.upTo(0, sniffBytes)
	if err != nil {
		return "", err
	}
	if f, ok := sniffPicture(head); ok {
		return f, nil
	}
	if len(head) >= 12 && string(head[4:8]) == "ftyp" {
		f, is := sniffBrands(head)
		if f == "" {
			return "", refuse(name, is)
		}
		return f, nil
	}
	if isOldQuickTime(head, size) {
		return FormatMOV, nil
	}
	if bytes.HasPrefix(head, []byte("\x1aE\xdf\xa3")) {
		if docType(head) == "webm" {
			return FormatWebM, nil
		}
		return "", refuse(name, isMatroska)
	}
	return "", refuse(name, recognise(head))
}

func sniffPicture(head []byte) (Format, bool) {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return FormatJPEG, true
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return FormatPNG, true
	case bytes.HasPrefix(head, []byte("GIF87a")), bytes.HasPrefix(head, []byte("GIF89a")):
		return FormatGIF, true
	case len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		return FormatWebP, true
	}
	return "", false
}

// sniffBrands reads an ISO base media file's ftyp box: the major brand decides,
// then the compatible ones, because writers invent major brands.
func sniffBrands(head []byte) (Format, identity) {
	end := min(int(binary.BigEndian.Uint32(head)), len(head))
	brands := []string{string(head[8:12])}
	for at := 16; at+4 <= end && len(brands) < 64; at += 4 {
		brands = append(brands, string(head[at:at+4]))
	}
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(brands, n) })
	}
	major := brands[0]
	switch {
	case major == "crx ":
		return "", isRaw
	case strings.HasPrefix(major, "M4A"), strings.HasPrefix(major, "M4B"), strings.HasPrefix(major, "M4P"):
		return "", isAudio
	case major == "avif" || major == "avis":
		return FormatAVIF, identity{}
	case slices.Contains([]string{"heic", "heix", "heim", "heis", "hevc", "hevx"}, major):
		return FormatHEIC, identity{}
	case major == "mif1" || major == "msf1" || major == "miaf":
		if has("avif", "avis") {
			return FormatAVIF, identity{}
		}
		if has("heic", "heix", "heim", "heis", "hevc") {
			return FormatHEIC, identity{}
		}
		return "", isOtherPicture
	case major == "qt  ":
		return FormatMOV, identity{}
	case has("isom", "iso2", "iso3", "iso4", "iso5", "iso6", "iso7", "iso8", "iso9", "mp41", "mp42", "mp71",
		"avc1", "hvc1", "M4V ", "M4VH", "M4VP", "MSNV", "XAVC", "dash", "mmp4", "f4v "),
		strings.HasPrefix(major, "3gp"), strings.HasPrefix(major, "3g2"):
		return FormatMP4, identity{}
	}
	return "", isUnknown
}

// isOldQuickTime accepts the films of before ftyp existed: they begin with one of
// a few boxes whose size fits the file.
func isOldQuickTime(head []byte, size int64) bool {
	if len(head) < 16 {
		return false
	}
	n := int64(binary.BigEndian.Uint32(head))
	switch string(head[4:8]) {
	case "moov", "mdat", "wide", "free", "skip", "pnot":
		return n == 0 || n == 1 || (n >= 8 && n <= size)
	}
	return false
}

// docType finds the DocType element (0x4282) in an EBML head.
func docType(head []byte) string {
	at := bytes.Index(head, []byte("\x42\x82"))
	if at < 0 || at+3 > len(head) || head[at+2]&0x80 == 0 {
		return ""
	}
	n := int(head[at+2] & 0x7f)
	if at+3+n > len(head) {
		return ""
	}
	return strings.TrimRight(string(head[at+3:at+3+n]), "\x00")
}
