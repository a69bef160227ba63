package child_test

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"vitrine/app/platform/child"
)

// Nobody is given a port that another process has been given, though nobody
// listens there.
func TestFreePort_isNobodyElses(t *testing.T) {
	t.Parallel()
	if first, err := strconv.Atoi(os.Getenv("VITRINE_TEST_PORTS_FROM")); err == nil { // the other process
		child.LookFrom(first)
		for range 20 {
			n, err := child.FreePort()
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("given %d", n)
		}
		return
	}
	mine := map[int]bool{}
	first := 0
	for range 10 {
		n, err := child.FreePort()
		if err != nil {
			t.Fatal(err)
		}
		if first == 0 {
			first = n
		}
		mine[n] = true
	}
	other := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFreePort_isNobodyElses$", "-test.v")
	other.Env = append(os.Environ(), "VITRINE_TEST_PORTS_FROM="+strconv.Itoa(first))
	out, err := other.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	given := 0
	for line := range strings.Lines(string(out)) {
		if _, port, ok := strings.Cut(strings.TrimSpace(line), "given "); ok {
			given++
			if n, err := strconv.Atoi(port); err != nil || mine[n] {
				t.Errorf("the other process was given %q, too (%v)", port, err)
			}
		}
	}
	if len(mine) != 10 || given != 20 {
		t.Errorf("there are %d and %d ports", len(mine), given)
	}
}
