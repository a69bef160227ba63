package views

import "vitrine/web/ui"

// RoomName is one of the pages that a studio's tabs lead to.
type RoomName string

// The rooms. The overview is the studio's own address.
const (
	RoomOverview    RoomName = ""
	RoomComments    RoomName = "comments"
	RoomCollections RoomName = "collections"
	RoomLinks       RoomName = "links"
	RoomAnalytics   RoomName = "analytics"
	RoomMembers     RoomName = "members"
	RoomReports     RoomName = "reports"
	RoomAudit       RoomName = "audit"
	RoomSettings    RoomName = "settings"
	RoomArchive     RoomName = "export"
)

// Room is the head of a studio's page for its members: which studio, and the
// tabs that lead to the rooms that are open to them.
type Room struct {
	Slug, Name string
	At         RoomName
	Open       []RoomName // in their order
}

// path is where a room is.
func (r Room) path(to RoomName) string {
	if to == RoomOverview {
		return "/studio/" + r.Slug
	}
	return "/studio/" + r.Slug + "/" + string(to)
}

var roomLabels = map[RoomName]string{RoomOverview: "Overview", RoomCollections: "Collections", RoomLinks: "Links", RoomComments: "Comments", RoomAnalytics: "Analytics", RoomMembers: "Members", RoomReports: "Reports", RoomAudit: "Audit", RoomSettings: "Settings", RoomArchive: "Archive"}

func (r Room) tabs() ui.Tabs {
	tabs := ui.Tabs{Label: "Studio", Fold: true}
	for _, to := range r.Open {
		tabs.Items = append(tabs.Items, ui.Tab{Label: roomLabels[to], URL: r.path(to), Count: -1, Current: to == r.At})
	}
	return tabs
}
