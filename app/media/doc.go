// Package media owns the files of studios: uploads on their way in, the media
// they become, the renditions made of them, and the account of what all of it
// takes.
//
// A file goes uploading → checking → processing → ready, or ends as failed
// (with a sentence, and a way on) or duplicate (with a choice). It is usable,
// that is to say publishable, as soon as its first size exists, and exposed
// while works says that a public work shows it.
//
// Invariants:
//   - At the start of an upload one transaction makes the media row, the
//     reservation of its bytes, the upload and its place in a draft: from then
//     on every page shows the file with its state, whatever the browser does.
//   - Bytes count as received once they survive this process, on disk or in an
//     object store, and are committed by the holder of the upload's lock, named
//     by its fence. See Locker and package arriving.
//   - The original is in the store before its media is "checking".
//   - A rendition exists exactly when its row does: object first, then one
//     transaction with the row, the ledger entry and what pages need of it.
//   - The sum of the ledger is the sum of the bytes of all rows that hold bytes.
//   - Nothing of an original is served to the public, only what was re-encoded.
//   - Nobody outside the studio gets a rendition of a media that is not exposed.
//
// It emits media.uploaded.v1, media.accepted.v1, media.usable.v1,
// media.first_made.v1, media.poster_made.v1, media.processed.v1,
// media.sizes_made.v1, media.failed.v1
// and media.deleted.v1, and reacts to its own: checking, rendering and deleting
// are subscribers.
package media
