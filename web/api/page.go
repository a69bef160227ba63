package api

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"vitrine/web/site"
)

// publish.sh is the whole way from a photo to a public work. A test runs it.
//
//go:embed publish.sh
var publishScript string

// guide is the page about the API: the document as people read it.
type guide struct {
	document
	Base    string // of the site, without a stroke at the end
	Script  string
	Groups  []group
	Objects []thing
}

// group is the operations of one tag.
type group struct {
	Name, ID, About string
	Operations      []shown
}

// shown is one operation.
type shown struct {
	operation
	ID, Method, Path string
	Access           string
	Command          string // for curl
	Body             string // name of the object of the request, if it is one
	Answer           string // name of the object of the answer
	Example          string // of the answer
	Answers          []member[string]
}

// thing is one schema with members.
type thing struct {
	Name, ID, About string
	Members         []field
}

// field is one member of an object.
type field struct {
	Name, Kind, About string
	Of                string // the object that it is or holds
	Optional          bool
}

// Page is GET /docs/api.
func (a *API) Page(c *site.Context) error {
	b := a.Base(c, "The API")
	b.Description = "How programs read public works and publish their own: every operation with examples, every object, every error."
	b.Styles = append(b.Styles, "docs.css", "api.css")
	return c.Render(http.StatusOK, guidePage(b, a.guide()))
}

func (a *API) guide() guide {
	g := guide{document: a.document, Base: a.Absolute("")}
	g.Script = strings.Replace(publishScript, "https://vitrine.example", g.Base, 1)
	for _, tag := range a.document.Tags {
		part := group{Name: tag.Name, ID: "part-" + strings.ToLower(strings.ReplaceAll(tag.Name, " ", "-")), About: tag.Description}
		for _, path := range a.document.Paths {
			for _, op := range path.Value {
				if slices.Contains(op.Value.Tags, tag.Name) {
					part.Operations = append(part.Operations, a.document.shown(g.Base, path.Name, op.Name, op.Value))
				}
			}
		}
		g.Groups = append(g.Groups, part)
	}
	for _, s := range a.document.Components.Schemas {
		g.Objects = append(g.Objects, thing{Name: s.Name, ID: anchor(s.Name), About: s.Value.Description, Members: fieldsOf(s.Value)})
	}
	return g
}

func anchor(name string) string {
	return "object-" + strings.ReplaceAll(strings.ToLower(name), " ", "-")
}

func (d document) shown(base, path, method string, op operation) shown {
	s := shown{operation: op, ID: op.OperationID, Method: strings.ToUpper(method), Path: path, Access: access(op.Security)}
	for _, r := range op.Responses {
		about := r.Value
		if name, ok := strings.CutPrefix(about.Ref, "#/components/responses/"); ok {
			about = d.Components.Responses.find(name)
		}
		status := r.Name
		if status == "default" {
			status = "other"
		}
		s.Answers = append(s.Answers, member[string]{status, about.Description})
		if r.Name == "200" || r.Name == "201" {
			answer := about.Content.find("application/json")
			s.Answer, s.Example = answer.Schema.name(), pretty(answer.Example)
		}
	}
	s.Command = command(base, s)
	if op.RequestBody != nil {
		s.Body = op.RequestBody.Content.find("application/json").Schema.name()
	}
	return s
}

// access says in words what the security of an operation asks for.
func access(security []map[string][]string) string {
	var scopes []string
	open := false
	for _, way := range security {
		open = open || len(way) == 0
		scopes = append(scopes, way["token"]...)
	}
	switch {
	case open && len(scopes) == 0:
		return "No token needed."
	case open:
		return "No token needed for public works; " + strings.Join(scopes, " or ") + " for your own."
	}
	return "A token with " + strings.Join(scopes, " or ") + "."
}

