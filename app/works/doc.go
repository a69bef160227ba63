// Package works owns what studios publish: works, their pictures and films in
// order with alt text, and tags.
//
// A work is draft, scheduled, published, unlisted or archived; in any state it
// may be hidden, for one reason or several: a moderator took it down or is to
// look at it first, its studio is suspended or closing. Everything stays
// editable in every state.
//
// Invariants:
//   - A published or unlisted work has at least one usable picture when it
//     becomes so. More may still be on their way and join by themselves.
//   - A work is made once per creation key: the random key stands in the URL of
//     the compose page, so a reload, the back button or a second upload finds
//     the same draft.
//   - The order of pictures has no gaps and no doubles.
//   - work_tags holds rows of published, not hidden works only.
//   - A file is exposed (its renditions are served) exactly while some work
//     that holds it is published or unlisted and not hidden; the change is in
//     the transaction of the state, so a takedown is whole at its commit.
//   - version grows with every change; edition only with what people type, so
//     an upload that finishes never turns an open form stale.
//
// It emits works.published.v1, works.changed.v1, works.unpublished.v1,
// works.deleted.v1, works.studio_hidden.v1 and works.studio_shown.v1, and reacts to media.usable.v1 (cover and counts).
package works
