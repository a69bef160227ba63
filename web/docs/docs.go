// Package docs shows how Vitrine was decided and how its pages are made: the
// records of docs/adr as pages, and the switch of the glass box.
package docs

import (
	"net/http"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"vitrine/app/fault"
	texts "vitrine/docs"
	"vitrine/web/glass"
	"vitrine/web/page"
	"vitrine/web/site"
)

// Pages are the handlers.
type Pages struct {
	*site.Site
	path    templ.Component // through all records
	records map[string]shown
}

// shown is one decision as a page.
type shown struct {
	texts.Decision
	Body     templ.Component
	Here     []glass.Switch // what its switches are set to
	Previous *texts.Decision
	Next     *texts.Decision
}

// rendered is the reading path and every record. They are derived from constants,
// so they are made once and never change.
var rendered = sync.OnceValues(func() (p Pages, err error) {
	path, err := texts.ReadingPath()
	if err != nil {
		return p, err
	}
	if p.path, err = render(path); err != nil {
		return p, err
	}
	all, err := texts.Decisions()
	if err != nil {
		return p, err
	}
	p.records = make(map[string]shown, len(all))
	for i, d := range all {
		r := shown{Decision: d}
		if r.Body, err = render(body(d.Markdown)); err != nil {
			return p, err
		}
		if i > 0 {
			r.Previous = &all[i-1]
		}
		if i+1 < len(all) {
			r.Next = &all[i+1]
		}
		p.records[d.Name] = r
	}
	return p, nil
})

// New has every record read and rendered; switches are those of this
// installation. A text that cannot be rendered is an error.
func New(on *site.Site, switches []glass.Switch) (*Pages, error) {
	all, err := rendered()
	if err != nil {
		return nil, err
	}
	p := &Pages{Site: on, path: all.path, records: make(map[string]shown, len(all.records))}
	for name, r := range all.records {
		r.Here = here(r.Decision, switches)
		p.records[name] = r
	}
	return p, nil
}

// body is the text below title and status, which the page shows by itself.
func body(markdown string) string {
	_, below, _ := strings.Cut(markdown, "\n## ")
	return "## " + below
}

func here(d texts.Decision, switches []glass.Switch) (out []glass.Switch) {
	for _, name := range d.Switches {
		for _, sw := range switches {
			if sw.Name == name {
				out = append(out, sw)
			}
		}
	}
	return out
}

// Index is GET /docs/adr: the reading path.
func (p *Pages) Index(c *site.Context) error {
	b := p.base(c, "Decisions")
	b.Description = "Why each part of Vitrine is there, what it costs and when it is to be reconsidered: one page for each decision."
	return c.Render(http.StatusOK, indexPage(b, p.path))
}

// Show is GET /docs/adr/{name}: one record.
func (p *Pages) Show(c *site.Context) error {
	r, found := p.records[c.Param("name")]
	if !found {
		return fault.New(fault.NotFound, "There is no such decision. The reading path lists all of them.")
	}
	b := p.base(c, r.Title)
	b.Description = r.Title + ": context, decision, alternatives, consequences, evidence, and when to revisit it."
	return c.Render(http.StatusOK, recordPage(b, r))
}

func (p *Pages) base(c *site.Context, title string) page.Base {
	b := p.Base(c, title)
	b.Styles = append(b.Styles, "docs.css")
	return b
}
