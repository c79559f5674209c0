package httpapi

import (
	"context"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/webhook"
)

// jobView is a job as it is answered. Clients know id and status; the rest is
// more than the documents promise.
type jobView struct {
	ID             string      `json:"id"`
	Status         jobs.Status `json:"status"`
	Message        string      `json:"message,omitempty"` // why it failed
	ConversationID string      `json:"conversationId"`
	AcceptedAt     string      `json:"acceptedAt,omitempty"`
	StartedAt      string      `json:"startedAt,omitempty"`
	FinishedAt     string      `json:"finishedAt,omitempty"`
	Analyzers      []string    `json:"analyzers,omitempty"` // of a completed job: whose findings it has
}

// job serves GET /v1/job/{jobId}.
func (a *API) job(ctx context.Context, x *exchange) (any, error) {
	id, _, ok := jobs.ParseID(x.r.PathValue("jobId"))
	if !ok {
		return nil, errNoJob
	}
	j, err := a.deps.Jobs.Job(ctx, x.account.ID, id)
	if err != nil {
		return nil, err
	}
	return jobView{
		ID:             j.ID,
		Status:         j.Status,
		Message:        j.Message,
		ConversationID: j.ConversationID,
		AcceptedAt:     wireTime(j.AcceptedAt),
		StartedAt:      wireTime(j.StartedAt),
		FinishedAt:     wireTime(j.FinishedAt),
		Analyzers:      j.Analyzers,
	}, nil
}

// attemptView is an attempt to deliver a webhook as it is answered.
type attemptView struct {
	EventID   string          `json:"eventId"`
	Status    string          `json:"status"`
	Number    int             `json:"attempt"`
	At        string          `json:"at"`
	Outcome   webhook.Outcome `json:"outcome"`
	Code      int             `json:"code,omitzero"`
	Error     string          `json:"error,omitempty"`
	Answer    string          `json:"answer,omitempty"`
	DNS       float64         `json:"dnsMs"`
	Connect   float64         `json:"connectMs"`
	TLS       float64         `json:"tlsMs"`
	FirstByte float64         `json:"firstByteMs"`
	Total     float64         `json:"totalMs"`
	NextAt    string          `json:"nextAt,omitempty"`
}

// attempts serves GET /v1/job/{jobId}/attempts.
func (a *API) attempts(_ context.Context, x *exchange) (any, error) {
	id, _, ok := jobs.ParseID(x.r.PathValue("jobId"))
	if !ok {
		return nil, errNoJob
	}
	all, err := a.deps.Attempts.Attempts(x.lasting, x.account.ID, id)
	if err != nil {
		return nil, err
	}
	views := make([]attemptView, len(all))
	for i, t := range all {
		views[i] = attemptView{
			EventID: t.EventID, Status: t.Status, Number: t.Number, At: wireTime(t.At),
			Outcome: t.Outcome, Code: t.Code, Error: t.Error, Answer: t.Answer,
			DNS: t.DNS, Connect: t.Connect, TLS: t.TLS, FirstByte: t.FirstByte, Total: t.Total,
			NextAt: wireTime(t.NextAt),
		}
	}
	return struct {
		Attempts []attemptView `json:"attempts"`
	}{views}, nil
}
