package art

import (
	"math"

	"vitrine/app/demo/art/canvas"
	"vitrine/app/demo/art/stage"
)

// Words on the posters: the language of small theatres and halls.
var (
	bigWords   = []string{"LUFT", "FORM", "WALD", "MEER", "TAKT", "NORD", "RAUM", "SALZ", "HALF", "ECHO", "OPEN", "FELD", "RUHE", "WELT", "BLAU", "ROOM", "PLAN", "KNOT"}
	subLines   = []string{"AUSSTELLUNG", "EXHIBITION", "A SHOW IN FOUR ROOMS", "NEW WORK ON PAPER", "PRINTS AND DRAWINGS", "EINE SAMMLUNG", "UTSTILLING"}
	dateLines  = []string{"12. MAI - 30. AUGUST", "3. MARCH - 21. APRIL", "7. - 29. SEPTEMBER", "1. OKT - 15. NOV", "18. JUNE - 2. JULY", "9. JAN - 28. FEB"}
	placeLines = []string{"HALLE 4", "OLD CUSTOMS HOUSE", "SALTVERKET", "KUNSTRAUM SÜD", "ROOM 12", "THE COLD STORE", "VERKSTEDET"}
	concerts   = [][2]string{{"KAMMER", "MUSIK"}, {"STRING", "QUARTET"}, {"PIANO", "SOLO"}, {"NEUE", "MUSIK"}, {"BRASS", "NIGHT"}, {"LATE", "ORGAN"}, {"SLOW", "DRUMS"}, {"VOICES", "ONLY"}}
	hours      = []string{"SUNDAY 19.30", "FREITAG 20.00", "MONDAY 21.00", "SAMSTAG 18.00", "THURSDAY 20.30"}
	programmes = []string{"FOUR PIECES, NO PAUSE", "QUARTETT IN ROT", "FIRST PERFORMANCE", "WORKS FOR TWO HANDS", "AN EVENING IN D MINOR"}
)

// letterPoster: four or five large letters set in a block, one dot out of place, a foot of small type.
func letterPoster(sc *scene) {
	r := sc.R
	word := stage.Pick(r, bigWords)
	margin := sc.Short() * .065
	foot := sc.H * .12
	t := canvas.Type{Weight: r.In(.2, .27)}
	inks := sc.Strong(sc.Pal.Ground)
	letters := []rune(word)
	cols := 2
	if sc.W > sc.H*1.25 {
		cols = len(letters)
	}
	rows := (len(letters) + cols - 1) / cols
	gap := margin * .55
	cw, ch := (sc.W-2*margin-gap*float64(cols-1))/float64(cols), (sc.H-margin*2-foot-gap*float64(rows-1))/float64(rows)
	shift := r.N(len(inks))
	odd := r.N(len(letters))
	for i, l := range letters {
		x, y := margin+float64(i%cols)*(cw+gap), margin+float64(i/cols)*(ch+gap)
		wide := cw
		if i == len(letters)-1 && len(letters)%cols != 0 {
			wide = cw*2 + gap
		}
		p, lw := canvas.Type{Size: 100, Weight: t.Weight}.Text(string(l), 0, 0)
		p.Map(func(q canvas.Point) canvas.Point { return canvas.Point{X: x + q.X/lw*wide, Y: y + q.Y/100*ch} })
		sc.C.Fill(p, inks[(i+shift)%len(inks)], 1)
		if i == odd {
			rad := math.Min(wide, ch) * r.In(.13, .2)
			sc.Disc(x+wide*r.In(.35, .65), y+ch*r.In(.3, .7), rad, inks[(i+shift+2)%len(inks)])
		}
	}
	sc.foot(margin, sc.H-margin*.9-foot*.62, foot*.62)
}

// foot sets three small lines and a mark at the bottom of a poster.
func (sc *scene) foot(x, y, size float64) {
	r := sc.R
	ink := sc.Contrast(sc.Pal.Ground)
	n := 7 + r.N(4)
	for i := range n {
		sc.C.Fill((&canvas.Path{}).Rect(x+float64(i)*size*.13, y, size*.055, size), ink, 1)
	}
	tx := x + float64(n)*size*.13 + size*.35
	room := sc.W - tx - x
	line := canvas.Type{Weight: .15, Track: .16, Size: size * .27}
	for i, s := range []string{stage.Pick(r, subLines), stage.Pick(r, dateLines), stage.Pick(r, placeLines)} {
		fit := line
		if w := fit.Width(s); w > room && w > 0 {
			fit.Size *= room / w
		}
		sc.Text(s, tx, y+float64(i)*size*.365, fit, ink)
	}
}

