package api

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/search"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/show"
	"vitrine/web/site"
)

// Where things are.
const (
	worksPath  = "/api/v1/works"
	searchPath = "/api/v1/search"
	mediaPath  = "/api/v1/media"
	docsPath   = "/docs/api"
)

// parameters are those of an address. What is wrong with any is collected.
type parameters struct {
	url.Values
	bad []spot
}

// parametersOf reads the query. A name that nobody asks for is refused: a
// misspelt filter would otherwise show everything.
func parametersOf(c *site.Context, names ...string) *parameters {
	p := &parameters{Values: c.Request().URL.Query()}
	var given []string
	for name := range p.Values {
		given = append(given, name)
	}
	slices.Sort(given)
	for _, name := range given {
		switch {
		case !slices.Contains(names, name):
			p.say(cut(name), "There is no such parameter. Those that there are: "+strings.Join(names, ", ")+".")
		case len(p.Values[name]) > 1:
			p.say(name, "This parameter is given twice.")
		}
	}
	return p
}

func cut(name string) string {
	if len(name) > 100 {
		return strings.ToValidUTF8(name[:100], "") + "…"
	}
	return strings.ToValidUTF8(name, "\uFFFD")
}

func (p *parameters) say(name, sentence string) {
	p.bad = append(p.bad, spot{Parameter: name, Detail: sentence})
}

func (p *parameters) fault() error {
	if len(p.bad) == 0 {
		return nil
	}
	return spotted(p.bad...)
}

// The sizes of a page.
const (
	pageUsual = works.PerPage
	pageMost  = 100
)

func (p *parameters) limit() int {
	if !p.Has("limit") {
		return pageUsual
	}
	n, err := strconv.Atoi(p.Get("limit"))
	if err != nil || n < 1 || n > pageMost {
		p.say("limit", "A page has 1 to 100 entries.")
		return pageUsual
	}
	return n
}

const noCursor = "This is no cursor of this list. Follow the address in next, or leave it out to begin."

func (p *parameters) after() works.Cursor {
	at := works.ParseCursor(p.Get("after"))
	if p.Has("after") && at == (works.Cursor{}) {
		p.say("after", noCursor)
	}
	return at
}

// next is the address of the next page, with the filters of this one, also in
// the header Link; nil on the last.
func (a *API) next(c *site.Context, p *parameters, after string) *string {
	if after == "" {
		return nil
	}
	q := url.Values{}
	for name, values := range p.Values {
		q[name] = values
	}
	q.Set("after", after)
	next := a.Absolute(c.Request().URL.Path + "?" + q.Encode())
	c.Header("Link", "<"+next+`>; rel="next"`)
	return &next
}

// ListWorks is GET /api/v1/works: public works, the newest first, of everybody,
// a studio or a tag, in three queries; or, with a state, those of a studio of the
// token's person, the last changed first, in four with the token's.
func (a *API) ListWorks(c *site.Context) error {
	p := parametersOf(c, "studio", "tag", "state", "after", "limit")
	from, limit := p.after(), p.limit()
	if p.Has("tag") && p.Has("studio") {
		p.say("tag", "Ask for a studio or for a tag, not for both.")
	}
	state := works.State(p.Get("state"))
	if p.Has("state") && !state.Known() {
		p.say("state", "The states are draft, scheduled, published, unlisted and archived.")
	}
	if p.Has("state") && !p.Has("studio") {
		p.say("studio", "Say whose works: state is for those of one studio of yours.")
	}
	if err := p.fault(); err != nil {
		return err
	}
	if p.Has("state") {
		return a.listOwn(c, p, state, from, limit)
	}
	wall, names, err := a.wall(c, p, from, limit)
	if err != nil {
		return err
	}
	covers, err := a.Works.Covers(c.Ctx(), wall.Cards...)
	if err != nil {
		return err
	}
	out := listJSON{Items: []summaryJSON{}, Next: a.next(c, p, wall.Next.String())}
	for _, card := range wall.Cards {
		if st, ok := names[card.StudioID]; ok {
			out.Items = append(out.Items, a.card(card, a.studio(st.Slug, st.Name), covers))
		}
	}
	return a.show(c, out)
}

// wall reads a page of public works and the studios that they are of.
func (a *API) wall(c *site.Context, p *parameters, from works.Cursor, limit int) (wall works.Wall, names map[uuid.UUID]studios.Studio, err error) {
	switch {
	case p.Has("studio"):
		st, err := a.Studios.BySlug(c.Ctx(), p.Get("studio"))
		if err != nil {
			return wall, nil, err
		}
		wall, err = a.Works.LatestOf(c.Ctx(), st.ID, from, limit)
		return wall, map[uuid.UUID]studios.Studio{st.ID: st}, err
	case p.Has("tag"):
		wall, _, err = a.Works.LatestTagged(c.Ctx(), works.TagSlug(p.Get("tag")), from, limit)
		if fault.Is(err, fault.NotFound) {
			err = nil // a tag that no work carries is an empty list
		}
	default:
		wall, err = a.Works.Latest(c.Ctx(), from, limit)
	}
	if err != nil || len(wall.Cards) == 0 {
		return wall, nil, err
	}
	names, err = a.Studios.ByIDs(c.Ctx(), show.StudioIDs(wall.Cards))
	return wall, names, err
}

