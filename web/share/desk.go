// Package share has the pages of share links: those on which a studio makes,
// lists and revokes them, and what somebody sees who comes by one.
package share

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/links"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/site"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// Context is one request and its answer, and who it comes from.
type Context = site.Context

// Pages holds what the handlers need.
type Pages struct {
	*site.Site
	Links   *links.Service
	Studios *studios.Service
	// Send streams a file.
	Send func(c *Context, f media.File) error
}

// perPage is how many links a page lists.
const perPage = 50

// listView is the list of a studio's links, and the form for another.
type listView struct {
	Room  views.Room
	Path  string
	Edits bool
	Form  linkForm
	Rows  []linkRow
	Pages ui.Pages
	Above views.Refusal
}

// linkForm is the form as it was sent or as it is at first.
type linkForm struct {
	Key, What, Note, Days string
	Targets               []ui.Option
	Refusal               views.Refusal
}

type linkRow struct {
	ID, Title, Lang, Kind string
	URL                   string // where it is edited, for those who may
	Note                  string
	Address               string // while it lives
	Says                  string // how long it lives and when it was used
	Live                  bool
}

// List is GET /studio/{slug}/links. Four queries.
func (p *Pages) List(c *Context) error {
	f := linkForm{Key: idem.NewKey(), Days: "7"}
	switch work, collection := c.Query("work"), c.Query("collection"); {
	case work != "":
		f.What = ofWork + work
	case collection != "":
		f.What = ofCollection + collection
	}
	return p.list(c, http.StatusOK, f, views.Refusal{})
}

// What a link leads to, as the form sends it.
const (
	ofWork       = "work:"
	ofCollection = "collection:"
)

func (p *Pages) list(c *Context, status int, f linkForm, above views.Refusal) error {
	m := c.Member()
	if err := m.Role.Check(studios.SeeStudio); err != nil {
		return err
	}
	from := works.ParseCursor(c.Query("after"))
	rows, next, err := p.Links.List(c.Ctx(), m.StudioID, from, perPage)
	if err != nil {
		return err
	}
	v := listView{Room: show.Room(m.Slug, m.Name, m.Role, views.RoomLinks), Path: show.LinksPath(m.Slug), Edits: m.Role.Can(studios.EditWorks), Form: f, Above: above}
	if v.Edits {
		if v.Form.Targets, err = p.targets(c, m.StudioID, f.What); err != nil {
			return err
		}
	}
	for _, l := range rows {
		v.Rows = append(v.Rows, p.rowOf(m.Slug, l, v.Edits))
	}
	if after := next.String(); after != "" {
		v.Pages.OlderURL, v.Pages.Older = v.Path+"?after="+after, "Older links"
	}
	if from.ID != uuid.Nil {
		v.Pages.NewerURL, v.Pages.Newer = v.Path, "Newest"
	}
	b := p.Base(c, "Links of "+m.Name)
	b.Nav, b.NoIndex = page.NavStudio, true
	b.Styles = append(b.Styles, "desk.css")
	return c.Render(status, linksPage(b, v))
}

// targets are what a link may lead to: collections and the works that changed
// last, and always what is asked for.
func (p *Pages) targets(c *Context, studioID uuid.UUID, chosen string) ([]ui.Option, error) {
	list, err := p.Links.Targets(c.Ctx(), studioID, strings.TrimPrefix(chosen, ofWork))
	if err != nil {
		return nil, err
	}
	out := []ui.Option{{Value: "", Label: "Choose a work or a collection"}}
	for _, t := range list {
		if t.State == "" {
			out = append(out, ui.Option{Value: ofCollection + t.PublicID, Label: "Collection: " + t.Title})
			continue
		}
		out = append(out, ui.Option{Value: ofWork + t.PublicID, Label: titleOf(t.Title) + ", " + strings.ToLower(ui.State(t.State).Word())})
	}
	return out, nil
}

func titleOf(s string) string {
	if s == "" {
		return "Untitled"
	}
	return s
}

