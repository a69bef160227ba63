// Package moderation decides what the public may not see: first posts of new
// accounts that look like spam wait for a person, and people and studios are
// suspended.
//
// What members and visitors report, and what rights holders claim, comes to
// moderators, who act with a reason that the author reads and answers once.
//
// It owns reviews (a work that a moderator is asked about, with why and what was
// decided), post_prints (hashes of what new accounts wrote), complaints (what
// was reported about one thing) with their reports and takedowns (claims, kept as
// evidence), moderation_actions and appeals. What is hidden is said in works and
// engagement and collections, who is suspended in accounts and studios: this context sets it
// through their use cases.
//
// Invariants:
//   - A suspicious first post is never seen, not for a moment: it is held back in
//     the transaction that publishes it, through the gate that works declares.
//   - A work has at most one review that waits; it is decided once, whoever comes
//     second is told so. A decision is about the work as the moderator saw it.
//   - Whether a text is suspicious depends on the text, and on who wrote the same
//     before, never on a service outside.
//   - Every decision and suspension has an entry in the audit, with its reason.
//   - Nobody suspends themselves or the last administrator.
//   - A person counts once in a complaint, and nobody but moderators reads who.
//     Whoever reported is told what was decided, not why.
//   - An action is answered once. What takes its place can be answered again.
//   - An action is undone when no other of its kind stands on the same thing.
//
// It emits moderation.decided.v1, action_taken.v1, complaint_decided.v1,
// appeal_decided.v1 and takedown_filed.v1, and reacts to nothing.
package moderation
