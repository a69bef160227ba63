package redisdb_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"vitrine/app/platform/redisdb"
	"vitrine/app/platform/redistest"
)

// TestCheck_saysWhy has each thing that can be wrong with REDIS_URL or with what
// it names: the sentence says which, and never the password.
func TestCheck_saysWhy(t *testing.T) {
	t.Parallel()
	page := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(page.Close)
	for name, c := range map[string]struct {
		spoil []any // a command to Redis before
		to    func(at string) string
		says  string
	}{
		"nothing":          {to: func(at string) string { return "redis://" + at + "/0" }},
		"a wrong password": {spoil: []any{"config", "set", "requirepass", "right"}, to: func(at string) string { return "redis://:hushhush@" + at + "/0" }, says: "does not know the user and password in REDIS_URL"},
		"no password":      {spoil: []any{"config", "set", "requirepass", "right"}, to: func(at string) string { return "redis://" + at + "/0" }, says: "wants a password, and REDIS_URL has none"},
		"little right":     {spoil: []any{"acl", "setuser", "poor", "on", ">hushhush", "+ping", "+hello"}, to: func(at string) string { return "redis://poor:hushhush@" + at + "/0" }, says: "not read and write every key"},
		"no such database": {to: func(at string) string { return "redis://" + at + "/99" }, says: "has no database of the number in REDIS_URL"},
		"full":             {spoil: []any{"config", "set", "maxmemory", "1"}, to: func(at string) string { return "redis://" + at + "/0" }, says: "is full"},
		"a replica":        {spoil: []any{"replicaof", "127.0.0.1", "1"}, to: func(at string) string { return "redis://" + at + "/0" }, says: "is a replica"},
		"nobody there":     {to: func(string) string { return "redis://:hushhush@127.0.0.1:1/0" }, says: "does not answer"},
		"a web server":     {to: func(string) string { return "redis://:hushhush@" + page.Listener.Addr().String() + "/0" }, says: "is no Redis"},
		"somebody silent":  {to: func(string) string { return "redis://:hushhush@" + redistest.Silent(t) + "/0" }, says: "does not answer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := redistest.New(t)
			if c.spoil != nil {
				client := s.Client()
				defer func() { _ = client.Close() }()
				if err := client.Do(t.Context(), c.spoil...).Err(); err != nil {
					t.Fatal(err)
				}
			}
			wait := time.Minute // somebody who answers may do so late
			if c.says == "does not answer" {
				wait = 0
			}
			client, err := redisdb.Open(redisdb.Config{URL: c.to(strings.TrimSuffix(strings.TrimPrefix(s.URL, "redis://"), "/0")), Timeout: wait})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = client.Close() })
			for range 7 { // the breaker opens meanwhile, and the sentence stays
				err := client.Check(context.Background())
				if c.says == "" {
					if err != nil {
						t.Fatal(err)
					}
					continue
				}
				if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "hush") {
					t.Fatalf("it says %v", err)
				}
			}
		})
	}
}

// TestWhy_killed kills a Redis that was there: a line that ends says nothing about
// what was at its other end.
func TestWhy_killed(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	client := s.Connect(t)
	if err := client.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Kill()
	for range 7 {
		if err := client.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "does not answer") {
			t.Fatalf("it says %v", err)
		}
	}
}
