// Package archive is how people and studios leave, and how they arrive from
// elsewhere: archives of everything with the original files, their import into
// another installation, and the end of accounts and studios.
//
// It owns the exports with their volumes, and what an import has become. What
// stands in an archive is said by the contexts, in their own exported records;
// this package puts them in order, adds the files, and describes the form in
// docs/export-format.md.
//
// Invariants:
//
//   - One export of a subject at a time; the archive made before it goes.
//   - What stands in which volume is decided before the first is made. A volume
//     that is recorded is whole in the file store and never made again.
//   - An archive holds no secret: no hash, no token, no link.
//   - An import verifies every byte of an archive before it writes anything, and
//     each thing that it makes has a name from the archive, so that importing
//     again makes nothing twice.
//   - Nothing is erased before the grace is over, and what is erased is removed
//     in steps that bear repetition: the row that says what is due goes last.
//
// It emits archive.asked and archive.made and reacts to its own asked and to the
// clock.
package archive