// concert: arcs and bars that count time, two words, a foot.
func concert(sc *scene) {
	r := sc.R
	g := sc.Pal.Ground
	inks := sc.Strong(g)
	m := sc.Short() * .08
	ink := sc.Contrast(g)
	cx, cy := sc.W*stage.Pick(r, []float64{0, .5, 1, 1}), sc.H*r.In(.3, .48)
	reach := math.Min(math.Max(sc.W*.92, sc.H*.4), sc.H*.56)
	n := 5 + r.N(4)
	band := reach / (float64(n) + .5)
	turn := stage.Pick(r, []float64{math.Pi / 2, 0, math.Pi})
	if cx == 0 {
		turn = -math.Pi / 2
	}
	kind := r.N(3)
	for i := n; i >= 1; i-- {
		r0 := band * (float64(i) - .18)
		c := inks[i%len(inks)]
		a0, a1 := turn+.16*float64(i%4)*r.In(.5, 1.2), turn+math.Pi-.2*float64((i*3)%5)*r.In(.4, 1.1)
		switch kind {
		case 0:
			sc.C.Fill((&canvas.Path{}).Sector(cx, cy, r0, r0+band*.62, a0, a1), c, 1)
		case 1:
			sc.C.Fill((&canvas.Path{}).Ring(cx, cy, r0, r0+band*(.2+.6*float64(i)/float64(n))), c, 1)
		default:
			for q := range 24 {
				a := a0 + float64(q)*(math.Pi*2/24)
				if canvas.Hash(q/2, i, sc.Seed) < .62 {
					sc.C.Fill((&canvas.Path{}).Sector(cx, cy, r0, r0+band*.72, a, a+math.Pi*2/24*.86), c, 1)
				}
			}
		}
	}
	sc.Disc(cx, cy, band*.72, inks[0])
	if r.Odds(.6) {
		sc.Disc(m+band*.45, m+band*.45, band*.5, ink)
	}
	words := stage.Pick(r, concerts)
	t := canvas.Type{Weight: r.In(.14, .26), Track: .02}.Fit(words[0]+" "+words[1], sc.W-2*m)
	y := sc.H - m - t.Size - sc.H*.09
	if sc.H > sc.W*1.2 && t.Size < sc.H*.075 {
		a, b := t.Fit(words[0], sc.W-2*m), t.Fit(words[1], sc.W-2*m)
		t.Size = math.Min(math.Min(a.Size, b.Size), sc.H*.11)
		y = sc.H - m - sc.H*.09 - t.Size*2.22
		sc.C.Fill((&canvas.Path{}).Rect(0, y-t.Size*.35, sc.W, sc.H), g, 1)
		sc.Text(words[0], m, y, t, ink)
		y += t.Size * 1.22
		sc.Text(words[1], m, y, t, ink)
	} else {
		sc.C.Fill((&canvas.Path{}).Rect(0, y-t.Size*.4, sc.W, sc.H), g, 1)
		sc.Text(words[0]+" "+words[1], m, y, t, ink)
	}
	sc.concertFoot(m, ink, inks[0])
}

func (sc *scene) concertFoot(m float64, ink, accent canvas.Lab) {
	size := math.Min(sc.H*.019, sc.W*.026)
	y := sc.H - m - size*1.1
	t := canvas.Type{Size: size, Weight: .16, Track: .16}
	sc.C.Fill((&canvas.Path{}).Rect(m, y-size*1.5, sc.W-2*m, math.Max(1, size*.16)), ink, 1)
	sc.Disc(m+size*.5, y+size*.5, size*.62, accent)
	left := stage.Pick(sc.R, programmes)
	right := stage.Pick(sc.R, hours)
	sc.Text(left, m+size*2, y, t, ink)
	if rw := t.Width(right); t.Width(left)+rw+size*5 < sc.W-2*m {
		sc.Text(right, sc.W-m-rw, y, t, ink)
	}
}

