package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"vitrine/web/site"
)

// maxBody bounds a JSON body, in bytes. The longest work, 10,000 characters of
// story and a hundred descriptions, fits several times.
const maxBody = 1 << 20

// body reads the JSON object of a request. What is no JSON, or is too much of it,
// is refused before anything is looked at.
func body(c *site.Context) (object, error) {
	r := c.Request()
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return object{}, refuse(unsupported, "Send JSON, with “Content-Type: application/json”.")
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && coding != "identity" {
		return object{}, refuse(unsupported, "Send the body as it is, without Content-Encoding.")
	}
	raw, err := io.ReadAll(http.MaxBytesReader(c.Response(), r.Body, maxBody))
	var most *http.MaxBytesError
	switch {
	case errors.As(err, &most):
		return object{}, refuse(tooLarge, "A body may have 1 MB. Pictures are sent on their own, see the operation for media.")
	case err != nil:
		return object{}, refuse(badRequest, "The body broke off on the way.")
	case !json.Valid(raw):
		return object{}, refuse(badRequest, "The body is no JSON, or is nested without end.")
	}
	return open(raw, "")
}

// object is a JSON object whose members are taken one by one. What is wrong with
// any of them is collected, so that a program learns all of it at once.
type object struct {
	at      string // JSON pointer; empty for the whole body
	members map[string]json.RawMessage
	bad     *[]spot
}

func open(raw json.RawMessage, at string) (object, error) {
	o := object{at: at, bad: new([]spot)}
	err := o.read(raw)
	return o, err
}

// read takes an object apart. Names are compared letter by letter, and one that
// comes twice is refused: which of the two was meant, nobody knows.
func (o *object) read(raw json.RawMessage) error {
	o.members = map[string]json.RawMessage{}
	d := json.NewDecoder(bytes.NewReader(raw))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return spotted(spot{Pointer: o.at, Detail: "A JSON object in braces belongs here."})
	}
	for d.More() {
		token, err := d.Token()
		name, isName := token.(string)
		if err != nil || !isName {
			return refuse(badRequest, "The body is no JSON.")
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return refuse(badRequest, "The body is no JSON.")
		}
		if _, twice := o.members[name]; twice {
			o.say(name, "This member is given twice.")
		}
		o.members[name] = value
	}
	return nil
}

func (o object) say(name, sentence string) {
	*o.bad = append(*o.bad, spot{Pointer: o.at + "/" + escape(name), Detail: sentence})
}

// escape writes a name in a JSON pointer. A long one is cut: it comes back to
// whoever sent it, and need not come whole.
func escape(name string) string {
	if len(name) > 100 {
		name = strings.ToValidUTF8(name[:100], "") + "…"
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

// known refuses members that nobody asks for: a misspelt name would otherwise
// be lost without a word.
func (o object) known(names ...string) {
	var unknown []string
	for name := range o.members {
		if !slices.Contains(names, name) {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	for _, name := range unknown {
		o.say(name, "There is no such member. Those that there are: "+strings.Join(names, ", ")+".")
	}
}

// take reads one member into a variable, which keeps its value when the member
// is not given. What says which kind of value belongs there.
func take[T any](o object, name, what string, into *T) {
	raw, given := o.members[name]
	if !given {
		return
	}
	value := *into
	if string(raw) == "null" || json.Unmarshal(raw, &value) != nil {
		o.say(name, what+" belongs here.")
		return
	}
	*into = value
}

// nullable lets null say that there is no value.
func (o object) nullable(names ...string) {
	for _, name := range names {
		if string(o.members[name]) == "null" {
			delete(o.members, name)
		}
	}
}

const (
	aText   = "A text in double quotes"
	aNumber = "A whole number"
	aFlag   = "true or false"
	aList   = "A list in brackets"
	texts   = "A list of texts"
)

// list opens a member that is a list of objects.
func (o object) list(name string, most int) (out []object) {
	var raws []json.RawMessage
	take(o, name, aList, &raws)
	if len(raws) > most {
		o.say(name, "There are "+strconv.Itoa(len(raws))+" entries; "+strconv.Itoa(most)+" fit.")
		return nil
	}
	for i, raw := range raws {
		inner := object{at: o.at + "/" + name + "/" + strconv.Itoa(i), bad: o.bad}
		if err := inner.read(raw); err != nil {
			o.say(name, "Each entry is a JSON object in braces.")
			return nil
		}
		out = append(out, inner)
	}
	return out
}

// fault is what was collected, nil when all is well.
func (o object) fault() error {
	if len(*o.bad) == 0 {
		return nil
	}
	return spotted(*o.bad...)
}

// sortSpots puts them in one order, whatever map they came from.
func sortSpots(spots []spot) {
	slices.SortFunc(spots, func(x, y spot) int { return strings.Compare(x.Pointer, y.Pointer) })
}
