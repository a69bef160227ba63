package accounts

import (
	"strings"
	"testing"
)

func TestParseEmail(t *testing.T) {
	t.Parallel()
	for in, key := range map[string]string{
		"mara@harbour.example":        "mara@harbour.example",
		"  Mara.K+x@Harbour.Example ": "mara.k+x@harbour.example",
		"mara@bücher.example":         "mara@xn--bcher-kva.example",
		"mara@xn--bcher-kva.example":  "mara@xn--bcher-kva.example",
		"mára@harbour.example":        "mára@harbour.example",
		"ma\u0301ra@harbour.example":  "mára@harbour.example",
		"o'neill@harbour.example":     "o'neill@harbour.example",
		"用户@例子.广告":                    "用户@xn--fsqu00a.xn--4rr70v",
		"a@b.co":                      "a@b.co",
	} {
		if a, problem := parseEmail(in); problem != "" || a.key != key {
			t.Errorf("%q: key %q, %q", in, a.key, problem)
		}
	}
	for _, in := range []string{
		"", " ", "mara", "@", "mara@", "@harbour.example", "mara@harbour", "mara@@harbour.example", "mara@harbour..example", "mara@.example",
		"mara @harbour.example", "mara@harbour.example, b@harbour.example", "Mara <mara@harbour.example>", `"mara k"@harbour.example`,
		"mara@[127.0.0.1]", "mara(x)@harbour.example", "mara@harbour.example\r\nBcc: all@x.example", "mara@harbour.example\x00",
		"ma\u202era@harbour.example", "ma\u200bra@harbour.example", "mara@har bour.example", "mara@-harbour.example", "mara@harbour_.example",
		"\xff@harbour.example", strings.Repeat("a", 65) + "@harbour.example", "a@" + strings.Repeat("b", 300) + ".example",
		strings.Repeat("a", 1<<20), "<script>@harbour.example", "mara@harbour.example>",
	} {
		if a, problem := parseEmail(in); problem == "" {
			t.Errorf("%.60q was taken as %q", in, a.key)
		} else if a.key != "" {
			t.Errorf("%.60q was refused and gave a key", in)
		}
	}
}
