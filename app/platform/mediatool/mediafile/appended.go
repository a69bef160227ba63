package mediafile

import (
	"bytes"
	"encoding/binary"
	"io"

	"vitrine/app/fault"
)

// A file that other programs would open as something else than the picture or
// film it shows is refused; see "Polyglots" in package mediatool.

// markup is looked for in any case. Each needle is long enough not to appear by
// chance in 50 MB of compressed pixels.
var markup = []struct {
	needle string
	what   string
}{
	{"<script", "a script"}, {"<html", "a web page"}, {"<!doctype html", "a web page"},
	{"<iframe", "a web page"}, {"<?php", "a script"},
}

// attachments are looked for after the end of a picture.
var attachments = []struct {
	needle string
	what   string
}{
	{"%PDF-", "a PDF document"}, {"Rar!\x1a\x07", "an archive"}, {"7z\xbc\xaf\x27\x1c", "an archive"},
	{"\x7fELF\x02\x01\x01", "a program"}, {"\x7fELF\x01\x01\x01", "a program"},
	{"This program cannot be run in DOS mode", "a program"},
}

// CheckAppended refuses polyglots (fault.Invalid). end is where the picture or
// film ends, from Header.End or FilmEnd, 0 when that is not known; the name
// serves the message alone.
func CheckAppended(r io.ReaderAt, size int64, format Format, end int64, name string) error {
	what, err := foreign(newSource(r, size), format, end)
	if err != nil {
		return err
	}
	if what == "" {
		return nil
	}
	kind := "picture"
	if format.Kind() == KindVideo {
		kind = "film"
	}
	return fault.Newf(fault.Invalid, "%s is a %s that also contains %s, so it is not accepted. Export the %s again and upload that.",
		orThisFile(shownName(name)), kind, what, kind)
}

// foreign names what else the file is, or nothing.
func foreign(src source, format Format, end int64) (what string, err error) {
	head, err := src.upTo(0, 64<<10)
	if err != nil {
		return "", err
	}
	// PDF readers accept their signature anywhere in the first kilobyte.
	if bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")) {
		return "a PDF document", nil
	}
	if startsAsScript(format, head) {
		return "a script", nil
	}
	zip, err := endsAsZIP(src)
	if err != nil {
		return "", err
	}
	if zip {
		return "an archive", nil
	}
	if what, err = appendix(src, end); what != "" || err != nil {
		return what, err
	}
	// A film's gigabytes are not searched: what runs must stand near an end.
	regions := [][2]int64{{0, src.size}}
	if format.Kind() == KindVideo {
		regions = [][2]int64{{0, 64 << 10}, {max(0, src.size-64<<10), src.size}}
	}
	for _, r := range regions {
		if what, err = hasMarkup(src, r[0], r[1]); what != "" || err != nil {
			return what, err
		}
	}
	return "", nil
}

// startsAsScript knows the two tricks that make a picture valid JavaScript: a
// size or length field that reads as the start of a comment or assignment.
func startsAsScript(format Format, head []byte) bool {
	switch {
	case format == FormatGIF && len(head) > 8:
		return string(head[6:8]) == "/*" || string(head[6:8]) == "//" || (head[6] == '=' && head[7] > ' ' && head[7] < 0x7f)
	case format == FormatJPEG && len(head) > 6 && string(head[4:6]) == "/*":
		// As a length it is 12,074, which an EXIF block may have by chance.
		return head[3] == 0xe0 || bytes.Contains(head[6:min(len(head), 12_200)], []byte("*/"))
	}
	return false
}

// endsAsZIP looks for an end-of-central-directory record that points at a real
// directory: what every program that opens ZIP files goes by.
func endsAsZIP(src source) (bool, error) {
	const record, longest = 22, 65535
	from := max(0, src.size-record-longest)
	tail, err := src.upTo(from, record+longest)
	if err != nil {
		return false, err
	}
	for at := len(tail); ; {
		at = bytes.LastIndex(tail[:at], []byte("PK\x05\x06"))
		if at < 0 {
			return false, nil
		}
		if at+record > len(tail) {
			continue
		}
		directory := int64(binary.LittleEndian.Uint32(tail[at+12:]))
		start := from + int64(at) - directory
		b, err := src.upTo(max(0, start), 4)
		if err != nil {
			return false, err
		}
		if start >= 0 && (directory == 0 || string(b) == "PK\x01\x02") {
			return true, nil
		}
	}
}

// appendix names what follows the end of a picture, when that is not harmless.
func appendix(src source, end int64) (what string, err error) {
	if end <= 0 || end >= src.size {
		return "", nil
	}
	b, err := src.upTo(end, sniffBytes)
	if err != nil {
		return "", err
	}
	b = bytes.TrimLeft(b, "\x00 \t\r\n")
	if len(b) >= 8 && string(b[4:8]) != "ftyp" {
		switch is := recognise(b); is {
		case isProgram, isScript, isArchive, isHTML, isPDF, isSVG, isPlaylist:
			return is.what, nil
		}
	}
	for _, a := range attachments {
		at, err := src.find(end, src.size, []byte(a.needle))
		if err != nil {
			return "", err
		}
		if at >= 0 {
			return a.what, nil
		}
	}
	return "", nil
}

func hasMarkup(src source, from, to int64) (what string, err error) {
	err = src.each(from, to, 16, func(_ int64, piece []byte) bool {
		for i := 0; i < len(piece); i++ {
			skip := bytes.IndexByte(piece[i:], '<')
			if skip < 0 {
				return false
			}
			i += skip
			for _, m := range markup {
				if rest := piece[i:]; len(rest) >= len(m.needle) && bytes.EqualFold(rest[:len(m.needle)], []byte(m.needle)) {
					what = m.what
					return true
				}
			}
		}
		return false
	})
	return what, err
}
