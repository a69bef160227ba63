package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestArchitecture holds the whole tree to the rules: who imports whom, how large things may be, what is not written.
func TestArchitecture(t *testing.T) {
	t.Parallel()
	root := moduleRoot(t)
	sources := goSources(t, root)
	texts := append(slices.Clone(sources), otherSources(t, root)...)
	for rule, violations := range map[string][]string{
		"imports": importViolations(sources),
		"sizes":   sizeViolations(sources),
		"words":   wordViolations(texts),
	} {
		for _, v := range violations {
			t.Errorf("%s: %s", rule, v)
		}
	}
	if len(sources) < 20 || len(texts) == len(sources) {
		t.Errorf("only %d Go files and %d others were looked at", len(sources), len(texts)-len(sources))
	}
}

// TestArchitecture_rulesBite proves each rule with a file that breaks it.
func TestArchitecture_rulesBite(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		broken source
		rule   func([]source) []string
		want   string
	}{
		"context to a higher one":  {goFile("app/accounts/a.go", "vitrine/app/works"), importViolations, "accounts must not import works"},
		"context to its equal":     {goFile("app/feed/a.go", "vitrine/app/search"), importViolations, "feed must not import search"},
		"context to web":           {goFile("app/works/a.go", "vitrine/web"), importViolations, "context must not import web"},
		"context to app":           {goFile("app/works/a.go", "vitrine/app"), importViolations, "context must not import app"},
		"context to jobs":          {goFile("app/works/a.go", "vitrine/jobs"), importViolations, "context must not import jobs"},
		"web to jobs":              {goFile("web/a.go", "vitrine/jobs"), importViolations, "web must not import jobs"},
		"jobs to web":              {goFile("jobs/a.go", "vitrine/web/views"), importViolations, "jobs must not import web"},
		"web to app":               {goFile("web/a.go", "vitrine/app"), importViolations, "web must not import app"},
		"platform to a context":    {goFile("app/platform/bus/a.go", "vitrine/app/works"), importViolations, "platform must not import context"},
		"fault to platform":        {goFile("app/fault/a.go", "vitrine/app/platform/db"), importViolations, "fault must not import platform"},
		"main to a context":        {goFile("main.go", "vitrine/app/works"), importViolations, "main must not import context"},
		"main to web":              {goFile("main.go", "vitrine/web"), importViolations, "main must not import web"},
		"product to tools":         {goFile("app/a.go", "vitrine/bench/load"), importViolations, "app must not import tool"},
		"product to test packages": {goFile("app/works/a.go", "vitrine/app/platform/dbtest"), importViolations, "for tests only"},
		"a place of its own":       {goFile("app/gadgets/a.go", ""), importViolations, "no place in the house"},
		"import of the main":       {goFile("web/a.go", "vitrine"), importViolations, "web must not import main"},

		"echo in a handler":        {goFile("web/works.go", "github.com/labstack/echo/v4"), importViolations, "belongs to web/wire/"},
		"echo in a context":        {goFile("app/works/a.go", "github.com/labstack/echo/v4"), importViolations, "belongs to web/wire/"},
		"templ outside of web":     {goFile("app/works/a.go", "github.com/a-h/templ"), importViolations, "belongs to web"},
		"asynq in a context":       {goFile("app/works/a.go", "github.com/hibiken/asynq"), importViolations, "belongs to jobs"},
		"Redis in a context":       {goFile("app/feed/a.go", "github.com/redis/go-redis/v9"), importViolations, "belongs to app/platform"},
		"NATS in jobs":             {goFile("jobs/a.go", "github.com/nats-io/nats.go/jetstream"), importViolations, "belongs to app/platform"},
		"S3 in media":              {goFile("app/media/a.go", "github.com/aws/aws-sdk-go-v2/service/s3"), importViolations, "belongs to app/platform"},
		"dbresolver outside of db": {goFile("app/platform/bus/a.go", "gorm.io/plugin/dbresolver"), importViolations, "belongs to app/platform/db"},
		"gorm outside of a store":  {goFile("app/works/publish.go", "gorm.io/gorm"), importViolations, "belongs to app/platform/db"},
		"gorm in web":              {goFile("web/a.go", "gorm.io/gorm"), importViolations, "belongs to app/platform/db"},
		"pgx in a context":         {goFile("app/works/store.go", "github.com/jackc/pgx/v5"), importViolations, "belongs to app/platform"},

		"long file":     {text("app/a.go", "package app\n"+strings.Repeat("\n", fileLines)), sizeViolations, "has 401 lines"},
		"long function": {text("app/a.go", "package app\nfunc f() {\n"+strings.Repeat("\n", functionLines)+"}\n"), sizeViolations, "f has 62 lines"},
		"long package":  {text("app/works/a.go", "package works\n"+strings.Repeat("\n", packageLines)), sizeViolations, "package app/works has 3001 lines"},

		"unfinished":            {text("docs/a.md", "TO"+"DO: more"), wordViolations, "finish it"},
		"to be fixed":           {text("web/a.css", "/* FIX"+"ME */"), wordViolations, "finish it"},
		"for the moment":        {text("app/a.go", "package a // for n"+"ow"), wordViolations, "finish it"},
		"migration by the ORM":  {text("app/a.go", "package a\nfunc f() { g.AutoM"+"igrate(x) }"), wordViolations, "migrations"},
		"hook of the ORM":       {text("app/works/a.go", "package works\nfunc (w *Work) BeforeSave(tx *gorm.DB) error { return nil }"), wordViolations, "no hooks"},
		"preload":               {text("app/a.go", "package a\nvar x = g.Preload(y)"), wordViolations, "batch by ids"},
		"offset":                {text("app/a.go", "package a\nconst q = `select 1 limit 10 offset ?`"), wordViolations, "keyset"},
		"offset by the ORM":     {text("app/a.go", "package a\nvar x = g.Offset(3)"), wordViolations, "keyset"},
		"sleep in a test":       {text("app/a_test.go", "package a\nfunc f() { time.Sl"+"eep(1) }"), wordViolations, "deadline"},
		"skip without a word":   {text("app/a_test.go", "package a\nfunc f() { t.Skip"+"() }"), wordViolations, "sentence"},
		"untyped map":           {text("web/a.go", "package web\nvar x map[string]any"), wordViolations, "give it a type"},
		"wiring by init":        {text("app/a.go", "package a\nfunc init"+"() {}"), wordViolations, "wiring"},
		"getter":                {text("app/a.go", "package a\nfunc GetWork() {}"), wordViolations, "name it"},
		"interface with an I":   {text("app/a.go", "package a\ntype IStore interface{}"), wordViolations, "named after"},
		"panic":                 {text("app/a.go", "package a\nfunc f() { panic(1) }"), wordViolations, "instead of a panic"},
		"inline style":          {text("web/a.templ", `<p style="color:red">`), wordViolations, "inline style"},
		"inline style by value": {text("web/a.templ", `<p style={ x }>`), wordViolations, "inline style"},
		"inline handler":        {text("web/a.templ", `<p onclick="x()">`), wordViolations, "inline script"},
		"inline handler, htmx":  {text("web/a.templ", `<p hx-on:click="x()">`), wordViolations, "inline script"},
		"script URL":            {text("web/a.templ", `<a href="javascript:x()">`), wordViolations, "inline script"},
		"inline script":         {text("web/a.templ", `<script>x()</script>`), wordViolations, "own origin"},
		"style element":         {text("web/a.templ", `<style>p{}</style>`), wordViolations, "own origin"},
		"fetching":              {text("app/works/a.go", "package works\nvar x, _ = http.Get(u)"), wordViolations, "never fetched"},
		"fetching, by a client": {text("web/a.go", "package web\nvar x = &http.Client{}"), wordViolations, "never fetched"},
		"connecting":            {text("jobs/a.go", "package jobs\nvar x, _ = net.Dial(n, a)"), wordViolations, "never fetched"},
		"raw markup":            {text("web/a.templ", `@templ.Raw(x)`), wordViolations, "escape it"},
		"name of a layer":       {text("app/platform/utils/a.go", "package utils"), wordViolations, "no name for a package"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := test.rule([]source{test.broken})
			if !slices.ContainsFunc(found, func(v string) bool { return strings.Contains(v, test.want) }) {
				t.Errorf("it found %q, want one with %q", found, test.want)
			}
		})
	}
}

