package views

import (
	"vitrine/web/assets"
	"vitrine/web/page"
	"vitrine/web/ui"
)

// Refusal is what a form says when it comes back: a message for the whole of
// it, messages at fields, or both. The zero value is a form that is new.
type Refusal struct {
	Message string
	Fields  map[string]string
}

// summary lists the messages in the order of the form's fields.
func (r Refusal) summary(order ...string) ui.ErrorSummary {
	s := ui.ErrorsOf(r.Fields, order...)
	s.Message = r.Message
	return s
}

func (r Refusal) any() bool { return r.Message != "" || len(r.Fields) > 0 }

// SetupForm is the form of the first run. No form carries a password back.
type SetupForm struct {
	Key, Token, Email, Studio string
	Demo                      bool
	Refusal                   Refusal
}

// SignupForm opens an account.
type SignupForm struct {
	Key, Name, Email string
	Refusal          Refusal
}

// LoginForm opens a session; Next is a path of ours or empty.
type LoginForm struct {
	Email, Next string
	Refusal     Refusal
}

// VerifyForm stands behind the link in a mail.
type VerifyForm struct {
	Key, Token, Email, Name string
	AskPassword             bool
	Refusal                 Refusal
}

// ResetAskForm asks for a link for a new password.
type ResetAskForm struct {
	Key, Email string
	Refusal    Refusal
}

// ResetForm stands behind that link.
type ResetForm struct {
	Key, Token, Email string
	Refusal           Refusal
}

// Notice is a page that only says something and leads on.
type Notice struct {
	Heading string
	Lead    string
	Address string // the address that the lead ends with; it is set apart
	Quote   string // what somebody else wrote, set apart
	Text    string
	Again   *Again
	Links   []ui.Link
}

// Again is a form of one button that asks for another mail.
type Again struct{ Key, Action, Label string }

// titledNotice gives the page the notice's heading, and keeps it out of indexes.
func titledNotice(b page.Base, n Notice) page.Base {
	b.Title = first(b.Title, n.Heading)
	b.NoIndex = true
	return b
}

// signupSide is the work beside the sign-up form.
func signupSide() Side {
	return Side{
		Picture: ui.Picture{
			Alt: "Four balls on a pale table: red, white, dark blue and a small yellow one", Width: 1200, Height: 1500,
			Tone: "rose-3", Src: assets.URL("sample/weights.svg"), Sizes: ui.SizesHalf,
		},
		Title: "Four Weights", By: "Studio Halden, still life, 2025",
	}
}

// passwordHint gives way to an error, which says the same or more.
func passwordHint(r Refusal) string {
	if r.Fields["password"] != "" {
		return ""
	}
	return "Ten characters at least. A short sentence works well."
}
