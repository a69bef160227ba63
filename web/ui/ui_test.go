package ui_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"vitrine/web/ui"
)

func document(t *testing.T, c templ.Component) *goquery.Document {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// has checks how often each selector matches.
func has(t *testing.T, c templ.Component, want map[string]int) {
	t.Helper()
	doc := document(t, c)
	for selector, n := range want {
		if got := doc.Find(selector).Length(); got != n {
			html, _ := doc.Find("body").Html()
			t.Errorf("%s: found %d, want %d in %s", selector, got, n, html)
		}
	}
}

func TestBytes(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 bytes", 999: "999 bytes", 1000: "1 kB", 812_345: "812 kB", 999_600: "1 MB", 14_200_000: "14.2 MB",
		48_900_000: "48.9 MB", 812_000_000: "812 MB", 3_400_000_000: "3.4 GB", 2_000_000_000: "2 GB",
	} {
		if got := ui.Bytes(n); got != want {
			t.Errorf("Bytes(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestLength(t *testing.T) {
	for n, want := range map[int]string{0: "0:00", 40: "0:40", 61: "1:01", 3600: "1:00:00", 3725: "1:02:05", -3: "0:00"} {
		if got := ui.Length(n); got != want {
			t.Errorf("Length(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 works", 1: "1 work", 2: "2 works", 1204: "1,204 works", 1_000_000: "1,000,000 works", -1204: "-1,204 works"} {
		if got := ui.Count(n, "work", "works"); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestErrorsOf_followsTheForm(t *testing.T) {
	s := ui.ErrorsOf(map[string]string{"b": "B is wrong.", "a": "A is wrong.", "z": "Z.", "y": "Y."}, "a", "missing", "b")
	var order string
	for _, f := range s.Fields {
		order += f.Field
	}
	if order != "abyz" {
		t.Errorf("the order is %s", order)
	}
	has(t, s, map[string]int{"[role=alert][tabindex='-1'] a[href='#a']": 1, "a": 4})
	if got := document(t, s).Find("b").Text(); got != "Four things need another look." {
		t.Errorf("it says %q", got)
	}
	has(t, ui.ErrorsOf(nil), map[string]int{"[role=alert]": 0})
}

func TestField_tellsWhatIsWrong(t *testing.T) {
	has(t, ui.Field{Name: "email", Kind: ui.Email, Label: "Email", Value: `"><i>`, Hint: "h", Error: "e", Required: true}, map[string]int{
		"label[for=email]": 1,
		"input#email[name=email][type=email][aria-invalid=true][required][aria-describedby='email-hint email-error']": 1,
		"#email-hint": 1, "#email-error svg[aria-hidden=true]": 1, "i": 0,
	})
	has(t, ui.Field{Name: "t", Label: "T"}, map[string]int{"[aria-invalid], [aria-describedby], .err, .hint": 0, "[type=text]": 1})
	has(t, ui.Select{Name: "s", Label: "S", Value: "b", Options: []ui.Option{{Value: "a"}, {Value: "b"}}}, map[string]int{"option[selected][value=b]": 1, "option[selected]": 1})
	has(t, ui.Tick{Name: "k", Label: "K", Checked: true, Error: "e"}, map[string]int{"input[type=checkbox][value=on][checked][aria-describedby=k-error]": 1})
}

func TestTextArea_keepsWhatWasTyped(t *testing.T) {
	for _, typed := range []string{"\nstarts with a break", "\r\nso does this", "</textarea><script>x</script>", "  spaces ", ""} {
		got := document(t, ui.TextArea{Name: "story", Label: "Story", Value: typed}).Find("textarea").Text()
		if want := strings.ReplaceAll(typed, "\r\n", "\n"); strings.ReplaceAll(got, "\r\n", "\n") != want {
			t.Errorf("typed %q, shown %q", typed, got)
		}
	}
}

func TestLink_refusesScripts(t *testing.T) {
	for _, c := range []templ.Component{
		ui.Link{URL: "javascript:alert(1)"}, ui.More{URL: "javascript:alert(1)"}, ui.Tag{URL: "JavaScript:alert(1)"},
		ui.Facts{{Links: []ui.FactLink{{URL: "javascript:alert(1)"}}}}, ui.Flash{LinkURL: "javascript:alert(1)"},
		ui.Card{URL: "javascript:alert(1)", StudioName: "x", StudioURL: "javascript:alert(1)"},
		ui.Menu{Items: []ui.MenuItem{{URL: "javascript:alert(1)"}}}, ui.Pages{OlderURL: "javascript:alert(1)"},
	} {
		has(t, c, map[string]int{"a[href^='javascript'], a[href^='JavaScript']": 0})
	}
}

func TestPicture(t *testing.T) {
	p := ui.Picture{
		Alt: "A wall", Width: 1600, Height: 900, Tone: "sky-2", Src: "/m/a.jpg", SrcSet: "/m/a-320.jpg 320w",
		Sources: []ui.Source{{Type: "image/avif", SrcSet: "a"}, {Type: "image/webp", SrcSet: "b"}},
	}
	has(t, p, map[string]int{
		"picture > source:first-child[type='image/avif']": 1, "source + source[type='image/webp'] + img": 1,
		"img.tone-sky-2[width='1600'][height='900'][loading=lazy][decoding=async][alt='A wall'][sizes]": 1, "[fetchpriority]": 0,
	})
	p.Priority, p.Tone = true, "no such tone"
	has(t, p, map[string]int{"img.tone-grey-3[fetchpriority=high]": 1, "[loading]": 0})
	has(t, ui.Picture{}, map[string]int{"img, picture": 0})
}

func TestCard(t *testing.T) {
	card := ui.Card{Title: "Luft", URL: "/@nord/luft-x", StudioName: "Nord", StudioURL: "/@nord", Picture: ui.Picture{Src: "a", Width: 2, Height: 3}}
	has(t, card, map[string]int{"article.work.r-05": 1, "h3.ttl > a[href='/@nord/luft-x']": 1, ".by > a[href='/@nord']": 1, ".mark, .veil, [dir]": 0})
	card.Sensitive, card.Duration, card.Title = true, "0:40", "المدينة"
	has(t, card, map[string]int{"details.veil:not([open]) > .pic": 1, ".label[dir=rtl] .mark": 1})
	has(t, ui.Hang{Cards: []ui.Card{card, card, card}, Leads: true, Flush: true}, map[string]int{
		"ul.hang.hang-flush > li.r-05 > article": 3, "[fetchpriority=high]": 1, "[loading=lazy]": 2,
	})
}

func TestFileRow_offersWhatItsStateAllows(t *testing.T) {
	for state, want := range map[ui.State]map[string]int{
		ui.Ready:      {"[value='up:x'], [value='down:x']": 2, "[value='remove:x']": 1, "textarea[name='alt-x']": 1, "progress": 0, "[data-part=offers]": 0},
		ui.Processing: {"progress:not([value])": 1, "[value='up:x']": 1},
		ui.Uploading:  {"progress[value='64']": 1, "[value='up:x']": 0, "[aria-label='Cancel: a.jpg']": 1},
		ui.Waiting:    {"progress": 0, "[value='up:x']": 0},
		ui.Failed:     {"[value='retry:x'], [value='replace:x']": 2, "input[type=file][name='file-x']": 1, "[data-part=reason].is-bad": 1},
		ui.Duplicate:  {"[value='retry:x']": 0, "[value='remove:x']": 1},
	} {
		row := ui.FileRow{ID: "x", Name: "a.jpg", State: state, Percent: 64, Reason: "Why.", AltName: "alt-x", First: true}
		want["li[data-file=x][data-state="+string(state)+"]"] = 1
		want["button:not([name=intent])"] = 0
		has(t, row, want)
	}
	has(t, ui.FileRow{ID: "x", State: ui.Failed, Offers: []ui.Offer{}}, map[string]int{"[data-part=offers]": 0})
	has(t, ui.FileTemplates{}, map[string]int{"template": 5})
}

func TestPages_andTurn_renderNothingWithoutNeighbours(t *testing.T) {
	has(t, ui.Pages{}, map[string]int{"nav": 0})
	has(t, ui.Turn{}, map[string]int{"nav": 0})
	has(t, ui.Turn{Later: &ui.Neighbour{Title: "T", URL: "/x"}}, map[string]int{"nav a.later[rel=next]": 1, "a": 1})
	has(t, ui.Pages{OlderURL: "?before=x"}, map[string]int{"a[rel=next]": 1, "a": 1})
}

func TestIcons_haveShapes(t *testing.T) {
	for _, i := range ui.Icons() {
		has(t, i, map[string]int{"svg.icon[aria-hidden=true]": 1})
	}
	has(t, ui.IconNone, map[string]int{"svg": 0})
}
