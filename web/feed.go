package web

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/media"
	"vitrine/app/works"
	"vitrine/web/page"
)

// feedSize is how many works a feed has.
const feedSize = 30

// The elements of RFC 4287 that our feeds have.
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Author  *atomAuthor `xml:"author,omitempty"`
		Links   []atomLink  `xml:"link"`
		Icon    string      `xml:"icon,omitempty"`
		Entries []atomEntry `xml:"entry"`
	}
	atomAuthor struct {
		Name string `xml:"name"`
		URI  string `xml:"uri,omitempty"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
		Type string `xml:"type,attr,omitempty"`
	}
	atomEntry struct {
		ID        string      `xml:"id"`
		Title     string      `xml:"title"`
		Published string      `xml:"published"`
		Updated   string      `xml:"updated"`
		Author    atomAuthor  `xml:"author"`
		Links     []atomLink  `xml:"link"`
		Content   atomContent `xml:"content"`
	}
	atomContent struct {
		Type string `xml:"type,attr"`
		HTML string `xml:",chardata"`
	}
)

// exploreFeed is the newest works of all studios as an Atom feed.
func (s *Server) exploreFeed(c *Context) error {
	wall, err := s.Works.Latest(c.Ctx(), works.Cursor{}, feedSize)
	if err != nil {
		return err
	}
	return s.feed(c, "New works on "+page.Site, "/explore", wall.Cards, nil, time.Time{})
}

// tagFeed is the newest works with a tag as an Atom feed.
func (s *Server) tagFeed(c *Context) error {
	slug := works.TagSlug(c.Param("tag"))
	path := "/t/" + url.PathEscape(slug)
	if moved, err := c.toCanonical(path + "/feed.atom"); moved && slug != "" {
		return err
	}
	wall, label, err := s.Works.LatestTagged(c.Ctx(), slug, works.Cursor{}, feedSize)
	if err != nil {
		return err
	}
	return s.feed(c, label+" on "+page.Site, path, wall.Cards, nil, time.Time{})
}

// studioFeed is a studio's newest works as an Atom feed.
func (s *Server) studioFeed(c *Context) error {
	st, err := s.Studios.BySlug(c.Ctx(), c.Param("studio"))
	if err != nil {
		return err
	}
	path := studioPath(st.Slug)
	if moved, err := c.toCanonical(path + "/feed.atom"); moved {
		return err
	}
	wall, err := s.Works.LatestOf(c.Ctx(), st.ID, works.Cursor{}, feedSize)
	if err != nil {
		return err
	}
	return s.feed(c, st.Name, path, wall.Cards, &atomAuthor{Name: st.Name, URI: s.absolute(path)}, st.CreatedAt)
}

// feed writes cards as an Atom feed of the page at path. Readers ask often, so
// an answer that they have already costs them nothing.
func (s *Server) feed(c *Context, title, path string, cards []works.Card, author *atomAuthor, oldest time.Time) error {
	who, err := s.Studios.ByIDs(c.Ctx(), studioIDs(cards))
	if err != nil {
		return err
	}
	pictures, err := s.Works.Covers(c.Ctx(), cards...)
	if err != nil {
		return err
	}
	updated := oldest
	f := atomFeed{
		ID: s.absolute(path), Title: title, Author: author, Icon: s.absolute("/favicon.ico"),
		Links: []atomLink{
			{Rel: "self", Href: s.absolute(path + "/feed.atom"), Type: "application/atom+xml"},
			{Rel: "alternate", Href: s.absolute(path), Type: "text/html"},
		},
	}
	for _, card := range cards {
		st := who[card.StudioID]
		if st.Slug == "" {
			continue
		}
		f.Entries = append(f.Entries, s.entry(card, st.Slug, st.Name, pictures))
		if card.UpdatedAt.After(updated) {
			updated = card.UpdatedAt
		}
	}
	f.Updated = updated.UTC().Format(time.RFC3339)
	body, err := xml.Marshal(f)
	if err != nil {
		return err
	}
	return c.sendFeed(append([]byte(xml.Header), body...), updated)
}

func (s *Server) entry(card works.Card, slug, name string, pictures map[uuid.UUID]media.Picture) atomEntry {
	here := s.absolute(workPath(slug, card.Slug, card.PublicID))
	e := atomEntry{
		ID: "urn:uuid:" + card.ID.String(), Title: card.Name(),
		Published: card.PublishedAt.UTC().Format(time.RFC3339), Updated: card.UpdatedAt.UTC().Format(time.RFC3339),
		Author: atomAuthor{Name: name, URI: s.absolute(studioPath(slug))},
		Links:  []atomLink{{Rel: "alternate", Href: here, Type: "text/html"}},
	}
	var b strings.Builder
	b.WriteString(`<p><a href="` + html.EscapeString(here) + `">`)
	p, ok := media.Picture{}, false
	if card.CoverID != nil {
		p, ok = pictures[*card.CoverID]
	}
	if ok && !p.Empty() && !card.Sensitive {
		w, h := p.SrcSize(srcWidth)
		src := s.absolute(p.Src(srcWidth))
		b.WriteString(`<img src="` + html.EscapeString(src) + `" width="` + strconv.Itoa(w) + `" height="` + strconv.Itoa(h) + `" alt="` + html.EscapeString(card.CoverAlt) + `">`)
		e.Links = append(e.Links, atomLink{Rel: "enclosure", Href: src, Type: "image/jpeg"})
	} else {
		b.WriteString(html.EscapeString(card.Name()))
	}
	b.WriteString("</a></p>")
	if card.Sensitive {
		b.WriteString("<p>Marked as sensitive by the studio.</p>")
	}
	e.Content = atomContent{Type: "html", HTML: b.String()}
	return e
}

// sendFeed answers with the feed, or with 304 when the reader has it.
func (c *Context) sendFeed(body []byte, updated time.Time) error {
	sum := sha256.Sum256(body)
	tag := `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	c.Header("ETag", tag)
	if updated.Unix() > 0 {
		c.Header("Last-Modified", updated.UTC().Format(http.TimeFormat))
	}
	c.Header("Cache-Control", "public, no-cache")
	if known := c.Request().Header.Get("If-None-Match"); known != "" {
		if strings.Contains(known, tag[2:]) || known == "*" {
			return c.NoContent(http.StatusNotModified)
		}
	} else if since, err := http.ParseTime(c.Request().Header.Get("If-Modified-Since")); err == nil && updated.Unix() > 0 && !updated.Truncate(time.Second).After(since) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Bytes(http.StatusOK, "application/atom+xml; charset=utf-8", body)
}
