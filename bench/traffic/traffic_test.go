package traffic_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vitrine/bench/traffic"
)

// TestRun_countsFromWhenDue holds back the first answer: visits leave all the
// same, and each is charged for the time that it stood waiting.
func TestRun_countsFromWhenDue(t *testing.T) {
	const visits = 20
	var left atomic.Int64
	var open sync.Once
	gate := make(chan struct{})
	r, err := traffic.Run(t.Context(), traffic.Plan{Rate: 500, Length: visits * 2 * time.Millisecond, Next: func(int) traffic.Visit {
		return traffic.Visit{Kind: "waits", Do: func(context.Context) error {
			if left.Add(1) == visits {
				open.Do(func() { close(gate) })
			}
			<-gate
			return nil
		}}
	}})
	if err != nil {
		t.Fatal(err)
	}
	k := r.All()
	if k.Sent() != visits || len(k.Took) != visits {
		t.Fatalf("%d were sent and %d are back, instead of %d", k.Sent(), len(k.Took), visits)
	}
	// The first was due 38 ms before the last left, which is what let it go.
	if first := k.At(1); first < 38*time.Millisecond {
		t.Errorf("the longest took %s, though it waited for one that was due 38 ms later", first)
	}
}

// TestLoad_phases: a visit belongs to the phase that it left in, and a phase is
// given when all of its visits are back.
func TestLoad_phases(t *testing.T) {
	var broken, back atomic.Bool
	held := make(chan struct{})
	first := make(chan struct{})
	load, err := traffic.Start(t.Context(), traffic.Plan{Rate: 1000, Next: func(i int) traffic.Visit {
		return traffic.Visit{Kind: "visit", Do: func(context.Context) error {
			if i == 0 {
				close(first)
				<-held
				back.Store(true)
				return errors.New("late and wrong")
			}
			if broken.Load() {
				return traffic.ErrShed
			}
			return nil
		}}
	}})
	if err != nil {
		t.Fatal(err)
	}
	<-first
	time.AfterFunc(10*time.Millisecond, func() { close(held) })
	before := load.Phase()
	if k := before.All(); !back.Load() || k.Failed != 1 || k.Why["late and wrong"] != 1 {
		t.Errorf("the first phase says %v", before)
	}
	broken.Store(true)
	load.Phase() // some of it left before
	for deadline := time.Now().Add(time.Minute); ; {
		if during := load.Phase(); during.All().Shed > 0 {
			if k := during.All(); k.Failed > 0 || len(k.Took) > 0 {
				t.Errorf("the phase in which all is refused says %v", during)
			}
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("nothing leaves")
		}
	}
	load.Stop()
	if n := load.Stop().All().Sent(); n != 0 {
		t.Errorf("%d visits left after the end", n)
	}
}

// TestPage_holdsAnswersToTheirPromise sends each kind of wrong answer.
func TestPage_holdsAnswersToTheirPromise(t *testing.T) {
	whole := "<html><h1>Explore</h1></html>"
	answers := map[string]http.HandlerFunc{
		"/plain": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte(whole))
		},
		"/wrong": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"/full": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
		},
		"/away": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { answers[r.URL.Path](w, r) }))
	defer s.Close()
	c := traffic.New(s.URL)
	if err := c.Page(t.Context(), "/full", nil); !errors.Is(err, traffic.ErrShed) {
		t.Errorf("503 with Retry-After is %v", err)
	}
	for _, path := range []string{"/plain", "/wrong", "/away"} {
		if err := c.Page(t.Context(), path, nil, "Explore"); err == nil || errors.Is(err, traffic.ErrShed) {
			t.Errorf("%s gave %v", path, err)
		}
	}
}

// TestSend_neverTwice ends a kept connection in the middle of a request, which
// HTTP would let a client send again.
func TestSend_neverTwice(t *testing.T) {
	var asked atomic.Int64
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) == 1 {
			_, _ = fmt.Fprint(w, "kept")
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	})}
	go func() { _ = s.Serve(l) }()
	defer func() { _ = s.Close() }()
	c := traffic.New("http://" + l.Addr().String())
	if a, err := c.Send(t.Context(), http.MethodGet, "/", nil, nil); err != nil || !strings.Contains(a.Body, "kept") {
		t.Fatalf("%v %v", a, err)
	}
	if _, err := c.Send(t.Context(), http.MethodGet, "/", nil, nil); err == nil {
		t.Error("a request whose connection broke went well")
	}
	if n := asked.Load(); n != 2 {
		t.Errorf("2 requests were sent %d times", n)
	}
}
