package attention

import (
	"context"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
)

// resource serves GET /v2/conversations/{id}. With by=external_id the id is
// the caller's own.
func (h *handlers) resource(ctx context.Context, x *edge.Exchange) (any, error) {
	flags, err := input.Flags(x.Request.URL, "detailedTranscript")
	if err != nil {
		return nil, err
	}
	params, err := input.Query(x.Request.URL)
	if err != nil {
		return nil, err
	}
	by, err := input.Param(params, "by")
	if err != nil {
		return nil, err
	}
	var c conversation.Conversation
	switch by {
	case "", "id":
		c, err = h.Conversations.Find(ctx, x)
	case "external_id":
		c, err = h.findExternal(ctx, x, x.Request.PathValue("id"))
	default:
		err = input.Invalid("by", input.BadValue("must be one of [id, external_id]"))
	}
	if err != nil {
		return nil, err
	}
	return h.answer(x, c, flags["detailedTranscript"])
}

// resourceByExternalID serves GET /v2/conversations/by-external-id/{externalId}.
func (h *handlers) resourceByExternalID(ctx context.Context, x *edge.Exchange) (any, error) {
	c, err := h.findExternal(ctx, x, x.Request.PathValue("externalId"))
	if err != nil {
		return nil, err
	}
	return struct {
		ConversationID string `json:"conversation_id"`
	}{conversation.UUID(c.ID)}, nil
}

func (h *handlers) findExternal(ctx context.Context, x *edge.Exchange, externalID string) (conversation.Conversation, error) {
	id, err := h.ExternalIDs.ByExternalID(ctx, x.Account.ID, externalID)
	if err != nil {
		return conversation.Conversation{}, err
	}
	return h.Conversations.Store.Conversation(ctx, x.Account.ID, id)
}

// answer answers a conversation with its transcript.
func (h *handlers) answer(x *edge.Exchange, c conversation.Conversation, detailed bool) (any, error) {
	if err := x.Revalidate(c.Version); err != nil {
		return nil, err
	}
	said, err := h.Conversations.Messages(x, c)
	if err != nil {
		return nil, err
	}
	return resourceOf(c, transcriptOf(c, said, detailed), x.Account.ImportStatus), nil
}
