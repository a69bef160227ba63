package admin

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/audit"
	"vitrine/app/studios"
	"vitrine/web/site"
)

// auditSift is the form above the audit, as it was typed.
type auditSift struct {
	who, action, studio, subject string
	wrong                        map[string]string
}

// auditView is what the audit shows.
type auditView struct {
	now   time.Time
	sift  auditSift
	rows  []audit.Row
	names auditNames
	older string
}

// auditNames are the people and studios of a page.
type auditNames struct {
	people  map[uuid.UUID]accounts.User
	studios map[uuid.UUID]studios.Studio
}

// ShowAudit is GET /admin/audit?who=&action=&studio=&subject=&before=: who did
// what, the latest first.
func (p *Pages) ShowAudit(c *site.Context) error {
	v := auditView{now: p.Now(), sift: auditSift{who: c.Query("who"), action: strings.TrimSpace(c.Query("action")),
		studio: strings.TrimPrefix(strings.TrimSpace(c.Query("studio")), "@"), subject: strings.TrimSpace(c.Query("subject")), wrong: map[string]string{}}}
	f, err := p.auditFilter(c.Ctx(), &v.sift)
	if err != nil {
		return err
	}
	before, err := uuid.Parse(c.Query("before"))
	if err != nil {
		before = uuid.Nil
	}
	status := http.StatusOK
	if len(v.sift.wrong) > 0 {
		status = http.StatusUnprocessableEntity
	} else if v.rows, err = p.Audit(c.Ctx(), f, before, perPage+1); err != nil {
		return err
	}
	if len(v.rows) > perPage {
		v.rows = v.rows[:perPage]
		v.older = v.sift.address(v.rows[perPage-1].ID)
	}
	if v.names, err = p.auditNames(c.Ctx(), v.rows); err != nil {
		return err
	}
	return c.Render(status, auditPage(p.base(c, "Audit"), v))
}

// auditFilter reads the form. What names nobody is wrong, with a sentence: an
// empty list would look as if nothing had been done.
func (p *Pages) auditFilter(ctx context.Context, s *auditSift) (f audit.Filter, err error) {
	f.Action, f.Subject = s.action, s.subject
	if s.who != "" {
		if f.ActorID, err = p.person(ctx, s.who); fault.Is(err, fault.NotFound) {
			s.wrong["who"], err = fault.MessageOf(err), nil
		}
		if err != nil {
			return f, err
		}
	}
	if s.studio == "" {
		return f, nil
	}
	st, err := p.Studios.BySlug(ctx, s.studio)
	if fault.Is(err, fault.NotFound) {
		s.wrong["studio"] = "No studio has this address."
		return f, nil
	}
	f.StudioID = st.ID
	return f, err
}

// person finds somebody by id or by address. NotFound says what is missing.
func (p *Pages) person(ctx context.Context, typed string) (uuid.UUID, error) {
	typed = strings.TrimSpace(typed)
	if v, err := uuid.Parse(typed); err == nil {
		return v, nil
	}
	found, _, err := p.Accounts.Find(ctx, accounts.Search{Text: typed}, accounts.Place{})
	if err != nil {
		return uuid.Nil, err
	}
	for _, e := range found {
		if strings.EqualFold(e.Email, typed) || len(found) == 1 {
			return e.ID, nil
		}
	}
	if len(found) > 1 {
		return uuid.Nil, fault.New(fault.NotFound, "Several people are called so. Type the whole address of one.")
	}
	return uuid.Nil, fault.New(fault.NotFound, "Nobody here has this address or name.")
}

func (p *Pages) auditNames(ctx context.Context, rows []audit.Row) (n auditNames, err error) {
	var people, houses []uuid.UUID
	for _, r := range rows {
		if r.ActorID != uuid.Nil {
			people = append(people, r.ActorID)
		}
		if r.StudioID != uuid.Nil {
			houses = append(houses, r.StudioID)
		}
		if _, id, ok := strings.Cut(r.Subject, "user:"); ok {
			if u, err := uuid.Parse(id); err == nil {
				people = append(people, u)
			}
		}
	}
	if n.people, err = p.Accounts.ByIDs(ctx, people); err != nil {
		return n, err
	}
	n.studios, err = p.Studios.ByIDs(ctx, houses)
	return n, err
}

func (s auditSift) address(before uuid.UUID) string {
	q := url.Values{}
	for name, v := range map[string]string{"who": s.who, "action": s.action, "studio": s.studio, "subject": s.subject} {
		if v != "" {
			q.Set(name, v)
		}
	}
	if before != uuid.Nil {
		q.Set("before", before.String())
	}
	return "/admin/audit?" + q.Encode()
}

func (v auditView) grid() Grid {
	g := Grid{Caption: "Audit", Columns: []Column{{Label: "When"}, {Label: "Who"}, {Label: "Did"}, {Label: "To"}, {Label: "Studio"}}}
	for _, r := range v.rows {
		who := Cell{Text: "the product itself"}
		if r.ActorID != uuid.Nil {
			who = Cell{Text: v.names.person(r.ActorID), URL: auditSift{who: r.ActorID.String()}.address(uuid.Nil)}
		}
		house := Cell{Text: "-"}
		if st, ok := v.names.studios[r.StudioID]; ok {
			house = Cell{Text: st.Name, URL: auditSift{studio: st.Slug}.address(uuid.Nil)}
		} else if r.StudioID != uuid.Nil {
			house = Cell{Text: "a studio that is gone"}
		}
		g.Rows = append(g.Rows, []Cell{ago(r.At, v.now), who, {Text: r.Action, Note: r.Note}, text(v.names.subject(r.Subject)), house})
	}
	return g
}

func (n auditNames) person(id uuid.UUID) string {
	if u, ok := n.people[id]; ok {
		return u.Name
	}
	return "somebody whose account is gone"
}

// subject names people by their names and everything else by its id.
func (n auditNames) subject(s string) string {
	if id, ok := strings.CutPrefix(s, "user:"); ok {
		if u, err := uuid.Parse(id); err == nil {
			return n.person(u)
		}
	}
	if s == "" {
		return "-"
	}
	return s
}

// sifted tells whether anything is filtered by.
func (s auditSift) sifted() bool { return s.who+s.action+s.studio+s.subject != "" }
