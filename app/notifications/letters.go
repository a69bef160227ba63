package notifications

import (
	"bytes"
	_ "embed"
	"html/template"
	"strings"
	texttemplate "text/template"
)

// letter is what a mail says; both of its versions are made from it.
type letter struct {
	Kind    string
	Subject string
	Lead    string // the first paragraph
	Quote   string // what a moderator wrote; set apart, empty for most
	Links   []link
	Close   string // the last paragraph
	Host    string // the site's, in the signature
	// Stop is the link that ends mails of this kind, and Choose where one chooses
	// what to hear; both are empty for mails that must be.
	Stop   string
	Choose string
}

// link is a line of its own: where it leads, and what for.
type link struct {
	Label string
	URL   string
}

// QuoteLines is the quotation as lines.
func (l letter) QuoteLines() []string {
	if l.Quote == "" {
		return nil
	}
	return strings.Split(l.Quote, "\n")
}

//go:embed letter.html.tmpl
var htmlSource string

//go:embed letter.txt.tmpl
var textSource string

var (
	htmlTemplate = template.Must(template.New("letter.html").Parse(htmlSource))
	textTemplate = texttemplate.Must(texttemplate.New("letter.txt").Parse(textSource))
)

func (l letter) render() (text, html string, err error) {
	var t, h bytes.Buffer
	if err := textTemplate.Execute(&t, l); err != nil {
		return "", "", err
	}
	if err := htmlTemplate.Execute(&h, l); err != nil {
		return "", "", err
	}
	return t.String(), h.String(), nil
}

func (s *Service) signupLetter(token string) letter {
	return letter{
		Kind: "signup", Subject: "Open your studio on Vitrine", Host: s.host,
		Lead:  "Somebody, we hope you, signed up on Vitrine with this address. Open the link below to say that it is yours; your studio is ready then.",
		Links: []link{{"Confirm this address", s.base + "/verify/" + token}},
		Close: "The link works once, for 24 hours. If it was not you, do nothing: without the link there is no account.",
	}
}

func (s *Service) knownLetter() letter {
	return letter{
		Kind: "signup_known", Subject: "You have an account on Vitrine already", Host: s.host,
		Lead:  "Somebody, we hope you, signed up on Vitrine with this address. It has an account already, so nothing was changed.",
		Links: []link{{"Sign in", s.base + "/login"}, {"Choose a new password", s.base + "/reset"}},
		Close: "If it was not you, you need do nothing.",
	}
}

func (s *Service) resetLetter(token string) letter {
	return letter{
		Kind: "reset", Subject: "A new password for Vitrine", Host: s.host,
		Lead:  "Somebody, we hope you, asked for a new password for this address. Open the link below to choose one.",
		Links: []link{{"Choose a new password", s.base + "/reset/" + token}},
		Close: "The link works once, for an hour. If it was not you, do nothing: your password stays as it is.",
	}
}

func (s *Service) passwordLetter() letter {
	return letter{
		Kind: "password_changed", Subject: "Your password on Vitrine was changed", Host: s.host,
		Lead:  "Your account has a new password, and all other devices were signed out.",
		Links: []link{{"Choose another password", s.base + "/reset"}},
		Close: "If it was you, you need do nothing. If not, choose another password now: whoever has your mailbox had this one.",
	}
}
