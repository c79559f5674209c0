package httpapitest

import (
	"context"

	"github.com/turnwise/turnwise/internal/jobs"
)

// BindExternalID gives each external id to the one conversation.
func (b *Backend) BindExternalID(ctx context.Context, _, _, _ string) (string, error) {
	return ConversationID, b.fault(ctx, ConversationID)
}

// ByExternalID knows "deal-7", of ann's.
func (b *Backend) ByExternalID(ctx context.Context, account, externalID string) (string, error) {
	if err := b.fault(ctx, ""); err != nil {
		return "", err
	}
	if account != "ann" || externalID != "deal-7" {
		return "", jobs.ErrUnknownConversation
	}
	return ConversationID, nil
}
