package web

import (
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/page"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// perDesk is how many works a page of the dashboard lists.
const perDesk = 24

// dashboard is a studio as its members see it, whatever their role. Seven
// queries, and one more for those who run the installation.
func (s *Server) dashboard(c *Context) error {
	viewer, err := c.requireViewer()
	if err != nil {
		return err
	}
	m, ok := viewer.Member(c.Param("slug"))
	if !ok || !m.Role.Can(studios.SeeStudio) {
		return fault.New(fault.NotFound, "")
	}
	from := c.after()
	desk, err := s.Works.Desk(c.Ctx(), m.StudioID, works.State(c.Query("state")), from, perDesk)
	if err != nil {
		return err
	}
	path := "/studio/" + m.Slug
	key := idem.NewKey()
	v := views.DashboardView{
		Name: m.Name, Slug: m.Slug, PublicURL: studioPath(m.Slug), MayEdit: m.Role.Can(studios.EditWorks), MayChange: m.Role.Can(studios.ChangeSettings),
		NewAction: path + "/new/" + key, UploadURL: path + "/uploads/", DraftKey: key, Key: idem.NewKey(),
		Drop:   ui.DropZone{Name: "files", Accept: accepted, Limits: limits(desk.Usage)},
		States: stateTabs(path, desk), StateWord: ui.State(desk.State).Word(),
		Empty: emptyDesk(desk, path, m.Role),
	}
	for _, w := range desk.Works {
		v.Rows = append(v.Rows, s.deskRow(m, w, desk.Covers))
	}
	if after := desk.Next.String(); after != "" {
		v.Pages = ui.Pages{OlderURL: path + "?" + url.Values{"state": {string(desk.State)}, "after": {after}}.Encode(), Older: "Earlier changes"}
	}
	storage(&v, desk.Usage)
	s.needsSomebody(&v, m, desk)
	v.Demo = s.demoNotice(c, viewer)
	b := s.base(c, m.Name)
	b.Nav, b.NoIndex, b.Scripts = page.NavStudio, true, []string{"upload.js"}
	c.allowBlob()
	return c.Render(http.StatusOK, views.Dashboard(b, v))
}

func stateTabs(path string, desk works.Desk) ui.Tabs {
	tabs := ui.Tabs{Label: "Works by state"}
	for _, state := range [...]works.State{works.StatePublished, works.StateDraft, works.StateScheduled, works.StateUnlisted, works.StateArchived} {
		label := ui.State(state).Word()
		if state == works.StateDraft {
			label = "Drafts"
		}
		tabs.Items = append(tabs.Items, ui.Tab{Label: label, URL: path + "?state=" + string(state), Count: desk.Counts[state], Current: state == desk.State})
	}
	return tabs
}

func (s *Server) deskRow(m Membership, w works.Work, covers map[uuid.UUID]media.Picture) views.DeskRow {
	row := views.DeskRow{Title: w.Name(), Lang: w.Lang, URL: editPath(m.Slug, w.PublicID), State: ui.State(w.State)}
	if !m.Role.Can(studios.EditWorks) {
		row.URL = "/studio/" + m.Slug
	}
	row.Note = "No picture ready"
	if w.MediaCount > 0 {
		row.Note = ui.Count(w.MediaCount, "picture", "pictures")
	}
	switch {
	case w.Hidden:
		row.Note += ", hidden by the moderators of this site"
	case w.State == works.StateScheduled:
		row.Note += ", opens " + opening(w)
	default:
		row.Note += ", changed " + since(s.conf.Clock().Sub(w.UpdatedAt))
	}
	if w.Visible() {
		row.SeeURL = workPath(m.Slug, w.Slug, w.PublicID)
		if !m.Role.Can(studios.EditWorks) {
			row.URL = row.SeeURL
		}
	}
	if w.CoverID != nil {
		if p, ok := covers[*w.CoverID]; ok && !p.Empty() {
			pic := pictureOf(p, "", "", w.CoverFocal)
			pic.Sizes = ui.SizesThumb
			row.Picture = &pic
		}
	}
	return row
}

// emptyDesk teaches what a state is for.
func emptyDesk(desk works.Desk, path string, role studios.Role) ui.Empty {
	texts := map[works.State]ui.Empty{
		works.StatePublished: {Heading: "Nothing on the wall yet", Text: "Works that you publish hang on your public page, on explore and in your feed."},
		works.StateDraft:     {Heading: "No drafts", Text: "Drop a few photos above: a draft is made at once, and nobody sees it until you say so."},
		works.StateScheduled: {Heading: "Nothing is scheduled", Text: "Give a draft a day and an hour, and it opens by itself."},
		works.StateUnlisted:  {Heading: "Nothing is unlisted", Text: "Unlisted works are seen by those who have the link, and are on no wall."},
		works.StateArchived:  {Heading: "The archive is empty", Text: "Take a work down for a while and keep it here, with everything you wrote."},
	}
	e := texts[desk.State]
	if role.Can(studios.EditWorks) {
		e.Link = &ui.Link{Label: "New work", URL: path + "/new", Look: ui.Ink, Icon: ui.IconPlus}
	} else {
		e.Text = "There is nothing in this state."
	}
	return e
}

// nearlyFull is from which share of the storage on the bar warns, in percent.
const nearlyFull = 80

func storage(v *views.DashboardView, u media.Usage) {
	percent := 0
	if u.Limit > 0 {
		percent = int(min(100, (u.Used+u.Reserved)*100/u.Limit))
	}
	v.Used = ui.Bar{Label: "Storage used", Percent: percent, Large: true, Warn: percent >= nearlyFull}
	v.UsedNote = ui.Bytes(u.Used+u.Reserved) + " of " + ui.Bytes(u.Limit)
	v.LeftNote = ui.Bytes(u.Left()) + " left. Every size that we make counts, and what you delete is free again."
}

// needsSomebody lists the files that are on their way or failed, and says the
// worst first.
func (s *Server) needsSomebody(v *views.DashboardView, m Membership, desk works.Desk) {
	for _, f := range desk.Unsettled {
		row := views.QueueRow{Name: f.Filename}
		switch f.State {
		case media.StateFailed:
			row.Reason, row.Bad, row.Action = f.Failure, true, "Look at it"
		case media.StateDuplicate:
			row.Reason, row.Action, row.Stuck = "Already in your library. Use that one, or upload it anyway.", "Decide", true
		case media.StateUploading:
			row.Reason, row.Action = "Uploading", "Go on"
		default:
			row.Reason, row.Working, row.Action = "Making the sizes", true, "Edit"
		}
		if w, ok := desk.Holders[f.ID]; ok && v.MayEdit {
			row.URL = editPath(m.Slug, w.PublicID) + "#files"
		}
		if row.Bad && v.Alert == nil {
			v.Alert = &ui.Flash{Kind: page.Warn, Strong: f.Filename + " could not be used.", Message: f.Failure, LinkURL: row.URL, Link: "Look at it"}
		}
		v.Queue = append(v.Queue, row)
	}
}
