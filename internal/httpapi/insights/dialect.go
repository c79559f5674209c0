package insights

import (
	"context"

	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/conversations"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
)

// Digests summarizes conversations as a whole.
type Digests interface {
	Topics(ctx context.Context, account string, c conversation.Conversation, vocabulary []string) (digest.Topics, error)
	Summary(ctx context.Context, account string, c conversation.Conversation) (digest.Summary, error)
	// Share returns what is computed of a conversation, with its size in bytes, once
	// for all readers of a version.
	Share(ctx context.Context, name, account string, c conversation.Conversation, compute func(context.Context) (any, int, error)) (any, error)
	// UsesModels reports which of the two a model takes part in: these may differ
	// from one time to the next, also of one version.
	UsesModels() (topics, summary bool)
}

type handlers struct {
	Conversations conversations.Reader
	Digests       Digests
}

// Dialect returns the routes for what was found in conversations.
func Dialect(conversations conversations.Reader, digests Digests) edge.Dialect {
	h := &handlers{conversations, digests}
	return edge.Dialect{Routes: []edge.Route{
		edge.OK("GET /v1/conversations/{id}/analytics", h.analytics),
		edge.OK("GET /v1/conversations/{id}/insights", h.insights).Takes("limit", "cursor"),
		edge.OK("GET /v1/conversations/{id}/questions", h.questions).Takes("limit", "cursor"),
		edge.OK("GET /v1/conversations/{id}/action-items", h.actionItems).Takes("limit", "cursor"),
		edge.OK("GET /v1/conversations/{id}/comprehensive/action-items", h.comprehensiveActionItems).Takes("limit", "cursor"),
		edge.OK("GET /v1/conversations/{id}/follow-ups", h.followUps).Takes("limit", "cursor"),
		edge.OK("GET /v1/conversations/{id}/topics", h.topics).Takes("sentiment", "parentRefs", "refresh", "customTopicVocabulary", "customVocabulary"),
		edge.OK("GET /v1/conversations/{id}/abstract-topics", h.abstractTopics),
		edge.OK("GET /v1/conversations/{id}/entities", h.entities),
		edge.OK("GET /v1/conversations/{id}/intents", h.intents),
		edge.OK("GET /v1/conversations/{id}/trackers", h.trackers),
		edge.OK("GET /v1/conversations/{id}/trackers-detected", h.trackersDetected),
		edge.OK("GET /v1/conversations/{id}/summary", h.summary).Takes("refresh"),
		edge.OK("POST /v1/conversations/{id}/summary", h.refreshSummary).Takes("refresh"),
	}}
}
