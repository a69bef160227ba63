package views

import (
	"vitrine/app/platform/tone"
	"vitrine/web/assets"
	"vitrine/web/page"
	"vitrine/web/ui"
	"vitrine/web/ui/hang"
)

// sampleWork is a made-up work, drawn for this sheet: it needs no database and
// no media.
type sampleWork struct {
	file, title, studio, tone, alt string
	w, h                           int
}

func samples() []sampleWork {
	return []sampleWork{
		{"ridges", "Seven Ridges, Before Rain", "Harbour & Field", "pine-2", "Mountain ridges fading from dark green to pale grey", 1600, 900},
		{"poster", "Luft", "Atelier Nord", "sky-3", "Poster with the letters L U F T in blue, orange and yellow", 1000, 1500},
		{"kontur", "Kontur", "Salt Office", "pine-1", "Pale contour lines on deep green, one orange point", 1200, 1200},
		{"weights", "Four Weights", "Studio Halden", "rose-3", "Four balls on a pale table: red, blue, white, yellow", 1200, 1500},
		{"tidal", "Low Water", "Harbour & Field", "sky-3", "A tidal flat at low water, two figures far off", 2400, 800},
		{"kammer", "Kammermusik", "Atelier Nord", "ember-2", "Red poster with arcs for an evening of music", 1000, 1414},
		{"seed", "Seed Head", "Salt Office", "ink-1", "Dots in a sunflower spiral on night blue", 1200, 1200},
		{"tiles", "Thirty-Six Tiles, Counted Twice and Laid in the Order They Arrived", "Kiln & Loom", "sand-3", "A square of tiles with quarter discs", 1200, 1200},
	}
}

func (s sampleWork) picture() ui.Picture {
	return ui.Picture{Alt: s.alt, Width: s.w, Height: s.h, Tone: s.tone, Src: assets.URL("sample/" + s.file + ".svg")}
}

func (s sampleWork) card() ui.Card {
	return ui.Card{
		Title: s.title, URL: "/dev/ui", StudioName: s.studio, StudioURL: "/dev/ui",
		Picture: s.picture(),
	}
}

// sampleCards shows each kind of label: plain, of a film, of several pictures,
// covered, right to left, too long, and with a state.
func sampleCards() []ui.Card {
	works := samples()
	cards := make([]ui.Card, 0, len(works))
	for _, w := range works {
		cards = append(cards, w.card())
	}
	cards[0].Kind, cards[0].Duration = "video", "0:40"
	cards[1].Count = 6
	cards[2].Sensitive = true
	cards[3].Title, cards[3].Lang = "المدينة بعد الظهر", "ar"
	cards[5].StudioName, cards[5].Note = "", "Poster, 2025"
	cards[6].State = ui.Scheduled
	return cards
}

func sampleFiles() []ui.FileRow {
	pic := samplePicture
	return []ui.FileRow{
		{
			ID: "a", Name: "ridges_0611_final.jpg", State: ui.Ready, Detail: "14.2 MB, 6048 × 3402", Cover: true, First: true,
			Picture: pic(0), AltName: "alt-a", Alt: "Seven mountain ridges fading from near black to pale blue.",
		},
		{ID: "b", Name: "IMG_2291.HEIC", State: ui.Ready, Detail: "3.1 MB, 4032 × 2688", Picture: pic(3), AltName: "alt-b"},
		{
			ID: "g", Name: "plate-4.png", State: ui.Ready, Detail: "2.4 MB, 2400 × 800", Picture: pic(4), AltName: "alt-g",
			Alt: "A tidal flat", AltError: "This description is longer than 1,500 characters. Keep the first sentences.",
		},
		{
			ID: "c", Name: "descent_40s.mov", State: ui.Processing, Picture: pic(6), Last: true,
			Reason: "Uploaded. Making the sizes, about a minute. You can publish meanwhile.",
		},
		{ID: "d", Name: "low-water-panorama.tif.jpg", State: ui.Uploading, Percent: 64, Detail: "31.5 of 48.9 MB, 20 seconds left", Picture: pic(4)},
		{ID: "h", Name: "next-in-line.webm", State: ui.Waiting, Detail: "812 MB"},
		{ID: "e", Name: "scan_07.jpg", State: ui.Failed, Reason: "The file breaks off after 1.9 MB. Export it again, or try once more."},
		{
			ID: "f", Name: "orchard-counted.png", State: ui.Duplicate, Picture: pic(7), Reason: "Already in your library, in ",
			OtherTitle: "Orchard, Counted", OtherURL: "/dev/ui", Offers: []ui.Offer{ui.OfferUse, ui.OfferKeep},
		},
	}
}

func sampleFlashes() []ui.Flash {
	return []ui.Flash{
		{Message: "Draft saved. It is only visible to your studio."},
		{Kind: page.Good, Strong: "Low Water is open.", LinkURL: "/dev/ui", Link: "See it as a visitor"},
		{Kind: page.Warn, Message: "3.4 GB of storage left.", LinkURL: "/dev/ui", Link: "Make room"},
		{Kind: page.Bad, Message: "The letter could not be sent. Check the address, then send it again."},
	}
}

// swatches are the colours of the tokens, by class and name.
func swatches() []string {
	return []string{"wall", "mat", "raise", "line", "edge", "faint", "soft", "ink", "dot", "bad", "warn", "good"}
}

func toneNames() []string {
	var names []string
	for _, t := range tone.All() {
		names = append(names, t.Name)
	}
	return names
}

func toneClass(name string) string { return hang.ToneClass(name) }

func samplePicture(i int) *ui.Picture {
	p := samples()[i].picture()
	return &p
}

func focalPicture(f hang.Focal) *ui.Picture {
	p := samplePicture(4)
	p.Focal = f
	return p
}

func sampleNeighbour(i int) *ui.Neighbour {
	return &ui.Neighbour{Title: samples()[i].title, URL: "/dev/ui", Picture: samplePicture(i)}
}
