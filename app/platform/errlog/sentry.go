package errlog

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"vitrine/app/platform/id"
)

// The envelope is sent by net/http itself. Sentry's own library brings a global
// hub, its own stack reader and integrations that would send what we redact;
// what we have to say is one JSON object per group.

const (
	sentryWaiting = 64               // events that wait for the sender
	sentryTime    = 5 * time.Second  // of one event
	sentryRest    = 30 * time.Second // after an endpoint that did not answer, or asked for less
	sentryLongest = time.Hour        // that an endpoint may ask us to wait
)

// DSN is where a Sentry-compatible service takes events.
type DSN struct {
	endpoint string // …/api/<project>/envelope/
	key      string
}

// ParseDSN reads https://<key>@<host>/<project>. Its error is a sentence, and
// does not repeat the value, which holds a key.
func ParseDSN(s string) (DSN, error) {
	wrong := func(what string) (DSN, error) {
		return DSN{}, fmt.Errorf("SENTRY_DSN %s; it should look like https://key@errors.example/1", what)
	}
	u, err := url.Parse(s)
	if err != nil {
		return wrong("is not a URL")
	}
	path := strings.Trim(u.Path, "/")
	above, project := "", path
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		above, project = "/"+path[:i], path[i+1:]
	}
	switch _, number := strconv.ParseUint(project, 10, 64); {
	case u.Scheme != "http" && u.Scheme != "https":
		return wrong("does not begin with https:// or http://")
	case u.Host == "":
		return wrong("names no host")
	case u.User == nil || u.User.Username() == "":
		return wrong("has no key before the @")
	case number != nil:
		return wrong("does not end with the number of a project")
	case u.RawQuery != "" || u.Fragment != "":
		return wrong("has something after the project")
	}
	return DSN{endpoint: u.Scheme + "://" + u.Host + above + "/api/" + project + "/envelope/", key: u.User.Username()}, nil
}

// SentryCounts is how sending has gone since the process started.
type SentryCounts struct {
	Sent, Dropped int64
	Failure       string // of the last event; empty when it arrived
}

// sentry sends events one after the other. Whoever offers one never waits.
type sentry struct {
	dsn     DSN
	version string
	client  *http.Client
	queue   chan Group
	sent    atomic.Int64
	dropped atomic.Int64
	failure atomic.Pointer[string]
	until   time.Time // nothing is sent before; of run alone
}

func newSentry(dsn DSN, version string) *sentry {
	return &sentry{dsn: dsn, version: version, queue: make(chan Group, sentryWaiting), client: &http.Client{
		Timeout: sentryTime,
		// A redirect would carry the key to another host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (s *sentry) offer(g Group) {
	select {
	case s.queue <- g:
	default:
		s.dropped.Add(1)
	}
}

func (s *sentry) counts() SentryCounts {
	c := SentryCounts{Sent: s.sent.Load(), Dropped: s.dropped.Load()}
	if f := s.failure.Load(); f != nil {
		c.Failure = *f
	}
	return c
}

func (s *sentry) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case g := <-s.queue:
			if time.Now().Before(s.until) {
				s.dropped.Add(1)
				continue
			}
			s.send(ctx, g)
		}
	}
}

// send posts one event. An endpoint that fails is left alone for a while: what
// happens meanwhile is dropped there and kept here.
func (s *sentry) send(ctx context.Context, g Group) {
	wait, err := s.post(ctx, g)
	if err == nil {
		s.sent.Add(1)
		s.failure.Store(nil)
		return
	}
	s.dropped.Add(1)
	text := Redact(err.Error())
	s.failure.Store(&text)
	s.until = time.Now().Add(wait)
}

func (s *sentry) post(ctx context.Context, g Group) (wait time.Duration, err error) {
	body, err := s.envelope(g)
	if err != nil {
		return 0, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.dsn.endpoint, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/x-sentry-envelope")
	r.Header.Set("X-Sentry-Auth", "Sentry sentry_version=7, sentry_client=vitrine/1, sentry_key="+s.dsn.key)
	res, err := s.client.Do(r)
	if err != nil {
		return sentryRest, err
	}
	defer func() { _ = res.Body.Close() }()
	_, _ = io.CopyN(io.Discard, res.Body, 64<<10)
	if res.StatusCode/100 == 2 {
		return 0, nil
	}
	wait = sentryRest
	if n, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && n > 0 {
		wait = min(time.Duration(n)*time.Second, sentryLongest)
	}
	return wait, fmt.Errorf("the endpoint answered %d", res.StatusCode)
}

// event is what Sentry's documentation calls an event payload, as far as we
// fill it.
type event struct {
	EventID     string            `json:"event_id"`
	Timestamp   time.Time         `json:"timestamp"`
	Platform    string            `json:"platform"`
	Level       string            `json:"level"`
	Release     string            `json:"release,omitempty"`
	Transaction string            `json:"transaction"`
	Fingerprint []string          `json:"fingerprint"`
	Tags        map[string]string `json:"tags"`
	Extra       map[string]string `json:"extra"`
	Exception   exceptions        `json:"exception"`
}

type exceptions struct {
	Values []exception `json:"values"`
}

type exception struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

// envelope is three lines of JSON: the envelope's head, the item's head, the
// event.
func (s *sentry) envelope(g Group) ([]byte, error) {
	eventID := strings.ReplaceAll(id.New().String(), "-", "")
	level := "error"
	if g.Kind == Unavailable {
		level = "warning"
	}
	ev := event{
		EventID: eventID, Timestamp: g.LastSeen.UTC(), Platform: "go", Level: level, Release: s.version, Transaction: g.Place,
		Fingerprint: []string{g.Fingerprint.String()}, Tags: map[string]string{"kind": string(g.Kind)},
		Extra:     map[string]string{"occurrences": strconv.FormatInt(g.Count, 10)},
		Exception: exceptions{[]exception{{Type: g.Title, Value: g.Message}}},
	}
	if g.Stack != "" {
		ev.Extra["stack"] = g.Stack
	}
	payload, err := json.Marshal(ev)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\"event_id\":%q,\"sent_at\":%q}\n{\"type\":\"event\",\"length\":%d}\n", eventID, time.Now().UTC().Format(time.RFC3339), len(payload))
	out.Write(payload)
	out.WriteByte('\n')
	return out.Bytes(), nil
}
