package httpapi_test

import (
	"context"

	"github.com/turnwise/turnwise/internal/jobs"
)

// BindExternalID gives each external id to the one conversation.
func (w *world) BindExternalID(ctx context.Context, _, _, _ string) (string, error) {
	return conversationID, w.fault(ctx, conversationID)
}

// ByExternalID knows "deal-7", of ann's.
func (w *world) ByExternalID(ctx context.Context, account, externalID string) (string, error) {
	if err := w.fault(ctx, ""); err != nil {
		return "", err
	}
	if account != "ann" || externalID != "deal-7" {
		return "", jobs.ErrUnknownConversation
	}
	return conversationID, nil
}
