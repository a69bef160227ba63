package discover

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"vitrine/app/kept"
	"vitrine/app/search"
	"vitrine/app/works"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/ui"
	"vitrine/web/ui/hang"
)

// ShowSearch is GET /search: public works, studios and tags by words, narrowed by
// facets. Whatever is asked, the answer is a page: what cannot be looked for finds
// nothing. Three queries.
func (p *Pages) ShowSearch(c *Context) error {
	q := search.Query{Text: c.Query("q"), Filters: search.ParseFilters(c.Query), From: search.ParseCursor(c.Query("after"))}
	if in := search.View(c.Query("in")); in == search.Studios || in == search.Tags {
		q.View = in
	}
	res, err := p.Search.Find(c.Ctx(), q, works.PerPage)
	if err != nil {
		return err
	}
	v := viewOf(res)
	v.First = q.From == search.Cursor{}
	if err := p.fill(c, &v, res); err != nil {
		return err
	}
	title := "Search"
	if res.Query != "" {
		title = res.Query + ", search"
	}
	b := p.Base(c, title)
	b.Nav, b.SearchQuery, b.NoIndex = page.NavSearch, res.Query, true
	if len(res.Hits) > 0 && !res.Similar {
		c.Keep(kept.Found.Class, kept.OfFound(res.Shown)...)
	}
	return c.Render(http.StatusOK, searchPage(b, v))
}

// fill adds what needs pictures.
func (p *Pages) fill(c *Context, v *searchView, res search.Result) error {
	cards := make([]works.Card, len(res.Hits))
	who := map[uuid.UUID]search.Hit{}
	for i, h := range res.Hits {
		cards[i], who[h.StudioID] = h.Card, h
	}
	var small []works.Card
	for _, st := range res.Studios {
		small = append(small, st.Newest...)
	}
	hits, pictures, err := p.hang(c.Ctx(), cards, small, func(id uuid.UUID) (string, string) { return who[id].StudioSlug, who[id].StudioName })
	if err != nil {
		return err
	}
	v.Wall = ui.Hang{Cards: hits, Leads: true}
	if res.View == search.Tags || !v.First {
		return nil
	}
	wanted := strings.Split(works.TagSlug(res.Query+" "+res.Meant), "-")
	for _, st := range res.Studios {
		s := studioRow{Name: marked(st.Name, wanted), URL: show.StudioPath(st.Slug), Note: atMost(st.Works, "work", "works")}
		if st.Location != "" {
			s.Note = st.Location + ", " + s.Note
		}
		for _, card := range st.Newest {
			if pic, ok := pictures[card.ID]; ok {
				s.Pictures = append(s.Pictures, pic)
			}
		}
		v.Studios = append(v.Studios, s)
	}
	return nil
}

// link is the address of a search.
type link struct {
	text    string
	filters search.Filters
	view    search.View
}

func (l link) after(from search.Cursor) string {
	q := url.Values{"q": {l.text}}
	for facet, value := range l.filters {
		q.Set(string(facet), value)
	}
	if l.view != search.Works {
		q.Set("in", string(l.view))
	}
	if after := from.String(); after != "" {
		q.Set("after", after)
	}
	return "/search?" + q.Encode()
}

func (l link) String() string { return l.after(search.Cursor{}) }

// with is the same search with a filter more, or with another value of it; the
// empty value takes it away.
func (l link) with(facet search.Facet, value string) link {
	narrowed := search.Filters{}
	for f, v := range l.filters {
		narrowed[f] = v
	}
	narrowed[facet] = value
	if value == "" {
		delete(narrowed, facet)
	}
	l.filters = narrowed
	return l
}

// viewOf is what the page says of a result, but for the pictures.
func viewOf(res search.Result) searchView {
	here := link{text: res.Query, filters: res.Filters, view: res.View}
	v := searchView{
		Query: res.Query, View: res.View, Asked: res.Query != "" || len(res.Filters) > 0, Total: res.Total, Most: res.Total >= search.Most,
		Similar: res.Similar, Partly: res.Partly, Meant: res.Meant, Broad: res.Broad, TagsTotal: res.TagsTotal, StudiosTotal: res.StudiosTotal,
		WideURL: link{text: res.Query}.String(),
	}
	if res.Cut {
		v.Note = "Your question was longer than 200 characters; these are the results for its beginning."
	}
	if res.Meant != "" {
		v.MeantURL = link{text: res.Meant, filters: res.Filters}.String()
	}
	if res.Next != (search.Cursor{}) {
		v.Pages = ui.Pages{OlderURL: here.after(res.Next), Older: "More results"}
	}
	for _, t := range [...]struct {
		view  search.View
		label string
		n     int
	}{{search.Works, "Works", res.Total}, {search.Studios, "Studios", res.StudiosTotal}, {search.Tags, "Tags", res.TagsTotal}} {
		to := here
		to.view = t.view
		v.Tabs = append(v.Tabs, tab{Label: t.label, Count: number(t.n), URL: to.String(), Current: t.view == res.View})
	}
	for _, t := range res.Tags {
		row := tagRow{Label: t.Label, URL: "/t/" + url.PathEscape(t.Slug)}
		if t.Works > 0 {
			row.Count = number(t.Works)
		}
		v.Tags = append(v.Tags, row)
	}
	v.sieve(here, res)
	return v
}

// sieve makes the menus and the filters that are set. A facet of which all works
// have the same narrows nothing.
func (v *searchView) sieve(here link, res search.Result) {
	for _, facet := range search.Facets {
		words := facets[facet]
		if value := res.Filters[facet]; value != "" {
			v.Filters = append(v.Filters, ui.Tag{Label: words.label(value), URL: here.with(facet, "").String(), Remove: true})
			v.Hidden = append(v.Hidden, ui.Hidden{Name: string(facet), Value: value})
			continue
		}
		counts := res.Counts[facet]
		if len(counts) == 0 || len(counts) == 1 && counts[0].Works == res.Total {
			continue
		}
		menu := ui.Menu{Label: words.name, Group: "facet"}
		for _, n := range counts {
			item := ui.MenuItem{Label: words.label(n.Value), URL: here.with(facet, n.Value).String(), Count: ui.Thousands(n.Works)}
			if v.Most {
				item.Count += "+"
			}
			if facet == search.Colour {
				item.Swatch = hang.ToneClass(n.Value + "-2")
			}
			menu.Items = append(menu.Items, item)
		}
		v.Menus = append(v.Menus, menu)
	}
}
