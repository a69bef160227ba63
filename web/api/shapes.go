package api

import (
	"encoding/base64"
	"strconv"
	"time"

	"github.com/google/uuid"

	"vitrine/app/media"
	"vitrine/app/works"
	"vitrine/web/show"
)

// What answers say. A name that has been published here stays; new ones may come.

type studioJSON struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
	URL  string `json:"url"`
}

type renditionJSON struct {
	URL    string `json:"url"`
	Type   string `json:"type"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

// pictureJSON is a photo or a film as it can be shown.
type pictureJSON struct {
	Kind       string          `json:"kind"`
	Alt        string          `json:"alt"`
	Width      int             `json:"width"`
	Height     int             `json:"height"`
	DurationMS *int64          `json:"duration_ms"`
	Renditions []renditionJSON `json:"renditions"`
}

// itemJSON is a file in a work.
type itemJSON struct {
	ID    string `json:"id"`
	State string `json:"state"`
	pictureJSON
	Caption string `json:"caption"`
}

type licenceJSON struct {
	Code string  `json:"code"`
	Name string  `json:"name"`
	URL  *string `json:"url"`
}

// summaryJSON is a work in a list.
type summaryJSON struct {
	ID          string       `json:"id"`
	State       string       `json:"state"`
	Hidden      bool         `json:"hidden"`
	URL         *string      `json:"url"`
	Title       string       `json:"title"`
	Language    string       `json:"language"`
	Year        *int         `json:"year"`
	Sensitive   bool         `json:"sensitive"`
	Studio      studioJSON   `json:"studio"`
	Cover       *pictureJSON `json:"cover"`
	MediaCount  int          `json:"media_count"`
	PublishedAt *string      `json:"published_at"`
	UpdatedAt   string       `json:"updated_at"`
}

// workJSON is a whole work.
type workJSON struct {
	summaryJSON
	Story     string      `json:"story"`
	Credits   string      `json:"credits"`
	Tags      []string    `json:"tags"`
	Licence   licenceJSON `json:"licence"`
	AIMade    bool        `json:"ai_made"`
	NoAI      bool        `json:"noai"`
	PublishAt *string     `json:"publish_at"`
	Media     []itemJSON  `json:"media"`
}

// listJSON is a page of works.
type listJSON struct {
	Items []summaryJSON `json:"items"`
	Next  *string       `json:"next"`
}

// foundJSON is a page of what was found.
type foundJSON struct {
	Query   string  `json:"query"`
	Total   int     `json:"total"`
	Similar bool    `json:"similar"`
	Meant   *string `json:"meant"`
	listJSON
}

// fileJSON is a file of a studio, before or after it is in a work.
type fileJSON struct {
	ID          string          `json:"id"`
	URL         string          `json:"url"`
	State       string          `json:"state"`
	Usable      bool            `json:"usable"`
	Problem     *string         `json:"problem"`
	DuplicateOf *string         `json:"duplicate_of"`
	Kind        *string         `json:"kind"`
	Filename    string          `json:"filename"`
	Bytes       int64           `json:"bytes"`
	Width       int             `json:"width"`
	Height      int             `json:"height"`
	DurationMS  *int64          `json:"duration_ms"`
	CreatedAt   string          `json:"created_at"`
	Renditions  []renditionJSON `json:"renditions"`
}

// stamp writes a time as RFC 3339 in UTC, to the second.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func stampOf(t *time.Time) *string {
	if t == nil {
		return nil
	}
	return new(stamp(*t))
}

func orNone(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// fileID writes the id of a file: 22 characters that say nothing.
func fileID(id uuid.UUID) string { return base64.RawURLEncoding.EncodeToString(id[:]) }

func parseFileID(s string) (uuid.UUID, bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(raw) != len(uuid.UUID{}) {
		return uuid.Nil, false
	}
	return uuid.UUID(raw), true
}

func (a *API) studio(slug, name string) studioJSON {
	return studioJSON{Slug: slug, Name: name, URL: a.Absolute(show.StudioPath(slug))}
}

// picture describes what can be shown of a file; nil while there is nothing.
func (a *API) picture(p media.Picture, alt string) *pictureJSON {
	if p.Empty() {
		return nil
	}
	out := &pictureJSON{Kind: string(p.Kind), Alt: alt, Width: p.Width, Height: p.Height, Renditions: a.renditions(p)}
	if p.Kind == media.KindVideo {
		out.DurationMS = &p.DurationMS
	}
	return out
}

// renditions lists every size, best format first, each from small to large, and
// the film itself at the end.
func (a *API) renditions(p media.Picture) []renditionJSON {
	out := []renditionJSON{}
	for _, f := range [...]struct {
		kind, ending string
		widths       []int
	}{{"image/avif", "avif", p.Served.AVIF}, {"image/webp", "webp", p.Served.WebP}, {"image/jpeg", "jpg", p.Served.JPEG}} {
		for _, w := range f.widths {
			h := 1
			if p.Width > 0 {
				h = max(1, (w*p.Height+p.Width/2)/p.Width)
			}
			out = append(out, renditionJSON{a.Absolute(p.URL("w" + strconv.Itoa(w) + "." + f.ending)), f.kind, w, h})
		}
	}
	if p.Served.Video != nil {
		out = append(out, renditionJSON{a.Absolute(p.Video()), "video/mp4", p.Served.Video.Width, p.Served.Video.Height})
	}
	return out
}

// card is a public work in a list.
func (a *API) card(w works.Card, studio studioJSON, covers map[uuid.UUID]media.Picture) summaryJSON {
	out := summaryJSON{
		ID: w.PublicID, State: string(works.StatePublished), URL: new(a.Absolute(show.WorkPath(studio.Slug, w.Slug, w.PublicID))),
		Title: w.Name(), Language: w.Lang, Year: w.Year, Sensitive: w.Sensitive, Studio: studio,
		MediaCount: w.MediaCount, PublishedAt: new(stamp(w.PublishedAt)), UpdatedAt: stamp(w.UpdatedAt),
	}
	if w.CoverID != nil {
		out.Cover = a.picture(covers[*w.CoverID], w.CoverAlt)
	}
	return out
}

// summary is a work of any state in a list of its studio's. One that only its
// studio sees has no address for others.
func (a *API) summary(w works.Work, studio studioJSON, cover media.Picture) summaryJSON {
	out := summaryJSON{
		ID: w.PublicID, State: string(w.State), Hidden: w.Hidden, Title: w.Name(), Language: w.Lang, Year: w.Year, Sensitive: w.Sensitive, Studio: studio,
		Cover: a.picture(cover, w.CoverAlt), MediaCount: w.MediaCount, PublishedAt: stampOf(w.PublishedAt), UpdatedAt: stamp(w.UpdatedAt),
	}
	if w.Visible() {
		out.URL = new(a.Absolute(show.WorkPath(studio.Slug, w.Slug, w.PublicID)))
	}
	return out
}

// work is a whole work: pictures are those that the asker may see; states tells
// how the other files stand, to members alone.
func (a *API) work(p works.Page, studio studioJSON, pictures map[uuid.UUID]media.Picture, states map[uuid.UUID]media.Media) workJSON {
	w := p.Work
	var cover media.Picture
	if w.CoverID != nil {
		cover = pictures[*w.CoverID]
	}
	out := workJSON{
		summaryJSON: a.summary(w, studio, cover), Story: w.Story, Credits: w.Credits, Tags: append([]string{}, w.Tags...),
		Licence: licenceJSON{string(w.Licence), w.Licence.Words(), orNone(w.Licence.URL())},
		AIMade:  w.AIMade, NoAI: w.NoAI, PublishAt: stampOf(w.PublishAt), Media: []itemJSON{},
	}
	for _, item := range p.Items {
		pic := a.picture(pictures[item.MediaID], item.Alt)
		file, known := states[item.MediaID]
		switch {
		case pic != nil:
			out.Media = append(out.Media, itemJSON{fileID(item.MediaID), string(media.StateReady), *pic, item.Caption})
		case known:
			out.Media = append(out.Media, itemJSON{fileID(item.MediaID), string(file.State), pictureJSON{Kind: string(file.Kind), Alt: item.Alt, Renditions: []renditionJSON{}}, item.Caption})
		}
	}
	return out
}

// file is a file as its studio sees it.
func (a *API) file(m media.Media) fileJSON {
	out := fileJSON{
		ID: fileID(m.ID), URL: a.Absolute(mediaPath + "/" + fileID(m.ID)), State: string(m.State), Usable: m.Usable, Problem: orNone(m.Failure),
		Kind: orNone(string(m.Kind)), Filename: m.Filename, Bytes: m.Bytes, Width: m.Width, Height: m.Height,
		CreatedAt: stamp(m.CreatedAt), Renditions: a.renditions(m.Picture()),
	}
	if m.Kind == media.KindVideo {
		out.DurationMS = &m.DurationMS
	}
	if m.DuplicateOf != nil {
		out.DuplicateOf = new(fileID(*m.DuplicateOf))
	}
	return out
}
