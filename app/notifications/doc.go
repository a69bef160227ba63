// Package notifications tells people what happened. It owns outgoing mail: what
// the mails say, and the log of all of them. What stands on the page of
// notifications is package notices' below it.
//
// A mail goes in two steps. An event composes it, exactly once: its row, the
// secret link in it and the event that sends it are one transaction, so a
// secret exists nowhere but in the mail (its hash apart). Sending is at least
// once and at most twice: that a mail is handed over is noted before, so after a
// process that died between the server's answer and the note of it another one
// sends it again, with the same Message-ID; after two such ends nobody does by
// itself.
//
// Once a mail has left, its secret is cut out of the log. Nothing that a
// stranger typed stands in a mail to an address that nobody has proven: forms can
// be sent with other people's addresses, and a name would be a way to write to
// them. A studio is named by its address there, which has letters, digits and
// hyphens alone. Mails about notices go to members alone; they name people and
// works, unless a name could be read as an address, and quote nobody.
//
// It emits mail_composed and reacts to accounts' registered, reset_asked and
// password_changed, security_noted and address events, and to its own
// mail_composed; and to what studios tell of invitations, members and owners;
// to the endings of accounts and studios, and, by way of jobs, to archives that
// are made.
package notifications
