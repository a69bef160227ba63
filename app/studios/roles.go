package studios

import "vitrine/app/fault"

// Role is what a person is in a studio. None is the role of strangers.
type Role string

// The roles, from most to least.
const (
	Owner  Role = "owner"
	Admin  Role = "admin"
	Editor Role = "editor"
	Viewer Role = "viewer"
	None   Role = ""
)

// Action is something a member may or may not do.
type Action string

// The actions.
const (
	SeeStudio      Action = "see"      // dashboard, drafts, library
	EditWorks      Action = "edit"     // upload, write, publish, archive, delete
	ChangeSettings Action = "settings" // name, slug, profile
	ManageMembers  Action = "members"  // invite, change roles, remove, read the audit
	ManageBilling  Action = "billing"  // plan, invoices
	CloseStudio    Action = "close"    // transfer, delete
	TakeArchive    Action = "archive"  // everything of the studio as an archive
	AnswerReports  Action = "answer"   // what moderators decided; also while suspended
)

var weakest = map[Action]Role{
	SeeStudio:      Viewer,
	EditWorks:      Editor,
	ChangeSettings: Admin,
	ManageMembers:  Admin,
	ManageBilling:  Owner,
	CloseStudio:    Owner,
	TakeArchive:    Admin,
	AnswerReports:  Editor,
}

var rank = map[Role]int{Viewer: 1, Editor: 2, Admin: 3, Owner: 4}

// Valid tells whether it is a role that a member can have.
func (r Role) Valid() bool { return rank[r] > 0 }

// assignable tells whether it is a role that an admin can give. Owner is none:
// there is one, and ownership is handed on by a transfer.
func (r Role) assignable() bool { return r.Valid() && r != Owner }

// Can tells whether the role may do it. An unknown action is nobody's.
func (r Role) Can(a Action) bool {
	least, known := weakest[a]
	return known && rank[r] >= rank[least]
}

// Check is Can as an error: NotFound for strangers, who learn nothing, and
// Forbidden for members.
func (r Role) Check(a Action) error {
	switch {
	case r.Can(a):
		return nil
	case !r.Valid():
		return fault.New(fault.NotFound, "There is no such studio, or it is not open to you.")
	}
	return fault.Newf(fault.Forbidden, "Your role in this studio is %s, and this needs %s or more. Ask somebody who has it.", r, weakest[a])
}
