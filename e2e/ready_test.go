package e2e

import (
	"net/http"
	"testing"

	"vitrine/app/platform/dbtest"
	"vitrine/e2e/rig"
)

// TestReady_takenBack starts a process that does not migrate while its database
// is away: it is ready, and says what is degraded. The database comes, without a
// schema: the process is not ready any more, until somebody has migrated.
func TestReady_takenBack(t *testing.T) {
	t.Parallel()
	e := startElsewhere(t)
	site := rig.New(t, "DEMO=off", "MIGRATE=off", "DATABASE_URL="+e.server.URL("later"), "SECRET="+dbtest.Secret)
	site.Launch()
	t.Cleanup(func() { site.Stop() })
	site.Eventually("the process to be ready without a database", func() bool { return site.Status("/readyz") == http.StatusOK })
	if _, err := e.server.EnsureDatabase(t.Context(), "later"); err != nil {
		t.Fatal(err)
	}
	site.Eventually("it to be ready no more beside an empty one", func() bool { return site.Status("/readyz") == http.StatusServiceUnavailable })
	if status, said := site.Run("migrate"); status != 0 {
		t.Fatalf("migrating ended with %d:\n%s", status, said)
	}
	site.AwaitOpen()
}
