// Package live carries short messages to the pages that a member has open, in
// whichever process a page's connection ends. It knows no HTTP and no context.
//
// A message is a hint and never the truth: rows hold that. It may arrive twice,
// or not at all, and whoever gets it asks for what it tells of. Each message has
// an id; a page remembers the newest and asks for what came after it, so that a
// connection that breaks loses nothing for some minutes. When more may have been
// missed than is remembered, the page is told so and asks for everything.
//
// Open picks what carries them: this process's memory, or Redis between processes.
// Both keep one contract, which contract_test.go states.
package live
