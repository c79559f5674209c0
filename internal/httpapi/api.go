package httpapi

import (
	"log/slog"
	"time"

	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/httpapi/attention"
	"github.com/turnwise/turnwise/internal/httpapi/conversations"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/insights"
	"github.com/turnwise/turnwise/internal/httpapi/management"
	"github.com/turnwise/turnwise/internal/httpapi/operations"
	"github.com/turnwise/turnwise/internal/httpapi/symbl"
	"github.com/turnwise/turnwise/internal/httpapi/tokens"
	"github.com/turnwise/turnwise/internal/httpapi/webhooks"
	"github.com/turnwise/turnwise/internal/quota"
)

// Deps are what an [API] needs. All fields but Secrets are required.
type Deps struct {
	Jobs          symbl.Jobs
	Control       operations.Control
	Conversations conversations.Store
	Editor        symbl.Editor
	ExternalIDs   attention.ExternalIDs
	Digests       insights.Digests
	Attempts      webhooks.Attempts
	Webhooks      webhooks.Steering
	Secrets       webhooks.Secrets
	Accounts      edge.Accounts
	Catalog       *catalog.Catalog
}

// A Meter counts what an [API] does.
type Meter interface {
	edge.Meter
	tokens.Meter
}

// Options adjusts an [API]. The zero value is fit for production.
type Options struct {
	Timeout      time.Duration   // of everything behind a request; 8s if zero
	StoreTimeout time.Duration   // of that, for a store that does not answer; 1.7s if zero, Timeout at most
	Meter        Meter           // may be nil
	Tracer       edge.Tracer     // nil if nothing is traced
	Tokens       tokens.Tokens   // nil if there are no applications
	Slots        symbl.Slots     // nil if no account has a limit
	Addresses    symbl.Addresses // nil if webhooks may be asked for at any address
	ReadMemory   int             // bytes that answers under way may take together, as estimated; 128 MiB if zero
	Origins      []string        // origins of pages that may call from a browser, or * for all
	Connections  int             // at once, of a server; 2,000 if zero
	Version      string          // of the program, which its description shows
	Operators    edge.Operators  // nil if there are none
	Turns        *quota.Quota    // of what computes for long, shared with what else an account has computed; half of the processors if nil
}

// An API answers HTTP requests in all dialects. It is an [http.Handler].
type API struct{ *edge.Handler }

// New returns an API over deps.
func New(deps Deps, log *slog.Logger, opts Options) *API {
	return &API{edge.New(deps.Accounts, dialects(deps, log, opts), log, edge.Options{
		Timeout:      opts.Timeout,
		StoreTimeout: opts.StoreTimeout,
		Meter:        opts.Meter,
		Tracer:       opts.Tracer,
		Tokens:       opts.Tokens,
		Memory:       opts.ReadMemory,
		Origins:      opts.Origins,
		Connections:  opts.Connections,
		Operators:    opts.Operators,
		Turns:        opts.Turns,
	})}
}

// dialects lists everything that is served.
func dialects(deps Deps, log *slog.Logger, opts Options) []edge.Dialect {
	reader := conversations.Reader{Store: deps.Conversations}
	return []edge.Dialect{
		tokens.Dialect(deps.Accounts, opts.Tokens, log, opts.Meter),
		symbl.Dialect(symbl.Deps{
			Jobs: deps.Jobs, Conversations: reader, Editor: deps.Editor, Trackers: deps.Catalog.Trackers, Slots: opts.Slots, Addresses: opts.Addresses,
		}),
		insights.Dialect(reader, deps.Digests),
		management.Dialect(deps.Catalog, reader),
		attention.Dialect(attention.Deps{
			Jobs: deps.Jobs, Conversations: reader, Editor: deps.Editor, ExternalIDs: deps.ExternalIDs,
		}),
		webhooks.Dialect(webhooks.Deps{Attempts: deps.Attempts, Secrets: deps.Secrets, Steering: deps.Webhooks, Addresses: opts.Addresses}),
		operations.Dialect(deps.Control),
		description(opts.Version),
	}
}
