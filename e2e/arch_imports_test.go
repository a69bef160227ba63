package e2e

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// module is the path of this module, which every import of our own begins with.
const module = "vitrine"

// ranks is the published order of the contexts: each may import those of a lower rank. Two of one rank know nothing of each
// other. demo fills the others through their use cases, so it stands above all of them.
var ranks = map[string]int{
	"accounts": 1, "studios": 2, "media": 3, "works": 4,
	"billing": 5, "engagement": 5,
	"feed": 6, "search": 6, "notifications": 6, "analytics": 6, "moderation": 6,
	"demo": 7, "archive": 8, "kept": 8,
}

// fence keeps a library behind a few packages, or a few files.
type fence struct {
	library string
	// inside lists patterns of path.Match for the files that may import it; "dir/..." means every file below dir.
	inside []string
}

var fences = []fence{
	{"github.com/labstack/echo", []string{"web/wire/..."}},
	{"github.com/a-h/templ", []string{"web/..."}},
	{"github.com/hibiken/asynq", []string{"jobs/...", "app/platform/queue/..."}},
	{"github.com/redis/", []string{"app/platform/..."}},
	{"github.com/go-redis/", []string{"app/platform/..."}},
	{"github.com/nats-io/", []string{"app/platform/..."}},
	{"github.com/aws/", []string{"app/platform/..."}},
	{"gorm.io/plugin/dbresolver", []string{"app/platform/db/..."}},
	{"gorm.io/", []string{"app/platform/db/...", "app/*/store.go", "app/*/store_*.go"}},
	{"github.com/jackc/", []string{"app/platform/..."}},
	{"github.com/pressly/goose", []string{"app/platform/db/..."}},
	{"github.com/evanw/esbuild", []string{"web/assets/..."}},
	{"github.com/tus/tusd", []string{"web/...", "app/media/...", "app/platform/..."}},
}

// layer is the part of the house that a package belongs to.
type layer struct {
	kind string // main, app, context, platform, fault, web, jobs, tiers, tool
	// context is the name of the bounded context, for kind context.
	context string
}

// layerOf places a package by its path below the module; "" is package main.
func layerOf(rel string) (layer, error) {
	parts := strings.Split(rel, "/")
	switch {
	case rel == "":
		return layer{kind: "main"}, nil
	case rel == "app":
		return layer{kind: "app"}, nil
	case parts[0] == "app" && (parts[1] == "platform" || parts[1] == "fault"):
		return layer{kind: parts[1]}, nil
	case parts[0] == "app" && ranks[parts[1]] > 0:
		return layer{kind: "context", context: parts[1]}, nil
	case slices.Contains([]string{"web", "jobs", "tiers", "docs"}, parts[0]):
		return layer{kind: parts[0]}, nil
	case slices.Contains([]string{"e2e", "bench", "scripts"}, parts[0]):
		return layer{kind: "tool"}, nil
	}
	return layer{}, fmt.Errorf("%s has no place in the house; a new context needs a rank in arch_imports_test.go", rel)
}

// below says which layers a layer may import, besides itself.
var below = map[string][]string{
	"main":     {"app"},
	"app":      {"web", "jobs", "context", "platform", "fault", "tiers", "docs"},
	"web":      {"context", "platform", "fault", "docs"},
	"jobs":     {"context", "platform", "fault"},
	"context":  {"platform", "fault"},
	"platform": {"fault"},
	"fault":    {},
	"tiers":    {},
	"docs":     {},
	"tool":     {"main", "app", "web", "jobs", "context", "platform", "fault", "tiers", "docs"},
}

// source is what the rules look at in one Go file.
type source struct {
	file    string // below the module's directory
	imports []string
	test    bool
	text    string
}

func (s source) dir() string {
	if d := path.Dir(s.file); d != "." {
		return d
	}
	return ""
}

// importViolations applies the rules of import to files. Tests may import more (dbtest, and what they compare), but they
// keep the fences of the libraries whose names must not spread.
func importViolations(files []source) []string {
	var found []string
	for _, f := range files {
		from, err := layerOf(f.dir())
		if err != nil {
			found = append(found, f.file+": "+err.Error())
			continue
		}
		for _, imported := range f.imports {
			rel, own := strings.CutPrefix(imported, module+"/")
			switch {
			case own || imported == module:
				if !f.test {
					found = append(found, ownViolation(f.file, from, strings.TrimPrefix(rel, module)))
				}
			case !f.test:
				found = append(found, fenceViolation(f.file, imported))
			}
		}
	}
	return slices.DeleteFunc(found, func(v string) bool { return v == "" })
}

func ownViolation(file string, from layer, rel string) string {
	if strings.HasSuffix(rel, "test") && from.kind != "tool" && !strings.HasSuffix(path.Dir(file), "test") {
		return fmt.Sprintf("%s imports %s, which is for tests only", file, rel)
	}
	to, err := layerOf(rel)
	switch {
	case err != nil:
		return file + " imports " + err.Error()
	case from.kind == "context" && to.kind == "context" && from.context != to.context:
		if ranks[to.context] >= ranks[from.context] {
			return fmt.Sprintf("%s: %s must not import %s; declare a small interface, which app supplies", file, from.context, to.context)
		}
	case from.kind != to.kind && !slices.Contains(below[from.kind], to.kind):
		return fmt.Sprintf("%s: %s must not import %s (%s)", file, from.kind, to.kind, rel)
	}
	return ""
}

func fenceViolation(file, imported string) string {
	for _, f := range fences {
		if !strings.HasPrefix(imported, f.library) {
			continue
		}
		if !slices.ContainsFunc(f.inside, func(pattern string) bool { return within(file, pattern) }) {
			return fmt.Sprintf("%s imports %s, which belongs to %s", file, imported, strings.Join(f.inside, ", "))
		}
		return ""
	}
	return ""
}

func within(file, pattern string) bool {
	if dir, ok := strings.CutSuffix(pattern, "..."); ok {
		return strings.HasPrefix(file, dir)
	}
	ok, err := path.Match(pattern, file)
	return err == nil && ok
}
