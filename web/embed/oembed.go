package embed

import (
	"encoding/json"
	"encoding/xml"
	"html"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/web/page"
	"vitrine/web/show"
)

// answer is what a site learns that asks how to show a work, as oembed.com says.
type answer struct {
	XMLName         xml.Name `json:"-" xml:"oembed"`
	Version         string   `json:"version" xml:"version"`
	Type            string   `json:"type" xml:"type"`
	Title           string   `json:"title" xml:"title"`
	AuthorName      string   `json:"author_name" xml:"author_name"`
	AuthorURL       string   `json:"author_url" xml:"author_url"`
	ProviderName    string   `json:"provider_name" xml:"provider_name"`
	ProviderURL     string   `json:"provider_url" xml:"provider_url"`
	CacheAge        int      `json:"cache_age" xml:"cache_age"` // seconds
	ThumbnailURL    string   `json:"thumbnail_url,omitempty" xml:"thumbnail_url,omitempty"`
	ThumbnailWidth  int      `json:"thumbnail_width,omitempty" xml:"thumbnail_width,omitempty"`
	ThumbnailHeight int      `json:"thumbnail_height,omitempty" xml:"thumbnail_height,omitempty"`
	HTML            string   `json:"html" xml:"html"`
	Width           int      `json:"width" xml:"width"`
	Height          int      `json:"height" xml:"height"`
}

// The size of the frame in pixels: as wide as a column of text, as high as the
// picture makes it, with the label below.
const (
	usualWidth = 640
	leastSide  = 160
	mostHeight = 900
	label      = 72
	cacheAge   = 3600
)

// OEmbed is GET /oembed?url=…&format=…&maxwidth=…&maxheight=…. It answers with
// 404 for whatever is no published work of this site, and with 501 for a format
// that is neither JSON nor XML. Any site may ask: it says what the page says.
func (p *Pages) OEmbed(c *Context) error {
	c.Header("Access-Control-Allow-Origin", "*")
	format := c.Query("format")
	if format != "" && format != "json" && format != "xml" {
		return c.Bytes(http.StatusNotImplemented, "text/plain; charset=utf-8", []byte("The formats are json and xml."))
	}
	publicID, ok := p.workOf(c.Query("url"))
	if !ok {
		return c.Bytes(http.StatusNotFound, "text/plain; charset=utf-8", []byte("Works of "+p.Host()+" can be shown elsewhere; this is not the address of one."))
	}
	s, err := p.find(c, publicID)
	if fault.Is(err, fault.NotFound) {
		return c.Bytes(http.StatusNotFound, "text/plain; charset=utf-8", []byte("This work is not here, or is not for everybody."))
	}
	if err != nil {
		return err
	}
	a := p.answerOf(s, bound(c.Query("maxwidth")), bound(c.Query("maxheight")))
	if format == "xml" {
		body, err := xml.Marshal(a)
		if err != nil {
			return err
		}
		return c.Bytes(http.StatusOK, "text/xml; charset=utf-8", append([]byte(xml.Header), body...))
	}
	body, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return c.Bytes(http.StatusOK, "application/json; charset=utf-8", body)
}

// bound reads a largest size; 0 is none.
func bound(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 0
	}
	return n
}

func (p *Pages) answerOf(s shown, maxWidth, maxHeight int) answer {
	w := s.page.Work
	a := answer{
		Version: "1.0", Type: "rich", Title: w.Name(), AuthorName: s.studio.Name, AuthorURL: p.Absolute(show.StudioPath(s.studio.Slug)),
		ProviderName: page.Site, ProviderURL: p.Absolute("/"), CacheAge: cacheAge,
	}
	first, _ := show.First(s.page, s.pictures)
	a.Width, a.Height = frame(first, maxWidth, maxHeight)
	if !w.Sensitive {
		a.ThumbnailURL, a.ThumbnailWidth, a.ThumbnailHeight = p.thumbnail(first, maxWidth, maxHeight)
	}
	attribute := func(name, value string) string { return " " + name + `="` + html.EscapeString(value) + `"` }
	a.HTML = "<iframe" + attribute("src", p.Absolute("/embed/"+w.PublicID)) + attribute("width", strconv.Itoa(a.Width)) + attribute("height", strconv.Itoa(a.Height)) +
		attribute("title", w.Name()+", "+s.studio.Name) + ` loading="lazy" allow="fullscreen" style="border:0;max-width:100%"></iframe>`
	return a
}

// frame is the size of the card of a picture within the bounds.
func frame(pic media.Picture, maxWidth, maxHeight int) (width, height int) {
	width = usualWidth
	if maxWidth > 0 {
		width = min(width, maxWidth)
	}
	height = width * 3 / 4
	if pic.Width > 0 {
		height = width * pic.Height / pic.Width
	}
	height = min(max(height, leastSide)+label, mostHeight)
	if maxHeight > 0 {
		height = min(height, maxHeight)
	}
	return width, height
}

// thumbnail is the largest JPEG within the bounds, of those that are no larger
// than a card needs.
func (p *Pages) thumbnail(pic media.Picture, maxWidth, maxHeight int) (address string, width, height int) {
	for _, w := range pic.Served.JPEG {
		sw, sh := pic.SrcSize(w)
		if w > show.CardWidth || maxWidth > 0 && sw > maxWidth || maxHeight > 0 && sh > maxHeight {
			break
		}
		address, width, height = p.Absolute(pic.Src(w)), sw, sh
	}
	return address, width, height
}

// Discovery is the lines in the head of a work's page that lead other sites to
// the answer.
func Discovery(absolute func(path string) string, canonical, title string) templ.Component {
	at := func(format string) string {
		return absolute("/oembed?" + url.Values{"format": {format}, "url": {canonical}}.Encode())
	}
	return discovery(at("json"), at("xml"), title)
}
