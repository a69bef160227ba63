package e2e

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"vitrine/e2e/browser"
	"vitrine/e2e/rig"
)

// The compose page with scripts: what becomes of files that meet a broken
// server, a reload, another browser, and of those that are no good.

// halted holds back what follows two pieces of a large file until goOn is called,
// so that an upload has a middle that nobody misses, and marks the document, so
// that leaving it is noticed.
const halted = `(() => {
	window.sameDocument = true;
	const send = XMLHttpRequest.prototype.send, gate = new Promise((open) => { window.goOn = open });
	let pieces = 0;
	XMLHttpRequest.prototype.send = function (body) {
		const go = () => send.call(this, body);
		if (!(body?.size >= 4 << 20)) go();
		else if (++pieces < 3) setTimeout(go, 400); // the page shows how far it is now and then
		else gate.then(go);
	};
	return true;
})()`

const (
	chooser = `#compose .drop input[type="file"]`
	halfway = `[...document.querySelectorAll('[data-file][data-state="uploading"] progress')].some((p) => p.value >= 20 && p.value < 90)`
)

func TestUpload_serverIsKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	site := rig.New(t, "DEMO=off").Start()
	b := browser.Open(t, browser.Options{})
	setUp(b, site)
	b.Press(`main a[href$="/new"]`)
	browser.Eval[bool](b, halted)
	b.Choose(chooser, heavy(t, 1, "large.png", 1960, 1960), drawn(t, 1))
	b.Eventually("the upload to be under way", halfway)
	site.Kill()
	browser.Eval[bool](b, `(goOn(), true)`)
	b.Eventually("the page to say what is wrong", `document.querySelector("[data-files]").innerText.includes("goes on by itself")`)
	b.Shoot("upload-no-server")
	site.Start()
	b.Eventually("both files to be ready", `document.querySelectorAll('[data-file][data-state="ready"]').length === 2`)
	if !browser.Eval[bool](b, `window.sameDocument === true && document.querySelectorAll("[data-files] > li").length === 2`) {
		t.Error("the page was left, or shows a file twice")
	}
}

func TestUpload_goesOnAfterAReloadAndInAnotherBrowser(t *testing.T) {
	t.Parallel()
	site := rig.New(t, "DEMO=off").Start()
	b := browser.Open(t, browser.Options{})
	setUp(b, site)
	b.Press(`main a[href$="/new"]`)
	photo := heavy(t, 2, "ridges.png", 1960, 1960)
	for _, again := range []string{"the same browser", "another browser"} {
		compose := b.Location().String()
		b.Go(compose)
		browser.Eval[bool](b, halted)
		b.Choose(chooser, photo)
		b.Eventually("the upload to be under way", halfway)
		if again == "another browser" {
			b.Go("about:blank")
			b = browser.Open(t, browser.Options{Width: 390})
			b.Go(site.URL + "/login")
			b.Fill(`[name="email"]`, "owner@studio.example")
			b.Fill(`[name="password"]`, password)
			b.Press(`main form button[type="submit"]`)
		}
		b.Go(compose)
		b.Eventually("the page to ask for the file", `document.querySelector("[data-files]").innerText.includes("Choose the same file again")`)
		b.Shoot("upload-again")
		// How far a request of this page says that it is: resumed, not begun anew.
		browser.Eval[bool](b, `(() => {
			const header = XMLHttpRequest.prototype.setRequestHeader;
			XMLHttpRequest.prototype.setRequestHeader = function (name, value) {
				if (name === "Upload-Offset") window.firstOffset ??= Number(value);
				return header.call(this, name, value);
			};
			return true;
		})()`)
		b.Choose(chooser, photo)
		b.Eventually("the file to be ready", `document.querySelectorAll('[data-file][data-state="ready"]').length === 1`)
		if !browser.Eval[bool](b, `window.firstOffset > 0 && document.querySelectorAll("[data-files] > li").length === 1`) {
			t.Errorf("in %s the upload began anew", again)
		}
		photo = heavy(t, 3, "other.png", 1960, 1960)
		b.Go(site.URL + "/studio/harbour-field/new")
	}
}

