package tracing

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// scope is the name of what makes the spans.
const scope = "github.com/turnwise/turnwise"

// A Tracer makes spans and sends them, in the background and in batches, to an
// OTLP endpoint. It never holds up what it follows: spans that the endpoint does
// not take are lost.
type Tracer struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
	w3c      propagation.TraceContext
}

// The variables that [Open] itself looks at.
const (
	endpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT"
	tracesKey   = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
	protocolKey = "OTEL_EXPORTER_OTLP_PROTOCOL"
	disabledKey = "OTEL_SDK_DISABLED"
	exporterKey = "OTEL_TRACES_EXPORTER"
)

// Open returns a Tracer that is set up by the standard variables of
// OpenTelemetry, or nil if they name no OTLP endpoint: endpoint, headers,
// certificates and timeouts (OTEL_EXPORTER_OTLP_*), sampler (OTEL_TRACES_SAMPLER),
// batches (OTEL_BSP_*), and what the service is called (OTEL_SERVICE_NAME,
// OTEL_RESOURCE_ATTRIBUTES; "turnwise" if nothing else is said). It connects
// to nothing yet. What keeps spans from their endpoint later is told to log.
func Open(ctx context.Context, version string, log *slog.Logger) (*Tracer, error) {
	on, err := wanted()
	if err != nil || !on {
		return nil, err
	}
	sender, err := newClient()
	if err != nil {
		return nil, err
	}
	exporter, err := otlptrace.New(ctx, sender)
	if err != nil {
		return nil, fmt.Errorf("set up the export of traces: %w", err)
	}
	about, err := resource.New(ctx,
		resource.WithAttributes(semconv.ServiceName("turnwise"), semconv.ServiceVersion(version)),
		resource.WithTelemetrySDK(), resource.WithHost(), resource.WithProcessPID(), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("read OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithResource(about), sdktrace.WithBatcher(&told{SpanExporter: exporter, log: log}))
	return &Tracer{provider: provider, tracer: provider.Tracer(scope)}, nil
}

// wanted reports whether an endpoint is configured. Only one protocol is spoken.
func wanted() (bool, error) {
	if os.Getenv(endpointKey) == "" && os.Getenv(tracesKey) == "" ||
		strings.EqualFold(os.Getenv(disabledKey), "true") || os.Getenv(exporterKey) == "none" {
		return false, nil
	}
	for _, key := range []string{"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", protocolKey} {
		if p := os.Getenv(key); p != "" && p != "http/protobuf" {
			return false, fmt.Errorf("%s is %s, but traces are sent by http/protobuf only: set it to that, with the endpoint's port for HTTP (4318 as a rule)", key, p)
		}
	}
	return true, nil
}

// Close sends what is not sent yet, as far as ctx permits, and ends.
func (t *Tracer) Close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	if err := t.provider.Shutdown(ctx); err != nil {
		return fmt.Errorf("send the last traces: %w", err)
	}
	return nil
}

// remote returns ctx with the span that a traceparent is of, if it is of one that
// is sampled.
func (t *Tracer) remote(ctx context.Context, traceparent string) (_ context.Context, ok bool) {
	if traceparent == "" {
		return ctx, false
	}
	ctx = t.w3c.Extract(ctx, propagation.MapCarrier{"traceparent": traceparent})
	return ctx, trace.SpanContextFromContext(ctx).IsSampled()
}

// Traceparent returns what says to others that they work on the part of a trace
// that ctx is in; empty if that is in none that is sampled.
func (t *Tracer) Traceparent(ctx context.Context) string {
	if t == nil || !trace.SpanContextFromContext(ctx).IsSampled() {
		return ""
	}
	carrier := propagation.MapCarrier{}
	t.w3c.Inject(ctx, carrier)
	return carrier["traceparent"]
}
