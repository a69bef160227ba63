package views

import (
	"strings"
	"time"
)

// MailEntry is a line of the mailbox.
type MailEntry struct {
	ID, To, Subject, State string
	At                     time.Time
}

// MailView is one mail. Base is the start of the links that may be followed.
type MailView struct {
	MailEntry
	Text, Error, Base string
}

// mailLine is a line of a mail's text; a link when URL is set.
type mailLine struct{ Text, URL string }

// lines finds the links of this site, each of which stands on a line of its
// own. Other addresses stay text.
func (m MailView) lines() []mailLine {
	var out []mailLine
	for line := range strings.Lines(strings.TrimSpace(m.Text)) {
		l := mailLine{Text: strings.TrimSpace(line)}
		if m.Base != "" && strings.HasPrefix(l.Text, m.Base+"/") && !strings.ContainsAny(l.Text, " \t") {
			l.URL = l.Text
		}
		out = append(out, l)
	}
	return out
}

// clockTime is when a mail was written, to the second: several come in a row.
func clockTime(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04:05 UTC") }

func machineTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }
