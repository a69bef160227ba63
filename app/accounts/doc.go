// Package accounts knows who people are: their addresses, passwords, sessions
// and the one-time links that are sent to them.
//
// It owns users, sign-ups, links, sessions, second factors, known browsers, counts
// of guesses, changes of address and the setup token. Hashes of passwords, second
// factors and counts have packages of their own below. Invariants:
//
//   - A user exists only once the address is proven; until then there is a
//     sign-up. A sign-up's name and password become the user's when a link of
//     that same sign-up is used, so repeating the form for somebody else's
//     address changes nothing of theirs. While an address has several open
//     sign-ups, its links also ask for the password that was typed into the
//     form they belong to: whoever clicks a link that a stranger caused to be
//     sent cannot open an account with the stranger's password by mistake.
//   - One account for each normalised address.
//   - Signing up and asking for a reset do the same work, in time and in
//     queries, whether the address is known or not. What differs is decided
//     when the mail is composed, where nobody can watch.
//   - Passwords, cookies and links are stored as hashes only. Links work once
//     and expire; they are made while their mail is composed, so no plain
//     secret stands in the outbox.
//   - A new password ends all other sessions of its person.
//   - A second factor is asked for before there is a session, whatever the first
//     step was: a password, a link for a new one. A mailbox alone never switches
//     it off. Each of its codes works once.
//   - What could cost the account needs a proof: the password, and the code, typed
//     in this session at most 15 minutes ago. See Session.Proven.
//   - Guesses are counted before they are looked at, the same for addresses without
//     an account, and apart in browsers that the person has signed in with before.
//   - Another address is proven by a link in its mailbox, in a session of its
//     person; the old one can undo it for seven days.
//
// It emits setup_completed, registered (a sign-up form was accepted), verified
// (an account exists), reset_asked, password_changed, security_noted (what a
// person should hear of), address_asked, address_changed and address_restored,
// and, from package closing, closing_asked, closing_nears and closed; it reacts to
// nothing.
package accounts
