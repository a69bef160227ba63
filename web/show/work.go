package show

import (
	"time"

	"github.com/google/uuid"

	"vitrine/app/media"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// Work is the public page of a work, but for what depends on who is looking and
// on where the site is.
func Work(p works.Page, st studios.Studio, pictures map[uuid.UUID]media.Picture) views.WorkView {
	w := p.Work
	v := views.WorkView{
		Title: w.Name(), Lang: w.Lang, StudioName: st.Name, StudioURL: StudioPath(st.Slug), FeedURL: StudioPath(st.Slug) + "/feed.atom",
		Sensitive: w.Sensitive, Unlisted: w.State == works.StateUnlisted, Story: Paragraphs(w.Story),
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
	v.Note = Note(first.Kind, len(v.Plates)+min(1, len(p.Items)), w.Year)
	v.Facts = factsOf(w, first)
	if len(p.Within) > 0 && w.Public() {
		f := ui.Fact{Term: "Collection"}
		for _, c := range p.Within {
			f.Links = append(f.Links, ui.FactLink{Label: c.Title, URL: CollectionPath(st.Slug, c.Slug, c.PublicID)})
		}
		v.Facts = append(v.Facts, f)
	}
	if st.Demo {
		v.Facts = append(v.Facts, ui.Fact{Term: "Demo", Value: "Drawn for this house, to show what hangs well"})
	}
	for _, label := range w.Tags {
		v.Tags = append(v.Tags, ui.Tag{Label: label, URL: TagPath(label)})
	}
	if len(w.Tags) > 0 && w.Public() {
		v.MoreURL = TagPath(w.Tags[0])
	}
	return v
}

// First is the first picture of a work that can be shown; empty while none can.
func First(p works.Page, pictures map[uuid.UUID]media.Picture) (media.Picture, works.Item) {
	for _, item := range p.Items {
		if pic, ok := pictures[item.MediaID]; ok && !pic.Empty() {
			return pic, item
		}
	}
	return media.Picture{}, works.Item{}
}

// Relatives are the cards around a work: those beside it and those near it.
func Relatives(p works.Page) []works.Card {
	cards := p.Near
	for _, n := range []*works.Card{p.Earlier, p.Later} {
		if n != nil {
			cards = append(cards[:len(cards):len(cards)], *n)
		}
	}
	return cards
}

// PictureIDs are the files whose pictures the page of a work shows.
func PictureIDs(p works.Page, around []works.Card) (ids []uuid.UUID) {
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

func plateOf(p media.Picture, item works.Item, w works.Work, sizes string) *views.Plate {
	pic := Picture(p, item.Alt, w.Lang, item.Focal)
	pic.Sizes = sizes
	out := &views.Plate{Picture: pic, Caption: item.Caption}
	if p.Film() {
		label := item.Alt
		if label == "" {
			label = w.Name()
		}
		out.Film = &ui.Video{Label: label, Src: p.Video(), Poster: p.Src(posterWidth), Width: p.Width, Height: p.Height, Tone: p.Tone, Seconds: Seconds(p.DurationMS)}
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
		f = append(f, ui.Fact{Term: "Length", Value: ui.Length(Seconds(first.DurationMS))})
	}
	if first.Width > 0 {
		f = append(f, ui.Fact{Term: "Size", Value: ui.Thousands(first.Width) + " × " + ui.Thousands(first.Height) + " px"})
	}
	return f
}
