package wire

import "time"

// An invitation that was opened before anybody was signed in leads on after the
// sign-up, which goes through a mailbox and so forgets where it began.
const (
	invitedCookie = "invited"
	invitedMaxAge = 2 * 24 * time.Hour
)

// Invited is the code of the invitation that was opened in this browser last.
func (x *Exchange) Invited() string { return x.private(invitedCookie) }

// SetInvited remembers it; the empty code forgets it.
func (x *Exchange) SetInvited(code string) { x.setPrivate(invitedCookie, code, "/", invitedMaxAge) }
