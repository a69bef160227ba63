package rig

import (
	"context"
	"io"
	"net/http"
	"strings"
	"time"
)

// Metric is the value of a sample, named as the admin port writes it with its labels, or "" without one.
func (s *Site) Metric(sample string) string {
	s.t.Helper()
	res, err := http.Get(s.Admin + "/metrics")
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		if value, found := strings.CutPrefix(line, sample+" "); found {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// Body fetches a path as a visitor.
func (s *Site) Body(path string) string {
	s.t.Helper()
	res, err := s.get(path)
	if err != nil {
		s.t.Fatalf("%s: %v", path, err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatalf("%s: %v", path, err)
	}
	return string(raw)
}

// Status fetches a path as a visitor and gives the status, 0 when nobody answers.
func (s *Site) Status(path string) int {
	res, err := s.get(path)
	if err != nil {
		return 0
	}
	defer func() { _ = res.Body.Close() }()
	return res.StatusCode
}

func (s *Site) get(path string) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	s.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+path, nil)
	if err != nil {
		return nil, err
	}
	return (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(req)
}
