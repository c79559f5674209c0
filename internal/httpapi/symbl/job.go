package symbl

import (
	"context"

	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/jobs"
)

// jobView is a job as it is answered. Only id and status are documented by Symbl.
type jobView struct {
	ID             string      `json:"id"`
	Status         jobs.Status `json:"status"`
	Message        string      `json:"message,omitempty"` // why it failed
	ConversationID string      `json:"conversationId"`
	AcceptedAt     string      `json:"acceptedAt,omitempty"`
	StartedAt      string      `json:"startedAt,omitempty"`
	FinishedAt     string      `json:"finishedAt,omitempty"`
	Analyzers      []string    `json:"analyzers,omitempty"` // of a completed job: the analyzers of its results
}

// job serves GET /v1/job/{jobId}.
func (h *handlers) job(ctx context.Context, x *edge.Exchange) (any, error) {
	id, _, ok := jobs.ParseID(x.Request.PathValue("jobId"))
	if !ok {
		return nil, edge.ErrNoJob
	}
	j, err := h.Jobs.Job(ctx, x.Account.ID, id)
	if err != nil {
		return nil, err
	}
	return jobView{
		ID:             j.ID,
		Status:         j.Status,
		Message:        j.Message,
		ConversationID: j.ConversationID,
		AcceptedAt:     edge.FormatTime(j.AcceptedAt),
		StartedAt:      edge.FormatTime(j.StartedAt),
		FinishedAt:     edge.FormatTime(j.FinishedAt),
		Analyzers:      j.Analyzers,
	}, nil
}
