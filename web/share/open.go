package share

import (
	"net/http"
	"strings"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/collections"
	"vitrine/app/works/links"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/site"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// Private keeps what a link shows from caches, search engines and machines that
// train: it is nobody's but theirs who have the link. The address of the page is
// told to no other site, see site.Unshared.
func (p *Pages) Private(next site.Handler) site.Handler {
	return func(c *Context) error {
		c.Header("X-Robots-Tag", "noindex, nofollow, noai, noimageai")
		return next(c)
	}
}

// keyCookie is what a browser has once it knew a link's password. It is sent to
// that link alone.
const keyCookie = "share"

func root(c *Context) string { return "/s/" + c.Param("token") }

// come opens the link of the address.
func (p *Pages) come(c *Context) (links.Opened, error) {
	key := ""
	if ck, err := c.Request().Cookie(keyCookie); err == nil && len(ck.Value) < 100 {
		key = ck.Value
	}
	return p.Links.Open(c.Ctx(), c.Param("token"), key)
}

// Show is GET /s/{token}: the work or the collection, or the question for the
// password. At most eight queries.
func (p *Pages) Show(c *Context) error {
	o, err := p.come(c)
	if err != nil {
		return err
	}
	if o.Locked {
		return p.ask(c, http.StatusOK, views.Refusal{})
	}
	if o.Work != "" {
		return p.showWork(c, o, o.Work, "")
	}
	return p.showCollection(c, o)
}

// ask is the page with the question for the password. It tells nothing of what
// is behind it.
func (p *Pages) ask(c *Context, status int, refusal views.Refusal) error {
	b := p.Base(c, "A shared page")
	b.NoIndex = true
	return c.Render(status, lockPage(b, root(c), refusal))
}

// Unlock is POST /s/{token}: the answer to that question.
func (p *Pages) Unlock(c *Context) error {
	if err := c.ParseForm(); err != nil {
		return err
	}
	key, err := p.Links.Unlock(c.Ctx(), c.Param("token"), c.Form("password"))
	if err != nil {
		refusal, status, err := c.Refused(err)
		if err != nil {
			return err
		}
		return p.ask(c, status, refusal)
	}
	if key != "" {
		http.SetCookie(c.Response(), &http.Cookie{Name: keyCookie, Value: key, Path: root(c), HttpOnly: true, Secure: c.Secure(), SameSite: http.SameSiteLaxMode})
	}
	return c.SeeOther(root(c))
}

// ShowWork is GET /s/{token}/{work}: a work of the collection that is shared.
func (p *Pages) ShowWork(c *Context) error {
	o, err := p.come(c)
	if err != nil {
		return err
	}
	if o.Locked {
		return c.SeeOther(root(c))
	}
	if o.Work != "" {
		return fault.New(fault.NotFound, "This link shows one work. Open it as it was sent to you.")
	}
	return p.showWork(c, o, c.Param("work"), root(c))
}

func (p *Pages) showWork(c *Context, o links.Opened, publicID, back string) error {
	w, pictures, err := p.Links.Work(c.Ctx(), o, publicID)
	if err != nil {
		return err
	}
	st, err := p.studio(c, o)
	if err != nil {
		return err
	}
	v := show.Work(w, st, pictures)
	v.Unlisted, v.MoreURL, v.Tags = false, "", nil
	behind(root(c), &v)
	b := p.shared(c, v.Title+", "+st.Name)
	n := views.SharedNote{BackURL: back, Text: p.note(o, w.Work.State)}
	p.noteUse(c, o)
	return c.Render(http.StatusOK, views.SharedWork(b, v, n))
}

func (p *Pages) showCollection(c *Context, o links.Opened) error {
	col, members, covers, err := p.Links.Collection(c.Ctx(), o)
	if err != nil {
		return err
	}
	st, err := p.studio(c, o)
	if err != nil {
		return err
	}
	v := collectionView{Title: col.Title, About: show.Paragraphs(col.About), StudioName: st.Name, Note: p.note(o, ""), Wall: ui.Hang{Cards: p.cards(c, members, covers), Leads: true}}
	p.noteUse(c, o)
	return c.Render(http.StatusOK, collectionPage(p.shared(c, col.Title+", "+st.Name), v))
}

// collectionView is a collection behind a link.
type collectionView struct {
	Title, StudioName, Note string
	About                   []views.Paragraph
	Wall                    ui.Hang
}

// cards are the works of a collection, in any state, behind the link.
func (p *Pages) cards(c *Context, members []collections.Member, covers map[uuid.UUID]media.Picture) (out []ui.Card) {
	for _, m := range members {
		pic, ok := covers[*m.CoverID]
		if !ok || pic.Empty() {
			continue
		}
		card := ui.Card{Title: m.Name(), URL: root(c) + "/" + m.PublicID, Lang: m.Lang, Note: show.Note(pic.Kind, m.MediaCount, m.Year), Count: m.MediaCount, Sensitive: m.Sensitive,
			Picture: show.Picture(pic, m.CoverAlt, m.Lang, m.CoverFocal)}
		if pic.Kind == media.KindVideo {
			card.Kind, card.Duration = "video", ui.Length(show.Seconds(pic.DurationMS))
		}
		readdress(root(c), &card.Picture)
		out = append(out, card)
	}
	return out
}

// studio is the one that shares. One that is suspended or closing shares nothing.
func (p *Pages) studio(c *Context, o links.Opened) (studios.Studio, error) {
	st, err := p.Studios.ByID(c.Ctx(), o.Link.StudioID)
	if err == nil && st.Shut() {
		err = fault.New(fault.NotFound, "This link does not lead anywhere any more.")
	}
	return st, err
}

func (p *Pages) shared(c *Context, title string) page.Base {
	b := p.Base(c, title)
	b.NoIndex, b.NoAI = true, true
	return b
}

// note says how the page stands to the public.
func (p *Pages) note(o links.Opened, state works.State) string {
	said := "Shared with you by a link."
	if state != "" && !state.Reachable() {
		said = "Shared with you by a link, before it is published."
	}
	if o.Link.ExpiresAt != nil {
		said += " It ends on " + o.Link.ExpiresAt.UTC().Format("2 January 2006, 15:04") + " UTC."
	}
	return said
}

// noteUse writes down that the link is used. If that fails, the page comes all the
// same.
func (p *Pages) noteUse(c *Context, o links.Opened) {
	if err := p.Links.Used(c.Ctx(), o); err != nil {
		p.Log().WarnContext(c.Ctx(), "the use of a share link was not written down", "err", err)
	}
}

// File is GET /s/{token}/m/{media}/{name}: a rendition of what the link shows,
// as long as it lives. Nobody may keep it.
func (p *Pages) File(c *Context) error {
	o, err := p.come(c)
	if err != nil {
		return err
	}
	mediaID, err := uuid.Parse(c.Param("media"))
	if err != nil {
		return fault.Caused(fault.NotFound, "", err)
	}
	f, err := p.Links.File(c.Ctx(), o, mediaID, c.Param("name"))
	if err != nil {
		return err
	}
	c.Header("Content-Disposition", "inline")
	return p.Send(c, f)
}

// behind makes a work's files come by the link: their own addresses are for
// members alone until the work is published.
func behind(root string, v *views.WorkView) {
	plates := v.Plates
	if v.Stage != nil {
		plates = append(plates[:len(plates):len(plates)], *v.Stage)
	}
	for i := range plates {
		readdress(root, &plates[i].Picture)
		if film := plates[i].Film; film != nil {
			film.Src, film.Poster = through(root, film.Src), through(root, film.Poster)
		}
	}
	if v.Stage != nil {
		*v.Stage = plates[len(plates)-1]
		plates = plates[:len(plates)-1]
	}
	v.Plates = plates
}

func readdress(root string, p *ui.Picture) {
	p.Src, p.SrcSet = through(root, p.Src), through(root, p.SrcSet)
	for i := range p.Sources {
		p.Sources[i].SrcSet = through(root, p.Sources[i].SrcSet)
	}
}

// through rewrites the addresses of files in an address or a srcset. What has a
// host of its own is public and stays.
func through(root, s string) string {
	if strings.Contains(s, "://") {
		return s
	}
	return strings.ReplaceAll(s, "/m/", root+"/m/")
}
