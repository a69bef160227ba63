package telemetry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// The states of a process. It takes requests in one of them only.
const (
	Starting = "starting"
	Ready    = "ready"
	Draining = "draining"
)

// Check is a part of the system and how to tell that it works. Run must end
// when its context does, after 1 s.
type Check struct {
	Name string
	Run  func(ctx context.Context) error
}

const (
	checkTimeout = time.Second
	checkCached  = time.Second
	// settling is how long a process that has just begun is left alone, and
	// watchEvery how often it then looks at its parts by itself.
	settling   = 2 * time.Second
	watchEvery = 15 * time.Second
)

// Health says whether the process lives, takes requests, and which parts it
// cannot reach. A part that cannot be reached degrades the product and is no
// reason to take the process out: each of them would be out at once.
type Health struct {
	log    *slog.Logger
	checks []Check

	mu    sync.Mutex
	state string

	checking sync.Mutex // one round of checks at a time
	last     []Part
	at       time.Time
}

// Part is the answer of a check. Why it is degraded is for the log and for
// those who run the installation: /up is public.
type Part struct {
	Name string  `json:"name"`
	OK   bool    `json:"ok"`
	MS   float64 `json:"ms"`
	Why  error   `json:"-"` // nil when it works
}

// NewHealth makes a health in the state Starting.
func NewHealth(log *slog.Logger, checks ...Check) *Health {
	return &Health{log: log, checks: checks, state: Starting}
}

// SetReady lets the process take requests, unless it is draining already.
func (h *Health) SetReady() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.state == Starting {
		h.state = Ready
	}
}

// SetStarting takes readiness back, unless the process is draining already: it
// turned out that it cannot do what it was ready for.
func (h *Health) SetStarting() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.state == Ready {
		h.state = Starting
	}
}

// SetDraining tells balancers to send nothing more. There is no way back.
func (h *Health) SetDraining() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.state = Draining
}

// State is Starting, Ready or Draining.
func (h *Health) State() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.state
}

// Live answers /livez: 200 as long as the process can answer at all.
func (h *Health) Live(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "alive") }

// Readiness answers /readyz: 503 while starting or draining, never because a
// part is away.
func (h *Health) Readiness(w http.ResponseWriter, _ *http.Request) {
	state := h.State()
	if state == Ready {
		plain(w, http.StatusOK, state)
		return
	}
	plain(w, http.StatusServiceUnavailable, state)
}

// Up answers /up: status ok, degraded, starting or draining, and each part, as
// JSON. Always 200: whoever reads it wants the body.
func (h *Health) Up(w http.ResponseWriter, r *http.Request) {
	parts := h.Parts(r.Context())
	status := h.State()
	if status == Ready {
		status = "ok"
		for _, p := range parts {
			if !p.OK {
				status = "degraded"
			}
		}
	}
	body, err := json.Marshal(struct {
		Status string `json:"status"`
		Parts  []Part `json:"parts"`
	}{status, parts})
	if err != nil {
		plain(w, http.StatusInternalServerError, "The state of the parts could not be written.")
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(append(body, '\n'))
}

func plain(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body + "\n"))
}

// Parts runs all checks at once, each for at most 1 s, or gives answers that
// are at most 1 s old: /up cannot be used to load the parts.
func (h *Health) Parts(ctx context.Context) []Part {
	h.checking.Lock()
	defer h.checking.Unlock()
	if h.last != nil && time.Since(h.at) < checkCached {
		return h.last
	}
	// The answer is everybody's: one visitor who leaves must not make it bad.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), checkTimeout)
	defer cancel()
	parts := make([]Part, len(h.checks))
	errs := make([]error, len(h.checks))
	var all sync.WaitGroup
	for i, c := range h.checks {
		all.Go(func() {
			began := time.Now()
			errs[i] = run(ctx, c)
			parts[i] = Part{Name: c.Name, OK: errs[i] == nil, MS: float64(time.Since(began).Microseconds()) / 1000, Why: errs[i]}
		})
	}
	all.Wait()
	for i, p := range parts {
		if was := h.last == nil || h.last[i].OK; was && !p.OK {
			h.log.LogAttrs(ctx, slog.LevelWarn, "A part is degraded", slog.String("part", p.Name), slog.Any("error", errs[i]))
		} else if !was && p.OK {
			h.log.LogAttrs(ctx, slog.LevelInfo, "A part works again", slog.String("part", p.Name))
		}
	}
	h.last, h.at = parts, time.Now()
	return parts
}

// Watch looks at the parts now and then until ctx ends, so that the log says which
// of them is degraded, and when it works again, though nobody asks for /up.
func (h *Health) Watch(ctx context.Context) {
	next := time.NewTimer(settling)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
			h.Parts(ctx)
			next.Reset(watchEvery)
		}
	}
}

// run bounds a check, even one that ignores its context.
func run(ctx context.Context, c Check) error {
	answer := make(chan error, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				answer <- fmt.Errorf("the check panicked: %v", r)
			}
		}()
		answer <- c.Run(ctx)
	}()
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return errNoAnswer
	}
}

var errNoAnswer = errors.New("no answer within a second")
