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

// frugal is a world of which only the conversation itself can be read.
type frugal struct{ *httpapitest.Backend }

var errFrugal = errors.New("that is too much")

func (f frugal) Messages(context.Context, string, string) ([]conversation.Message, error) {
	return nil, errFrugal
}

func (f frugal) Insights(context.Context, string, string) ([]analysis.Insight, error) {
	return nil, errFrugal
}

func (f frugal) Topics(context.Context, string, conversation.Conversation, []string) (digest.Topics, error) {
	return digest.Topics{}, errFrugal
}

func (f frugal) Summary(context.Context, string, conversation.Conversation) (digest.Summary, error) {
	return digest.Summary{}, errFrugal
}

func (f frugal) api() *httpapi.API {
	deps := f.Deps()
	deps.Conversations, deps.Digests = f, f
	return httpapi.New(deps, slog.New(slog.DiscardHandler), httpapi.Options{})
}
