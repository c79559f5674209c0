package edge

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/turnwise/turnwise/internal/account"
)

// An Exchange is one request and its one answer.
//
// It is handed to the ServeMux as the ResponseWriter, which serves two ends:
// endpoints get their exchange without a detour, and what the mux itself would
// answer (not found, wrong method, redirects) is caught and put in the form
// that every error has. Hence Write drops what it is given; answers go out
// through [Exchange.answer] and [Exchange.refuse].
type Exchange struct {
	h       *Handler
	w       http.ResponseWriter
	Request *http.Request
	id      string
	began   time.Time
	Account account.Account // known once authenticated

	store     func(response) // a long answer that goes out whole; nil if it is not to be kept
	namesGzip bool           // the caller names an answer that was compressed
	Body      []byte         // expanded; valid until the endpoint returns
	complete  bool           // the body, to its end

	waited time.Duration   // for the store, before the endpoint was called
	long   context.Context //nolint:containedctx // of long readings, while the endpoint runs: see [API.lasting]

	status int // what was answered; before that, what the mux wants to answer
	sent   bool
	early  bool  // the answer went out before the body had arrived
	cause  error // behind a 5xx, for the log alone
}

// Header returns the headers of the answer.
func (x *Exchange) Header() http.Header { return x.w.Header() }

// Write implements [http.ResponseWriter] for the mux alone: it drops p.
func (x *Exchange) Write(p []byte) (int, error) { return len(p), nil }

// WriteHeader implements [http.ResponseWriter] for the mux alone: it notes the
// status.
func (x *Exchange) WriteHeader(status int) { x.status = status }

// ServeHTTP implements [http.Handler].
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &Exchange{h: h, w: w, Request: withoutSuffix(r), id: requestID(r.Header.Get("X-Request-Id")), began: time.Now()}
	x.namesGzip = x.Request != r
	w.Header().Set("X-Request-Id", x.id)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	defer func() {
		panicked, sent := recover(), x.sent
		h.finish(x, panicked)
		if panicked != nil && sent {
			panic(http.ErrAbortHandler) // half an answer must not pass for a whole one
		}
		if x.early {
			h.discarder.discard(x)
		}
	}()
	if h.preflight(x) {
		return
	}
	h.mux.ServeHTTP(x, x.Request)
	if !x.sent {
		x.unrouted()
	}
}

// unrouted answers what has no endpoint, as the mux left it. It redirects
// paths that are not in canonical form; here they are unknown.
func (x *Exchange) unrouted() {
	h := x.Header()
	h.Del("Location")
	h.Del("Content-Type") // of the text that is not sent
	if x.status == http.StatusMethodNotAllowed {
		h.Set("Allow", h.Get("Allow")+", OPTIONS")
		if x.Request.Method == http.MethodOptions {
			x.answer(http.StatusNoContent, nil)
			return
		}
	}
	x.refuse(unrouted(x.status))
}

// protected serves a route to those who have a token. What they get is theirs
// alone, and may have changed the next time.
func (h *Handler) protected(r Route) http.HandlerFunc {
	return h.endpoint(r, maxBody, func(x *Exchange) error {
		x.Header().Set("Cache-Control", "private, no-cache")
		return h.authenticate(x)
	})
}

// public serves a route to everybody, hence with little patience for bodies.
func (h *Handler) public(r Route) http.HandlerFunc {
	return h.endpoint(r, maxPublicBody, func(*Exchange) error { return nil })
}

// endpoint wraps a route with what all have in common. The deadlines cover
// what is done for the caller, but not the arrival of the body: that one is up
// to the caller, and bounded by the timeouts of [Handler.NewServer].
func (h *Handler) endpoint(r Route, most int64, admit func(*Exchange) error) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		x := w.(*Exchange)
		if err := admit(x); err != nil {
			x.refuse(err)
			return
		}
		if req.Method != http.MethodGet && req.Method != http.MethodHead {
			buf := h.bodies.Get().(*bytes.Buffer)
			defer h.bodies.Put(buf)
			if err := x.receive(buf, most); err != nil {
				x.refuse(err)
				return
			}
		}
		lasting, end := h.longContext(req.Context())
		defer end()
		ctx, cancel := h.storeContext(req.Context(), x)
		defer cancel()
		x.long = lasting
		switch body, err := r.Handle(ctx, x); {
		case errors.Is(err, ErrNotModified):
			x.notModified()
		case err != nil:
			x.refuse(err)
		default:
			x.answer(r.Status, body)
		}
	}
}

