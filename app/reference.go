package app

import (
	"fmt"
	"io"
	"strings"

	"vitrine/tiers"
)

// WriteReference writes docs/configuration.md from the code, so that it cannot
// say anything else.
func WriteReference(w io.Writer) {
	p := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
	p("# Configuration\n")
	p("Made by `vitrine docs` from the code; a test compares the two. `vitrine check` validates a configuration, prints it with secrets masked and exits.\n")
	p("## Switches\n")
	p("A deployment tier is a file of switches, `tiers/<tier>/tier.env`, inside the binary; `TIER` picks one. The environment can override a switch, but only values that are built run; others are refused at boot with a sentence.\n")
	p("| switch | decides | built | %s |", strings.Join(tiers.Names, " | "))
	p("|---|---|---|%s", strings.Repeat("---|", len(tiers.Names)))
	for _, s := range switches {
		row := fmt.Sprintf("| %#q | %s | %s |", s.Name, s.Doc, strings.Join(s.Built, ", "))
		for _, t := range tiers.Names {
			values, err := tierFile(t)
			if err != nil {
				row += " ? |"
				continue
			}
			row += " " + values[s.Name] + " |"
		}
		p("%s", row)
	}
	p("\n## Keys\n")
	p("| key | default | what it is |")
	p("|---|---|---|")
	for _, k := range Keys() {
		p("| `%s` | %s | %s |", k.Name, orDash(k.Default), k.Doc)
	}
	p("\nA variable that is one letter away from a key (`DATABSE_URL`) is refused with the right name.")
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
