package report

import (
	"net/http"
	"net/url"
	"regexp"

	"vitrine/app/moderation"
	"vitrine/app/platform/idem"
	"vitrine/web/views"
)

// takedownForm is the form of a rights holder.
type takedownForm struct {
	Key       string
	At        string
	About     *about
	Name      string
	Holder    string
	Email     string
	Contact   string
	Owned     string
	Statement string
	Signature string
	Sworn     bool
	Refusal   views.Refusal
}

// takedownFields are in the order of the form.
var takedownFields = []string{"at", "page", "owned", "statement", "name", "holder", "email", "contact", "sworn", "signature"}

// filedNumber is the shape of a number that a claim is called by.
var filedNumber = regexp.MustCompile(`^T-[0-9A-Z]{8}$`)

// ShowTakedown is GET /report/takedown?at=, and with ?filed= what comes after.
func (p *Pages) ShowTakedown(c *Context) error {
	if number := c.Query("filed"); filedNumber.MatchString(number) {
		return c.Render(http.StatusOK, filedPage(p.base(c, "Your claim is filed"), number))
	}
	f := takedownForm{Key: idem.NewKey(), At: c.Query("at")}
	if f.At != "" {
		s, problem, err := p.find(c, f.At)
		if err != nil {
			return err
		}
		if problem == "" && s.Kind == moderation.OfWork {
			f.About = aboutOf(s)
		}
	}
	return p.takedownPage(c, http.StatusOK, f)
}

func (p *Pages) takedownPage(c *Context, status int, f takedownForm) error {
	return c.Render(status, takedownPage(p.base(c, "Ask for a work to be taken down"), f))
}

// Takedown is POST /report/takedown. Sent twice, it is filed once.
func (p *Pages) Takedown(c *Context) error {
	if err := c.ParseForm(); err != nil {
		return err
	}
	f := takedownForm{
		Key: c.Form("idempotency_key"), At: c.Form("at"), Name: c.Form("name"), Holder: c.Form("holder"), Email: c.Form("email"), Contact: c.Form("contact"),
		Owned: c.Form("owned"), Statement: c.Form("statement"), Signature: c.Form("signature"), Sworn: c.Form("sworn") != "",
	}
	s, problem, err := p.find(c, f.At)
	if err != nil {
		return err
	}
	if problem == "" && s.Kind != moderation.OfWork {
		problem = "This is about one work: give the address of its page."
	}
	if problem != "" {
		f.Refusal.Fields = map[string]string{"at": problem}
		return p.takedownPage(c, http.StatusUnprocessableEntity, f)
	}
	f.About = aboutOf(s)
	form := moderation.Takedown{
		Subject: s, Page: f.At, Name: f.Name, Holder: f.Holder, Email: f.Email, Contact: f.Contact, Owned: f.Owned,
		Statement: f.Statement, Signature: f.Signature, Sworn: f.Sworn, Key: f.Key,
	}
	if v := c.Viewer(); v != nil {
		form.MemberID = v.UserID
	}
	number, err := p.Moderation.File(c.Ctx(), form)
	if err != nil {
		var status int
		if f.Refusal, status, err = c.Refused(err); err != nil {
			return err
		}
		return p.takedownPage(c, status, f)
	}
	return c.SeeOther("/report/takedown?" + url.Values{"filed": {number}}.Encode())
}
