package webhooks

import (
	"context"

	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/webhook"
)

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
	all, err := h.Attempts.Attempts(x.Long(), x.Account.ID, id)
	if err != nil {
		return nil, err
	}
	return struct {
		Attempts []attemptView `json:"attempts"`
	}{viewsOf(all)}, nil
}

// viewsOf returns attempts as they are answered.
func viewsOf(all []webhook.Attempt) []attemptView {
	views := make([]attemptView, len(all))
	for i, t := range all {
		views[i] = attemptView{
			EventID: t.EventID, Status: t.Status, Number: t.Number, At: edge.FormatTime(t.At),
			Outcome: t.Outcome, Code: t.Code, Error: t.Error, Answer: t.Answer,
			DNS: t.DNS, Connect: t.Connect, TLS: t.TLS, FirstByte: t.FirstByte, Total: t.Total,
			NextAt: edge.FormatTime(t.NextAt),
		}
	}
	return views
}
