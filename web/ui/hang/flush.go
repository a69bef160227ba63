package hang

import "math"

// The wall at a window of 1,440 pixels, as layout.css lays it out.
const (
	wallWidth = 1326.0
	rowHeight = 287.0
	rowGap    = 26.0
)

// Flush says how many works of a curated set to hang so that its last row is
// as full as the others: between least and most, given each one's width divided
// by its height. The set is laid out at 1,440 pixels, where a short last row
// shows most; other widths have rows of their own. With fewer works than least
// it is all of them.
func Flush(ratios []float64, least, most int) int {
	best, fullest := min(len(ratios), least), -1.0
	used := 0.0
	for i, r := range ratios[:min(len(ratios), most)] {
		width := rowHeight * math.Min(math.Max(r, narrowest), widest)
		if used > 0 && used+rowGap+width > wallWidth {
			used = 0
		}
		if used > 0 {
			used += rowGap
		}
		used += width
		if n := i + 1; n >= least && used >= fullest {
			best, fullest = n, used
		}
	}
	return best
}
