package docs

import (
	"strings"
	"testing"
)

func TestRender(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want, not string }{
		{"a record", "[why](0004-reads-and-writes-apart.md)", `<a href="/docs/adr/0004-reads-and-writes-apart">why</a>`, ".md"},
		{"the path", "[all](README.md)", `<a href="/docs/adr">all</a>`, ".md"},
		{"elsewhere in the repository", "See [the **numbers**](../../bench/results/x.md), please", "See the <strong>numbers</strong>, please", "href"},
		{"another site", "[it](https://example.com/x)", `href="https://example.com/x"`, ""},
		{"a script in a link", "[it](javascript:alert(1))", "it", "javascript"},
		{"HTML", "before <script>alert(1)</script> after", "before", "<script"},
		{"a table", "| a | b |\n|---|--:|\n| 1 | 2 |", `<td align="right">2</td>`, "style="},
		{"a table that is scrolled by itself", "| a |\n|---|\n| 1 |", `<div class="scroll" role="group" aria-label="Table" tabindex="0"><table>`, ""},
	} {
		view, err := render(c.text)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := view.Render(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
		if got := out.String(); !strings.Contains(got, c.want) || c.not != "" && strings.Contains(got, c.not) {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}
