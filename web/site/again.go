package site

import (
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/web/compose"
	"vitrine/web/views"
	"vitrine/web/wire"
)

// maxAgain is how much of a form's body is read to give its words back. Files
// lie between the words, so a form with a film goes without.
const maxAgain = 64 << 20

// again gives back what a person typed into a form that could not be carried
// out, so that the error page sends it once more as it stands: with the same
// idempotency key, and without passwords, which no page repeats. It is nil
// where sending again would not help, and when the form cannot be had whole: one
// that came back with a field missing would empty that field.
func (c *Context) again(kind fault.Kind) *views.Resend {
	r := c.Request()
	hopeful := kind == fault.Unavailable || kind == fault.Internal || kind == fault.TooMany || kind == fault.Unauthenticated
	tooLong := c.turnedAway && (r.ContentLength < 0 || r.ContentLength > maxKept)
	if r.Method != http.MethodPost || !hopeful || tooLong || c.site.conf.Streams(r.URL.Path) {
		return nil
	}
	values, files, err := c.sentForm()
	if err != nil || len(values) == 0 {
		return nil
	}
	a := &views.Resend{Action: r.URL.RequestURI(), Files: files}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if strings.Contains(name, "password") {
			continue
		}
		for _, v := range values[name] {
			a.Fields = append(a.Fields, views.ResendField{Name: name, Value: v})
		}
	}
	return a
}

// sentForm is the whole form: as the handler read it, or from the body if
// nobody has touched that yet.
func (c *Context) sentForm() (values url.Values, files bool, err error) {
	if c.form != nil {
		return c.form, false, nil
	}
	r := c.Request()
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" || r.MultipartForm != nil {
		err = c.ParseForm()
		return cleaned(r.PostForm), false, err
	}
	r.Body = http.MaxBytesReader(c.Response(), r.Body, maxAgain)
	f, _, err := compose.Read(c.Response(), r, func(compose.File) (uuid.UUID, string, error) {
		files = true
		return uuid.Nil, "", nil
	})
	return f.Values, files, err
}

func cleaned(values url.Values) url.Values {
	out := make(url.Values, len(values))
	for name, list := range values {
		for _, v := range list {
			out.Add(wire.Clean(name), wire.Clean(v))
		}
	}
	return out
}
