package admin

import (
	"net/http"
	"net/url"
	"time"

	"vitrine/app/notifications"
	"vitrine/app/platform/errlog"
	"vitrine/web/site"
	"vitrine/web/ui"
)

// mailList is what the mail log shows.
type mailList struct {
	now    time.Time
	filter notifications.LogFilter
	mails  []notifications.Mail
	counts map[notifications.State]int64
	older  string
}

// ShowMails is GET /admin/mails?state=&address=&after=: the mail log.
func (p *Pages) ShowMails(c *site.Context) error {
	list := mailList{now: p.Now(), filter: notifications.LogFilter{Address: c.Query("address")}}
	switch s := notifications.State(c.Query("state")); s {
	case notifications.Queued, notifications.Sent, notifications.Failed:
		list.filter.State = s
	}
	mails, next, err := p.Mails.Log(c.Ctx(), list.filter, c.Query("after"), perPage)
	if err != nil {
		return err
	}
	if list.counts, err = p.Mails.Counts(c.Ctx()); err != nil {
		return err
	}
	list.mails = mails
	if next != "" {
		list.older = list.address(list.filter.State, next)
	}
	return c.Render(http.StatusOK, mailsPage(p.base(c, "Mails"), list))
}

// ShowMail is GET /admin/mails/{mail}: its text, without links that are secret.
func (p *Pages) ShowMail(c *site.Context) error {
	mailID, err := idOf(c, "mail")
	if err != nil {
		return err
	}
	m, err := p.Mails.Mail(c.Ctx(), mailID)
	if err != nil {
		return err
	}
	c.Header("Referrer-Policy", "no-referrer")
	return c.Render(http.StatusOK, mailPage(p.base(c, m.Subject), m, p.Now()))
}

// ResendMail is POST /admin/mails/{mail}/resend.
func (p *Pages) ResendMail(c *site.Context) error {
	viewer, err := c.RequireViewer()
	if err != nil {
		return err
	}
	mailID, err := idOf(c, "mail")
	if err != nil {
		return err
	}
	return done(c, p.Mails.Resend(c.Ctx(), viewer.UserID, mailID), "/admin/mails/"+mailID.String(), "The mail is sent once more within a second or two.")
}

// address is the list with another state or from another place on.
func (l mailList) address(s notifications.State, after string) string {
	q := url.Values{}
	for name, v := range map[string]string{"state": string(s), "address": l.filter.Address, "after": after} {
		if v != "" {
			q.Set(name, v)
		}
	}
	if len(q) == 0 {
		return "/admin/mails"
	}
	return "/admin/mails?" + q.Encode()
}

func (l mailList) tabs() ui.Tabs {
	all := l.counts[notifications.Queued] + l.counts[notifications.Sent] + l.counts[notifications.Failed]
	t := ui.Tabs{Label: "State", Items: []ui.Tab{{Label: "All", URL: l.address("", ""), Count: int(all), Current: l.filter.State == ""}}}
	for _, s := range []notifications.State{notifications.Queued, notifications.Sent, notifications.Failed} {
		t.Items = append(t.Items, ui.Tab{Label: stateBadge(s).Label, URL: l.address(s, ""), Count: int(l.counts[s]), Current: l.filter.State == s})
	}
	return t
}

func stateBadge(s notifications.State) ui.Badge {
	switch s {
	case notifications.Sent:
		return ui.Badge{State: ui.Ready, Label: "Sent"}
	case notifications.Failed:
		return ui.Badge{State: ui.Failed, Label: "Failed"}
	default:
		return ui.Badge{State: ui.Waiting, Label: "Waiting"}
	}
}

func (l mailList) grid() Grid {
	g := Grid{Caption: "Mails", Columns: []Column{{Label: "Subject"}, {Label: "To"}, {Label: "State"}, {Label: "Failed attempts", Number: true}, {Label: "Written"}}}
	for _, m := range l.mails {
		badge := stateBadge(m.State)
		g.Rows = append(g.Rows, []Cell{
			{Text: m.Subject, Note: m.Kind, URL: "/admin/mails/" + m.ID.String()}, text(m.Recipient),
			{Badge: &badge, Note: firstLine(m.Error, 120)}, count(int64(m.Attempts)), ago(m.CreatedAt, l.now),
		})
	}
	return g
}

func mailFacts(m notifications.Preview, now time.Time) ui.Facts {
	whenever := func(term string, at time.Time) ui.Fact {
		c := ago(at, now)
		return ui.Fact{Term: term, Value: c.Text + ", " + c.Note, Time: c.Time}
	}
	facts := ui.Facts{{Term: "To", Value: m.Recipient}, {Term: "Kind", Value: m.Kind}, {Term: "State", Value: stateBadge(m.State).Label}, whenever("Written", m.CreatedAt)}
	if m.SentAt != nil {
		facts = append(facts, whenever("Sent", *m.SentAt))
	}
	if m.Attempts > 0 {
		facts = append(facts, ui.Fact{Term: "Failed attempts", Value: number(int64(m.Attempts))}, ui.Fact{Term: "Last error", Value: errlog.Redact(m.Error)})
	}
	return facts
}

func textAdvice(m notifications.Preview) string {
	if m.Masked {
		return "The link of this mail is hidden: it opens the door for whoever holds it, and it was sent to one person."
	}
	return ""
}