// answer sends body as JSON, or nothing if it is nil. Text that was stored
// long ago is sent as it is, were it broken: the reader is helped by no error.
// Equal bodies are sent as equal bytes, as their ETags promise.
func (x *Exchange) answer(status int, body any) {
	if body == nil {
		x.send(status, nil)
		return
	}
	if x.matchesTag(status, x.Header().Get("ETag")) {
		x.notModified()
		return
	}
	x.Header().Set("Content-Type", "application/json; charset=utf-8")
	if known, ok := body.(response); ok {
		x.sendCached(known)
		return
	}
	out := x.h.gzip.begin(x, status)
	defer x.h.gzip.end(out)
	if err := json.MarshalWrite(out, body, jsontext.AllowInvalidUTF8(true), json.Deterministic(true)); err != nil {
		out.fail(err)
		return
	}
	out.finish()
}

// send sends an answer as a whole, compressed if that is of use and welcome,
// unless the caller has it already.
func (x *Exchange) send(status int, data []byte) {
	h := x.Header()
	known := x.matchesTag(status, h.Get("ETag"))
	zipped := x.encode(len(data))
	switch {
	case known:
		status, data = http.StatusNotModified, nil
		h.Del("Content-Type")
		h.Del("Content-Encoding")
	case zipped:
		var err error
		if data, err = x.h.gzip.compress(data); err != nil {
			h.Del("Content-Encoding")
			x.refuse(err)
			return
		}
	}
	if status != http.StatusNoContent && status != http.StatusNotModified {
		h.Set("Content-Length", strconv.Itoa(len(data)))
	}
	x.begin(status)
	if len(data) > 0 {
		_, _ = x.w.Write(data) // a caller who has gone is no error of ours
	}
}

// begin sends the header of the answer.
func (x *Exchange) begin(status int) {
	x.status, x.sent = status, true
	x.prepareEarly(status)
	x.w.WriteHeader(status)
}

// refuse answers err, as [refusalOf] has it.
func (x *Exchange) refuse(err error) {
	r := refusalOf(err)
	if _, ours := errors.AsType[*Refusal](err); !ours && x.Request.Context().Err() != nil {
		r = errGone // hung up: that, not a failing store, is why it went wrong
	}
	if r.Status >= http.StatusInternalServerError {
		x.cause = err
	}
	if r.RetryAfter {
		x.Header().Set("Retry-After", "1")
	}
	if r.Status == http.StatusUnauthorized {
		x.Header().Set("WWW-Authenticate", "Bearer")
	}
	x.Header().Del("ETag") // it is not that of a refusal
	x.answer(r.Status, x.h.errorBody(x.Request.URL.Path, r))
}

// finish ends every exchange: it answers for a panic, counts the request and
// writes its one log line.
func (h *Handler) finish(x *Exchange, panicked any) {
	var stack []byte
	if panicked != nil {
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
	switch {
	case panicked != nil && panicked != any(http.ErrAbortHandler):
		attrs = append(attrs, slog.Any("panic", panicked), slog.String("stack", string(stack)))
	case x.cause != nil:
		attrs = append(attrs, slog.Any("err", x.cause))
	}
	h.log.LogAttrs(ctx, level, "request answered", attrs...)
}

// levelOf returns the level of an exchange's line. Of the requests that an
// outage of the store has refused, the first one is an error, and its end has
// a line of its own with the number of the others.
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
		return slog.LevelDebug
	}
}

// routeOf takes the method off a pattern.
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

// requestID returns the caller's id of the request if it is fit to be logged,
// else a random one.
func requestID(given string) string {
	if given == "" || len(given) > maxID {
		return rand.Text()
	}
	for _, c := range []byte(given) {
		switch {
		case '0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', strings.IndexByte("._:-", c) >= 0:
		default:
			return rand.Text()
		}
	}
	return given
}
