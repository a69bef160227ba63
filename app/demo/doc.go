// Package demo fills an installation with works, in two ways that have nothing
// to do with each other but their catalogue.
//
// Fill is what a newcomer sees: 12 studios and 400 works, drawn by package art,
// described by package catalog, and brought in through the use cases that
// people use, at background priority. It stops while somebody uploads, goes on
// after a restart, and Remove takes all of it away.
//
// Bulk makes large deterministic sets for measurements, by COPY over a small
// pool of pictures. It is the only code outside the contexts that writes their
// tables, as the owner of the tables, and never on a running site's behalf.
package demo
