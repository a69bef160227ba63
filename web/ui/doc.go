// Package ui holds the parts that pages are made of. Each part is a struct with
// typed fields that renders itself: a view writes @ui.Button{Label: "Publish"},
// or @card for a ui.Card that a handler prepared. The zero value of a field is
// the usual case.
//
// Parts hold no style attributes and no scripts; their looks are classes of
// web/static/css, and /dev/ui shows each of them in each of its states. Text is
// escaped by the templates; an address that a person typed goes through
// templ.URL in the template, so "javascript:" never becomes a link.
package ui

import "strings"

// classes joins the non-empty ones.
func classes(names ...string) string {
	var b strings.Builder
	for _, n := range names {
		if n == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(n)
	}
	return b.String()
}

// when returns s if the condition holds.
func when(condition bool, s string) string {
	if condition {
		return s
	}
	return ""
}
