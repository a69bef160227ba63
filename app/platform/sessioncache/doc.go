// Package sessioncache keeps for a minute, in Redis, what nearly every request of
// a member asks: the session behind a cookie, and where its person belongs.
// PostgreSQL has the rows. This holds copies, may lose all of them at any moment,
// and while it is away nothing is kept.
//
// What it promises:
//
//   - Nothing that it gives is older than Life, whatever Redis's clock says.
//   - Once Drop has returned without an error, no process is given what was read
//     before: neither what was kept, nor what somebody has read and not kept yet.
//     An error of Drop says that this is not sure, and its caller must fail.
//   - What somebody else wrote into Redis is not believed: entries are sealed with
//     the installation's secret.
//
// A copy is kept under a name and belongs to a person. It holds a word of that
// person's own key, and without that key it is no copy: dropping one key drops all
// of theirs, and whichever of the two Redis loses, nothing stale is left.
//
// Whoever finds nothing is given the current generation, and may keep what they
// read as long as it is the current one. Every Drop begins another. So a reader
// that was held up between reading and keeping keeps nothing.
package sessioncache
