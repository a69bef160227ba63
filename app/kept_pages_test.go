package app

import "testing"

// Only who serves pages reads the whole program to name them.
func TestPagesOf_isOfWhoServesThem(t *testing.T) {
	t.Parallel()
	for r, length := range map[roles]int{{}: 0, {worker: true}: 0, {web: true}: 16} {
		if got := far(t, r).pagesOf(); len(got) != length {
			t.Errorf("with the roles %+v pages are named by %q", r, got)
		}
	}
}
