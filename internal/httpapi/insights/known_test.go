package insights_test

import (
	"context"
	"errors"
	"iter"
	"log/slog"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

// conversationOnly is a Backend of which only the conversation itself can be read.
type conversationOnly struct{ *httpapitest.Backend }

var errNotExpected = errors.New("that is too much")

func (f conversationOnly) EachMessage(context.Context, string, string, int) iter.Seq2[conversation.Message, error] {
	return func(yield func(conversation.Message, error) bool) { yield(conversation.Message{}, errNotExpected) }
}

func (f conversationOnly) EachInsight(context.Context, string, string, int) iter.Seq2[analysis.Insight, error] {
	return func(yield func(analysis.Insight, error) bool) { yield(analysis.Insight{}, errNotExpected) }
}

func (f conversationOnly) Topics(context.Context, string, conversation.Conversation, []string) (digest.Topics, error) {
	return digest.Topics{}, errNotExpected
}

func (f conversationOnly) Summary(context.Context, string, conversation.Conversation) (digest.Summary, error) {
	return digest.Summary{}, errNotExpected
}

func (f conversationOnly) api() *httpapi.API {
	deps := f.Deps()
	deps.Conversations, deps.Digests = f, f
	return httpapi.New(deps, slog.New(slog.DiscardHandler), httpapi.Options{})
}
