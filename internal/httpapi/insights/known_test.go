package insights_test

import (
	"context"
	"errors"
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

func (f conversationOnly) Messages(context.Context, string, string) ([]conversation.Message, error) {
	return nil, errNotExpected
}

func (f conversationOnly) Insights(context.Context, string, string) ([]analysis.Insight, error) {
	return nil, errNotExpected
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
