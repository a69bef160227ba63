package wire_test

import (
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"vitrine/web/wire"
)

// What is held does not leave, whatever its handler does; what is said after it
// does.
func TestHold(t *testing.T) {
	t.Parallel()
	refused := errors.New("refused")
	for name, handle := range map[string]func(x *wire.Exchange) error{
		"answers": func(x *wire.Exchange) error { return x.Bytes(http.StatusTeapot, "text/plain", []byte("held")) },
		"refuses": func(*wire.Exchange) error { return refused },
		"panics":  func(*wire.Exchange) error { panic("a template") },
	} {
		e := wire.New(wire.Config{Streams: func(string) bool { return false }, Failed: func(*wire.Exchange, error) {}})
		e.Compress()
		e.Add(http.MethodGet, "/", func(x *wire.Exchange) error {
			func() {
				defer func() { _ = recover() }()
				held, err := x.Hold(func() error {
					x.Header("X-Held", "yes")
					return handle(x)
				})
				if name == "answers" && (err != nil || held.Status != http.StatusTeapot || string(held.Body) != "held" || held.Header.Get("X-Held") != "yes" || held.Header.Get("Content-Type") != "text/plain") {
					t.Errorf("%s: %+v, %v", name, held, err)
				}
				if name == "refuses" && !errors.Is(err, refused) {
					t.Errorf("%s: %v", name, err)
				}
			}()
			return x.Bytes(http.StatusOK, "text/plain", []byte("said"))
		})
		w := httptest.NewRecorder()
		e.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		if w.Code != http.StatusOK || w.Body.String() != "said" {
			t.Errorf("%s: %d %q", name, w.Code, w.Body)
		}
		if name == "answers" && w.Header().Get("X-Held") != "" {
			t.Errorf("%s: a header of what is held has left", name)
		}
	}
}

// A handler that answers by other means than Render, Bytes and a redirect cannot
// be held.
func TestHold_past(t *testing.T) {
	t.Parallel()
	e := wire.New(wire.Config{Streams: func(string) bool { return false }, Failed: func(_ *wire.Exchange, err error) { t.Error(err) }})
	e.Add(http.MethodGet, "/", func(x *wire.Exchange) error {
		if _, err := x.Hold(func() error { return x.NoContent(http.StatusNoContent) }); err == nil {
			t.Error("what has left is held")
		}
		return nil
	})
	e.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
}

// An answer that is held, packed and sent is the one that would have left.
func TestSendPacked(t *testing.T) {
	t.Parallel()
	for name, handle := range map[string]func(x *wire.Exchange) error{
		"a page": func(x *wire.Exchange) error {
			return x.Bytes(http.StatusOK, "text/html; charset=UTF-8", []byte("<p>page</p>"))
		},
		"moved": func(x *wire.Exchange) error { return x.MovedPermanently("/elsewhere") },
		"other": func(x *wire.Exchange) error { return x.SeeOther("/elsewhere") },
	} {
		e := wire.New(wire.Config{Streams: func(string) bool { return false }, Failed: func(_ *wire.Exchange, err error) { t.Error(name, err) }})
		e.Compress()
		e.Add(http.MethodGet, "/plain", handle)
		e.Add(http.MethodGet, "/held", func(x *wire.Exchange) error {
			held, err := x.Hold(func() error { return handle(x) })
			if err != nil {
				return err
			}
			packed, err := held.Pack()
			if err != nil {
				return err
			}
			return x.SendPacked(packed)
		})
		answers := map[string]*httptest.ResponseRecorder{}
		for _, path := range []string{"/plain", "/held"} {
			answers[path] = httptest.NewRecorder()
			e.ServeHTTP(answers[path], httptest.NewRequest(http.MethodGet, path, nil))
		}
		got, want := answers["/held"], answers["/plain"]
		if got.Code != want.Code || got.Body.String() != want.Body.String() || !maps.EqualFunc(got.Header(), want.Header(), slices.Equal) {
			t.Errorf("%s: %d %v %q, want %d %v %q", name, got.Code, got.Header(), got.Body, want.Code, want.Header(), want.Body)
		}
	}
}

// Two answers say the same if only how long ago something was is another.
func TestSameButTimes(t *testing.T) {
	t.Parallel()
	answer := func(status int, header, body string) []byte {
		packed, err := wire.Held{Status: status, Header: http.Header{"X": {header}}, Body: []byte(body)}.Pack()
		if err != nil {
			t.Fatal(err)
		}
		return packed
	}
	const page = `<p>A flat.</p><time datetime="2026-11-22T10:00:00Z">4 hours ago</time><p>B</p><time datetime="2026-11-22T11:00:00Z">3 hours ago</time>`
	is := answer(200, "x", page)
	for what, c := range map[string]struct {
		other []byte
		same  bool
	}{
		"itself":         {answer(200, "x", page), true},
		"later":          {answer(200, "x", strings.NewReplacer("4 hours", "5 hours", "3 hours ago", "1 day ago").Replace(page)), true},
		"another moment": {answer(200, "x", strings.Replace(page, "T11", "T12", 1)), false},
		"another text":   {answer(200, "x", strings.Replace(page, "flat", "shore", 1)), false},
		"less":           {answer(200, "x", page[:20]), false},
		"another status": {answer(404, "x", page), false},
		"another header": {answer(200, "y", page), false},
		"no answer":      {[]byte("garbage"), false},
		"not gzip":       {[]byte("{\"Status\":200,\"Header\":{\"X\":[\"x\"]}}\ngarbage"), false},
	} {
		if got := wire.SameButTimes(is, c.other); got != c.same {
			t.Errorf("%s: %t", what, got)
		}
	}
}
