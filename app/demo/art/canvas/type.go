package canvas

import "strings"

// A glyph is a skeleton: strokes on a grid where capitals are 100 high, the baseline at 100, and the letter w wide.
// Sides say how much room each edge asks for: 10 beside a stem, less beside a round or a slope.
type glyph struct {
	w           float64
	left, right float64
	strokes     string
}

const ringO = "M42 0C66 0 84 22 84 50C84 78 66 100 42 100C18 100 0 78 0 50C0 22 18 0 42 0Z"

// The alphabet, drawn for this package.
var alphabet = map[rune]glyph{
	'A': {80, 2, 2, "M0 100L40 0L80 100M24 68L56 68"},
	'B': {62, 10, 6, "M30 0L0 0L0 100L34 100C54 100 62 88 62 74C62 60 54 49 34 49L0 49M30 49C48 49 56 38 56 25C56 12 48 0 30 0"},
	'C': {78, 7, 5, "M77 25C70 9 57 0 42 0C17 0 0 20 0 50C0 80 17 100 42 100C57 100 70 91 77 75"},
	'D': {74, 10, 7, "M0 100L0 0L28 0C58 0 74 20 74 50C74 80 58 100 28 100L0 100L0 90"},
	'E': {54, 10, 5, "M54 0L0 0L0 100L54 100M0 50L47 50"},
	'F': {52, 10, 4, "M52 0L0 0L0 100M0 51L45 51"},
	'G': {82, 7, 8, "M79 24C71 9 58 0 43 0C17 0 0 20 0 50C0 80 17 100 43 100C60 100 74 93 82 79L82 54L46 54"},
	'H': {68, 10, 10, "M0 0L0 100M68 0L68 100M0 50L68 50"},
	'I': {0, 10, 10, "M0 0L0 100"},
	'J': {44, 4, 10, "M44 0L44 68C44 90 36 100 22 100C8 100 0 91 0 76"},
	'K': {62, 10, 3, "M0 0L0 100M60 0L0 60M21 41L62 100"},
	'L': {48, 10, 3, "M0 0L0 100L48 100"},
	'M': {86, 10, 10, "M0 100L0 0L43 72L86 0L86 100"},
	'N': {70, 10, 10, "M0 100L0 0L70 100L70 0"},
	'O': {84, 7, 7, ringO},
	'P': {58, 10, 5, "M0 100L0 0L32 0C50 0 58 12 58 27C58 42 50 54 32 54L0 54"},
	'Q': {84, 7, 7, ringO + "M54 66L86 106"},
	'R': {62, 10, 4, "M0 100L0 0L32 0C50 0 58 12 58 27C58 42 50 54 32 54L0 54M30 54L61 100"},
	'S': {60, 6, 6, "M57 21C53 8 44 0 30 0C14 0 4 10 4 25C4 42 18 46 30 49C46 53 60 58 60 75C60 90 48 100 31 100C15 100 4 92 0 78"},
	'T': {64, 3, 3, "M0 0L64 0M32 0L32 100"},
	'U': {68, 10, 10, "M0 0L0 62C0 88 14 100 34 100C54 100 68 88 68 62L68 0"},
	'V': {76, 2, 2, "M0 0L38 100L76 0"},
	'W': {112, 2, 2, "M0 0L28 100L56 6L84 100L112 0"},
	'X': {70, 2, 2, "M0 0L70 100M70 0L0 100"},
	'Y': {70, 2, 2, "M0 0L35 54L70 0M35 50L35 100"},
	'Z': {62, 5, 5, "M0 0L62 0L0 100L62 100"},
	'0': {64, 7, 7, "M32 0C52 0 64 20 64 50C64 80 52 100 32 100C12 100 0 80 0 50C0 20 12 0 32 0Z"},
	'1': {28, 4, 10, "M0 20L28 0L28 100"},
	'2': {58, 6, 5, "M1 27C3 9 14 0 29 0C46 0 56 10 56 27C56 46 36 58 0 100L58 100"},
	'3': {58, 5, 6, "M2 0L54 0L24 40C46 40 58 52 58 69C58 88 46 100 28 100C14 100 4 92 0 79"},
	'4': {66, 4, 4, "M48 100L48 0L0 73L66 73"},
	'5': {58, 6, 6, "M53 0L8 0L8 38L27 38C46 38 58 50 58 68C58 88 46 100 28 100C14 100 4 92 0 79"},
	'6': {60, 7, 6, "M47 0C22 16 0 42 0 68C0 87 12 100 30 100C48 100 60 87 60 68C60 50 48 38 30 38C17 38 6 46 2 58"},
	'7': {56, 4, 2, "M0 0L56 0L18 100"},
	'8': {58, 6, 6, "M29 0C44 0 54 10 54 24C54 38 44 47 29 47C14 47 4 38 4 24C4 10 14 0 29 0ZM29 47C46 47 58 57 58 73C58 90 46 100 29 100C12 100 0 90 0 73C0 57 12 47 29 47Z"},
	'9': {60, 6, 7, "M13 100C38 84 60 58 60 32C60 13 48 0 30 0C12 0 0 13 0 32C0 50 12 62 30 62C43 62 54 54 58 42"},
	'.': {0, 6, 6, "M0 100L.1 100"},
	',': {6, 6, 6, "M6 96L0 116"},
	':': {0, 6, 6, "M0 42L.1 42M0 100L.1 100"},
	'-': {32, 5, 5, "M0 54L32 54"},
	'/': {44, 2, 2, "M0 100L44 0"},
	'+': {44, 5, 5, "M0 54L44 54M22 32L22 76"},
	' ': {24, 0, 0, ""},
}

