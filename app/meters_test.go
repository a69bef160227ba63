package app

import (
	"context"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

// docs/metrics.md lists every figure that a process of the 10k tier shows, with
// its labels, and none that it does not.
func TestMetrics_areTheListed(t *testing.T) {
	t.Parallel()
	listed, err := os.ReadFile("../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	wanted := map[string]string{} // labels by name
	row := regexp.MustCompile("(?m)^\\| (`[^|]*) \\|([^|]*)\\|")
	for _, m := range row.FindAllStringSubmatch(string(listed), -1) {
		labels := strings.Split(strings.ReplaceAll(strings.TrimSpace(m[2]), " ", ""), ",")
		slices.Sort(labels)
		for name := range strings.SplitSeq(m[1], ", ") {
			wanted[strings.Trim(name, "`")] = strings.Join(labels, ",")
		}
	}
	if len(wanted) < 40 {
		t.Fatalf("the list cannot be read: %d names", len(wanted))
	}
	for name, labels := range shownAt10k(t) {
		said, known := wanted[name]
		switch {
		case !known:
			t.Errorf("%s (labels: %s) is not in docs/metrics.md", name, labels)
		case said != labels:
			t.Errorf("%s has the labels %q, docs/metrics.md says %q", name, labels, said)
		}
		delete(wanted, name)
	}
	for name := range wanted {
		t.Errorf("docs/metrics.md lists %s, which nothing shows", name)
	}
}

// shownAt10k are the labels of what a process of the 10k tier shows, by name,
// but for what Go's own library shows of it. None of its servers is there.
func shownAt10k(t *testing.T) map[string]string {
	t.Helper()
	p := far(t, roles{web: true, worker: true})
	descs := make(chan *prometheus.Desc)
	go func() {
		defer close(descs)
		p.metrics.Registry.Describe(descs)
	}()
	is := regexp.MustCompile(`^Desc\{fqName: "([^"]*)", .*constLabels: \{(.*)\}, variableLabels: \{(.*)\}\}$`)
	shown := map[string]string{}
	for d := range descs {
		m := is.FindStringSubmatch(d.String())
		if m == nil {
			t.Fatalf("not understood: %s", d)
		}
		if strings.HasPrefix(m[1], "process_") || strings.HasPrefix(m[1], "go_") && !strings.HasPrefix(m[1], "go_sql_") {
			continue
		}
		labels := strings.FieldsFunc(regexp.MustCompile(`="[^"]*"`).ReplaceAllString(m[2], "")+","+m[3], func(r rune) bool { return r == ',' || r == ' ' })
		slices.Sort(labels)
		shown[m[1]] = strings.Join(labels, ",")
	}
	return shown
}

// far is a process of the 10k tier, none of whose servers is there. It does not
// run.
func far(t *testing.T, r roles) *product {
	t.Helper()
	c, err := Load([]string{
		"TIER=10k", "CDN=off", "DATA_DIR=" + t.TempDir(), "SECRET=" + strings.Repeat("s", 32), "LOG_LEVEL=error",
		"DATABASE_URL=postgres://vitrine:x@127.0.0.1:1/vitrine", "REDIS_URL=redis://127.0.0.1:1/0", "MEDIA_URL=https://media.vitrine.example",
		"S3_ENDPOINT=http://127.0.0.1:1", "S3_BUCKET=b", "S3_ACCESS_KEY=k", "S3_SECRET_KEY=s",
	})
	if err != nil {
		t.Fatal(err)
	}
	i, err := openInfra(t.Context(), c, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := i.close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	p, err := newProduct(i, r)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
