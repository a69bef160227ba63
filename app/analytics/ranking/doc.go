// Package ranking says what is popular and who leads: lists of works and studios
// that are made every few minutes from what people did.
//
// The score of a work in the popular list is the sum over what people did with it
// in the last thirty days, each act fading by half every three days:
//
//	score = Σ weight × 0.5 ^ (age / 72 h), weight 1 for a like and 2 for a person who commented
//
// In the leaderboard nothing fades: it is the plain sum over seven days, thirty
// days, or all time. A studio's score is that of its works and 2 for each new
// follower.
//
// Invariants:
//   - A list is never changed. Whoever pages reads the list that the first page was
//     of, as long as it is kept; the page after a list that is gone is the first
//     one of the latest list.
//   - What a list names is asked for again before it is shown: a takedown does not
//     wait for the next list.
//   - Losing all lists loses nothing.
//
// It emits nothing and reacts to the clock.
package ranking
