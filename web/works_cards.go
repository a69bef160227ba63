package web

import (
	"context"
	"net/url"
	"strconv"

	"github.com/google/uuid"

	"vitrine/app/media"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/ui"
	"vitrine/web/ui/hang"
)

// studioPath is where a studio's public page is.
func studioPath(slug string) string { return "/@" + slug }

// workPath is where a work's public page is. The id alone would do; the words
// before it are for people.
func workPath(studioSlug, slug, publicID string) string {
	return studioPath(studioSlug) + "/" + url.PathEscape(slug) + "-" + publicID
}

// editPath is where a work is edited.
func editPath(studioSlug, publicID string) string {
	return "/studio/" + studioSlug + "/works/" + publicID
}

func tagPath(label string) string { return "/t/" + url.PathEscape(works.TagSlug(label)) }

// srcWidth is the width of the JPEG for browsers that know no srcset.
const srcWidth = 960

// pictureOf turns media's picture into a part. AVIF is offered where it reaches
// every size: it ends at 1,280 pixels, and a browser that prefers it would show
// less of a large one than it could.
func pictureOf(p media.Picture, alt, lang string, focal int) ui.Picture {
	pic := ui.Picture{
		Alt: alt, Lang: lang, Width: p.Width, Height: p.Height, Tone: p.Tone, Focal: hang.Focal(focal),
		Src: p.Src(srcWidth), SrcSet: p.JPEG(),
	}
	if p.AVIFWhole() {
		pic.Sources = append(pic.Sources, ui.Source{Type: "image/avif", SrcSet: p.AVIF()})
	}
	if webp := p.WebP(); webp != "" {
		pic.Sources = append(pic.Sources, ui.Source{Type: "image/webp", SrcSet: webp})
	}
	return pic
}

// byStudio tells the name and slug of a studio.
type byStudio func(studioID uuid.UUID) (slug, name string)

// hang makes cards of works: two queries, one for the studios and one for the
// covers. A work without anything to show is left out.
func (s *Server) hang(ctx context.Context, cards []works.Card) ([]ui.Card, error) {
	return s.hangWith(ctx, cards, nil)
}

// hangOf makes cards for the page of one studio: the label says the year, not
// the studio. One query.
func (s *Server) hangOf(ctx context.Context, cards []works.Card, st studios.Studio) ([]ui.Card, error) {
	pictures, err := s.Works.Covers(ctx, cards...)
	if err != nil {
		return nil, err
	}
	out := hung(cards, pictures, func(uuid.UUID) (string, string) { return st.Slug, st.Name })
	for i := range out {
		out[i].StudioName = ""
	}
	return out, nil
}

func (s *Server) hangWith(ctx context.Context, cards []works.Card, who byStudio) ([]ui.Card, error) {
	if len(cards) == 0 {
		return nil, nil
	}
	if who == nil {
		found, err := s.Studios.ByIDs(ctx, studioIDs(cards))
		if err != nil {
			return nil, err
		}
		who = func(id uuid.UUID) (string, string) { return found[id].Slug, found[id].Name }
	}
	pictures, err := s.Works.Covers(ctx, cards...)
	if err != nil {
		return nil, err
	}
	return hung(cards, pictures, who), nil
}

func hung(cards []works.Card, pictures map[uuid.UUID]media.Picture, who byStudio) []ui.Card {
	out := make([]ui.Card, 0, len(cards))
	for _, card := range cards {
		if c, ok := cardOf(card, pictures, who); ok {
			out = append(out, c)
		}
	}
	return out
}

func cardOf(card works.Card, pictures map[uuid.UUID]media.Picture, who byStudio) (ui.Card, bool) {
	slug, name := who(card.StudioID)
	if card.CoverID == nil || slug == "" {
		return ui.Card{}, false
	}
	p, ok := pictures[*card.CoverID]
	if !ok || p.Empty() {
		return ui.Card{}, false
	}
	c := ui.Card{
		Title: card.Name(), URL: workPath(slug, card.Slug, card.PublicID), Lang: card.Lang, StudioName: name, StudioURL: studioPath(slug),
		Note: noteOf(p.Kind, card.MediaCount, card.Year), Count: card.MediaCount, Sensitive: card.Sensitive,
		Picture: pictureOf(p, card.CoverAlt, card.Lang, card.CoverFocal),
	}
	if p.Kind == media.KindVideo {
		c.Kind, c.Duration = "video", ui.Length(seconds(p.DurationMS))
	}
	return c, true
}

// seconds rounds up, so that a film is never 0:00 long.
func seconds(ms int64) int { return int((ms + 999) / 1000) }

// noteOf says what a work is made of: "Film, 2024", "6 pictures".
func noteOf(kind media.Kind, count int, year *int) string {
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

func studioIDs(cards []works.Card) []uuid.UUID {
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
