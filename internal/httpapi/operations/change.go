package operations

import (
	"context"
	"errors"
	"net/http"

	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/jobs"
)

// cancel serves POST /v1/jobs/{jobId}/cancel.
func (h *handlers) cancel(ctx context.Context, x *edge.Exchange) (any, error) {
	id, _, ok := jobs.ParseID(x.Request.PathValue("jobId"))
	if !ok {
		return nil, edge.ErrNoJob
	}
	d, err := h.control.Cancel(ctx, x.Account.ID, id)
	if err != nil {
		return nil, refusal(err)
	}
	return viewOfDetail(d), nil
}

// receipt is what is answered for a job that is sent again.
type receipt struct {
	ConversationID string `json:"conversationId"`
	JobID          string `json:"jobId"`
}

// retry serves POST /v1/jobs/{jobId}/retry.
func (h *handlers) retry(ctx context.Context, x *edge.Exchange) (any, error) {
	id, _, ok := jobs.ParseID(x.Request.PathValue("jobId"))
	if !ok {
		return nil, edge.ErrNoJob
	}
	r, err := h.control.Retry(ctx, x.Account.ID, id)
	if err != nil {
		return nil, refusal(err)
	}
	return receipt(r), nil
}

// refusal returns the answer for an error about a change of a job.
func refusal(err error) error {
	switch {
	case errors.Is(err, jobs.ErrBegun):
		return edge.Refuse(http.StatusConflict, "The job is in progress, or about to be. Only a job that waits can be cancelled.")
	case errors.Is(err, jobs.ErrEnded):
		return edge.Refuse(http.StatusConflict, "The job has ended. Only a job that waits can be cancelled.")
	case errors.Is(err, jobs.ErrNotFailed):
		return edge.Refuse(http.StatusConflict, "The job has not failed. Only a job that has failed can be sent again.")
	case errors.Is(err, jobs.ErrNoPayload):
		return edge.Refuse(http.StatusConflict, "The text of the job is not kept. Send it again from where it came.")
	}
	return err
}
