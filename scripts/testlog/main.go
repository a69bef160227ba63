// Testlog runs `go test -json` with the arguments it is given and prints what a person wants to see: one line per package,
// everything that failing tests wrote, and the reason of each test that was skipped, which go test alone hides.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
)

// event is a line of test2json: https://pkg.go.dev/cmd/test2json
type event struct {
	Action, Package, Test, Output, ImportPath string
	Elapsed                                   float64
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "testlog:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	cmd := exec.CommandContext(ctx, "go", append([]string{"test", "-json"}, args...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.Stderr = os.Stderr
	lines, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	if err := report(lines, out); err != nil {
		return err
	}
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("the tests failed: %w", err)
	}
	return nil
}

// report prints the stream as it comes. What a test wrote is kept until it is known how the test ended.
func report(in io.Reader, out io.Writer) error {
	kept := map[string]*strings.Builder{}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		var e event
		if json.Unmarshal(line, &e) != nil {
			_, _ = out.Write(line)
			continue
		}
		show(e, kept, out)
	}
}

func show(e event, kept map[string]*strings.Builder, out io.Writer) {
	key := e.Package + " " + e.Test
	switch {
	case e.Action == "build-output":
		_, _ = io.WriteString(out, e.Output)
	case e.Action == "output" && e.Test == "":
		// "ok", "FAIL", "?", coverage, and whatever a package writes outside of its tests.
		if e.Output != "PASS\n" {
			_, _ = io.WriteString(out, e.Output)
		}
	case e.Action == "output":
		if kept[key] == nil {
			kept[key] = &strings.Builder{}
		}
		kept[key].WriteString(e.Output)
	case e.Action == "fail" && e.Test != "":
		_, _ = io.WriteString(out, text(kept[key]))
	case e.Action == "skip" && e.Test != "":
		_, _ = fmt.Fprintf(out, "SKIPPED %s %s: %s\n", e.Package, e.Test, reason(text(kept[key])))
	}
	if e.Action == "pass" || e.Action == "fail" || e.Action == "skip" {
		delete(kept, key)
	}
}

func text(b *strings.Builder) string {
	if b == nil {
		return ""
	}
	return b.String()
}

// reason is what was given to t.Skip: "    file_test.go:12: sentence".
func reason(output string) string {
	for line := range strings.Lines(output) {
		if _, said, ok := strings.Cut(line, "_test.go:"); ok {
			_, said, _ = strings.Cut(said, ": ")
			return strings.TrimSpace(said)
		}
	}
	return "no reason given"
}
