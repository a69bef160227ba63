package telemetry

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"time"
)

// AdminHandler is what the admin port serves: /metrics, /debug/pprof/, /livez,
// /readyz, /up. None of it may be reached from outside, /metrics and pprof
// least of all.
func AdminHandler(m *Metrics, h *Health) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", m.Handler())
	mux.HandleFunc("GET /livez", h.Live)
	mux.HandleFunc("GET /readyz", h.Readiness)
	mux.HandleFunc("GET /up", h.Up)
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return mux
}

// ListenAdmin takes the admin address ("127.0.0.1:9090"; with port 0 a free
// one). An address that is taken is an error at start.
func ListenAdmin(ctx context.Context, addr string) (net.Listener, error) {
	var conf net.ListenConfig
	l, err := conf.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listening on the admin address %s: %w", addr, err)
	}
	return l, nil
}

// ServeAdmin serves until ctx ends, which should be after the last request of
// the public port: the metrics of a drain are worth reading.
func ServeAdmin(ctx context.Context, l net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving the admin port: %w", err)
	}
	return nil
}
