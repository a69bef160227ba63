package naming

import "slices"

// Moved gives the labels that are in one of two lists alone.
func Moved(before, now []string) (moved []string) {
	for _, label := range slices.Concat(before, now) {
		if slices.Contains(before, label) != slices.Contains(now, label) {
			moved = append(moved, label)
		}
	}
	return moved
}
