package edge

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/connections"
)

// An Exchange is one request and its one answer.
//
// The ServeMux gets it as the ResponseWriter, for two reasons. The routes get
// their exchange directly, and what the mux itself would answer (not found, wrong
// method, redirects) gets the form that every error has. So Write drops its data:
// answers are sent by [Exchange.answer] and [Exchange.refuse].
type Exchange struct {
	h       *Handler
	w       http.ResponseWriter
	Request *http.Request
	id      string
	began   time.Time
	traced  func(method, route, account string, code int) // nil if nothing is traced
	Account account.Account                               // known once authenticated

	operator bool // the request is an operator's, about the account

	leave    []func()       // give back the memory of [Exchange.Admit]
	turn     turn           // of what computes for long
	store    func(response) // caches a long answer that was sent whole; nil if it is not to be cached
	Body     []byte         // expanded; valid until the handler returns
	complete bool           // the body was read to its end

	waited  time.Duration   // for the store, before the handler was called
	reading context.Context //nolint:containedctx // of the request, with what it asks counted: see [Exchange.Reading]
	long    context.Context //nolint:containedctx // of long readings, while the handler runs: see [Handler.longContext]

	status int // of the answer; before that, the status that the mux wants to answer
	sent   bool
	early  bool  // the answer was sent before the body had arrived
	cause  error // of a 5xx, for the log alone
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
	x := &Exchange{h: h, w: w, Request: r, id: requestID(r.Header.Get("X-Request-Id")), began: time.Now()}
	if h.tracer != nil {
		var ctx context.Context
		ctx, x.traced = h.tracer.Request(r)
		x.Request = r.WithContext(ctx)
	}
	w.Header().Set("X-Request-Id", x.id)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	defer func() {
		panicked, sent := recover(), x.sent
		h.finish(x, panicked)
		if panicked != nil && sent {
			panic(http.ErrAbortHandler) // so that half an answer does not look complete
		}
		if x.early {
			h.discarder.discard(x)
		}
	}()
	if h.preflight(x) {
		return
	}
	if !h.redirects[x.Request.URL.Path] {
		x.Request = withoutSlash(x.Request)
	}
	h.mux.ServeHTTP(x, x.Request)
	if !x.sent {
		x.unrouted()
	}
}

// unrouted answers a request without a route, by the status that the mux chose.
func (x *Exchange) unrouted() {
	h := x.Header()
	h.Del("Location")
	h.Del("Content-Type") // of the text of the mux, which is not sent
	if x.status == http.StatusMethodNotAllowed {
		h.Set("Allow", h.Get("Allow")+", OPTIONS")
		if x.Request.Method == http.MethodOptions {
			x.answer(http.StatusNoContent, nil)
			return
		}
	}
	x.refuse(unrouted(x.status))
}

// protected serves a route to callers with a token. Their answers are private,
// and have to be revalidated.
func (h *Handler) protected(r Route) http.HandlerFunc {
	return h.serve(r, maxBody, func(x *Exchange) error {
		x.Header().Set("Cache-Control", "private, no-cache")
		err := h.authenticate(x, r)
		if err != nil {
			return err
		}
		connections.Known(x.Request.Context())
		if x.operator {
			return nil // what is looked after does not have its requests used up
		}
		return h.rates.admit(x.Account)
	})
}

// public serves a route to everybody. So it reads short bodies only, and not
// for long.
func (h *Handler) public(r Route) http.HandlerFunc {
	return h.serve(r, maxPublicBody, func(x *Exchange) error {
		_ = http.NewResponseController(x.w).SetReadDeadline(x.began.Add(strangerTime)) // not on a network that has none
		return nil
	})
}

// serve returns the steps that all routes have in common. The deadlines do not
// include the arrival of the body: that depends on the caller, and is bounded by
// the timeouts of [Handler.NewServer].
func (h *Handler) serve(r Route, most int64, admit func(*Exchange) error) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		x := w.(*Exchange)
		if err := admit(x); err != nil {
			x.refuse(err)
			return
		}
		if req.Method != http.MethodGet && req.Method != http.MethodHead {
			body := h.bodies.open(x.Account.ID)
			defer body.close()
			if err := x.receive(body, most); err != nil {
				x.refuse(err)
				return
			}
		}
		defer x.giveBack()
		if err := x.beginLong(); err != nil {
			x.refuse(err)
			return
		}
		x.readNames(r.Params)
		ctx, cancel := h.contexts(req.Context(), x)
		defer cancel()
		switch body, err := r.Handle(ctx, x); {
		case errors.Is(err, ErrNotModified):
			x.notModified()
		case errors.Is(err, ErrHeader):
			x.sendHeader(r.Status)
		case err != nil:
			x.refuse(err)
		default:
			x.answer(r.Status, body)
		}
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
