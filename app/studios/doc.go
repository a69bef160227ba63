// Package studios owns the tenants: studios with their slugs, and who belongs
// to them in which role.
//
// Invariants:
//
//   - A studio keeps every slug it ever had; a former one leads to it and is
//     never given to another. Slugs are lower case and unique over both.
//   - Every studio has an owner; every person has one personal studio, so there
//     is one code path for people and for teams.
//   - Studios are public, memberships are not: row-level security shows them to
//     their studio and to their person, and only the studio's scope writes them.
//   - version grows with every change; a form that was opened before another
//     change is refused, not merged.
//
// It emits created, changed, renamed and member_joined, and reacts to nothing.
package studios
