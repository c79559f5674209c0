package httpapi

import (
	"bytes"
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/rs/cors"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/cache"
	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/webhook"
)

// Jobs accepts appends and answers for them, with the errors of package jobs.
type Jobs interface {
	Submit(ctx context.Context, a jobs.Append) (jobs.Receipt, error)
	Job(ctx context.Context, account, id string) (jobs.Job, error)
}

// Conversations reads what is stored of an account's conversations. An unknown
// one is [jobs.ErrUnknownConversation].
type Conversations interface {
	Conversation(ctx context.Context, account, id string) (conversation.Conversation, error)
	Messages(ctx context.Context, account, id string) ([]conversation.Message, error)
	Insights(ctx context.Context, account, id string) ([]analysis.Insight, error)
	// List returns [query.ErrTooBroad] if the query cannot be answered within
	// the bounds of one request.
	List(ctx context.Context, account string, q query.Query) (query.Page, error)
}

// Digests tells what conversations are about as a whole.
type Digests interface {
	Topics(ctx context.Context, account string, c conversation.Conversation, vocabulary []string) (digest.Topics, error)
	Summary(ctx context.Context, account string, c conversation.Conversation) (digest.Summary, error)
	// UsesModels says which of both a model has a say in: these may differ from
	// one time to the next, also of one version.
	UsesModels() (topics, summary bool)
}

// Editor changes conversations and deletes them, with the errors of packages
// edit and jobs.
type Editor interface {
	Update(ctx context.Context, t edit.Target, c edit.Change) (conversation.Conversation, error)
	UpdateMember(ctx context.Context, t edit.Target, memberID string, as conversation.Speaker) error
	Attribute(ctx context.Context, t edit.Target, events []edit.SpeakerEvent) error
	Delete(ctx context.Context, t edit.Target) error
}

// ExternalIDs knows conversations by the ids that callers have for them.
type ExternalIDs interface {
	// BindExternalID binds an external id to a conversation, which the caller
	// makes under the id returned unless it has done so before: the same
	// request, as its fingerprint tells, gets the same id. It returns
	// [edit.ErrExternalIDTaken] if the conversation of another request has the
	// external id, and [edit.ErrContended] if it may be about to.
	BindExternalID(ctx context.Context, account, externalID, fingerprint string) (id string, err error)
	// ByExternalID returns [jobs.ErrUnknownConversation] if there is none.
	ByExternalID(ctx context.Context, account, externalID string) (id string, err error)
}

// Attempts reads how the webhooks of a job went, the oldest attempt first. An
// unknown job is [jobs.ErrNotFound].
type Attempts interface {
	Attempts(ctx context.Context, account, jobID string) ([]webhook.Attempt, error)
}

// Accounts knows whose token it is.
type Accounts interface {
	ByToken(token string) (account.Account, bool)
}

// Meter counts requests. The route is a pattern, never a path, and the method
// one of HTTP's own or "other", so that the series stay few.
type Meter interface {
	HTTPRequest(route, method string, code int, took time.Duration)
}

// Deps is what an [API] stands on. All fields are required.
type Deps struct {
	Jobs          Jobs
	Conversations Conversations
	Editor        Editor
	ExternalIDs   ExternalIDs
	Digests       Digests
	Attempts      Attempts
	Accounts      Accounts
	Catalog       *catalog.Catalog
}

// Options adjusts an [API]. The zero value is fit for production.
type Options struct {
	Timeout  time.Duration // of everything behind a request; 8s if zero
	Patience time.Duration // of that, for a store that does not answer; 1.7s if zero, Timeout at most
	Meter    Meter         // may be nil
	Tokens   Tokens        // nil if there are no applications
	Slots    Slots         // nil if no account has a limit
	Origins  []string      // whose pages may call from a browser, or * for all
}

// An API answers HTTP requests. It is an [http.Handler].
type API struct {
	deps     Deps
	log      *slog.Logger
	meter    Meter
	timeout  time.Duration
	patience time.Duration
	mux      *http.ServeMux
	bodies   sync.Pool // of *bytes.Buffer
	zip      *zipper
	sink     *sink
	ready    *cache.LRU[string, ready]
	tokens   Tokens
	slots    Slots      // may be nil
	cors     *cors.Cors // nil if there are no origins
	outage   outage
}

// New returns an API over what deps hold.
func New(deps Deps, log *slog.Logger, opts Options) *API {
	a := &API{
		deps:    deps,
		log:     log,
		meter:   opts.Meter,
		timeout: cmp.Or(opts.Timeout, 8*time.Second),
		bodies:  sync.Pool{New: func() any { return new(bytes.Buffer) }},
		zip:     newZipper(),
		sink:    newSink(),
		ready:   cache.NewLRU[string, ready](mostReady),
		tokens:  opts.Tokens,
		slots:   opts.Slots,
		cors:    newCORS(opts.Origins),
	}
	if a.meter == nil {
		a.meter = silent{}
	}
	if a.tokens == nil {
		a.tokens = noTokens{}
	}
	a.patience = min(cmp.Or(opts.Patience, 1700*time.Millisecond), a.timeout)
	a.mux = a.routes()
	return a
}

type silent struct{}

func (silent) HTTPRequest(string, string, int, time.Duration) {}
