// Package show turns what the contexts know into what pages show: cards, labels,
// facts, words for states. It asks nobody anything, so each of its functions can
// be read and tested by itself.
package show

import (
	"strconv"

	"github.com/google/uuid"

	"vitrine/app/media"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/ui"
	"vitrine/web/ui/hang"
	"vitrine/web/views"
)

// SrcWidth is the width of the JPEG for browsers that know no srcset.
const SrcWidth = 960

// Picture turns media's picture into a part. AVIF is offered where it reaches
// every size: it ends at 1,280 pixels, and a browser that prefers it would show
// less of a large one than it could.
func Picture(p media.Picture, alt, lang string, focal int) ui.Picture {
	pic := ui.Picture{
		Alt: alt, Lang: lang, Width: p.Width, Height: p.Height, Tone: p.Tone, Focal: hang.Focal(focal),
		Src: p.Src(SrcWidth), SrcSet: p.JPEG(),
	}
	if p.AVIFWhole() {
		pic.Sources = append(pic.Sources, ui.Source{Type: "image/avif", SrcSet: p.AVIF()})
	}
	if webp := p.WebP(); webp != "" {
		pic.Sources = append(pic.Sources, ui.Source{Type: "image/webp", SrcSet: webp})
	}
	return pic
}

// ByStudio tells the name and slug of a studio.
type ByStudio func(studioID uuid.UUID) (slug, name string)

// Cards makes cards of works; one without anything to show is left out.
func Cards(cards []works.Card, pictures map[uuid.UUID]media.Picture, who ByStudio) []ui.Card {
	out := make([]ui.Card, 0, len(cards))
	for _, card := range cards {
		if c, ok := cardOf(card, pictures, who); ok {
			out = append(out, c)
		}
	}
	return out
}

func cardOf(card works.Card, pictures map[uuid.UUID]media.Picture, who ByStudio) (ui.Card, bool) {
	slug, name := who(card.StudioID)
	if card.CoverID == nil || slug == "" {
		return ui.Card{}, false
	}
	p, ok := pictures[*card.CoverID]
	if !ok || p.Empty() {
		return ui.Card{}, false
	}
	c := ui.Card{
		Title: card.Name(), URL: WorkPath(slug, card.Slug, card.PublicID), Lang: card.Lang, StudioName: name, StudioURL: StudioPath(slug),
		Note: Note(p.Kind, card.MediaCount, card.Year), Count: card.MediaCount, Sensitive: card.Sensitive,
		Picture: Picture(p, card.CoverAlt, card.Lang, card.CoverFocal),
	}
	if p.Kind == media.KindVideo {
		c.Kind, c.Duration = "video", ui.Length(Seconds(p.DurationMS))
	}
	return c, true
}

// Seconds rounds up, so that a film is never 0:00 long.
func Seconds(ms int64) int { return int((ms + 999) / 1000) }

// Note says what a work is made of: "Film, 2024", "6 pictures".
func Note(kind media.Kind, count int, year *int) string {
	note := "Picture"
	switch {
	case count > 1:
		note = ui.Count(count, "picture", "pictures")
	case kind == media.KindVideo:
		note = "Film"
	}
	if year != nil {
		note += ", " + strconv.Itoa(*year)
	}
	return note
}

// StudioIDs are the studios of cards, each once.
func StudioIDs(cards []works.Card) []uuid.UUID {
	seen := map[uuid.UUID]bool{}
	var ids []uuid.UUID
	for _, c := range cards {
		if !seen[c.StudioID] {
			seen[c.StudioID] = true
			ids = append(ids, c.StudioID)
		}
	}
	return ids
}

// Neighbour is a work beside another; nil for none.
func Neighbour(c *works.Card, pictures map[uuid.UUID]media.Picture, who ByStudio) *ui.Neighbour {
	if c == nil {
		return nil
	}
	slug, _ := who(c.StudioID)
	n := &ui.Neighbour{Title: c.Name(), URL: WorkPath(slug, c.Slug, c.PublicID), Lang: c.Lang}
	if c.CoverID != nil && !c.Sensitive {
		if p, ok := pictures[*c.CoverID]; ok {
			pic := Picture(p, "", "", c.CoverFocal)
			n.Picture = &pic
		}
	}
	return n
}

// Shelf is a studio with a few pictures in the index of studios.
func Shelf(sh works.Shelf, st studios.Studio, pictures map[uuid.UUID]media.Picture) views.Shelf {
	out := views.Shelf{Name: st.Name, URL: StudioPath(st.Slug), Note: ui.Count(sh.Works, "work", "works")}
	if st.Location != "" {
		out.Note = st.Location + ", " + out.Note
	}
	for _, card := range sh.Cards {
		if card.CoverID == nil || card.Sensitive {
			continue
		}
		if p, ok := pictures[*card.CoverID]; ok && !p.Empty() {
			pic := Picture(p, "", "", card.CoverFocal)
			pic.Sizes = ui.SizesThumb
			out.Pictures = append(out.Pictures, pic)
		}
	}
	return out
}
