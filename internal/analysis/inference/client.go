package inference

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/sashabaranov/go-openai"
	"github.com/sony/gobreaker/v2"
	"golang.org/x/sync/semaphore"
)

// Options adjusts a [Client]. Without more than a URL it is fit for production.
type Options struct {
	URL            string // of the API with its version, as in http://127.0.0.1:11434/v1
	Key            string // none if empty
	EmbeddingModel string
	ChatModel      string
	Timeout        time.Duration     // of a call, with the wait for a slot; 30s if zero
	Concurrency    int               // calls in flight at once; 8 if zero
	Memory         int               // bytes that the cached vectors may take; 32 MiB if zero
	Transport      http.RoundTripper // one that keeps a connection per slot if nil
	Meter          Meter             // may be nil
}

// A Meter is told of every call.
type Meter interface {
	ModelCalled(k Kind, o Outcome, took time.Duration)
}

// A Kind is what a model is called for.
type Kind string

// The kinds of calls.
const (
	Embed Kind = "embed" // vectors of texts
	Chat  Kind = "chat"  // an answer to a question
)

// Kinds lists every [Kind].
func Kinds() []Kind { return []Kind{Embed, Chat} }

// A Client calls the models of one server.
type Client struct {
	opts     Options
	api      *openai.Client
	slots    *semaphore.Weighted
	breakers map[Kind]*gobreaker.CircuitBreaker[struct{}]
	cache    vectorCache
}

// When a server is left alone, and for how long.
const (
	mostFailures = 5 // in a row
	rest         = 10 * time.Second
)

// New returns a Client. It calls nobody yet.
func New(opts Options) *Client {
	opts.Timeout = cmp.Or(opts.Timeout, 30*time.Second)
	opts.Concurrency = cmp.Or(opts.Concurrency, 8)
	opts.Memory = cmp.Or(opts.Memory, 32<<20)
	api := openai.DefaultConfig(opts.Key)
	api.BaseURL = opts.URL
	api.HTTPClient = newGuardedClient(opts.Transport, opts.Concurrency)
	c := &Client{
		opts:     opts,
		api:      openai.NewClientWithConfig(api),
		slots:    semaphore.NewWeighted(int64(opts.Concurrency)),
		breakers: map[Kind]*gobreaker.CircuitBreaker[struct{}]{},
		cache:    newVectorCache(opts.Memory),
	}
	for _, k := range Kinds() {
		c.breakers[k] = gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
			Timeout:      rest,
			ReadyToTrip:  func(n gobreaker.Counts) bool { return n.ConsecutiveFailures >= mostFailures },
			IsSuccessful: func(err error) bool { return !helpless(err) },
			IsExcluded:   func(err error) bool { return OutcomeOf(err) == Canceled },
		})
	}
	return c
}

// call makes one call, unless the server is left alone.
func (c *Client) call(ctx context.Context, k Kind, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, c.opts.Timeout)
	defer cancel()
	began := time.Now()
	err := c.inSlot(ctx, func() error {
		_, err := c.breakers[k].Execute(func() (struct{}, error) { return struct{}{}, c.failed(ctx, do(ctx)) })
		return err
	})
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		err = &Error{Outcome: Skipped, text: fmt.Sprintf("the model server is left alone for %v, as %d calls in a row failed", rest, mostFailures)}
	}
	if c.opts.Meter != nil {
		c.opts.Meter.ModelCalled(k, OutcomeOf(err), time.Since(began))
	}
	return err
}

// inSlot calls do when there is a slot for it. A wait for one says nothing about
// the server, and a call that is left with a tenth of its time would not either.
func (c *Client) inSlot(ctx context.Context, do func() error) error {
	deadline, _ := ctx.Deadline()
	enough := time.Until(deadline) / 10
	err := c.slots.Acquire(ctx, 1)
	if err == nil {
		defer c.slots.Release(1)
		if time.Until(deadline) > enough {
			return do()
		}
	}
	if errors.Is(err, context.Canceled) {
		return c.failed(ctx, err)
	}
	return &Error{Outcome: Busy, text: fmt.Sprintf("none of the %d calls at once was over within %v", c.opts.Concurrency, c.opts.Timeout), cause: err}
}

// failed tells why a call came to nothing, if it did.
func (c *Client) failed(ctx context.Context, cause error) error {
	known, ok := errors.AsType[*Error](cause)
	switch {
	case cause == nil:
		return nil
	case errors.Is(ctx.Err(), context.Canceled):
		return &Error{Outcome: Canceled, text: "the call of the model server was given up", cause: ctx.Err()}
	case ctx.Err() != nil:
		return &Error{Outcome: Timeout, text: fmt.Sprintf("the model server did not answer within %v", c.opts.Timeout), cause: ctx.Err()}
	case ok:
		return known
	default: // the decoder's
		return &Error{Outcome: Invalid, text: "the model server's answer is not of the form that the API documents", cause: cause}
	}
}

// helpless reports whether a call failed because of how the server is, and not
// because of what it was asked.
func helpless(err error) bool {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return false
	}
	return e.Outcome == Timeout || e.Outcome == Unreachable || e.status == http.StatusTooManyRequests || e.status/100 == 5
}
