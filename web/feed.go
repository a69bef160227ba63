package web

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"time"

	"vitrine/app/works"
	"vitrine/web/atom"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/site"
)

// feedSize is how many works a feed has.
const feedSize = 30

// exploreFeed is the newest works of all studios as an Atom feed.
func (s *Server) exploreFeed(c *Context) error {
	wall, err := s.Works.Latest(c.Ctx(), works.Cursor{}, feedSize)
	if err != nil {
		return err
	}
	return s.feed(c, atom.Feed{ID: s.Absolute("/explore"), Title: "New works on " + page.Site, Author: s.houseAuthor()}, "/explore", wall.Cards, time.Time{})
}

// tagFeed is the newest works with a tag as an Atom feed.
func (s *Server) tagFeed(c *Context) error {
	slug := works.TagSlug(c.Param("tag"))
	path := "/t/" + url.PathEscape(slug)
	if moved, err := c.ToCanonical(path + "/feed.atom"); moved && slug != "" {
		return err
	}
	wall, label, err := s.Works.LatestTagged(c.Ctx(), slug, works.Cursor{}, feedSize)
	if err != nil {
		return err
	}
	return s.feed(c, atom.Feed{ID: s.Absolute(path), Title: label + " on " + page.Site, Author: s.houseAuthor()}, path, wall.Cards, time.Time{})
}

// studioFeed is a studio's newest works as an Atom feed.
func (s *Server) studioFeed(c *Context) error {
	st, err := s.Studios.BySlug(c.Ctx(), c.Param("studio"))
	if err != nil {
		return err
	}
	path := show.StudioPath(st.Slug)
	if moved, err := c.ToCanonical(path + "/feed.atom"); moved {
		return err
	}
	wall, err := s.Works.LatestOf(c.Ctx(), st.ID, works.Cursor{}, feedSize)
	if err != nil {
		return err
	}
	if st.NoAI {
		c.Header("X-Robots-Tag", site.NoAI)
	}
	// Its id stays when the studio takes another address.
	return s.feed(c, atom.Feed{ID: atom.URN(st.ID), Title: st.Name, Author: &atom.Author{Name: st.Name, URI: s.Absolute(path)}}, path, wall.Cards, st.CreatedAt)
}

// houseAuthor stands for all studios: a feed has an author, and that of an entry
// is its own.
func (s *Server) houseAuthor() *atom.Author {
	return &atom.Author{Name: page.Site, URI: s.Absolute("/")}
}

// feed writes cards as the Atom feed f of the page at path. Readers ask often, so
// an answer that they have already costs them nothing.
func (s *Server) feed(c *Context, f atom.Feed, path string, cards []works.Card, oldest time.Time) error {
	who, err := s.Studios.ByIDs(c.Ctx(), show.StudioIDs(cards))
	if err != nil {
		return err
	}
	pictures, err := s.Works.Covers(c.Ctx(), cards...)
	if err != nil {
		return err
	}
	updated := oldest
	f.Icon = s.Absolute("/favicon.ico")
	f.Links = []atom.Link{
		{Rel: "self", Href: s.Absolute(path + "/feed.atom"), Type: "application/atom+xml"},
		{Rel: "alternate", Href: s.Absolute(path), Type: "text/html"},
	}
	for _, card := range cards {
		st := who[card.StudioID]
		if st.Slug == "" {
			continue
		}
		f.Entries = append(f.Entries, atom.EntryOf(card, st.Slug, st.Name, pictures, s.Absolute))
		if at := atom.Updated(card); at.After(updated) {
			updated = at
		}
	}
	f.Updated = atom.Stamp(updated)
	body, err := xml.Marshal(f)
	if err != nil {
		return err
	}
	return sendFeed(c, append([]byte(xml.Header), body...), updated)
}

// sendFeed answers with the feed, or with 304 when the reader has it.
func sendFeed(c *Context, body []byte, updated time.Time) error {
	sum := sha256.Sum256(body)
	tag := `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	c.Header("ETag", tag)
	if updated.Unix() > 0 {
		c.Header("Last-Modified", updated.UTC().Format(http.TimeFormat))
	}
	if known := c.Request().Header.Get("If-None-Match"); known != "" {
		if strings.Contains(known, tag[2:]) || known == "*" {
			return c.NoContent(http.StatusNotModified)
		}
	} else if since, err := http.ParseTime(c.Request().Header.Get("If-Modified-Since")); err == nil && updated.Unix() > 0 && !updated.Truncate(time.Second).After(since) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Bytes(http.StatusOK, "application/atom+xml; charset=utf-8", body)
}
