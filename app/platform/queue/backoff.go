package queue

import "time"

// The first wait, and the longest one.
const (
	firstWait   = 3 * time.Second
	longestWait = time.Hour
)

// Backoff is the wait after the given failed attempt (1 is the first). Each is
// three times the one before, so that a hiccup costs a person seconds and an
// outage of most of an hour kills nothing:
//
//	failed attempt   1     2     3      4      5        6        7        8
//	wait            3 s   9 s  27 s   81 s  4.1 min  12.2 min 36.5 min   dead
//	since the first 3 s  12 s  39 s  2 min  6.1 min  18.2 min 54.7 min
//
// random, from 0 to below 1, moves the wait by up to a fifth either way, so
// that tasks that failed together do not return together.
func Backoff(failed int, random float64) time.Duration {
	wait := firstWait
	for range failed - 1 {
		if wait *= 3; wait >= longestWait {
			wait = longestWait
			break
		}
	}
	return time.Duration(float64(wait) * (0.8 + 0.4*random))
}
