package mediafile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"vitrine/app/fault"
)

// identity is what a refused file is, in words for people.
type identity struct {
	what   string // "a program"
	advice string // a sentence, may be empty
	media  bool   // it is a picture or a film, only not one that we take
}

const exportPicture = "Export it as JPEG or PNG and upload that."
const exportFilm = "Export it as MP4, MOV or WebM and upload that."

var (
	isEmpty        = identity{what: "empty", advice: "Check that it opens on your device, then upload it again."}
	isSVG          = identity{what: "an SVG drawing", media: true, advice: "SVG files can carry scripts, so they are not accepted. Export it as PNG and upload that."}
	isProgram      = identity{what: "a program", advice: "Only pictures and films can be uploaded."}
	isScript       = identity{what: "a script", advice: "Only pictures and films can be uploaded."}
	isArchive      = identity{what: "an archive", advice: "Unpack it and upload the pictures and films inside."}
	isHTML         = identity{what: "a web page", advice: "Save the picture itself and upload that."}
	isXML          = identity{what: "an XML document", advice: "Only pictures and films can be uploaded."}
	isPDF          = identity{what: "a PDF document", advice: "Export its pages as JPEG or PNG and upload those."}
	isPlaylist     = identity{what: "a playlist that only names other files", advice: "Upload the film itself as MP4, MOV or WebM."}
	isAudio        = identity{what: "a sound recording", advice: "Only pictures and films can be uploaded."}
	isTIFF         = identity{what: "a TIFF picture", media: true, advice: exportPicture}
	isRaw          = identity{what: "a RAW camera file", media: true, advice: exportPicture}
	isPhotoshop    = identity{what: "a Photoshop document", media: true, advice: exportPicture}
	isOtherPicture = identity{what: "a picture in a format that is not accepted", media: true, advice: exportPicture}
	isMatroska     = identity{what: "a Matroska film", media: true, advice: exportFilm}
	isOtherFilm    = identity{what: "a film in a format that is not accepted", media: true, advice: exportFilm}
	isText         = identity{what: "a text file", advice: "Only pictures and films can be uploaded."}
	isUnknown      = identity{what: "of an unknown kind", advice: "Pictures can be JPEG, PNG, WebP, AVIF, GIF or HEIC, films MP4, MOV or WebM."}
)

// refuse makes the sentence: "photo.jpg is not a picture: it is a program. …"
func refuse(name string, is identity) error {
	shown := shownName(name)
	claim := claimOf(name)
	if is.media || is == isEmpty || is == isUnknown || shown == "" || claim == "" {
		return fault.Newf(fault.Invalid, "%s is %s. %s", orThisFile(shown), is.what, is.advice)
	}
	return fault.Newf(fault.Invalid, "%s is not a %s: it is %s. %s", shown, claim, is.what, is.advice)
}

func orThisFile(shown string) string {
	if shown == "" {
		return "This file"
	}
	return shown
}

// claimOf says what a name claims its file to be: "picture", "film" or nothing.
func claimOf(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".jpg", ".jpeg", ".jpe", ".png", ".webp", ".avif", ".gif", ".heic", ".heif":
		return "picture"
	case ".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi":
		return "film"
	}
	return ""
}

// shownName is the last element of a name without anything that could disturb
// the sentence around it, at most 80 characters.
func shownName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = cleanText(name)
	if runes := []rune(name); len(runes) > 80 {
		name = string(runes[:60]) + "…" + string(runes[len(runes)-19:])
	}
	return name
}

