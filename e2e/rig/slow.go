package rig

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"sync"
)

// Slow is a request on a slow line: its first part is sent, the rest waits.
type Slow struct {
	goOn   func()
	answer chan *Page
}

// SubmitSlowly sends the first half of a form with a file. Finish sends the
// rest. Where the answer leads is not followed.
func (m *Member) SubmitSlowly(p *Page, form string, values url.Values, file File) *Slow {
	m.t.Helper()
	action, contentType, body := m.filled(p, form, values, []File{file})
	return m.SendSlowly(http.MethodPost, action, http.Header{"Content-Type": {contentType}}, body, len(body)/2)
}

// SendSlowly sends the first bytes of a request's body. Finish sends the rest.
func (m *Member) SendSlowly(method, path string, header http.Header, body []byte, first int) *Slow {
	m.t.Helper()
	s := &Slow{answer: make(chan *Page, 1)}
	gate := make(chan struct{})
	s.goOn = sync.OnceFunc(func() { close(gate) })
	m.t.Cleanup(s.goOn)
	req := m.request(method, path, header, io.MultiReader(bytes.NewReader(body[:first]), &gated{gate: gate, rest: bytes.NewReader(body[first:])}))
	req.ContentLength = int64(len(body))
	client := &http.Client{Jar: m.client.Jar, Timeout: patience, Transport: &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	go func() {
		defer client.CloseIdleConnections()
		res, err := client.Do(req)
		if err != nil {
			s.answer <- &Page{Path: path, Raw: err.Error()}
			return
		}
		defer func() { _ = res.Body.Close() }()
		raw, err := io.ReadAll(res.Body)
		if err != nil {
			raw = append(raw, err.Error()...)
		}
		s.answer <- &Page{Status: res.StatusCode, Path: path, Header: res.Header, Raw: string(raw)}
	}()
	return s
}

// Finish sends the rest and gives the answer, with status 0 when there
// was none. The page has no document.
func (s *Slow) Finish() *Page {
	s.goOn()
	return <-s.answer
}

// gated is a reader that waits for a gate to open.
type gated struct {
	gate <-chan struct{}
	rest io.Reader
}

func (g *gated) Read(p []byte) (int, error) {
	<-g.gate
	return g.rest.Read(p)
}
