package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"vitrine/e2e/rig"
)

// lighthousePage is a page that Lighthouse looks at, and what it has to reach.
type lighthousePage struct {
	Name   string `json:"name"`
	URL    string `json:"url"`
	Cookie string `json:"cookie,omitempty"`
	desk   bool
	apart  bool // kept out of search engines on purpose
}

// audit is one run over one page.
type audit struct {
	Name   string         `json:"name"`
	Error  string         `json:"error"`
	Scores map[string]int `json:"scores"` // of 100
	Failed []string       `json:"failed"` // audits that were not passed, performance aside
	LCP    float64        `json:"lcp"`    // ms
	CLS    float64        `json:"cls"`
	TBT    float64        `json:"tbt"` // ms
}

// checkLighthouse lets Lighthouse look at one page of each kind. Accessibility,
// best practice and what search engines want are judged always. How fast a page
// is depends on the machine, so that is judged by `make lighthouse` alone, by
// the median of five runs.
func (h *house) checkLighthouse(t *testing.T, session string) {
	t.Helper()
	runs, _ := strconv.Atoi(os.Getenv("LIGHTHOUSE_RUNS"))
	pages := []lighthousePage{
		{Name: "home", URL: "/"}, {Name: "explore", URL: "/explore"}, {Name: "work", URL: h.at["several"]}, {Name: "studio", URL: h.public},
		{Name: "search", URL: "/search?q=harbour", apart: true}, {Name: "sign-up", URL: "/signup", apart: true},
		{Name: "dashboard", URL: h.studio, Cookie: session, desk: true}, {Name: "compose", URL: h.drafts["several"], Cookie: session, desk: true},
	}
	for i := range pages {
		pages[i].URL = h.site.URL + pages[i].URL
	}
	categories := []string{"accessibility", "best-practices", "seo"}
	if runs > 0 {
		categories = append(categories, "performance")
		// The smallest format of a picture is made last; until then pages name a larger one.
		h.site.Eventually("every picture to have all its files", func() bool {
			for _, queue := range []string{"media", "bulk"} {
				for _, state := range []string{"due", "later"} {
					if h.site.Metric(fmt.Sprintf(`vitrine_queue_tasks{queue=%q,state=%q}`, queue, state)) != "0" {
						return false
					}
				}
			}
			return true
		})
	}
	all := lighthouse(t, max(1, runs), categories, pages)
	for _, p := range pages {
		list := slices.DeleteFunc(slices.Clone(all), func(a audit) bool { return a.Name != p.Name })
		if len(list) != max(1, runs) {
			t.Errorf("%s: Lighthouse gave %d results, want %d", p.Name, len(list), max(1, runs))
			continue
		}
		judge(t, p, list)
	}
}

// judge holds a page to its bars.
func judge(t *testing.T, p lighthousePage, list []audit) {
	t.Helper()
	score := func(category string) int {
		return median(list, func(a audit) float64 { return float64(a.Scores[category]) }).int()
	}
	wanted := map[string]int{"accessibility": 100, "best-practices": 100}
	if !p.desk && !p.apart {
		wanted["seo"] = 100
	}
	for category, want := range wanted {
		if got := score(category); got < want {
			t.Errorf("%s: %s is %d, want %d: %s", p.Name, category, got, want, strings.Join(list[0].Failed, "; "))
		}
	}
	if _, timed := list[0].Scores["performance"]; !timed {
		return
	}
	least, lcp, cls := 95, 1500.0, 0.01
	if p.desk {
		least, lcp, cls = 90, 2000.0, 0.02
	}
	paint, shift := median(list, func(a audit) float64 { return a.LCP }), median(list, func(a audit) float64 { return a.CLS })
	t.Logf("| %s | %d | %d | %d | %d | %.2f | %.3f | %.0f |", p.Name, score("performance"), score("accessibility"), score("best-practices"), score("seo"),
		paint/1000, shift, median(list, func(a audit) float64 { return a.TBT }))
	if got := score("performance"); got < least || float64(paint) > lcp || float64(shift) > cls {
		t.Errorf("%s: performance %d (want %d), LCP %.0f ms (want %.0f), CLS %.3f (want %.2f)", p.Name, got, least, paint, lcp, shift, cls)
	}
}

type middle float64

func (m middle) int() int { return int(m) }

func median(list []audit, of func(audit) float64) middle {
	values := make([]float64, 0, len(list))
	for _, a := range list {
		values = append(values, of(a))
	}
	slices.Sort(values)
	return middle(values[len(values)/2])
}

// lighthouse runs it in a process of Node's.
func lighthouse(t *testing.T, runs int, categories []string, pages []lighthousePage) (out []audit) {
	t.Helper()
	tools := filepath.Join(rig.Root(), ".tools", "lighthouse")
	node, err := exec.LookPath("node")
	if err == nil {
		_, err = os.Stat(filepath.Join(tools, "node_modules", "lighthouse"))
	}
	if err != nil {
		t.Skipf("Lighthouse is not installed, so its bars are NOT checked: scripts/setup --tests installs it where Node and npm are (%v).", err)
	}
	job, err := json.Marshal(struct {
		Tools      string           `json:"tools"`
		Chrome     string           `json:"chrome"`
		Runs       int              `json:"runs"`
		Categories []string         `json:"categories"`
		Pages      []lighthousePage `json:"pages"`
	}{tools, chromium(t), runs, categories, pages})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), node, filepath.Join(rig.Root(), "e2e", "lighthouse", "run.mjs"))
	cmd.Stdin = bytes.NewReader(job)
	var said bytes.Buffer
	cmd.Stderr = &said
	raw, err := cmd.Output()
	if err != nil {
		t.Fatalf("Lighthouse: %v\n%s", err, said.String())
	}
	for line := range bytes.Lines(raw) {
		var a audit
		if err := json.Unmarshal(line, &a); err != nil {
			t.Fatalf("Lighthouse said %q: %v", line, err)
		}
		if a.Error != "" {
			t.Errorf("%s: Lighthouse could not look at it: %s", a.Name, a.Error)
		}
		out = append(out, a)
	}
	return out
}

// session is the cookie of a member, as a request carries it.
func session(t *testing.T, m *rig.Member) string {
	t.Helper()
	for _, ck := range m.Cookies() {
		if strings.HasSuffix(ck.Name, "session") {
			return fmt.Sprintf("%s=%s", ck.Name, ck.Value)
		}
	}
	t.Fatal("the member has no session")
	return ""
}

func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("there is no Chromium; scripts/setup --tests installs it")
	return ""
}
