// Package feed owns what a follower sees: the newest works of the studios that
// they follow, and whom to follow for a beginning.
//
// With FEED=query there is no row of the feed anywhere: it is asked for when the
// page is opened, so that a takedown, a new follow and a mute hold at once. A
// later tier may write it down on publish.
package feed
