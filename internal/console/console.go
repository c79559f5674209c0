package console

import (
	"cmp"
	"context"
	"iter"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/console/live"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/jobs/control"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/webhook"
	"github.com/turnwise/turnwise/internal/webhook/keyring"
)

// Root is where the console is.
const Root = "/console/"

// Accounts knows the accounts and their tokens.
type Accounts interface {
	ByToken(token string) (account.Account, bool)
	ByID(id string) (account.Account, bool)
	All() []account.Account
}

// Tokens knows the account of a token that expires, or [account.ErrUnknownToken].
type Tokens interface {
	ByToken(ctx context.Context, token string) (account.Account, error)
}

// Jobs accepts appends, with the errors of package jobs.
type Jobs interface {
	Submit(ctx context.Context, a jobs.Append) (jobs.Receipt, error)
}

// Control lists jobs and counts them, shows all that is known of one, lists lanes, and
// takes a hand in both, with the errors of packages jobs and lane.
type Control interface {
	List(ctx context.Context, account string, q jobs.Query) (jobs.Page, error)
	ListAll(ctx context.Context, q jobs.Query) (page jobs.Page, accounts []string, err error)
	Count(ctx context.Context, account string) (jobs.Counts, error)
	CountOf(ctx context.Context, accounts []string) (jobs.Counts, error)
	Show(ctx context.Context, account, id string) (control.Detail, error)
	Cancel(ctx context.Context, account, id string) (control.Detail, error)
	Retry(ctx context.Context, account, id string) (jobs.Receipt, error)
	Lanes(ctx context.Context, account string, q lane.Query) (lane.Page, error)
	LanesOfAll(ctx context.Context, q lane.Query) (page lane.Page, accounts []string, err error)
	Steer(ctx context.Context, account, id string, what lane.Action) (lane.View, error)
}

// Conversations reads what is stored of an account's conversations. An unknown one is
// [jobs.ErrUnknownConversation].
type Conversations interface {
	Conversation(ctx context.Context, account, id string) (conversation.Conversation, error)
	EachMessage(ctx context.Context, account, id string, from int) iter.Seq2[conversation.Message, error]
	EachInsight(ctx context.Context, account, id string, from int) iter.Seq2[analysis.Insight, error]
	List(ctx context.Context, account string, q query.Query) (query.Page, error)
	WithMembers(ctx context.Context, account string, page []conversation.Conversation) iter.Seq2[conversation.Conversation, error]
}

// Digests summarizes conversations as a whole.
type Digests interface {
	Topics(ctx context.Context, account string, c conversation.Conversation, vocabulary []string) (digest.Topics, error)
	Summary(ctx context.Context, account string, c conversation.Conversation) (digest.Summary, error)
}

// Webhooks looks at deliveries and takes a hand in them. What is unknown is one of the
// errors of package webhook.
type Webhooks interface {
	Deliveries(ctx context.Context, account string, q webhook.DeliveryQuery) (page []webhook.Delivery, cursor string, err error)
	Delivery(ctx context.Context, account, id string) (webhook.Delivery, error)
	ResendOne(ctx context.Context, account, id string) (webhook.Delivery, error)
	Endpoints(ctx context.Context, account string) ([]webhook.EndpointState, error)
	Endpoint(ctx context.Context, account, id string) (webhook.EndpointState, error)
	Pause(ctx context.Context, account, id string, pause bool) (webhook.EndpointState, error)
	Start(ctx context.Context, r webhook.Resend) (webhook.Resend, error)
	Resends(ctx context.Context, account string) ([]webhook.Resend, error)
	Progress(ctx context.Context, account, id string) (webhook.Resend, error)
	Cancel(ctx context.Context, account, id string) (webhook.Resend, error)
	Test(ctx context.Context, account, url string) (webhook.Event, error)
}

// Secrets has what the webhooks of accounts are signed with, with the errors of
// package keyring.
type Secrets interface {
	List(ctx context.Context, account string) ([]keyring.Info, error)
	Rotate(ctx context.Context, account string, scheme webhook.Scheme, overlap time.Duration) (keyring.Made, error)
	End(ctx context.Context, account, id string) error
}

// Addresses judges where webhooks are to go, before any look-up. The error is what is
// left of a sentence that begins with the name of the field.
type Addresses interface{ CheckURL(url string) error }

