package webhooks

import (
	"context"

	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
	"github.com/turnwise/turnwise/internal/webhook"
)

// endpointView is where events go, and how that stands, as it is answered.
type endpointView struct {
	ID          string          `json:"id"`
	Origin      string          `json:"origin"`
	Breaker     webhook.Breaker `json:"breaker"`
	Waiting     int64           `json:"waiting"`
	InFlight    int64           `json:"inFlight"`
	Dead        int64           `json:"dead"`
	Rate        float64         `json:"rate,omitempty"`
	OldestDueAt string          `json:"oldestDueAt,omitempty"`
	OpenedAt    string          `json:"openedAt,omitempty"`
	NextProbeAt string          `json:"nextProbeAt,omitempty"`
	HeldUntil   string          `json:"heldUntil,omitempty"`
	PausedAt    string          `json:"pausedAt,omitempty"`
	LastSeenAt  string          `json:"lastSeenAt,omitempty"`
}

func viewOfEndpoint(e webhook.EndpointState) endpointView {
	return endpointView{
		ID: e.ID, Origin: e.Origin, Breaker: e.Breaker, Waiting: e.Waiting, InFlight: e.InFlight, Dead: e.Dead, Rate: e.Rate,
		OldestDueAt: edge.FormatTime(e.Oldest), OpenedAt: edge.FormatTime(e.OpenedAt), NextProbeAt: edge.FormatTime(e.NextProbe),
		HeldUntil: edge.FormatTime(e.HeldUntil), PausedAt: edge.FormatTime(e.PausedSince), LastSeenAt: edge.FormatTime(e.LastSeen),
	}
}

// endpoints serves GET /v1/webhooks/endpoints.
func (h *handlers) endpoints(_ context.Context, x *edge.Exchange) (any, error) {
	all, err := h.Steering.Endpoints(x.Long(), x.Account.ID)
	if err != nil {
		return nil, err
	}
	views := make([]endpointView, len(all))
	for n, e := range all {
		views[n] = viewOfEndpoint(e)
	}
	return struct {
		Endpoints []endpointView `json:"endpoints"`
	}{views}, nil
}

// endpoint serves GET /v1/webhooks/endpoints/{endpointId}.
func (h *handlers) endpoint(_ context.Context, x *edge.Exchange) (any, error) {
	e, err := h.Steering.Endpoint(x.Long(), x.Account.ID, x.Request.PathValue("endpointId"))
	if err != nil {
		return nil, refusal(err)
	}
	return viewOfEndpoint(e), nil
}

// pause serves POST /v1/webhooks/endpoints/{endpointId}/pause and …/resume.
func (h *handlers) pause(pause bool) edge.HandlerFunc {
	return func(_ context.Context, x *edge.Exchange) (any, error) {
		e, err := h.Steering.Pause(x.Long(), x.Account.ID, x.Request.PathValue("endpointId"), pause)
		if err != nil {
			return nil, refusal(err)
		}
		return viewOfEndpoint(e), nil
	}
}

// purge serves DELETE /v1/webhooks/endpoints/{endpointId}/dead.
func (h *handlers) purge(_ context.Context, x *edge.Exchange) (any, error) {
	params, err := input.Query(x.Request.URL)
	if err != nil {
		return nil, err
	}
	before, err := input.TimeParam(params, "before")
	if err != nil {
		return nil, err
	}
	dropped, more, err := h.Steering.Purge(x.Long(), x.Account.ID, x.Request.PathValue("endpointId"), before)
	if err != nil {
		return nil, refusal(err)
	}
	return struct {
		Dropped int64 `json:"dropped"`
		More    bool  `json:"more"`
	}{dropped, more}, nil
}
