package browser

import (
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// Prefer sets what the person prefers beside the theme: names and values of
// media features, such as "forced-colors" and "active". Look sets them back.
func (b *Tab) Prefer(features ...string) {
	b.t.Helper()
	var list []*emulation.MediaFeature
	for i := 0; i+1 < len(features); i += 2 {
		list = append(list, &emulation.MediaFeature{Name: features[i], Value: features[i+1]})
	}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: list}); err != nil {
		b.fail("changing what the person prefers", err)
	}
}

// keys are those that need more than their name.
var keys = map[string]struct {
	text string
	code int64
}{"Tab": {"", 9}, "Enter": {"\r", 13}, " ": {" ", 32}, "Escape": {"", 27}, "ArrowDown": {"", 40}}

// Key presses a key as a keyboard does: "Tab", "Shift+Tab", "Enter", " ",
// "Escape", or one character.
func (b *Tab) Key(name string) {
	b.t.Helper()
	shift := int64(0)
	if len(name) > 6 && name[:6] == "Shift+" {
		shift, name = 8, name[6:]
	}
	k, known := keys[name]
	if !known {
		k.text, k.code = name, int64(name[0])
	}
	down := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: name, Code: name, Text: k.text, WindowsVirtualKeyCode: k.code, Modifiers: shift}
	if k.text == "" {
		down.Type = input.DispatchKeyEventTypeRawKeyDown
	}
	up := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: name, Code: name, WindowsVirtualKeyCode: k.code, Modifiers: shift}
	for _, event := range []input.DispatchKeyEventParams{down, up} {
		if _, err := chromedp.Call(b.ctx, input.DispatchKeyEvent, event); err != nil {
			b.fail("pressing "+name, err)
		}
	}
}

// Type types text into what has the focus.
func (b *Tab) Type(text string) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, input.InsertText, input.InsertTextParams{Text: text}); err != nil {
		b.fail("typing", err)
	}
}
