// Package analytics tells studios how their pages do: how often they were
// looked at, by how many, from where, and what came of it.
//
// It owns the views as events, likes and follows as events without persons, the
// statistics that are added up from both, and reports.
//
// Invariants:
//
//   - A view is a row that is written once, by COPY, from a buffer of bounded
//     size. Nothing is updated for a view, and nobody waits for one.
//   - No address, no name and no cookie is kept. A visitor is a hash under a key
//     that is thrown away with its day: within one studio and one day the same
//     visitor has the same hash, beyond that nobody can tell.
//   - Only pages that this installation has shown are counted: what the page
//     sends back is sealed. What the studio's members see is not.
//   - Statistics are never counted up. A day is made again from its events, all of
//     it, as often as anything marks it; so it does not matter what comes twice,
//     late or out of order.
//   - A day is one of the studio's time zone, and has 23, 24 or 25 hours.
//
// It emits analytics.report_asked. It reacts to that, to the clock, to likes and
// follows of engagement, and to studios.changed, which may move its days.
package analytics
