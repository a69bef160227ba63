package views

import (
	"strconv"
	"time"

	"vitrine/web/page"
)

// ErrorView is what an error page says. Only Status is needed: heading, message
// and ways on follow from it. Message is safe to show: a sentence for people.
type ErrorView struct {
	Status     int
	Heading    string
	Message    string
	RetryAfter time.Duration // 0: not said
	Again      *Resend       // the form that was sent, to send it once more
	Reference  string        // what to quote when asking for help, such as a request id
}

// Resend is a form that could not be carried out, as it was sent.
type Resend struct {
	Action string
	Fields []ResendField
	Files  bool // it brought files, which have to be chosen again
}

// ResendField is one field of it.
type ResendField struct{ Name, Value string }

// errorWords are the words of one status: what hangs (or does not) on the wall.
type errorWords struct {
	heading, message string
	label, medium    string // of the empty frame
}

func wordsFor(status int) errorWords {
	switch status {
	case 401:
		return errorWords{"Please sign in", "This room is for members. Sign in, and you will be led back here.", "Untitled (401)", "Closed door, key at the desk"}
	case 403:
		return errorWords{"This room is private", "It belongs to a studio that you are not a member of, or your role does not reach this far. Ask its owner to let you in.", "Private view (403)", "Curtain, by invitation"}
	case 404:
		return errorWords{"Nothing hangs here", "The work was taken down, or the address has a slip in it. The rest of the house is open.", "Untitled (404)", "Empty wall, dimensions vary"}
	case 409:
		return errorWords{"Somebody was here first", "This has changed since you opened the page. Go back, load it again, and repeat what you did.", "Two hands (409)", "Palimpsest, unfinished"}
	case 413:
		return errorWords{"That is too large", "The file or form is larger than this page takes. Choose a smaller one and send it again.", "Oversize (413)", "Did not fit through the door"}
	case 400, 422:
		return errorWords{"That did not go through", "Something in what was sent cannot be used. Go back: what you typed is still there to correct.", "Proof (" + strconv.Itoa(status) + ")", "Ink on paper, with corrections"}
	case 429:
		return errorWords{"One moment, please", "Many requests came from here in a short time. Wait a little, then try again.", "Queue (429)", "Rope and brass posts"}
	case 503:
		return errorWords{"We will be right back", "Vitrine cannot answer just now. Nothing is lost. Try again in a moment.", "Rehanging (503)", "Ladder, level, two nails"}
	default:
		return errorWords{"Something broke on our side", "It has been written down. Nothing that was saved is lost. Try again, or come back in a while.", "Study for a fall (" + strconv.Itoa(status) + ")", "Broken glass, being swept up"}
	}
}

func (v ErrorView) heading() string { return first(v.Heading, wordsFor(v.Status).heading) }

func (v ErrorView) message() string { return first(v.Message, wordsFor(v.Status).message) }

// lookable: a search helps who lost the way; it cannot help where the page could
// not be made at all.
func (v ErrorView) lookable() bool { return v.Status == 404 }

// repeatable: asking for the same address again may succeed.
func (v ErrorView) repeatable() bool { return v.Status == 429 || v.Status >= 500 }

// wait says when the next try makes sense; empty when it is not known.
func (v ErrorView) wait() string {
	seconds := int((v.RetryAfter + time.Second - 1) / time.Second)
	switch {
	case seconds <= 0:
		return ""
	case seconds == 1:
		return "Next try: in a second."
	case seconds < 90:
		return "Next try: in " + number(seconds) + " seconds."
	case seconds < 3600:
		return "Next try: in " + number((seconds+59)/60) + " minutes."
	default:
		return "Next try: in about " + number((seconds+3599)/3600) + " hours."
	}
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// titled gives the page its title unless it has one, and keeps it out of indexes.
func titled(b page.Base, v ErrorView) page.Base {
	b.Title = first(b.Title, v.heading())
	b.NoIndex = true
	b.OpenGraph = nil
	return b
}
