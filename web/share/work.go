package share

import (
	"net/url"
	"strings"

	"github.com/google/uuid"

	"vitrine/app/works"
	"vitrine/web/show"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// onWork is how many links the page of a work shows; the list has them all.
const onWork = 4

// NewPath is where a link to a work is made.
func NewPath(slug, publicID string) string {
	return show.LinksPath(slug) + "?work=" + url.QueryEscape(publicID) + "#new"
}

// OfWork is what the page on which a work is made says of its links; nil where
// nobody needs one, as for a work that everybody can see. The caller has checked
// that the viewer edits works. One query.
func (p *Pages) OfWork(c *Context, studioID uuid.UUID, slug string, w works.Work) (*views.Shares, error) {
	v := &views.Shares{Button: ui.Button{Label: "Share link", Icon: ui.IconShare, Small: true, Name: "intent", Value: "share", Skip: true}}
	if w.PublicID == "" {
		return v, nil
	}
	list, more, err := p.Links.OfWork(c.Ctx(), studioID, w.ID, onWork)
	if err != nil || len(list) == 0 && w.Public() {
		return nil, err
	}
	if len(list) > 0 {
		v.Button.Label = "Another link"
		v.AllURL, v.All = show.LinksPath(slug), "All links of the studio"
		if more {
			v.All = "More, among all links of the studio"
		}
	}
	now := p.Now()
	for _, l := range list {
		row := views.ShareRow{Name: l.Note, Says: says(l, now), Share: ui.Share{URL: p.address(l), Title: w.Name(), ID: "share-" + l.ID.String(), Of: "the link", Small: true}}
		if row.Name == "" {
			row.Name = "Whoever has it"
		}
		row.Says = strings.ToUpper(row.Says[:1]) + row.Says[1:]
		v.Rows = append(v.Rows, row)
	}
	return v, nil
}
