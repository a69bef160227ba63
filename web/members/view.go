package members

import (
	"vitrine/app/accounts"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/web/site"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// list is the page of a studio's members.
type list struct {
	Room    views.Room
	Path    string
	Manages bool // sees addresses and invitations
	Owns    bool
	Rows    []row
	Pages   ui.Pages
	Open    []openRow
	Invite  inviteForm
}

// row is a member, and what the viewer may do with them.
type row struct {
	ID, Name, Email          string
	Role                     studios.Role
	Since, SinceAt           string
	You                      bool
	Changes, Removes, Leaves bool
}

// openRow is an invitation that has not ended.
type openRow struct {
	ID, Key, Email, By string
	Role               studios.Role
	Until, UntilAt     string
	Expired            bool
}

// inviteForm is the form that invites; Above is what a row's button was told.
type inviteForm struct {
	Key, Email, Role string
	Refusal          views.Refusal
	Above            views.Refusal
}

func (f inviteForm) emailField() ui.Field {
	return ui.Field{Name: "email", Kind: ui.Email, Label: "Address", Value: f.Email, Error: f.Refusal.Fields["email"], Autocomplete: "off", Required: true, Plain: true}
}

func (f inviteForm) roleField() ui.Select {
	return ui.Select{Name: "role", Label: "Role", Value: f.Role, Error: f.Refusal.Fields["role"], Options: roleOptions()}
}

// roleField changes a member's role; each has an id of its own on the page.
func (r row) roleField() ui.Select {
	return ui.Select{Name: "role", ID: "role-" + r.ID, Label: "Role of " + r.Name, HideLabel: true, Value: string(r.Role), Options: roleOptions()}
}

func (r row) removal(studio string) ui.Confirm {
	return ui.Confirm{
		Label: "Remove", Small: true, Question: "Take " + r.Name + " out of " + studio + "? What they made stays with the studio.",
		Act: ui.Button{Label: "Remove " + r.Name, Small: true},
	}
}

func (l list) leaving() ui.Confirm {
	return ui.Confirm{
		Label: "Leave the studio", Small: true, Question: "Leave " + l.Room.Name + "? What you made stays with the studio, and only its admins can let you in again.",
		Act: ui.Button{Label: "Leave " + l.Room.Name, Small: true},
	}
}

func (o openRow) withdrawal() ui.Confirm {
	return ui.Confirm{
		Label: "Withdraw", Small: true, Question: "Withdraw the invitation to " + o.Email + "? Its link stops working.",
		Act: ui.Button{Label: "Withdraw it", Small: true},
	}
}

// leaves tells whether the viewer is somebody who can go.
func (l list) leaves() bool {
	for _, r := range l.Rows {
		if r.Leaves {
			return true
		}
	}
	return false
}

// word is the role as people read it.
func word(r studios.Role) string {
	for _, o := range roleOptions() {
		if o.Value == string(r) {
			return o.Label
		}
	}
	return "Owner"
}

// duty is what a role may do, in a few words.
type duty struct{ Role, May string }

func duties() []duty {
	return []duty{
		{"Owner", "everything, and hands the studio on"},
		{"Admin", "invites people, changes roles and settings, reads the audit"},
		{"Editor", "uploads, writes and publishes"},
		{"Viewer", "sees drafts, files and members"},
	}
}

// transferForm hands a studio on.
type transferForm struct {
	Key, To, Path, Name string
	Personal            bool
	People              []ui.Option
	Refusal             views.Refusal
}

func (f *transferForm) fill(m site.Membership, personal bool) {
	f.Key, f.Path, f.Name, f.Personal = idem.NewKey(), path(m), m.Name, personal
	f.People = []ui.Option{{Value: "", Label: "Choose a member"}}
}

func (f *transferForm) offer(one studios.Member, u accounts.User) {
	f.People = append(f.People, ui.Option{Value: one.UserID.String(), Label: nameOf(u) + ", " + string(one.Role)})
}

func (f *transferForm) toField() ui.Select {
	return ui.Select{Name: "to", Label: "New owner", Value: f.To, Error: f.Refusal.Fields["to"], Options: f.People, Required: true}
}

// alone tells whether there is nobody to hand it to.
func (f *transferForm) alone() bool { return len(f.People) == 1 }

// joining is an invitation as whoever holds its link sees it.
type joining struct {
	Code, Studio, Slug, By, Email string
	Role                          studios.Role
	As                            string // the viewer's address; empty for visitors
	Meant                         bool   // the invitation was sent to the viewer
}

func (j joining) path() string { return "/join/" + j.Code }

func (j joining) loginURL() string { return "/login?next=" + j.path() }

// may is what the role would let them do.
func (j joining) may() string {
	for _, d := range duties() {
		if d.Role == word(j.Role) {
			return d.May
		}
	}
	return ""
}

func article(r studios.Role) string {
	if r == studios.Viewer {
		return "a viewer"
	}
	return "an " + string(r)
}
