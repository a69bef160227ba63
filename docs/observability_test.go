package docs

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	alertLine   = regexp.MustCompile(`(?m)^ +- alert: (\w+)\n(?s:.*?)runbook_url: docs/operating\.md#(\w+)$`)
	sectionLine = regexp.MustCompile(`(?m)^### (\w+)\n(Page|Ticket)\. `)
	// A metric's name stands before its labels, a range, an end of brackets or a
	// comparison; functions stand before a bracket, labels before a sign.
	metricName = regexp.MustCompile(`\b(?:vitrine|go|process)_[a-z0-9_]+`)
	listedName = regexp.MustCompile("`(vitrine_[a-z0-9_]+|go_sql_[a-z0-9_]+)`")
)

func read(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// Every alert has a section of its own in the handbook, which says of it what the
// rule says: whom it wakes.
func TestAlerts_areExplained(t *testing.T) {
	t.Parallel()
	rules := read(t, "observability/alerts.yaml")
	_, handbook, found := strings.Cut(read(t, "operating.md"), "\n## Alerts\n")
	if !found {
		t.Fatal("the handbook has no part about alerts")
	}
	explained := map[string]string{}
	for _, m := range sectionLine.FindAllStringSubmatch(handbook, -1) {
		explained[m[1]] = strings.ToLower(m[2])
	}
	alerts := alertLine.FindAllStringSubmatch(rules, -1)
	if len(alerts) != len(explained) || len(alerts) != strings.Count(rules, "- alert: ") {
		t.Errorf("%d alerts of %d are read, and %d sections", len(alerts), strings.Count(rules, "- alert: "), len(explained))
	}
	for _, m := range alerts {
		name, link := m[1], m[2]
		if anchor := strings.ToLower(name); anchor != link {
			t.Errorf("%s leads to #%s", name, link)
		}
		severity := explained[name]
		if severity == "" || !strings.Contains(m[0], "labels: {severity: "+severity+"}") {
			t.Errorf("%s has another severity than its section says, or no section", name)
		}
		for _, part := range []string{"\n        for: ", "\n          summary: ", "\n          do: "} {
			if strings.Count(m[0], part) != 1 {
				t.Errorf("%s has no line %q of its own", name, strings.TrimSpace(part))
			}
		}
	}
}

// When each alert fires and when not is tried by Prometheus's own tool.
func TestAlerts_fire(t *testing.T) {
	t.Parallel()
	tool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("There is no promtool here, so the alert rules are not tried; `scripts/setup --tests` installs it.")
	}
	// The configuration names a list of processes that everybody writes for themselves.
	for _, args := range [][]string{{"test", "rules", "alerts_test.yaml"}, {"check", "config", "--syntax-only", "prometheus.yml"}} {
		cmd := exec.CommandContext(t.Context(), tool, args...)
		cmd.Dir = "observability"
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	tests := read(t, "observability/alerts_test.yaml")
	for _, m := range alertLine.FindAllStringSubmatch(read(t, "observability/alerts.yaml"), -1) {
		if !strings.Contains(tests, `{alertname="`+m[1]+`"`) {
			t.Errorf("no test has %s fire", m[1])
		}
	}
}

// dashboard is what Grafana keeps of one, as far as it matters here.
type dashboard struct {
	UID, Title    string
	SchemaVersion int
	Templating    struct {
		List []struct{ Name, Type, Query string }
	}
	Panels []panel
}

type panel struct {
	ID                       int
	Type, Title, Description string
	Datasource               struct{ Type, UID string }
	GridPos                  struct{ H, W, X, Y int }
	Targets                  []struct{ Expr, RefID, LegendFormat string }
}

// Dashboards have what Grafana needs of them, and nothing lies on anything.
func TestDashboards(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("observability/dashboards/*.json")
	if err != nil || len(files) < 3 {
		t.Fatalf("%d dashboards: %v", len(files), err)
	}
	uids := map[string]bool{}
	for _, file := range files {
		var d dashboard
		if err := json.Unmarshal([]byte(read(t, file)), &d); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if d.UID == "" || uids[d.UID] || !strings.HasPrefix(d.Title, "Vitrine - ") || d.SchemaVersion < 36 || len(d.Panels) == 0 {
			t.Errorf("%s: the dashboard %q %q of schema %d has %d panels", file, d.UID, d.Title, d.SchemaVersion, len(d.Panels))
		}
		uids[d.UID] = true
		if len(d.Templating.List) == 0 || d.Templating.List[0].Type != "datasource" || d.Templating.List[0].Query != "prometheus" {
			t.Errorf("%s does not ask which Prometheus", file)
		}
		checkPanels(t, file, d)
	}
}

func checkPanels(t *testing.T, file string, d dashboard) {
	t.Helper()
	taken, ids := map[[2]int]string{}, map[int]bool{}
	for _, p := range d.Panels {
		if p.ID == 0 || ids[p.ID] || p.Title == "" {
			t.Errorf("%s: the panel %d %q has no number or title of its own", file, p.ID, p.Title)
		}
		ids[p.ID] = true
		if p.GridPos.W < 1 || p.GridPos.H < 1 || p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("%s: %s lies at %+v", file, p.Title, p.GridPos)
		}
		for x := range p.GridPos.W {
			for y := range p.GridPos.H {
				at := [2]int{p.GridPos.X + x, p.GridPos.Y + y}
				if under := taken[at]; under != "" {
					t.Fatalf("%s: %s lies on %s", file, p.Title, under)
				}
				taken[at] = p.Title
			}
		}
		if p.Type == "row" {
			continue
		}
		if p.Description == "" || p.Datasource.UID != "${source}" || len(p.Targets) == 0 {
			t.Errorf("%s: %s does not say what it means, or asks nobody", file, p.Title)
		}
		for _, target := range p.Targets {
			if target.Expr == "" || target.RefID == "" {
				t.Errorf("%s: %s asks %q as %q", file, p.Title, target.Expr, target.RefID)
			}
		}
	}
}

// Every figure that a rule or a dashboard asks for is in the list of figures, which
// a test of package app holds to what a process of the 10k tier shows.
func TestObservability_asksForWhatThereIs(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, m := range listedName.FindAllStringSubmatch(read(t, "metrics.md"), -1) {
		known[m[1]] = true
	}
	// What Go and the process show as everybody has them.
	for _, name := range []string{"process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds", "process_start_time_seconds", "go_goroutines"} {
		known[name] = true
	}
	files, err := filepath.Glob("observability/dashboards/*.json")
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, file := range slices.Concat(files, []string{"observability/alerts.yaml", "observability/alerts_test.yaml"}) {
		for _, name := range metricName.FindAllString(read(t, file), -1) {
			asked++
			base := name
			for _, end := range []string{"_bucket", "_count", "_sum"} {
				base = strings.TrimSuffix(base, end)
			}
			if !known[name] && !known[base] {
				t.Errorf("%s asks for %s, which is not in docs/metrics.md", file, name)
			}
		}
	}
	if asked < 100 {
		t.Errorf("only %d figures are asked for", asked)
	}
}
