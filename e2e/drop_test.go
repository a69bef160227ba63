package e2e

import (
	"testing"

	"vitrine/e2e/browser"
	"vitrine/e2e/rig"
)

// give dispatches a drop and a paste of one drawn picture each, as a browser
// does: nobody chose anything in the file field.
const give = `(async () => {
	const picture = (name, colour) => new Promise((done) => {
		const c = Object.assign(document.createElement("canvas"), {width: 900, height: 600});
		const p = c.getContext("2d"); p.fillStyle = colour; p.fillRect(0, 0, 900, 600); p.clearRect(300, 200, 90, 90);
		c.toBlob((b) => done(new File([b], name, {type: "image/png"})), "image/png");
	});
	const carry = (file) => { const t = new DataTransfer(); t.items.add(file); return t; };
	const dropped = carry(await picture("dropped.png", "teal")), pasted = carry(await picture("pasted.png", "orange"));
	for (const type of ["dragenter", "dragover", "drop"]) {
		document.querySelector("h1").dispatchEvent(new DragEvent(type, {dataTransfer: dropped, bubbles: true, cancelable: true}));
	}
	document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: pasted, bubbles: true, cancelable: true}));
	return true;
})()`

func TestUpload_dropAnywhereAndPaste(t *testing.T) {
	t.Parallel()
	site := rig.New(t, "DEMO=off").Start()
	b := browser.Open(t, browser.Options{})
	setUp(b, site)
	b.Press(`main a[href$="/new"]`)
	browser.Eval[bool](b, give)
	b.Eventually("both to be ready", `document.querySelectorAll('[data-file][data-state="ready"]').length === 2`)
	b.Eventually("both names", `["dropped.png", "pasted.png"].every((n) => document.querySelector("[data-files]").innerText.includes(n))`)
	for _, p := range b.Problems() {
		t.Errorf("the console says: %s", p)
	}
}
