//go:build race

package rig

// Raced says that the test runs under the race detector; so does the product then.
const Raced = true
