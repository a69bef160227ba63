package insights

import (
	"math"
	"strconv"
	"strings"
)

// The size of a chart's own coordinates. It is stretched to the room there is;
// lines keep their width.
const (
	chartWide = 720
	chartHigh = 200
	headroom  = 6 // above the highest line
)

// chart draws lines over days with SVG's own attributes: whole on the server,
// without scripts and styles. Colours come from classes.
type chart struct {
	Label string // what it shows, for who cannot see it
	Lines []line
	Top   int // what the upper edge stands for
	Marks []string
	Sign  string // what the last point stands for, in words
}

// line is a row of points, the first one at the left edge.
type line struct {
	Class  string
	Name   string
	Values []int
	Dot    bool // marks the last point
}

// newChart scales the lines to one top that is easy to read.
func newChart(label string, lines ...line) chart {
	c := chart{Label: label, Lines: lines}
	most := 0
	for _, l := range lines {
		for _, v := range l.Values {
			most = max(most, v)
		}
	}
	c.Top = roundUp(most)
	return c
}

// roundUp is the next number that is easy to read: 1, 2, 3, 4, 5, 6, 8 or 10 times
// a power of ten. At least 4, so that one view is no mountain.
func roundUp(n int) int {
	if n <= 4 {
		return 4
	}
	unit := int(math.Pow10(len(strconv.Itoa(n)) - 1))
	for _, step := range []int{1, 2, 3, 4, 5, 6, 8, 10} {
		if n <= step*unit {
			return step * unit
		}
	}
	return n
}

func (c chart) box() string { return "0 0 " + strconv.Itoa(chartWide) + " " + strconv.Itoa(chartHigh) }

// y is the height of a value; less than nothing lies on the ground.
func (c chart) y(v int) float64 {
	return chartHigh - float64(max(0, v))*(chartHigh-headroom)/float64(c.Top)
}

func (c chart) x(i, n int) float64 {
	if n < 2 {
		return chartWide
	}
	return float64(i) * chartWide / float64(n-1)
}

// path is the line as SVG has it.
func (c chart) path(l line) string {
	var b strings.Builder
	for i, v := range l.Values {
		b.WriteByte("ML"[min(i, 1)])
		b.WriteString(coordinate(c.x(i, len(l.Values))) + " " + coordinate(c.y(v)))
	}
	return b.String()
}

// dot is the last point, as a line without length: its round ends stay round
// however the chart is stretched.
func (c chart) dot(l line) string {
	n := len(l.Values)
	return "M" + coordinate(c.x(n-1, n)) + " " + coordinate(c.y(l.Values[n-1])) + "h0.01"
}

// grid are the quiet lines behind: at the top, and at each third.
func (c chart) grid() (out []string) {
	for i := range 4 {
		out = append(out, "M0 "+coordinate(chartHigh-float64(i)*(chartHigh-headroom)/3)+"H"+strconv.Itoa(chartWide))
	}
	return out
}

// bars are the columns of a chart of that many values.
type bar struct{ X, Y, Wide, High string }

// columns draws the first line as bars.
func (c chart) columns() (out []bar) {
	values := c.Lines[0].Values
	wide := float64(chartWide) / float64(len(values))
	for i, v := range values {
		y := c.y(v)
		out = append(out, bar{coordinate(float64(i)*wide + wide*0.15), coordinate(y), coordinate(wide * 0.7), coordinate(chartHigh - y)})
	}
	return out
}

// share is a bar within the cell of a table, of a hundred.
func share(n, most int) string {
	return coordinate(100 * float64(max(0, n)) / float64(max(1, most)))
}

// coordinate has at most one place after the point.
func coordinate(f float64) string {
	return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64)
}
