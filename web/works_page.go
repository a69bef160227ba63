package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/page"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// showWork is a work's public page: everybody sees a published one, whoever has
// the link an unlisted one. Any other spelling of the address moves to the
// canonical one. Four queries.
func (s *Server) showWork(c *Context) error {
	p, err := s.Works.ByPublicID(c.Ctx(), publicID(c.Param("work")))
	if err != nil {
		return err
	}
	around := relativesOf(p)
	who, err := s.Studios.ByIDs(c.Ctx(), append(studioIDs(around), p.Work.StudioID))
	if err != nil {
		return err
	}
	st, ok := who[p.Work.StudioID]
	if !ok {
		return fault.New(fault.NotFound, "")
	}
	if moved, err := c.toCanonical(workPath(st.Slug, p.Work.Slug, p.Work.PublicID)); moved {
		return err
	}
	pictures, err := s.Works.Pictures(c.Ctx(), picturesOf(p, around))
	if err != nil {
		return err
	}
	c.cachePublic()
	if p.Work.NoAI {
		c.Header("X-Robots-Tag", "noai, noimageai")
	}
	v := s.workView(c, p, st, pictures)
	name := func(id uuid.UUID) (string, string) { return who[id].Slug, who[id].Name }
	v.Near = ui.Hang{Cards: hung(p.Near, pictures, name), Small: true}
	v.Turn = ui.Turn{Earlier: neighbour(p.Earlier, pictures, name), Later: neighbour(p.Later, pictures, name)}
	return c.Render(http.StatusOK, views.Work(s.workBase(c, p, st, pictures, v), v))
}

// publicID is the last part of "slug-id"; whatever it is, works checks it.
func publicID(param string) string {
	return param[strings.LastIndexByte(param, '-')+1:]
}

// toCanonical moves a request that came by another spelling of the path. Paths
// are compared as text: their percent signs may differ.
func (c *Context) toCanonical(path string) (moved bool, err error) {
	want, err := url.PathUnescape(path)
	if err != nil || c.Request().URL.Path == want {
		return false, nil //nolint:nilerr // our own path is always readable
	}
	if q := c.Request().URL.RawQuery; q != "" {
		path += "?" + q
	}
	return true, c.MovedPermanently(path)
}

// cachePublic lets caches keep a public page only if they ask each time: a
// takedown holds at once. A member's page carries their name.
func (c *Context) cachePublic() {
	c.Response().Header().Add("Vary", "Cookie") // compression has said Accept-Encoding
	if c.Viewer() != nil {
		c.Header("Cache-Control", "private, no-cache")
		return
	}
	c.Header("Cache-Control", "public, no-cache")
}

func relativesOf(p works.Page) []works.Card {
	cards := p.Near
	for _, n := range []*works.Card{p.Earlier, p.Later} {
		if n != nil {
			cards = append(cards[:len(cards):len(cards)], *n)
		}
	}
	return cards
}

func picturesOf(p works.Page, around []works.Card) (ids []uuid.UUID) {
	for _, item := range p.Items {
		ids = append(ids, item.MediaID)
	}
	for _, c := range around {
		if c.CoverID != nil {
			ids = append(ids, *c.CoverID)
		}
	}
	return ids
}

func neighbour(c *works.Card, pictures map[uuid.UUID]media.Picture, who byStudio) *ui.Neighbour {
	if c == nil {
		return nil
	}
	slug, _ := who(c.StudioID)
	n := &ui.Neighbour{Title: c.Name(), URL: workPath(slug, c.Slug, c.PublicID), Lang: c.Lang}
	if c.CoverID != nil && !c.Sensitive {
		if p, ok := pictures[*c.CoverID]; ok {
			pic := pictureOf(p, "", "", c.CoverFocal)
			n.Picture = &pic
		}
	}
	return n
}

func (s *Server) workView(c *Context, p works.Page, st studios.Studio, pictures map[uuid.UUID]media.Picture) views.WorkView {
	w := p.Work
	v := views.WorkView{
		Title: w.Name(), Lang: w.Lang, StudioName: st.Name, StudioURL: studioPath(st.Slug), FeedURL: studioPath(st.Slug) + "/feed.atom",
		Sensitive: w.Sensitive, Unlisted: w.State == works.StateUnlisted, Story: paragraphs(w.Story),
		Share: ui.Share{URL: s.absolute(workPath(st.Slug, w.Slug, w.PublicID)), Title: w.Name()},
	}
	var first media.Picture
	for _, item := range p.Items {
		pic, ok := pictures[item.MediaID]
		if !ok || pic.Empty() {
			continue // not ready yet, or not any more
		}
		if v.Stage == nil {
			first = pic
			v.Stage = plateOf(pic, item, w, ui.SizesStage)
			v.Stage.Picture.Priority = true
			continue
		}
		v.Plates = append(v.Plates, *plateOf(pic, item, w, ui.SizesHalf))
	}
	pairUp(v.Plates)
	v.Note = noteOf(first.Kind, len(v.Plates)+min(1, len(p.Items)), w.Year)
	v.Facts = factsOf(w, first)
	if st.Demo {
		v.Facts = append(v.Facts, ui.Fact{Term: "Demo", Value: "drawn for this house, to show what hangs well"})
	}
	for _, label := range w.Tags {
		v.Tags = append(v.Tags, ui.Tag{Label: label, URL: tagPath(label)})
	}
	if len(w.Tags) > 0 && w.Public() {
		v.MoreURL = tagPath(w.Tags[0])
	}
	if m, ok := c.Viewer().Member(st.Slug); ok && m.Role.Can(studios.EditWorks) {
		v.EditURL = editPath(st.Slug, w.PublicID)
	}
	return v
}