// TestArchitecture_rulesAllow proves that the rules let through what the design wants.
func TestArchitecture_rulesAllow(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]source{
		"context to the left":     goFile("app/search/a.go", "vitrine/app/works"),
		"package of a context":    goFile("app/demo/art/a.go", "vitrine/app/demo/art/canvas"),
		"composition root":        goFile("app/app.go", "vitrine/app/moderation"),
		"echo in the adapter":     goFile("web/wire/wire.go", "github.com/labstack/echo/v4"),
		"gorm in a store":         goFile("app/works/store_page.go", "gorm.io/gorm"),
		"Redis in the platform":   goFile("app/platform/cache/redis.go", "github.com/redis/go-redis/v9"),
		"test package in a test":  {file: "app/works/a_test.go", imports: []string{"vitrine/app/platform/dbtest"}, test: true, text: "package works\n"},
		"panic that is passed on": text("web/a.go", "package web\nfunc f() { if p := recover(); p != nil { panic(p) } }"),
		"panic in a test":         {file: "app/a_test.go", test: true, text: "package app\nfunc f() { panic(1) }"},
		"named parameters":        text("app/search/store.go", "package search\nvar x = map[string]any{}"),
		"script of our own":       text("web/a.templ", `<script defer src={ x }></script>`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := []source{f}
			if strings.HasSuffix(f.file, ".go") {
				for _, v := range append(importViolations(files), sizeViolations(files)...) {
					t.Error(v)
				}
			}
			for _, v := range wordViolations(files) {
				t.Error(v)
			}
		})
	}
}