func (p *Pages) rowOf(slug string, l links.Listed, edits bool) linkRow {
	now := p.Now()
	r := linkRow{ID: l.ID.String(), Title: titleOf(l.Title), Lang: l.Lang, Kind: "Collection", Note: l.Note, Live: l.Live(now)}
	at := show.EditCollectionPath(slug, l.PublicID)
	if l.State != "" {
		r.Kind, at = ui.State(l.State).Word()+" work", show.EditPath(slug, l.PublicID)
	}
	if edits {
		r.URL = at
	}
	r.Says = r.Kind + ", " + says(l.Link, now)
	if r.Live && edits {
		r.Address = p.address(l.Link)
	}
	return r
}

// address is where a link is opened.
func (p *Pages) address(l links.Link) string { return p.Absolute("/s/" + p.Links.Plain(l.ID)) }

// says tells how long a link lives and when it was used.
func says(l links.Link, now time.Time) string {
	var until string
	switch {
	case l.RevokedAt != nil:
		until = "revoked on " + day(*l.RevokedAt)
	case l.ExpiresAt == nil:
		until = "until it is revoked"
	case l.Live(now):
		until = "until " + day(*l.ExpiresAt)
	default:
		until = "ended on " + day(*l.ExpiresAt)
	}
	if l.Guarded() {
		until += ", with a password"
	}
	return until + ", " + used(now, l.UsedAt)
}

func day(t time.Time) string { return t.UTC().Format("2 January 2006") }

// used says when a link was used; what is noted is a few minutes behind.
func used(now time.Time, at *time.Time) string {
	if at == nil {
		return "not used yet"
	}
	switch hours := int(now.Sub(*at) / time.Hour); {
	case hours < 1:
		return "used within the hour"
	case hours < 48:
		return "used " + ui.Count(hours, "hour", "hours") + " ago"
	default:
		return "used " + ui.Count(hours/24, "day", "days") + " ago"
	}
}

// Make is POST /studio/{slug}/links.
func (p *Pages) Make(c *Context) error {
	if err := c.ParseForm(); err != nil {
		return err
	}
	f := linkForm{Key: c.Form("idempotency_key"), What: c.Form("what"), Note: c.Form("note"), Days: c.Form("days")}
	w := links.Wish{Note: f.Note, Password: c.Form("password")}
	var err error
	if w.Days, err = strconv.Atoi(f.Days); err != nil {
		w.Days = -1 // no term at all
	}
	if kind, publicID, ok := strings.Cut(f.What, ":"); ok && kind+":" == ofCollection {
		w.Collection = publicID
	} else if ok && kind+":" == ofWork {
		w.Work = publicID
	}
	if w.Work == "" && w.Collection == "" {
		err = c.Actor().Role.Check(studios.EditWorks)
		if err == nil {
			err = fault.Field("what", "Choose what the link should show.")
		}
	} else {
		_, err = p.Links.Make(c.Ctx(), c.Actor(), w, f.Key)
	}
	if err != nil {
		var status int
		if f.Refusal, status, err = c.Refused(err); err != nil {
			return err
		}
		return p.list(c, status, f, views.Refusal{})
	}
	c.Flash(page.Good, "The link is made. It stands first in the list.")
	return c.SeeOther(show.LinksPath(c.Member().Slug))
}

// Revoke is POST /studio/{slug}/links/{link}/revoke.
func (p *Pages) Revoke(c *Context) error {
	linkID, err := uuid.Parse(c.Param("link"))
	if err != nil {
		return fault.Caused(fault.NotFound, "There is no such link any more. Open the list again.", err)
	}
	if err := p.Links.Revoke(c.Ctx(), c.Actor(), linkID); err != nil {
		return err
	}
	c.Flash(page.Good, "The link is revoked: it leads nowhere any more.")
	return c.SeeOther(show.LinksPath(c.Member().Slug))
}

// terms are the choices of how long a link lives.
func terms() (out []ui.Option) {
	for _, d := range links.Days {
		o := ui.Option{Value: strconv.Itoa(d), Label: ui.Count(d, "day", "days")}
		if d == 0 {
			o.Label = "Until somebody revokes it"
		}
		out = append(out, o)
	}
	return out
}

func (f linkForm) whatField() ui.Select {
	return ui.Select{Name: "what", Label: "What it shows", Value: f.What, Options: f.Targets, Error: f.Refusal.Fields["what"]}
}

func (f linkForm) daysField() ui.Select {
	return ui.Select{Name: "days", Label: "How long", Value: f.Days, Options: terms(), Error: f.Refusal.Fields["days"]}
}
