// Package collections owns works that belong together: a studio puts some of its
// own into an order made by hand, with a title, a few words and a cover.
//
// Invariants:
//   - A collection holds works of one studio, each once; the keys of the tables
//     say so, whatever this code does.
//   - It holds works in any state. Who looks sees of them what they may see
//     anyway: a draft in a collection that is shown is still a draft.
//   - One is shown when its studio wants that and moderators have not hidden it:
//     the table derives it, so no reader can forget the one or the other.
//   - One that is not shown, or of which nobody may see any work, is on no page.
//   - A move names the place that it was made from, so that a repeat, a second
//     click and the back button change nothing more.
//
// It emits Changed, for pages that are kept; what shows collections reads them.
package collections
