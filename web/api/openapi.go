package api

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// openapi.json is written by hand: what this API promises. It is what programs
// read, what the page /docs/api is made of, and what the tests hold answers to.
//
//go:embed openapi.json
var openapi []byte

// document is as much of it as the page needs.
type document struct {
	raw json.RawMessage

	Info struct {
		Title, Version, Summary, Description string
	}
	Tags  []struct{ Name, Description string }
	Paths ordered[ordered[operation]]

	Components struct {
		Schemas   ordered[schema]
		Responses ordered[response]
	}
}

type operation struct {
	Tags                              []string
	OperationID, Summary, Description string
	Security                          []map[string][]string
	Parameters                        []parameter
	RequestBody                       *struct {
		Description string
		Content     ordered[content]
	}
	Responses ordered[response]
}

type parameter struct {
	Name, In, Description string
	Required              bool
	Schema                schema
	Example               json.RawMessage
}

type response struct {
	Ref         string `json:"$ref"`
	Description string
	Content     ordered[content]
}

type content struct {
	Schema  schema
	Example json.RawMessage
}

type schema struct {
	Ref                 string `json:"$ref"`
	Type                names
	Format, Description string
	Enum                []json.RawMessage
	Default             json.RawMessage
	Minimum, Maximum    *int
	MaxLength, MaxItems *int
	Items               *schema
	OneOf               []schema
	Properties          ordered[schema]
	Required            []string
}

// member is one entry of an object.
type member[T any] struct {
	Name  string
	Value T
}

// ordered is an object whose members keep their order, as a page shows them.
type ordered[T any] []member[T]

// UnmarshalJSON reads the members one by one.
func (o *ordered[T]) UnmarshalJSON(raw []byte) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		token, err := d.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return fmt.Errorf("a member has no name: %w", err)
		}
		m := member[T]{Name: name}
		if err := d.Decode(&m.Value); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		*o = append(*o, m)
	}
	return nil
}

func (o ordered[T]) find(name string) (value T) {
	for _, m := range o {
		if m.Name == name {
			return m.Value
		}
	}
	return value
}

// names is one name or several.
type names []string

// UnmarshalJSON reads either.
func (n *names) UnmarshalJSON(raw []byte) error {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		*n = names{one}
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(n))
}

// readDocument reads it once for a process: it is derived from a constant, and
// nobody changes what was read.
var readDocument = sync.OnceValues(func() (d document, err error) {
	if err := json.Unmarshal(openapi, &d); err != nil {
		return d, fmt.Errorf("openapi.json cannot be read: %w", err)
	}
	var small bytes.Buffer
	if err := json.Compact(&small, openapi); err != nil {
		return d, err
	}
	d.raw = small.Bytes()
	return d, nil
})

// methods are those that a route answers, for the header Allow.
func (d document) methods(route string) string {
	path := strings.ReplaceAll(route, ":id", "{id}")
	allow := []string{}
	for _, op := range d.Paths.find(path) {
		if op.Name == "get" {
			allow = append(allow, "GET", "HEAD")
		} else {
			allow = append(allow, strings.ToUpper(op.Name))
		}
	}
	return strings.Join(append(allow, "OPTIONS"), ", ")
}
