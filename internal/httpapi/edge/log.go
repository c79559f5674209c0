package edge

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

// finish ends every exchange: it answers after a panic, counts the request and
// writes its one log line.
func (h *Handler) finish(x *Exchange, panicked any) {
	var stack []byte
	left := x.status == errGone.Status // then the handler was ended for that
	if panicked != nil && !left {
		stack = debug.Stack()
		if !x.sent {
			x.refuse(errPanic)
		}
		x.status = http.StatusInternalServerError
	}
	took := time.Since(x.began)
	method, route := knownMethod(x.Request.Method), routeOf(x.Request.Pattern)
	if h.meter != nil {
		h.meter.HTTPRequest(route, method, x.status, took)
	}
	if x.traced != nil {
		x.traced(method, route, x.Account.ID, x.status)
	}

	ctx := context.WithoutCancel(x.Request.Context())
	level := h.levelOf(ctx, x)
	if !h.log.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("method", method),
		slog.String("route", route),
		slog.Int("code", x.status),
		slog.Duration("took", took),
		slog.String("account", x.Account.ID),
		slog.String("request_id", x.id),
	}
	if x.operator {
		attrs = append(attrs, slog.String("by", "operator"))
	}
	switch {
	case panicked != nil && panicked != any(http.ErrAbortHandler):
		attrs = append(attrs, slog.Any("panic", panicked), slog.String("stack", string(stack)))
	case x.cause != nil:
		attrs = append(attrs, slog.Any("err", x.cause))
	}
	h.log.LogAttrs(ctx, level, "request answered", attrs...)
}

// levelOf returns the level of an exchange's log line. Of the requests that are
// refused in an outage of the store, only the first is logged as an error. The
// end of the outage has a line of its own, with the number of refusals.
func (h *Handler) levelOf(ctx context.Context, x *Exchange) slog.Level {
	switch {
	case x.status == http.StatusServiceUnavailable && unavailable(x.cause):
		if !h.outage.refuse() {
			return slog.LevelDebug
		}
		return slog.LevelError
	case x.status >= http.StatusInternalServerError:
		return slog.LevelError
	case x.status >= http.StatusBadRequest:
		return slog.LevelInfo
	default:
		h.outage.answer(ctx, h.log)
		if x.operator && x.Request.Method != http.MethodGet && x.Request.Method != http.MethodHead {
			return slog.LevelInfo // what an operator does to an account is on record
		}
		return slog.LevelDebug
	}
}

// routeOf returns a pattern without its method.
func routeOf(pattern string) string {
	_, route, _ := strings.Cut(pattern, " ")
	return cmp.Or(route, "none")
}

func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodConnect, http.MethodOptions, http.MethodTrace:
		return method
	default:
		return "other"
	}
}
