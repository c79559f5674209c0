package edge

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rs/cors"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/cache"
	"github.com/turnwise/turnwise/internal/netpoll"
	"github.com/turnwise/turnwise/internal/quota"
)

// Accounts knows which account a token belongs to.
type Accounts interface {
	ByToken(token string) (account.Account, bool)
}

// ExpiringTokens knows the account of a token that expires. An unknown token is [account.ErrUnknownToken].
type ExpiringTokens interface {
	ByToken(ctx context.Context, token string) (account.Account, error)
}

// Meter counts requests. The route is a pattern, never a path, and the method
// one of HTTP's own or "other", so that the series stay few.
type Meter interface {
	HTTPRequest(route, method string, code int, took time.Duration)

	// AccountAsked counts a request to Redis for an account.
	AccountAsked(account string)
}

// A Tracer follows requests.
type Tracer interface {
	// Request is told that a request begins. It returns the context of the request
	// from then on, and a function to be called with how it was answered; method
	// and route are of closed sets, as for a [Meter].
	Request(r *http.Request) (ctx context.Context, done func(method, route, account string, code int))
}

// Options adjusts a [Handler]. The zero value is fit for production.
type Options struct {
	Timeout      time.Duration  // of everything behind a request; 8s if zero
	StoreTimeout time.Duration  // of that, for a store that does not answer; 1.7s if zero, Timeout at most
	Meter        Meter          // may be nil
	Tracer       Tracer         // nil if nothing is traced
	Tokens       ExpiringTokens // nil if no token expires
	Memory       int            // bytes that answers under way may take together, as estimated; 128 MiB if zero
	Origins      []string       // origins of pages that may call from a browser, or * for all
	Connections  int            // at once, of a server; 2,000 if zero
	Operators    Operators      // nil if there are none
	Turns        *quota.Quota   // of what computes for long, shared with what else an account has computed; half of the processors if nil
}

// A Handler answers the requests to a number of dialects. It is an
// [http.Handler].
type Handler struct {
	dialects     []Dialect
	accounts     Accounts
	tokens       ExpiringTokens // nil if no token expires
	operators    Operators      // nil if there are none
	log          *slog.Logger
	meter        Meter // may be nil
	tracer       Tracer
	timeout      time.Duration
	storeTimeout time.Duration
	mux          *http.ServeMux
	notOffered   *http.ServeMux // knows patterns, and answers nothing
	redirects    map[string]bool
	bodies       *bodies
	streams      sync.Pool // of *bufio.Writer
	gzipWriters  gzipWriters
	gzipReaders  sync.Pool // of *gzipReader
	discarder    *discarder
	responses    *cache.LRU[string, response]
	cors         *cors.Cors // nil if there are no origins
	outage       outage
	rates        rates
	admission    *admission
	turns        *quota.Quota // of what computes for long, see [newTurns]
	poll         func()       // lets others go on beside it
	connections  int          // of a server
}

// New returns a Handler for the dialects.
func New(accounts Accounts, dialects []Dialect, log *slog.Logger, opts Options) *Handler {
	h := &Handler{
		dialects:    dialects,
		accounts:    accounts,
		tokens:      opts.Tokens,
		operators:   opts.Operators,
		log:         log,
		meter:       opts.Meter,
		tracer:      opts.Tracer,
		timeout:     cmp.Or(opts.Timeout, 8*time.Second),
		bodies:      newBodies(),
		streams:     sync.Pool{New: newStreamBuffer},
		gzipReaders: sync.Pool{New: newGzipReader},
		discarder:   newDiscarder(),
		responses:   cache.NewLRU[string, response](cachedBytes),
		cors:        newCORS(opts.Origins),
		admission:   newAdmission(opts.Memory),
		turns:       cmp.Or(opts.Turns, newTurns()),
		poll:        netpoll.New().Poll,
		connections: cmp.Or(opts.Connections, 2000),
	}
	h.storeTimeout = min(cmp.Or(opts.StoreTimeout, 1700*time.Millisecond), h.timeout)
	h.mux, h.notOffered = h.routes(), notOffered(dialects)
	h.redirects = map[string]bool{}
	for _, d := range dialects {
		for _, r := range d.Redirects {
			h.redirects[strings.TrimSuffix(r.Path, "{$}")] = true
		}
	}
	return h
}

// routes returns the multiplexer of all that is served.
func (h *Handler) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for _, d := range h.dialects {
		for _, r := range d.Routes {
			mux.Handle(r.Pattern, h.protected(r))
		}
		for _, r := range d.Public {
			mux.Handle(r.Pattern, h.public(r))
		}
		for _, f := range d.Files {
			mux.HandleFunc("GET "+f.Path, h.file(f))
		}
		for _, r := range d.Redirects {
			mux.HandleFunc("GET "+r.Path, redirect(r))
		}
	}
	return mux
}

// Params lists the parameters of the query that each route reads, by its pattern.
// Routes without any are left out.
func (h *Handler) Params() map[string][]string {
	all := map[string][]string{}
	for _, d := range h.dialects {
		for _, r := range slices.Concat(d.Public, d.Routes) {
			if len(r.Params) > 0 {
				all[r.Pattern] = r.Params
			}
		}
	}
	return all
}

// Patterns lists the routes, each as "METHOD /path/{parameter}". Files and
// redirects are not among them.
func (h *Handler) Patterns() []string {
	var all []string
	for _, d := range h.dialects {
		for _, r := range slices.Concat(d.Public, d.Routes) {
			all = append(all, r.Pattern)
		}
	}
	return all
}
