package show

import (
	"net/url"

	"github.com/google/uuid"

	"vitrine/app/media"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/collections"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// CardWidth is that of the picture on other sites' cards.
const CardWidth = 1280

// CollectionPath is where a collection's public page is. The id alone would do;
// the words before it are for people.
func CollectionPath(studioSlug, slug, publicID string) string {
	return StudioPath(studioSlug) + "/c/" + url.PathEscape(slug) + "-" + publicID
}

// LinksPath is where a studio's share links are listed and made.
func LinksPath(studioSlug string) string { return "/studio/" + studioSlug + "/links" }

// CardsOf makes cards for a page of one studio: the label says the year, not the
// studio.
func CardsOf(cards []works.Card, pictures map[uuid.UUID]media.Picture, st studios.Studio) []ui.Card {
	out := Cards(cards, pictures, func(uuid.UUID) (string, string) { return st.Slug, st.Name })
	for i := range out {
		out[i].StudioName = ""
	}
	return out
}

// CoverIDs are the files on the covers of works.
func CoverIDs(cards []works.Card) (ids []uuid.UUID) {
	for _, c := range cards {
		if c.CoverID != nil {
			ids = append(ids, *c.CoverID)
		}
	}
	return ids
}

// CollectionCovers are the files on the covers of collections.
func CollectionCovers(list []collections.Listed) (ids []uuid.UUID) {
	for _, l := range list {
		if l.Cover.MediaID != nil {
			ids = append(ids, *l.Cover.MediaID)
		}
	}
	return ids
}

// Tiles are collections as a studio's page lists them.
func Tiles(slug string, list []collections.Listed, pictures map[uuid.UUID]media.Picture) (out []views.Tile) {
	for _, l := range list {
		t := views.Tile{Title: l.Title, URL: CollectionPath(slug, l.Slug, l.PublicID)}
		if l.Cover.MediaID != nil {
			if p, ok := pictures[*l.Cover.MediaID]; ok && !p.Empty() {
				pic := Picture(p, "", "", l.Cover.Focal)
				pic.Sizes = sizesTile
				t.Picture = &pic
			}
		}
		out = append(out, t)
	}
	return out
}

// sizesTile is how wide the picture of a collection is drawn.
const sizesTile = "(min-width: 62rem) 22vw, (min-width: 30rem) 46vw, 92vw"
