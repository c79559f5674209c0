package httpapi

import (
	"context"

	"github.com/turnwise/turnwise/internal/conversation"
)

// resource serves GET /v2/conversations/{id}. With by=external_id the id is
// the caller's own.
func (a *API) resource(ctx context.Context, x *exchange) (any, error) {
	flags, err := x.flags("detailedTranscript")
	if err != nil {
		return nil, err
	}
	params, err := queryOf(x.r.URL)
	if err != nil {
		return nil, err
	}
	by, err := param(params, "by")
	if err != nil {
		return nil, err
	}
	var c conversation.Conversation
	switch by {
	case "", "id":
		c, err = a.find(ctx, x)
	case "external_id":
		c, err = a.findExternal(ctx, x, x.r.PathValue("id"))
	default:
		err = invalid("by", badValue("must be one of [id, external_id]"))
	}
	if err != nil {
		return nil, err
	}
	return a.whole(x, c, flags["detailedTranscript"])
}

// resourceByExternalID serves GET /v2/conversations/by-external-id/{externalId}.
func (a *API) resourceByExternalID(ctx context.Context, x *exchange) (any, error) {
	c, err := a.findExternal(ctx, x, x.r.PathValue("externalId"))
	if err != nil {
		return nil, err
	}
	return struct {
		ConversationID string `json:"conversation_id"`
	}{conversation.UUID(c.ID)}, nil
}

func (a *API) findExternal(ctx context.Context, x *exchange, externalID string) (conversation.Conversation, error) {
	id, err := a.deps.ExternalIDs.ByExternalID(ctx, x.account.ID, externalID)
	if err != nil {
		return conversation.Conversation{}, err
	}
	return a.deps.Conversations.Conversation(ctx, x.account.ID, id)
}

// whole answers a conversation with its transcript.
func (a *API) whole(x *exchange, c conversation.Conversation, detailed bool) (any, error) {
	x.tag(c)
	said, err := a.deps.Conversations.Messages(x.lasting, x.account.ID, c.ID)
	if err != nil {
		return nil, err
	}
	return resourceOf(c, transcriptOf(c, said, detailed)), nil
}
