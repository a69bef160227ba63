package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"vitrine/app/demo/art"
	"vitrine/e2e/rig"
)

// house is a small site on which every page has something to show: works of
// each shape and state, made as a person without scripts makes them.
type house struct {
	site   *rig.Site
	owner  *rig.Member
	studio string            // path of the dashboard
	public string            // path of the studio's page
	at     map[string]string // path of each work's own page, or of its form, by its name below
	drafts map[string]string // path of each work's form
}

// piece is a work to hang.
type piece struct {
	name   string // in this test
	title  string
	fields url.Values
	files  []rig.File
	button string // what is pressed when its files are ready; empty leaves a draft
}

const (
	ownerEmail = "owner@studio.example"
	longTitle  = "Everything that the tide left on the flat between the lighthouse and the old customs house on the " +
		"morning after the second storm, counted from the north, photographed once and then given back to the sea"
	longStory = "We went up to the same pass on eleven mornings and came back with nothing on ten.\n\n" +
		"On the last day the rain arrived from the west at a quarter past six. For about four minutes every ridge stood alone, " +
		"each one a little paler than the one before it, and then the valley closed. This is the second of three frames.\n" +
		"Printed at 120 × 68 cm on cotton paper.\n\nMore of it: https://example.org/ridges?frames=3 and a word without any space in it: " +
		"Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
)

// furnish sets a site up and hangs the pieces.
func furnish(t *testing.T, site *rig.Site) *house {
	t.Helper()
	h := &house{site: site, owner: site.Visit(), at: map[string]string{}, drafts: map[string]string{}}
	desk := h.owner.SetUp(ownerEmail, password, "Harbour & Field")
	h.studio = desk.Path
	h.public = "/@" + strings.TrimPrefix(desk.Path, "/studio/")
	h.hang(t)
	return h
}

func (h *house) hang(t *testing.T) {
	t.Helper()
	all := pieces(t)
	for _, p := range all {
		compose := h.owner.Get(h.studio + "/new")
		values := url.Values{"intent": {"upload"}, "title": {p.title}}
		for k, v := range p.fields {
			values[k] = v
		}
		form := h.owner.SubmitFiles(compose, "#compose", values, p.files)
		if form.Status != http.StatusOK {
			t.Fatalf("%s: %s", p.name, form)
		}
		h.drafts[p.name] = form.Path
	}
	for _, p := range all {
		if p.button == "" {
			continue
		}
		form := h.owner.Await(h.drafts[p.name], p.name+" to be ready", func(page *rig.Page) bool {
			return page.Find("#files [data-file] .thumb img").Length() == len(p.files)
		})
		values := url.Values{"intent": {p.button}}
		if p.button == "schedule" {
			values.Set("publish_at", time.Now().AddDate(0, 0, 7).Format("2006-01-02")+"T09:00")
			values.Set("zone", "Europe/Lisbon")
		}
		form.Find(`textarea[name^="alt_"]`).Each(func(i int, s *goquery.Selection) {
			values.Set(s.AttrOr("name", ""), fmt.Sprintf("What %s shows, picture %d", p.name, i+1))
		})
		form.Find(`textarea[name^="caption_"]`).Each(func(i int, s *goquery.Selection) {
			values.Set(s.AttrOr("name", ""), fmt.Sprintf("Frame %d, the same morning.", i+1))
		})
		page := h.owner.Submit(form, "#compose", values)
		if page.Status != http.StatusOK {
			t.Fatalf("%s: %s", p.name, page)
		}
		h.at[p.name] = page.Path
	}
}

// pieces are the works: one of each kind that a page treats in its own way.
func pieces(t *testing.T) []piece {
	t.Helper()
	ridges := still(t, "ridges.jpg", 6, "ridges", 1200, 675)
	return []piece{
		{"sensitive", "Anatomy, Third Sheet", url.Values{"sensitive": {"on"}}, []rig.File{
			still(t, "anatomy.jpg", 11, "moire", 600, 800), still(t, "anatomy-2.jpg", 12, "moire", 600, 400)}, "publish"},
		{"emoji", "🌊🌊 Low tide 👩🏽‍🚀🏳️‍🌈", url.Values{"tags": {"low tide"}}, []rig.File{still(t, "tide.jpg", 13, "sea", 600, 600)}, "publish"},
		{"right to left", "سبع تلال قبل المطر", url.Values{"lang": {"ar"}, "story": {"صعدنا إلى الممر نفسه أحد عشر صباحا.\n\nثم جاء المطر من الغرب (وذهب)."}, "tags": {"مطر"}},
			[]rig.File{still(t, "hills.jpg", 14, "dunes", 600, 400)}, "publish"},
		{"long title", longTitle[:200], nil, []rig.File{still(t, "flat.jpg", 15, "phyllotaxis", 600, 750)}, "publish"},
		{"tall", "Nine by Sixteen", url.Values{"tags": {"poster"}}, []rig.File{still(t, "tall.jpg", 16, "letters", 540, 960)}, "publish"},
		{"panorama", "Low Water", url.Values{"story": {"One line."}}, []rig.File{still(t, "low-water.jpg", 17, "tidal", 1500, 480)}, "publish"},
		{"film", "Slow Heat", nil, []rig.File{film(t, "slow-heat.mp4")}, "publish"},
		{"several", "Seven Ridges, Before Rain", url.Values{
			"story": {longStory}, "tags": {"landscape, mountains, rain, series"}, "year": {"2026"}, "licence": {"by-nc"},
			"credits": {"Photographs: Teresa Lima, Jon Aas\nPrint: Oficina do Papel"}, "ai_made": {"on"}, "noai": {"on"}},
			[]rig.File{ridges, still(t, "way-back.jpg", 18, "sea", 900, 600), still(t, "orchard.jpg", 19, "packed", 900, 600), still(t, "pass.jpg", 20, "ridges", 1200, 500)}, "publish"},
		{"one picture", workTitle, url.Values{"tags": {"harbour, morning"}}, []rig.File{still(t, "harbour.jpg", 1, "sea", 1500, 1000)}, "publish"},
		{"unlisted", "For the Printer's Eyes", url.Values{"tags": {"harbour"}}, []rig.File{still(t, "proof.jpg", 21, "tiles", 600, 400)}, "unlist"},
		{"scheduled", "West Wall, 17:40", nil, []rig.File{still(t, "wall.jpg", 22, "window", 600, 750)}, "schedule"},
		{"archived", "First Attempt", nil, []rig.File{still(t, "first.jpg", 23, "contours", 600, 600)}, "archive"},
		{"draft", "", url.Values{"story": {"Not finished."}}, []rig.File{
			still(t, "ridges_0611_final.jpg", 24, "ridges", 900, 506), ridges,
			{Field: "files", Name: "scan_07.jpg", Content: []byte("\xff\xd8\xff\xe0 this is where the card broke")}}, ""},
	}
}

// still draws a picture.
func still(t *testing.T, name string, seed uint64, style art.Style, w, h int) rig.File {
	t.Helper()
	raw, err := art.JPEG(art.Draw(seed, style, w, h))
	if err != nil {
		t.Fatal(err)
	}
	return rig.File{Field: "files", Name: name, Content: raw}
}

// film draws two seconds.
func film(t *testing.T, name string) rig.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := art.Film(t.Context(), path, 3, "sea", 320, 180, 2); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return rig.File{Field: "files", Name: name, Content: raw}
}