// specimen: a sheet that shows the letters of a typeface, its weights and its numbers.
func specimen(sc *scene) {
	r := sc.R
	ink := sc.Contrast(sc.Pal.Ground)
	accent := sc.Strong(sc.Pal.Ground)[0]
	m := sc.Short() * .075
	name := stage.Pick(r, []string{"MODUL", "HALDEN", "PLINTH", "FJORD", "GROTESK 40", "KONSOL", "STEVEDORE", "MERIDIAN"})
	weight := stage.Pick(r, []float64{.07, .12, .18, .25})
	small := canvas.Type{Size: sc.Short() * .017, Weight: .15, Track: .15}
	sc.Text(name, m, m, small, ink)
	note := stage.Pick(r, []string{"26 PARTS", "FOUR WEIGHTS", "SHEET 3 OF 9", "DRAWN 2024", "FIRST PROOF"})
	sc.Text(note, sc.W-m-small.Width(note), m, small, ink)
	sc.C.Fill((&canvas.Path{}).Rect(m, m+small.Size*2, sc.W-2*m, math.Max(1, 1.6*sc.S)), ink, 1)
	top := m + small.Size*3.6
	if r.Odds(.5) {
		sc.specimenGrid(m, top, weight, ink, accent)
		return
	}
	sc.specimenHero(m, top, weight, ink, accent)
}

// specimenHero shows one letter large and four weights in lines: below it, or beside it on a wide sheet.
func (sc *scene) specimenHero(m, top, weight float64, ink, accent canvas.Lab) {
	r := sc.R
	hero := stage.Pick(r, []string{"RA", "G", "Q", "QU", "5", "R2", "S", "K", "8"})
	t := canvas.Type{Weight: weight}
	x, y, room := m, top+m*.3, sc.W-2*m
	heroRoom := room
	t.Size = (sc.H - top - m) * .52
	if sc.W > sc.H*1.2 {
		heroRoom = room * .42
		t.Size = sc.H - top - m*1.3
	}
	if w := t.Width(hero); w > heroRoom {
		t.Size *= heroRoom / w
	}
	sc.Text(hero, m, y, t, accent)
	if sc.W > sc.H*1.2 {
		x, room = m+room*.5, room*.5
	} else {
		y += t.Size + m*.7
	}
	rows := []float64{.05, .1, .16, .23}
	each := (sc.H - m - y) / float64(len(rows))
	for i, w := range rows {
		line := stage.Pick(r, []string{"ABCDEFGHIJKLM", "NOPQRSTUVWXYZ", "HAMBURGEFONTS", "0123456789", "SPHINX OF QUARTZ", "WAREHOUSE NO. 7"})
		q := canvas.Type{Weight: w, Track: .01}
		q.Size = each * .66
		if lw := q.Width(line); lw > room {
			q.Size *= room / lw
		}
		sc.Text(line, x, y+float64(i)*each, q, ink)
	}
}

func (sc *scene) specimenGrid(m, top, weight float64, ink, accent canvas.Lab) {
	chars := []rune("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	area := (sc.W - 2*m) * (sc.H - top - m)
	cols := max(4, int((sc.W-2*m)/math.Sqrt(area/30)+.5))
	rows := (len(chars) + cols - 1) / cols
	for len(chars) < rows*cols {
		chars = append(chars, rune('0'+(len(chars)*2)%10))
	}
	cw, ch := (sc.W-2*m)/float64(cols), (sc.H-top-m*.8)/float64(rows)
	size := math.Min(ch*.66, cw*.72)
	pickA, pickB := sc.R.N(26), sc.R.N(26)
	for i, l := range chars {
		t := canvas.Type{Size: size, Weight: weight}
		c := ink
		if i == pickA || i == pickB {
			c = accent
		}
		if i >= 26 {
			c = canvas.Mix(ink, sc.Pal.Ground, .6)
		}
		w := t.Width(string(l))
		if w > cw*.92 {
			t.Size *= cw * .92 / w
			w = cw * .92
		}
		sc.Text(string(l), m+float64(i%cols)*cw+(cw-w)*0, top+float64(i/cols)*ch+(ch-size)*.6, t, c)
	}
}
