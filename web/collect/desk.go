package collect

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/collections"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/site"
	"vitrine/web/ui"
	"vitrine/web/views"
)

func digits(n int) string { return strconv.Itoa(n) }

// place reads a place in a collection; what is none is the beginning.
func place(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > collections.MaxWorks {
		return 0
	}
	return n
}

// base is that of a page in a studio: nobody else finds it.
func (p *Pages) base(c *Context, title string) page.Base {
	b := p.Base(c, title)
	b.Nav, b.NoIndex = page.NavStudio, true
	b.Styles = append(b.Styles, "desk.css")
	return b
}

func room(m site.Membership) views.Room {
	return show.Room(m.Slug, m.Name, m.Role, views.RoomCollections)
}

// listView is the desk's list of collections.
type listView struct {
	Room   views.Room
	NewURL string // for those who may
	Rows   []listRow
}

type listRow struct {
	Title, URL, Note string
	SeeURL           string // while it is shown
	Picture          *ui.Picture
}

// List is GET /studio/{slug}/collections. Two queries.
func (p *Pages) List(c *Context) error {
	m := c.Member()
	if err := m.Role.Check(studios.SeeStudio); err != nil {
		return err
	}
	list, pictures, err := p.Collections.All(c.Ctx(), m.StudioID)
	if err != nil {
		return err
	}
	v := listView{Room: room(m)}
	edits := m.Role.Can(studios.EditWorks)
	if edits {
		v.NewURL = show.CollectionsPath(m.Slug) + "/new"
	}
	for _, l := range list {
		row := listRow{Title: l.Title, Note: ui.Count(l.Works, "work", "works") + ", not shown", Picture: thumb(l.Cover.MediaID, l.Cover.Focal, pictures)}
		if l.Hidden {
			row.Note = ui.Count(l.Works, "work", "works") + ", taken down by moderators"
		}
		if l.Shown {
			row.Note, row.SeeURL = ui.Count(l.Works, "work", "works"), show.CollectionPath(m.Slug, l.Slug, l.PublicID)
		}
		if edits {
			row.URL = show.EditCollectionPath(m.Slug, l.PublicID)
		} else {
			row.URL = row.SeeURL
		}
		v.Rows = append(v.Rows, row)
	}
	return c.Render(http.StatusOK, listPage(p.base(c, "Collections of "+m.Name), v))
}

func thumb(mediaID *uuid.UUID, focal int, pictures map[uuid.UUID]media.Picture) *ui.Picture {
	if mediaID == nil {
		return nil
	}
	found, ok := pictures[*mediaID]
	if !ok || found.Empty() {
		return nil
	}
	pic := show.Picture(found, "", "", focal)
	pic.Sizes = ui.SizesThumb
	return &pic
}

// wordsForm is the form of a collection's words.
type wordsForm struct {
	Action, Key, Version string // Key for a new one, Version for the others
	Title, About         string
	Shown                bool
	Refusal              views.Refusal
}

func read(c *Context) wordsForm {
	return wordsForm{Key: c.Form("idempotency_key"), Version: c.Form("version"), Title: c.Form("title"), About: c.Form("about"), Shown: c.Form("shown") != ""}
}

func (f wordsForm) words() collections.Words {
	version, _ := strconv.ParseInt(f.Version, 10, 64) // 0, which no collection has, is an old form
	return collections.Words{Version: version, Title: f.Title, About: f.About, Shown: f.Shown}
}

// ShowNew is GET /studio/{slug}/collections/new.
func (p *Pages) ShowNew(c *Context) error {
	return p.newForm(c, http.StatusOK, wordsForm{Key: idem.NewKey(), Shown: true})
}

func (p *Pages) newForm(c *Context, status int, f wordsForm) error {
	m := c.Member()
	if err := m.Role.Check(studios.EditWorks); err != nil {
		return err
	}
	f.Action = show.CollectionsPath(m.Slug) + "/new"
	return c.Render(status, newPage(p.base(c, "New collection"), room(m), f))
}

