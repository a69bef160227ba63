// Package atom writes Atom feeds (RFC 4287) of works, with their pictures.
package atom

import (
	"encoding/xml"
	"html"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/media"
	"vitrine/app/works"
	"vitrine/web/show"
)

// The elements of RFC 4287 that our feeds have.
type (
	// Feed is a list of works.
	Feed struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string   `xml:"id"`
		Title   string   `xml:"title"`
		Updated string   `xml:"updated"`
		Author  *Author  `xml:"author,omitempty"`
		Links   []Link   `xml:"link"`
		Icon    string   `xml:"icon,omitempty"`
		Entries []Entry  `xml:"entry"`
	}
	// Author is who made a work or all of a feed.
	Author struct {
		Name string `xml:"name"`
		URI  string `xml:"uri,omitempty"`
	}
	// Link leads to the page, the feed itself or a picture.
	Link struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
		Type string `xml:"type,attr,omitempty"`
	}
	// Entry is a work.
	Entry struct {
		ID        string  `xml:"id"`
		Title     string  `xml:"title"`
		Published string  `xml:"published"`
		Updated   string  `xml:"updated"`
		Author    Author  `xml:"author"`
		Links     []Link  `xml:"link"`
		Content   Content `xml:"content"`
	}
	// Content is HTML, escaped once more by the encoder.
	Content struct {
		Type string `xml:"type,attr"`
		HTML string `xml:",chardata"`
	}
)

// URN is the lasting id of what has one, wherever its page is: names and
// addresses change.
func URN(id uuid.UUID) string { return "urn:uuid:" + id.String() }

// Stamp is a time as feeds write it. A feed in which nothing has happened yet
// must have one too.
func Stamp(t time.Time) string {
	if t.IsZero() {
		t = time.Unix(0, 0)
	}
	return t.UTC().Format(time.RFC3339)
}

// Updated is when a work in a feed changed last: a work that opened by itself did
// so when it opened.
func Updated(card works.Card) time.Time {
	if card.PublishedAt.After(card.UpdatedAt) {
		return card.PublishedAt
	}
	return card.UpdatedAt
}

// EntryOf is a work in a feed. Addresses that leave the site are made by absolute.
// A sensitive work is there without its picture.
func EntryOf(card works.Card, slug, name string, pictures map[uuid.UUID]media.Picture, absolute func(path string) string) Entry {
	here := absolute(show.WorkPath(slug, card.Slug, card.PublicID))
	e := Entry{
		ID: URN(card.ID), Title: card.Name(),
		Published: Stamp(card.PublishedAt), Updated: Stamp(Updated(card)),
		Author: Author{Name: name, URI: absolute(show.StudioPath(slug))},
		Links:  []Link{{Rel: "alternate", Href: here, Type: "text/html"}},
	}
	var b strings.Builder
	b.WriteString(`<p><a href="` + html.EscapeString(here) + `">`)
	p, ok := media.Picture{}, false
	if card.CoverID != nil {
		p, ok = pictures[*card.CoverID]
	}
	if ok && !p.Empty() && !card.Sensitive {
		w, h := p.SrcSize(show.SrcWidth)
		src := absolute(p.Src(show.SrcWidth))
		b.WriteString(`<img src="` + html.EscapeString(src) + `" width="` + strconv.Itoa(w) + `" height="` + strconv.Itoa(h) + `" alt="` + html.EscapeString(card.CoverAlt) + `">`)
		e.Links = append(e.Links, Link{Rel: "enclosure", Href: src, Type: "image/jpeg"})
	} else {
		b.WriteString(html.EscapeString(card.Name()))
	}
	b.WriteString("</a></p>")
	if card.Sensitive {
		b.WriteString("<p>Marked as sensitive by the studio.</p>")
	}
	e.Content = Content{Type: "html", HTML: b.String()}
	return e
}
