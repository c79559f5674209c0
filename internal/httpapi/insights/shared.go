package insights

import (
	"context"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
)

// weighed is an answer that readers share, with its size in bytes.
type weighed[T any] struct {
	answer T
	bytes  int
	memory edge.Shared
}

// shared returns what is computed of a conversation, once for all who read that
// version, and takes the memory for it.
func shared[T any](h *handlers, x *edge.Exchange, c conversation.Conversation, name string, compute func(context.Context) (T, int, error)) (T, error) {
	var none T
	if err := x.Admit(edge.Reading); err != nil {
		return none, err
	}
	v, err := h.Digests.Share(x.Long(), name, x.Account.ID, c, func(ctx context.Context) (any, int, error) {
		answer, bytes, err := compute(ctx)
		return &weighed[T]{answer: answer, bytes: bytes}, bytes, err
	})
	if err != nil {
		return none, err
	}
	made := v.(*weighed[T])
	if made.bytes > edge.Reading {
		err = x.AdmitShared(&made.memory, made.bytes)
	}
	return made.answer, err
}

// eachInsight yields the insights of a conversation as long as somebody waits.
func (h *handlers) eachInsight(ctx context.Context, x *edge.Exchange, c conversation.Conversation, yield func(analysis.Insight) bool) error {
	for in, err := range h.Conversations.Store.EachInsight(ctx, x.Account.ID, c.ID, 0) {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case !yield(in):
			return nil
		}
	}
	return nil
}

// eachMessage yields the messages of a conversation as long as somebody waits.
func (h *handlers) eachMessage(ctx context.Context, x *edge.Exchange, c conversation.Conversation, yield func(conversation.Message) bool) error {
	for m, err := range h.Conversations.Store.EachMessage(ctx, x.Account.ID, c.ID, 0) {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case !yield(m):
			return nil
		}
	}
	return nil
}
