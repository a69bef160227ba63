package web_test

import (
	"cmp"
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"vitrine/web/caching"
)

var writeCaching = flag.Bool("caching.write", false, "write docs/caching.md anew")

// docs/caching.md is the table of every route, as the routes have it.
func TestCaching_document(t *testing.T) {
	t.Parallel()
	const path = "../docs/caching.md"
	want := cachingTable(newSite(t).server.Caching())
	if *writeCaching {
		must(t, os.WriteFile(path, []byte(want), 0o644))
	}
	got, err := os.ReadFile(path)
	must(t, err)
	if string(got) != want {
		t.Errorf("%s is not what the routes say; `go test ./web -run TestCaching_document -args -caching.write` writes it anew:\n%s", path, want)
	}
}

// cachingTable is the document.
func cachingTable(routes map[string]caching.Policy) string {
	var b strings.Builder
	b.WriteString("# What caches may do with each answer\n" +
		"For whoever puts a cache before the site. The routes name their policy in `web/routes.go`, the policies stand in `web/caching`, and a test writes this table: `go test ./web -run TestCaching_document -args -caching.write`.\n\n" +
		"Every answer that says anything but `no-store` adds `Accept-Encoding` to `Vary` where it is compressed on the way. Errors (400 and above), forms that come back with what somebody typed, and whatever sets a cookie for everybody's page say `no-store`, whatever their route.\n\n" +
		"| policy | without credential | with it | Vary | what it is for |\n|---|---|---|---|---|\n")
	for _, p := range caching.Policies() {
		chosen := ""
		if len(p.Chosen) > 0 {
			chosen = ", or `" + strings.Join(p.Chosen, "`, `") + "`"
		}
		vary := p.Credential
		if vary == "" {
			vary = "-"
		}
		fmt.Fprintf(&b, "| %s | `%s`%s | `%s` | %s | %s |\n", p.Name, p.Open, chosen, cmp.Or(p.Own, p.Open), vary, p.About)
	}
	b.WriteString("\n| route | policy | Cache-Control |\n|---|---|---|\n")
	var lines []string
	for r, p := range routes {
		if strings.HasPrefix(r, http.MethodHead) { // as its GET, see TestCaching_routes
			continue
		}
		says := "`" + p.Open + "`"
		if p.Own != "" {
			says += ", `" + p.Own + "`"
		}
		lines = append(lines, "| `"+r+"` | "+p.Name+" | "+says+" |\n")
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(pathOf(a), pathOf(b)) })
	return b.String() + strings.Join(lines, "")
}

// pathOf orders by path, then by method.
func pathOf(line string) string {
	method, path, _ := strings.Cut(line, " /")
	return path + method
}

// Every route has a policy that is one of the table, HEAD has that of GET, and
// what changes something is kept by nobody.
func TestCaching_routes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	table := s.server.Caching()
	for _, r := range s.server.Routes() {
		p, found := table[r.Method+" "+r.Path]
		if strings.HasPrefix(r.Method, "echo_") { // the router's own
			continue
		}
		if !found || !slices.ContainsFunc(caching.Policies(), func(one caching.Policy) bool { return one.Name == p.Name }) {
			t.Errorf("%s %s has the policy %q", r.Method, r.Path, p.Name)
		}
		switch r.Method {
		case http.MethodPost, http.MethodPatch, http.MethodDelete:
			if p.Name != caching.None.Name {
				t.Errorf("%s %s changes something and has the policy %q", r.Method, r.Path, p.Name)
			}
		case http.MethodHead:
			if get := table["GET "+r.Path]; get.Name != p.Name {
				t.Errorf("HEAD %s has the policy %q, GET %q", r.Path, p.Name, get.Name)
			}
		}
		// What one has to be let in for is nobody else's.
		inside := strings.HasPrefix(r.Path, "/studio/") || strings.HasPrefix(r.Path, "/me") || strings.HasPrefix(r.Path, "/admin") || strings.HasPrefix(r.Path, "/s/") || strings.Contains(r.Path, ":token")
		if inside && p.Name != caching.None.Name {
			t.Errorf("%s %s is not everybody's and has the policy %q", r.Method, r.Path, p.Name)
		}
	}
}

// checkCaching holds an answer to the table. What the table means is said once
// more here, in other words.
func checkCaching(t *testing.T, where string, p caching.Policy, v view, credential bool) {
	t.Helper()
	control, vary := v.header.Values("Cache-Control"), strings.Join(v.header.Values("Vary"), ",")
	if len(control) != 1 {
		t.Errorf("%s: Cache-Control is %q", where, control)
		return
	}
	got := control[0]
	if p.Credential != "" && !strings.Contains(vary, p.Credential) && v.status < 400 {
		t.Errorf("%s: the answer differs by %s, and Vary is %q", where, p.Credential, vary)
	}
	switch {
	case got == "no-store":
		if p.Name == "page" && v.status == http.StatusOK || p.Name == "list" && v.status == http.StatusOK {
			t.Errorf("%s: nobody may keep what is everybody's", where)
		}
	case v.status >= 400 || p.Name == "none":
		t.Errorf("%s: %d may be kept: %q", where, v.status, got)
	case p.Credential != "" && credential != strings.HasPrefix(got, "private"):
		t.Errorf("%s: %q, and it is asked for with a credential: %t", where, got, credential)
	case len(v.header.Values("Set-Cookie")) > 0 && !strings.HasPrefix(got, "private"):
		t.Errorf("%s: a cookie leaves with %q", where, got)
	}
}
