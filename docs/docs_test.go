package docs

import "testing"

func TestDecisions(t *testing.T) {
	t.Parallel()
	all, err := Decisions()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int]string{}
	decided := map[string]int{}
	for _, d := range all {
		if other := seen[d.Number]; other != "" {
			t.Errorf("%s and %s have one number", d.Name, other)
		}
		seen[d.Number] = d.Name
		for _, s := range d.Switches {
			decided[s] = d.Number
		}
		if d.Title == "" || d.Status == "" || d.Phase == "" {
			t.Errorf("%s is read as %+v", d.Name, d)
		}
	}
	if len(all) < 15 || decided["LIMITS"] == 0 || decided["CACHE"] == 0 {
		t.Errorf("%d decisions, of the switches %v", len(all), decided)
	}
	if text, err := ReadingPath(); err != nil || text == "" {
		t.Errorf("the reading path: %v", err)
	}
	if _, err := parse("0099-x", "# A title without number"); err == nil {
		t.Error("a record without its form is taken")
	}
}