func TestUpload_rowsFollowWithoutLeavingThePage(t *testing.T) {
	t.Parallel()
	site := rig.New(t, "DEMO=off").Start()
	b := browser.Open(t, browser.Options{})
	setUp(b, site)
	b.Press(`main a[href$="/new"]`)
	browser.Eval[bool](b, `window.sameDocument = true`)
	photo := drawn(t, 1)
	svg := filepath.Join(t.TempDir(), "logo.jpg")
	write(t, svg, []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`))
	void := filepath.Join(t.TempDir(), "void.jpg")
	write(t, void, nil)
	b.Choose(chooser, photo, svg, void)
	b.Eventually("the photo to be ready", `document.querySelectorAll('[data-file][data-state="ready"]').length === 1`)
	b.Eventually("the drawing to be refused", `document.querySelector("[data-files]").innerText.includes("SVG files can carry scripts")`)
	b.Eventually("the empty file to be refused", `document.querySelector("[data-files]").innerText.includes("void.jpg is empty")`)

	// What is typed and where the focus is stay while rows change.
	b.Fill(`[data-state="ready"] textarea[name^="alt"]`, "Boats at rest")
	browser.Eval[bool](b, `(document.querySelector('[data-state="ready"] textarea[name^="alt"]').focus(), true)`)
	copied := filepath.Join(t.TempDir(), "copy.jpg")
	raw, err := os.ReadFile(photo)
	if err != nil {
		t.Fatal(err)
	}
	write(t, copied, raw)
	b.Choose(chooser, copied)
	b.Eventually("the duplicate to be told", `document.querySelector('[data-file][data-state="duplicate"]') !== null`)
	if !browser.Eval[bool](b, `document.activeElement.value === "Boats at rest"`) {
		t.Error("the focus or the words were lost")
	}
	b.Shoot("upload-states")
	for _, problem := range b.Axe(axe(t)) {
		t.Errorf("axe: %s", problem)
	}
	b.Click(`[data-state="duplicate"] button[value^="keep:"]`)
	b.Eventually("the copy to be ready", `document.querySelectorAll('[data-file][data-state="ready"]').length === 2`)

	for browser.Eval[int](b, `document.querySelectorAll('[data-file][data-state="failed"]').length`) > 0 {
		before := browser.Eval[int](b, `document.querySelectorAll("[data-files] > li").length`)
		b.Click(`[data-state="failed"] button[value^="remove:"]`)
		b.Eventually("the row to go", `document.querySelectorAll("[data-files] > li").length < `+strconv.Itoa(before))
	}
	first := browser.Eval[string](b, `document.querySelector("[data-files] > li").dataset.file`)
	b.Click(`[data-files] > li:first-child button[value^="down:"]`)
	b.Eventually("the order to change", `document.querySelector("[data-files] > li:last-child").dataset.file === "`+first+`"`)
	if !browser.Eval[bool](b, `window.sameDocument === true && document.querySelector("[data-files]").innerHTML.includes("Boats at rest") || [...document.querySelectorAll("textarea")].some((a) => a.value === "Boats at rest")`) {
		t.Error("the page was left, or the words were lost")
	}
	for _, p := range b.Problems() {
		if !strings.Contains(p, "422") { // the refusals themselves
			t.Errorf("the console says: %s", p)
		}
	}
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// heavy is a PNG of six bytes per pixel, not compressed: large on the way, and
// quick to look at and to scale.
func heavy(t *testing.T, seed uint64, name string, w, h int) string {
	t.Helper()
	m := image.NewNRGBA64(image.Rect(0, 0, w, h))
	for i := 0; i < len(m.Pix); i += 8 {
		x, y := i/8%w, i/8/w
		copy(m.Pix[i:i+8], []byte{byte(seed * 37), 0, byte(x >> 3), byte(x << 5), byte(y >> 3), byte(y << 5), 255, 255})
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	write(t, path, b.Bytes())
	return path
}

// axe is the source of axe-core.
func axe(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(rig.Root(), "web", "testdata", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
