package web

import (
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"vitrine/app/search"
	"vitrine/app/works"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// search finds public works by words. Whatever is asked, the answer is a page:
// what cannot be looked for finds nothing. Three queries.
func (s *Server) search(c *Context) error {
	from := search.ParseCursor(c.Query("after"))
	res, err := s.Search.Find(c.Ctx(), c.Query("q"), from, works.PerPage)
	if err != nil {
		return err
	}
	cards := make([]works.Card, len(res.Hits))
	who := map[uuid.UUID]search.Hit{}
	for i, h := range res.Hits {
		cards[i], who[h.StudioID] = h.Card, h
	}
	hits, err := s.hangWith(c.Ctx(), cards, func(id uuid.UUID) (string, string) { return who[id].StudioSlug, who[id].StudioName })
	if err != nil {
		return err
	}
	v := views.SearchView{
		Query: res.Query, Similar: res.Similar, Meant: res.Meant, MeantURL: searchPath(res.Meant, search.Cursor{}),
		Total: res.Total, Most: res.Total >= search.MaxHits, First: from == search.Cursor{},
		Wall: ui.Hang{Cards: hits, First: firstRow},
	}
	if res.Cut {
		v.Note = "Your question was longer than 200 characters; these are the results for its beginning."
	}
	if res.Next != (search.Cursor{}) {
		v.Pages = ui.Pages{OlderURL: searchPath(res.Query, res.Next), Older: "More results"}
	}
	if v.First {
		v.Studios = show.FoundStudios(res, hits)
	}
	title := "Search"
	if res.Query != "" {
		title = res.Query + ", search"
	}
	b := s.Base(c, title)
	b.Nav, b.SearchQuery, b.NoIndex = page.NavSearch, res.Query, true
	cachePublic(c)
	return c.Render(http.StatusOK, views.Search(b, v))
}

func searchPath(query string, from search.Cursor) string {
	q := url.Values{"q": {query}}
	if after := from.String(); after != "" {
		q.Set("after", after)
	}
	return "/search?" + q.Encode()
}
