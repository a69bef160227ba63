// Package engagement is what people do with the works and studios of others:
// they follow, like, bookmark and comment.
//
// It owns follows, likes, bookmarks, comments with one level of replies, and the
// counters of all these.
//
// Invariants:
//   - One row is one mark: a like, a follow and a bookmark are rows with a natural
//     key, so that a double click, a retry and the back button have one effect. A
//     comment has the key of its form.
//   - What a person did is read from its row, never from a counter.
//   - Nobody writes a counter while acting. An act appends what changed, in its own
//     transaction, and Fold adds up all that waits.
//   - Only what people outside the studio can see can be liked, bookmarked or
//     commented on, and only by somebody who is neither suspended nor leaving, in
//     a studio that is neither. Taking back what one did is always possible.
//   - A reply hangs on a comment and never on a reply.
//
// It emits the events of events.go. It reacts to them (Fold, OnBlocked), and to
// accounts.renamed.v1, accounts.suspended.v1 and accounts.reinstated.v1, from
// which it keeps the names beside comments.
package engagement