func plateOf(p media.Picture, item works.Item, w works.Work, sizes string) *views.Plate {
	pic := pictureOf(p, item.Alt, w.Lang, item.Focal)
	pic.Sizes = sizes
	out := &views.Plate{Picture: pic, Caption: item.Caption}
	if p.Film() {
		label := item.Alt
		if label == "" {
			label = w.Name()
		}
		out.Film = &ui.Video{Label: label, Src: p.Video(), Poster: p.Src(posterWidth), Width: p.Width, Height: p.Height, Tone: p.Tone, Seconds: seconds(p.DurationMS)}
	}
	return out
}

// posterWidth is that of the picture a film shows before it plays.
const posterWidth = 1280

// pairUp hangs upright and square plates in pairs; wide ones have the row to
// themselves, and so has one that finds no partner.
func pairUp(plates []views.Plate) {
	narrow := func(i int) bool {
		p := plates[i].Picture
		return p.Width*10 <= p.Height*16
	}
	for i := 0; i+1 < len(plates); i++ {
		if narrow(i) && narrow(i+1) {
			plates[i].Half, plates[i+1].Half = true, true
			i++
		}
	}
	for i := range plates {
		if !plates[i].Half {
			plates[i].Picture.Sizes = ui.SizesStage
		}
	}
}

func factsOf(w works.Work, first media.Picture) ui.Facts {
	var f ui.Facts
	for _, c := range credits(w.Credits) {
		f = append(f, ui.Fact{Term: c.Role, Value: c.Names})
	}
	if w.Credits == "" && first.Credit != "" {
		f = append(f, ui.Fact{Term: "Credits", Value: first.Credit})
	}
	if first.Copyright != "" {
		f = append(f, ui.Fact{Term: "Copyright", Value: first.Copyright})
	}
	if w.PublishedAt != nil {
		f = append(f, ui.Fact{Term: "Published", Value: day(*w.PublishedAt), Time: w.PublishedAt.UTC().Format(time.DateOnly)})
	}
	licence := ui.Fact{Term: "Licence", Value: w.Licence.Words()}
	if link := w.Licence.URL(); link != "" {
		licence = ui.Fact{Term: "Licence", Links: []ui.FactLink{{Label: w.Licence.Words(), URL: link}}}
	}
	f = append(f, licence)
	if w.AIMade {
		f = append(f, ui.Fact{Term: "Made with", Value: "the help of a generative model"})
	}
	if first.DurationMS > 0 {
		f = append(f, ui.Fact{Term: "Length", Value: ui.Length(seconds(first.DurationMS))})
	}
	if first.Width > 0 {
		f = append(f, ui.Fact{Term: "Size", Value: ui.Thousands(first.Width) + " × " + ui.Thousands(first.Height) + " px"})
	}
	return f
}

// day writes a date as people say it, in UTC.
func day(t time.Time) string { return t.UTC().Format("2 January 2006") }

// workBase fills the head: what search engines and other sites show.
func (s *Server) workBase(c *Context, p works.Page, st studios.Studio, pictures map[uuid.UUID]media.Picture, v views.WorkView) page.Base {
	w := p.Work
	b := s.base(c, v.Title+", "+st.Name)
	b.Nav, b.FeedURL, b.NoAI = page.NavExplore, v.FeedURL, w.NoAI
	b.NoIndex = w.State != works.StatePublished
	b.Canonical = v.Share.URL
	b.Description = summary(w.Story, v.Title+" by "+st.Name+", on "+page.Site+".")
	og := &page.OpenGraph{Type: "article", Title: v.Title, Description: b.Description, URL: b.Canonical}
	if v.Stage != nil && !w.Sensitive {
		for _, item := range p.Items {
			if pic, ok := pictures[item.MediaID]; ok && !pic.Empty() {
				og.Image, og.ImageAlt = s.absolute(pic.Src(cardWidth)), item.Alt
				og.ImageW, og.ImageH = pic.SrcSize(cardWidth)
				break
			}
		}
	}
	b.OpenGraph = og
	return b
}

// cardWidth is that of the picture on other sites' cards.
const cardWidth = 1280

// summary is the beginning of a text in one line, for a description.
func summary(text, otherwise string) string {
	const most = 200
	line := strings.Join(strings.Fields(text), " ")
	if line == "" {
		return otherwise
	}
	runes := []rune(line)
	if len(runes) <= most {
		return line
	}
	short := string(runes[:most])
	if i := strings.LastIndexByte(short, ' '); i > most/2 {
		short = short[:i]
	}
	return strings.TrimRight(short, " .,;:") + "…"
}
