package wire_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
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

// A handler that answers by other means than Render and Bytes cannot be held.
func TestHold_past(t *testing.T) {
	t.Parallel()
	e := wire.New(wire.Config{Streams: func(string) bool { return false }, Failed: func(_ *wire.Exchange, err error) { t.Error(err) }})
	e.Add(http.MethodGet, "/", func(x *wire.Exchange) error {
		if _, err := x.Hold(func() error { return x.SeeOther("/elsewhere") }); err == nil {
			t.Error("a redirect is held")
		}
		return nil
	})
	e.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
}
