// Package links owns share links: addresses that show one work or one collection
// of a studio, in whatever state it is, to whoever has them.
//
// Invariants:
//   - The database holds the hash of an address and no address. The address is
//     made of the link's id with the secret of the installation, so that members
//     can see it again and a copy of the database opens nothing.
//   - A link lives until it expires or is revoked. From that moment on neither
//     its pages nor the files behind them are there for those who come by it.
//   - What a moderator hides is hidden from links too, and so is everything of a
//     studio that is suspended or closing.
//   - Guesses of a link's password are counted for the link, whoever guesses.
package links
