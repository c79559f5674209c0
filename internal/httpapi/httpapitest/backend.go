package httpapitest

import (
	"context"
	"iter"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/webhook"
)

// A Backend stands in for everything behind the API. The accounts "ann" and
// "bob" exist, their tokens are their names; the one job and the one
// conversation are ann's.
type Backend struct {
	Stored Stored

	Submitted []jobs.Append
	Edits     []Edit
	Listed    []query.Query

	Err     error // of every call
	Panics  bool
	Hangs   bool // until the deadline
	ByModel bool // of the digests: a model takes part in them

	Events []string // of which the webhooks of an account tell, where a submission does not choose

	mu sync.Mutex // guards what calls are noted in
}

// Stored is what a [Backend] answers.
type Stored struct {
	Job          jobs.Job
	Conversation conversation.Conversation
	Messages     []conversation.Message
	Insights     []analysis.Insight
	Topics       digest.Topics
	Summary      digest.Summary
	Attempts     []webhook.Attempt
	Page         query.Page // of every list
}

// NewBackend returns a Backend with a job that is in progress, and a
// conversation in which nothing was said.
func NewBackend() *Backend {
	return &Backend{Stored: Stored{
		Job:          jobs.Job{ID: JobID, Account: "ann", ConversationID: ConversationID, Status: jobs.InProgress},
		Conversation: conversation.Conversation{ID: ConversationID, Type: "meeting"},
	}}
}

// ByToken implements edge.Accounts.
func (b *Backend) ByToken(token string) (account.Account, bool) {
	return account.Account{ID: token, WebhookEvents: b.Events}, token == "ann" || token == "bob"
}

// fault returns the error of a call. It panics if the id could not exist: such
// ids must not reach a store, where they would become part of keys.
func (b *Backend) fault(ctx context.Context, id string) error {
	_, _, ok := jobs.ParseID(id)
	if id != "" && !ok && !conversation.ValidID(id) {
		panic("looked for the id " + id)
	}
	if b.Panics {
		panic("a bug")
	}
	if b.Hangs {
		<-ctx.Done()
		return ctx.Err()
	}
	return b.Err
}

// Submit implements symbl.Jobs.
func (b *Backend) Submit(ctx context.Context, a jobs.Append) (jobs.Receipt, error) {
	if err := b.fault(ctx, a.ConversationID); err != nil {
		return jobs.Receipt{}, err
	}
	if a.Check != nil {
		if err := a.Check(ctx); err != nil {
			return jobs.Receipt{}, err
		}
		a.Check = nil // functions cannot be compared
	}
	if a.ConversationID != "" && (a.Account != "ann" || a.ConversationID != ConversationID) {
		return jobs.Receipt{}, jobs.ErrUnknownConversation
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Submitted = append(b.Submitted, a)
	return jobs.Receipt{ConversationID: ConversationID, JobID: JobID}, nil
}

// Job implements symbl.Jobs.
func (b *Backend) Job(ctx context.Context, account, id string) (jobs.Job, error) {
	if err := b.fault(ctx, id); err != nil {
		return jobs.Job{}, err
	}
	if account != b.Stored.Job.Account || id != b.Stored.Job.ID {
		return jobs.Job{}, jobs.ErrNotFound
	}
	return b.Stored.Job, nil
}

// Attempts implements webhooks.Attempts.
func (b *Backend) Attempts(ctx context.Context, account, id string) ([]webhook.Attempt, error) {
	_, err := b.Job(ctx, account, id)
	return b.Stored.Attempts, err
}

// Conversation implements conversations.Store.
func (b *Backend) Conversation(ctx context.Context, account, id string) (conversation.Conversation, error) {
	if err := b.fault(ctx, id); err != nil {
		return conversation.Conversation{}, err
	}
	if account != "ann" || id != b.Stored.Conversation.ID {
		return conversation.Conversation{}, jobs.ErrUnknownConversation
	}
	return b.Stored.Conversation, nil
}

// EachMessage implements conversations.Store.
func (b *Backend) EachMessage(ctx context.Context, account, id string, from int) iter.Seq2[conversation.Message, error] {
	return func(yield func(conversation.Message, error) bool) {
		_, err := b.Conversation(ctx, account, id)
		yieldAll(yield, b.Stored.Messages, from, err)
	}
}

// MessagesAt implements conversations.Store.
func (b *Backend) MessagesAt(ctx context.Context, account, id string, at iter.Seq[int]) iter.Seq2[conversation.Message, error] {
	_, err := b.Conversation(ctx, account, id)
	return pickFrom(b.Stored.Messages, at, err)
}

// InsightsAt implements conversations.Store.
func (b *Backend) InsightsAt(ctx context.Context, account, id string, at iter.Seq[int]) iter.Seq2[analysis.Insight, error] {
	_, err := b.Conversation(ctx, account, id)
	return pickFrom(b.Stored.Insights, at, err)
}

func pickFrom[T any](all []T, at iter.Seq[int], err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for n := range at {
			if !yield(all[n], err) || err != nil {
				return
			}
		}
	}
}