// accents sit on a letter: base and the strokes to add, outside of the capital's height.
var accents = map[rune]struct {
	base    rune
	strokes string
}{
	'Ä': {'A', "M22 -26L22.1 -26M58 -26L58.1 -26"}, 'Ö': {'O', "M24 -26L24.1 -26M60 -26L60.1 -26"},
	'Ü': {'U', "M14 -26L14.1 -26M54 -26L54.1 -26"}, 'É': {'E', "M18 -20L38 -38"}, 'Ø': {'O', "M10 96L74 4"},
}

// Type is a setting: capital height in pixels, weight as stroke over height (0.05 light, 0.13 regular, 0.24 black), tracking over height.
type Type struct {
	Size, Weight, Track float64
	Round               bool
	Wide                float64 // 1 when zero
}

// Text returns the outlines of a line of capitals with its top left corner at x, y, and how wide they run.
// Letters it does not know leave a gap.
func (t Type) Text(s string, x, y float64) (*Path, float64) {
	p := &Path{}
	start := x
	prev := -1.
	for _, ch := range strings.ToUpper(s) {
		base, extra := ch, ""
		if a, ok := accents[ch]; ok {
			base, extra = a.base, a.strokes
		}
		g, ok := alphabet[base]
		if !ok {
			g = alphabet[' ']
		}
		if prev >= 0 {
			x += t.gap(prev, g.left)
		}
		x += t.letter(p, g, extra, x, y)
		prev = g.right
	}
	return p, x - start
}

// Width measures a line.
func (t Type) Width(s string) float64 {
	_, w := t.Text(s, 0, 0)
	return w
}

// Fit returns the setting at the size where s runs w wide.
func (t Type) Fit(s string, w float64) Type {
	t.Size = 100
	t.Size = w / max(1, t.Width(s)) * 100
	return t
}

func (t Type) gap(right, left float64) float64 {
	return t.Size * ((right+left)*(.0125-.022*t.Weight) + t.Track)
}

// letter adds one glyph and returns its width. The skeleton is inset by half a stroke, so all weights share their height.
func (t Type) letter(p *Path, g glyph, extra string, x, y float64) float64 {
	hw := t.Size * t.Weight / 2
	wide := t.Wide
	if wide == 0 {
		wide = 1
	}
	sy := (t.Size - 2*hw) / 100
	sx := t.Size / 100 * wide * (1 - .55*t.Weight)
	if g.strokes == "" {
		return g.w * sx
	}
	place := func(q Point) Point { return Point{x + hw + q.X*sx, y + hw + q.Y*sy} }
	var inside Path
	lo, hi := y, y+t.Size
	for _, s := range parseStrokes(g.strokes, place) {
		inside.stroke(s, 2*hw, t.Round, lo+hw*1.1, hi-hw*1.1)
	}
	if strings.Contains(g.strokes, " 116") {
		hi += t.Size
	}
	for _, s := range inside.subs {
		if c := clipBelow(clipAbove(s, lo), hi); len(c) > 2 {
			p.subs = append(p.subs, c)
		}
	}
	for _, s := range parseStrokes(extra, place) {
		p.stroke(s, 2*hw, t.Round, lo-t.Size, hi+t.Size)
	}
	return g.w*sx + 2*hw
}