func goFile(file, imported string) source {
	f := source{file: file, text: "package x\n"}
	if imported != "" {
		f.imports = []string{imported}
	}
	return f
}

func text(file, content string) source {
	return source{file: file, text: content, test: strings.HasSuffix(file, "_test.go")}
}

// listed is what we read of `go list -json`.
type listed struct {
	Dir                                string
	GoFiles, TestGoFiles, XTestGoFiles []string
	IgnoredGoFiles                     []string
}

// goSources asks the go command for every package and reads each file's imports. Generated files keep no rule of style,
// but their imports count.
func goSources(t *testing.T, root string) []source {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=Dir,GoFiles,TestGoFiles,XTestGoFiles,IgnoredGoFiles", "./...")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var sources []source
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return sources
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range slices.Concat(p.GoFiles, p.TestGoFiles, p.XTestGoFiles, p.IgnoredGoFiles) {
			sources = append(sources, readGo(t, root, filepath.Join(p.Dir, name)))
		}
	}
}

func readGo(t *testing.T, root, file string) source {
	t.Helper()
	f := readText(t, root, file)
	f.test = strings.HasSuffix(file, "_test.go")
	f.imports = importsOf(t, f)
	if strings.Contains(f.text, "\n// Code generated ") || strings.HasPrefix(f.text, "// Code generated ") {
		f.text = "package generated\n"
	}
	return f
}

// otherSources reads the files that are no Go, in every directory that git knows and that holds work of our own.
func otherSources(t *testing.T, root string) []source {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", "ls-files", "--cached", "--others", "--exclude-standard",
		"*.templ", "*.sql", "*.css", "*.js", "*.md", "*.sh", "*.env", "*.tf", "scripts/*", "Makefile", ":!web/static/vendor", ":!web/static/dist")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("git ls-files: %v", err)
	}
	var sources []source
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		file := filepath.Join(root, lines.Text())
		if _, err := os.Stat(file); err == nil && filepath.Ext(file) != ".go" {
			sources = append(sources, readText(t, root, file))
		}
	}
	return sources
}

func readText(t *testing.T, root, file string) source {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rel, err := filepath.Rel(root, file)
	if err != nil {
		t.Fatal(err)
	}
	return source{file: filepath.ToSlash(rel), text: string(content)}
}
