package web

import (
	"net/http"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/notifications"
	"vitrine/web/site"
	"vitrine/web/views"
)

// mailboxOnly hides the mailbox where mails leave, as if it did not exist.
func (s *Server) mailboxOnly(next site.Handler) site.Handler {
	return func(c *Context) error {
		if !s.canRead() {
			return fault.New(fault.NotFound, "")
		}
		c.Header("Referrer-Policy", "no-referrer")
		return next(c)
	}
}

const mailsPerPage = 50

// showMailbox is GET /dev/mailbox?before=…: every mail, newest first.
func (s *Server) showMailbox(c *Context) error {
	before, err := uuid.Parse(c.Query("before"))
	if err != nil {
		before = uuid.Nil
	}
	mails, err := s.Mails.Newest(c.Ctx(), before, mailsPerPage)
	if err != nil {
		return err
	}
	var older string
	entries := make([]views.MailEntry, 0, len(mails))
	for _, m := range mails {
		entries = append(entries, mailEntry(m))
	}
	if len(mails) == mailsPerPage {
		older = "/dev/mailbox?before=" + mails[len(mails)-1].ID.String()
	}
	return c.Render(http.StatusOK, views.Mailbox(s.Base(c, "Mailbox"), entries, older))
}

func mailEntry(m notifications.Mail) views.MailEntry {
	state := map[notifications.State]string{notifications.Queued: "waiting", notifications.Sent: "here", notifications.Failed: "failed"}[m.State]
	return views.MailEntry{ID: m.ID.String(), To: m.Recipient, Subject: m.Subject, State: state, At: m.CreatedAt}
}

func (s *Server) mailOf(c *Context) (notifications.Mail, error) {
	id, err := uuid.Parse(c.Param("mail"))
	if err != nil {
		return notifications.Mail{}, fault.New(fault.NotFound, "")
	}
	return s.Mails.Mail(c.Ctx(), id)
}

// showMail is GET /dev/mailbox/{mail}.
func (s *Server) showMail(c *Context) error {
	m, err := s.mailOf(c)
	if err != nil {
		return err
	}
	return c.Render(http.StatusOK, views.MailPage(s.Base(c, m.Subject), views.MailView{
		MailEntry: mailEntry(m), Text: m.Text, Error: m.Error, Base: s.Absolute(""),
	}))
}

// mailPolicy is that of the HTML version of a mail: it may load and run nothing,
// but bring its own styles, since mail programs load none.
const mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
	"sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"

// showMailHTML is GET /dev/mailbox/{mail}/html: the HTML version as a mail
// program would get it.
func (s *Server) showMailHTML(c *Context) error {
	m, err := s.mailOf(c)
	if err != nil {
		return err
	}
	c.Header("Content-Security-Policy", mailPolicy)
	return c.Bytes(http.StatusOK, "text/html; charset=utf-8", []byte(m.HTML))
}