// New is POST /studio/{slug}/collections/new.
func (p *Pages) New(c *Context) error {
	if err := c.ParseForm(); err != nil {
		return err
	}
	f := read(c)
	made, err := p.Collections.Create(c.Ctx(), c.Actor(), f.words(), f.Key)
	if err != nil {
		var status int
		if f.Refusal, status, err = c.Refused(err); err != nil {
			return err
		}
		return p.newForm(c, status, f)
	}
	c.Flash(page.Good, "The collection is there. Choose the works that belong in it.")
	return c.SeeOther(show.EditCollectionPath(c.Member().Slug, made.PublicID) + "/add")
}

// editView is the page of one collection for its studio.
type editView struct {
	Room             views.Room
	Path             string
	SeeURL, ShareURL string
	Down             bool // moderators took it down
	Form             wordsForm
	Rows             []memberRow
	Full             bool
}

type memberRow struct {
	Title, Lang, Note string
	PublicID, Action  string
	Badge             *ui.Badge // when not everybody sees it
	Picture           *ui.Picture
	At                int // its place, from 0
	First, Last       bool
	OnCover           bool
}

// number is the place as people count.
func (r memberRow) number() string { return digits(r.At + 1) }

// ShowEdit is GET /studio/{slug}/collections/{collection}. Three queries.
func (p *Pages) ShowEdit(c *Context) error { return p.edit(c, http.StatusOK, nil) }

func (p *Pages) edit(c *Context, status int, sent *wordsForm) error {
	m := c.Member()
	if err := m.Role.Check(studios.EditWorks); err != nil {
		return err
	}
	col, members, pictures, err := p.Collections.Own(c.Ctx(), m.StudioID, c.Param("collection"))
	if err != nil {
		return err
	}
	version := strconv.FormatInt(col.Version, 10)
	v := editView{Room: room(m), Path: show.EditCollectionPath(m.Slug, col.PublicID), ShareURL: show.LinksPath(m.Slug) + "?" + url.Values{"collection": {col.PublicID}}.Encode(), Full: len(members) >= collections.MaxWorks, Down: col.Hidden,
		Form: wordsForm{Version: version, Title: col.Title, About: col.About, Shown: col.Wanted}}
	if sent != nil {
		// Saving again is then a decision: whoever does it has been told.
		v.Form, v.Form.Version = *sent, version
	}
	v.Form.Action = v.Path
	seen := false
	for i, one := range members {
		v.Rows = append(v.Rows, rowOf(v.Path, col, i, len(members), one, pictures))
		seen = seen || one.Public()
	}
	if col.Shown && seen {
		v.SeeURL = show.CollectionPath(m.Slug, col.Slug, col.PublicID)
	}
	return c.Render(status, editPage(p.base(c, col.Title), v))
}

func rowOf(path string, col collections.Collection, i, of int, one collections.Member, pictures map[uuid.UUID]media.Picture) memberRow {
	r := memberRow{Title: one.Name(), Lang: one.Lang, PublicID: one.PublicID, Action: path + "/works/" + one.PublicID, At: i, First: i == 0, Last: i == of-1,
		Picture: thumb(one.CoverID, one.CoverFocal, pictures), OnCover: col.CoverID != nil && *col.CoverID == one.ID, Note: ui.Count(one.MediaCount, "picture", "pictures")}
	if !one.Public() {
		badge := show.BadgeOf(one.Work)
		r.Badge = &badge
	}
	return r
}

// Edit is POST /studio/{slug}/collections/{collection}. The version takes the
// place of a key: a form that was sent twice changes nothing the second time.
func (p *Pages) Edit(c *Context) error {
	if err := c.ParseForm(); err != nil {
		return err
	}
	f := read(c)
	saved, err := p.Collections.Save(c.Ctx(), c.Actor(), c.Param("collection"), f.words())
	if err != nil {
		var status int
		if f.Refusal, status, err = c.Refused(err); err != nil {
			return err
		}
		return p.edit(c, status, &f)
	}
	c.Flash(page.Good, "Saved.")
	return c.SeeOther(show.EditCollectionPath(c.Member().Slug, saved.PublicID))
}

// Do is POST /studio/{slug}/collections/{collection}/works/{work}: a button
// beside a work. The place that the work had on the page makes a repeat harmless.
func (p *Pages) Do(c *Context) error {
	if err := c.ParseForm(); err != nil {
		return err
	}
	at, err := strconv.Atoi(c.Form("at"))
	if err != nil {
		at = -1
	}
	if err := p.Collections.Do(c.Ctx(), c.Actor(), c.Param("collection"), c.Param("work"), collections.Act(c.Form("act")), at); err != nil {
		return err
	}
	return c.SeeOther(show.EditCollectionPath(c.Member().Slug, c.Param("collection")) + "#works")
}

