package wire

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"

	"vitrine/web/assets"
)

// Held is an answer that was made and has not left.
type Held struct {
	Status int
	Header http.Header // what its handler has set
	Body   []byte      // of a redirect there is none
}

// errPast says that a handler answered by other means than Render, Bytes or a
// redirect.
var errPast = errors.New("an answer that was to be held has left")

// Hold runs a handler and gives what it answers by Render, Bytes or a redirect.
// Nothing of it leaves, and its headers are taken back.
func (x *Exchange) Hold(handle func() error) (Held, error) {
	header := x.echo.Response().Header()
	before := header.Clone()
	held := &Held{Header: http.Header{}}
	x.held = held
	defer func() { x.held = nil }() // also when the handler panics: then an apology leaves
	err := handle()
	for name, values := range header {
		if !slices.Equal(values, before[name]) {
			held.Header[name] = slices.Clone(values)
		}
	}
	clear(header)
	maps.Copy(header, before)
	if err == nil && held.Status == 0 {
		err = errPast
	}
	return *held, err
}

// moves tells whether the answer leads elsewhere.
func (h Held) moves() bool { return h.Status >= 300 && h.Status < 400 }

// redirect answers with another address.
func (x *Exchange) redirect(status int, url string) error {
	if x.held != nil {
		x.Header("Location", url)
		x.held.Status = status
		return nil
	}
	return x.echo.Redirect(status, url)
}

// Pack makes an answer one text: a line of status and headers, and the body as
// gzip.
func (h Held) Pack() ([]byte, error) {
	head, err := json.Marshal(Held{Status: h.Status, Header: h.Header})
	if err != nil {
		return nil, err
	}
	out := bytes.NewBuffer(append(head, '\n'))
	w := gzip.NewWriter(out)
	if _, err = w.Write(h.Body); err == nil {
		err = w.Close()
	}
	return out.Bytes(), err
}

// parse reads what Pack has made; the body is gzip still.
func parse(packed []byte) (h Held, body []byte, err error) {
	line, body, found := bytes.Cut(packed, []byte("\n"))
	if err := json.Unmarshal(line, &h); err != nil || !found {
		return h, nil, fmt.Errorf("an answer that was kept cannot be read: %w", err)
	}
	return h, body, nil
}

func unpack(body []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// ago is how long ago a page says that something was: it has become longer when the
// page is made again.
var ago = regexp.MustCompile(`(<time [^>]*>)[^<]*`)

// SameButTimes tells whether two answers that Pack has made say the same, whenever
// each was made.
func SameButTimes(a, b []byte) bool {
	one, ofOne, errOne := parse(a)
	two, ofTwo, errTwo := parse(b)
	if errOne != nil || errTwo != nil || one.Status != two.Status || !maps.EqualFunc(one.Header, two.Header, slices.Equal) {
		return false
	}
	ofOne, errOne = unpack(ofOne)
	ofTwo, errTwo = unpack(ofTwo)
	return errOne == nil && errTwo == nil && bytes.Equal(ago.ReplaceAll(ofOne, []byte("$1")), ago.ReplaceAll(ofTwo, []byte("$1")))
}

// SendPacked answers with what Pack has made. Who takes no gzip gets it unpacked.
func (x *Exchange) SendPacked(packed []byte) error {
	h, body, err := parse(packed)
	if err != nil {
		return err
	}
	res := x.echo.Response()
	kind := h.Header.Get("Content-Type")
	maps.Copy(res.Header(), h.Header)
	if h.moves() {
		return x.NoContent(h.Status)
	}
	if !x.packs || !assets.AcceptsGzip(x.Request().Header.Get("Accept-Encoding")) {
		plain, err := unpack(body)
		if err != nil {
			return err
		}
		return x.Bytes(h.Status, kind, plain)
	}
	if w, ok := res.Writer.(interface{ Unwrap() http.ResponseWriter }); ok {
		res.Writer = w.Unwrap() // past the compression
	}
	res.Header().Set("Content-Encoding", "gzip")
	res.Header().Set("Content-Length", strconv.Itoa(len(body)))
	return x.Bytes(h.Status, kind, body)
}
