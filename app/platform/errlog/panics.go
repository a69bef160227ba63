package errlog

import (
	"fmt"
	"regexp"
	"runtime/debug"
	"strings"
)

// Panic is a panic that somebody recovered from, as an error.
type Panic struct {
	Value any
	Stack string
}

// Recovered makes an error of what recover() gave. It is called in the deferred
// function itself: the stack is that of the panic.
func Recovered(value any) error { return &Panic{Value: value, Stack: string(debug.Stack())} }

// Error has the stack in it, for the process's log.
func (p *Panic) Error() string { return p.message() + "\n" + p.Stack }

// Unwrap gives the value when it is an error.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

func (p *Panic) message() string { return fmt.Sprintf("panic: %v", p.Value) }

// title is the message without values, and where it happened.
func (p *Panic) title() string {
	t := Title(p.message())
	if at := p.at(); at != "" {
		t += " at " + at
	}
	return t
}

// at is the innermost function of our own that the panic passed, after the
// frames of the recovery.
func (p *Panic) at() string {
	_, below, found := strings.Cut(p.Stack, "\npanic(")
	if !found {
		below = p.Stack
	}
	for line := range strings.Lines(below) {
		if name, ok := strings.CutPrefix(line, "vitrine/"); ok {
			if i := strings.LastIndexByte(name, '('); i > 0 {
				name = name[:i]
			}
			return strings.TrimSpace(name)
		}
	}
	return ""
}

const longestStack = 8000

var (
	arguments = regexp.MustCompile(`(?m)^([^\t\n].*)\((?:0x[0-9a-f]+|\{|\?|\.\.\.|, |\})[^\n]*\)$`)
	places    = regexp.MustCompile(`(?m)^\t.*?/((?:app|web|jobs|e2e)/[^ \n]*|[^/ \n]+/[^/ \n]+)(?: \+0x[0-9a-f]+)?$`)
)

// trace is the stack without the arguments, which are addresses, and without
// the machine's directories.
func (p *Panic) trace() string {
	s := arguments.ReplaceAllString(p.Stack, "$1(…)")
	s = places.ReplaceAllString(s, "\t$1")
	return cut(s, longestStack)
}
