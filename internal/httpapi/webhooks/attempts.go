package webhooks

import (
	"context"

	"github.com/turnwise/turnwise/internal/httpapi/deliveries"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/jobs"
)

// attempts serves GET /v1/job/{jobId}/attempts.
func (h *handlers) attempts(_ context.Context, x *edge.Exchange) (any, error) {
	id, _, ok := jobs.ParseID(x.Request.PathValue("jobId"))
	if !ok {
		return nil, edge.ErrNoJob
	}
	all, err := h.Attempts.Attempts(x.Long(), x.Account.ID, id)
	if err != nil {
		return nil, err
	}
	return struct {
		Attempts []deliveries.Attempt `json:"attempts"`
	}{deliveries.Attempts(all)}, nil
}