// signatures are fixed bytes at the start of files that are not taken, in order.
var signatures = []struct {
	magic string
	is    identity
}{
	{"\x7fELF", isProgram}, {"MZ", isProgram}, {"\xfe\xed\xfa\xce", isProgram}, {"\xfe\xed\xfa\xcf", isProgram},
	{"\xce\xfa\xed\xfe", isProgram}, {"\xcf\xfa\xed\xfe", isProgram}, {"\xca\xfe\xba\xbe", isProgram},
	{"\x00asm", isProgram}, {"dex\n03", isProgram},
	{"#!", isScript}, {"<?php", isScript}, {"@echo", isScript},
	{"PK\x03\x04", isArchive}, {"PK\x05\x06", isArchive}, {"Rar!\x1a\x07", isArchive}, {"7z\xbc\xaf\x27\x1c", isArchive},
	{"\x1f\x8b", isArchive}, {"BZh", isArchive}, {"\xfd7zXZ\x00", isArchive}, {"\x28\xb5\x2f\xfd", isArchive},
	{"MSCF", isArchive}, {"!<arch>\n", isArchive},
	{"%PDF-", isPDF}, {"%!PS", isPDF},
	{"#EXTM3U", isPlaylist}, {"ffconcat version", isPlaylist}, {"[playlist]", isPlaylist}, {"v=0\r\n", isPlaylist},
	{"ID3", isAudio}, {"OggS", isAudio}, {"fLaC", isAudio}, {"MThd", isAudio}, {"\xff\xfb", isAudio}, {"\xff\xf3", isAudio},
	{"\xff\xf2", isAudio}, {"\xff\xfa", isAudio}, {"\xff\xf1", isAudio}, {"\xff\xf9", isAudio}, {"#!AMR", isAudio},
	{"II*\x00\x10\x00\x00\x00CR", isRaw}, {"IIRO", isRaw}, {"IIU\x00", isRaw}, {"FUJIFILMCCD-RAW", isRaw}, {"FOVb", isRaw},
	{"II*\x00", isTIFF}, {"MM\x00*", isTIFF}, {"II+\x00", isTIFF}, {"MM\x00+", isTIFF},
	{"8BPS", isPhotoshop}, {"\x00\x00\x01\x00", isOtherPicture}, {"\xff\x0a", isOtherPicture},
	{"\x00\x00\x00\x0cJXL ", isOtherPicture}, {"\x00\x00\x00\x0cjP  ", isOtherPicture}, {"gimp xcf", isOtherPicture},
	{"\x76\x2f\x31\x01", isOtherPicture}, {"#?RADIANCE", isOtherPicture}, {"qoif", isOtherPicture},
	{"FLV\x01", isOtherFilm}, {"\x30\x26\xb2\x75", isOtherFilm}, {"\x00\x00\x01\xba", isOtherFilm}, {"\x00\x00\x01\xb3", isOtherFilm},
}

// recognise names what the head of a file is, when it is none of our formats.
func recognise(head []byte) identity {
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.magic)) && !(s.magic == "@echo" && !isPlainText(head)) {
			return s.is
		}
	}
	switch {
	case len(head) >= 12 && string(head[:4]) == "RIFF":
		if string(head[8:12]) == "AVI " {
			return isOtherFilm
		}
		return isAudio
	case len(head) >= 12 && string(head[:4]) == "FORM":
		return isAudio
	case len(head) > 262 && string(head[257:262]) == "ustar":
		return isArchive
	case len(head) > 376 && head[0] == 0x47 && head[188] == 0x47 && head[376] == 0x47:
		return isOtherFilm
	case len(head) >= 14 && string(head[:2]) == "BM" && binary.LittleEndian.Uint32(head[6:]) == 0:
		return isOtherPicture
	case bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")):
		return isPDF
	}
	return recogniseText(head)
}

// recogniseText looks at markup and text, which may begin with spaces, a byte
// order mark, a comment or a declaration, and may be UTF-16.
func recogniseText(head []byte) identity {
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		head = bytes.ReplaceAll(head[2:], []byte{0}, nil)
	}
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	text := bytes.ToLower(bytes.TrimLeft(head, " \t\r\n\x00"))
	has := func(s string) bool { return bytes.Contains(text, []byte(s)) }
	if bytes.HasPrefix(text, []byte("<")) {
		switch {
		case has("<svg") || has(":svg "):
			return isSVG
		case has("<mpd") || has("<smoothstreamingmedia") || has("<asx") || has("<playlist") || has("<smil"):
			return isPlaylist
		case has("<!doctype html") || has("<html") || has("<head") || has("<body") || has("<script") || has("<iframe") || has("<div"):
			return isHTML
		case has("<?php"):
			return isScript
		case bytes.HasPrefix(text, []byte("<?xml")) || bytes.HasPrefix(text, []byte("<!")):
			return isXML
		}
	}
	switch {
	case bytes.HasPrefix(text, []byte("#extm3u")), bytes.HasPrefix(text, []byte("ffconcat version")):
		return isPlaylist
	case bytes.HasPrefix(text, []byte("%pdf-")):
		return isPDF
	case isPlainText(head):
		return isText
	}
	return isUnknown
}

// isPlainText allows the last character to be cut by the end of the head.
func isPlainText(head []byte) bool {
	for len(head) > 0 {
		r, n := utf8.DecodeRune(head)
		if r == utf8.RuneError && n == 1 {
			return len(head) < utf8.UTFMax && !utf8.FullRune(head)
		}
		if unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' && r != '\f' {
			return false
		}
		head = head[n:]
	}
	return true
}

// Count writes a number as people read it: 40,000.
func Count(n int64) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// Bytes writes a number of bytes as people read it: 1.9 MB.
func Bytes(n int64) string {
	switch {
	case n >= 1_000_000_000:
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	case n >= 1_000_000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	case n >= 1000:
		return fmt.Sprintf("%d KB", n/1000)
	case n == 1:
		return "1 byte"
	}
	return fmt.Sprintf("%d bytes", n)
}