// listOwn lists a studio's works of one state to somebody who belongs to it.
func (a *API) listOwn(c *site.Context, p *parameters, state works.State, from works.Cursor, limit int) error {
	b, err := allowed(c, accounts.ReadWorks)
	if err != nil {
		return err
	}
	m, err := a.member(c, b, p.Get("studio"), studios.SeeStudio)
	if err != nil {
		return err
	}
	list, next, covers, err := a.Works.OfState(c.Ctx(), m.StudioID, state, from, limit)
	if err != nil {
		return err
	}
	out := listJSON{Items: []summaryJSON{}, Next: a.next(c, p, next.String())}
	for _, w := range list {
		var cover media.Picture
		if w.CoverID != nil {
			cover = covers[*w.CoverID]
		}
		out.Items = append(out.Items, a.summary(w, a.studio(m.Slug, m.Name), cover))
	}
	return a.show(c, out)
}

// ShowWork is GET /api/v1/works/{id}: a published work, an unlisted one for
// whoever knows its id, in three queries; any work of a studio of the token's
// person, in eight.
func (a *API) ShowWork(c *site.Context) error {
	if err := parametersOf(c).fault(); err != nil {
		return err
	}
	id := c.Param("id")
	p, err := a.Works.One(c.Ctx(), id)
	if fault.Is(err, fault.NotFound) {
		return a.showOwn(c, id, err)
	}
	if err != nil {
		return err
	}
	st, err := a.Studios.ByID(c.Ctx(), p.Work.StudioID)
	if err != nil {
		return err
	}
	pictures, err := a.Works.Pictures(c.Ctx(), show.PictureIDs(p, nil))
	if err != nil {
		return err
	}
	return a.show(c, a.work(p, a.studio(st.Slug, st.Name), pictures, nil))
}

// showOwn looks for a work that only its studio sees. To everybody else, and to
// a token without the scope, it is missing like any other.
func (a *API) showOwn(c *site.Context, id string, missing error) error {
	b, known := bearer(c)
	if !known || !b.May(accounts.ReadWorks) {
		return missing
	}
	studioID, err := a.Works.StudioOf(c.Ctx(), id)
	if err != nil {
		return err
	}
	mine, err := a.memberships(c, b)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(mine, func(m studios.Membership) bool { return m.StudioID == studioID && m.Role.Can(studios.SeeStudio) })
	if i < 0 {
		return missing
	}
	own, err := a.own(c, mine[i], id)
	if err != nil {
		return err
	}
	return a.show(c, own)
}

// own is a work as a member of its studio reads it.
func (a *API) own(c *site.Context, m studios.Membership, id string) (workJSON, error) {
	p, files, err := a.Works.Own(c.Ctx(), m.StudioID, id)
	if err != nil {
		return workJSON{}, err
	}
	pictures := make(map[uuid.UUID]media.Picture, len(files))
	for _, f := range files {
		if f.Usable {
			pictures[f.ID] = f.Picture()
		}
	}
	return a.work(p, a.studio(m.Slug, m.Name), pictures, files), nil
}

// Search is GET /api/v1/search: public works by words, as the search page finds
// them. Three queries.
func (a *API) Search(c *site.Context) error {
	p := parametersOf(c, "q", "after", "limit")
	limit := p.limit()
	from := search.ParseCursor(p.Get("after"))
	if p.Has("after") && from == (search.Cursor{}) {
		p.say("after", noCursor)
	}
	if !p.Has("q") {
		p.say("q", "Say what to look for.")
	}
	if err := p.fault(); err != nil {
		return err
	}
	res, err := a.Services.Search.Find(c.Ctx(), search.Query{Text: c.Query("q"), From: from}, limit)
	if err != nil {
		return err
	}
	cards := make([]works.Card, len(res.Hits))
	for i, h := range res.Hits {
		cards[i] = h.Card
	}
	covers, err := a.Works.Covers(c.Ctx(), cards...)
	if err != nil {
		return err
	}
	after := ""
	if res.Next != (search.Cursor{}) {
		after = res.Next.String()
	}
	out := foundJSON{Query: res.Query, Total: res.Total, Similar: res.Similar, Meant: orNone(res.Meant),
		listJSON: listJSON{Items: []summaryJSON{}, Next: a.next(c, p, after)}}
	for _, h := range res.Hits {
		out.Items = append(out.Items, a.card(h.Card, a.studio(h.StudioSlug, h.StudioName), covers))
	}
	return a.show(c, out)
}

// Document is GET /api/v1/openapi.json: this API, for programs.
func (a *API) Document(c *site.Context) error { return a.show(c, a.document.raw) }
