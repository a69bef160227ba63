// Package sitemap tells search engines what there is to find, as sitemaps.org
// says.
package sitemap

import (
	"encoding/xml"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/studios"
	"vitrine/app/works/sitemap"
	"vitrine/web/show"
	"vitrine/web/site"
)

// Pages holds what the handlers need.
type Pages struct {
	*site.Site
	Sitemap *sitemap.Service
	Studios *studios.Service
}

type (
	index struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
		Maps    []entry  `xml:"sitemap"`
	}
	urlset struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []entry  `xml:"url"`
	}
	entry struct {
		Loc     string `xml:"loc"`
		LastMod string `xml:"lastmod,omitempty"`
	}
)

// Index is GET /sitemap.xml: the pages that there are. They stand beside it, at
// the root, because a page may list only what is below its own place. One query.
func (p *Pages) Index(c *site.Context) error {
	pages, err := p.Sitemap.Index(c.Ctx())
	if err != nil {
		return err
	}
	out := index{Maps: []entry{{Loc: p.Absolute("/sitemap-house.xml")}}}
	for _, m := range pages {
		out.Maps = append(out.Maps, entry{Loc: p.Absolute("/sitemap-" + string(m.Kind) + "-" + strconv.Itoa(m.Number) + ".xml"), LastMod: stamp(m.ChangedAt)})
	}
	return send(c, out)
}

// house are the pages that are always there.
var house = []string{"/", "/explore", "/explore/popular", "/leaderboard", "/docs/api", "/docs/adr"}

// Show is GET /sitemap-{page}: the addresses of one page. At most four queries.
func (p *Pages) Show(c *site.Context) error {
	none := fault.New(fault.NotFound, "The sitemap has no such page.")
	name, ok := strings.CutSuffix(c.Param("page"), ".xml")
	if !ok {
		return none
	}
	if name == "house" {
		var out urlset
		for _, path := range house {
			out.URLs = append(out.URLs, entry{Loc: p.Absolute(path)})
		}
		return send(c, out)
	}
	kind, digits, _ := strings.Cut(name, "-")
	number, err := strconv.Atoi(digits)
	if err != nil || number < 1 || number > 50_000 || !sitemap.Kind(kind).Known() {
		return none
	}
	list, err := p.Sitemap.Entries(c.Ctx(), sitemap.Kind(kind), number)
	if err != nil {
		return err
	}
	out, err := p.urls(c, sitemap.Kind(kind), list)
	if err != nil {
		return err
	}
	return send(c, out)
}

func (p *Pages) urls(c *site.Context, kind sitemap.Kind, list []sitemap.Entry) (out urlset, err error) {
	if kind == sitemap.Studios {
		for _, e := range list {
			out.URLs = append(out.URLs, entry{Loc: p.Absolute(show.StudioPath(e.Slug)), LastMod: stamp(e.ChangedAt)})
		}
		return out, nil
	}
	seen := map[uuid.UUID]bool{}
	var ids []uuid.UUID
	for _, e := range list {
		if !seen[e.StudioID] {
			seen[e.StudioID] = true
			ids = append(ids, e.StudioID)
		}
	}
	who, err := p.Studios.ByIDs(c.Ctx(), ids)
	if err != nil {
		return out, err
	}
	path := show.WorkPath
	if kind == sitemap.Collections {
		path = show.CollectionPath
	}
	for _, e := range list {
		if st := who[e.StudioID]; st.Slug != "" && !st.Shut() {
			out.URLs = append(out.URLs, entry{Loc: p.Absolute(path(st.Slug, e.Slug, e.PublicID)), LastMod: stamp(e.ChangedAt)})
		}
	}
	return out, nil
}

// stamp is a time as W3C writes them; nothing for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func send(c *site.Context, v any) error {
	body, err := xml.Marshal(v)
	if err != nil {
		return err
	}
	return c.Bytes(http.StatusOK, "application/xml; charset=utf-8", append([]byte(xml.Header), body...))
}
