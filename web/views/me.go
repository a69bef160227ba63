package views

import (
	"strconv"
	"time"

	"vitrine/web/ui"
)

// The pages of a person's account, by their paths.
const (
	MeProfile  = "/me"
	MeAddress  = "/me/address"
	MeSecurity = "/me/security"
	MeSessions = "/me/sessions"
	MeTokens   = "/me/tokens"
	MeExport   = "/me/export"
	MeBlocks   = "/me/blocks"
	MeReports  = "/me/reports"
	MeDelete   = "/me/delete"
)

// meTabs is the navigation of a person's account; current is the path of a page.
func meTabs(current string) ui.Tabs {
	t := ui.Tabs{Label: "Your account"}
	for _, item := range []struct{ label, path string }{
		{"You", MeProfile},
		{"Address", MeAddress},
		{"Security", MeSecurity},
		{"Devices", MeSessions},
		{"Tokens", MeTokens},
		{"Archive", MeExport},
		{"Blocks", MeBlocks},
		{"Decisions", MeReports},
		{"Delete", MeDelete},
	} {
		t.Items = append(t.Items, ui.Tab{Label: item.label, URL: item.path, Count: -1, Current: item.path == current})
	}
	return t
}

// ProofForm asks once more who somebody is: before a page (Next), or before a
// Form, whose fields are Kept.
type ProofForm struct {
	Action  string
	Next    string
	Email   string
	Form    bool // a form waits for the answer
	Kept    []ResendField
	AskCode bool
	Refusal Refusal
}

// lead says why one is asked.
func (f ProofForm) lead() string {
	if f.Form {
		return "What comes next is yours alone to do. What you typed is kept, and is carried out when the answer is right."
	}
	return "What comes next is yours alone to do. You are asked once in fifteen minutes."
}

// SecondForm is the second step of signing in.
type SecondForm struct {
	Next    string
	Refusal Refusal
}

// ProfileForm is a person's name.
type ProfileForm struct {
	Name, Email string
	Refusal     Refusal
}

// AddressForm asks for another address.
type AddressForm struct {
	Key, Current, Email string
	Refusal             Refusal
}

// AddressLink stands behind the link in a mail about an address.
type AddressLink struct {
	Action, Heading, Text, Label string
	Email                        string // that it is about
	Refusal                      Refusal
}

// SecurityPage is the password, the second factor and its recovery codes.
type SecurityPage struct {
	Key     string
	Email   string
	On      bool
	Since   time.Time
	Codes   int // recovery codes that were not used
	Refusal Refusal
}

// codesLeft says how many recovery codes there are.
func (p SecurityPage) codesLeft() string {
	switch p.Codes {
	case 0:
		return "All recovery codes are used. Make new ones now: without them, a lost device locks you out."
	case 1:
		return "One recovery code is left."
	}
	return ui.NumberWord(p.Codes) + " recovery codes are left."
}

// EnrolForm shows the secret of a second factor and asks for its first code.
type EnrolForm struct {
	Secret  string // in groups of four
	URL     string // otpauth://, for an app on this device
	Size    int    // modules of the square code, with its margin
	Path    string // of its dark modules, as an SVG path
	Refusal Refusal
}

func (f EnrolForm) viewBox() string {
	return "0 0 " + strconv.Itoa(f.Size) + " " + strconv.Itoa(f.Size)
}

// SessionItem is one device where a person is signed in.
type SessionItem struct {
	ID    string
	Words string
	Since time.Time
	Seen  string // in words
	Here  bool
}

// SessionsPage lists them.
type SessionsPage struct {
	Items []SessionItem
	More  bool // there are more than are listed
}

func (p SessionsPage) others() bool { return len(p.Items) > 1 || p.More }

// day writes a date as people say it.
func day(t time.Time) string { return t.UTC().Format("2 January 2006") }

func newPasswordHint(r Refusal) string {
	if r.Fields["new_password"] != "" {
		return ""
	}
	return "Ten characters at least. A short sentence works well."
}

// proofRefusal gives the messages the names that the fields have on this page.
func proofRefusal(r Refusal) Refusal {
	out := Refusal{Message: r.Message, Fields: map[string]string{}}
	for name, message := range r.Fields {
		out.Fields["proof_"+name] = message
	}
	return out
}
