// Package notifications tells people what happened. So far it owns outgoing
// mail: what the mails say, and the log of all of them.
//
// A mail goes in two steps. An event composes it, exactly once: its row, the
// secret link in it and the event that sends it are one transaction, so a
// secret exists nowhere but in the mail (its hash apart). Sending is at least
// once: a process that dies between the server's answer and the note of it
// sends the mail again, with the same Message-ID.
//
// Once a mail has left, its secret is cut out of the log. Nothing that a
// stranger typed stands in a mail: forms can be sent with other people's
// addresses, and a name would be a way to write to them. A studio is named by
// its address, which has letters, digits and hyphens alone.
//
// It emits mail_composed and reacts to accounts' registered, reset_asked and
// password_changed, security_noted and address events, and to its own
// mail_composed; and to what studios tell of invitations, members and owners;
// to the endings of accounts and studios, and, by way of jobs, to archives that
// are made.
package notifications
