package e2e

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"
)

// The sizes from which a file, a function and a package are to be split by use case.
const (
	fileLines     = 400
	functionLines = 60
	packageLines  = 3000
)

// sizeViolations applies the sizes to Go files that people write and that are no tests.
func sizeViolations(files []source) []string {
	var found []string
	packages := map[string]int{}
	for _, f := range files {
		if f.test {
			continue
		}
		lines := strings.Count(f.text, "\n")
		packages[f.dir()] += lines
		if lines >= fileLines {
			found = append(found, fmt.Sprintf("%s has %d lines; split it by use case before %d", f.file, lines, fileLines))
		}
		found = append(found, functionViolations(f)...)
	}
	for dir, lines := range packages {
		if lines >= packageLines {
			found = append(found, fmt.Sprintf("package %s has %d lines; split it before %d", dir, lines, packageLines))
		}
	}
	slices.Sort(found)
	return found
}

func functionViolations(f source) []string {
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, f.file, f.text, parser.SkipObjectResolution)
	if err != nil {
		return []string{err.Error()}
	}
	var found []string
	for _, d := range tree.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if lines := set.Position(fn.End()).Line - set.Position(fn.Pos()).Line + 1; lines >= functionLines {
			found = append(found, fmt.Sprintf("%s: %s has %d lines; split it before %d", f.file, fn.Name.Name, lines, functionLines))
		}
	}
	return found
}

// word is a pattern that must not appear in the files that it is about.
type word struct {
	pattern *regexp.Regexp
	files   []string // endings of file names
	why     string
	tests   bool     // whether it counts in tests too
	except  []string // patterns of within
}

// Some patterns are written so that they do not match themselves.
var words = []word{
	{regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`), nil, "finish it, or say why it is so", true, nil},
	{regexp.MustCompile(`(?i)//.*\bfor n` + `ow\b`), []string{".go"}, "finish it, or say why it is so", true, nil},
	{regexp.MustCompile(`\.AutoM` + `igrate\(`), []string{".go"}, "the schema has migrations", true, nil},
	{regexp.MustCompile(`^func \([^)]*\) (Before|After)(Save|Create|Update|Delete|Find)\(`), []string{".go"}, "no hooks of the ORM", false, nil},
	{regexp.MustCompile(`\.Preload\(`), []string{".go"}, "batch by ids instead", false, nil},
	{regexp.MustCompile(`(?i)\.Offset\(|['"\x60 ]offset (\?|\$\d|@\w)`), []string{".go"}, "lists page by keyset", false, nil},
	{regexp.MustCompile(`\btime\.Sl` + `eep\(`), []string{".go"}, "wait for a condition with a deadline", true, nil},
	{regexp.MustCompile(`\.Skip(Now)?\(\)`), []string{"_test.go"}, "say in a sentence why it is skipped", true, nil},
	{regexp.MustCompile(`\bmap\[string\](any|interface\{\})`), []string{".go"}, "give it a type", false, []string{"app/*/store.go", "app/*/store_*.go"}},
	{regexp.MustCompile(`^func init\(`), []string{".go"}, "wiring belongs to app", true, nil},
	{regexp.MustCompile(`^func (\([^)]*\) )?Get[A-Z]`), []string{".go"}, "name it after what it gives", false, foreignNames},
	{regexp.MustCompile(`^type I[A-Z][a-z]\w* interface`), []string{".go"}, "an interface is named after what it does", false, nil},
	{regexp.MustCompile(`(?i)\bstyle\s*=\s*["'{]`), []string{".templ"}, "the CSP allows no inline style; use a class", false, nil},
	{regexp.MustCompile(`(?i)\son(click|change|input|submit|load|error|key\w+|focus|blur|mouse\w+)\s*=`), []string{".templ"}, "the CSP allows no inline script", false, nil},
	{regexp.MustCompile(`(?i)hx-on|javascript:`), []string{".templ"}, "the CSP allows no inline script", false, nil},
	{regexp.MustCompile(`(?i)<style|<script(>|\s+type="text/javascript">)`), []string{".templ"}, "styles and scripts are files of our own origin", false, nil},
	{regexp.MustCompile(`\bhttp\.((Get|Post|PostForm|Head)\(|(Client|Transport)\{|Default(Client|Transport)\b)|\bnet\.(Dial\w*\(|Dialer\b)|\btls\.Dial|\bsmtp\.`), []string{".go"},
		"only named packages connect to others, to addresses of the configuration: what people type is never fetched", false, outgoing},
	{regexp.MustCompile(`templ\.Raw\(|@templ\.JSONScript|templ\.ComponentScript`), []string{".go", ".templ"}, "escape it", false, nil},
}

// outgoing are the packages that may connect to another machine. Each connects to an address that the configuration names.
var outgoing = []string{
	"app/platform/db/...", "app/platform/pgserver/...", "app/platform/mail/...", "app/platform/telemetry/...", "app/platform/errlog/...", "app/platform/cdn/...", "app/platform/blob/...", "app/platform/s3test/...",
	"bench/...", "e2e/...",
}

// foreignNames are files whose methods implement interfaces of libraries that use the prefix.
var foreignNames = []string{"app/media/tus*.go", "app/platform/db/bounded.go"}

// badNames are packages named after a layer or after nothing.
var badNames = []string{"utils", "util", "helpers", "helper", "common", "impl", "misc", "shared", "models", "repositories"}

// wordViolations looks for what must not be written, in files of any kind.
func wordViolations(files []source) []string {
	var found []string
	for _, f := range files {
		if slices.Contains(badNames, path.Base(f.dir())) {
			found = append(found, fmt.Sprintf("%s: %q is no name for a package", f.file, path.Base(f.dir())))
		}
		for number, line := range strings.Split(f.text, "\n") {
			for _, w := range words {
				if w.about(f) && w.pattern.MatchString(line) {
					found = append(found, fmt.Sprintf("%s:%d: %q; %s", f.file, number+1, w.pattern.FindString(line), w.why))
				}
			}
		}
		if strings.HasSuffix(f.file, ".go") && !f.test {
			found = append(found, panicViolations(f)...)
		}
	}
	return found
}

func (w word) about(f source) bool {
	if f.test && !w.tests {
		return false
	}
	if len(w.files) > 0 && !slices.ContainsFunc(w.files, func(end string) bool { return strings.HasSuffix(f.file, end) }) {
		return false
	}
	return !slices.ContainsFunc(w.except, func(pattern string) bool { return within(f.file, pattern) })
}

// panicViolations finds calls of panic, except where a function passes on one that it recovered.
func panicViolations(f source) []string {
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, f.file, f.text, parser.SkipObjectResolution)
	if err != nil {
		return []string{err.Error()}
	}
	var found []string
	for _, d := range tree.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		panics, recovers := calls(fn, "panic"), calls(fn, "recover")
		if len(recovers) > 0 {
			continue
		}
		for _, at := range panics {
			found = append(found, fmt.Sprintf("%s:%d: return an error instead of a panic", f.file, set.Position(at).Line))
		}
	}
	return found
}

func calls(in ast.Node, name string) []token.Pos {
	var at []token.Pos
	ast.Inspect(in, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if fn, ok := call.Fun.(*ast.Ident); ok && fn.Name == name {
				at = append(at, call.Pos())
			}
		}
		return true
	})
	return at
}
