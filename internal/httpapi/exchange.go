package httpapi

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

// An exchange is one request and its one answer.
//
// It is handed to the ServeMux as the ResponseWriter, which serves two ends:
// endpoints get their exchange without a detour, and what the mux itself would
// answer (not found, wrong method, redirects) is caught and put in the form
// that every error has. Hence Write drops what it is given; answers go out
// through [exchange.answer] and [exchange.refuse].
type exchange struct {
	w       http.ResponseWriter
	r       *http.Request
	zip     *zipper
	id      string
	began   time.Time
	account account.Account // known once authenticated

	keep      func(ready) // a long answer that goes out whole; nil if it is not to be kept
	hasZipped bool        // the caller names an answer that was compressed
	body      []byte      // expanded; valid until the endpoint returns
	arrived   bool        // the body, to its end

	waited  time.Duration   // for the store, before the endpoint was called
	lasting context.Context //nolint:containedctx // of long readings, while the endpoint runs: see [API.lasting]

	status int // what was answered; before that, what the mux wants to answer
	sent   bool
	parted bool  // the answer went out before the body had arrived
	cause  error // behind a 5xx, for the log alone
}

func (x *exchange) Header() http.Header         { return x.w.Header() }
func (x *exchange) Write(p []byte) (int, error) { return len(p), nil }
func (x *exchange) WriteHeader(status int)      { x.status = status }

// ServeHTTP implements [http.Handler].
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &exchange{w: w, r: untagged(r), zip: a.zip, id: requestID(r.Header.Get("X-Request-Id")), began: time.Now()}
	x.hasZipped = x.r != r
	w.Header().Set("X-Request-Id", x.id)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	defer func() {
		panicked, sent := recover(), x.sent
		a.finish(x, panicked)
		if panicked != nil && sent {
			panic(http.ErrAbortHandler) // half an answer must not pass for a whole one
		}
		if x.parted {
			a.sink.swallow(x)
		}
	}()
	if a.preflight(x) {
		return
	}
	a.mux.ServeHTTP(x, x.r)
	if !x.sent {
		x.unrouted()
	}
}

// unrouted answers what has no endpoint, as the mux left it. It redirects
// paths that are not in canonical form; here they are unknown.
func (x *exchange) unrouted() {
	h := x.Header()
	h.Del("Location")
	h.Del("Content-Type") // of the text that is not sent
	if x.status == http.StatusMethodNotAllowed {
		h.Set("Allow", h.Get("Allow")+", OPTIONS")
		if x.r.Method == http.MethodOptions {
			x.answer(http.StatusNoContent, nil)
			return
		}
	}
	x.refuse(unrouted(x.status))
}

// protected serves a route to those who have a token. What they get is theirs
// alone, and may have changed the next time.
func (a *API) protected(r route) http.HandlerFunc {
	return a.endpoint(r, maxBody, func(x *exchange) error {
		x.Header().Set("Cache-Control", "private, no-cache")
		return a.authenticate(x)
	})
}

// public serves a route to everybody, hence with little patience for bodies.
func (a *API) public(r route) http.HandlerFunc {
	return a.endpoint(r, maxPublicBody, func(*exchange) error { return nil })
}

// endpoint wraps a route with what all have in common. The deadlines cover
// what is done for the caller, but not the arrival of the body: that one is up
// to the caller, and bounded by the timeouts of [API.NewServer].
func (a *API) endpoint(r route, most int64, admit func(*exchange) error) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		x := w.(*exchange)
		if err := admit(x); err != nil {
			x.refuse(err)
			return
		}
		if req.Method != http.MethodGet && req.Method != http.MethodHead {
			buf := a.bodies.Get().(*bytes.Buffer)
			defer a.bodies.Put(buf)
			if err := x.receive(buf, most); err != nil {
				x.refuse(err)
				return
			}
		}
		lasting, end := a.lasting(req.Context())
		defer end()
		ctx, cancel := a.soon(req.Context(), x)
		defer cancel()
		x.lasting = lasting
		switch body, err := r.run(ctx, x); {
		case errors.Is(err, errCurrent):
			x.confirm()
		case err != nil:
			x.refuse(err)
		default:
			x.answer(r.status, body)
		}
	}
}

