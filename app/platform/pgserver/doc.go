// Package pgserver runs Vitrine's private PostgreSQL: the one that `make run` and the 1k tier use when no DATABASE_URL is given.
//
// What it holds to:
//   - The server listens on a UNIX socket only, in a directory that nobody else may enter, and asks for a password besides.
//   - PostgreSQL refuses to run as root. When we are root it runs as the owner of an existing data directory, else as the
//     user postgres; when we are not root it runs as ourselves.
//   - It lives in a session of its own, so Ctrl-C in a terminal reaches Vitrine alone, and Vitrine stops the server last.
//   - It outlives a Vitrine that is killed. The next Start finds it and takes it over; a lock that the kernel releases
//     with the process keeps two of them off the same directory.
//   - The configuration that we care about is a generated file, written anew on every start, so an upgrade can change it.
//     Whatever an operator adds to postgresql.auto.conf (ALTER SYSTEM) wins over it.
package pgserver
