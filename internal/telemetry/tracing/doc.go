// Package tracing follows an append through all processes that work on it, as
// one trace of OpenTelemetry:
//
//	POST /v1/process/text          the request, or a child of the caller's span
//	├─ job                         each attempt at the job, in whichever process
//	└─ webhook completed           each attempt to deliver one of its events
//	   └─ the receiver's own spans, if it reads the header traceparent
//
// What joins them is the header traceparent of W3C, which is kept with the job
// and sent to the receiver. A job whose request is not sampled has none, costs
// nothing, and none of its parts is traced.
//
// There is no trace at all unless an OTLP endpoint is configured, by the
// standard variables of OpenTelemetry, see [Open]. A nil [Tracer] does nothing.
package tracing
