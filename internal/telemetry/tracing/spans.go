package tracing

import (
	"context"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/webhook"
)

// The attributes that are ours. None of them is a text that somebody wrote.
const (
	accountKey      = attribute.Key("turnwise.account")
	jobKey          = attribute.Key("turnwise.job")
	conversationKey = attribute.Key("turnwise.conversation")
	eventKey        = attribute.Key("turnwise.event")
	statusKey       = attribute.Key("turnwise.status")
	attemptKey      = attribute.Key("turnwise.attempt")
	outcomeKey      = attribute.Key("turnwise.outcome")
	dnsKey          = attribute.Key("turnwise.dns_ms")
	connectKey      = attribute.Key("turnwise.connect_ms")
	tlsKey          = attribute.Key("turnwise.tls_ms")
	firstByteKey    = attribute.Key("turnwise.first_byte_ms")
)

// Request begins the span of a request to the API: a part of the caller's trace
// if the request says which. The context it returns is that of the request from
// then on. done ends the span; method and route are of closed sets.
func (t *Tracer) Request(r *http.Request) (ctx context.Context, done func(method, route, account string, code int)) {
	ctx, _ = t.remote(r.Context(), r.Header.Get("Traceparent"))
	ctx, span := t.tracer.Start(ctx, "request", trace.WithSpanKind(trace.SpanKindServer))
	return ctx, func(method, route, account string, code int) {
		if !span.IsRecording() {
			return
		}
		span.SetName(method + " " + route)
		span.SetAttributes(semconv.HTTPRequestMethodKey.String(method), semconv.HTTPRoute(route),
			semconv.HTTPResponseStatusCode(code), accountKey.String(account))
		if code >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, http.StatusText(code))
		}
		span.End()
	}
}

// Analyzer returns next with a span around each job that belongs to a trace.
func (t *Tracer) Analyzer(next jobs.Analyzer) jobs.Analyzer {
	if t == nil {
		return next
	}
	return analyzer{t, next}
}

type analyzer struct {
	*Tracer

	next jobs.Analyzer
}

// Analyze implements [jobs.Analyzer].
func (a analyzer) Analyze(ctx context.Context, task jobs.Task) (analysis.Result, error) {
	parent, ok := a.remote(ctx, task.Trace)
	if !ok {
		return a.next.Analyze(ctx, task)
	}
	ctx, span := a.tracer.Start(parent, "job", trace.WithSpanKind(trace.SpanKindConsumer), trace.WithAttributes(
		accountKey.String(task.Account), jobKey.String(task.JobID), conversationKey.String(task.ConversationID),
		attemptKey.Int(task.Attempt)))
	defer span.End()
	result, err := a.next.Analyze(ctx, task)
	if err != nil {
		span.SetStatus(codes.Error, err.Error())
	}
	return result, err
}

// Attempt begins the span of an attempt to deliver an event, if that belongs to
// a trace. It returns the event with what its receiver is to be told of that, and
// what ends the span.
func (t *Tracer) Attempt(ctx context.Context, e webhook.Event, number int) (webhook.Event, func(webhook.Result)) {
	if t == nil {
		return e, func(webhook.Result) {}
	}
	parent, ok := t.remote(ctx, e.Trace)
	if !ok {
		return e, func(webhook.Result) {}
	}
	ctx, span := t.tracer.Start(parent, "webhook "+e.Status, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		accountKey.String(e.Account), jobKey.String(e.JobID), conversationKey.String(e.ConversationID),
		eventKey.String(e.ID()), statusKey.String(e.Status), attemptKey.Int(number)))
	e.Trace = t.Traceparent(ctx)
	return e, func(r webhook.Result) {
		a := r.Attempt
		span.SetAttributes(outcomeKey.String(string(r.Outcome)), dnsKey.Float64(a.DNS), connectKey.Float64(a.Connect),
			tlsKey.Float64(a.TLS), firstByteKey.Float64(a.FirstByte))
		if a.Code != 0 {
			span.SetAttributes(semconv.HTTPResponseStatusCode(a.Code))
		}
		if r.Outcome != webhook.Delivered {
			span.SetStatus(codes.Error, a.Error)
		}
		span.End()
	}
}
