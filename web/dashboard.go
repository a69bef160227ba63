package web

import (
	"net/http"
	"net/url"

	"vitrine/app/fault"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/compose"
	"vitrine/web/insights"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// perDesk is how many works a page of the dashboard lists.
const perDesk = 24

// dashboard is a studio as its members see it, whatever their role. Seven
// queries, and one more for those who run the installation.
func (s *Server) dashboard(c *Context) error {
	viewer, err := c.RequireViewer()
	if err != nil {
		return err
	}
	m, ok := viewer.Member(c.Param("slug"))
	if !ok || !m.Role.Can(studios.SeeStudio) {
		return fault.New(fault.NotFound, "")
	}
	from := after(c)
	desk, err := s.Works.Desk(c.Ctx(), m.StudioID, works.State(c.Query("state")), from, perDesk)
	if err != nil {
		return err
	}
	path := "/studio/" + m.Slug
	key := idem.NewKey()
	v := views.DashboardView{
		Name: m.Name, Slug: m.Slug, PublicURL: show.StudioPath(m.Slug), MayEdit: m.Role.Can(studios.EditWorks), Room: show.Room(m.Slug, m.Name, m.Role, views.RoomOverview),
		NewAction: path + "/new/" + key, UploadURL: path + "/uploads/", DraftKey: key, Key: idem.NewKey(),
		Drop:   ui.DropZone{Name: "files", Accept: compose.Accepted, Limits: compose.Limits(desk.Usage)},
		States: show.StateTabs(path, desk), StateWord: ui.State(desk.State).Word(),
		Empty: show.EmptyDesk(desk, path, m.Role),
	}
	for _, w := range desk.Works {
		v.Rows = append(v.Rows, show.DeskRow(m.Slug, m.Role, w, desk.Covers, s.Now()))
	}
	if after := desk.Next.String(); after != "" {
		v.Pages = ui.Pages{OlderURL: path + "?" + url.Values{"state": {string(desk.State)}, "after": {after}}.Encode(), Older: "Earlier changes"}
	}
	show.Storage(&v, desk.Usage)
	show.NeedsSomebody(&v, m.Slug, desk)
	if shut := m.Shut(); shut != nil || m.ClosingAt != nil { // every page says that it is to end
		v.Alert, v.MayEdit, v.PublicURL, v.Empty = shut, false, "", show.EmptyDesk(desk, path, studios.Viewer)
	}
	v.Demo = s.demoNotice(c, viewer)
	if panel := s.insights.Summary(c, m); panel != nil {
		v.Month = panel
	}
	b := s.Base(c, m.Name)
	b.Nav, b.NoIndex, b.Scripts = page.NavStudio, true, []string{"upload.js"}
	b.Styles = append(b.Styles, insights.Style)
	c.AllowBlob()
	return c.Render(http.StatusOK, views.Dashboard(b, v))
}
