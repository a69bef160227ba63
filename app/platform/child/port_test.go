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
	const many = 500
	given := func() map[int]bool {
		all := map[int]bool{}
		for range many {
			n, err := child.FreePort()
			if err != nil {
				t.Fatal(err)
			}
			all[n] = true
		}
		return all
	}
	if os.Getenv("VITRINE_TEST_PORTS") != "" {
		var out strings.Builder
		for n := range given() {
			out.WriteString(strconv.Itoa(n) + "\n")
		}
		if err := os.WriteFile(os.Getenv("VITRINE_TEST_PORTS"), []byte(out.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	mine := given()
	if len(mine) != many {
		t.Errorf("%d of %d ports are different ones", len(mine), many)
	}
	for range 4 { // whose numbers are near
		file := t.TempDir() + "/ports"
		other := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFreePort_isNobodyElses$")
		other.Env = append(os.Environ(), "VITRINE_TEST_PORTS="+file)
		if out, err := other.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for word := range strings.FieldsSeq(string(raw)) {
			if n, _ := strconv.Atoi(word); mine[n] {
				t.Fatalf("port %d was given to both", n)
			}
		}
	}
}
