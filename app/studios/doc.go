// Package studios owns the tenants: studios with their slugs, and who belongs
// to them in which role.
//
// Invariants:
//
//   - A studio keeps every slug it ever had; a former one leads to it and is
//     never given to another. Slugs are lower case and unique over both.
//   - Every studio has exactly one owner; every person has one personal studio,
//     which stays theirs, so there is one code path for people and for teams.
//   - Members of a studio change one at a time, behind the lock of its row.
//     Owner is handed on by a transfer and cannot be given; what the roles may
//     do is docs/roles.md, which a test holds to the code.
//   - What is written for a member is written while their role is held: see
//     Hold, which every write of this context and of higher ones asks.
//   - An invitation lets in the account of its address and nobody else, and
//     stands on the role of whoever sent it. Its links are stored as hashes.
//   - Studios are public, memberships are not: row-level security shows them to
//     their studio and to their person, and only the studio's scope writes them.
//   - version grows with every change; a form that was opened before another
//     change is refused, not merged.
//
// It emits created, changed, renamed, invited, member_joined, role_changed,
// member_left, ownership_transferred, closing_asked, closing_nears and closed, and
// reacts to nothing.
package studios
