// Package linked says what a page shows to machines that read schema.org, as
// JSON-LD in the head. Such a block is data: browsers run nothing of it, so the
// content security policy has nothing against it.
package linked

import (
	"context"
	"encoding/json"
	"io"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"vitrine/app/media"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/show"
)

// schema is what the words below mean.
const schema = "https://schema.org"

// Absolute makes the link that leaves the site.
type Absolute func(path string) string

// Data writes one thing as a data block. json.Marshal escapes <, > and &, so no
// text can end the element.
func Data[T any](thing T) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		raw, err := json.Marshal(thing)
		if err != nil {
			return err
		}
		for _, part := range [][]byte{[]byte(`<script type="application/ld+json">`), raw, []byte(`</script>`)} {
			if _, err := w.Write(part); err != nil {
				return err
			}
		}
		return nil
	})
}

// Maker is a studio.
type Maker struct {
	Type        string `json:"@type"`
	ID          string `json:"@id"`
	Name        string `json:"name"`
	URL         string `json:"url"`
	Description string `json:"description,omitempty"`
	Location    *Place `json:"location,omitempty"`
}

// Place is where somebody is, in their own words.
type Place struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

// Studio is a studio as others name it.
func Studio(st studios.Studio, absolute Absolute) Maker {
	at := absolute(show.StudioPath(st.Slug))
	return Maker{Type: "Organization", ID: at, Name: st.Name, URL: at}
}

// Profile is the page of a studio.
type Profile struct {
	Context     string `json:"@context"`
	Type        string `json:"@type"`
	URL         string `json:"url"`
	DateCreated string `json:"dateCreated"`
	Entity      Maker  `json:"mainEntity"`
}

// ProfileOf is the page of a studio.
func ProfileOf(st studios.Studio, absolute Absolute) Profile {
	m := Studio(st, absolute)
	m.Description = show.Summary(st.Description, "")
	if st.Location != "" {
		m.Location = &Place{Type: "Place", Name: st.Location}
	}
	return Profile{Context: schema, Type: "ProfilePage", URL: m.URL, DateCreated: stamp(st.CreatedAt), Entity: m}
}

// Collection is the page of a collection.
type Collection struct {
	Context     string `json:"@context"`
	Type        string `json:"@type"`
	Name        string `json:"name"`
	URL         string `json:"url"`
	Description string `json:"description,omitempty"`
	Creator     Maker  `json:"creator"`
	Entity      List   `json:"mainEntity"`
}

// List is works in order.
type List struct {
	Type  string `json:"@type"`
	Items []Item `json:"itemListElement"`
}

// Item is a work in a list.
type Item struct {
	Type     string `json:"@type"`
	Position int    `json:"position"`
	Name     string `json:"name"`
	URL      string `json:"url"`
}

// CollectionOf is the page of a collection with the works that it shows.
func CollectionOf(title, url, description string, by Maker, cards []works.Card, slug string, absolute Absolute) Collection {
	c := Collection{Context: schema, Type: "CollectionPage", Name: title, URL: url, Description: description, Creator: by, Entity: List{Type: "ItemList", Items: []Item{}}}
	for i, card := range cards {
		c.Entity.Items = append(c.Entity.Items, Item{Type: "ListItem", Position: i + 1, Name: card.Name(), URL: absolute(show.WorkPath(slug, card.Slug, card.PublicID))})
	}
	return c
}

// Work is a work: an artwork of pictures, or a film.
type Work struct {
	Context     string   `json:"@context"`
	Type        string   `json:"@type"`
	ID          string   `json:"@id"`
	Name        string   `json:"name"`
	URL         string   `json:"url"`
	Description string   `json:"description,omitempty"`
	Language    string   `json:"inLanguage,omitempty"`
	Published   string   `json:"datePublished,omitempty"`
	Uploaded    string   `json:"uploadDate,omitempty"` // of a film
	Modified    string   `json:"dateModified,omitempty"`
	Created     string   `json:"dateCreated,omitempty"` // the year that the studio gives
	Keywords    []string `json:"keywords,omitempty"`
	License     string   `json:"license,omitempty"`
	Family      *bool    `json:"isFamilyFriendly,omitempty"`
	Image       []Image  `json:"image,omitempty"`
	Thumbnail   string   `json:"thumbnailUrl,omitempty"`
	Content     string   `json:"contentUrl,omitempty"`
	Embed       string   `json:"embedUrl,omitempty"`
	Duration    string   `json:"duration,omitempty"`
	Creator     Maker    `json:"creator"`
}

// Image is a picture with what is known of its rights.
type Image struct {
	Type      string `json:"@type"`
	Content   string `json:"contentUrl"`
	Width     int    `json:"width"`
	Height    int    `json:"height"`
	Caption   string `json:"caption,omitempty"`
	Credit    string `json:"creditText,omitempty"`
	Copyright string `json:"copyrightNotice,omitempty"`
	License   string `json:"license,omitempty"`
}

// mostImages keeps the head short: a work may have a hundred pictures.
const mostImages = 6

// WorkOf is a public work. Of a sensitive one there is no picture.
func WorkOf(p works.Page, st studios.Studio, pictures map[uuid.UUID]media.Picture, absolute Absolute) Work {
	w := p.Work
	at := absolute(show.WorkPath(st.Slug, w.Slug, w.PublicID))
	out := Work{
		Context: schema, Type: "VisualArtwork", ID: at, Name: w.Name(), URL: at, Description: show.Summary(w.Story, ""), Language: w.Lang,
		Modified: stamp(w.UpdatedAt), Keywords: w.Tags, License: w.Licence.URL(), Creator: Studio(st, absolute),
	}
	if w.PublishedAt != nil {
		out.Published = stamp(*w.PublishedAt)
	}
	if w.Year != nil {
		out.Created = strconv.Itoa(*w.Year)
	}
	if w.Sensitive {
		no := false
		out.Family = &no
		return out
	}
	for _, item := range p.Items {
		pic, ok := pictures[item.MediaID]
		if !ok || pic.Empty() || len(out.Image) == mostImages {
			continue
		}
		width, height := pic.SrcSize(show.CardWidth)
		out.Image = append(out.Image, Image{Type: "ImageObject", Content: absolute(pic.Src(show.CardWidth)), Width: width, Height: height,
			Caption: item.Alt, Credit: pic.Credit, Copyright: pic.Copyright, License: out.License})
	}
	out.asFilm(p, pictures, absolute)
	return out
}

// asFilm says of a work that opens with a film what search engines ask of one.
func (w *Work) asFilm(p works.Page, pictures map[uuid.UUID]media.Picture, absolute Absolute) {
	first, _ := show.First(p, pictures)
	if !first.Film() || w.Published == "" {
		return
	}
	w.Type, w.Uploaded, w.Embed = "VideoObject", w.Published, absolute("/embed/"+p.Work.PublicID)
	w.Thumbnail, w.Content = absolute(first.Src(show.CardWidth)), absolute(first.Video())
	w.Duration = "PT" + strconv.Itoa(show.Seconds(first.DurationMS)) + "S"
	if w.Description == "" {
		w.Description = w.Name
	}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
