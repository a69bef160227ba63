package show

import (
	"vitrine/app/studios"
	"vitrine/web/views"
)

// Room is the head of a studio's page for a member of that role.
func Room(slug, name string, role studios.Role, at views.RoomName) views.Room {
	r := views.Room{Slug: slug, Name: name, At: at, Open: []views.RoomName{views.RoomOverview, views.RoomAnalytics, views.RoomCollections, views.RoomComments, views.RoomLinks, views.RoomMembers, views.RoomReports}}
	if role.Can(studios.ManageMembers) {
		r.Open = append(r.Open, views.RoomAudit)
	}
	if role.Can(studios.ChangeSettings) {
		r.Open = append(r.Open, views.RoomSettings)
	}
	if role.Can(studios.TakeArchive) {
		r.Open = append(r.Open, views.RoomArchive)
	}
	return r
}
