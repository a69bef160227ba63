// Package search finds public works by words, with typing errors too.
//
// It owns one document per public work, a read model kept from events: each
// event makes it read the work again and write only what is newer, so events
// may arrive twice and in any order. Losing the table loses nothing; Rebuild
// makes it again.
//
// Invariants:
//   - Documents hold public text only, so nothing private can be guessed from
//     what is or is not found.
//   - What is found is shown only after works has said that it is still public:
//     a takedown does not wait for the index.
//
// It emits nothing and reacts to works.published.v1, works.changed.v1,
// works.unpublished.v1, works.deleted.v1, works.studio_hidden.v1,
// works.studio_shown.v1 and studios.changed.v1.
package search
