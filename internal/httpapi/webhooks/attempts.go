package webhooks

import (
	"context"

	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/webhook"
)

// Attempts reads the attempts to deliver the webhooks of a job, the oldest
// first. An unknown job is [jobs.ErrNotFound].
type Attempts interface {
	Attempts(ctx context.Context, account, jobID string) ([]webhook.Attempt, error)
}

type handlers struct{ store Attempts }

// Dialect returns the routes about webhooks.
func Dialect(store Attempts) edge.Dialect {
	h := &handlers{store}
	return edge.Dialect{Routes: []edge.Route{
		edge.OK("GET /v1/job/{jobId}/attempts", h.attempts),
	}}
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
func (h *handlers) attempts(_ context.Context, x *edge.Exchange) (any, error) {
	id, _, ok := jobs.ParseID(x.Request.PathValue("jobId"))
	if !ok {
		return nil, edge.ErrNoJob
	}
	all, err := h.store.Attempts(x.Long(), x.Account.ID, id)
	if err != nil {
		return nil, err
	}
	views := make([]attemptView, len(all))
	for i, t := range all {
		views[i] = attemptView{
			EventID: t.EventID, Status: t.Status, Number: t.Number, At: edge.FormatTime(t.At),
			Outcome: t.Outcome, Code: t.Code, Error: t.Error, Answer: t.Answer,
			DNS: t.DNS, Connect: t.Connect, TLS: t.TLS, FirstByte: t.FirstByte, Total: t.Total,
			NextAt: edge.FormatTime(t.NextAt),
		}
	}
	return struct {
		Attempts []attemptView `json:"attempts"`
	}{views}, nil
}