// command is an example for a shell.
func command(base string, s shown) string {
	var b strings.Builder
	path, join := s.Path, "?"
	for _, p := range s.Parameters {
		switch {
		case p.In == "path":
			path = strings.Replace(path, "{"+p.Name+"}", "$"+strings.ToUpper(p.Name), 1)
		case p.In == "query" && p.Example != nil:
			path += join + p.Name + "=" + strings.ReplaceAll(text(p.Example), " ", "+")
			join = "&"
		}
	}
	b.WriteString("curl ")
	if s.Method != http.MethodGet && s.RequestBody == nil {
		b.WriteString("-X " + s.Method + " ")
	}
	b.WriteString(`"` + base + path + `"`)
	if !strings.HasPrefix(s.Access, "No") {
		b.WriteString(" \\\n  -H \"Authorization: Bearer $TOKEN\"")
	}
	for _, p := range s.Parameters {
		if p.In == "header" && p.Required {
			b.WriteString(" \\\n  -H \"" + p.Name + ": " + text(p.Example) + `"`)
		}
	}
	if s.RequestBody != nil {
		kind := s.RequestBody.Content[0]
		b.WriteString(" \\\n  -H \"Content-Type: " + kind.Name + `"`)
		if example := pretty(kind.Value.Example); example != "" {
			b.WriteString(" --data '" + example + "'")
		} else {
			b.WriteString(" --data-binary @ridges.jpg")
		}
	}
	return b.String()
}

// text is an example that is a string, or a number as it is written.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

func pretty(raw json.RawMessage) string {
	if raw == nil {
		return ""
	}
	var b bytes.Buffer
	if json.Indent(&b, raw, "", "  ") != nil {
		return ""
	}
	return b.String()
}

// name is that of the object that a schema refers to.
func (s schema) name() string { return strings.TrimPrefix(s.Ref, "#/components/schemas/") }

func fieldsOf(s schema) (out []field) {
	for _, p := range s.Properties {
		f := field{Name: p.Name, About: p.Value.Description, Kind: p.Value.kind(), Of: p.Value.of(), Optional: !slices.Contains(s.Required, p.Name)}
		out = append(out, f)
	}
	return out
}

// of is the object that a value is, or that a list holds.
func (s schema) of() string {
	if s.Ref != "" {
		return s.name()
	}
	if s.Items != nil {
		return s.Items.of()
	}
	for _, one := range s.OneOf {
		if of := one.of(); of != "" {
			return of
		}
	}
	return ""
}

// kind says in words what a value is.
func (s schema) kind() string {
	var words []string
	for _, t := range s.Type {
		words = append(words, t)
	}
	for _, one := range s.OneOf {
		words = append(words, one.kind())
	}
	if s.Ref != "" {
		words = []string{"object"}
	}
	out := strings.Join(words, " or ")
	switch {
	case s.Items != nil:
		out += " of " + s.Items.kind() + "s"
	case s.Format == "date-time":
		out += ", a time"
	case s.Format == "uri":
		out += ", an address"
	}
	if len(s.Enum) > 0 {
		var values []string
		for _, v := range s.Enum {
			if t := text(v); t != "" && t != "null" {
				values = append(values, t)
			}
		}
		out += ": " + strings.Join(values, ", ")
	}
	for _, most := range []struct {
		n    *int
		what string
	}{{s.MaxLength, " characters"}, {s.MaxItems, " entries"}} {
		if most.n != nil {
			out += ", up to " + strconv.Itoa(*most.n) + most.what
		}
	}
	if s.Minimum != nil && s.Maximum != nil {
		out += ", " + strconv.Itoa(*s.Minimum) + " to " + strconv.Itoa(*s.Maximum)
	}
	if s.Default != nil {
		out += "; " + text(s.Default) + " when left out"
	}
	return out
}

// words say what a member is, and whether it may be left out.
func (f field) words() string {
	out := f.Kind
	if f.Optional {
		out += ", optional"
	}
	if f.Of != "" {
		out += ":"
	}
	return out
}

// places are where a parameter stands, in words.
var places = map[string]string{"query": "in the address", "path": "in the path", "header": "a header"}

func (p parameter) words() string {
	out := places[p.In] + ", " + p.Schema.kind()
	if !p.Required {
		out += ", optional"
	}
	return out
}

// kinds are the media types that a body may have.
func (s shown) kinds() string {
	var out []string
	for _, k := range s.RequestBody.Content {
		out = append(out, k.Name)
	}
	return strings.Join(out, ", ")
}
