package show

import (
	"time"

	"github.com/google/uuid"

	"vitrine/app/media"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/page"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// StateTabs lead through the works by state.
func StateTabs(path string, desk works.Desk) ui.Tabs {
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

// DeskRow is a work in the list of the dashboard, for a member of that role.
func DeskRow(slug string, role studios.Role, w works.Work, covers map[uuid.UUID]media.Picture, now time.Time) views.DeskRow {
	row := views.DeskRow{Title: w.Name(), Lang: w.Lang, URL: EditPath(slug, w.PublicID), Badge: BadgeOf(w)}
	if !role.Can(studios.EditWorks) {
		row.URL = "/studio/" + slug
	}
	row.Note = "No picture ready"
	if w.MediaCount > 0 {
		row.Note = ui.Count(w.MediaCount, "picture", "pictures")
	}
	switch {
	case w.Hidden:
		row.Note += ", " + HiddenWords(w)
	case w.State == works.StateScheduled:
		row.Note += ", opens " + Opening(w)
	default:
		row.Note += ", changed " + Since(now.Sub(w.UpdatedAt))
	}
	if w.Visible() {
		row.SeeURL = WorkPath(slug, w.Slug, w.PublicID)
		if !role.Can(studios.EditWorks) {
			row.URL = row.SeeURL
		}
	}
	if w.CoverID != nil {
		if p, ok := covers[*w.CoverID]; ok && !p.Empty() {
			pic := Picture(p, "", "", w.CoverFocal)
			pic.Sizes = ui.SizesThumb
			row.Picture = &pic
		}
	}
	return row
}

// EmptyDesk teaches what a state is for.
func EmptyDesk(desk works.Desk, path string, role studios.Role) ui.Empty {
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

// Storage says how full the studio is.
func Storage(v *views.DashboardView, u media.Usage) {
	percent := 0
	if u.Limit > 0 {
		percent = int(min(100, (u.Used+u.Reserved)*100/u.Limit))
	}
	v.Used = ui.Bar{Label: "Storage used", Percent: percent, Large: true, Warn: percent >= nearlyFull}
	v.UsedNote = ui.Bytes(u.Used+u.Reserved) + " of " + ui.Bytes(u.Limit)
	v.LeftNote = ui.Bytes(u.Left()) + " left. Every size that we make counts, and what you delete is free again."
}

// NeedsSomebody lists the files that are on their way or failed, and says the
// worst first.
func NeedsSomebody(v *views.DashboardView, slug string, desk works.Desk) {
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
			row.URL = EditPath(slug, w.PublicID) + "#files"
		}
		if row.Bad && v.Alert == nil {
			v.Alert = &ui.Flash{Kind: page.Warn, Strong: f.Filename + " could not be used.", Message: f.Failure, LinkURL: row.URL, Link: "Look at it"}
		}
		v.Queue = append(v.Queue, row)
	}
}
