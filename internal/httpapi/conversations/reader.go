package conversations

import (
	"context"
	"iter"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
)

// A Store reads what is stored of an account's conversations. An unknown one is
// [jobs.ErrUnknownConversation].
type Store interface {
	Conversation(ctx context.Context, account, id string) (conversation.Conversation, error)
	// EachMessage and EachInsight yield what is stored from an index on, in
	// portions, or an error at the end.
	EachMessage(ctx context.Context, account, id string, from int) iter.Seq2[conversation.Message, error]
	EachInsight(ctx context.Context, account, id string, from int) iter.Seq2[analysis.Insight, error]
	// MessagesAt yields the messages at those indexes, which increase, as EachMessage
	// does, and InsightsAt the insights at indexes in any order.
	MessagesAt(ctx context.Context, account, id string, at iter.Seq[int]) iter.Seq2[conversation.Message, error]
	InsightsAt(ctx context.Context, account, id string, at iter.Seq[int]) iter.Seq2[analysis.Insight, error]
	// List returns [query.ErrTooBroad] if the query cannot be answered within
	// the bounds of one request. WithMembers yields the conversations of its page with
	// their members, which it reads meanwhile, or an error at the end.
	List(ctx context.Context, account string, q query.Query) (query.Page, error)
	WithMembers(ctx context.Context, account string, page []conversation.Conversation) iter.Seq2[conversation.Conversation, error]
}

// A Reader reads the conversations that requests name.
type Reader struct{ Store Store }

// Find returns the conversation that the path names by {id}.
func (r Reader) Find(ctx context.Context, x *edge.Exchange) (conversation.Conversation, error) {
	id, ok := pathID(x)
	if !ok {
		return conversation.Conversation{}, edge.ErrNoConversation
	}
	return r.Store.Conversation(ctx, x.Account.ID, id)
}

// Revalidated returns the conversation that the path names, and tags the answer.
// It returns [edge.ErrNotModified] if the caller has that already, and
// [edge.ErrHeader] for HEAD.
func (r Reader) Revalidated(ctx context.Context, x *edge.Exchange) (conversation.Conversation, error) {
	c, err := r.Find(ctx, x)
	if err != nil {
		return c, err
	}
	return c, x.Revalidate(c.Version)
}

// Messages returns all messages of a conversation at once, for answers that
// cannot be written while they are read. They are admitted by an estimate.
func (r Reader) Messages(x *edge.Exchange, c conversation.Conversation) ([]conversation.Message, error) {
	if err := AdmitMessages(x, c.Messages); err != nil {
		return nil, err
	}
	var all []conversation.Message
	for m, err := range edge.InTurns(x, r.Store.EachMessage(x.Long(), x.Account.ID, c.ID, 0)) {
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// AdmitMessages takes memory for an answer that holds so many messages.
func AdmitMessages(x *edge.Exchange, count int) error { return x.Admit(count * perMessage) }

// perMessage is the memory, in bytes, that a message takes with its part of an
// answer.
const perMessage = 1 << 10

// Target returns the conversation that the path names, at the version that
// the caller wants it to be.
func Target(x *edge.Exchange) (edit.Target, error) {
	versions, err := x.IfMatch()
	if err != nil {
		return edit.Target{}, err
	}
	id, ok := pathID(x)
	if !ok {
		return edit.Target{}, edge.ErrNoConversation
	}
	return edit.Target{Account: x.Account.ID, ID: id, Versions: versions}, nil
}

// pathID returns the id of the conversation that the path names, in either
// form, or false if it can name none.
func pathID(x *edge.Exchange) (id string, ok bool) {
	return conversation.ParseID(x.Request.PathValue("id"))
}
