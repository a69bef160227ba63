// Package accounts knows who people are: their addresses, passwords, sessions
// and the one-time links that are sent to them.
//
// It owns users, sign-ups, links, sessions and the setup token. Invariants:
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
//
// It emits setup_completed, registered (a sign-up form was accepted), verified
// (an account exists), reset_asked and password_changed, and reacts to nothing.
package accounts
