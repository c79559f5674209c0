package tracing

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// tellEvery is how often it is told at most that spans are lost.
const tellEvery = time.Minute

// A told exporter tells a log of the spans that it could not send.
type told struct {
	sdktrace.SpanExporter

	log  *slog.Logger
	lost atomic.Int64 // since it was told last
	last atomic.Int64 // when that was, Unix nanoseconds
}

// ExportSpans implements [sdktrace.SpanExporter]. It returns no error: the SDK
// would hand that to what is global.
func (e *told) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	err := e.SpanExporter.ExportSpans(ctx, spans)
	if err == nil {
		return nil
	}
	lost, now, last := e.lost.Add(int64(len(spans))), time.Now().UnixNano(), e.last.Load()
	if now-last > int64(tellEvery) && e.last.CompareAndSwap(last, now) {
		e.lost.Add(-lost)
		e.log.LogAttrs(ctx, slog.LevelWarn, "traces lost", slog.Int64("spans", lost), slog.Any("err", err))
	}
	return nil
}
