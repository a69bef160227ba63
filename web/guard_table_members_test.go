package web_test

import (
	"strings"

	"github.com/google/uuid"

	"vitrine/app/platform/idem"
)

// memberLines: who belongs to a studio, and how they join and leave.
func (h *house) memberLines() lines {
	at, none43 := "/studio/"+h.slug+"/members", "/join/"+strings.Repeat("a", 43)
	nobodys := at + "/" + uuid.NewString()
	invitation := at + "/invitations/" + uuid.NewString()
	key := idem.NewKey()
	return lines{
		"GET /studio/:slug/members":                                   members(at, ok),
		"POST /studio/:slug/members/invite":                           admins(at+"/invite", invalid).with("idempotency_key", key),
		"POST /studio/:slug/members/invitations/:invitation/again":    admins(invitation+"/again", none).with("idempotency_key", key),
		"POST /studio/:slug/members/invitations/:invitation/withdraw": admins(invitation+"/withdraw", none).with(),
		"POST /studio/:slug/members/:member/role":                     admins(nobodys+"/role", none).with("role", "editor"),
		"POST /studio/:slug/members/:member/remove":                   admins(nobodys+"/remove", to).with(), // gone already
		// Of a studio that nobody here can leave: its owner stays, the others are strangers.
		"POST /studio/:slug/members/leave":    {path: "/studio/stranger/members/leave", status: statuses{atDoor, no, none, none, none, none, none}, form: map[string][]string{}},
		"GET /studio/:slug/members/transfer":  owners(at+"/transfer", ok).proof(),
		"POST /studio/:slug/members/transfer": owners(at+"/transfer", clash).with("idempotency_key", key).proof(), // a personal studio
		"GET /studio/:slug/audit":             admins("/studio/"+h.slug+"/audit", ok),
		"GET /studio/:slug/audit.csv":         admins("/studio/"+h.slug+"/audit.csv", ok),
		"GET /join/:code":                     anybody(none43, none),
		"POST /join/:code":                    signedIn(none43, none).with(),
	}
}
