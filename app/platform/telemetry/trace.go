package telemetry

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/exaring/otelpgx"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/multitracer"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

const (
	sampled     = 0.10
	exportEvery = 5 * time.Second
)

// Traces makes spans, or nothing at all when it was opened without an endpoint.
type Traces struct {
	Slowest  Slowest // the slow statements of all handles
	provider trace.TracerProvider
	sdk      *sdktrace.TracerProvider // nil when off
}

// OpenTraces sends a tenth of the traces to an OTLP endpoint (the value of
// OTEL_EXPORTER_OTLP_ENDPOINT, a base URL) every 5 s. An empty endpoint turns traces off. An
// endpoint that cannot be reached costs spans and nothing else.
func OpenTraces(ctx context.Context, endpoint, version string) (*Traces, error) {
	if endpoint == "" {
		return &Traces{provider: noop.NewTracerProvider()}, nil
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("OTEL_EXPORTER_OTLP_ENDPOINT must be a URL like http://localhost:4318")
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(u.JoinPath("v1", "traces").String()))
	if err != nil {
		return nil, fmt.Errorf("opening the trace exporter: %w", err)
	}
	sdk := sdktrace.NewTracerProvider(
		sdktrace.WithBatcher(exporter, sdktrace.WithBatchTimeout(exportEvery)),
		sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.TraceIDRatioBased(sampled))),
		sdktrace.WithResource(resource.NewSchemaless(attribute.String("service.name", "vitrine"), attribute.String("service.version", version))),
	)
	return &Traces{provider: sdk, sdk: sdk}, nil
}

// On tells whether spans go anywhere.
func (t *Traces) On() bool { return t.sdk != nil }

// Tracer makes spans for a part of the program ("web", "jobs").
func (t *Traces) Tracer(part string) trace.Tracer { return t.provider.Tracer("vitrine/" + part) }

// Request begins the span of a request, named by its route, to which those of
// its statements belong; the returned function ends it. A traceparent header is
// not believed: any visitor could make us keep every trace. Nil makes no spans.
func (t *Traces) Request(ctx context.Context, method, route string) (context.Context, func(status int)) {
	if t == nil || t.sdk == nil {
		return ctx, func(int) {}
	}
	ctx, span := t.Tracer("web").Start(ctx, method+" "+route, trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(attribute.String("http.request.method", method), attribute.String("http.route", route)))
	return ctx, func(status int) {
		span.SetAttributes(attribute.Int("http.response.status_code", status))
		if status >= 500 {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

// QueryTracer is what a database handle is opened with: it counts and judges
// statements, and makes spans of them when traces are on.
func (t *Traces) QueryTracer(log *slog.Logger) pgx.QueryTracer {
	own := QueryTracer{Log: log, Slow: SlowQuery, Slowest: &t.Slowest}
	if !t.On() {
		return own
	}
	return multitracer.New(own, otelpgx.NewTracer(otelpgx.WithTracerProvider(t.provider), otelpgx.WithDisableConnectionDetailsInAttributes()))
}

// Close sends what is left, until ctx ends.
func (t *Traces) Close(ctx context.Context) error {
	if t.sdk == nil {
		return nil
	}
	return t.sdk.Shutdown(ctx)
}
