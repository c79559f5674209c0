package conversations

import (
	"context"

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
	Messages(ctx context.Context, account, id string) ([]conversation.Message, error)
	Insights(ctx context.Context, account, id string) ([]analysis.Insight, error)
	// List returns [query.ErrTooBroad] if the query cannot be answered within
	// the bounds of one request.
	List(ctx context.Context, account string, q query.Query) (query.Page, error)
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

// Read returns the conversation that the path names, then its messages, and
// tags the answer. It returns [edge.ErrNotModified] if the caller has that already.
func (r Reader) Read(ctx context.Context, x *edge.Exchange) (conversation.Conversation, []conversation.Message, error) {
	c, err := r.Find(ctx, x)
	if err != nil {
		return c, nil, err
	}
	if err := x.Revalidate(c.Version); err != nil {
		return c, nil, err
	}
	stored, err := r.Store.Messages(x.Long(), x.Account.ID, c.ID)
	return c, stored, err
}

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
