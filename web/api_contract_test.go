package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// contract is openapi.json as a judge of answers. Objects in answers may have no
// member that it does not describe: programs may pass over what they do not
// know, but whoever adds a member writes it down.
type contract struct {
	document map[string]any
	compiler *jsonschema.Compiler

	mu   sync.Mutex
	seen map[string]bool // "get /api/v1/works 200"
}

const contractFile = "api/openapi.json"

func newContract(t *testing.T) *contract {
	t.Helper()
	raw, err := os.ReadFile(contractFile)
	must(t, err)
	k := &contract{compiler: jsonschema.NewCompiler(), seen: map[string]bool{}}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	must(t, err)
	var ok bool
	if k.document, ok = doc.(map[string]any); !ok {
		t.Fatalf("the document is %T", doc)
	}
	for _, s := range k.at(t, "components", "schemas").(map[string]any) {
		if s, _ := s.(map[string]any); s["type"] == "object" && s["additionalProperties"] == nil {
			s["additionalProperties"] = false
		}
	}
	k.compiler.DefaultDraft(jsonschema.Draft2020)
	k.compiler.AssertFormat()
	must(t, k.compiler.AddResource("openapi.json", doc))
	return k
}

// at finds a part of the document.
func (k *contract) at(t *testing.T, path ...string) any {
	t.Helper()
	var v any = k.document
	for _, name := range path {
		m, ok := v.(map[string]any)
		if !ok || m[name] == nil {
			t.Fatalf("the document has no %s", strings.Join(path, " "))
		}
		v = m[name]
	}
	return v
}

// follow gives what a $ref leads to, and its place.
func (k *contract) follow(t *testing.T, place []string) ([]string, map[string]any) {
	t.Helper()
	v, _ := k.at(t, place...).(map[string]any)
	if ref, ok := v["$ref"].(string); ok {
		return k.follow(t, strings.Split(strings.TrimPrefix(ref, "#/"), "/"))
	}
	return place, v
}

func pointer(place []string) string {
	out := "openapi.json#"
	for _, name := range place {
		out += "/" + url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(name))
	}
	return out
}

// conforms checks a JSON value against the schema at a place.
func (k *contract) conforms(t *testing.T, where string, place []string, body string) {
	t.Helper()
	s, err := k.compiler.Compile(pointer(place))
	if err != nil {
		t.Errorf("%s: the schema at %v: %v", where, place, err)
		return
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
	if err != nil {
		t.Errorf("%s: no JSON: %v\n%.300s", where, err, body)
		return
	}
	if err := s.Validate(v); err != nil {
		t.Errorf("%s: %v\n%.600s", where, err, body)
	}
}

// operation finds the path of the document that an address is one of.
func (k *contract) operation(t *testing.T, method, path string) (template string, known bool) {
	t.Helper()
	for template, item := range k.at(t, "paths").(map[string]any) {
		pattern := "^" + regexp.MustCompile(`\\\{[a-z]+\\\}`).ReplaceAllString(regexp.QuoteMeta(template), "[^/]+") + "$"
		if _, ok := item.(map[string]any)[method]; ok && regexp.MustCompile(pattern).MatchString(path) {
			return template, true
		}
	}
	return "", false
}

// judge checks one answer: its status stands in the document, its headers are
// there, its body is of the kind and form that is promised.
func (k *contract) judge(t *testing.T, method, path string, a reply) {
	t.Helper()
	where := fmt.Sprintf("%s %.100s: %d", method, path, a.status)
	method = strings.ToLower(method)
	if method == "head" {
		method = "get"
	}
	template, known := k.operation(t, method, path)
	if !known { // below the API, and no operation: a problem all the same
		if a.status < 400 {
			t.Errorf("%s: no operation of the document answers so", where)
		}
		k.conforms(t, where, []string{"components", "schemas", "Problem"}, a.body)
		return
	}
	responses := k.at(t, "paths", template, method, "responses").(map[string]any)
	status := fmt.Sprint(a.status)
	if responses[status] == nil {
		status = "default"
		if a.status < 400 || responses[status] == nil {
			t.Errorf("%s: the document does not know this status", where)
			return
		}
	}
	k.mu.Lock()
	k.seen[method+" "+template+" "+status] = true
	k.mu.Unlock()
	place, response := k.follow(t, []string{"paths", template, method, "responses", status})
	for name, h := range asMap(response["headers"]) {
		h := asMap(h)
		value := a.header.Get(name)
		if value == "" {
			if h["required"] == true {
				t.Errorf("%s: no header %s", where, name)
			}
			continue
		}
		quoted, err := json.Marshal(value)
		must(t, err)
		k.conforms(t, where+" "+name, append(append([]string{}, place...), "headers", name, "schema"), string(quoted))
	}
	k.judgeBody(t, where, place, response, a)
}

func (k *contract) judgeBody(t *testing.T, where string, place []string, response map[string]any, a reply) {
	t.Helper()
	promised := asMap(response["content"])
	if len(promised) == 0 || a.bodiless {
		if a.body != "" {
			t.Errorf("%s: a body: %.100s", where, a.body)
		}
		return
	}
	kind := a.header.Get("Content-Type")
	if promised[kind] == nil {
		t.Errorf("%s: the body is %q", where, kind)
		return
	}
	k.conforms(t, where, append(append([]string{}, place...), "content", kind, "schema"), a.body)
}

func asMap(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// reply is one answer of the API.
type reply struct {
	status   int
	header   http.Header
	body     string
	bodiless bool // it was asked for by HEAD
}

// into reads the body.
func (a reply) into(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), v); err != nil {
		t.Fatalf("%v in %.300s", err, a.body)
	}
}

