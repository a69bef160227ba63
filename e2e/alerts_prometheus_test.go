package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"vitrine/app/platform/child"
	"vitrine/e2e/rig"
)

// watcher is a real Prometheus with the rules and the configuration of
// docs/observability, in quick motion.
type watcher struct {
	*child.Process
	url string
}

// spans are the times in the rules: windows, and how long something has to last.
var spans = regexp.MustCompile(`(\[|for: )(\d+)([mhd])\b`)

// quick makes a minute a second, an hour a minute, in windows and in how long
// something has to last, so that a test sees in seconds what takes minutes. What
// the rules ask and compare with stays as it is.
func quick(t *testing.T, rules string) string {
	t.Helper()
	out := spans.ReplaceAllStringFunc(rules, func(span string) string {
		p := spans.FindStringSubmatch(span)
		n, err := strconv.Atoi(p[2])
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%s%ds", p[1], n*map[string]int{"m": 1, "h": 60, "d": 24 * 60}[p[3]])
	})
	return strings.ReplaceAll(out, "interval: 15s", "interval: 1s")
}

// watchOver runs a Prometheus over the processes of a topology until the test ends.
func watchOver(t *testing.T, top *rig.Topology) watcher {
	t.Helper()
	program, err := exec.LookPath("prometheus")
	if err != nil {
		t.Skip("There is no prometheus here, so no alert is tried; `scripts/setup --tests` installs it.")
	}
	dir := t.TempDir()
	for _, name := range []string{"alerts.yaml", "prometheus.yml"} {
		raw, err := os.ReadFile(filepath.Join(rig.Root(), "docs", "observability", name))
		if err != nil {
			t.Fatal(err)
		}
		text := quick(t, string(raw))
		// A part that hangs is given up after a second, so two are enough.
		text = strings.ReplaceAll(text, "scrape_interval: 15s", "scrape_interval: 2s")
		keep(t, filepath.Join(dir, name), text)
	}
	var targets []string
	for _, p := range top.Processes {
		targets = append(targets, strconv.Quote(strings.TrimPrefix(p.Admin, "http://")))
	}
	keep(t, filepath.Join(dir, "targets.yaml"), "- targets: ["+strings.Join(targets, ", ")+"]\n")
	port, err := child.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	at := "127.0.0.1:" + strconv.Itoa(port)
	p, err := child.Start(child.Config{Path: program, Dir: dir, Log: filepath.Join(dir, "log"), Args: []string{
		"--config.file=prometheus.yml", "--storage.tsdb.path=data", "--web.listen-address=" + at, "--log.level=warn",
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.Kill()
		if t.Failed() {
			t.Logf("Prometheus wrote:\n%s", p.Log())
		}
	})
	w := watcher{p, "http://" + at}
	top.Eventually(t, "Prometheus to reach every process", func() bool {
		if !p.Running() {
			t.Fatalf("Prometheus ended: %s", p.Log())
		}
		return slices.Equal(w.values(`count(up{job="vitrine"} == 1)`), []string{strconv.Itoa(len(top.Processes))})
	})
	return w
}

func keep(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// alert is one that Prometheus knows of.
type alert struct {
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	State       string            `json:"state"`
}

// firing are the alerts that fire, by name; of those that several objectives
// share, the one of failures.
func (w watcher) firing(t *testing.T) map[string]alert {
	t.Helper()
	var answer struct {
		Data struct {
			Alerts []alert `json:"alerts"`
		} `json:"data"`
	}
	if err := w.ask("/api/v1/alerts", &answer); err != nil {
		t.Fatal(err)
	}
	out := map[string]alert{}
	for _, a := range answer.Data.Alerts {
		name := a.Labels["alertname"]
		if a.State == "firing" && out[name].Labels["objective"] != "failures" {
			out[name] = a
		}
	}
	return out
}

// rules names the alerts that there are.
func (w watcher) rules(t *testing.T) (names []string) {
	t.Helper()
	var answer struct {
		Data struct {
			Groups []struct {
				Rules []struct {
					Name, Type, Health, LastError string
				}
			}
		} `json:"data"`
	}
	if err := w.ask("/api/v1/rules", &answer); err != nil {
		t.Fatal(err)
	}
	for _, g := range answer.Data.Groups {
		for _, r := range g.Rules {
			if r.Health == "err" {
				t.Errorf("%s cannot be asked: %s", r.Name, r.LastError)
			}
			if r.Type == "alerting" {
				names = append(names, r.Name)
			}
		}
	}
	return names
}

// drawn waits until every question of every dashboard has an answer, and says
// which have none.
func (w watcher) drawn(t *testing.T, top *rig.Topology) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(rig.Root(), "docs", "observability", "dashboards", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d dashboards: %v", len(files), err)
	}
	var questions []string
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var board struct {
			Panels []struct{ Targets []struct{ Expr string } }
		}
		if err := json.Unmarshal(raw, &board); err != nil {
			t.Fatal(err)
		}
		for _, p := range board.Panels {
			for _, target := range p.Targets {
				questions = append(questions, strings.ReplaceAll(target.Expr, "$__rate_interval", "1m"))
			}
		}
	}
	t.Logf("%d questions of %d dashboards", len(questions), len(files))
	var open []string
	t.Cleanup(func() {
		for _, q := range open {
			t.Errorf("a dashboard asks what has no answer: %s", q)
		}
	})
	top.Eventually(t, "the dashboards to be drawn", func() bool {
		open = slices.DeleteFunc(slices.Clone(questions), func(q string) bool { return len(w.values(q)) > 0 })
		return len(open) == 0
	})
}

// values asks a question and gives the values of the answer, without their
// labels; none when Prometheus does not answer.
func (w watcher) values(question string) (out []string) {
	var answer struct {
		Data struct {
			Result []struct {
				Value [2]json.RawMessage `json:"value"`
			} `json:"result"`
		} `json:"data"`
	}
	if err := w.ask("/api/v1/query?query="+url.QueryEscape(question), &answer); err != nil {
		return nil
	}
	for _, r := range answer.Data.Result {
		out = append(out, strings.Trim(string(r.Value[1]), `"`))
	}
	return out
}

func (w watcher) ask(path string, into any) error {
	res, err := (&http.Client{Timeout: 30 * time.Second}).Get(w.url + path)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}
