package text

import "testing"

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"":                            "",
		"  Harbour \t&\r\n Field ":    "Harbour & Field",
		"a\x00b\x07c":                 "abc",
		"cafe\u0301":                  "café",
		"bad \xff byte":               "bad \uFFFD byte",
		"👩‍👩‍👧 שלום":                  "👩‍👩‍👧 שלום",
		"\u00a0wide\u3000space":       "wide space",
		"\u202egpj.exe \u2066x\u2069": "gpj.exe x",
		"שלום\u200f!":                 "שלום\u200f!",
	} {
		if got := Line(in); got != want {
			t.Errorf("Line(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestBlock(t *testing.T) {
	for in, want := range map[string]string{
		"one\r\ntwo\rthree":        "one\ntwo\nthree",
		"a\n\n\n\nb":               "a\n\nb",
		"  \n text \n ":            "text",
		"tab\there\x00\x1b[31m ok": "tab\there[31m ok",
	} {
		if got := Block(in); got != want {
			t.Errorf("Block(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestBlank(t *testing.T) {
	for in, want := range map[string]bool{
		"": true, " \u200b\u200d\u202e\ufeff ": true, "a": false, "👍": false, "ש": false,
	} {
		if got := Blank(in); got != want {
			t.Errorf("Blank(%q) = %v, want %v", in, got, want)
		}
	}
}
