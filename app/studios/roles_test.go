package studios

import (
	"os"
	"strings"
	"testing"
)

// TestRoles_asDocumented holds the table of docs/roles.md to what the code
// allows, in both directions.
func TestRoles_asDocumented(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../docs/roles.md")
	if err != nil {
		t.Fatal(err)
	}
	said := map[Action]bool{}
	for line := range strings.Lines(string(raw)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 6 || !strings.HasPrefix(strings.TrimSpace(cells[0]), "`") {
			continue
		}
		action := Action(strings.Trim(strings.TrimSpace(cells[0]), "`"))
		if _, known := weakest[action]; !known || said[action] {
			t.Errorf("the table has %q, which is no action or stands there twice", action)
		}
		said[action] = true
		for i, role := range []Role{Owner, Admin, Editor, Viewer} {
			if says := strings.TrimSpace(cells[2+i]); (says == "yes") != role.Can(action) || says != "yes" && says != "no" {
				t.Errorf("%s and %s: the table says %q, the code %v", role, action, says, role.Can(action))
			}
		}
	}
	for action := range weakest {
		if !said[action] {
			t.Errorf("the table has no line for %q", action)
		}
	}
}
