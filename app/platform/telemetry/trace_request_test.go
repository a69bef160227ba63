package telemetry

import (
	"testing"

	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
)

func TestTraces_request(t *testing.T) {
	seen := tracetest.NewSpanRecorder()
	sdk := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(seen))
	on := &Traces{provider: sdk, sdk: sdk}
	ctx, ended := on.Request(t.Context(), "GET", "/t/:tag")
	if !trace.SpanContextFromContext(ctx).IsValid() {
		t.Error("statements of the request have no span to belong to")
	}
	ended(503)
	spans := seen.Ended()
	if len(spans) != 1 || spans[0].Name() != "GET /t/:tag" || spans[0].Status().Code != codes.Error {
		t.Errorf("spans: %+v", spans)
	}
	var off *Traces
	ctx, ended = off.Request(t.Context(), "GET", "/")
	ended(200)
	if trace.SpanContextFromContext(ctx).IsValid() {
		t.Error("a span without an endpoint")
	}
}
