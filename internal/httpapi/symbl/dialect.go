package symbl

import (
	"context"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/httpapi/conversations"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/jobs"
)

// Jobs accepts appends and reads their jobs, with the errors of package jobs.
type Jobs interface {
	Submit(ctx context.Context, a jobs.Append) (jobs.Receipt, error)
	Job(ctx context.Context, account, id string) (jobs.Job, error)
}

// Editor changes conversations and deletes them, with the errors of packages
// edit and jobs.
type Editor interface {
	Update(ctx context.Context, t edit.Target, c edit.Change) (conversation.Conversation, error)
	UpdateMember(ctx context.Context, t edit.Target, memberID string, as conversation.Speaker) error
	Attribute(ctx context.Context, t edit.Target, events []edit.SpeakerEvent) error
	Delete(ctx context.Context, t edit.Target) error
}

// Trackers knows the trackers that accounts have saved. An id that an account
// has not saved is left out.
type Trackers interface {
	Known(ctx context.Context, account string, ids ...string) (map[string]bool, error)
}

// Addresses judges where webhooks are to go, before any look-up. The error is what
// is left of a sentence that begins with the name of the field.
type Addresses interface {
	CheckURL(raw string) error
}

// Deps are what the dialect serves. All but Slots and Addresses are required.
type Deps struct {
	Jobs          Jobs
	Conversations conversations.Reader
	Editor        Editor
	Trackers      Trackers
	Slots         Slots     // nil if no account has a limit
	Addresses     Addresses // nil if any will do
}

type handlers struct{ Deps }

// Dialect returns the routes for texts, jobs and conversations.
func Dialect(deps Deps) edge.Dialect {
	h := &handlers{deps}
	return edge.Dialect{NotOffered: notOffered(), Routes: []edge.Route{
		edge.Created("POST /v1/process/text", h.withRateLimit(h.submit)).Takes("webhookUrl", "enableSummary"),
		edge.Created("PUT /v1/process/text/{conversationId}", h.withRateLimit(h.submit)).Takes("webhookUrl", "enableSummary"),
		edge.OK("GET /v1/job/{jobId}", h.job),
		edge.OK("GET /v1/conversations", h.conversations).Takes(conversations.ListParams()...),
		edge.OK("GET /v1/conversations/{id}", h.conversation),
		edge.OK("PUT /v1/conversations/{id}", h.update),
		edge.OK("DELETE /v1/conversations/{id}", h.deleteConversation),
		edge.OK("GET /v1/conversations/{id}/messages", h.messages).Takes("verbose", "sentiment", "limit", "cursor"),
		edge.OK("GET /v1/conversations/{id}/members", h.members),
		edge.OK("PUT /v1/conversations/{id}/members/{memberId}", h.updateMember),
		edge.OK("PUT /v1/conversations/{id}/speakers", h.speakers),
		edge.OK("POST /v1/conversations/{id}/transcript", h.transcript),
	}}
}

// conversations serves GET /v1/conversations.
func (h *handlers) conversations(_ context.Context, x *edge.Exchange) (any, error) {
	return h.Conversations.List(x, nil)
}
