package show

import (
	"regexp"
	"strings"
	"time"

	"vitrine/web/views"
)

// link finds addresses in plain text. What may end a sentence or a bracket is
// not part of one.
var link = regexp.MustCompile(`https?://[^\s<>"'\x60]+`)

// Paragraphs splits what a studio wrote into paragraphs, lines and links. The
// text itself is never HTML; the view escapes each piece.
func Paragraphs(text string) []views.Paragraph {
	var out []views.Paragraph
	for block := range strings.SplitSeq(text, "\n\n") {
		if block = strings.TrimSpace(block); block == "" {
			continue
		}
		var p views.Paragraph
		for line := range strings.SplitSeq(block, "\n") {
			p = append(p, pieces(line))
		}
		out = append(out, p)
	}
	return out
}

func pieces(line string) []views.Piece {
	var out []views.Piece
	end := 0
	for _, at := range link.FindAllStringIndex(line, -1) {
		url := trimLink(line[at[0]:at[1]])
		if at[0] > end {
			out = append(out, views.Piece{Text: line[end:at[0]]})
		}
		out = append(out, views.Piece{Text: strings.TrimPrefix(strings.TrimPrefix(url, "https://"), "http://"), URL: url})
		end = at[0] + len(url)
	}
	if end < len(line) {
		out = append(out, views.Piece{Text: line[end:]})
	}
	return out
}

// trimLink leaves out the sentence's own punctuation, and a closing bracket that
// was opened before the address.
func trimLink(url string) string {
	for {
		short := strings.TrimRight(url, ".,;:!?…»”’")
		if strings.HasSuffix(short, ")") && strings.Count(short, ")") > strings.Count(short, "(") {
			short = short[:len(short)-1]
		}
		if short == url {
			return url
		}
		url = short
	}
}

// credits reads one credit per line, "Role: names"; a line without a role is
// under "Credits".
func credits(text string) (out []views.Credit) {
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		role, names, ok := strings.Cut(line, ":")
		role, names = strings.TrimSpace(role), strings.TrimSpace(names)
		const longestRole = 40
		if !ok || role == "" || names == "" || len([]rune(role)) > longestRole || strings.HasPrefix(names, "//") {
			role, names = "Credits", line
		}
		out = append(out, views.Credit{Role: role, Names: names})
	}
	return out
}

// Summary is the beginning of a text in one line, for a description.
func Summary(text, otherwise string) string {
	const most = 200
	line := strings.Join(strings.Fields(text), " ")
	if line == "" {
		return otherwise
	}
	runes := []rune(line)
	if len(runes) <= most {
		return line
	}
	short := string(runes[:most])
	if i := strings.LastIndexByte(short, ' '); i > most/2 {
		short = short[:i]
	}
	return strings.TrimRight(short, " .,;:") + "…"
}

// day writes a date as people say it, in UTC.
func day(t time.Time) string { return t.UTC().Format("2 January 2006") }