// EachInsight implements conversations.Store.
func (b *Backend) EachInsight(ctx context.Context, account, id string, from int) iter.Seq2[analysis.Insight, error] {
	return func(yield func(analysis.Insight, error) bool) {
		_, err := b.Conversation(ctx, account, id)
		yieldAll(yield, b.Stored.Insights, from, err)
	}
}

func yieldAll[T any](yield func(T, error) bool, all []T, from int, err error) {
	if err != nil {
		var none T
		yield(none, err)
		return
	}
	for _, v := range all[min(from, len(all)):] {
		if !yield(v, nil) {
			return
		}
	}
}

// List implements conversations.Store.
func (b *Backend) List(ctx context.Context, _ string, q query.Query) (query.Page, error) {
	if err := b.fault(ctx, ""); err != nil {
		return query.Page{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Listed = append(b.Listed, q)
	return b.Stored.Page, nil
}

// WithMembers implements conversations.Store: the page has its members.
func (b *Backend) WithMembers(_ context.Context, _ string, page []conversation.Conversation) iter.Seq2[conversation.Conversation, error] {
	return func(yield func(conversation.Conversation, error) bool) { yieldAll(yield, page, 0, nil) }
}

// OnlySubmitted returns the one append that was submitted.
func (b *Backend) OnlySubmitted(t *testing.T) jobs.Append {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.Submitted) != 1 {
		t.Fatalf("%d appends were submitted, want 1", len(b.Submitted))
	}
	return b.Submitted[0]
}

// Deps returns what an API over the Backend needs.
func (b *Backend) Deps() httpapi.Deps {
	return httpapi.Deps{Jobs: b, Conversations: b, Editor: b, Digests: b, Attempts: b, ExternalIDs: b, Accounts: b, Catalog: catalog.New(savedItems{backend: b})}
}

// Topics implements insights.Digests.
func (b *Backend) Topics(context.Context, string, conversation.Conversation, []string) (digest.Topics, error) {
	return b.Stored.Topics, b.Err
}

// Share implements insights.Digests.
func (b *Backend) Share(ctx context.Context, _, _ string, _ conversation.Conversation, compute func(context.Context) (any, int, error)) (any, error) {
	made, _, err := compute(ctx)
	return made, err
}

// UsesModels implements insights.Digests.
func (b *Backend) UsesModels() (topics, summary bool) { return b.ByModel, b.ByModel }

// Summary implements insights.Digests.
func (b *Backend) Summary(context.Context, string, conversation.Conversation) (digest.Summary, error) {
	return b.Stored.Summary, b.Err
}

// API returns an API over the Backend.
func (b *Backend) API(opts httpapi.Options) *httpapi.API {
	return b.APIWithLog(slog.DiscardHandler, opts)
}

// APIWithLog returns an API over the Backend that logs to h.
func (b *Backend) APIWithLog(h slog.Handler, opts httpapi.Options) *httpapi.API {
	return httpapi.New(b.Deps(), slog.New(h), opts)
}

// Time returns a time that is written as in RFC 3339.
func Time(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}