// answer sends body as JSON, or nothing if it is nil. Text that was stored
// long ago is sent as it is, were it broken: the reader is helped by no error.
// Equal bodies are sent as equal bytes, as their ETags promise.
func (x *exchange) answer(status int, body any) {
	if body == nil {
		x.send(status, nil)
		return
	}
	if x.unchanged(status, x.Header().Get("ETag")) {
		x.confirm()
		return
	}
	x.Header().Set("Content-Type", "application/json; charset=utf-8")
	if known, ok := body.(ready); ok {
		x.repeat(known)
		return
	}
	out := x.zip.flow(x, status)
	defer x.zip.end(out)
	if err := json.MarshalWrite(out, body, jsontext.AllowInvalidUTF8(true), json.Deterministic(true)); err != nil {
		out.fail(err)
		return
	}
	out.finish()
}

// send sends an answer as a whole, compressed if that is of use and welcome,
// unless the caller has it already.
func (x *exchange) send(status int, data []byte) {
	h := x.Header()
	known := x.unchanged(status, h.Get("ETag"))
	zipped := x.negotiate(len(data))
	switch {
	case known:
		status, data = http.StatusNotModified, nil
		h.Del("Content-Type")
		h.Del("Content-Encoding")
	case zipped:
		var err error
		if data, err = x.zip.zip(data); err != nil {
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
func (x *exchange) begin(status int) {
	x.status, x.sent = status, true
	x.parting(status)
	x.w.WriteHeader(status)
}

// refuse answers err, as [refusalOf] has it.
func (x *exchange) refuse(err error) {
	r := refusalOf(err)
	if _, ours := errors.AsType[*refusal](err); !ours && x.r.Context().Err() != nil {
		r = errGone // hung up: that, not a failing store, is why it went wrong
	}
	if r.status >= http.StatusInternalServerError {
		x.cause = err
	}
	if r.retryAfter {
		x.Header().Set("Retry-After", "1")
	}
	if r.status == http.StatusUnauthorized {
		x.Header().Set("WWW-Authenticate", "Bearer")
	}
	x.Header().Del("ETag") // it is not that of a refusal
	x.answer(r.status, errorBody(x.r.URL.Path, r))
}

// finish ends every exchange: it answers for a panic, counts the request and
// writes its one log line.
func (a *API) finish(x *exchange, panicked any) {
	var stack []byte
	if panicked != nil {
		stack = debug.Stack()
		if !x.sent {
			x.refuse(errPanic)
		}
		x.status = http.StatusInternalServerError
	}
	took := time.Since(x.began)
	method, route := knownMethod(x.r.Method), routeOf(x.r.Pattern)
	a.meter.HTTPRequest(route, method, x.status, took)

	ctx := context.WithoutCancel(x.r.Context())
	level := a.levelOf(ctx, x)
	if !a.log.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("method", method),
		slog.String("route", route),
		slog.Int("code", x.status),
		slog.Duration("took", took),
		slog.String("account", x.account.ID),
		slog.String("request_id", x.id),
	}
	switch {
	case panicked != nil && panicked != any(http.ErrAbortHandler):
		attrs = append(attrs, slog.Any("panic", panicked), slog.String("stack", string(stack)))
	case x.cause != nil:
		attrs = append(attrs, slog.Any("err", x.cause))
	}
	a.log.LogAttrs(ctx, level, "request answered", attrs...)
}

// levelOf returns the level of an exchange's line. Of the requests that an
// outage of the store has refused, the first one is an error, and its end has
// a line of its own with the number of the others.
func (a *API) levelOf(ctx context.Context, x *exchange) slog.Level {
	switch {
	case x.status == http.StatusServiceUnavailable && unavailable(x.cause):
		if !a.outage.refuse() {
			return slog.LevelDebug
		}
		return slog.LevelError
	case x.status >= http.StatusInternalServerError:
		return slog.LevelError
	case x.status >= http.StatusBadRequest:
		return slog.LevelInfo
	default:
		a.outage.answer(ctx, a.log)
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
