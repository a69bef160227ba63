// Package cache keeps what is expensive to make and the same for many, in Redis
// and beside the truth: whoever reads makes a missing value from PostgreSQL and
// leaves it there for others (cache-aside). It knows no context.
//
// A value says which subjects it was made from ("work:…", "studio:…"). Whoever
// has committed a change invalidates its subjects; from then on no value that was
// made before is given to anybody, wherever and however slowly it was made. This
// is the order that holds it:
//
//   - Redis keeps a clock that counts, and for each subject the reading at its last
//     invalidation: its tombstone.
//   - Who makes a value notes the clock first. The value is kept with the tombstones
//     of its subjects, and only if none is younger than that reading, and if nobody
//     else has left a value meanwhile (compare-and-set).
//   - Who reads compares the tombstones: one that has changed makes the value void.
//
// The clock has an epoch. An empty Redis begins a new one, so does each process
// before it gives anything out, and one that could not invalidate something; values
// of another epoch are void.
//
// Many who miss the same value make it once in a process, and mostly once in all.
// Nobody depends on Redis: what it does not answer in time is made.
package cache
