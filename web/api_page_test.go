package web_test

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"vitrine/app/accounts"
	"vitrine/app/platform/mediatool/mediatest"
)

// The page about the API holds the whole document: every operation, object and
// error, and no link in it leads nowhere.
func TestAPI_page(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	k := newContract(t)
	v := s.browser(t).get("/docs/api")
	v.want(t, http.StatusOK, "Publish a photo by curl")
	for path, item := range asMap(k.document["paths"]) {
		for method, op := range asMap(item) {
			op := asMap(op)
			id, _ := op["operationId"].(string)
			if part := v.Find("section.op[aria-labelledby=" + id + "]"); part.Length() != 1 || !strings.Contains(part.Text(), strings.ToUpper(method)+" "+path) {
				t.Errorf("%s %s is not on the page", method, path)
			}
		}
	}
	for name, s := range asMap(k.at(t, "components", "schemas")) {
		if v.Find("h3#object-"+strings.ToLower(name)).Length() != 1 {
			t.Errorf("%s is not on the page", name)
		}
		for member := range asMap(asMap(s)["properties"]) {
			if !strings.Contains(v.text(), member) {
				t.Errorf("%s of %s is not on the page", member, name)
			}
		}
	}
	ids := map[string]bool{}
	v.Find("[id]").Each(func(_ int, e *goquery.Selection) {
		if id := e.AttrOr("id", ""); ids[id] {
			t.Errorf("two things on the page are called %s", id)
		} else {
			ids[id] = true
		}
	})
	v.Find(`main a[href^="#"]`).Each(func(_ int, a *goquery.Selection) {
		if to := strings.TrimPrefix(a.AttrOr("href", ""), "#"); !ids[to] {
			t.Errorf("%s leads nowhere", to)
		}
	})
	// What a problem's type names, is there.
	for _, q := range []request{{path: "/api/v1/nothing"}, {path: "/api/v1/works?limit=x"}, {method: http.MethodPost, path: "/api/v1/works"}, {method: http.MethodPut, path: "/api/v1/works"}} {
		var p apiProblem
		k.send(t, s.handler, q).into(t, &p)
		if _, name, _ := strings.Cut(p.Type, "/docs/api#"); !ids[name] {
			t.Errorf("%s is not explained", p.Type)
		}
	}
}

// The script on the page does what it says, as it stands there: with curl and a
// shell alone, a photo becomes a public work.
func TestAPI_publishByCurl(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"sh", "curl", "sed", "grep"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("This machine has no %s, with which the example is run.", tool)
		}
	}
	p := newPrograms(t)
	token := p.tokenOf(t, teresa, accounts.NewToken{Scopes: []string{"works:write", "media:write"}})
	script := p.browser(t).get("/docs/api").Find("#publish-script").Text()
	script = strings.Replace(script, "VITRINE=http://vitrine.test", "VITRINE="+p.url, 1)
	script = strings.Replace(script, "TOKEN=vit_…", "TOKEN="+token, 1)
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "ridges.jpg"), mediatest.JPEG(t, 700, 500), 0o600))
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	sh := exec.CommandContext(ctx, "sh", "-eu")
	sh.Dir, sh.Stdin = dir, strings.NewReader(script)
	var out, problems strings.Builder
	sh.Stdout, sh.Stderr = &out, &problems
	must(t, sh.Start())
	ended := make(chan error, 1)
	go func() { ended <- sh.Wait() }()
	tick := time.NewTicker(50 * time.Millisecond) // the jobs, which no process runs here
	defer tick.Stop()
	for done := false; !done; {
		select {
		case err := <-ended:
			if err != nil {
				t.Fatalf("%v: %s\n%s", err, problems.String(), out.String())
			}
			done = true
		case <-tick.C:
			p.process(t)
		}
	}
	var work apiWork
	reply{body: out.String()}.into(t, &work)
	if work.State != "published" || work.URL == nil || len(work.Media) != 1 || work.Media[0].Alt != "A ridge above fog, at dawn" {
		t.Fatalf("%s", out.String())
	}
	p.browser(t).get(strings.TrimPrefix(*work.URL, "http://vitrine.test")).want(t, http.StatusOK, "Ridges")
}
