package webhooks

import (
	"cmp"
	"context"

	"github.com/turnwise/turnwise/internal/httpapi/deliveries"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
	"github.com/turnwise/turnwise/internal/webhook"
)

// resendView is a resend as it is answered.
type resendView struct {
	ID         string              `json:"id"`
	EndpointID string              `json:"endpointId,omitempty"`
	Since      string              `json:"since,omitempty"`
	Rate       int                 `json:"rate"`
	State      webhook.ResendState `json:"state"`
	CreatedAt  string              `json:"createdAt"`
	EndedAt    string              `json:"endedAt,omitempty"`
	Sent       int64               `json:"sent"`
	Left       int64               `json:"left"`
}

func viewOfResend(r webhook.Resend) resendView {
	return resendView{
		ID: r.ID, EndpointID: r.Endpoint, Since: edge.FormatTime(r.Since), Rate: r.Rate, State: r.State,
		CreatedAt: edge.FormatTime(r.Created), EndedAt: edge.FormatTime(r.Ended), Sent: r.Sent, Left: r.Left,
	}
}

const (
	rateUsual = 100 // events a second
	rateMost  = 500
)

// resendBody is what a resend is asked for with.
type resendBody struct {
	EndpointID string     `json:"endpointId"`
	Since      input.Time `json:"since"`
	Rate       int        `json:"rate"`
}

// startResend serves POST /v1/webhooks/resends.
func (h *handlers) startResend(_ context.Context, x *edge.Exchange) (any, error) {
	body, err := input.Decode[resendBody](x.Body)
	if err != nil {
		return nil, err
	}
	if body.Rate < 0 || body.Rate > rateMost {
		return nil, input.Invalid("rate", input.BadValue("must be a number of events a second from 1 to 500"))
	}
	r := webhook.Resend{Account: x.Account.ID, Endpoint: body.EndpointID, Rate: cmp.Or(body.Rate, rateUsual)}
	if since := body.Since.Pointer(); since != nil {
		r.Since = *since
	}
	r, err = h.Steering.Start(x.Long(), r)
	if err != nil {
		return nil, refusal(err)
	}
	return viewOfResend(r), nil
}

// resends serves GET /v1/webhooks/resends.
func (h *handlers) resends(_ context.Context, x *edge.Exchange) (any, error) {
	all, err := h.Steering.Resends(x.Long(), x.Account.ID)
	if err != nil {
		return nil, err
	}
	views := make([]resendView, len(all))
	for n, r := range all {
		views[n] = viewOfResend(r)
	}
	return struct {
		Resends []resendView `json:"resends"`
	}{views}, nil
}

// resend serves GET /v1/webhooks/resends/{resendId}.
func (h *handlers) resend(_ context.Context, x *edge.Exchange) (any, error) {
	r, err := h.Steering.Progress(x.Long(), x.Account.ID, x.Request.PathValue("resendId"))
	if err != nil {
		return nil, refusal(err)
	}
	return viewOfResend(r), nil
}

// cancelResend serves DELETE /v1/webhooks/resends/{resendId}.
func (h *handlers) cancelResend(_ context.Context, x *edge.Exchange) (any, error) {
	r, err := h.Steering.Cancel(x.Long(), x.Account.ID, x.Request.PathValue("resendId"))
	if err != nil {
		return nil, refusal(err)
	}
	return viewOfResend(r), nil
}

// testBody is what a test event is asked for with.
type testBody struct {
	URL string `json:"url"`
}

// test serves POST /v1/webhooks/test.
func (h *handlers) test(_ context.Context, x *edge.Exchange) (any, error) {
	body, err := input.Decode[testBody](x.Body)
	if err != nil {
		return nil, err
	}
	check := webhook.CheckURL
	if h.Addresses != nil {
		check = h.Addresses.CheckURL
	}
	if err := check(body.URL); err != nil {
		return nil, input.Invalid("url", err)
	}
	e, err := h.Steering.Test(x.Long(), x.Account.ID, body.URL)
	if err != nil {
		return nil, err
	}
	return deliveries.ViewOf(webhook.Delivery{Event: e, State: webhook.StatePending}), nil
}
