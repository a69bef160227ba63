// Package limit counts how often somebody asks for something, and refuses who
// asks too often. It knows classes of requests and keys of whoever asks, and
// nothing about HTTP.
//
// A class is refused by the generic cell rate algorithm: one number per key,
// the time at which its debt is paid. A key starts with a whole burst, every
// turn costs it one, and turns come back at the class's rate, so that over any
// time t at most Burst + rate × t turns are given.
//
// Open picks where that number is kept. All implementations keep one contract,
// which contract_test.go states.
package limit
