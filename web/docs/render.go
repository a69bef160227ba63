package docs

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"strings"

	"github.com/a-h/templ"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// root is where the decisions are read.
const root = "/docs/adr"

// markdown makes HTML of our own texts. Raw HTML in them is left out, and tables
// are aligned by attributes: the policy allows no inline style.
var markdown = goldmark.New(
	goldmark.WithExtensions(extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute))),
	goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(links{}, 100))),
)

// render makes a part of a page out of a text.
func render(source string) (templ.Component, error) {
	var out bytes.Buffer
	if err := markdown.Convert([]byte(source), &out); err != nil {
		return nil, err
	}
	html := wide.Replace(out.String())
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, html)
		return err
	}), nil
}

// wide lets a table that is too wide for a narrow window be scrolled by itself,
// with the keyboard as well.
var wide = strings.NewReplacer(
	"<table>", `<div class="scroll" role="group" aria-label="Table" tabindex="0"><table>`,
	"</table>", "</table></div>",
)

// links leads from one record to another within this site. What lies elsewhere
// in the repository, such as a measurement, is named and not linked: a running
// product does not know where its source is published.
type links struct{}

// Transform implements parser.ASTTransformer.
func (links) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	var inner []*ast.Link
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if l, ok := n.(*ast.Link); ok && entering {
			inner = append(inner, l)
		}
		return ast.WalkContinue, nil
	})
	for _, l := range inner {
		target := string(l.Destination)
		switch {
		case record.MatchString(target):
			l.Destination = []byte(root + "/" + strings.TrimSuffix(target, ".md"))
		case target == "README.md":
			l.Destination = []byte(root)
		case !strings.HasPrefix(target, "https://") && !strings.HasPrefix(target, "/"):
			for c := l.FirstChild(); c != nil; c = l.FirstChild() {
				l.Parent().InsertBefore(l.Parent(), l, c)
			}
			l.Parent().RemoveChild(l.Parent(), l)
		}
	}
}

var record = regexp.MustCompile(`^[0-9]{4}-[a-z0-9-]+\.md$`)
