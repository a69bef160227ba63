// Package mediafile reads untrusted photos and films in Go, without decoding a
// pixel and without starting a program: what a file is (Sniff), how large and
// whose it is (ReadHeader), where it ends and what hides behind that
// (CheckAppended). Every offset is checked against the file's size, memory is
// bounded whatever the file claims, and time grows with its size alone. Package
// mediatool says which files are accepted and why.
package mediafile
