package clock

import "time"

// System is the machine's clock. Microseconds are PostgreSQL's resolution: a
// finer time would change on its way through the database.
func System() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
