package media

import (
	"path/filepath"
	"strings"
	"unicode"

	"vitrine/app/platform/text"
)

const maxFilename = 200

// cleanName makes what a browser calls a file fit to be shown: the last part of
// a path, one line, without the marks that turn the direction of writing (they
// make "gpj.exe" look like a picture), and short. It is never used as a path.
func cleanName(name string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, name)
	name = text.Line(name)
	if text.Blank(name) {
		return "Unnamed file"
	}
	if runes := []rune(name); len(runes) > maxFilename {
		ext := []rune(filepath.Ext(name))
		if len(ext) > 10 {
			ext = nil
		}
		name = string(runes[:maxFilename-len(ext)-1]) + "…" + string(ext)
	}
	return name
}

// declaredFilm tells whether a file says of itself that it is a film. It decides
// how large it may be until its bytes have been looked at.
func declaredFilm(contentType, name string) bool {
	if strings.HasPrefix(strings.ToLower(contentType), "video/") {
		return true
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".mp4", ".m4v", ".mov", ".qt", ".webm":
		return true
	}
	return false
}