// Delete is POST /studio/{slug}/collections/{collection}/delete.
func (p *Pages) Delete(c *Context) error {
	if err := p.Collections.Delete(c.Ctx(), c.Actor(), c.Param("collection")); err != nil {
		return err
	}
	c.Flash(page.Plain, "The collection is removed. Its works are where they were.")
	return c.SeeOther(show.CollectionsPath(c.Member().Slug))
}

// addView is the page on which works are chosen.
type addView struct {
	Room   views.Room
	Title  string
	Path   string // of the collection
	States ui.Tabs
	Rows   []addRow
	Pages  ui.Pages
	Above  views.Refusal
}

type addRow struct {
	Title, Lang, PublicID, Note string
	Picture                     *ui.Picture
	In                          bool // it is in the collection already
}

// pickable are the states of works that can be chosen.
var pickable = []works.State{works.StatePublished, works.StateDraft, works.StateScheduled, works.StateUnlisted}

// ShowAdd is GET /studio/{slug}/collections/{collection}/add?state=…&after=….
// Five queries.
func (p *Pages) ShowAdd(c *Context) error { return p.add(c, http.StatusOK, views.Refusal{}) }

func (p *Pages) add(c *Context, status int, above views.Refusal) error {
	m := c.Member()
	if err := m.Role.Check(studios.EditWorks); err != nil {
		return err
	}
	col, members, _, err := p.Collections.Own(c.Ctx(), m.StudioID, c.Param("collection"))
	if err != nil {
		return err
	}
	in := map[uuid.UUID]bool{}
	for _, one := range members {
		in[one.ID] = true
	}
	v := addView{Room: room(m), Title: col.Title, Path: show.EditCollectionPath(m.Slug, col.PublicID), Above: above, States: ui.Tabs{Label: "Works by state"}}
	state := pickable[0]
	for _, s := range pickable {
		if c.Query("state") == string(s) {
			state = s
		}
	}
	for _, s := range pickable {
		label := ui.State(s).Word()
		if s == works.StateDraft {
			label = "Drafts"
		}
		v.States.Items = append(v.States.Items, ui.Tab{Label: label, URL: v.Path + "/add?state=" + string(s), Count: -1, Current: s == state})
	}
	list, next, covers, err := p.Works.OfState(c.Ctx(), m.StudioID, state, works.ParseCursor(c.Query("after")), works.PerPage)
	if err != nil {
		return err
	}
	for _, w := range list {
		v.Rows = append(v.Rows, addRow{Title: w.Name(), Lang: w.Lang, PublicID: w.PublicID, Note: ui.Count(w.MediaCount, "picture", "pictures"), Picture: thumb(w.CoverID, w.CoverFocal, covers), In: in[w.ID]})
	}
	here := v.Path + "/add?state=" + string(state)
	if after := next.String(); after != "" {
		v.Pages.OlderURL, v.Pages.Older = here+"&after="+after, "More works"
	}
	if c.Query("after") != "" {
		v.Pages.NewerURL, v.Pages.Newer = here, "From the beginning"
	}
	return c.Render(status, addPage(p.base(c, "Add works to "+col.Title), v))
}

// Add is POST /studio/{slug}/collections/{collection}/add.
func (p *Pages) Add(c *Context) error {
	if err := c.ParseForm(); err != nil {
		return err
	}
	added, err := p.Collections.Add(c.Ctx(), c.Actor(), c.Param("collection"), c.Request().PostForm["work"])
	if err != nil {
		if fault.Is(err, fault.NotFound) {
			return err
		}
		refusal, status, err := c.Refused(err)
		if err != nil {
			return err
		}
		return p.add(c, status, refusal)
	}
	if added > 0 {
		c.Flash(page.Good, ui.Count(added, "work is", "works are")+" in the collection now.")
	}
	return c.SeeOther(show.EditCollectionPath(c.Member().Slug, c.Param("collection")) + "#works")
}