// stroke adds a letter's stroke. Straight open ends reach half a width further; slopes that end above lo or below hi reach
// so far that the clip cuts them level.
func (p *Path) stroke(s []Point, width float64, round bool, lo, hi float64) {
	n := len(s)
	if n < 2 {
		return
	}
	closed := s[0] == s[n-1]
	if !closed && !round {
		s = append([]Point(nil), s...)
		s[0] = reach(s[1], s[0], width, s[0].Y <= lo || s[0].Y >= hi)
		s[n-1] = reach(s[n-2], s[n-1], width, s[n-1].Y <= lo || s[n-1].Y >= hi)
	}
	p.Line(s, width, round && !closed)
	if closed {
		dx, dy := s[n-1].X-s[n-2].X, s[n-1].Y-s[n-2].Y
		if l := s[n-1].dist(s[n-2]); l > 0 {
			p.join(s[0], dx/l, dy/l, s[1], width/2)
		}
	}
}

func reach(from, to Point, width float64, edge bool) Point {
	l := to.dist(from)
	if l < 1e-9 {
		return to
	}
	dx, dy := (to.X-from.X)/l, (to.Y-from.Y)/l
	k := width / 2
	if dx*dy > .02 || dx*dy < -.02 {
		k = 0
		if edge && (dy > .3 || dy < -.3) {
			k = width * 1.4
		}
	}
	return Point{to.X + dx*k, to.Y + dy*k}
}

// parseStrokes reads the M, L, C and Z of a skeleton.
func parseStrokes(d string, place func(Point) Point) [][]Point {
	var all [][]Point
	var cur []Point
	flush := func() {
		if len(cur) > 1 {
			all = append(all, cur)
		}
		cur = nil
	}
	for len(d) > 0 {
		op := d[0]
		end := strings.IndexAny(d[1:], "MLCZ") + 1
		if end == 0 {
			end = len(d)
		}
		nums := numbers(d[1:end])
		d = d[end:]
		switch {
		case op == 'M' && len(nums) == 2:
			flush()
			cur = []Point{place(Point{nums[0], nums[1]})}
		case op == 'L' && len(nums) == 2:
			cur = append(cur, place(Point{nums[0], nums[1]}))
		case op == 'C' && len(nums) == 6 && len(cur) > 0:
			cur = Cubic(cur, cur[len(cur)-1], place(Point{nums[0], nums[1]}), place(Point{nums[2], nums[3]}), place(Point{nums[4], nums[5]}), 14)
		case op == 'Z' && len(cur) > 0:
			cur[len(cur)-1] = cur[0]
			flush()
		}
	}
	flush()
	return all
}

// Inline sets a line like Text but with a stroke of another weight on the same skeleton: lines that run inside of fat letters.
func (t Type) Inline(s string, x, y, weight float64) *Path {
	p := &Path{}
	prev := -1.
	hw := t.Size * t.Weight / 2
	sy := (t.Size - 2*hw) / 100
	sx := t.Size / 100 * (1 - .55*t.Weight)
	for _, ch := range strings.ToUpper(s) {
		g, ok := alphabet[ch]
		if !ok {
			continue
		}
		if prev >= 0 {
			x += t.gap(prev, g.left)
		}
		left := x + hw
		for _, q := range parseStrokes(g.strokes, func(q Point) Point { return Point{left + q.X*sx, y + hw + q.Y*sy} }) {
			if len(q) > 1 {
				p.stroke(q, t.Size*weight, false, y-t.Size, y+2*t.Size)
			}
		}
		x += g.w*sx + 2*hw
		prev = g.right
	}
	return p
}
