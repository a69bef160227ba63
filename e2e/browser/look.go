package browser

import (
	"errors"
	"fmt"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Look changes the window's width in pixels and the theme that the person
// prefers. The open page follows, and stands still where it would move.
func (b *Tab) Look(width int64, dark bool) {
	b.t.Helper()
	do(b, "changing the window", chromedp.EmulateViewport(width, 900))
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}},
	})
	if err != nil {
		b.fail("changing the theme", err)
	}
}

// Load asks for the pictures that wait below the fold, and waits until every
// picture can be seen.
func (b *Tab) Load() {
	b.t.Helper()
	broken := Eval[[]string](b, `(async () => {
		for (const i of document.images) i.loading = "eager";
		await document.fonts.ready;
		const all = await Promise.all([...document.images].map((i) => i.decode().then(() => "", () => i.currentSrc || i.src)));
		return all.filter(Boolean);
	})()`)
	if len(broken) > 0 {
		b.fail("loading the pictures", errors.New(fmt.Sprint("these cannot be shown: ", broken)))
	}
}

// AxeColours is Axe for what a theme alone can break: contrast, and links that
// only their colour tells from the words around them.
func (b *Tab) AxeColours(source string) []string {
	b.t.Helper()
	do(b, "loading axe", chromedp.Evaluate[chromedp.Void](source+"\n;undefined"))
	return Eval[[]string](b, `axe.run(document, {runOnly: {type: "rule", values: ["color-contrast", "link-in-text-block"]}})
		.then((r) => r.violations.flatMap((v) => v.nodes.map((n) => v.id + ": " + n.target.join(" ") + " " + n.failureSummary)))`)
}
