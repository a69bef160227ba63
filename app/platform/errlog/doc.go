// Package errlog keeps what went wrong: requests that were not served, panics
// and failed tasks, grouped by a fingerprint, so that a thousand failures of one
// kind are one line with a number.
//
// It must never make an outage worse. Recording costs a map's entry and reaches
// nothing; a writer of its own puts at most a few groups a second into
// PostgreSQL. While the database is away the groups wait in memory, up to a
// bound; what is beyond it is counted as dropped, and the page says so.
//
// Messages and stacks are redacted before they are kept: no passwords, tokens
// or addresses of mail. What a statement's values were is never part of them.
package errlog