// Deps are what a [Console] shows and does. All but Tokens and Addresses are required.
type Deps struct {
	Accounts      Accounts
	Tokens        Tokens // nil if no token expires
	Jobs          Jobs
	Control       Control
	Conversations Conversations
	Digests       Digests
	Webhooks      Webhooks
	Secrets       Secrets
	Addresses     Addresses // nil if any will do
	System        System
}

// A Meter counts requests. The route is a pattern, never a path.
type Meter interface {
	HTTPRequest(route, method string, code int, took time.Duration)
}

// Options adjusts a [Console]. The zero value is fit for production, but for Key.
type Options struct {
	// Key is what the cookies of sessions are sealed with, the same in all processes
	// of one service: 32 bytes that nobody can guess.
	Key [32]byte

	Operator string        // token that opens all accounts; nobody has one if empty
	Session  time.Duration // how long one lasts; 12h if zero
	Version  string        // of the program, which is shown
	Gap      string        // what becomes of events behind one that is given up, of accounts that do not say
	Meter    Meter         // may be nil
	Live     live.Options
}

// A Console serves the pages. It is an [http.Handler] for what is below [Root].
type Console struct {
	Deps

	opts    Options
	log     *slog.Logger
	pages   pages
	hub     *live.Hub
	seal    *sealer
	single  *tickets
	guesses *guesses
	handler http.Handler

	sampler  sampler
	accounts sync.Map // *accountState by account
	history  *history
	counted  counted            // of all accounts
	once     singleflight.Group // additions to conversations
}

// New returns a Console. Close ends what is live in it.
func New(deps Deps, log *slog.Logger, opts Options) (*Console, error) {
	opts.Session = cmp.Or(opts.Session, 12*time.Hour)
	c := &Console{Deps: deps, opts: opts, log: log, hub: live.NewHub(opts.Live), single: newTickets(), guesses: newGuesses(), history: newHistory()}
	c.sampler.system = deps.System
	var err error
	if c.pages, err = parsePages(opts.Version); err != nil {
		return nil, err
	}
	if c.seal, err = newSealer(opts.Key); err != nil {
		return nil, err
	}
	c.handler = c.guarded(c.routes())
	return c, nil
}

// Close ends the streams of live pages, so that a server can be shut down.
func (c *Console) Close() { c.hub.Close() }

// ServeHTTP implements [http.Handler].
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.handler.ServeHTTP(w, r) }

// routes returns all that is served. {account} is checked by [Console.serve], so no
// handler sees a request for an account that the session does not open. What is below
// [allBase] is the operator's.
func (c *Console) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /console/assets/{file}", c.asset)
	mux.HandleFunc("GET /console/{$}", c.home)
	mux.HandleFunc("GET /console/sign-in", c.signInPage)
	mux.HandleFunc("POST /console/sign-in", c.signIn)
	mux.HandleFunc("POST /console/sign-out", c.signOut)
	mux.HandleFunc("/console/", func(w http.ResponseWriter, r *http.Request) {
		x := &exchange{w: w, r: r}
		if s, err := c.session(r); err == nil {
			x.session = s
		}
		c.refuse(x, errNothing)
	})
	for _, group := range c.groups() {
		for _, r := range group {
			mux.HandleFunc(r.method+" /console/a/{account}"+r.path, c.serve("/console/a/{account}", c.enter, r))
		}
	}
	for _, r := range c.allRoutes() {
		mux.HandleFunc(r.method+" "+allBase+r.path, c.serve(allBase, c.enterAll, r))
	}
	return mux
}

// groups returns the routes of an account's.
func (c *Console) groups() [][]route {
	return [][]route{c.overviewRoutes(), c.conversationRoutes(), c.jobRoutes(), c.laneRoutes(), c.webhookRoutes(), c.secretRoutes(), c.settingsRoutes()}
}

// A route is a page, a stream or an action of an account's.
type route struct {
	method string
	path   string // below the account's
	action string // what is done, for the log; empty for what only shows
	handle func(*exchange) error
}

func page(path string, handle func(*exchange) error) route {
	return route{http.MethodGet, path, "", handle}
}

func action(path, name string, handle func(*exchange) error) route {
	return route{http.MethodPost, path, name, handle}
}
