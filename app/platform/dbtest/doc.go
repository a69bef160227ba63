// Package dbtest gives every test a migrated PostgreSQL database of its own, in about 50 ms.
//
//	d := dbtest.New(t)
//	works := works.NewService(d.App)
//
// All test processes of a checkout share one server in the temporary directory. The first one starts it; a small watcher
// stops it once no test has run for 20 s, so nothing stays behind, not even after a crash. The server does not sync to disk;
// when the machine has been restarted since, its data is thrown away.
//
// The migrations run once per change of the migration files, into a template database that each test's database is
// cloned from. Databases that killed tests left are dropped by the next process that finds itself alone.
package dbtest
