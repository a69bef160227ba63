package assets_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"vitrine/web/assets"
	"vitrine/web/assets/bundle"
)

func open(t *testing.T) *assets.Assets {
	t.Helper()
	a, err := assets.Open(assets.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func ask(h http.Handler, method, path string, header ...string) *http.Response {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) []byte {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestURL_carriesAHash(t *testing.T) {
	for name, want := range map[string]string{
		"app.css":                           `^/assets/app\.[a-z2-7]{12}\.css$`,
		"app.js":                            `^/assets/app\.[a-z2-7]{12}\.js$`,
		"upload.js":                         `^/assets/upload\.[a-z2-7]{12}\.js$`,
		"favicon.svg":                       `^/assets/favicon\.[a-z2-7]{12}\.svg$`,
		"fonts/instrument-sans-latin.woff2": `^/assets/fonts/instrument-sans-latin\.[a-z2-7]{12}\.woff2$`,
		"no-such.css":                       `^/assets/no-such\.css$`,
	} {
		if got := assets.URL(name); !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("URL(%q) = %q, want %s", name, got, want)
		}
	}
}

func TestServe(t *testing.T) {
	a := open(t)
	css, font, licence := assets.URL("app.css"), assets.URL("fonts/instrument-sans-latin.woff2"), assets.URL("fonts/OFL.txt")
	const year = "public, max-age=31536000, immutable"
	for _, c := range []struct {
		what, method, path string
		header             []string
		status             int
		cache, encoding    string
		kind               string
	}{
		{"hashed", "GET", css, []string{"Accept-Encoding", "br, gzip"}, 200, year, "gzip", "text/css; charset=utf-8"},
		{"plain body", "GET", css, nil, 200, year, "", "text/css; charset=utf-8"},
		{"gzip refused", "GET", css, []string{"Accept-Encoding", "gzip;q=0"}, 200, year, "", "text/css; charset=utf-8"},
		{"gzip by weight", "GET", css, []string{"Accept-Encoding", "gzip; q=0.5"}, 200, year, "gzip", "text/css; charset=utf-8"},
		{"anything", "GET", css, []string{"Accept-Encoding", "*"}, 200, year, "gzip", "text/css; charset=utf-8"},
		{"head", "HEAD", css, nil, 200, year, "", "text/css; charset=utf-8"},
		{"a font stays as it is", "GET", font, []string{"Accept-Encoding", "gzip"}, 200, year, "", "font/woff2"},
		{"a licence", "GET", licence, nil, 200, year, "", "text/plain; charset=utf-8"},
		{"a licence by its plain name", "GET", "/assets/vendor/tus/LICENSE", nil, 200, "no-cache", "", "text/plain; charset=utf-8"},
		{"plain name", "GET", "/assets/app.css", nil, 200, "no-cache", "", "text/css; charset=utf-8"},
		{"hash of another version", "GET", "/assets/app.aaaaaaaaaaaa.css", nil, 200, "no-cache", "", "text/css; charset=utf-8"},
		{"nothing", "GET", "/assets/none.css", nil, 404, "no-cache", "", "text/plain; charset=utf-8"},
		{"the sources", "GET", "/assets/css/app.css", nil, 404, "no-cache", "", "text/plain; charset=utf-8"},
		{"the way up", "GET", "/assets/../static.go", nil, 404, "no-cache", "", "text/plain; charset=utf-8"},
		{"the folder", "GET", "/assets/", nil, 404, "no-cache", "", "text/plain; charset=utf-8"},
		{"writing", "POST", css, nil, 405, "", "", "text/plain; charset=utf-8"},
	} {
		r := ask(a, c.method, c.path, c.header...)
		if r.StatusCode != c.status || r.Header.Get("Cache-Control") != c.cache ||
			r.Header.Get("Content-Encoding") != c.encoding || r.Header.Get("Content-Type") != c.kind {
			t.Errorf("%s: %d, cache %q, encoding %q, type %q", c.what, r.StatusCode,
				r.Header.Get("Cache-Control"), r.Header.Get("Content-Encoding"), r.Header.Get("Content-Type"))
		}
		if n := len(body(t, r)); c.method == "HEAD" && n > 0 {
			t.Errorf("%s: a body of %d bytes", c.what, n)
		}
		if r.StatusCode == 200 && r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: the type may be guessed", c.what)
		}
	}
}

func TestServe_gzipIsTheSame(t *testing.T) {
	a := open(t)
	plain := body(t, ask(a, "GET", assets.URL("app.js")))
	r := ask(a, "GET", assets.URL("app.js"), "Accept-Encoding", "gzip")
	if r.Header.Get("Vary") != "Accept-Encoding" {
		t.Error("a cache is not told that the answer varies")
	}
	unpacked, err := gzip.NewReader(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(unpacked)
	if err != nil || !bytes.Equal(got, plain) {
		t.Errorf("unpacked %d bytes, plain %d, err %v", len(got), len(plain), err)
	}
}

func TestServe_notModified(t *testing.T) {
	a := open(t)
	plain := ask(a, "GET", assets.URL("app.css")).Header.Get("ETag")
	packed := ask(a, "GET", assets.URL("app.css"), "Accept-Encoding", "gzip").Header.Get("ETag")
	if plain == "" || plain == packed {
		t.Fatalf("the two forms have the marks %q and %q", plain, packed)
	}
	for _, c := range []struct {
		match, accept string
		want          int
	}{
		{plain, "", 304}, {packed, "gzip", 304}, {`"x", W/` + plain, "", 304}, {"*", "", 304},
		{packed, "", 200}, {`"x"`, "", 200}, {"", "", 200},
	} {
		r := ask(a, "GET", assets.URL("app.css"), "If-None-Match", c.match, "Accept-Encoding", c.accept)
		if r.StatusCode != c.want {
			t.Errorf("If-None-Match %q, Accept-Encoding %q: %d, want %d", c.match, c.accept, r.StatusCode, c.want)
		}
		if r.StatusCode == 304 && len(body(t, r)) > 0 {
			t.Error("304 with a body")
		}
	}
}

func TestStylesheet_namesFontsThatExist(t *testing.T) {
	a := open(t)
	css := string(body(t, ask(a, "GET", assets.URL("app.css"))))
	fonts := regexp.MustCompile(`url\(([^)]+)\)`).FindAllStringSubmatch(css, -1)
	if len(fonts) != 3 {
		t.Fatalf("the stylesheet names %d files, want 3 fonts", len(fonts))
	}
	for _, m := range fonts {
		r := ask(a, "GET", assets.Prefix+m[1])
		if r.StatusCode != 200 || !strings.Contains(r.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d, %s", m[1], r.StatusCode, r.Header.Get("Cache-Control"))
		}
	}
	if !strings.Contains(css, assets.URL("fonts/instrument-sans-latin.woff2")[len(assets.Prefix):]) {
		t.Error("the preloaded font is not the one that the stylesheet uses")
	}
	if strings.Contains(css, "!important") {
		t.Error("the stylesheet shouts")
	}
}

// At most 15 KB of stylesheet and 20 KB of script on a public page, 60 KB of
// script on a page of the studio, all compressed.
func TestWeights(t *testing.T) {
	a := open(t)
	weight := func(name string) int {
		return len(body(t, ask(a, "GET", assets.URL(name), "Accept-Encoding", "gzip")))
	}
	css, app, upload := weight("app.css"), weight("app.js")+weight("later.js"), weight("upload.js")
	if css > 15_000 || app > 20_000 || app+upload > 60_000 {
		t.Errorf("app.css %d, app.js %d, upload.js %d bytes compressed", css, app, upload)
	}
}

func TestDev_readsFromDisk(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) {
		path := filepath.Join(dir, "web", "static", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("dist/app.css", "first")
	t.Chdir(dir)
	a, err := assets.Open(assets.Config{Dev: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"first", "second"} {
		write("dist/app.css", want)
		r := ask(a, "GET", assets.URL("app.css"))
		if got := string(body(t, r)); got != want || r.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("got %q, %s", got, r.Header.Get("Cache-Control"))
		}
	}
	t.Chdir(t.TempDir())
	a, err = assets.Open(assets.Config{Dev: true})
	if err != nil {
		t.Fatal(err)
	}
	if r := ask(a, "GET", assets.URL("app.css")); r.StatusCode != 200 || len(body(t, r)) < 1000 {
		t.Error("a binary away from its sources has no assets")
	}
}

// go generate ./web/assets must leave no difference.
func TestBundles_areFresh(t *testing.T) {
	static := filepath.Join("..", "static")
	files, err := bundle.Build(static)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 14 {
		t.Errorf("%d bundles, want 14", len(files))
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(static, "dist", name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is stale (%v): run go generate ./web/assets", name, err)
		}
	}
	entries, err := os.ReadDir(filepath.Join(static, "dist"))
	if err != nil || len(entries) != len(files) {
		t.Errorf("dist holds %d files, want %d (%v)", len(entries), len(files), err)
	}
}
