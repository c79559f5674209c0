package symbl

import (
	"context"

	"github.com/turnwise/turnwise/internal/httpapi/conversations"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
)

// conversation serves GET /v1/conversations/{id}.
func (h *handlers) conversation(ctx context.Context, x *edge.Exchange) (any, error) {
	c, err := h.Conversations.Find(ctx, x)
	if err != nil {
		return nil, err
	}
	x.Tag(c.Version)
	return conversations.ViewOf(c), nil
}
