package e2e

import (
	"os"
	"testing"

	"vitrine/e2e/rig"
)

// Go starts the parallel tests of a package with the first one, and goes on with
// the last one and backwards from there. TestAlerts waits for minutes while others
// work, and must not begin when they have ended: no parallel test stands before it,
// in the order of the files' names.
func TestMain(m *testing.M) { os.Exit(rig.Main(m)) }