// request is what a program sends.
type request struct {
	method, path string
	token        string
	body         string
	header       []string // names and values
	length       int64    // that the body claims to have
}

// send asks the handler, and has the answer judged.
func (k *contract) send(t *testing.T, h http.Handler, q request) reply {
	t.Helper()
	if q.method == "" {
		q.method = http.MethodGet
	}
	var body io.Reader
	if q.body != "" {
		body = strings.NewReader(q.body)
	}
	r := httptest.NewRequestWithContext(t.Context(), q.method, "http://vitrine.test/", body)
	r.RequestURI = q.path
	u, err := url.ParseRequestURI(q.path)
	if err != nil {
		t.Fatalf("%.80q is no address: %v", q.path, err)
	}
	r.URL = u
	if q.token != "" {
		r.Header.Set("Authorization", "Bearer "+q.token)
	}
	for i := 0; i+1 < len(q.header); i += 2 {
		r.Header.Add(q.header[i], q.header[i+1])
	}
	if q.length > 0 {
		r.ContentLength = q.length
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	a := reply{status: w.Code, header: w.Header(), body: w.Body.String(), bodiless: q.method == http.MethodHead}
	if a.bodiless {
		a.body = ""
	}
	if q.method != http.MethodOptions {
		k.judge(t, q.method, u.Path, a)
	}
	if strings.Contains(a.body, "{0x") || strings.Contains(a.body, "SQLSTATE") {
		t.Errorf("%s %s says too much: %s", q.method, q.path, a.body)
	}
	return a
}

// TestAPI_document: the document stands by itself. Every reference leads
// somewhere, every schema is one, every example is one of its own kind.
func TestAPI_document(t *testing.T) {
	t.Parallel()
	k := newContract(t)
	var walk func(place []string, v any)
	walk = func(place []string, v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				k.at(t, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
			}
			if v["schema"] != nil {
				if _, err := k.compiler.Compile(pointer(append(append([]string{}, place...), "schema"))); err != nil {
					t.Errorf("%v: %v", place, err)
				}
				if v["example"] != nil {
					raw, err := json.Marshal(v["example"])
					must(t, err)
					k.conforms(t, "the example at "+strings.Join(place, " "), append(append([]string{}, place...), "schema"), string(raw))
				}
			}
			for name, inner := range v {
				walk(append(append([]string{}, place...), name), inner)
			}
		case []any:
			for i, inner := range v {
				if m := asMap(inner); m["schema"] == nil { // places in lists have no pointer here
					walk(append(append([]string{}, place...), fmt.Sprint(i)), inner)
				}
			}
		}
	}
	for _, part := range []string{"paths", "components"} {
		walk([]string{part}, k.document[part])
	}
	ids := map[string]bool{}
	for path, item := range asMap(k.document["paths"]) {
		for method, op := range asMap(item) {
			op := asMap(op)
			id, _ := op["operationId"].(string)
			if id == "" || ids[id] || op["summary"] == "" || op["description"] == "" || op["security"] == nil || asMap(op["responses"])["default"] == nil {
				t.Errorf("%s %s lacks something, or has another's name", method, path)
			}
			ids[id] = true
		}
	}
}

// TestAPI_routes: what stands in the route table stands in the document, and the
// other way round.
func TestAPI_routes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	k := newContract(t)
	methods := map[string][]string{}
	for _, r := range s.server.Routes() {
		if strings.HasPrefix(r.Path, "/api") && !strings.HasPrefix(r.Method, "echo_") {
			path := regexp.MustCompile(`:([a-z]+)`).ReplaceAllString(r.Path, "{$1}")
			methods[path] = append(methods[path], strings.ToLower(r.Method))
		}
	}
	paths := asMap(k.document["paths"])
	for path, have := range methods {
		for _, m := range have {
			op := m
			if m == "head" {
				op = "get"
			}
			if m != "options" && asMap(paths[path])[op] == nil {
				t.Errorf("%s %s is not in the document", m, path)
			}
		}
	}
	for path, item := range paths {
		want := []string{"options"}
		for m := range asMap(item) {
			want = append(want, m)
			if m == "get" {
				want = append(want, "head")
			}
		}
		for _, m := range want {
			if !strings.Contains(" "+strings.Join(methods[path], " ")+" ", " "+m+" ") {
				t.Errorf("%s %s is in the document and nowhere else", m, path)
			}
		}
	}
}
