package web_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"log/slog"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
)

// body is what the source of a function says of reading and writing.
type body struct {
	reads, writes bool
	calls         []string // of its own package, or Service.Name of another's
	texts         []string // string literals
	takesReader   bool
}

// bodies reads the functions of all contexts: by package and name.
func bodies(t *testing.T) map[string]*body {
	t.Helper()
	dirs, err := os.ReadDir("../app")
	must(t, err)
	out := map[string]*body{}
	for _, d := range dirs {
		if !d.IsDir() || d.Name() == "platform" || d.Name() == "fault" {
			continue
		}
		for _, file := range sources(t, path.Join("app", d.Name())) {
			for _, decl := range file.Decls {
				if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body != nil {
					out[d.Name()+"."+fn.Name.Name] = bodyOf(d.Name(), fn)
				}
			}
		}
	}
	return out
}

func bodyOf(pkg string, fn *ast.FuncDecl) *body {
	b, receiver := &body{}, ""
	if fn.Recv != nil && len(fn.Recv.List[0].Names) == 1 {
		receiver = fn.Recv.List[0].Names[0].Name
	}
	for _, p := range fn.Type.Params.List {
		if sel, ok := p.Type.(*ast.SelectorExpr); ok {
			switch sel.Sel.Name {
			case "Reader":
				b.takesReader, b.reads = true, true
			case "Tx":
				b.writes = true
			}
		}
	}
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if n.Kind == token.STRING {
				b.texts = append(b.texts, strings.Trim(n.Value, "`\""))
			}
		case *ast.CallExpr:
			switch f := n.Fun.(type) {
			case *ast.Ident:
				if types.Universe.Lookup(f.Name) == nil { // no builtin
					b.calls = append(b.calls, pkg+"."+f.Name)
				}
			case *ast.SelectorExpr:
				b.note(pkg, receiver, f)
			}
		}
		return true
	})
	return b
}

func (b *body) note(pkg, receiver string, f *ast.SelectorExpr) {
	switch f.Sel.Name {
	case "Transact", "Tenant", "Member":
		b.writes = true
	case "Read", "TenantRead", "MemberRead":
		b.reads = true
	default:
		switch on := f.X.(type) {
		case *ast.Ident: // otherwise of a package, or of a value
			if on.Name == receiver {
				b.calls = append(b.calls, pkg+"."+f.Sel.Name)
			}
		case *ast.SelectorExpr: // of another context
			b.calls = append(b.calls, "*."+f.Sel.Name)
		}
	}
}

// does follows the calls of a function and tells what they do in all.
func does(all map[string]*body, name string, met map[string]bool) (reads, writes bool) {
	if met[name] {
		return false, false
	}
	met[name] = true
	var found []*body
	if other, method, _ := strings.Cut(name, "."); other == "*" {
		for full, b := range all {
			if strings.HasSuffix(full, "."+method) && ast.IsExported(method) {
				found = append(found, b)
			}
		}
	} else if b := all[name]; b != nil {
		found = append(found, b)
	}
	for _, b := range found {
		reads, writes = reads || b.reads, writes || b.writes
		for _, call := range b.calls {
			r, w := does(all, call, met)
			reads, writes = reads || r, writes || w
		}
	}
	return reads, writes
}

var writing = regexp.MustCompile(`(?is)\b(insert\s+into|update\s+[a-z_]+\s+set|delete\s+from|for\s+(no\s+key\s+)?update|for\s+share|pg_advisory_xact_lock|nextval)\b`)

// TestReaders_cannotWrite runs the whole read side where nothing can be written:
// every exported function that reads and opens no transaction for writing works
// on a connection that refuses writes. And no function that takes a Reader holds
// a statement that writes.
func TestReaders_cannotWrite(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	all := bodies(t)
	takers := 0
	for name, b := range all {
		if !b.takesReader {
			continue
		}
		takers++
		for _, text := range b.texts {
			if found := writing.FindString(text); found != "" && !b.writes {
				t.Errorf("%s takes a Reader and says %q", name, found)
			}
		}
	}
	if takers < 20 {
		t.Errorf("only %d functions take a Reader", takers)
	}
	handle := opened(t, db.Config{URL: h.AppURL + "&default_transaction_read_only=on"})
	if _, err := handle.Pool().ExecContext(t.Context(), "update studios set name = name"); err == nil || !strings.Contains(err.Error(), "25006") {
		t.Fatalf("the connection writes: %v", err)
	}
	h.App, h.Services = handle, h.services(t, handle, bus.NewOutbox(), slog.New(slog.DiscardHandler))
	h.Mails = nil
	owner := h.userOf(t, "owner@harbour.example")
	var worked, refused []string
	for _, u := range h.uses(t) {
		if reads, writes := does(all, u.name, map[string]bool{}); !reads || writes {
			continue
		}
		c := crossing{h: h, user: owner, studio: h.studio, claims: h.studio, work: h.hung}
		_, err := c.call(u)
		switch {
		case err == nil:
			worked = append(worked, u.name)
		case strings.Contains(err.Error(), "25006") || strings.Contains(err.Error(), "read-only"):
			t.Errorf("%s reads, and wanted to write: %v", u.name, err)
		default:
			refused = append(refused, u.name+": "+err.Error())
		}
	}
	slices.Sort(worked)
	t.Logf("%d work: %v\n%d refuse what they were asked: %s", len(worked), worked, len(refused), strings.Join(refused, "\n"))
	if len(worked) < 25 {
		t.Error("that is not the whole read side")
	}
}
